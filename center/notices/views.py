"""Pages of notices for those who get them: the inbox, one message, on paper, and how to be told."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import authorise, signed_in
from center.db import transaction
from center.editing import status_of, watch
from center.errors import DomainError
from center.i18n import gettext as _
from center.notices import actions, queries
from center.notices.forms import ContactForm
from center.notices.models import Notice
from center.notices.pages import blueprint
from center.people.proof import require_recent_proof
from center.web import id_of


@blueprint.get("/me/notices")
@signed_in
def inbox() -> ResponseReturnValue:
    """What I was told, the latest first."""
    page = queries.inbox(current_user.person_id, before=id_of(request.args.get("before", "")))
    return render_template("notices/inbox.html", page=page)


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
    flash(_("All messages are marked as read."), "ok")
    return redirect(url_for(".inbox"), 303)


@blueprint.get("/me/notices/<id:notice_id>")
@signed_in
def show(notice_id: int) -> ResponseReturnValue:
    """One message."""
    return render_template("notices/show.html", notice=_own(notice_id))


@blueprint.get("/me/notices/<id:notice_id>/slip")
@signed_in
def own_slip(notice_id: int) -> ResponseReturnValue:
    """One message on paper, in large type."""
    return render_template("notices/slip.html", notice=_own(notice_id))


@blueprint.route("/me/contact", methods=["GET", "POST"])
@signed_in
def contact() -> ResponseReturnValue:
    """How I want to be told."""
    person = current_user.person
    form = watch(lambda **given: ContactForm(person, queries.preference_of(person.id), **given))
    if form.validate_on_submit():
        require_recent_proof()
        try:
            with transaction():
                form.hold()
                actions.set_contact(person, form.wish(), by=person, now=clock.now())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("Saved. This is how we will tell you from now on."), "ok")
            return redirect(url_for(".contact"), 303)
    page = render_template("notices/contact.html", form=form, person=person, has_gateway=queries.has_gateway())
    return page, status_of(form)


@blueprint.post("/me/consent")
@signed_in
def set_consent() -> ResponseReturnValue:
    """I may be written to and rung up, or may not."""
    authorise(request.form.get("agrees") in {"0", "1"})
    agrees = request.form["agrees"] == "1"
    with transaction():
        actions.set_consent(current_user.person, agrees=agrees, by=current_user.person, now=clock.now())
    said = _("Saved. We write to you and ring you up again.") if agrees else _("Saved. Nothing is sent, nobody rings.")
    flash(said, "ok")
    return redirect(url_for("people.account", _anchor="consent"), 303)


def _own(notice_id: int) -> Notice:
    """My own message; anybody else's is not there."""
    notice = queries.get_notice(notice_id)
    authorise(notice.person_id == current_user.person_id)
    return notice
