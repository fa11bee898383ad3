"""Which sessions the list of activities shows: what can be asked for, and what that means for the database."""

import enum
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from center.activities.models import Activity, ActivityState, Session
from center.activities.titles import sought
from center.kernel.spans import Span, day_span
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.public.cards import ACCESS, coming
from center.signups.queries import is_date_of_roster

LONGEST_SESSION = timedelta(days=2)  # sessions last hours: none that has not ended began before
CHILD, ELDER = 17, 50  # who is invited where the upper age is at most this, the lower age at least that

_found = aliased(Activity)


class When(enum.StrEnum):
    """Which days."""

    ALL = ""
    TODAY = "today"
    TOMORROW = "tomorrow"
    WEEK = "week"
    WEEKEND = "weekend"
    NEXT_WEEK = "next_week"


class ForWhom(enum.StrEnum):
    """For whom it is meant, by its ages."""

    ANYBODY = ""
    ALL_AGES = "all_ages"
    CHILDREN = "children"
    ELDERS = "elders"


@dataclass(frozen=True, kw_only=True)
class SessionFilter:
    """What somebody looks for; all of it must hold."""

    text: str = ""
    when: When = When.ALL
    day: date | None = None  # instead of `when`
    kind_id: int | None = None
    organisation_id: int | None = None
    whom: ForWhom = ForWhom.ANYBODY
    access: tuple[str, ...] = ()
    has_places: bool = False

    @property
    def is_narrowed(self) -> bool:
        """Whether anything was asked for."""
        return self != SessionFilter()


def days_meant(when: When, today: date) -> tuple[date, date] | None:
    """The first and the last day that are meant; None for all. Weeks begin on Monday."""
    monday = today - timedelta(days=today.weekday())
    sunday = monday + timedelta(days=6)
    spans = {
        When.TODAY: (today, today),
        When.TOMORROW: (today + timedelta(days=1), today + timedelta(days=1)),
        When.WEEK: (today, sunday),
        When.WEEKEND: (monday + timedelta(days=5), sunday),
        When.NEXT_WEEK: (monday + timedelta(days=7), sunday + timedelta(days=7)),
    }
    return spans.get(when)


def conditions(
    wanted: SessionFilter, *, named: Collection[int], now: datetime, today: date, zone: ZoneInfo
) -> Sequence[ColumnElement[bool]]:
    """What must hold of a session and its activity. `named` are the organisations that the text names."""
    found: list[ColumnElement[bool]] = [*coming(now, now - LONGEST_SESSION), ~Activity.is_confined]
    days = (wanted.day, wanted.day) if wanted.day else days_meant(wanted.when, today)
    if days is not None:
        span = Span(day_span(days[0], zone).start, day_span(days[1], zone).end)
        found += [Session.starts_at >= span.start, Session.starts_at < span.end]
    if wanted.text:
        found.append(_says(wanted.text, named))
    if wanted.kind_id is not None:
        found.append(Activity.kind_id == wanted.kind_id)
    if wanted.organisation_id is not None:
        found.append(Activity.organisation_id == wanted.organisation_id)
    found += [getattr(Activity, name).is_(True) for name in ACCESS if name in wanted.access]
    if wanted.whom is not ForWhom.ANYBODY:
        found.append(_is_for(wanted.whom))
    return [*found, _has_places(now)] if wanted.has_places else found


def _says(text: str, named: Collection[int]) -> ColumnElement[bool]:
    """Its words hold all that was typed, or the text names its organisation. Marks alone are found nowhere.

    Looked for among the activities first, since each has many sessions.
    """
    words = sought(text)
    if not words:
        return false()
    said = and_(*(_found.search_key.contains(word, autoescape=True) for word in words))
    is_public = _found.state == ActivityState.PUBLISHED
    ids = select(_found.id).where(is_public, or_(said, _found.organisation_id.in_(sorted(named))))
    return Session.activity_id.in_(ids)


def _is_for(whom: ForWhom) -> ColumnElement[bool]:
    match whom:
        case ForWhom.CHILDREN:
            return Activity.age_to <= CHILD
        case ForWhom.ELDERS:
            return Activity.age_from >= ELDER
    return and_(Activity.age_from.is_(None), Activity.age_to.is_(None))


def _has_places(now: datetime) -> ColumnElement[bool]:
    """Nobody need sign up, or sign-up has not closed and there is a place that is not for those who wait already."""
    its_roster = and_(is_date_of_roster(), Roster.audience == Audience.PARTICIPANTS)
    is_kept = and_(Pool.kind != PoolKind.GENERAL, Roster.released_at.is_(None))
    nobody_waits = ~exists().where(SignUp.roster_id == Roster.id, SignUp.state == SignUpState.WAITING)
    is_left = and_(Pool.kind != PoolKind.COMPANION, Pool.taken < Pool.capacity, or_(is_kept, nobody_waits))
    free = and_(Pool.roster_id == Roster.id, is_left)
    is_open = or_(Roster.closes_at.is_(None), Roster.closes_at > now)
    open_with_places = exists().where(its_roster, or_(Roster.mode == Mode.WALK_IN, and_(is_open, exists().where(free))))
    return or_(open_with_places, ~exists().where(its_roster))
