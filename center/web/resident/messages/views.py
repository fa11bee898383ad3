"""Pages of notices for those who get them: the inbox, one message, on paper, and how to be told."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.notices import actions, queries, verifying
from center.notices.models import Notice
from center.web import slips
from center.web.blueprints import notices as blueprint
from center.web.editing import watch
from center.web.forms import id_of
from center.web.notices.forms import ContactForm, EmailCodeForm
from center.web.notices.pages import contact_page, is_contact_saved
from center.web.people.proof import require_recent_proof
from center.web.sending import did, go_on, is_done


@blueprint.get("/me/notices")
@signed_in
def inbox() -> ResponseReturnValue:
    """What I was told, the latest first."""
    page = queries.inbox(current_user.person_id, before=id_of(request.args.get("before", "")))
    return render_template("resident/notices/inbox.html", page=page)


@blueprint.post("/me/notices/<id:notice_id>/open")
@signed_in
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Open a message: it counts as read from now on."""
    notice = _own(notice_id)
    with transaction():
        actions.read(notice, now=clock.now())
    return redirect(url_for(".show", notice_id=notice.id), 303)


@blueprint.post("/me/notices/read-all")
@signed_in
def read_all() -> ResponseReturnValue:
    """I have seen them all."""
    with transaction():
        actions.read_all(current_user.person, now=clock.now())
    return go_on(_("All messages are marked as read."), url_for(".inbox"))


@blueprint.get("/me/notices/<id:notice_id>")
@signed_in
def show(notice_id: int) -> ResponseReturnValue:
    """One message."""
    return render_template("resident/notices/show.html", notice=_own(notice_id))


@blueprint.get("/me/notices/<id:notice_id>/slip")
@signed_in
def own_slip(notice_id: int) -> ResponseReturnValue:
    """One message on paper, in large type."""
    notice = _own(notice_id)
    return slips.slip_of(notice, current_user.person)


@blueprint.route("/me/contact", methods=["GET", "POST"])
@signed_in
def contact() -> ResponseReturnValue:
    """How I want to be told."""
    person = current_user.person
    form = watch(lambda **given: ContactForm.of(person, **given))
    if is_contact_saved(form, person, first=require_recent_proof):
        return go_on(_("Saved. This is how we will tell you from now on."), url_for(".contact"))
    return _contact_page(form)


@blueprint.post("/me/contact/e-mail")
@signed_in
def verify_email() -> ResponseReturnValue:
    """Type the code that was sent to my address: it is used from now on."""
    me, form, now = current_user.person, EmailCodeForm(), clock.now()
    if is_done(form, lambda: verifying.try_code(me, form.code.data, by=me, now=now), transacts=False):
        return go_on(_("Thank you. We write to this address from now on."), url_for(".contact"))
    return _contact_page(ContactForm.of(me, formdata=None), form)


@blueprint.post("/me/contact/e-mail/again")
@signed_in
def send_email_code() -> ResponseReturnValue:
    """Send me another code."""
    me, now = current_user.person, clock.now()
    did(lambda: verifying.ask_for_another(me, now=now), _("A new code is on its way."), transacts=False)
    return redirect(url_for(".contact"), 303)


@blueprint.post("/me/consent")
@signed_in
def set_consent() -> ResponseReturnValue:
    """I may be written to and rung up, or may not."""
    authorise(request.form.get("agrees") in {"0", "1"})
    agrees = request.form["agrees"] == "1"
    with transaction():
        actions.set_consent(current_user.person, agrees=agrees, by=current_user.person, now=clock.now())
    said = _("Saved. We write to you and ring you up again.") if agrees else _("Saved. Nothing is sent, nobody rings.")
    return go_on(said, url_for("people.account", _anchor="consent"))


def _contact_page(form: ContactForm, code_form: EmailCodeForm | None = None) -> ResponseReturnValue:
    return contact_page("resident/notices/contact.html", current_user.person, form, code_form)


def _own(notice_id: int) -> Notice:
    """My own message; anybody else's is not there."""
    notice = queries.get_notice(notice_id)
    authorise(notice.person_id == current_user.person_id)
    return notice
