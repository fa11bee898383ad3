"""Sign-in sessions: a random token in the browser's signed cookie, its hash in the sessions table.

Ending the row ends every copy of the cookie, a stolen one too.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, false, or_, select, update

from center.kernel.db import change_rows, db
from center.kernel.i18n import centre, local_date
from center.people import rules
from center.people.models import Account
from center.people.session_models import UserSession

# Of a column of people, on a day: whether they see other people's data though they have no role at the centre.
sees_others: list[Callable[[Any, Any], ColumnElement[bool]]] = []


@dataclass(frozen=True)
class Device:
    """Whence somebody signs in: their address, and what their browser calls itself."""

    address: str = ""
    browser: str = ""


UNKNOWN = Device()


def start(account: Account, *, now: datetime, is_kept: bool = False, device: Device = UNKNOWN) -> str:
    """Begin a sign-in for this browser; returns the token to `carry` once the transaction has committed.

    Sign-ins too old to count are forgotten with it, and so are their addresses and browsers.
    """
    token = secrets.token_urlsafe(32)
    too_old = UserSession.created_at < now - rules.LONGEST_SESSION
    change_rows(delete(UserSession).where(too_old))
    db.session.add(
        UserSession(
            token_hash=hash_of(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            proved_at=now,
            is_kept=is_kept,
            address=device.address[:64],
            browser=_printable(device.browser)[:200],
        )
    )
    db.session.flush()
    return token


def is_short(account: Account, *, now: datetime) -> bool:
    """Whether sign-ins of this account are short, since it leads to other people's data."""
    on = local_date(now)
    seen = db.session.scalar(select(seeing_others(on)).select_from(Account).where(Account.id == account.id))
    return rules.is_short(rules.roles_on(account.person.grants, on), sees_others=bool(seen))


def is_alive(row: Any, *, is_short: bool, now: datetime) -> bool:
    """Whether a sign-in still counts. It is kept for as long as the centre lets residents keep theirs."""
    is_kept = row.is_kept and not is_short and centre().keep_signed_in
    return rules.is_session_alive(
        created_at=row.created_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        limits=rules.limits_for(is_short=is_short, is_kept=is_kept),
        now=now,
    )


def seeing_others(on: Any) -> ColumnElement[bool]:
    """Of accounts in a query: whether they lead to other people's data on a day though they have no role."""
    return or_(false(), *(each(Account.person_id, on) for each in sees_others))


def end(session_id: int, *, account_id: int, now: datetime) -> bool:
    """End one of an account's sign-ins; returns whether there was one to end."""
    return (
        change_rows(
            update(UserSession)
            .where(UserSession.id == session_id, UserSession.account_id == account_id, UserSession.ended_at.is_(None))
            .values(ended_at=now)
        )
        > 0
    )


def end_all(account_id: int, *, now: datetime, but: int | None = None) -> None:
    """End all of an account's sign-ins, except perhaps one."""
    query = update(UserSession).where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(UserSession.id != but)
    change_rows(query.values(ended_at=now))


def open_of(account_id: int, *, is_short: bool, now: datetime) -> list[UserSession]:
    """The browsers in which an account is signed in, the one used last first."""
    query = select(UserSession).where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
    rows = db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()
    return [row for row in rows if is_alive(row, is_short=is_short, now=now)]


def renew_proof(session_id: int, *, now: datetime) -> None:
    """Note that the password was typed just now."""
    change_rows(update(UserSession).where(UserSession.id == session_id).values(proved_at=now))


def renew_token(session_id: int) -> str:
    """Another token for the same sign-in, to `carry`: a copy of the cookie that somebody took leads nowhere."""
    token = secrets.token_urlsafe(32)
    change_rows(update(UserSession).where(UserSession.id == session_id).values(token_hash=hash_of(token)))
    return token


def note_second(session_id: int, *, now: datetime) -> None:
    """Note that the second factor was given in this sign-in."""
    change_rows(update(UserSession).where(UserSession.id == session_id).values(second_at=now))


def has_given_second(session_id: int) -> bool:
    """Whether the second factor was given in this sign-in."""
    return db.session.scalar(select(UserSession.second_at).where(UserSession.id == session_id)) is not None


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
