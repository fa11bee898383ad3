"""Setting up, giving and resetting a second factor by codes. `give` opens its own transactions, as signing in does."""

from datetime import datetime

from flask import current_app
from sqlalchemy import delete, func, select, update

from center.kernel.access_log import Kind
from center.kernel.access_log import note as note_access
from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock, transaction
from center.kernel.errors import Forbidden, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import sessions, sign_ins
from center.people.claims import keyed_hash, new_code
from center.people.models import Account, Person
from center.people.second_factor import rules, totp
from center.people.second_factor.models import Passkey, RecoveryCode, SecondFactor

WRONG = _l("This code is not right. Each counts once, for half a minute: please type the one that is shown now.")


def find_factor(account_id: int) -> SecondFactor | None:
    """The second factor of an account."""
    return db.session.get(SecondFactor, account_id)


def has_one(account_id: int) -> bool:
    """Whether an account has a second factor of any kind."""
    return find_factor(account_id) is not None or _has_passkey(account_id)


def _has_passkey(account_id: int) -> bool:
    return db.session.scalar(select(Passkey.id).where(Passkey.account_id == account_id).limit(1)) is not None


def count_recovery_codes(account_id: int) -> int:
    """How many printed codes of an account can still be used."""
    mine = (RecoveryCode.account_id == account_id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(*mine)) or 0


def set_up(account: Account, nonce: str, typed: str, *, session_id: int, now: datetime) -> list[str]:
    """Let an account have this second factor in place of the one before; returns new printed codes.

    Opens its own transactions. Raises TooManyTries, RuleBroken on "code" where the phone shows another one, and
    Forbidden for a sign-in that has not given the factor which is there.
    """
    attempt_id = admit(account, now=now)
    step = totp.step_of(rules.tidy(typed), key_for(nonce), now=now, after=0)
    if step is None:
        raise _wrong()
    with transaction():
        lock(account)
        known = db.session.get(SecondFactor, account.id, populate_existing=True)
        if has_one(account.id) and not sessions.has_given_second(session_id):
            raise Forbidden(_l("Your account may not use this page."))
        factor = known or SecondFactor(account_id=account.id)
        factor.nonce, factor.last_step, factor.set_up_at = nonce, step, now
        db.session.add(factor)
        sessions.end_all(account.id, now=now, but=session_id)
        sessions.note_second(session_id, now=now)
        sign_ins.succeed(attempt_id)
        codes = new_codes(account, now=now)
        note(Act.SECOND_FACTOR_SET_UP, person_id=account.person_id, by=account.person)
    return codes


def renew_codes(account: Account, *, now: datetime) -> list[str]:
    """New printed codes; those before no longer count. Called inside one `transaction()`."""
    lock(account)
    codes = new_codes(account, now=now)
    note(Act.RECOVERY_CODES_RENEWED, person_id=account.person_id, by=account.person)
    return codes


def give(account: Account, typed: str, *, session_id: int, now: datetime) -> None:
    """Prove a sign-in by a code of the phone or a printed one. Raises TooManyTries, or RuleBroken on "code".

    Tries are counted by account, whatever the browser: whoever comes this far has the password.
    """
    attempt_id, code = admit(account, now=now), rules.tidy(typed)
    with transaction():
        if not (_take_step(account.id, code, now=now) or _take_printed(account, code, now=now)):
            raise _wrong()
        sign_ins.succeed(attempt_id)
        sessions.note_second(session_id, now=now)


def reset(person: Person, *, by: Person, now: datetime) -> None:
    """Take away a lost second factor, passkeys too, and end every sign-in: they set up another one at the next."""
    account = person.account
    if account is None or not has_one(account.id):
        raise RuleBroken(_l("This person has no second factor."))
    lock(account)
    for table in (RecoveryCode, Passkey, SecondFactor):
        change_rows(delete(table).where(table.account_id == account.id))
    sessions.end_all(account.id, now=now)
    note(Act.SECOND_FACTOR_RESET, person_id=person.id, by=by)


def key_for(nonce: str) -> str:
    """The key that the phone is told."""
    return totp.key_of(nonce, site_key=str(current_app.secret_key))


def admit(account: Account, *, now: datetime) -> int:
    """Write down a try at a second factor of any kind. Raises TooManyTries."""
    return sign_ins.admit(f"second factor {account.id}", source="any", now=now)


def note_failure(subject: str) -> None:
    """Write down that a second factor was wrong."""
    note_access(Kind.CODE_FAILED, subject=subject)


def _wrong() -> RuleBroken:
    note_failure("second factor")
    return RuleBroken(WRONG, field="code")


def _take_step(account_id: int, code: str, *, now: datetime) -> bool:
    factor = db.session.get(SecondFactor, account_id, populate_existing=True)
    step = totp.step_of(code, key_for(factor.nonce), now=now, after=factor.last_step) if factor else None
    if step is None:
        return False
    later = (SecondFactor.account_id == account_id) & (SecondFactor.last_step < step)
    return change_rows(update(SecondFactor).where(later).values(last_step=step)) > 0


def _take_printed(account: Account, code: str, *, now: datetime) -> bool:
    mine = (RecoveryCode.account_id == account.id) & (RecoveryCode.code_hash == _hash(account.id, code))
    query = update(RecoveryCode).where(mine, RecoveryCode.used_at.is_(None)).values(used_at=now)
    if not change_rows(query):
        return False
    note(Act.RECOVERY_CODE_USED, person_id=account.person_id, by=account.person)
    return True


def new_codes(account: Account, *, now: datetime) -> list[str]:
    """Printed codes in place of those there were."""
    change_rows(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [new_code(rules.RECOVERY_LENGTH) for _ in range(rules.RECOVERY_CODES)]
    db.session.add_all(
        RecoveryCode(account_id=account.id, code_hash=_hash(account.id, code), made_at=now) for code in codes
    )
    db.session.flush()
    return codes


def _hash(account_id: int, code: str) -> str:
    return keyed_hash(f"recovery{account_id}x{code}")
