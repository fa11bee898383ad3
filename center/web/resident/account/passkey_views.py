"""Pages of passkeys: one's own list, adding and taking away, and the page on which the browser asks for one.

A page asks by a form that is sent as usual, its script lets the key sign, and the answer is sent by a form again: a
script of ours sends nothing by itself. Without JavaScript the pages say to use the code.
"""

from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.access import SecondFactorNeeded, before_second_factor, signed_in
from center.kernel.errors import NotFound
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.second_factor import attempts, passkeys
from center.people.second_factor.models import Ceremony
from center.web.blueprints import people as blueprint
from center.web.edge import safe_next
from center.web.forms import BaseForm, text_field
from center.web.people.passkeys import AnswerForm, ask_page, site_here, who_asks
from center.web.people.proof import require_recent_proof
from center.web.resident.account.second_factor_views import codes_page
from center.web.sending import is_done, refusal_of, result_of


class NameForm(BaseForm):
    """What somebody calls a passkey that they are about to add."""

    name = text_field(_l("Name"), most=40, hint=_l("So that you know it again, such as: my phone, blue key ring"))
    next = HiddenField()


@blueprint.route("/me/account/passkeys", methods=["GET", "POST"])
@before_second_factor
@signed_in
def my_passkeys() -> ResponseReturnValue:
    """My passkeys; sending the form begins to add one."""
    _may_change()
    form = NameForm(data={"next": request.args.get("next", "")})

    def check() -> None:
        passkeys.check_room(current_user.account_id)
        who_asks()

    if is_done(form, check, transacts=False):
        sent = AnswerForm(formdata=None, data={"name": form.name.data, "next": form.next.data})
        return ask_page(sent, Ceremony.REGISTER)
    return _list_page(form)


@blueprint.route("/me/account/passkeys/new", methods=["GET", "POST"])
@before_second_factor
@signed_in
def add_passkey() -> ResponseReturnValue:
    """The browser has made a key: keep it, and show printed codes where there are none yet."""
    _may_change()
    form = AnswerForm()
    if not (form.validate_on_submit() and form.answer.data and form.name.data):
        return redirect(url_for("people.my_passkeys"), 303)
    name = " ".join(form.name.data.split())[:40] or _("Passkey")
    register = lambda: passkeys.register(who_asks(), form.answer.data, name=name, now=clock.now())  # noqa: E731
    codes = result_of(form, register, transacts=False)
    if codes is None:
        return ask_page(form, Ceremony.REGISTER)
    flash(_("The passkey “%(name)s” is added.", name=name), "ok")
    going_on = safe_next(form.next.data) if form.next.data else url_for("people.my_passkeys")
    return codes_page(codes, next_address=going_on) if codes else redirect(going_on, 303)


@blueprint.post("/me/account/passkeys/<id:passkey_id>/remove")
@signed_in
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Forget one of my passkeys."""
    require_recent_proof()
    remove = lambda: passkeys.remove(current_user.account, passkey_id, roles=current_user.roles)  # noqa: E731
    error = refusal_of(remove)
    if isinstance(error, NotFound):  # somebody else's
        raise error
    flash(str(error) if error else _("The passkey is taken away."), "error" if error else "ok")
    return redirect(url_for("people.my_passkeys"), 303)


def _may_change() -> None:
    if current_user.owes_second and attempts.has_one(current_user.account_id):
        raise SecondFactorNeeded
    require_recent_proof()


def _list_page(form: NameForm) -> ResponseReturnValue:
    mine, site = passkeys.passkeys_of(current_user.account_id), site_here()
    main = urlsplit(current_app.extensions["settings"].site_url)
    better = main.geturl() if main.scheme == "https" else ""
    page = render_template("resident/people/passkeys.html", form=form, passkeys=mine, site=site, better=better)
    return page, form.status
