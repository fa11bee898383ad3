"""Registering: as somebody new, or with a printed code. Like signing in, it writes down the try before it looks."""

from dataclasses import dataclass
from datetime import datetime

from center.kernel.db import transaction
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.sent import lead_back, once
from center.people import actions, claims, passwords, phones, queries, rules, sessions, shared_phones, sign_ins
from center.people.actions import LoginTaken, Password
from center.people.records import PersonRecord
from center.people.sessions import UNKNOWN, Device
from center.people.sign_ins import CLAIMING, REGISTERING, SignedIn


@dataclass(frozen=True, kw_only=True)
class Registration:
    """What somebody typed to register. With a claim code the rest of the record is known already."""

    record: PersonRecord
    password: str
    login: str = ""
    claim_code: str = ""


def register(asked: Registration, *, source: str, now: datetime, device: Device = UNKNOWN) -> SignedIn:
    """Open an account and sign its owner in. Raises what `actions.register` and `claims.claim` raise."""
    if asked.claim_code:
        return _claim(asked, source=source, now=now, device=device)
    passwords.check(asked.password, own_words=actions.words_of_record(asked.record, asked.login))
    attempt_id = sign_ins.admit(REGISTERING, source=source, now=now)
    password = _kept(asked.password)
    try:
        return _open(asked, password, attempt_id, now=now, device=device)
    except LoginTaken:
        if asked.login:
            raise  # stays on record: it tells which sign-in names there are
        return _open(asked, password, attempt_id, now=now, device=device)  # of one phone, a moment after another
    except DomainError:
        _forgive(attempt_id)
        raise


def _open(asked: Registration, password: Password, attempt_id: int, *, now: datetime, device: Device) -> SignedIn:
    with transaction(), once():
        account = actions.register(asked.record, login=asked.login, password=password, now=now)
        sign_ins.succeed(attempt_id)
        token = sessions.start(account, now=now, device=device)
        return SignedIn(token=token, login=account.signs_in_with, is_short=False)


def sign_in_again(asked: Registration, *, source: str, now: datetime, device: Device = UNKNOWN) -> SignedIn:
    """The same form once more, by a double press: who knows the password is signed in. Raises what `sign_in` does."""
    login = asked.login or asked.record.phone
    if asked.claim_code:
        code = queries.find_claim_code(claims.keyed_hash(asked.claim_code))
        account = queries.account_of(code.person_id) if code else None
        login = account.signs_in_with if account else ""
    return sign_ins.sign_in(login, asked.password, source=source, now=now, device=device)


def _claim(asked: Registration, *, source: str, now: datetime, device: Device) -> SignedIn:
    passwords.check(asked.password, own_words=(asked.login, rules.login_of(asked.record.phone)))
    if asked.record.phone:
        phones.normalise(asked.record.phone)
    attempt_id = sign_ins.admit(CLAIMING, source=source, now=now)
    try:
        person = claims.get_open(asked.claim_code, now=now).person
    except RuleBroken:
        lead_back()  # the other press of a double one has just used it
        raise
    try:
        passwords.check(asked.password, own_words=actions.own_words(person))
    except RuleBroken:
        _forgive(attempt_id)
        raise
    password = _kept(asked.password)
    with transaction(), once():
        code = claims.get_open(asked.claim_code, now=now)
        account = claims.claim(code, login=asked.login, phone=asked.record.phone, password=password, now=now)
        sign_ins.succeed(attempt_id)
        token = sessions.start(account, now=now, device=device)
        return SignedIn(token=token, login=account.signs_in_with, is_short=sessions.is_short(account, now=now))


def _kept(password: str) -> Password:
    return Password(passwords.hash_password(password), shared_phones.tag_of(password))


def _forgive(attempt_id: int) -> None:
    with transaction():
        sign_ins.forget(attempt_id)


def show_login(login: str) -> str:
    """What somebody signs in with from now on, said without giving a phone away."""
    return phones.mask(login) if login.isdigit() else login
