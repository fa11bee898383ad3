"""Who is signed in: the token in the browser's signed cookie, and the session that it leads to.

Several servers of one site sign cookies for each other, and their clocks differ a little.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from typing import Any

from flask import Flask, Request, Response, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_login import AnonymousUserMixin, LoginManager
from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import Date, Select, bindparam, exists, or_, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import contains_eager

from center.kernel import clock
from center.kernel.access import Permission
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.db import change_rows, db, transaction
from center.kernel.i18n import local_date
from center.kernel.logs import log
from center.people import rules
from center.people.models import Account, Person, Role, RoleGrant
from center.people.second_factor import rules as second_factor
from center.people.second_factor.models import Passkey, SecondFactor
from center.people.session_models import UserSession
from center.people.sessions import Device, hash_of, is_alive, seeing_others

REFRESH_HEADER = "X-Refresh"  # sent by components/refreshing.html
TOUCH_EVERY = timedelta(minutes=5)
PATIENCE_MS = 500  # that a browser is in use is worth no wait
CLOCKS_DIFFER = 60  # seconds, at most, between the servers of one site
login_manager = LoginManager()
login_manager.session_protection = None  # the sessions table does this


class PatientSigner(TimestampSigner):
    """Believes what a server has signed whose clock is ahead of this one's, by a minute at most."""

    def unsign(self, signed_value: Any, max_age: int | None = None, return_timestamp: bool = False) -> Any:
        """What was signed; raises SignatureExpired where that is too long ago, or yet to come."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        age = self.get_timestamp() - int(signed_at.timestamp())
        if max_age is not None and not -CLOCKS_DIFFER <= age <= max_age:
            raise SignatureExpired(f"signed {age} seconds ago", payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


class _Cookies(SecureCookieSessionInterface):
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        serializer = super().get_signing_serializer(app)
        if serializer is not None:
            serializer.signer = PatientSigner
        return serializer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Put it into the cookie. The files of pages are the same for everybody: they neither set nor vary by one."""
        if request.endpoint != "static":
            super().save_session(app, session, response)


class Visitor(AnonymousUserMixin):
    """Somebody who is not signed in."""

    permissions: frozenset[Permission] = frozenset()
    roles: frozenset[Role] = frozenset()
    account = None
    person = None
    name = ""
    person_id = None
    locale = None
    elder_mode = None
    is_confirmed = False
    owes_second = False


@dataclass(frozen=True, eq=False)
class SessionUser:
    """Whoever is signed in: `current_user`. Its plain values are those of when the request began."""

    session_id: int
    account_id: int
    person_id: int
    name: str
    roles: frozenset[Role]
    permissions: frozenset[Permission]
    locale: str | None
    elder_mode: bool | None
    is_confirmed: bool
    proved_at: datetime
    is_short: bool = False
    sees_others: bool = False  # people's data without a role, as whoever leads an organisation does
    owes_second: bool = False
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @cached_property
    def account(self) -> Account:
        """The account with its person, read when a page first asks for either: most only show what is plain."""
        return db.session.execute(_whole_account(), {"account_id": self.account_id}).unique().scalar_one()

    @property
    def person(self) -> Person:
        """The person whose account it is."""
        return self.account.person

    def get_id(self) -> str:
        """The account's id, as the sign-in cookie keeps it."""
        return str(self.account_id)


def init_app(app: Flask) -> None:
    """Wire Flask-Login to the sessions table."""
    app.config["SESSION_REFRESH_EACH_REQUEST"] = False
    app.session_interface = _Cookies()
    login_manager.anonymous_user = Visitor
    login_manager.request_loader(_load_user)
    login_manager.init_app(app)
    app.after_request(_touch)


def carry(token: str, *, is_short: bool = False) -> None:
    """Put the token into a fresh cookie. A resident's outlives the browser's window; a short one's does not."""
    drop()
    session["sid"] = token
    session.permanent = not is_short


def drop() -> None:
    """Empty this browser's cookie."""
    session.clear()
    g.pop("csrf_token", None)
    g.pop("_login_user", None)


def _owes_second(row: Any, roles: frozenset[Role]) -> bool:
    """Whether this sign-in still lacks its second factor."""
    is_required = current_app.extensions["settings"].second_factor
    if row.second_at is not None or not rules.needs_second_factor(roles):
        return False
    return second_factor.owes_it(roles, is_required=is_required, has_one=row.has_second, is_given=False)


def _load_user(_request: Request) -> SessionUser | None:
    token = session.get("sid")
    if not isinstance(token, str) or g.get("sessions_unreadable"):
        return None
    try:
        now = clock.now()
        rows = _sign_in(hash_of(token), local_date(now))
        return _user_of(rows[0], rows, now=now) if rows else None
    except OperationalError:
        g.sessions_unreadable = True  # so that the page that reports this does not stumble over it again
        raise


def _sign_in(token_hash: str, today: date) -> Sequence[Any]:
    """All that is asked of a sign-in on every page, a row for each role; read anew once anything was written."""
    asked = {"token_hash": token_hash, "today": today}
    read = lambda: db.session.connection().execute(_whole_session(), asked).all()  # noqa: E731
    return while_unchanged(("sign-in", *asked.values()), read)


def _user_of(row: Any, grants: Sequence[Any], *, now: datetime) -> SessionUser | None:
    roles = rules.roles_on((each for each in grants if each.role is not None), local_date(now))
    is_short = rules.is_short(roles, sees_others=row.is_seeing)
    if not is_alive(row, is_short=is_short, now=now) or row.disabled_at is not None:
        return None
    g.session_seen = (row.session_id, row.seen_at)
    owes_second = _owes_second(row, roles)
    return SessionUser(
        session_id=row.session_id,
        account_id=row.account_id,
        person_id=row.person_id,
        name=row.name,
        roles=roles,
        permissions=frozenset() if owes_second else rules.permissions_of(roles),
        locale=row.locale,
        elder_mode=row.elder_mode,
        is_confirmed=row.confirmed_at is not None,
        proved_at=row.proved_at,
        is_short=is_short,
        sees_others=bool(row.is_seeing),
        owes_second=owes_second,
    )


@cache
def _whole_session() -> Select[*tuple[Any, ...]]:
    """A sign-in with what is known of its account, whether that has a second factor, and whether it leads to other
    people's data without a role; a row for each role of the person. Made once, since every page asks it."""
    sign_in, account, grant = UserSession.__table__.c, Account.__table__.c, RoleGrant.__table__.c
    codes = exists().where(SecondFactor.account_id == UserSession.account_id)
    has_second = or_(codes, exists().where(Passkey.account_id == UserSession.account_id))
    of_sign_in = ("account_id", "created_at", "seen_at", "ended_at", "proved_at", "second_at", "is_kept")
    of_account = ("person_id", "locale", "elder_mode", "confirmed_at", "disabled_at")
    return (
        select(
            sign_in.id.label("session_id"),
            *(sign_in[name] for name in of_sign_in),
            *(account[name] for name in of_account),
            Person.__table__.c.name,
            has_second.label("has_second"),
            seeing_others(bindparam("today", type_=Date)).label("is_seeing"),
            *(grant[name] for name in ("role", "starts_on", "ends_on")),
        )
        .join_from(UserSession, Account, Account.id == UserSession.account_id)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(RoleGrant, RoleGrant.person_id == Account.person_id)
        .where(UserSession.token_hash == bindparam("token_hash"))
        .order_by(RoleGrant.id)
    )


@cache
def _whole_account() -> Select[Account]:
    return (
        select(Account)
        .join(Account.person)
        .where(Account.id == bindparam("account_id"))
        .options(
            contains_eager(Account.person).joinedload(Person.grants),
            contains_eager(Account.person).joinedload(Person.building),
        )
    )


def _touch(response: Response) -> Response:
    """Now and then note that the browser is still in use. The page does not fail when the note cannot be made.

    A page that asks by itself for what changed says nothing of anybody who sits before it.
    """
    if "session_seen" not in g or g.get("csrf_failed") or response.status_code >= 500 or is_refresh():
        return response
    (session_id, seen_at), now = g.session_seen, clock.now()
    if now - seen_at < TOUCH_EVERY:
        return response
    try:
        with transaction(patience_ms=PATIENCE_MS):
            change_rows(
                update(UserSession)
                .where(UserSession.id == session_id, UserSession.seen_at < now, UserSession.ended_at.is_(None))
                .values(seen_at=now)
            )
    except OperationalError:
        log.warning("session_touch_skipped")
    return response


def this_device() -> Device:
    """The browser that asks now."""
    return Device(address=request.remote_addr or "", browser=request.user_agent.string)


def is_refresh() -> bool:
    """Whether a page asks by itself for what changed on it (`refreshing`): nobody made this request."""
    return request.method == "GET" and REFRESH_HEADER in request.headers
