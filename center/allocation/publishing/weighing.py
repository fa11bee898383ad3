"""What each wish has at each of its times, by what the records say when the result is worked out."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select

from center.allocation.matching import points as criteria
from center.allocation.matching.acceptance import Bid
from center.allocation.matching.points import OrganisationFacts, TimeFacts
from center.allocation.models import AllocationRound, Award, TermWish
from center.allocation.rounds.queries import round_before
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.visits import NoShow
from center.kernel.db import db
from center.organisations.models import OrganisationKind
from center.people.models import Person

A_YEAR = timedelta(days=365)
ELDER = 60


def weigh(found: AllocationRound, wishes: Sequence[TermWish]) -> list[Bid]:
    """Write the points of each choice down, and give the wishes as they take part."""
    facts = facts_of(found, wishes)
    weights = found.weights
    for wish in wishes:
        for choice in wish.choices:
            room = choice.time.room
            has = frozenset(each.name for each in room.equipment)
            time = TimeFacts(capacity=room.capacity, has=has)
            shares = criteria.shares(wish.people, wish.needed, facts[wish.organisation_id], time)
            choice.shares = json.dumps({each: shares[each] for each in sorted(weights)})
            choice.points = criteria.points(shares, weights)
    db.session.flush()
    return bids_of(found, wishes)


def bids_of(found: AllocationRound, wishes: Sequence[TermWish]) -> list[Bid]:
    """The wishes as they take part, with the points that are written down."""
    return [
        Bid(
            wish=wish.reference,
            order=wish.position,
            lot=criteria.lot_of(found.seed, wish.reference),
            choices=tuple(each.time_id for each in wish.choices),
            points={each.time_id: each.points or 0 for each in wish.choices},
        )
        for wish in wishes
    ]


def facts_of(found: AllocationRound, wishes: Sequence[TermWish]) -> dict[int, OrganisationFacts]:
    """What is known of each organisation that wishes, by its id."""
    organisations = {wish.organisation_id: wish.organisation for wish in wishes}
    used = _used(sorted(organisations), until=found.closes_at)
    last = _last(found)
    facts: dict[int, OrganisationFacts] = {}
    for key, organisation in organisations.items():
        kept, missed = used.get(key, (0, 0))
        asked, got = last.get(key, (0, 0))
        facts[key] = OrganisationFacts(
            is_charity=organisation.kind is OrganisationKind.CHARITY,
            kept=kept,
            missed=missed,
            asked_last=asked,
            got_last=got,
        )
    return facts


def _used(organisation_ids: Sequence[int], *, until: datetime) -> dict[int, tuple[int, int]]:
    """How many of last year's dates each kept and missed. What an elder missed, or was excused, is in neither."""
    is_missed = NoShow.id.is_not(None)
    counts = case((is_missed & _counts(until), 1), else_=0)
    query = (
        select(Booking.organisation_id, func.count(), func.sum(case((is_missed, 1), else_=0)), func.sum(counts))
        .outerjoin(NoShow, NoShow.booking_id == Booking.id)
        .join(Person, Person.id == Booking.person_id)
        .where(
            Booking.organisation_id.in_(organisation_ids),
            Booking.ends_at > until - A_YEAR,
            Booking.ends_at <= until,
            Booking.status.in_([BookingStatus.CONFIRMED, BookingStatus.RELEASED]),
        )
        .group_by(Booking.organisation_id)
    )
    return {row[0]: (row[1] - row[2], row[3]) for row in db.session.execute(query)}


def _counts(on: datetime) -> ColumnElement[bool]:
    is_young = or_(Person.birth_year.is_(None), Person.birth_year > on.year - ELDER)
    return NoShow.excused_at.is_(None) & is_young & Person.lives_alone.is_(False)


def _last(found: AllocationRound) -> dict[int, tuple[int, int]]:
    """How many wishes each organisation had in the round before, and how many of them got a time."""
    before = round_before(found)
    if before is None:
        return {}
    query = (
        select(TermWish.organisation_id, func.count(), func.count(Award.id))
        .outerjoin(Award, Award.wish_id == TermWish.id)
        .where(TermWish.round_id == before.id, TermWish.withdrawn_at.is_(None))
        .group_by(TermWish.organisation_id)
    )
    return {row[0]: (row[1], row[2]) for row in db.session.execute(query)}
