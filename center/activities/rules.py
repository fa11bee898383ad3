"""What may become of an activity, and on which days it happens. Pure."""

import enum
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from dateutil.rrule import WEEKLY, rrule

from center.activities.models import ActivityState, SessionState
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan, Span

MOST_SESSIONS = 120

TRANSITIONS: dict[ActivityState, frozenset[ActivityState]] = {
    ActivityState.DRAFT: frozenset({ActivityState.SUBMITTED, ActivityState.PUBLISHED, ActivityState.CANCELLED}),
    ActivityState.SUBMITTED: frozenset(
        {ActivityState.DRAFT, ActivityState.PUBLISHED, ActivityState.RETURNED, ActivityState.CANCELLED}
    ),
    ActivityState.RETURNED: frozenset({ActivityState.SUBMITTED, ActivityState.PUBLISHED, ActivityState.CANCELLED}),
    ActivityState.PUBLISHED: frozenset({ActivityState.CANCELLED, ActivityState.HELD}),
    ActivityState.CANCELLED: frozenset(),
    ActivityState.HELD: frozenset(),
}
SESSION_TRANSITIONS: dict[SessionState, frozenset[SessionState]] = {
    SessionState.SCHEDULED: frozenset({SessionState.CANCELLED, SessionState.HELD}),
    SessionState.CANCELLED: frozenset(),
    SessionState.HELD: frozenset(),
}


class Missing(enum.StrEnum):
    """What an activity lacks before it can be submitted or published."""

    PLACE = "place"
    SESSIONS = "sessions"
    SUMMARY = "summary"


@dataclass(frozen=True)
class WeeklyRule:
    """The same hours every so many weeks on some weekdays (0 is Monday), from a day until a day or so many times."""

    first: date
    weekdays: frozenset[int]
    hours: LocalSpan
    until: date | None = None
    count: int | None = None
    every_weeks: int = 1
    without: frozenset[date] = frozenset()


def may_become(current: ActivityState, to: ActivityState) -> bool:
    """Whether an activity may go from one state to another."""
    return to in TRANSITIONS[current]


def may_session_become(current: SessionState, to: SessionState) -> bool:
    """Whether a session may go from one state to another."""
    return to in SESSION_TRANSITIONS[current]


def spans_of_rule(rule: WeeklyRule, zone: ZoneInfo) -> list[Span]:
    """Every time of a weekly rule, in order; raises RuleBroken when it never ends or names no day."""
    if not rule.weekdays:
        raise RuleBroken(_l("Please choose at least one weekday."), field="weekdays")
    if (rule.until is None) == (rule.count is None):
        raise RuleBroken(_l("Say until which day it goes on, or how many times."), field="until")
    found = rrule(
        WEEKLY,
        dtstart=datetime.combine(rule.first, time(0)),  # local days: hours are put on each of them below
        interval=rule.every_weeks,
        byweekday=sorted(rule.weekdays),
        until=datetime.combine(rule.until, time(0)) if rule.until else None,
        count=rule.count,
    )
    days = [moment.date() for _n, moment in zip(range(MOST_SESSIONS + 1), found, strict=False)]
    return spans_of_days([day for day in days if day not in rule.without], rule.hours, zone)


def spans_of_days(days: Iterable[date], hours: LocalSpan, zone: ZoneInfo) -> list[Span]:
    """The same hours on each of the days, in order, each day once."""
    spans = [hours.on(day, zone) for day in sorted(set(days))]
    if not spans:
        raise RuleBroken(_l("There is no day on which it would take place."), field="date")
    if len(spans) > MOST_SESSIONS:
        raise RuleBroken(
            _l("An activity has at most %(most)s sessions. Please end it earlier.", most=MOST_SESSIONS), field="until"
        )
    return spans


def overlapping(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Which of the spans (by number) overlap one another."""
    in_order = sorted(range(len(spans)), key=lambda n: spans[n])
    return [(n, m) for place, n in enumerate(in_order) for m in in_order[place + 1 :] if spans[n].overlaps(spans[m])]


def missing(*, summary: str, sessions: Sequence[tuple[bool, str]], place: str) -> list[Missing]:
    """What is lacking. `sessions` are (has a room, own place) of those not cancelled."""
    lacks = []
    if not summary:
        lacks.append(Missing.SUMMARY)
    if not sessions:
        lacks.append(Missing.SESSIONS)
    if any(not has_room and not (own or place) for has_room, own in sessions):
        lacks.append(Missing.PLACE)
    return lacks
