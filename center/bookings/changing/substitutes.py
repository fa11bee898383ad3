"""Where else a booking could go when its room is needed for something else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from center.bookings.changes import shape_of
from center.bookings.models import Booking
from center.bookings.rulebook.facts import Party, Rule
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.needs import lacking_features
from center.bookings.rulebook.quota_facts import Asker
from center.bookings.rulebook.suggesting import nearest_free_times
from center.kernel.spans import Span
from center.rooms.models import Room
from center.rooms.queries import all_rooms

MOST_ROOMS = 3
OF_PARTY = frozenset({Rule.HORIZON, Rule.LIVE_LIMIT, Rule.LONGEST, Rule.QUOTA})  # which it kept, or was let off


@dataclass(frozen=True)
class Substitute:
    """A room and time that would do."""

    room: Room
    span: Span


def substitutes(booking: Booking, *, now: datetime, avoiding: Sequence[Span] = ()) -> Sequence[Substitute]:
    """The best substitutes: the same time in rooms that hold the people, have what they need and allow the party; the
    smallest such room first. Where there is none, the nearest times in the same room, except those `avoiding` names.
    """
    span = Span(booking.starts_at, booking.ends_at)
    fitting: list[Substitute] = []
    for room in sorted((room for room in all_rooms() if _suits(room, booking)), key=_by_size):
        if _is_possible(booking, room, span, now=now):
            fitting.append(Substitute(room, span))
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


def _other_times(booking: Booking, span: Span, avoiding: Sequence[Span], *, now: datetime) -> list[Substitute]:
    proposed = shape_of(booking).proposed(Party.STAFF)
    asker = Asker(booking.person, booking.organisation)
    taken = (span, *avoiding)
    times = nearest_free_times(booking.room, proposed, now=now, asker=asker, instead_of=booking, avoiding=taken)
    return [Substitute(booking.room, time) for time in times]


def _by_size(room: Room) -> tuple[int, int, str]:
    return room.capacity, room.position, room.code
