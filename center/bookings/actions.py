"""What happens to bookings. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from center.bookings import messages, news, trail
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel, is_waiting_at
from center.bookings.rulebook.checks import last_cancel, refuse_overdue, refuse_unseen
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import Verdict, check_override, judge, note_override
from center.bookings.waiting.offers import offer_freed_time
from center.bookings.whose import is_of_now
from center.bookings.writing import BookingRequest, change_status, hold_parties, hold_rooms_in_use, write_booking
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.kernel.spans import Span, subtract
from center.organisations.models import Organisation
from center.people.models import Person
from center.people.queries import is_account_waiting
from center.rooms import ledger
from center.rooms.models import Occupancy, Room, UseKind
from center.rooms.uses import lock_rooms_shared


class Freed(NamedTuple):
    """Time of a room that was given back, until it would have been cleared."""

    room: Room
    span: Span


def request_booking(
    room: Room,
    request: BookingRequest,
    *,
    person: Person,
    by: Person,
    party: Party,
    now: datetime,
    organisation: Organisation | None = None,
    override_reason: str = "",
) -> Booking:
    """Book a room for a person or an organisation; waits for approval where the room asks for it, holding its time.

    The same form sent again (by the same hand) returns what it made. Raises TimeTaken, or what `_judged` raises.
    """
    hold_parties(person, by, organisation)
    if made := _find_by_key(by, request.request_key):
        return made
    hold_rooms_in_use(room)
    shape = request.shape_in(room)
    proposed = shape.proposed(party)
    verdict = _judged(room, proposed, request, person, organisation, override_reason=override_reason, now=now)
    taken = proposed.until_cleared(verdict.rules)
    over = make_way(room, taken, now=now)
    booking = write_booking(
        ledger.take(UseKind.BOOKING, room, starts_at=taken.start, clear_at=taken.end, zone=centre_zone()),
        shape,
        clear_at=taken.end,
        waits=verdict.waits,
        person=person,
        organisation=organisation,
        by=by,
        channel=request.channel,
        request_key=request.request_key,
        now=now,
    )
    note_override(booking, verdict, override_reason, by=by, channel=request.channel, now=now)
    messages.tell(booking, news.REQUESTED if verdict.waits else news.CONFIRMED, by=by, now=now)
    offer_rest(over, room, taken, now=now)
    return booking


def _judged(
    room: Room,
    proposed: ProposedUse,
    request: BookingRequest,
    person: Person,
    organisation: Organisation | None,
    *,
    override_reason: str,
    now: datetime,
) -> Verdict:
    """What the rules say to it. Raises RuleBroken or Conflict naming the rule. Staff who book for others may give a
    reason to book against rules, and are refused without one (NeedsReason)."""
    verdict = judge(room, proposed, person=person, organisation=organisation, now=now)
    broken_rules(list(verdict.refusals))
    refuse_unless_same(request.waits, str(verdict.waits))
    check_override(verdict, override_reason)
    return verdict


def approve(booking: Booking, *, by: Person, now: datetime, seen: int | None = None, tells: bool = True) -> None:
    """Agree to a waiting request; agreeing twice is agreeing once. `seen` is the sequence of what was agreed to.

    `tells` is False where the dates of a series are told as one thing; so it is of declining and cancelling.
    """
    lock(booking)
    if booking.status is BookingStatus.CONFIRMED:
        return
    refuse_overdue(booking, now=now)
    refuse_unseen(booking, seen)
    if is_account_waiting(booking.person_id):
        raise RuleBroken(_l("The desk has not yet confirmed who this is. Confirm the account first."))
    change_status(booking, BookingStatus.CONFIRMED, now=now)
    booking.decided_at, booking.decided_by = now, by
    trail.note(booking, BookingChange.APPROVED, by=by, channel=Channel.DESK, now=now)
    if tells:
        messages.tell(booking, news.APPROVED, now=now, not_before=now + TAKEN_BACK_WITHIN)


def decline(
    booking: Booking, *, reason: str, by: Person, now: datetime, seen: int | None = None, tells: bool = True
) -> None:
    """Refuse a waiting request with a reason the person will read; its time is free again."""
    lock_to_free(booking)
    if booking.status is BookingStatus.DECLINED:
        return
    refuse_overdue(booking, now=now)
    refuse_unseen(booking, seen)
    change_status(booking, BookingStatus.DECLINED, now=now)
    booking.decided_at, booking.decided_by, booking.decision_reason = now, by, reason
    give_back(booking, now=now)
    trail.note(booking, BookingChange.DECLINED, by=by, channel=Channel.DESK, now=now, reason=reason)
    if tells:
        messages.tell(booking, news.DECLINED, now=now, reason=reason, not_before=now + TAKEN_BACK_WITHIN)


def cancel(
    booking: Booking, *, by: Person, now: datetime, reason: str = "", as_staff: bool = False, tells: bool = True
) -> None:
    """Give a booking's time back; cancelling twice is cancelling once. After the deadline only staff may."""
    lock_to_free(booking)
    if booking.status is BookingStatus.CANCELLED:
        return
    refuse_overdue(booking, now=now)
    if booking.starts_at <= now and not (as_staff and booking.ends_at > now):
        raise RuleBroken(_l("This booking has already begun, so it can no longer be cancelled."))
    deadline = last_cancel(booking)
    if now > deadline and not as_staff:
        raise RuleBroken(
            _l(
                "It could be cancelled here until %(deadline)s. Please call the desk, so that others can use the room.",
                deadline=format_moment(deadline),
            )
        )
    change_status(booking, BookingStatus.CANCELLED, now=now)
    booking.cancelled_at, booking.cancelled_by, booking.cancel_reason = now, by, reason
    give_back(booking, now=now)
    is_own_hand = not as_staff or is_of_now(booking, by, now=now)
    channel = Channel.ONLINE if is_own_hand else Channel.DESK
    trail.note(booking, BookingChange.CANCELLED, by=by, channel=channel, now=now, reason=reason)
    if tells:
        kind = news.CANCELLED if is_own_hand else news.CANCELLED_BY_STAFF
        messages.tell(booking, kind, by=by, now=now, reason=reason)


def lock_to_free(booking: Booking) -> None:
    """Hold a booking whose time may be given back. Its room comes first, as it does for whoever closes the room."""
    lock_rooms_shared([booking.room])
    lock(booking)


def give_back(booking: Booking, *, now: datetime) -> None:
    """Free a booking's time in the ledger, and offer it to whoever waits for it."""
    ledger.release(booking.use_id)
    offer_freed_time(booking.room, Span(booking.starts_at, booking.clear_at), now=now)


def expire(booking: Booking, *, now: datetime) -> bool:
    """Put away a request that nobody decided in time; returns whether it was one. Its time is given back."""
    lock_to_free(booking)
    if not _end_overdue(booking, now=now):
        return False
    offer_freed_time(booking.room, Span(booking.starts_at, booking.clear_at), now=now)
    return True


def make_way(room: Room, span: Span, *, now: datetime) -> list[Freed]:
    """Before somebody takes time: put away the overdue requests that still hold some of it in the ledger.

    Returns the time that they held; `offer_rest` offers what the new use leaves of it.
    """
    query = (
        select(Booking)
        .join(Occupancy, Occupancy.use_id == Booking.use_id)
        .where(
            Occupancy.room_id.in_([leaf.id for leaf in room.leaves]),
            Occupancy.clear_at > span.start,
            Occupancy.starts_at < span.end,
            Booking.status == BookingStatus.REQUESTED,
            ~is_waiting_at(now),
        )
        .order_by(Booking.id)
    )
    overdue = [booking for booking in db.session.scalars(query).unique().all() if _end_overdue(booking, now=now)]
    return [Freed(booking.room, Span(booking.starts_at, booking.clear_at)) for booking in overdue]


def offer_rest(freed: Sequence[Freed], room: Room, taken: Span, *, now: datetime) -> None:
    """Offer freed time except what was taken of it just now for this room."""
    gone = {leaf.id for leaf in room.leaves}
    for was, span in freed:
        if gone.isdisjoint(leaf.id for leaf in was.leaves):
            offer_freed_time(was, span, now=now)
            continue
        for leaf in was.leaves:
            for piece in subtract([span], [taken] if leaf.id in gone else []):
                offer_freed_time(leaf, piece, now=now)


def _end_overdue(booking: Booking, *, now: datetime) -> bool:
    lock(booking)
    if booking.status is not BookingStatus.REQUESTED or booking.standing_at(now) is not BookingStatus.EXPIRED:
        return False
    change_status(booking, BookingStatus.EXPIRED, now=now)
    ledger.release(booking.use_id)
    trail.note(booking, BookingChange.EXPIRED, by=None, now=now)
    messages.tell(booking, news.EXPIRED, now=now)
    return True


def _find_by_key(by: Person, request_key: str) -> Booking | None:
    return db.session.scalar(select(Booking).where(Booking.booked_by_id == by.id, Booking.request_key == request_key))
