"""Signing in: a try is written down before the password is looked at, so many at once cannot slip past the throttle.

These functions open their own transactions, since a failed try must stay on record and hashing must hold no lock.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, text

from center.kernel import metrics
from center.kernel.access_log import Kind, note
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre, format_minutes, gettext
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people import passwords, queries, sessions, shared_phones, throttle
from center.people.models import Account
from center.people.rules import login_of
from center.people.session_models import SignInAttempt
from center.people.sessions import UNKNOWN

CLAIMING = "claim code"  # these have a blank, so nobody can have them as a login
REGISTERING = "new account"


class TooManyTries(RuleBroken):
    """Too many failed tries; some waiting is needed."""

    status = 429


class WrongPassword(RuleBroken):
    """No such login, or not its password. Which of the two is not said."""


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that succeeded, and the token for `sign_in_cookie.carry`."""

    token: str
    login: str
    is_short: bool


def sign_in(
    typed: str, password: str, *, source: str, now: datetime, is_kept: bool = False, device: sessions.Device = UNKNOWN
) -> SignedIn:
    """Begin a session. Raises TooManyTries, WrongPassword, or RuleBroken where the desk closed the account.

    It is kept where a resident wants it (`is_kept`) and the centre lets them.
    """
    login = login_of(typed)
    attempt_id = admit(login, source=source, now=now)
    account, is_right = shared_phones.whose(login, password)
    if account is None or not is_right:
        metrics.count_sign_in_failure("wrong_password")
        note(Kind.SIGN_IN_FAILED, person_id=account.person_id if account else None)
        log.info("sign_in_failed", account=account.id if account else None, by=source.partition(":")[0])
        raise WrongPassword(_l("The phone number (or sign-in name) or the password is not right."), field="password")
    proven = account.password_hash
    better = passwords.hash_password(password) if passwords.is_outdated(proven) else proven
    with transaction():
        _check_open(account, proven)
        account.password_hash, account.password_tag = better, shared_phones.tag_of(password)
        succeed(attempt_id)
        is_short = sessions.is_short(account, now=now)
        is_kept = is_kept and not is_short and centre().keep_signed_in
        token = sessions.start(account, now=now, is_kept=is_kept, device=device)
    note(Kind.SIGNED_IN, by_id=account.person_id)
    log.info("signed_in", account=account.id)
    return SignedIn(token=token, login=login, is_short=is_short)


def prove_again(account: Account, password: str, *, session_id: int, now: datetime, field: str = "password") -> None:
    """Whoever is signed in types their password once more. Raises TooManyTries or WrongPassword.

    The tries are counted by session, so a stolen cookie gets few of them and takes none from anybody else.
    """
    login, proven = account.login, account.password_hash
    attempt_id = admit(login, source=f"session:{session_id}", now=now)
    if not passwords.is_right(proven, password):
        note(Kind.CODE_FAILED, subject="password")
        raise WrongPassword(_l("The password is not right."), field=field)
    with transaction():
        _check_open(account, proven)
        succeed(attempt_id)
        sessions.renew_proof(session_id, now=now)


def admit(login: str, *, source: str, now: datetime) -> int:
    """Write down a try, as failed until it succeeds; returns its id. Raises TooManyTries when it must wait."""
    login = login[:64]
    with transaction() as writing:
        _one_at_a_time(login, source)
        if login == REGISTERING:
            _refuse_too_many_accounts(source[:80], now=now)
        if pause := throttle.wait(queries.tries(login, source, now=now), now=now):
            wait = _counted_wait(pause)
            first = gettext("There were too many failed tries. Please wait %(wait)s and try again.", wait=wait)
            raise TooManyTries(gettext("%(first)s %(second)s", first=first, second=ask_the_desk()))
        writing.execute(delete(SignInAttempt).where(SignInAttempt.at < now - throttle.KEPT_FOR))
        attempt = SignInAttempt(login=login, source=source[:80], at=now, succeeded=False)
        writing.add(attempt)
        writing.flush()
        return attempt.id


def _refuse_too_many_accounts(source: str, *, now: datetime) -> None:
    here = queries.opened(REGISTERING, source, now=now, window=throttle.OPENED_WINDOW)
    everywhere = queries.opened(REGISTERING, None, now=now, window=throttle.ALL_WINDOW)
    if pause := throttle.registering_wait(here, everywhere, now=now):
        wait = _counted_wait(pause)
        first = gettext("Many accounts are being opened just now. Please wait %(wait)s and try again.", wait=wait)
        raise TooManyTries(gettext("%(first)s %(second)s", first=first, second=ask_the_desk()))


def forget(attempt_id: int) -> None:
    """Within a transaction: it was a slip of the hand, and counts for nothing."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.id == attempt_id))


@contextmanager
def counted(what: str, *, source: str, now: datetime) -> Iterator[None]:
    """Around looking at a code that somebody typed: a try that counts as failed unless all goes well.

    `what` has a blank, so nobody has it as a login. Raises TooManyTries.
    """
    attempt_id = admit(what, source=source, now=now)
    yield
    with transaction():
        succeed(attempt_id)


def succeed(attempt_id: int) -> None:
    """Note, within a transaction, that a try succeeded."""
    attempt = db.session.get(SignInAttempt, attempt_id)
    if attempt is not None:
        attempt.succeeded = True


def _check_open(account: Account, proven: str) -> None:
    if account.password_hash != proven:
        raise WrongPassword(_l("The password has just been changed. Please type it again."), field="password")
    if account.disabled_at is not None:
        raise RuleBroken(_closed(account))


def _one_at_a_time(login: str, source: str) -> None:
    """Let tries of one login or source pass one by one; on SQLite they do so anyway."""
    if db.engine.dialect.name == "postgresql":
        for key in sorted(zlib.crc32(word.encode()) for word in (f"login {login}", f"source {source}")):
            db.session.execute(text("SELECT pg_advisory_xact_lock(:space, :key)"), {"space": 7311, "key": key - 2**31})


def _counted_wait(pause: timedelta) -> str:
    """How long somebody must wait, in words; that they must is counted."""
    metrics.count_sign_in_failure("too_many_tries")
    return format_minutes(-(-int(pause.total_seconds()) // 60) or 1)


def _closed(account: Account) -> str:
    if account.confirmed_at is None:
        said = gettext("The desk could not confirm this account: %(reason)s", reason=account.disabled_reason)
    else:
        said = gettext("The desk has closed this account: %(reason)s", reason=account.disabled_reason)
    return gettext("%(first)s %(second)s", first=said, second=ask_the_desk())


def ask_the_desk() -> str:
    """Where a person finds help, with the desk's phone where it is known."""
    phone = centre().desk_phone
    if not phone:
        return gettext("The desk can help you.")
    return gettext("The desk can help you: %(phone)s.", phone=phone)
