"""My account: who I am here, my phone, password and sign-in name, how I like to read, where I am signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms.fields.choices import SelectChoice

from center.attendance.cards import card_of
from center.attendance.models.devices import Card
from center.bookings.visits.limits import VisitRecord, visit_record_of
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.i18n import LANGUAGE_NAMES, is_elder, language, languages_on_offer, local_date
from center.kernel.i18n import gettext as _
from center.kernel.marks import Mark
from center.notices.models import ContactPreference, EmailToVerify
from center.notices.queries import preference_of
from center.notices.verifying import find_waiting
from center.people import actions, passwords, sessions, shared_phones, sign_ins
from center.people import looked as looks_read
from center.people.actions import Password
from center.people.models import Account, Person
from center.people.rules import needs_second_factor
from center.people.second_factor import attempts
from center.people.second_factor.models import Passkey, SecondFactor
from center.people.second_factor.passkeys import passkeys_of
from center.people.session_models import UserSession
from center.web import sign_in_cookie
from center.web.blueprints import people as blueprint
from center.web.people.forms import LoginForm, PasswordForm, PhoneForm, PreferencesForm
from center.web.people.proof import require_recent_proof
from center.web.rendering import render
from center.web.sending import go_on, is_done, result_of


@blueprint.get("/me/account")
@signed_in
def account() -> ResponseReturnValue:
    """Everything about my account on one page."""
    return _account_page(_preferences_form(locale=language(), elder_mode=is_elder()))


@blueprint.get("/me/account/looked")
@signed_in
def looked() -> ResponseReturnValue:
    """Who looked at what is mine, or my children's."""
    whose = looks_read.of_mine(current_user.person, on=local_date(clock.now()))
    mine = looks_read.LooksFilter(person_ids=whose, only_seen=True)
    page = looks_read.latest(mine, before=Mark.read(request.args.get("before", "")))
    return render_template("resident/people/looked.html", page=page)


@blueprint.post("/me/account/preferences")
@signed_in
def keep_preferences() -> ResponseReturnValue:
    """Remember language and elder mode with the account, and in this browser."""
    form = _preferences_form()
    if not form.validate_on_submit():
        return _account_page(form)
    with transaction():
        actions.keep_preferences(current_user.account, locale=form.locale.data, is_elder=form.elder_mode.data)
    flash(_("Saved."), "ok")
    elder = "1" if form.elder_mode.data else "0"
    return redirect(url_for("people.account", lang=form.locale.data, elder=elder), 303)


@blueprint.route("/me/account/phone", methods=["GET", "POST"])
@signed_in
def change_phone() -> ResponseReturnValue:
    """Give another phone number."""
    require_recent_proof()
    form = PhoneForm()
    if is_done(
        form,
        lambda: actions.change_phone(
            current_user.account, phone=form.phone.data, is_relatives=form.phone_is_relatives.data
        ),
    ):
        return _done(_("Your phone number is changed."))
    return _change_page(form, "resident/people/change_phone.html")


@blueprint.route("/me/account/sign-in-name", methods=["GET", "POST"])
@signed_in
def change_login() -> ResponseReturnValue:
    """Choose a sign-in name of one's own, or go back to the phone number."""
    require_recent_proof()
    form = LoginForm()
    if is_done(form, lambda: actions.change_login(current_user.account, login=form.login.data)):
        return _done(_("Your sign-in name is changed."))
    return _change_page(form, "resident/people/change_login.html")


@blueprint.route("/me/account/password", methods=["GET", "POST"])
@signed_in
def change_password() -> ResponseReturnValue:
    """Choose another password; every other browser is signed out."""
    require_recent_proof()
    form, me, now = PasswordForm(), current_user.account, clock.now()

    def change() -> str:
        whose = {"session_id": current_user.session_id, "now": now}
        sign_ins.prove_again(me, form.current.data, field=form.current.name, **whose)
        passwords.check(form.password.data, own_words=actions.own_words(current_user.person, me.login))
        password = Password(passwords.hash_password(form.password.data), shared_phones.tag_of(form.password.data))
        with transaction():
            actions.change_password(me, password=password, **whose)
            return sessions.renew_token(current_user.session_id)

    if token := result_of(form, change, transacts=False):
        sign_in_cookie.carry(token, is_short=current_user.is_short)
        return _done(_("Your password is changed. You are signed out everywhere else."))
    return _change_page(form, "resident/people/change_password.html")


@blueprint.post("/me/account/sessions/<id:session_id>/end")
@signed_in
def end_session(session_id: int) -> ResponseReturnValue:
    """Sign out one of my other browsers."""
    with transaction():
        authorise(sessions.end(session_id, account_id=current_user.account_id, now=clock.now()))
    return _done(_("That browser is signed out."))


@blueprint.post("/me/account/sessions/end-all")
@signed_in
def end_all_sessions() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    with transaction():
        sessions.end_all(current_user.account_id, now=clock.now())
    sign_in_cookie.drop()
    return go_on(_("You are signed out everywhere."), url_for("people.sign_in"))


def _preferences_form(**current: object) -> PreferencesForm:
    form = PreferencesForm(data=current)
    form.locale.choices = [
        SelectChoice(code, LANGUAGE_NAMES[code]) for code in languages_on_offer() if code in LANGUAGE_NAMES
    ]
    return form


@dataclass(frozen=True, kw_only=True)
class AccountPage:
    """Everything about one's own account."""

    form: PreferencesForm
    me: Account
    person: Person
    sessions: Sequence[UserSession]
    choice: ContactPreference | None
    waiting: EmailToVerify | None
    card: Card | None
    visits: VisitRecord
    needs_second: bool
    factor: SecondFactor | None
    passkeys: Sequence[Passkey]
    codes: int


def _account_page(form: PreferencesForm) -> ResponseReturnValue:
    me, now = current_user, clock.now()
    page = AccountPage(
        form=form,
        me=me.account,
        person=me.person,
        sessions=sessions.open_of(me.account_id, is_short=me.is_short, now=now),
        choice=preference_of(me.person_id),
        waiting=find_waiting(me.person_id),
        card=card_of(me.person),
        visits=visit_record_of(me.person_id, now=now),
        needs_second=(needs_second := needs_second_factor(me.roles)),
        factor=attempts.find_factor(me.account_id) if needs_second else None,
        passkeys=passkeys_of(me.account_id) if needs_second else [],
        codes=attempts.count_recovery_codes(me.account_id) if needs_second else 0,
    )
    return render("resident/people/account.html", page), form.status


def _change_page(form: PhoneForm | LoginForm | PasswordForm, template: str) -> ResponseReturnValue:
    page = render_template(template, form=form, person=current_user.person, me=current_user.account)
    return page, form.status


def _done(said: str) -> ResponseReturnValue:
    return go_on(said, url_for("people.account"))
