"""What posting sessions would do, date by date: which go well, what is in the way of others, what is free instead."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from center.activities.clashes import Clash, SessionPlan, clashes_of
from center.activities.models import Session
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party
from center.bookings.series.date_checks import DateChecks, OnBehalf
from center.bookings.series.date_plans import BOOK, DatePlan, DateState, PlannedDate
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.signups.posting.people import RoomTooSmall, explained

MOST_OTHERS = 4
Instead = tuple[Session | None, list[Place]]  # a session whose room is too small, and what is free instead


class Preview(DatePlan[PlannedDate[SessionPlan]]):
    """All dates before they are saved."""

    @property
    def chosen(self) -> list[SessionPlan]:
        """The dates as they would be posted."""
        return [each.chosen for each in self.dates if each.chosen]


def preview(
    spans: Sequence[Span],
    room: Room | None,
    choices: Mapping[date, str],
    *,
    expected: int,
    organisation: Organisation,
    by: Person,
    now: datetime,
    beside: Sequence[Session] = (),
    is_final: bool = False,
    people_sum: str = "",
) -> Preview:
    """Look at every date and at what was chosen for it. At the end (`is_final`) nothing is chosen for anybody.

    `people_sum` says what the people expected are made of, where that is more than places.
    """
    dates = [PlannedDate(local_date(span.start), SessionPlan(span=span, room=room)) for span in spans]
    clashes = partial(clashes_of, expected=expected, organisation=organisation, by=by, now=now, beside=beside)
    found = _by_plan(clashes([each.place for each in dates]))
    checks = _checks(dates, room, clashes, expected, organisation, by, now) if room and found else None
    for each in dates:
        if clash := found.get(id(each.place)):
            _explain(each, clash, checks, people_sum)
        each.choose(choices.get(each.on) or (BOOK if each.is_ok else ""), _as_session, is_final=is_final)
    again = _by_plan(clashes([each.chosen for each in dates if each.chosen]))
    for each in dates:
        if clash := again.get(id(each.chosen)):
            each.problem = _in_words(clash, people_sum)
    return Preview(dates)


def others_for(
    plan: SessionPlan, *, expected: int, organisation: Organisation, by: Person, now: datetime
) -> list[Place]:
    """What is free instead of one session in a room."""
    if plan.room is None:
        return []
    clashes = partial(clashes_of, expected=expected, organisation=organisation, by=by, now=now)
    each = PlannedDate(local_date(plan.span.start), Place(plan.room, plan.span))
    _checks([each], plan.room, clashes, expected, organisation, by, now).check(each)
    return each.others[:MOST_OTHERS]


def rooms_instead(error: DomainError | None, *, by: Person, now: datetime) -> Instead:
    """Where more places were refused for the room of a session: that session, and what would hold all who may come."""
    if not isinstance(error, RoomTooSmall):
        return None, []
    session, people = error.session, error.people
    plan = SessionPlan(span=Span(session.starts_at, session.ends_at), room=session.room)
    organisation = session.activity.organisation
    return session, others_for(plan, expected=people, organisation=organisation, by=by, now=now)


def _checks(
    dates: Sequence[PlannedDate[Any]],
    room: Room,
    clashes: Callable[[Sequence[SessionPlan]], list[Clash]],
    expected: int,
    organisation: Organisation,
    by: Person,
    now: datetime,
) -> DateChecks:
    """Looks around for what this organisation may really have for so many people."""
    return DateChecks(
        room,
        dates,
        people=expected,
        whose=OnBehalf(by, organisation, Party.STAFF),
        now=now,
        may_have=lambda place: not clashes([_as_session(place)[0]]),
    )


def _as_session(place: Place) -> tuple[SessionPlan, None]:
    """A session elsewhere; all of them are judged together."""
    return SessionPlan(span=place.span, room=place.room), None


def _in_words(clash: Clash, people_sum: str) -> str:
    return " ".join(str(each) for each in explained(clash.refusals, people_sum))


def _explain(each: PlannedDate[SessionPlan], clash: Clash, checks: DateChecks | None, people_sum: str) -> None:
    each.state, each.words = DateState.RULE, _in_words(clash, people_sum)
    labels = sorted({use.label for use in clash.in_the_way if use.label})
    if labels:
        each.words += " " + _("In the way: %(uses)s", uses="、".join(labels))
    if checks is None or clash.plan.room is None:
        return
    seen = PlannedDate(each.on, Place(clash.plan.room, clash.plan.span))  # as a booking would stand there
    checks.check(seen)
    if not seen.is_ok:
        each.state = seen.state
    each.others = seen.others[:MOST_OTHERS]


def _by_plan(clashes: Sequence[Clash]) -> dict[int, Clash]:
    return {id(clash.plan): clash for clash in clashes}
