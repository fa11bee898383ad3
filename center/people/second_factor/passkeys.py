"""Passkeys: asking for one, and what follows from its answer. See docs/decisions/0033-passkeys.md.

A challenge is kept here, belongs to one sign-in and one ceremony, and is taken away by the first answer, right or not.
What answers opens its own transactions, as signing in does.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from center.kernel.acts import Act
from center.kernel.db import change_rows, db, is_violation, lock, transaction
from center.kernel.errors import Forbidden, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.kernel.trail import note
from center.people import sessions, sign_ins
from center.people.claims import keyed_hash
from center.people.models import Account, Role
from center.people.rules import needs_second_factor
from center.people.second_factor import attempts, rules, signing
from center.people.second_factor.models import Ceremony, Passkey, PasskeyChallenge, SecondFactor
from center.people.second_factor.rules import Site
from center.people.second_factor.signing import WrongAnswerError

WRONG = _l("That did not work: the passkey is not one of this account, or it took too long. Please try again.")


@dataclass(frozen=True)
class Asker:
    """Who is asked for a passkey, in which sign-in, and under which name of the site."""

    account: Account
    session_id: int
    site: Site


def passkeys_of(account_id: int) -> Sequence[Passkey]:
    """All passkeys of an account, the latest first."""
    mine = select(Passkey).where(Passkey.account_id == account_id)
    return db.session.scalars(mine.order_by(Passkey.made_at.desc(), Passkey.id.desc())).all()


def usable_at(site: Site | None, account_id: int) -> Sequence[Passkey]:
    """Those that work under this name of the site."""
    return [each for each in passkeys_of(account_id) if each.site_name == site.name] if site else []


def ask(asker: Asker, ceremony: Ceremony, *, centre: str, now: datetime) -> str:
    """Put a question to the browser: what its script is told, as JSON. Called inside one `transaction()`.

    A question that was put before in this sign-in is no longer answered.
    """
    account, challenge = asker.account, secrets.token_bytes(signing.CHALLENGE_BYTES)
    lock(account)  # two pages of one browser ask one after the other
    _take_away(asker.session_id, ceremony)
    expires_at = now + rules.CHALLENGE_LASTS
    row = PasskeyChallenge(session_id=asker.session_id, ceremony=ceremony, challenge=challenge, expires_at=expires_at)
    db.session.add(row)
    db.session.flush()
    known = usable_at(asker.site, account.id)
    if ceremony is not Ceremony.REGISTER:
        return signing.to_sign(asker.site, challenge, known=known)
    handle = bytes.fromhex(keyed_hash(f"passkey{account.id}"))
    return signing.to_register(
        asker.site, challenge, known=known, centre=centre, login=account.signs_in_with, handle=handle
    )


def register(asker: Asker, answer: str, *, name: str, now: datetime) -> list[str]:
    """Let an account have this key; returns printed codes where it had none.

    Raises RuleBroken, TooManyTries, and Forbidden for a sign-in that has not given the factor which is there.
    """
    account = asker.account
    attempt_id = attempts.admit(account, now=now)
    made = _made(asker, answer, now=now)
    with transaction():
        lock(account)
        if attempts.has_one(account.id) and not sessions.has_given_second(asker.session_id):
            raise Forbidden(_l("Your account may not use this page."))
        check_room(account.id)
        _write(account, made, site=asker.site, name=name, now=now)
        sessions.note_second(asker.session_id, now=now)
        sign_ins.succeed(attempt_id)
        note(Act.PASSKEY_ADDED, person_id=account.person_id, by=account.person)
        return [] if attempts.count_recovery_codes(account.id) else attempts.new_codes(account, now=now)


def give(asker: Asker, answer: str, *, now: datetime) -> None:
    """The second step of signing in. Raises RuleBroken, or TooManyTries as codes do."""
    attempt_id = _signed(asker, Ceremony.GIVE, answer, now=now)
    with transaction():
        sign_ins.succeed(attempt_id)
        sessions.note_second(asker.session_id, now=now)


def prove(asker: Asker, answer: str, *, now: datetime) -> None:
    """In place of the password that is asked for again. Raises RuleBroken, or TooManyTries as codes do."""
    attempt_id = _signed(asker, Ceremony.PROVE, answer, now=now)
    with transaction():
        sign_ins.succeed(attempt_id)
        sessions.renew_proof(asker.session_id, now=now)


def remove(account: Account, passkey_id: int, *, roles: frozenset[Role]) -> None:
    """Forget a key; twice is once. Raises NotFound, and RuleBroken over the last factor of a role that needs one."""
    lock(account)
    key = db.session.get(Passkey, passkey_id, populate_existing=True)
    if key is None or key.account_id != account.id:
        raise NotFound(_l("There is nothing here, or it is not yours to see."))
    others = [each for each in passkeys_of(account.id) if each.id != key.id]
    if not others and db.session.get(SecondFactor, account.id) is None and needs_second_factor(roles):
        raise RuleBroken(_l("This is your only second step. Set up another one first."))
    db.session.delete(key)
    db.session.flush()
    note(Act.PASSKEY_REMOVED, person_id=account.person_id, by=account.person)


def check_room(account_id: int) -> None:
    """Raises RuleBroken where an account has as many passkeys as it may."""
    if len(passkeys_of(account_id)) >= rules.MOST_PASSKEYS:
        raise RuleBroken(_l("You have ten passkeys. Take one away first."), field="name")


def _made(asker: Asker, answer: str, *, now: datetime) -> signing.NewKey:
    try:
        return signing.registered(asker.site, _challenge(asker.session_id, Ceremony.REGISTER, now=now), answer)
    except WrongAnswerError as error:
        raise _wrong(error) from error


def _write(account: Account, made: signing.NewKey, *, site: Site, name: str, now: datetime) -> None:
    db.session.add(
        Passkey(
            account_id=account.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            site_name=site.name,
            name=name,
            made_at=now,
        )
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="uq_passkeys_credential_id", columns="passkeys.credential_id"):
            raise RuleBroken(WRONG) from error
        raise


def _signed(asker: Asker, ceremony: Ceremony, answer: str, *, now: datetime) -> int:
    """The try, once a key of this account has signed just what it was asked to, and more often than before."""
    attempt_id = attempts.admit(asker.account, now=now)
    try:
        challenge, named = _challenge(asker.session_id, ceremony, now=now), signing.key_named_in(answer)
        key = next((each for each in usable_at(asker.site, asker.account.id) if each.credential_id == named), None)
        if key is None:
            raise WrongAnswerError("no key of this account")
        key_id, before = key.id, key.sign_count
        count = signing.signed(asker.site, challenge, answer, key=key)
    except WrongAnswerError as error:
        raise _wrong(error) from error
    with transaction():
        same = (Passkey.id == key_id) & (Passkey.sign_count == before)
        query = update(Passkey).where(same).values(sign_count=count, used_at=now)
        used = change_rows(query)
    if not used:
        raise _wrong(WrongAnswerError("counted on meanwhile"))
    return attempt_id


def _challenge(session_id: int, ceremony: Ceremony, *, now: datetime) -> bytes:
    """What was asked, which is not answered a second time. Raises WrongAnswerError where nothing was, or long ago."""
    with transaction():
        found = _take_away(session_id, ceremony)
    if found is None or found[1] <= now:
        raise WrongAnswerError("no question")
    return found[0]


def _take_away(session_id: int, ceremony: Ceremony) -> tuple[bytes, datetime] | None:
    of = PasskeyChallenge
    query = delete(of).where(of.session_id == session_id, of.ceremony == ceremony)
    row = db.session.execute(
        query.returning(of.challenge, of.expires_at).execution_options(synchronize_session=False)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def _wrong(error: WrongAnswerError) -> RuleBroken:
    log.info("passkey_refused", why=str(error))
    attempts.note_failure("passkey")
    return RuleBroken(WRONG)
