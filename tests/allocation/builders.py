"""Builders of rounds, wishes and swaps. The clock stands at Monday 23 November 2026, 09:00 in the morning."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from center.allocation.matching.points import Criterion
from center.allocation.models import AllocationRound, TermWish, WeeklyTime
from center.allocation.publishing import deciding, publishing
from center.allocation.rounds import actions as rounds
from center.allocation.wishes import actions as wishing
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from tests.builders import ZONE, make_organisation, make_person

MORNING = datetime(2026, 11, 23, 9, tzinfo=ZONE)
CLOSED = datetime(2026, 12, 7, 9, tzinfo=ZONE)
FIRST, LAST = date(2026, 12, 21), date(2027, 1, 24)
TUE, THU = 1, 3


def make_round(
    *rooms: Room,
    weekdays: Sequence[int] = (TUE,),
    hours: Sequence[int] = (14,),
    weights: dict[Criterion, int] | None = None,
    is_open: bool = True,
    by: Person | None = None,
    **facts: Any,
) -> AllocationRound:
    """A round with two-hour times in these rooms, open for wishes until 6 December."""
    by = by or make_person()
    known = {
        "slug": "spring",
        "name": "春季",
        "name_en": "Spring",
        "starts_on": FIRST,
        "ends_on": LAST,
        "opens_at": MORNING,
        "closes_at": CLOSED - timedelta(hours=12),
    }
    with transaction():
        made = rounds.make_round(rounds.RoundFacts(**{**known, **facts}), by=by, now=clock.now())
        for room in rooms:
            new = [rounds.NewTime(weekday=day, starts=time(hour), minutes=120) for day in weekdays for hour in hours]
            rounds.offer_times(made, room, new, by=by)
        if weights is not None:
            rounds.set_weights(made, weights, by=by)
        if is_open:
            rounds.open_round(made, by=by, now=clock.now())
    return made


def team(**facts: Any) -> Organisation:
    """An organisation with a lead."""
    return make_organisation(leads=[make_person()], **facts)


def lead_of(organisation: Organisation) -> Person:
    return organisation.memberships[0].person


def make_wish(
    found: AllocationRound, organisation: Organisation, *times: WeeklyTime, people: int = 10, **facts: Any
) -> TermWish:
    """A wish of an organisation for these times, the best first."""
    asked = wishing.WishFacts(
        **{"purpose": "合唱排练", "people": people, "choices": tuple(each.id for each in times), **facts}
    )
    with transaction():
        return wishing.name_wish(found, organisation, asked, by=lead_of(organisation), now=clock.now())


def times_in(found: AllocationRound) -> list[WeeklyTime]:
    """The times of a round, in the order in which they were offered."""
    return list(db.session.get_one(AllocationRound, found.id).times)


def work_out(found: AllocationRound, by: Person | None = None) -> int:
    """Let the round close, and work out its result."""
    clock.start_at(CLOSED)
    by = by or make_person()
    with transaction():
        return deciding.work_out(found, by=by, now=clock.now())


def publish(found: AllocationRound, by: Person | None = None) -> None:
    """Publish the result as it would be seen now."""
    by = by or make_person()
    with transaction():
        seen = publishing.digest(publishing.look_ahead(found, now=clock.now()))
        publishing.publish(found, seen=seen, by=by, now=clock.now())
