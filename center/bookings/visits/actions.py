"""Who has come and who has not. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.bookings import history, messages, news
from center.bookings.actions import give_back, lock_to_free
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel
from center.bookings.models.visits import Missed, NoShow
from center.bookings.rulebook.missed_visits import Visit, is_unclaimed, may_be_marked_missed, meaning_of, visit_of
from center.bookings.visits import welfare
from center.bookings.writing import change_status
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_clock
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room


def check_in(booking: Booking, *, by: Person, now: datetime) -> None:
    """Note that they have come; noting it twice is noting it once."""
    lock(booking)
    visit = visit_of(booking, now=now)
    if visit is Visit.HERE:
        return
    if visit is not Visit.AWAITED:
        raise RuleBroken(_why_not(booking, visit))
    booking.checked_in_at = now
    history.note(booking, BookingChange.CHECKED_IN, by=by, channel=Channel.DESK, now=now)


def undo_check_in(booking: Booking, *, by: Person, now: datetime) -> None:
    """Take a check-in back; where the room is given to others if unclaimed, its minutes begin anew."""
    lock(booking)
    if booking.checked_in_at is None:
        return
    if visit_of(booking, now=now) is not Visit.HERE:
        raise RuleBroken(_l("This booking is over, so its check-in stays as it is."))
    booking.checked_in_at, booking.changed_at = None, now
    history.note(booking, BookingChange.CHECK_IN_UNDONE, by=by, channel=Channel.DESK, now=now)


def release_unclaimed(booking: Booking, *, now: datetime) -> bool:
    """Give a room to others to which nobody came in time; does nothing where somebody has come meanwhile."""
    lock_to_free(booking)
    if not is_unclaimed(booking, now=now):
        return False
    _release(booking, by=None, now=now)
    _record(booking, by=None, now=now)
    return True


def mark_missed(booking: Booking, *, by: Person, now: datetime) -> None:
    """A member of staff says that nobody came. What is left of the time is free for others."""
    lock_to_free(booking)
    if find_no_show(booking) is not None:
        return
    if not may_be_marked_missed(booking, now=now):
        raise RuleBroken(_l("This booking cannot be marked as missed. Please look at it again."))
    if now < booking.ends_at:
        _release(booking, by=by, now=now)
    _record(booking, by=by, now=now)


def excuse(missed: NoShow, *, reason: str, by: Person, now: datetime) -> None:
    """There was a reason, or it was our mistake: the missed visit counts no more. Twice is once."""
    lock(missed)
    if missed.excused_at is None:
        missed.excused_at, missed.excused_by_id, missed.excuse = now, by.id, reason
        db.session.flush()


def unclaimed_ids(now: datetime) -> Sequence[int]:
    """The bookings whose rooms go to others now, the earliest first. Reads the ledger of this moment only."""
    released = select(Room.id).where(Room.release_minutes > 0)
    parts = db.session.scalars(select(Room.id).where(or_(Room.id.in_(released), Room.parent_id.in_(released)))).all()
    running = db.session.scalars(ledger.uses_in(parts, Span(now, now + timedelta(microseconds=1)))).all()
    if not running:
        return []
    query = (
        select(Booking)
        .where(Booking.use_id.in_(running), Booking.status == BookingStatus.CONFIRMED, Booking.checked_in_at.is_(None))
        .options(joinedload(Booking.room))
        .order_by(Booking.starts_at, Booking.id)
    )
    return [booking.id for booking in db.session.scalars(query) if is_unclaimed(booking, now=now)]


def find_no_show(booking: Booking) -> NoShow | None:
    """The missed visit of a booking, if it was one."""
    return db.session.scalar(select(NoShow).where(NoShow.booking_id == booking.id))


def get_no_show(no_show_id: int) -> NoShow:
    """The missed visit with this id; raises NotFound."""
    query = (
        select(NoShow)
        .where(NoShow.id == no_show_id)
        .options(joinedload(NoShow.person), joinedload(NoShow.booking).joinedload(Booking.room))
    )
    return must_find(db.session.scalar(query), _l("There is no such missed visit."))


def _release(booking: Booking, *, by: Person | None, now: datetime) -> None:
    change_status(booking, BookingStatus.RELEASED, now=now)
    give_back(booking, now=now)
    history.note(booking, BookingChange.RELEASED, by=by, channel=Channel.DESK if by else None, now=now)
    messages.tell(booking, news.RELEASED, now=now)


def _record(booking: Booking, *, by: Person | None, now: datetime) -> None:
    """Write a missed visit down as what it means for this person."""
    meaning = meaning_of(is_organisations=booking.organisation_id is not None, lives_alone=booking.person.lives_alone)
    times = {"missed_at": booking.starts_at, "recorded_at": now, "recorded_by_id": by.id if by else None}
    db.session.add(NoShow(booking_id=booking.id, person_id=booking.person_id, meaning=meaning, **times))
    if meaning is Missed.WELFARE:
        welfare.ask_after_booking(booking, now=now)
    history.note(booking, BookingChange.NO_SHOW, by=by, channel=Channel.DESK if by else None, now=now)
    if booking.organisation_id is not None and booking.status is not BookingStatus.RELEASED:
        messages.tell(booking, news.MISSED, now=now)


def _why_not(booking: Booking, visit: Visit) -> object:
    if visit is Visit.TOO_EARLY:
        return _l("It is too early: check-in opens 30 minutes before the start.")
    if visit is Visit.OVER:
        return _l("This booking is over.")
    if booking.status is BookingStatus.RELEASED:
        return _l(
            "The room was given to others at %(time)s, because nobody had come. Book it again if it is still free, "
            "and excuse the missed visit.",
            time=format_clock(booking.changed_at),
        )
    return _l("This booking is not confirmed, so nobody can be checked in to it.")
