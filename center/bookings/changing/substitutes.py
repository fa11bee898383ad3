"""Where else a booking could go when its room is needed for something else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from center.bookings.models import Booking
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party, Rule
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.times import nearest_free_times
from center.bookings.writing import shape_of
from center.kernel.spans import Span
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.rooms.wants import lacking_features

MOST_ROOMS = 3
OF_PARTY = frozenset(
    {Rule.ALLOWANCE, Rule.HORIZON, Rule.LIVE_LIMIT, Rule.LONGEST, Rule.QUOTA}
)  # which it kept, or was let off


def substitutes(booking: Booking, *, now: datetime, avoiding: Sequence[Span] = ()) -> Sequence[Place]:
    """The same time in the smallest rooms that suit the booking; else the nearest times in its own room."""
    span = booking.span
    fitting: list[Place] = []
    for room in sorted((room for room in all_rooms() if _suits(room, booking)), key=_by_size):
        if _is_possible(booking, room, span, now=now):
            fitting.append(Place(room, span))
        if len(fitting) == MOST_ROOMS:
            break
    return fitting or _other_times(booking, span, avoiding, now=now)


def _suits(room: Room, booking: Booking) -> bool:
    """Whether it is another room that holds the people, has what they need, and is for such parties."""
    is_other = {leaf.id for leaf in room.leaves}.isdisjoint(leaf.id for leaf in booking.room.leaves)
    holds = room.min_people <= booking.people <= room.capacity
    allows = room.organisations_may_book if booking.organisation_id is not None else room.residents_may_book
    return is_other and holds and allows and not lacking_features(room, booking.needed)


def _is_possible(booking: Booking, room: Room, span: Span, *, now: datetime) -> bool:
    proposed = replace(shape_of(booking), room=room).proposed(Party.STAFF)
    organisation = booking.organisation
    verdict = judge(room, proposed, person=booking.person, organisation=organisation, now=now, instead_of=booking)
    return not verdict.refusals and OF_PARTY.issuperset(verdict.overridable)


def _other_times(booking: Booking, span: Span, avoiding: Sequence[Span], *, now: datetime) -> list[Place]:
    proposed = shape_of(booking).proposed(Party.STAFF)
    asker = Asker(booking.person, booking.organisation)
    taken = (span, *avoiding)
    times = nearest_free_times(booking.room, proposed, now=now, asker=asker, instead_of=booking, avoiding=taken)
    return [Place(booking.room, time) for time in times]


def _by_size(room: Room) -> tuple[int, int, str]:
    return room.capacity, room.position, room.code
