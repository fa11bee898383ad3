"""Sign-in sessions: a random token in the browser's signed cookie, its hash in the sessions table.

Ending the row ends every copy of the cookie, a stolen one too.
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask_login import AnonymousUserMixin, LoginManager
from sqlalchemy import ColumnElement, Select, delete, exists, false, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import contains_eager

from center.kernel import clock
from center.kernel.access import Permission
from center.kernel.db import db, transaction
from center.kernel.i18n import centre, local_date
from center.kernel.logs import log
from center.people import rules
from center.people.models import Account, Person, Role, UserSession
from center.people.second_factor import rules as second_factor
from center.people.second_factor.models import Passkey, SecondFactor

TOUCH_EVERY = timedelta(minutes=5)
# Of a column of people, on a day: whether they see other people's data though they have no role at the centre.
sees_others: list[Callable[[Any, date], ColumnElement[bool]]] = []
login_manager = LoginManager()
login_manager.session_protection = None  # the sessions table does this


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    permissions: frozenset[Permission] = frozenset()
    roles: frozenset[Role] = frozenset()
    account = None
    person = None
    person_id = None
    locale = None
    elder_mode = None
    is_confirmed = False
    owes_second = False


@dataclass(frozen=True, eq=False)
class SessionUser:
    """Whoever is signed in: `current_user`. Its plain values are those of when the request began."""

    session_id: int
    account: Account
    person: Person
    account_id: int
    person_id: int
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    locale: str | None
    elder_mode: bool | None
    is_confirmed: bool
    proved_at: datetime
    is_short: bool = False
    owes_second: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    def get_id(self) -> str:
        return str(self.account_id)


def init_app(app: Flask) -> None:
    """Wire Flask-Login to the sessions table."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    login_manager.anonymous_user = Visitor
    login_manager.request_loader(_load_user)
    login_manager.init_app(app)
    app.after_request(_touch)


def start(account: Account, *, now: datetime, is_kept: bool = False) -> str:
    """Begin a sign-in for this browser; returns the token to `carry` once the transaction has committed.

    Sign-ins too old to count are forgotten with it, and so are their addresses and browsers.
    """
    token = secrets.token_urlsafe(32)
    too_old = UserSession.created_at < now - rules.LONGEST_SESSION
    db.session.execute(delete(UserSession).where(too_old).execution_options(synchronize_session=False))
    db.session.add(
        UserSession(
            token_hash=_hash(token),
            account_id=account.id,
            created_at=now,
            seen_at=now,
            proved_at=now,
            is_kept=is_kept,
            address=(request.remote_addr or "")[:64],
            browser=_printable(request.user_agent.string)[:200],
        )
    )
    db.session.flush()
    return token


def carry(token: str, *, is_short: bool = False) -> None:
    """Put the token into a fresh cookie. A resident's outlives the browser's window; a short one's does not."""
    drop()
    session["sid"] = token
    session.permanent = not is_short


def is_short(account: Account, *, now: datetime) -> bool:
    """Whether sign-ins of this account are short, since it leads to other people's data."""
    on = local_date(now)
    seen = db.session.scalar(select(_sees_others(on)).select_from(Account).where(Account.id == account.id))
    return rules.is_short(rules.roles_on(account.person.grants, on), sees_others=bool(seen))


def _is_alive(row: UserSession, *, is_short: bool, now: datetime) -> bool:
    """Whether a sign-in still counts. It is kept for as long as the centre lets residents keep theirs."""
    is_kept = row.is_kept and not is_short and centre().keep_signed_in
    return rules.is_session_alive(
        created_at=row.created_at,
        seen_at=row.seen_at,
        ended_at=row.ended_at,
        limits=rules.limits_for(is_short=is_short, is_kept=is_kept),
        now=now,
    )


def _sees_others(on: date) -> ColumnElement[bool]:
    return or_(false(), *(each(Account.person_id, on) for each in sees_others))


def drop() -> None:
    """Empty this browser's cookie."""
    session.clear()
    g.pop("csrf_token", None)
    g.pop("_login_user", None)


def end(session_id: int, *, account_id: int, now: datetime) -> bool:
    """End one of an account's sign-ins; returns whether there was one to end."""
    ended = db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id, UserSession.account_id == account_id, UserSession.ended_at.is_(None))
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]


def end_all(account_id: int, *, now: datetime, but: int | None = None) -> None:
    """End all of an account's sign-ins, except perhaps one."""
    query = update(UserSession).where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
    if but is not None:
        query = query.where(UserSession.id != but)
    db.session.execute(query.values(ended_at=now).execution_options(synchronize_session=False))


def open_of(account_id: int, *, is_short: bool, now: datetime) -> list[UserSession]:
    """The browsers in which an account is signed in, the one used last first."""
    query = select(UserSession).where(UserSession.account_id == account_id, UserSession.ended_at.is_(None))
    rows = db.session.scalars(query.order_by(UserSession.seen_at.desc(), UserSession.id.desc())).all()
    return [row for row in rows if _is_alive(row, is_short=is_short, now=now)]


def renew_proof(session_id: int, *, now: datetime) -> None:
    """Note that the password was typed just now."""
    db.session.execute(
        update(UserSession)
        .where(UserSession.id == session_id)
        .values(proved_at=now)
        .execution_options(synchronize_session=False)
    )


def renew_token(session_id: int) -> str:
    """Another token for the same sign-in, to `carry`: a copy of the cookie that somebody took leads nowhere."""
    token = secrets.token_urlsafe(32)
    query = update(UserSession).where(UserSession.id == session_id).values(token_hash=_hash(token))
    db.session.execute(query.execution_options(synchronize_session=False))
    return token


def note_second(session_id: int, *, now: datetime) -> None:
    """Note that the second factor was given in this sign-in."""
    query = update(UserSession).where(UserSession.id == session_id).values(second_at=now)
    db.session.execute(query.execution_options(synchronize_session=False))


def has_given_second(session_id: int) -> bool:
    """Whether the second factor was given in this sign-in."""
    return db.session.scalar(select(UserSession.second_at).where(UserSession.id == session_id)) is not None


def _owes_second(row: UserSession, roles: frozenset[Role], *, has_one: bool) -> bool:
    """Whether this sign-in still lacks its second factor."""
    is_required = current_app.extensions["settings"].second_factor
    if row.second_at is not None or not second_factor.needs_it(roles):
        return False
    return second_factor.owes_it(roles, is_required=is_required, has_one=has_one, is_given=False)


def _load_user(_request: Request) -> SessionUser | None:
    token = session.get("sid")
    if not isinstance(token, str) or g.get("sessions_unreadable"):
        return None
    try:
        now = clock.now()
        mine = _whole_session(local_date(now)).where(UserSession.token_hash == _hash(token))
        found = db.session.execute(mine).unique().first()
        return _user_of(found[0], has_second=found[1], is_seeing=found[2], now=now) if found else None
    except OperationalError:
        g.sessions_unreadable = True  # so that the page that reports this does not stumble over it again
        raise


def _user_of(row: UserSession, *, has_second: bool, is_seeing: bool, now: datetime) -> SessionUser | None:
    account, person = row.account, row.account.person
    roles = rules.roles_on(person.grants, local_date(now))
    is_short = rules.is_short(roles, sees_others=is_seeing)
    if not _is_alive(row, is_short=is_short, now=now) or account.disabled_at is not None:
        return None
    g.session_seen = (row.id, row.seen_at)
    owes_second = _owes_second(row, roles, has_one=has_second)
    return SessionUser(
        session_id=row.id,
        account=account,
        person=person,
        account_id=account.id,
        person_id=person.id,
        roles=roles,
        permissions=frozenset() if owes_second else rules.permissions_of(roles),
        locale=account.locale,
        elder_mode=account.elder_mode,
        is_confirmed=account.is_confirmed,
        proved_at=row.proved_at,
        is_short=is_short,
        owes_second=owes_second,
    )


def _whole_session(on: date) -> Select[UserSession, bool, bool]:
    """Sign-ins with all that is asked of them on every page, whether their account has a second factor, and whether it
    leads to other people's data without a role."""
    codes = exists().where(SecondFactor.account_id == UserSession.account_id)
    has_second = or_(codes, exists().where(Passkey.account_id == UserSession.account_id))
    return (
        select(UserSession, has_second, _sees_others(on))
        .join(UserSession.account)
        .join(Account.person)
        .options(
            contains_eager(UserSession.account).contains_eager(Account.person).joinedload(Person.grants),
            contains_eager(UserSession.account).contains_eager(Account.person).joinedload(Person.building),
        )
    )


def _touch(response: Response) -> Response:
    """Now and then note that the browser is still in use. The page does not fail when the note cannot be made."""
    if "session_seen" not in g or g.get("csrf_failed") or response.status_code >= 500:
        return response
    (session_id, seen_at), now = g.session_seen, clock.now()
    if now - seen_at < TOUCH_EVERY:
        return response
    try:
        with transaction() as writing:
            writing.execute(
                update(UserSession)
                .where(UserSession.id == session_id, UserSession.seen_at < now, UserSession.ended_at.is_(None))
                .values(seen_at=now)
                .execution_options(synchronize_session=False)
            )
    except OperationalError:
        log.warning("session_touch_skipped")
    return response


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
