"""The verdict on a wish for a room as things stand now: the rule book applied to what the database knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from center.bookings.availability import facts_for, rules_of
from center.bookings.models import Booking, is_live_at
from center.bookings.needs import needs_refused
from center.bookings.refusals import refusal
from center.bookings.rules import Facts, Party, RoomRules, Wish, breaches, needs_approval
from center.db import db
from center.errors import DomainError
from center.i18n import centre_zone
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.schedule import load_schedule
from center.spans import Span


@dataclass(frozen=True)
class Verdict:
    """What the rules say to a wish: every reason against it in words, and whether a member of staff must agree."""

    refusals: Sequence[DomainError]
    waits: bool
    rules: RoomRules


def judge(
    room: Room,
    wish: Wish,
    *,
    person: Person,
    organisation: Organisation | None,
    now: datetime,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
) -> Verdict:
    """The verdict on a wish of a person or an organisation.

    `instead_of` is a booking of theirs that the wish would replace, so that neither its time nor its count stands in
    the way. `planned` are the spans of other dates that are about to be booked with it, which count towards limits.
    """
    zone = centre_zone()
    first, last = wish.span.start.astimezone(zone).date(), wish.span.end.astimezone(zone).date()
    schedule = load_schedule([room], first, last, zone=zone)
    live_count = count_live(person, organisation, wish.party, now=now, instead_of=instead_of) + len(planned)
    facts: Facts = facts_for(
        room, first, last, now=now, live_count=live_count, schedule=schedule, instead_of=instead_of
    )
    rules = rules_of(room)
    closed = "" if schedule.open_spans(room, first) else schedule.closed_reason(room, first)
    refusals = [refusal(breach, room, rules, closed_reason=closed) for breach in breaches(wish, rules, facts)]
    refusals += needs_refused(room, wish)
    return Verdict(refusals, needs_approval(wish, rules), rules)


def count_live(
    person: Person,
    organisation: Organisation | None,
    party: Party,
    *,
    now: datetime,
    instead_of: Booking | None = None,
) -> int:
    """Bookings of the party that have not ended; a person's own and an organisation's are counted apart."""
    whose = (
        Booking.organisation_id == organisation.id
        if party is Party.ORGANISATION and organisation
        else (Booking.person_id == person.id) & Booking.organisation_id.is_(None)
    )
    query = select(func.count()).where(whose, Booking.ends_at > now, is_live_at(now))
    if instead_of is not None:
        query = query.where(Booking.id != instead_of.id)
    return db.session.scalar(query) or 0
