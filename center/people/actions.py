"""Accounts: opening, confirming, merging, refusing, and what their owners change about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError

from center.acts import Act
from center.db import Base, db, is_violation, lock
from center.errors import Conflict, RuleBroken
from center.i18n import lazy_gettext as _l
from center.logs import log
from center.people import names, phones, queries, records, rules, sessions
from center.people.models import Account, Person
from center.people.records import PersonRecord
from center.people.role_actions import end_role, grant_role
from center.trail import note

__all__ = ["end_role", "grant_role"]


class LoginTaken(Conflict):
    """Another account has this phone or sign-in name."""


def register(record: PersonRecord, *, login: str, password_hash: str, now: datetime) -> Account:
    """Somebody registers themselves: a person whom the desk does not know yet, with an account that can look only."""
    person = records.add_person(record, by=None, now=now, is_somebody_else=True)
    return open_account(person, login=login or person.phone or "", password_hash=password_hash, now=now)


def open_account(person: Person, *, login: str, password_hash: str, now: datetime) -> Account:
    """Write down a person's account. Raises LoginTaken, or Conflict where the person has an account already."""
    login = _free_login(login, person)
    account = Account(
        person_id=person.id,
        login=login,
        password_hash=password_hash,
        password_changed_at=now,
        created_at=now,
    )
    db.session.add(account)
    _write(person, login)
    note(Act.ACCOUNT_OPENED, person_id=person.id, by=person)
    return account


def confirm_account(account: Account, *, by: Person | None, now: datetime) -> None:
    """The desk knows who this is: the account may book from now on. `by` is None on the command line."""
    _lock_waiting(account)
    account.confirmed_at, account.confirmed_by_id = now, by.id if by else None
    db.session.flush()
    note(Act.ACCOUNT_CONFIRMED, person_id=account.person_id, by=by)


def merge_account(account: Account, *, onto: Person, by: Person, now: datetime) -> None:
    """The account is that of a person known already: it moves there, is confirmed, and the double is removed.

    Raises Conflict where that person has an account, or the double has bookings or other entries of its own.
    """
    _lock_waiting(account)
    double = account.person
    if double.id == onto.id or queries.has_account(onto.id):
        raise Conflict(_l("This person already has an account. Give them a code for a new password instead."))
    onto.birth_year = onto.birth_year or double.birth_year
    if not onto.phone:
        onto.phone, onto.phone_tail = double.phone, phones.tail(double.phone)
    account.person = onto
    account.confirmed_at, account.confirmed_by_id = now, by.id
    _write(onto, account.login)
    if is_mentioned(double):
        raise Conflict(
            _l("There are bookings or other entries under the new name, so the two cannot be made one here.")
        )
    db.session.execute(delete(Person).where(Person.id == double.id).execution_options(synchronize_session=False))
    db.session.expunge(double)
    note(Act.ACCOUNT_MATCHED, person_id=onto.id, by=by)


def refuse_account(account: Account, *, reason: str, by: Person, now: datetime) -> None:
    """The desk does not know who this is; signing in shows the reason. The phone is free to register again."""
    _lock_waiting(account)
    account.disabled_at, account.disabled_reason = now, reason
    sessions.end_all(account.id, now=now)
    db.session.flush()
    note(Act.ACCOUNT_REFUSED, person_id=account.person_id, by=by, reason=reason)


def change_phone(account: Account, *, phone: str, is_relatives: bool) -> None:
    """A person's new phone. Who signed in with the old number signs in with the new one. Raises LoginTaken."""
    person = account.person
    phone = phones.normalise(phone)
    if account.login == person.phone:
        account.login = _free_login(phone, person)
    person.phone, person.phone_tail, person.phone_is_relatives = phone, phones.tail(phone), is_relatives
    _write(person, phone)
    log.info("phone_changed", person=person.id)


def change_login(account: Account, *, login: str) -> None:
    """A sign-in name of one's own, or one's phone again. Raises RuleBroken or LoginTaken on "login"."""
    account.login = _free_login(login, account.person)
    _write(account.person, account.login)
    log.info("login_changed", account=account.id)


def change_password(account: Account, *, password_hash: str, session_id: int | None, now: datetime) -> None:
    """A new password; every other browser is signed out."""
    account.password_hash, account.password_changed_at = password_hash, now
    sessions.end_all(account.id, now=now, but=session_id)
    db.session.flush()
    log.info("password_changed", account=account.id)


def keep_preferences(account: Account, *, locale: str, is_elder: bool) -> None:
    """The language and size in which this person reads, wherever they sign in."""
    account.locale, account.elder_mode = locale, is_elder
    db.session.flush()


def own_words(person: Person, *more: str | None) -> tuple[str | None, ...]:
    """What a person's password may not be made of."""
    return (person.name, (person.sort_key or "").replace(" ", ""), person.phone, *more)


def words_of_record(record: PersonRecord, login: str = "") -> tuple[str | None, ...]:
    """Like own_words, of somebody who is about to register."""
    return (record.name, names.sort_key(record.name).replace(" ", ""), rules.login_of(record.phone), login)


def is_mentioned(person: Person) -> bool:
    """Whether any row of any table points at this person."""
    points = [
        (table, foreign_key.parent)
        for table in Base.metadata.sorted_tables
        for foreign_key in table.foreign_keys
        if foreign_key.column.table.name == Person.__tablename__
    ]
    return any(db.session.scalar(select(exists().where(column == person.id))) for _table, column in points)


def _free_login(text: str, person: Person) -> str:
    """The login as it is kept, once nobody has it; one whose account the desk refused is given free."""
    login = rules.login_of(text)
    if login != person.phone:
        login = _login_or_phone(login)
    holder = queries.find_account(login)
    if holder is not None and holder.confirmed_at is None and holder.disabled_at is not None:
        holder.login = f"~{holder.id}"
        db.session.flush()
    elif holder is not None and holder.person_id != person.id:
        raise _taken(login, person)
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


def _taken(login: str, person: Person) -> LoginTaken:
    if login == person.phone or login.isdigit():
        return LoginTaken(_l("This phone number already has an account."), field="phone")
    return LoginTaken(_l("Somebody else has this sign-in name. Please choose another."), field="login")


def _write(person: Person, login: str) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise _said_plainly(error, person, login) from error


def _said_plainly(error: IntegrityError, person: Person, login: str) -> Any:
    if is_violation(error, constraint="uq_accounts_login", columns="accounts.login"):
        return _taken(login, person)
    if is_violation(error, constraint="uq_accounts_person_id", columns="accounts.person_id"):
        return Conflict(_l("This person already has an account. Give them a code for a new password instead."))
    return error
