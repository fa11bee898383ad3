"""Something of allocations and swaps for every name that stands in an address."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

from center.allocation.models import AllocationRound, RoundState
from center.allocation.rounds import actions as rounds
from center.allocation.swaps.actions import propose
from center.allocation.wishes.actions import WishFacts, name_wish
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from tests.builders import at, make_booking, make_organisation, make_person, make_room

TERM = "spring"
DRAFT = "autumn"  # being prepared


def of_allocation(organisation: Organisation, lead: Person) -> dict[str, Any]:
    """A round that is open, a wish of the organisation in it, and a swap that another one proposes to it."""
    found = db.session.query(AllocationRound).filter_by(slug=TERM).first() or _round(make_room(), lead)
    slot, now = found.times[0], clock.now()
    facts = WishFacts(purpose="合唱排练", people=5, choices=(slot.id,))
    with transaction():
        wish = name_wish(found, organisation, facts, by=lead, now=now)
    other = make_person(name="周学文")
    offered = make_booking(
        room=make_room(), person=other, organisation=make_organisation(leads=[other]), starts_at=at(10, days=6)
    )
    wanted = make_booking(room=make_room(), person=lead, organisation=organisation, starts_at=at(14, days=6))
    with transaction():
        swap = propose(offered, wanted, words="可以换吗？", by=other, now=now)
    return {
        "organisation": organisation.slug,
        "term": TERM,
        "wish_number": wish.reference,
        "swap_number": swap.reference,
        "time_id": slot.id,
    }


def _round(room: Room, by: Person) -> AllocationRound:
    now = clock.now()
    first = local_date(now) + timedelta(days=30)
    facts = rounds.RoundFacts(
        slug=TERM,
        name="春季教室时段",
        name_en="Room times of spring",
        starts_on=first,
        ends_on=first + timedelta(days=60),
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=10),
    )
    with transaction():
        found = rounds.make_round(facts, by=by, now=now)
        rounds.offer_times(found, room, [rounds.NewTime(weekday=1, starts=time(14), minutes=120)], by=by)
        rounds.open_round(found, by=by, now=now)
        rounds.make_round(replace(facts, slug=DRAFT, name="秋季教室时段"), by=by, now=now)
    assert found.state is RoundState.OPEN
    return found
