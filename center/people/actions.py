"""Accounts: opening, confirming, merging, refusing, closing, and what their owners change about them."""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, is_violation, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.trail import note
from center.people import households, names, phones, queries, records, rules, sessions, shared_phones
from center.people.matching import match
from center.people.models import Account, AccountMatch, ClaimCode, HelperCode, Person
from center.people.records import PersonRecord
from center.people.role_actions import end_role, grant_role

__all__ = ["end_role", "grant_role"]


# What else follows in the same transaction: notices tell whoever was confirmed, bookings decline what was asked for.
after_confirming: list[Callable[[Account, datetime], None]] = []
after_refusing: list[Callable[[Account, Person, datetime], None]] = []


class LoginTaken(Conflict):
    """Another account has this sign-in name."""


@dataclass(frozen=True)
class Password:
    """A password that somebody chose, as it is kept."""

    hash: str
    tag: int | None = None  # see shared_phones


def register(record: PersonRecord, *, login: str, password: Password, now: datetime) -> Account:
    """Somebody registers themselves: a person whom the desk does not know yet, with an account that can look only."""
    person = records.add_person(record, by=None, now=now, is_somebody_else=True)
    return open_account(person, login=login or person.phone or "", password=password, now=now)


def open_account(person: Person, *, login: str, password: Password, now: datetime) -> Account:
    """Write down a person's account. Raises LoginTaken, or Conflict where the person has an account already."""
    login = _free_login(login, person)
    account = Account(
        person_id=person.id,
        login=login,
        password_hash=password.hash,
        password_tag=password.tag,
        password_changed_at=now,
        created_at=now,
    )
    db.session.add(account)
    _write()
    note(Act.ACCOUNT_OPENED, person_id=person.id, by=person)
    return account


class Door(enum.StrEnum):
    """What the desk says of the door that somebody gave when they registered."""

    LATER = "later"
    UNTRUE = "untrue"
    VERIFIED = "verified"


def confirm_account(account: Account, *, by: Person | None, now: datetime, door: Door = Door.LATER) -> None:
    """The desk knows who this is: the account may book from now on. `by` is None on the command line.

    That somebody is who they say is one thing; whether they live behind that door is another.
    """
    _lock_waiting(account)
    account.confirmed_at, account.confirmed_by_id = now, by.id if by else None
    db.session.flush()
    note(Act.ACCOUNT_CONFIRMED, person_id=account.person_id, by=by)
    _settle_door(account.person, door, by=by, now=now)
    for follow_up in after_confirming:
        follow_up(account, now)


def merge_account(account: Account, *, onto: Person, by: Person, now: datetime) -> AccountMatch:
    """The account is that of a person known already, who hears that it is confirmed. Raises what `match` raises."""
    _lock_waiting(account)
    made = match(account, onto=onto, by=by, now=now)
    for follow_up in after_confirming:
        follow_up(account, now)
    return made


def _settle_door(person: Person, door: Door, *, by: Person | None, now: datetime) -> None:
    if not households.has_door(person) or households.is_verified(person):
        return
    if door is Door.VERIFIED:
        households.verify(person, by=by, now=now)
    elif door is Door.UNTRUE and by is not None:
        households.say_untrue(person, by=by)
    else:
        note(Act.DOOR_LEFT_OPEN, person_id=person.id, by=by)


def refuse_account(account: Account, *, reason: str, by: Person, now: datetime) -> None:
    """The desk does not know who this is; signing in shows the reason. The phone is free to register again."""
    _lock_waiting(account)
    account.disabled_at, account.disabled_reason = now, reason
    sessions.end_all(account.id, now=now)
    db.session.flush()
    note(Act.ACCOUNT_REFUSED, person_id=account.person_id, by=by, reason=reason)
    for follow_up in after_refusing:
        follow_up(account, by, now)


def is_closed(account: Account | None) -> bool:
    """Whether a director closed it; one that the desk refused was never open."""
    return account is not None and account.disabled_at is not None and account.confirmed_at is not None


def close_account(account: Account, *, reason: str, by: Person, now: datetime) -> None:
    """Whoever has it is signed out at once and cannot sign in; codes that were given out for it end. Twice is once.

    What was booked and signed up for stays: the desk looks at it. Raises RuleBroken over one's own account.
    """
    lock(account)
    if account.person_id == by.id:
        raise RuleBroken(_l("You cannot close your own account. Ask another director to do it."))
    if account.confirmed_at is None:
        raise RuleBroken(_l("This account waits for the desk. Refuse it instead."))
    if account.disabled_at is not None:
        return
    account.disabled_at, account.disabled_reason = now, reason
    sessions.end_all(account.id, now=now)
    codes = update(ClaimCode).where(ClaimCode.person_id == account.person_id, ClaimCode.expires_at > now)
    change_rows(codes.values(expires_at=now))
    change_rows(delete(HelperCode).where(HelperCode.person_id == account.person_id))
    db.session.flush()
    note(Act.ACCOUNT_CLOSED, person_id=account.person_id, by=by, reason=reason)


def open_account_again(account: Account, *, by: Person) -> None:
    """Its owner signs in with the password they had. Twice is once."""
    lock(account)
    if not is_closed(account):
        return
    account.disabled_at, account.disabled_reason = None, ""
    db.session.flush()
    note(Act.ACCOUNT_OPENED_AGAIN, person_id=account.person_id, by=by)


def change_phone(account: Account, *, phone: str, is_relatives: bool) -> None:
    """A person's new phone. Who signed in with the old number signs in with the new one."""
    person = account.person
    phone = phones.normalise(phone)
    if account.signs_in_with == person.phone:
        account.login = _free_login(phone, person)
    person.phone, person.phone_tail, person.phone_is_relatives = phone, phones.tail(phone), is_relatives
    _write()
    log.info("phone_changed", person=person.id)


def change_login(account: Account, *, login: str) -> None:
    """A sign-in name of one's own, or one's phone again. Raises RuleBroken or LoginTaken on "login"."""
    account.login = _free_login(login, account.person)
    _write()
    log.info("login_changed", account=account.id)


def change_password(account: Account, *, password: Password, session_id: int | None, now: datetime) -> None:
    """A new password; every other browser is signed out."""
    account.password_hash, account.password_tag, account.password_changed_at = password.hash, password.tag, now
    sessions.end_all(account.id, now=now, but=session_id)
    db.session.flush()
    log.info("password_changed", account=account.id)


def keep_preferences(account: Account, *, locale: str, is_elder: bool) -> None:
    """The language and size in which this person reads, wherever they sign in."""
    account.locale, account.elder_mode = locale, is_elder
    db.session.flush()


def own_words(person: Person, *more: str | None) -> tuple[str | None, ...]:
    """What a person's password may not be made of."""
    return (person.name, (person.sort_key or "").replace(" ", ""), person.phone, *_place_words(), *more)


def words_of_record(record: PersonRecord, login: str = "") -> tuple[str | None, ...]:
    """Like own_words, of somebody who is about to register."""
    own = (record.name, names.sort_key(record.name).replace(" ", ""), rules.login_of(record.phone), login)
    return (*own, *_place_words())


def _place_words() -> tuple[str, ...]:
    """What the centre and its estate are called, which many would take for a password."""
    name, name_en = centre().name, centre().name_en or ""
    return (name, names.sort_key(name).replace(" ", ""), "qinghe", *(each for each in name_en.split() if len(each) > 3))


def _free_login(text: str, person: Person) -> str:
    """The login as it is kept. A phone that has an account gets a mark; one whose account the desk refused is free.

    Raises LoginTaken where somebody has this sign-in name.
    """
    login = rules.login_of(text)
    if login != person.phone:
        login = _login_or_phone(login)
    holder = queries.find_account(login)
    if holder is not None and holder.confirmed_at is None and holder.disabled_at is not None:
        holder.login = f"~{holder.id}"
        db.session.flush()
    elif holder is not None and holder.person_id != person.id:
        if login.isdigit():
            return shared_phones.login_beside(login)
        raise _taken()
    return login


def _login_or_phone(login: str) -> str:
    try:
        return phones.normalise(login)
    except RuleBroken:
        return rules.tidy_login(login)


def _lock_waiting(account: Account) -> None:
    lock(account)
    if account.confirmed_at is not None or account.disabled_at is not None:
        raise Conflict(_l("Somebody else has dealt with this account in the meantime."))


def check_phone_is_free(phone: str) -> None:
    """Raises LoginTaken where a phone has an account. Only the machine's own administrator is told so."""
    if phone and queries.find_account(phones.normalise(phone)) is not None:
        raise LoginTaken(_l("This phone number already has an account."), field="phone")


def _taken() -> LoginTaken:
    return LoginTaken(_l("Somebody else has this sign-in name. Please choose another."), field="login")


def _write() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _said_plainly(error) from error


def _said_plainly(error: IntegrityError) -> Any:
    if is_violation(error, constraint="uq_accounts_login", columns="accounts.login"):
        return _taken()
    if is_violation(error, constraint="uq_accounts_person_id", columns="accounts.person_id"):
        return Conflict(_l("This person already has an account. Give them a code for a new password instead."))
    return error
