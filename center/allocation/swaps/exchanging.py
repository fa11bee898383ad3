"""Exchanging places: the ledger first, for all bookings at once, then the rules of the rooms, then the bookings.

Nobody ever sees both or neither: it is one transaction, in which the ledger refuses any overlap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from center.allocation.swaps.pairing import Pair
from center.bookings.changing.effects import Change, ChangeEffects, look_ahead
from center.bookings.changing.moving import carry
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.places import Place, place_now
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party, Rule
from center.bookings.rulebook.refusals import rule_of
from center.bookings.writing import hold_parties, hold_rooms_in_use, shape_of
from center.kernel.db import db, lock, part_of_transaction
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, in_language
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.ledger import Taking

# How far ahead and how soon a time may be asked for does not count: both have their times already.
NOT_ASKED = frozenset({Rule.HORIZON, Rule.NOTICE})


class _RehearsedError(Exception):
    """A rehearsal is over: nothing of it stays."""


def hold(pairs: Sequence[Pair], by: Person) -> None:
    """Hold the people, the organisations, the rooms and the bookings, in the order in which everybody does."""
    bookings = both(pairs)
    ledger.line_up()
    for each in sorted(bookings, key=lambda booking: (booking.person_id, booking.id)):
        hold_parties(each.person, by, each.organisation)
    hold_rooms_in_use(*(each.room for each in bookings))
    for each in sorted(bookings, key=lambda booking: booking.id):
        lock(each)


def both(pairs: Iterable[Pair]) -> list[Booking]:
    """All bookings of some pairs."""
    return [booking for pair in pairs for booking in (pair.ours, pair.theirs)]


def rehearse(pairs: Sequence[Pair], *, now: datetime) -> bool:
    """Try an exchange out and take it back; whether staff would have to agree. Raises what stands against it."""
    waits = False
    try:
        with part_of_transaction():
            waits = any(each.waits_anew for each in _try_out(pairs, now=now))
            raise _RehearsedError
    except _RehearsedError:
        db.session.expire_all()
    return waits


def exchange(pairs: Sequence[Pair], *, by: Person, channel: Channel, now: datetime, reason: str) -> None:
    """Let the bookings change places; whatever waits for staff was agreed before. Raises what stands against it."""
    for effects, booking in zip(_try_out(pairs, now=now), both(pairs), strict=True):
        _carry(booking, effects.change, effects.clear_at, by=by, channel=channel, now=now, reason=reason)


def put_back(pairs: Sequence[Pair], *, by: Person, channel: Channel, now: datetime, reason: str) -> None:
    """Exchange once more, without asking the rules of rooms that everybody had a moment ago. Raises TimeTaken."""
    moves = _moves(pairs)
    _take(moves)
    for booking, place in moves:
        change = Change(shape_of(booking), replace(shape_of(booking), room=place.room, span=place.span))
        _carry(booking, change, _cleared(booking, place), by=by, channel=channel, now=now, reason=reason)


def _try_out(pairs: Sequence[Pair], *, now: datetime) -> list[ChangeEffects]:
    """Enter the exchange in the ledger, and ask the rules of both rooms with who would use them."""
    moves = _moves(pairs)
    _take(moves)
    found: list[ChangeEffects] = []
    against: list[DomainError] = []
    for booking, place in moves:
        to = replace(shape_of(booking), room=place.room, span=place.span)
        effects = look_ahead(booking, to, as_staff=False, now=now)
        found.append(effects)
        against += [_named(booking, each) for each in effects.verdict.refusals if rule_of(each) not in NOT_ASKED]
    broken_rules(_each_once(against))
    return found


def _moves(pairs: Sequence[Pair]) -> list[tuple[Booking, Place]]:
    """Where each booking goes, in the order of `both`."""
    return [
        (booking, place)
        for pair in pairs
        for booking, place in ((pair.ours, place_now(pair.theirs)), (pair.theirs, place_now(pair.ours)))
    ]


def _take(moves: Sequence[tuple[Booking, Place]]) -> None:
    takings = [
        Taking(booking.use_id, place.room, Span(place.span.start, _cleared(booking, place))) for booking, place in moves
    ]
    ledger.retake_all(takings, zone=centre_zone())


def _cleared(booking: Booking, place: Place) -> datetime:
    """Until when the room is cleared after a booking that goes there."""
    proposed = replace(shape_of(booking), room=place.room, span=place.span).proposed(Party.ORGANISATION)
    return proposed.until_cleared(rules_of(place.room)).end


def _carry(
    booking: Booking, change: Change, clear_at: datetime, *, by: Person, channel: Channel, now: datetime, reason: str
) -> None:
    carry(
        booking,
        change,
        clear_at=clear_at,
        status=BookingStatus.CONFIRMED,
        by=by,
        channel=channel,
        now=now,
        reason=reason,
        has_time=True,
    )


def _named(booking: Booking, error: DomainError) -> DomainError:
    """A refusal with whom it concerns."""
    assert booking.organisation is not None
    name = in_language(booking.organisation.name, booking.organisation.name_en)
    return RuleBroken(f"{name}: {error}")


def _each_once(errors: Sequence[DomainError]) -> list[DomainError]:
    """What would be said of every date of a series is said once."""
    return list({str(each): each for each in errors}.values())
