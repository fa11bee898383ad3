"""Pages of passkeys: one's own list, adding and taking away, and the page on which the browser asks for one.

A page asks by a form that is sent as usual, its script lets the key sign, and the answer is sent by a form again: a
script of ours sends nothing by itself. Without JavaScript the pages say to use the code.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField

from center.kernel import clock
from center.kernel.access import SecondFactorNeeded, before_second_factor, signed_in
from center.kernel.config import Settings
from center.kernel.db import transaction
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.second_factor import attempts, passkeys, rules
from center.people.second_factor.models import Ceremony, Passkey
from center.people.second_factor.passkeys import Asker
from center.web.blueprints import people as blueprint
from center.web.edge import safe_next
from center.web.forms import BaseForm, text_field
from center.web.people import kept
from center.web.people.proof import require_recent_proof
from center.web.resident.account.second_factor_views import codes_page


class NameForm(BaseForm):
    """What somebody calls a passkey that they are about to add."""

    name = text_field(_l("Name"), most=40, hint=_l("So that you know it again, such as: my phone, blue key ring"))
    next = HiddenField()


class AnswerForm(BaseForm):
    """What the browser answered; empty at first. `next` and `kept` say how to go on."""

    answer = HiddenField()
    name = HiddenField()
    next = HiddenField()
    kept = HiddenField()


@blueprint.route("/sign-in/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def give_passkey() -> ResponseReturnValue:
    """A passkey in place of the code of the phone."""
    return _answered(Ceremony.GIVE, passkeys.give, without="people.second_factor")


@blueprint.route("/me/prove/passkey", methods=["GET", "POST"])
@before_second_factor
@signed_in
def prove_by_passkey() -> ResponseReturnValue:
    """A passkey in place of the password that is asked for again."""
    return _answered(Ceremony.PROVE, passkeys.prove, without="people.prove")


@blueprint.route("/me/account/passkeys", methods=["GET", "POST"])
@before_second_factor
@signed_in
def my_passkeys() -> ResponseReturnValue:
    """My passkeys; sending the form begins to add one."""
    _may_change()
    form = NameForm(data={"next": request.args.get("next", "")})
    if form.validate_on_submit():
        try:
            passkeys.check_room(current_user.account_id)
            _asker()
            sent = AnswerForm(formdata=None, data={"name": form.name.data, "next": form.next.data})
            return _ask_page(sent, Ceremony.REGISTER)
        except DomainError as error:
            form.refuse(error)
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
    try:
        name = " ".join(form.name.data.split())[:40] or _("Passkey")
        codes = passkeys.register(_asker(), form.answer.data, name=name, now=clock.now())
    except DomainError as error:
        form.refuse(error)
        return _ask_page(form, Ceremony.REGISTER)
    flash(_("The passkey “%(name)s” is added.", name=name), "ok")
    going_on = safe_next(form.next.data) if form.next.data else url_for("people.my_passkeys")
    return codes_page(codes, next_address=going_on) if codes else redirect(going_on, 303)


@blueprint.post("/me/account/passkeys/<id:passkey_id>/remove")
@signed_in
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Forget one of my passkeys."""
    require_recent_proof()
    try:
        with transaction():
            passkeys.remove(current_user.account, passkey_id, roles=current_user.roles)
        flash(_("The passkey is taken away."), "ok")
    except RuleBroken as error:
        flash(str(error), "error")
    return redirect(url_for("people.my_passkeys"), 303)


@blueprint.app_template_global("passkeys_here")
def passkeys_here() -> list[Passkey]:
    """Passkeys of whoever is signed in that work under the name of the site just asked for."""
    return list(passkeys.usable_at(site_here(), current_user.account_id))


@blueprint.app_template_global("site_for_passkeys")
def site_here() -> rules.Site | None:
    """The site as passkeys know it; None where they do not work."""
    settings: Settings = current_app.extensions["settings"]
    return rules.site_at(
        request.host,
        site_url=settings.site_url,
        hosts=settings.hosts,
        is_https=settings.secure_cookies,
        own_port=settings.port if settings.is_for_developers else None,
    )


def _answered(ceremony: Ceremony, use: Callable[..., None], *, without: str) -> ResponseReturnValue:
    """Ask for a key, and go on once its answer is right. `without` is the page of those who have no answer to send."""
    if request.method != "POST":  # another language was chosen, or the page was opened again
        return redirect(url_for(without), 303)
    form = AnswerForm()
    if form.validate_on_submit() and form.answer.data:
        try:
            use(_asker(), form.answer.data, now=clock.now())
            return _go_on(form)
        except DomainError as error:
            form.refuse(error)
    return _ask_page(form, ceremony)


def _may_change() -> None:
    if current_user.owes_second and attempts.has_one(current_user.account_id):
        raise SecondFactorNeeded
    require_recent_proof()


def _asker() -> Asker:
    site = site_here()
    if site is None:
        raise RuleBroken(_l("Passkeys work only where the site is opened under its own name and by HTTPS."))
    return Asker(current_user.account, current_user.session_id, site)


def _ask_page(form: AnswerForm, ceremony: Ceremony) -> ResponseReturnValue:
    """Ask the browser for a key, with a new question each time."""
    options, status = "", 422 if form.errors or form.form_errors else 200
    try:
        asker = _asker()
        with transaction():
            name = in_language(centre().name, centre().name_en)
            options = passkeys.ask(asker, ceremony, centre=name, now=clock.now())
    except RuleBroken as error:
        form.refuse(error)
        status = error.status
    form.answer.data = ""
    return render_template("resident/people/passkey.html", form=form, ceremony=ceremony, options=options), status


def _list_page(form: NameForm) -> ResponseReturnValue:
    mine, site = passkeys.passkeys_of(current_user.account_id), site_here()
    main = urlsplit(current_app.extensions["settings"].site_url)
    better = main.geturl() if main.scheme == "https" else ""
    page = render_template("resident/people/passkeys.html", form=form, passkeys=mine, site=site, better=better)
    return page, 422 if form.errors or form.form_errors else 200


def _go_on(form: AnswerForm) -> ResponseReturnValue:
    sent = kept.from_text(form.kept.data)
    if sent is not None:
        return render_template("shared/people/send_again.html", kept=sent)
    return redirect(safe_next(form.next.data), 303)
