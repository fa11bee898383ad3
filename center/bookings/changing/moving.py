"""Changing a booking that stands: another time or room, more or fewer people, another purpose or need.

One transaction each, called like the other actions: the ledger's old rows make way for the new ones, so that nobody can
slip in between, and whatever is refused leaves the booking as it was.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete

from center.bookings import history, messages, news
from center.bookings.actions import make_way, offer_rest
from center.bookings.changing.effects import Change, ChangeEffects, look_ahead, say_all
from center.bookings.models import LIVE, Booking, BookingChange, BookingStatus, Channel, RoomReady
from center.bookings.places import Place
from center.bookings.policy import is_of_now
from center.bookings.rulebook.deciding import expiry
from center.bookings.states import cancel_deadline, refuse_overdue, refuse_unseen
from center.bookings.writing import (
    Shape,
    change_status,
    check_override,
    columns_of,
    count_change,
    hold_parties,
    needs_of,
    note_override,
    shape_of,
)
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.known_rooms import lock_rooms_shared
from center.rooms.models import Room


def carry(
    booking: Booking,
    change: Change,
    *,
    clear_at: datetime,
    status: BookingStatus,
    by: Person,
    channel: Channel,
    now: datetime,
    reason: str = "",
    has_time: bool = False,
) -> None:
    """Make a booking what a change says, and count it for calendars; it is held and judged. Raises TimeTaken.

    What changes places with another booking `has_time` there already.
    """
    to = change.to
    had, takes = booking.until_cleared, Span(to.span.start, clear_at)
    if not has_time and (change.was.room.id, had) != (to.room.id, takes):
        ledger.retake(booking.use_id, to.room, starts_at=takes.start, clear_at=takes.end, zone=centre_zone())
    for name, value in {**columns_of(to), "clear_at": clear_at}.items():
        setattr(booking, name, value)
    if change.was.needs != to.needs:
        booking.needs = needs_of(to)
    if change.needs_setting_up:
        ready_again(booking)
    if not change.is_within:
        booking.checked_in_at = None
    if change.is_moved:
        booking.moved_by_staff_at = booking.move_agreed_at = None
    booking.change_wanted, booking.change_wanted_at = "", None  # nothing more is asked of the person
    booking.change_answer, booking.change_answered_at = "", None
    _stand(booking, status, now=now)
    what = BookingChange.MOVED if change.is_moved else BookingChange.EDITED
    was = Place(change.was.room, change.was.span) if change.is_moved else None
    history.note(booking, what, by=by, channel=channel, now=now, reason=reason, was=was)


def ready_again(booking: Booking) -> None:
    """What was made ready for a booking no longer counts."""
    db.session.execute(delete(RoomReady).where(RoomReady.booking_id == booking.id))


def _stand(booking: Booking, status: BookingStatus, *, now: datetime) -> None:
    if status is not booking.status:
        change_status(booking, status, now=now)
        booking.decided_at = booking.decided_by = None
    else:
        count_change(booking, now=now)
    if booking.status is BookingStatus.REQUESTED:
        booking.expires_at = expiry(booking.starts_at, booking.room, now=now)
    db.session.flush()


STAFF_NOTICE = timedelta(hours=24)


def change(
    booking: Booking,
    to: Shape,
    *,
    by: Person,
    now: datetime,
    as_staff: bool,
    seen: int | None = None,
    override_reason: str = "",
) -> None:
    """Change a booking as its person wishes; at the desk or on the phone (`as_staff`) no deadline binds. Twice is once.

    Raises as `request_booking` does, and Conflict where the booking is no longer as it was `seen`.
    """
    _lock_for_change(booking, to.room, by)
    _refuse_ended(booking, now=now)
    if to == shape_of(booking):
        return
    refuse_unseen(booking, seen)
    if not as_staff:
        _refuse_late(booking, now=now)
    stood = booking.status
    channel = Channel.DESK if as_staff else Channel.ONLINE
    effects = look_ahead(booking, to, as_staff=as_staff, now=now)
    made = _carry_out(booking, effects, override_reason, by=by, channel=channel, now=now)
    note_override(booking, effects.verdict, override_reason, by=by, channel=channel, now=now)
    if booking.status is not stood:
        history.note_state(booking, by=by, channel=channel, now=now)
    waits_again = booking.status is BookingStatus.REQUESTED and booking.status is not stood
    if made.is_moved:
        facts: dict[str, Any] = {"was": _said(made), "note": lambda: _beside_the_move(made, waits_again)}
        is_own_hand = not as_staff or is_of_now(booking, by, now=now)
        messages.tell(booking, news.MOVED if is_own_hand else news.MOVED_BY_DESK, by=by, now=now, **facts)
    elif as_staff:
        messages.tell(booking, news.EDITED_BY_STAFF, now=now, changes=lambda: say_all(made))
    elif waits_again:
        messages.tell(booking, news.REQUESTED, by=by, now=now)


def move_by_staff(
    booking: Booking, *, room: Room, span: Span, reason: str, agreed: bool, by: Person, now: datetime
) -> None:
    """Move somebody's booking because the centre needs it, with a reason they will read. They may still cancel it.

    Within 24 hours of its old or new start they must have `agreed`. Raises RuleBroken or Conflict, or TimeTaken.
    """
    _lock_for_change(booking, room, by)
    _refuse_ended(booking, now=now)
    to = replace(shape_of(booking), room=room, span=span)
    if to == shape_of(booking):
        return
    if not reason.strip():
        raise RuleBroken(_l("Please write why, in a few words the person will read."), field="reason")
    if not agreed and min(booking.starts_at, span.start) - now < STAFF_NOTICE:
        raise RuleBroken(
            _l("It is less than 24 hours until then. Speak to the person first, and tick that they agree."),
            field="agreed",
        )
    channel = Channel.PHONE if agreed else Channel.DESK
    effects = look_ahead(booking, to, as_staff=True, now=now)
    made = _carry_out(booking, effects, reason, by=by, channel=channel, now=now, reason=reason)
    booking.moved_by_staff_at, booking.move_agreed_at = now, now if agreed else None
    note_override(booking, effects.verdict, reason, by=by, channel=channel, now=now)
    messages.tell(booking, news.MOVED_BY_STAFF, now=now, reason=reason, was=_said(made))


def agree(booking: Booking, *, by: Person, now: datetime) -> None:
    """The person says that a move by staff is fine; saying it twice is saying it once."""
    lock(booking)
    _refuse_ended(booking, now=now)
    if booking.moved_by_staff_at is None or booking.move_agreed_at is not None:
        return
    booking.move_agreed_at = now
    history.note(booking, BookingChange.KEPT, by=by, channel=Channel.ONLINE, now=now)


def refuse_unchangeable(booking: Booking, *, as_staff: bool, now: datetime) -> None:
    """Raises Conflict or RuleBroken where nothing can be changed any more, or not without the desk."""
    _refuse_ended(booking, now=now)
    if not as_staff:
        _refuse_late(booking, now=now)


def _refuse_late(booking: Booking, *, now: datetime) -> None:
    if booking.starts_at <= now:
        raise RuleBroken(_l("This booking has already begun, so only the desk can change it now."))
    deadline = cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)
    if now > deadline:
        raise RuleBroken(
            _l("It could be changed here until %(deadline)s. Please call the desk.", deadline=format_moment(deadline))
        )


def _lock_for_change(booking: Booking, room: Room, by: Person) -> None:
    """Hold what a change rests on, in the order in which everybody does: people, rooms, the booking."""
    before = booking.room_id
    hold_parties(booking.person, by, booking.organisation)
    lock_rooms_shared([booking.room, room])
    if room.is_retired and room.id != before:
        raise NotFound(_l("This room is no longer in use."))
    lock(booking)
    if booking.room_id != before:
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))


def _refuse_ended(booking: Booking, *, now: datetime) -> None:
    refuse_overdue(booking, now=now)
    if booking.status not in LIVE:
        raise Conflict(_l("This booking is over or was cancelled, so it cannot be changed. Please book anew."))
    if booking.ends_at <= now:
        raise RuleBroken(_l("This booking is over, so it can no longer be changed."))


def _carry_out(
    booking: Booking,
    effects: ChangeEffects,
    override_reason: str,
    *,
    by: Person,
    channel: Channel,
    now: datetime,
    reason: str = "",
) -> Change:
    """Make the change, in the ledger first. Raises what the rules say against it, NeedsReason, or TimeTaken."""
    broken_rules(list(effects.verdict.refusals))
    check_override(effects.verdict, override_reason)
    change, to = effects.change, effects.change.to
    had, takes = booking.until_cleared, Span(to.span.start, effects.clear_at)
    freed: list[Place] = []
    if (change.was.room.id, had) != (to.room.id, takes):
        freed = [*make_way(to.room, takes, now=now), Place(change.was.room, had)]
    stands = effects.status
    carry(booking, change, clear_at=takes.end, status=stands, by=by, channel=channel, now=now, reason=reason)
    if freed:
        offer_rest(freed, to.room, takes, now=now)
    return change


def _said(change: Change) -> Callable[[], str]:
    """Where a booking was before a move, in the reader's language."""
    room, span = change.was.room, change.was.span
    return lambda: messages.place_and_time(room, span.start, span.end)


def _beside_the_move(change: Change, waits: bool) -> str:
    """What else is to be known of a move: what is different beside the place, and whether it waits for approval."""
    return "\n\n".join(filter(None, (say_all(change, but_place=True), _approval_words(waits))))


def _approval_words(waits: bool) -> str:
    return _("The centre must approve this again. The time is held for you meanwhile.") if waits else ""
