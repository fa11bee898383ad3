"""Claim codes: what the desk prints for a person it knows. Whoever types one gets that person's account, once."""

import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime

from flask import current_app
from sqlalchemy import update

from center.kernel import access_log
from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import actions, phones, queries, rules
from center.people.models import Account, ClaimCode, Person

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else on paper
LENGTH = 10


def new_code(length: int) -> str:
    """A code that nobody guesses and everybody can read."""
    return "".join(secrets.choice(LETTERS) for _ in range(length))


def issue(person: Person, *, by: Person, now: datetime) -> str:
    """A new code for a person, to be printed; the codes they had before no longer work.

    Raises RuleBroken where their account is closed: a director opens it again first.
    """
    if actions.is_closed(queries.account_of(person.id)):
        raise RuleBroken(_l("This account is closed. A director opens it again first."))
    code = new_code(LENGTH)
    change_rows(
        update(ClaimCode)
        .where(ClaimCode.person_id == person.id, ClaimCode.used_at.is_(None), ClaimCode.expires_at > now)
        .values(expires_at=now)
    )
    db.session.add(
        ClaimCode(
            person_id=person.id,
            code_hash=keyed_hash(code),
            issued_by_id=by.id,
            issued_at=now,
            expires_at=now + rules.CLAIM_CODE_LASTS,
        )
    )
    db.session.flush()
    note(Act.CLAIM_CODE_ISSUED, person_id=person.id, by=by)
    return code


def in_groups(code: str) -> str:
    """A code as it is printed and read out, in two halves: 7KQ2M-9DFXA."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


def get_open(typed: str, *, now: datetime) -> ClaimCode:
    """The code somebody typed. Raises RuleBroken on "claim_code" unless it can still be used."""
    found = queries.find_claim_code(keyed_hash(typed))
    if found is None or found.used_at is not None or found.expires_at <= now:
        access_log.note(access_log.Kind.CODE_FAILED, subject="claim code")
        raise _not_valid()
    return found


def claim(code: ClaimCode, *, login: str, phone: str, password: actions.Password, now: datetime) -> Account:
    """Use up a code: its person's account is opened, or has its password set anew. Either way it is confirmed.

    The code must have been read in this transaction: a new role may have taken it away.
    Raises RuleBroken where somebody else was faster, LoginTaken where the sign-in name is another's.
    """
    person = code.person
    lock(person)
    _use_up(code, now=now)
    account = queries.account_of(person.id)
    if actions.is_closed(account):
        raise _not_valid()
    if account is None:
        account = _open(code, login=login, phone=phone, password=password, now=now)
    else:
        actions.change_password(account, password=password, session_id=None, now=now)
        account.disabled_at, account.disabled_reason = None, ""
    if account.confirmed_at is None:
        account.confirmed_at, account.confirmed_by_id = now, code.issued_by_id
    db.session.flush()
    note(Act.CLAIM_CODE_USED, person_id=person.id, by=person)
    return account


def _open(code: ClaimCode, *, login: str, phone: str, password: actions.Password, now: datetime) -> Account:
    person = code.person
    number = phones.normalise(phone) if phone else None
    if number and not person.phone:
        person.phone, person.phone_tail = number, phones.tail(number)
    chosen = login or number or person.phone
    if not chosen:
        raise RuleBroken(_l("Please give a phone number, or choose a sign-in name."), field="phone")
    return actions.open_account(person, login=chosen, password=password, now=now)


def _use_up(code: ClaimCode, *, now: datetime) -> None:
    """Mark the code as used, unless another browser did so a moment ago."""
    used = change_rows(
        update(ClaimCode)
        .where(ClaimCode.id == code.id, ClaimCode.used_at.is_(None), ClaimCode.expires_at > now)
        .values(used_at=now)
    )
    if not used:
        raise _not_valid()


def _not_valid() -> RuleBroken:
    return RuleBroken(
        _l("This code is not valid. A code works once and for 14 days; the desk gives you a new one."),
        field="claim_code",
    )


def keyed_hash(typed: str) -> str:
    """Keyed, since a code is short enough to be guessed from a plain hash."""
    plain = "".join(c for c in unicodedata.normalize("NFKC", typed).upper() if c.isalnum())
    return hmac.new(str(current_app.secret_key).encode(), plain.encode(), hashlib.sha256).hexdigest()
