"""Taking a decision back right after it was made. Called inside one `transaction()`, never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from center.bookings import history, messages, news
from center.bookings.actions import ask_as_before
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.models.series import BookingSeries
from center.bookings.queries import with_all
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN, may_take_back
from center.bookings.rulebook.refusals import refuse_once_left
from center.bookings.series import news as series_news
from center.bookings.series.queries import series_by_booking
from center.bookings.states import refuse_overdue
from center.bookings.writing import change_status
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import centre_zone, format_span
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind
from center.notices.withdrawing import withdraw
from center.people.models import Account, Person
from center.rooms import ledger
from center.rooms.known_rooms import lock_rooms_shared

DECIDED = {BookingChange.APPROVED: BookingStatus.CONFIRMED, BookingChange.DECLINED: BookingStatus.DECLINED}
TAKEN_BACK = frozenset({*DECIDED, BookingChange.CHANGE_ASKED})


@dataclass(frozen=True)
class Decision:
    """What somebody decided with one press, and can take back."""

    press: str
    bookings: Sequence[Booking]

    @property
    def was_approved(self) -> bool:
        """Whether all of it was agreed to."""
        return all(each.status is BookingStatus.CONFIRMED for each in self.bookings)

    @property
    def was_declined(self) -> bool:
        """Whether all of it was declined."""
        return all(each.status is BookingStatus.DECLINED for each in self.bookings)

    @property
    def was_asked(self) -> bool:
        """Whether a change was asked for of all of it."""
        return all(each.awaits_answer for each in self.bookings)


def just_decided(by: Person, *, now: datetime) -> list[Decision]:
    """What somebody decided so lately that they can take it back, the latest first."""
    found: dict[str, list[Booking]] = {}
    for event in _decisions(BookingEvent.by_id == by.id, BookingEvent.at > now - TAKEN_BACK_WITHIN):
        if event.press and _stands(event, now=now) and event.booking not in found.get(event.press, ()):
            found.setdefault(event.press, []).append(event.booking)
    return [Decision(press, bookings) for press, bookings in reversed(found.items())]


def decided_by_press(press: str, reference: str = "", *, by: Person) -> list[Booking]:
    """The bookings that a press of this person decided about, or the one with this reference; raises NotFound."""
    events = _decisions(BookingEvent.press == press, BookingEvent.by_id == by.id)
    bookings = dict.fromkeys(event.booking for event in events if reference in {"", event.booking.reference})
    if not bookings:
        raise NotFound(_l("There is nothing here, or it is not yours to see."))
    return list(bookings)


def take_back(bookings: Sequence[Booking], *, by: Person, now: datetime) -> list[Booking]:
    """Let requests wait again that somebody has just decided about: all of them, or none. Twice is once.

    Only whom the decision has reached hears that it does not stand. Raises RuleBroken after the minute, Conflict where
    something has happened since.
    """
    lock_rooms_shared([each.room for each in bookings])
    undone = []
    for booking in sorted(bookings, key=lambda each: each.id):
        lock(booking)
        last = history.events_of(booking)[-1]
        if last.what is BookingChange.DECISION_UNDONE:
            continue
        _refuse(booking, last, by=by, now=now)
        undone.append((booking, last))
        _wait_again(booking, last, by=by, now=now)
    for at in {last.at for _booking, last in undone}:
        _tell([booking for booking, last in undone if last.at == at and last.what in DECIDED], at, by=by, now=now)
        for booking, last in undone:
            if last.at == at and last.what not in DECIDED:
                _tell_of_one(booking, [news.CHANGE_ASKED], news.ASK_UNDONE, said_at=at, now=now)
    return [booking for booking, _last in undone]


def _refuse(booking: Booking, last: BookingEvent, *, by: Person, now: datetime) -> None:
    """Whoever decided may take it back, for a minute, as long as nothing else has happened."""
    is_theirs = last.what in TAKEN_BACK and last.by_id == by.id and last.at == booking.changed_at
    if not is_theirs or booking.checked_in_at is not None:
        raise Conflict(
            _l("%(reference)s has changed meanwhile, so it stays as it is. Look at it.", reference=booking.reference)
        )
    if not may_take_back(last.at, now=now):
        raise RuleBroken(
            _l(
                "A decision can be taken back for one minute, and that has passed. %(reference)s can be moved or "
                "cancelled on its page.",
                reference=booking.reference,
            )
        )
    refuse_once_left(booking.organisation, booking.ends_at, now=now)
    if booking.status is BookingStatus.DECLINED and ledger.is_taken(booking.room, booking.until_cleared, now=now):
        raise Conflict(
            _l(
                "%(reference)s stays declined: its time (%(when)s) was given or offered to somebody else meanwhile.",
                reference=booking.reference,
                when=format_span(booking.starts_at, booking.ends_at),
            )
        )


def _wait_again(booking: Booking, last: BookingEvent, *, by: Person, now: datetime) -> None:
    was_declined = booking.status is BookingStatus.DECLINED
    if last.what is BookingChange.CHANGE_ASKED:
        ask_as_before(booking, now=now)
    else:
        change_status(booking, BookingStatus.REQUESTED, now=now)
        booking.decided_at, booking.decided_by, booking.decision_reason = None, None, ""
    refuse_overdue(booking, now=now)
    if was_declined:
        span = booking.until_cleared
        ledger.retake(booking.use_id, booking.room, starts_at=span.start, clear_at=span.end, zone=centre_zone())
    history.note(booking, BookingChange.DECISION_UNDONE, by=by, channel=Channel.DESK, now=now)


def _tell(bookings: Sequence[Booking], decided_at: datetime, *, by: Person, now: datetime) -> None:
    """Take back what was said of the decision; whom it has reached is told that it does not stand."""
    of = series_by_booking([each.id for each in bookings])
    for booking in bookings:
        if booking.id not in of:
            said = [news.APPROVED, news.DECLINED]
            _tell_of_one(booking, said, news.DECISION_UNDONE, said_at=decided_at, now=now)
    for series in sorted(set(of.values()), key=lambda each: each.id):
        dates = [each for each in bookings if of.get(each.id) is series]
        _tell_of_series(series, dates, decided_at, by=by, now=now)


def _tell_of_one(booking: Booking, said: Sequence[Kind], kind: Kind, *, said_at: datetime, now: datetime) -> None:
    if reached := withdraw([messages.about(booking)], said, said_at=said_at):
        messages.tell(booking, kind, now=now, only=reached)


def _tell_of_series(
    series: BookingSeries, dates: Sequence[Booking], decided_at: datetime, *, by: Person, now: datetime
) -> None:
    series.changed_at = now
    reached = withdraw(series_news.abouts_of(series), series_news.DECIDED, said_at=decided_at)
    if reached:
        series_news.tell(series, series_news.DECISION_UNDONE, dates, by=by, now=now, only=reached)


def _stands(event: BookingEvent, *, now: datetime) -> bool:
    """Whether a decision is still how things stand, and can be taken back."""
    booking = event.booking
    is_asked = event.what is BookingChange.CHANGE_ASKED and booking.awaits_answer
    is_it = booking.status is DECIDED.get(event.what) or is_asked
    return is_it and event.at == booking.changed_at and may_take_back(event.at, now=now)


def _decisions(*where: object) -> Sequence[BookingEvent]:
    """Decisions on requests, in order; none by which an account was turned down."""
    turned_down = select(Account.person_id).where(Account.disabled_at.is_not(None))
    query = with_all(
        select(Booking)
        .join(BookingEvent, BookingEvent.booking_id == Booking.id)
        .where(*where, BookingEvent.what.in_(TAKEN_BACK), Booking.person_id.not_in(turned_down))  # type: ignore[arg-type]
    )
    bookings = db.session.scalars(query).unique().all()
    events = (
        select(BookingEvent)
        .join(BookingEvent.booking)
        .where(*where, BookingEvent.what.in_(TAKEN_BACK), Booking.id.in_([each.id for each in bookings]))  # type: ignore[arg-type]
        .options(contains_eager(BookingEvent.booking))
    )
    return db.session.scalars(events.order_by(BookingEvent.at, BookingEvent.id)).all()
