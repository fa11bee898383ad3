"""Exchanging places: the ledger first, for all at once, then the rules of the rooms, then the bookings and sessions.

Nobody ever sees both or neither: it is one transaction, in which the ledger refuses any overlap.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from center.activities.clashes import SessionPlan, refusals_but_for_others
from center.activities.models import Session
from center.activities.sessions import change_place, hold_with_activity
from center.allocation.swaps.pairing import Pair
from center.allocation.swaps.slots import Slot, organisation_of, place_now, until_cleared, use_id_of
from center.bookings.changing.effects import Change, look_ahead
from center.bookings.changing.moving import carry
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.places import Place
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party, ProposedUse, Rule
from center.bookings.rulebook.refusals import rule_of
from center.bookings.rulebook.rules import needs_approval
from center.bookings.writing import hold_parties, hold_rooms_in_use, shape_of
from center.kernel.db import db, lock, part_of_transaction
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, in_language
from center.people.models import Person
from center.rooms import ledger
from center.rooms.ledger import Taking

# How far ahead and how soon a time may be asked for does not count: both have their times already.
NOT_ASKED = frozenset({Rule.HORIZON, Rule.NOTICE})


class _RehearsedError(Exception):
    """A rehearsal is over: nothing of it stays."""


def hold(pairs: Sequence[Pair], by: Person) -> None:
    """Hold the people, the organisations, the activities, the rooms and the bookings, in everybody's order."""
    slots = both(pairs)
    bookings = [each for each in slots if isinstance(each, Booking)]
    ledger.line_up()
    for booking in sorted(bookings, key=lambda each: (each.person_id, each.id)):
        hold_parties(booking.person, by, booking.organisation)
    for session in sorted(sessions_among(slots), key=lambda each: (each.activity_id, each.id)):
        hold_with_activity(session)
    hold_rooms_in_use(*(each.room for each in slots if each.room is not None))
    for booking in sorted(bookings, key=lambda each: each.id):
        lock(booking)


def both(pairs: Iterable[Pair]) -> list[Slot]:
    """Everything of some pairs."""
    return [slot for pair in pairs for slot in (pair.ours, pair.theirs)]


def sessions_among(slots: Iterable[Slot]) -> list[Session]:
    """The sessions of activities among them."""
    return [each for each in slots if isinstance(each, Session)]


def rehearse(pairs: Sequence[Pair], *, now: datetime) -> bool:
    """Try an exchange out and take it back; whether staff would have to agree. Raises what stands against it."""
    waits = False
    try:
        with part_of_transaction():
            waits = _try_out(pairs, now=now)
            raise _RehearsedError
    except _RehearsedError:
        db.session.expire_all()
    return waits


def exchange(pairs: Sequence[Pair], *, by: Person, channel: Channel, now: datetime, reason: str) -> None:
    """Let them change places; whatever waits for staff was agreed before. Raises what stands against it."""
    _try_out(pairs, now=now)
    _carry_all(_moves(pairs), by=by, channel=channel, now=now, reason=reason)


def put_back(pairs: Sequence[Pair], *, by: Person, channel: Channel, now: datetime, reason: str) -> None:
    """Exchange once more, without asking the rules of rooms that everybody had a moment ago. Raises TimeTaken."""
    moves = _moves(pairs)
    _take(moves)
    _carry_all(moves, by=by, channel=channel, now=now, reason=reason)


def _try_out(pairs: Sequence[Pair], *, now: datetime) -> bool:
    """Enter the exchange in the ledger, and ask the rules of both rooms with who would use them; whether it waits."""
    moves = _moves(pairs)
    _take(moves)
    against: list[DomainError] = []
    waits = False
    for slot, place in moves:
        refusals, slot_waits = _judge(slot, place, now=now)
        waits = waits or slot_waits
        against += [_named(slot, each) for each in refusals if rule_of(each) not in NOT_ASKED]
    broken_rules(_each_once(against))
    return waits


def _judge(slot: Slot, place: Place, *, now: datetime) -> tuple[Sequence[DomainError], bool]:
    """What stands against it there, and whether staff would have to agree."""
    if isinstance(slot, Session):
        proposed = ProposedUse(place.span, slot.activity.expected, Party.ORGANISATION)
        waits = place.room.id != slot.room_id and needs_approval(proposed, rules_of(place.room))
        return refusals_but_for_others(slot, _plan(slot, place), now=now), waits
    to = replace(shape_of(slot), room=place.room, span=place.span)
    effects = look_ahead(slot, to, as_staff=False, now=now)
    return effects.verdict.refusals, effects.waits_anew


def _moves(pairs: Sequence[Pair]) -> list[tuple[Slot, Place]]:
    """Where each goes, in the order of `both`."""
    return [
        (slot, place)
        for pair in pairs
        for slot, place in ((pair.ours, place_now(pair.theirs)), (pair.theirs, place_now(pair.ours)))
    ]


def _take(moves: Sequence[tuple[Slot, Place]]) -> None:
    takings = [Taking(use_id_of(slot), place.room, until_cleared(slot, place)) for slot, place in moves]
    ledger.retake_all(takings, zone=centre_zone())


def _carry_all(
    moves: Sequence[tuple[Slot, Place]], *, by: Person, channel: Channel, now: datetime, reason: str
) -> None:
    """Let them be where the ledger has them by now."""
    for slot, place in moves:
        if isinstance(slot, Session):
            change_place(slot, _plan(slot, place), by=by, now=now, reason=reason)
            continue
        carry(
            slot,
            Change(shape_of(slot), replace(shape_of(slot), room=place.room, span=place.span)),
            clear_at=until_cleared(slot, place).end,
            status=BookingStatus.CONFIRMED,
            by=by,
            channel=channel,
            now=now,
            reason=reason,
            has_time=True,
        )


def _plan(session: Session, place: Place) -> SessionPlan:
    return SessionPlan(span=place.span, room=place.room, topic=session.topic)


def _named(slot: Slot, error: DomainError) -> DomainError:
    """A refusal with whom it concerns."""
    organisation = organisation_of(slot)
    assert organisation is not None
    name = in_language(organisation.name, organisation.name_en)
    return RuleBroken(f"{name}: {error}")


def _each_once(errors: Sequence[DomainError]) -> list[DomainError]:
    """What would be said of every date of a series is said once."""
    return list({str(each): each for each in errors}.values())
