"""What may become of an activity, and at what times it happens. Pure."""

import enum
from collections.abc import Iterable, Sequence
from datetime import date
from zoneinfo import ZoneInfo

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


def may_become(current: ActivityState, to: ActivityState) -> bool:
    """Whether an activity may go from one state to another."""
    return to in TRANSITIONS[current]


def may_session_become(current: SessionState, to: SessionState) -> bool:
    """Whether a session may go from one state to another."""
    return to in SESSION_TRANSITIONS[current]


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
