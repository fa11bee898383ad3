"""Who may do what, how long a sign-in lasts, and what a name may be. Pure."""

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from center.kernel.access import Permission
from center.kernel.errors import Forbidden, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people import names, phones
from center.people.models import Role

_READ = frozenset({Permission.FIND_PEOPLE, Permission.SEE_BOOKINGS, Permission.SEE_DESK})
_DESK = _READ | {
    Permission.ALLOCATE_ROOMS,
    Permission.APPROVE_BOOKINGS,
    Permission.BOOK_FOR_ANYONE,
    Permission.CONFIRM_ACCOUNTS,
    Permission.EDIT_ACTIVITIES,
    Permission.EDIT_PEOPLE,
    Permission.ENROL_CHILDREN,
    Permission.RUN_INCUBATOR,
    Permission.SET_UP_ROOMS,
    Permission.SIGN_UP_ANYONE,
    Permission.TELL_PEOPLE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.AUDITOR: _READ | {Permission.SEE_TRAIL},
    Role.CLERK: _DESK,
    Role.DIRECTOR: _DESK
    | {
        Permission.CARE_FOR_CHILDREN,
        Permission.DECIDE_INCUBATOR,
        Permission.EDIT_CENTRE,
        Permission.EDIT_ROOMS,
        Permission.EDIT_WORDS,
        Permission.GRANT_ROLES,
        Permission.READ_COMPLAINTS,
        Permission.RUN_AFTER_SCHOOL,
        Permission.SEE_TRAIL,
    },
    Role.GRID_WORKER: frozenset({Permission.WALK_ROUND}),
    Role.RESIDENT: frozenset(),
    Role.TUTOR: frozenset({Permission.CARE_FOR_CHILDREN}),
}
ROLE_NAMES = {
    Role.AUDITOR: _l("Auditor"),
    Role.CLERK: _l("Clerk"),
    Role.DIRECTOR: _l("Director"),
    Role.GRID_WORKER: _l("Grid worker"),
    Role.RESIDENT: _l("Resident"),
    Role.TUTOR: _l("Tutor"),
}
GRANTABLE = (Role.CLERK, Role.DIRECTOR, Role.GRID_WORKER, Role.TUTOR, Role.AUDITOR)

PROOF_LASTS = timedelta(minutes=10)
CLAIM_CODE_LASTS = timedelta(days=14)
NAME_MOST = 60
LOGIN_MOST = 32
AGES = (14, 18, 60, 70, 80)  # at which bands of ages begin


class Dated(Protocol):
    """Anything that holds from one date until (and including) another, or without end."""

    @property
    def starts_on(self) -> date:
        """The first day on which it counts."""

    @property
    def ends_on(self) -> date | None:
        """The last day on which it counts; None for ever."""


class Grant(Dated, Protocol):
    """A dated role."""

    @property
    def role(self) -> Role:
        """What is granted."""


@dataclass(frozen=True)
class SessionLimits:
    """How long a sign-in lasts unused (`idle`) and in all (`absolute`)."""

    idle: timedelta
    absolute: timedelta


NEED_SECOND_FACTOR = frozenset({Role.AUDITOR, Role.CLERK, Role.DIRECTOR, Role.TUTOR})
RESIDENT_LIMITS = SessionLimits(idle=timedelta(hours=12), absolute=timedelta(days=30))
KEPT_LIMITS = SessionLimits(idle=timedelta(days=30), absolute=timedelta(days=30))
STAFF_LIMITS = SessionLimits(idle=timedelta(hours=2), absolute=timedelta(hours=12))
LONGEST_SESSION = max(each.absolute for each in (RESIDENT_LIMITS, KEPT_LIMITS, STAFF_LIMITS))


def name_of_role(role: Role) -> Any:
    """What a role is called."""
    return ROLE_NAMES[role]


def is_current(dated: Dated, on: date) -> bool:
    """Whether it holds on this date."""
    return dated.starts_on <= on and (dated.ends_on is None or on <= dated.ends_on)


def roles_on(grants: Iterable[Grant], on: date) -> frozenset[Role]:
    """The roles that count on this date."""
    return frozenset(grant.role for grant in grants if is_current(grant, on))


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """All that holders of these roles may do."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))


def is_short(roles: Iterable[Role], *, sees_others: bool) -> bool:
    """Whether sign-ins are short: of anyone with a role, or who sees other people's data for an organisation."""
    return sees_others or bool(frozenset(roles) - {Role.RESIDENT})


def limits_for(*, is_short: bool, is_kept: bool = False) -> SessionLimits:
    """Residents stay signed in for long, and longest on a phone of their own that they ticked the box on."""
    if is_short:
        return STAFF_LIMITS
    return KEPT_LIMITS if is_kept else RESIDENT_LIMITS


def is_session_alive(
    *, created_at: datetime, seen_at: datetime, ended_at: datetime | None, limits: SessionLimits, now: datetime
) -> bool:
    """Whether a sign-in still counts: not ended, not idle for too long, not too old."""
    return ended_at is None and now - seen_at < limits.idle and now - created_at < limits.absolute


def needs_second_factor(roles: Collection[Role]) -> bool:
    """Whether these roles see so much of others that a password is not enough."""
    return not NEED_SECOND_FACTOR.isdisjoint(roles)


def is_proof_recent(proved_at: datetime, *, now: datetime) -> bool:
    """Whether the password was typed so lately that it need not be typed again."""
    return now - proved_at < PROOF_LASTS


def check_role_dates(starts_on: date, ends_on: date | None) -> None:
    """A role ends on or after the day it starts."""
    if ends_on is not None and ends_on < starts_on:
        raise RuleBroken(_l("The last day is before the first day."), field="ends_on")


def check_role_end(*, role: Role, is_own: bool, other_directorships: int) -> None:
    """Whoever ends a directorship remains a director, so the centre always has one.

    `other_directorships` are those they hold besides the one they end. Raises RuleBroken over one's own last one,
    Forbidden where one's own was ended by another director at the same moment.
    """
    if role is not Role.DIRECTOR or other_directorships:
        return
    if is_own:
        raise RuleBroken(_l("You cannot end your own last role as director. Ask another director to do it."))
    raise Forbidden(_l("Your account may not use this page."))


def name_of(text: str) -> str:
    """A person's name as it is kept: letters, Chinese characters, spaces and ·. Raises RuleBroken on "name"."""
    name = names.tidy_name(text or "")
    if not name:
        raise RuleBroken(_l("Please fill this in."), field="name")
    if len(name) > NAME_MOST:
        raise RuleBroken(_l("At most 60 characters, please."), field="name")
    if not all(_is_of_a_name(character) for character in name) or not any(c.isalpha() for c in name):
        raise RuleBroken(_l("A name has letters or Chinese characters, spaces and · only."), field="name")
    return name


def login_of(text: str) -> str:
    """What somebody typed to sign in, as it is kept: a phone as digits, a sign-in name casefolded. Never raises."""
    try:
        return phones.normalise(text)
    except RuleBroken:
        return unicodedata.normalize("NFKC", text or "").strip().casefold()[:64]


def tidy_login(text: str) -> str:
    """A sign-in name that somebody chose, as it is kept. Raises RuleBroken on the field "login"."""
    login = login_of(text)
    if not 2 <= len(login) <= LOGIN_MOST:
        raise RuleBroken(_l("A sign-in name has 2 to 32 characters."), field="login")
    if not all(c.isalnum() or c in "-_." for c in login) or not any(c.isalpha() for c in login):
        raise RuleBroken(
            _l("A sign-in name has letters, Chinese characters, digits and - _ . only, and is not just a number."),
            field="login",
        )
    return login


def check_birth_year(year: int | None, *, today: date) -> None:
    """A birth year lies within the last 125 years."""
    if year is not None and not today.year - 125 <= year <= today.year:
        raise RuleBroken(_l("Please give a year with four digits, such as 1950."), field="birth_year")


def _is_of_a_name(character: str) -> bool:
    return character in " ·" or unicodedata.category(character) in {"Lu", "Ll", "Lt", "Lo", "Mn", "Mc"}


def age_band(birth_year: int | None, today: date) -> tuple[int, int | None] | None:
    """The band of ages somebody born in this year is in, as (from, until or None); ages by year only."""
    if birth_year is None:
        return None
    age = today.year - birth_year
    starts = (0, *AGES)
    low = max(start for start in starts if start <= max(age, 0))
    higher = [start for start in starts if start > low]
    return low, (higher[0] - 1 if higher else None)
