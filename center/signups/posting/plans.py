"""What posting sessions would do, date by date: which go well, what is in the way of others, what is free instead."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from center.activities.clashes import Clash, SessionPlan, clashes_of
from center.activities.models import Session
from center.bookings.rulebook.facts import Party
from center.bookings.series.date_checks import Looking
from center.bookings.series.shapes import BOOK, SKIP, DateState, OnBehalf, Place, place_of
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


@dataclass
class PlannedSession:
    """One date: how it stands, what is free instead, and what was chosen for it."""

    on: date
    place: SessionPlan  # as it was asked for
    state: DateState = DateState.OK
    words: str = ""
    choice: str = ""  # BOOK, SKIP or the token of another place; "" while somebody must still choose
    chosen: SessionPlan | None = None
    problem: str = ""
    others: list[Place] = field(default_factory=list)

    @property
    def is_ok(self) -> bool:
        """Whether its room can be had as it is wished."""
        return self.state is DateState.OK

    @property
    def may_be_had(self) -> bool:
        return self.is_ok


@dataclass(frozen=True)
class Preview:
    """All dates before they are saved."""

    dates: Sequence[PlannedSession]

    @property
    def chosen(self) -> list[SessionPlan]:
        """The dates as they would be posted."""
        return [each.chosen for each in self.dates if each.chosen is not None]

    @property
    def problems(self) -> list[PlannedSession]:
        """The dates that need another choice before anything can be posted."""
        return [each for each in self.dates if each.problem]


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
    plans = [SessionPlan(span=span, room=room) for span in spans]
    asked = {"expected": expected, "organisation": organisation, "by": by, "now": now, "beside": beside}
    found = _by_plan(clashes_of(plans, **asked))  # type: ignore[arg-type]
    looking = _looking(spans, room, **asked) if room and found else None  # type: ignore[arg-type]
    dates = []
    for plan in plans:
        planned = PlannedSession(local_date(plan.span.start), plan)
        if (clash := found.get(id(plan))) is not None:
            _explain(planned, clash, looking, expected, people_sum)
        _choose(planned, choices.get(planned.on, ""), is_final=is_final)
        dates.append(planned)
    again = _by_plan(clashes_of([each.chosen for each in dates if each.chosen], **asked))  # type: ignore[arg-type]
    for planned in dates:
        if planned.chosen is not None and (clash := again.get(id(planned.chosen))) is not None:
            planned.problem = _in_words(clash, people_sum)
    return Preview(dates)


def others_for(
    plan: SessionPlan, *, expected: int, organisation: Organisation, by: Person, now: datetime
) -> list[Place]:
    """What is free instead of one session in a room."""
    if plan.room is None:
        return []
    looking = _looking([plan.span], plan.room, expected=expected, organisation=organisation, by=by, now=now)
    day = local_date(plan.span.start)
    return looking.at(day, Place(plan.room, plan.span), expected, []).others[:MOST_OTHERS]


def rooms_instead(error: DomainError, *, by: Person, now: datetime) -> Instead:
    """Where more places were refused for the room of a session: that session, and what would hold all who may come."""
    if not isinstance(error, RoomTooSmall):
        return None, []
    session, people = error.session, error.people
    plan = SessionPlan(span=Span(session.starts_at, session.ends_at), room=session.room)
    organisation = session.activity.organisation
    return session, others_for(plan, expected=people, organisation=organisation, by=by, now=now)


def _looking(
    spans: Sequence[Span],
    room: Room,
    *,
    expected: int,
    organisation: Organisation,
    by: Person,
    now: datetime,
    beside: Sequence[Session] = (),
) -> Looking:
    """Looks around for what this organisation may really have for so many people."""
    asked = {"expected": expected, "organisation": organisation, "by": by, "now": now, "beside": beside}

    def may_have(place: Place) -> bool:
        return not clashes_of([SessionPlan(span=place.span, room=place.room)], **asked)  # type: ignore[arg-type]

    first, last = local_date(spans[0].start), local_date(spans[-1].start)
    whose = OnBehalf(by, organisation, Party.STAFF)
    return Looking(room, first, last, None, whose=whose, now=now, may_have=may_have)


def _in_words(clash: Clash, people_sum: str) -> str:
    return " ".join(str(each) for each in explained(clash.refusals, people_sum))


def _explain(planned: PlannedSession, clash: Clash, looking: Looking | None, expected: int, people_sum: str) -> None:
    planned.words = _in_words(clash, people_sum)
    labels = sorted({use.label for use in clash.in_the_way if use.label})
    if labels:
        planned.words += " " + _("In the way: %(uses)s", uses="、".join(labels))
    planned.state = DateState.RULE
    room = clash.plan.room
    if looking is None or room is None:
        return
    seen = looking.at(planned.on, Place(room, clash.plan.span), expected, [])
    if not seen.is_ok:
        planned.state = seen.state
    planned.others = list(seen.others)[:MOST_OTHERS]


def _choose(planned: PlannedSession, choice: str, *, is_final: bool) -> None:
    if not choice:
        choice = BOOK if planned.is_ok else "" if is_final else SKIP
    planned.choice = choice
    if choice == SKIP:
        return
    if choice == BOOK and planned.is_ok:
        planned.chosen = planned.place
        return
    place = place_of(choice, planned.on) if choice not in {"", BOOK} else None
    if place is None:
        planned.problem, planned.choice = _("Please choose what to do with this date."), ""
        return
    planned.chosen = SessionPlan(span=place.span, room=place.room)
    if place not in planned.others:
        planned.others.append(place)


def _by_plan(clashes: Sequence[Clash]) -> dict[int, Clash]:
    return {id(clash.plan): clash for clash in clashes}
