"""What happens to bookings. Each function is called inside one `transaction()` and never commits."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.bookings import messages, trail
from center.bookings.holding import hold_parties, hold_quotas
from center.bookings.judging import judge
from center.bookings.messages import News
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel
from center.bookings.offers import offer_freed_time
from center.bookings.overriding import check_override, note_override
from center.bookings.rules import Party, RoomRules, Wish, cancel_deadline, may_move
from center.db import db, lock
from center.errors import Conflict, NotFound, RuleBroken, broken_rules
from center.i18n import centre_zone, format_moment
from center.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room, UseKind
from center.spans import Span

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that sound or look alike


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody asks for, checked for shape only."""

    span: Span
    people: int
    purpose: str
    request_key: str
    note: str = ""
    channel: Channel = Channel.ONLINE
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them


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

    Sending the same form again (the same `request_key` by the same hand) returns the booking it made.
    Raises RuleBroken or Conflict naming the rule, or TimeTaken when somebody was faster by a moment. Staff who book
    for others may give a reason to book against rules, and are refused without one (NeedsReason).
    """
    hold_parties(person, by, organisation)
    if made := _find_by_key(by, request.request_key):
        return made
    lock(room, shared=True)
    hold_quotas(room)
    if room.is_retired:
        raise NotFound(_l("This room is no longer in use."))
    wish = Wish(request.span, request.people, party, request.purpose_id)
    verdict = judge(room, wish, person=person, organisation=organisation, now=now)
    broken_rules(list(verdict.refusals))
    check_override(verdict, override_reason)
    booking = _new_booking(room, request, rules=verdict.rules, waits=verdict.waits, now=now)
    booking.person, booking.organisation, booking.booked_by = person, organisation, by
    db.session.add(booking)
    db.session.flush()
    what = BookingChange.REQUESTED if booking.status is BookingStatus.REQUESTED else BookingChange.CONFIRMED
    trail.note(booking, what, by=by, channel=request.channel, now=now)
    note_override(booking, verdict, override_reason, by=by, channel=request.channel, now=now)
    messages.tell(booking, News.REQUESTED if verdict.waits else News.CONFIRMED, now=now)
    return booking


def approve(booking: Booking, *, by: Person, now: datetime) -> None:
    """Agree to a waiting request; agreeing twice is agreeing once."""
    lock(booking)
    if booking.status is BookingStatus.CONFIRMED:
        return
    if booking.starts_at <= now:
        raise RuleBroken(_l("This request's time has already begun, so it can only be declined."))
    change_status(booking, BookingStatus.CONFIRMED, now=now)
    booking.decided_at, booking.decided_by = now, by
    trail.note(booking, BookingChange.APPROVED, by=by, channel=Channel.DESK, now=now)
    messages.tell(booking, News.APPROVED, now=now)


def decline(booking: Booking, *, reason: str, by: Person, now: datetime) -> None:
    """Refuse a waiting request with a reason the person will read; its time is free again."""
    lock(booking)
    if booking.status is BookingStatus.DECLINED:
        return
    change_status(booking, BookingStatus.DECLINED, now=now)
    booking.decided_at, booking.decided_by, booking.decision_reason = now, by, reason
    give_back(booking, now=now)
    trail.note(booking, BookingChange.DECLINED, by=by, channel=Channel.DESK, now=now, reason=reason)
    messages.tell(booking, News.DECLINED, now=now, reason=reason)


def cancel(booking: Booking, *, by: Person, now: datetime, reason: str = "", as_staff: bool = False) -> None:
    """Give a booking's time back; cancelling twice is cancelling once. After the deadline only staff may."""
    lock(booking)
    if booking.status is BookingStatus.CANCELLED:
        return
    if booking.starts_at <= now and not (as_staff and booking.ends_at > now):
        raise RuleBroken(_l("This booking has already begun, so it can no longer be cancelled."))
    deadline = cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)
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
    is_own_hand = by.id == booking.person_id or not as_staff
    channel = Channel.ONLINE if is_own_hand else Channel.DESK
    trail.note(booking, BookingChange.CANCELLED, by=by, channel=channel, now=now, reason=reason)
    messages.tell(booking, News.CANCELLED if is_own_hand else News.CANCELLED_BY_STAFF, now=now, reason=reason)


def give_back(booking: Booking, *, now: datetime) -> None:
    """Free a booking's time in the ledger, and offer it to whoever waits for it."""
    ledger.release(booking.use_id)
    offer_freed_time(booking.room, Span(booking.starts_at, booking.clear_at), now=now)


def _new_booking(room: Room, request: BookingRequest, *, rules: RoomRules, waits: bool, now: datetime) -> Booking:
    """Take the room's time in the ledger, and write the booking that owns it."""
    clear_at = request.span.end + rules.buffer
    use = ledger.take(UseKind.BOOKING, room, starts_at=request.span.start, clear_at=clear_at, zone=centre_zone())
    return Booking(
        reference=_new_reference(),
        use_id=use.id,
        room=room,
        request_key=request.request_key,
        channel=request.channel,
        status=BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED,
        purpose=request.purpose,
        purpose_id=request.purpose_id,
        note=request.note,
        people=request.people,
        starts_at=request.span.start,
        ends_at=request.span.end,
        clear_at=clear_at,
        requested_at=now,
        changed_at=now,
    )


def change_status(booking: Booking, to: BookingStatus, *, now: datetime) -> None:
    """Let a booking go from one state to another, and count the change for calendars. Raises Conflict."""
    if not may_move(booking.status, to):
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
    booking.status = to
    booking.changed_at = now
    booking.sequence += 1
    db.session.flush()


def _find_by_key(by: Person, request_key: str) -> Booking | None:
    return db.session.scalar(select(Booking).where(Booking.booked_by_id == by.id, Booking.request_key == request_key))


def _new_reference() -> str:
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
