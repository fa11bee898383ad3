"""What happens to bookings. Each function is called inside one `transaction()` and never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, select

from center.bookings import history, messages, news
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.places import Place
from center.bookings.policy import is_of_now
from center.bookings.rulebook.availability import has_ended_uses
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import Verdict, judge
from center.bookings.rulebook.refusals import refuse_once_left
from center.bookings.states import is_waiting_at, last_cancel, refuse_overdue, refuse_unseen
from center.bookings.waiting.offers import offer_freed_time
from center.bookings.writing import (
    BookingRequest,
    change_status,
    check_override,
    count_change,
    hold_parties,
    hold_room_in_use,
    note_override,
    write_booking,
)
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.kernel.spans import Span, subtract
from center.organisations.models import Organisation
from center.people.models import Person
from center.people.queries import is_account_waiting
from center.rooms import ledger
from center.rooms.known_rooms import lock_rooms_shared
from center.rooms.models import Occupancy, Room, UseKind

_BY_KEY = select(Booking.id).where(
    Booking.booked_by_id == bindparam("by_id"), Booking.request_key == bindparam("request_key")
)


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
    """Book a room, or ask for it where somebody must agree. The same form sent again makes nothing new.

    Raises TimeTaken, or what `_judged` raises.
    """
    hold_parties(person, by, organisation)
    if made := _find_by_key(by, request.request_key):
        return made
    room = hold_room_in_use(room)
    shape = request.shape_in(room)
    proposed = shape.proposed(party)
    verdict = _judged(room, proposed, request, person, organisation, override_reason=override_reason, now=now)
    taken = proposed.until_cleared(verdict.rules)
    use_id, over = _take(room, taken, now=now)
    booking = write_booking(
        use_id,
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
    messages.tell(booking, news.REQUESTED if verdict.waits else news.CONFIRMED, by=by, now=now, is_first=True)
    offer_rest(over, room, taken, now=now)
    return booking


def _take(room: Room, taken: Span, *, now: datetime) -> tuple[int, list[Place]]:
    """Take the time, by a use of this id, and what was over and stood in its way. Raises TimeTaken."""
    if not has_ended_uses(room, taken, now=now):
        return ledger.take_tidy(UseKind.BOOKING, room, taken, zone=centre_zone()), []
    over = make_way(room, taken, now=now)
    return ledger.take(UseKind.BOOKING, room, starts_at=taken.start, clear_at=taken.end, zone=centre_zone()).id, over


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
    """The verdict. Raises every reason against it, and NeedsReason where staff must say why they book all the same."""
    verdict = judge(room, proposed, person=person, organisation=organisation, now=now)
    broken_rules(list(verdict.refusals))
    refuse_unless_same(request.waits, str(verdict.waits))
    check_override(verdict, override_reason)
    return verdict


def approve(booking: Booking, *, by: Person, now: datetime, seen: int | None = None, tells: bool = True) -> None:
    """Agree to a waiting request as it was `seen`; twice is once. Dates of a series are told as one thing (`tells`)."""
    lock(booking)
    if booking.status is BookingStatus.CONFIRMED:
        return
    refuse_overdue(booking, now=now)
    refuse_unseen(booking, seen)
    refuse_once_left(booking.organisation, booking.ends_at, now=now)
    if is_account_waiting(booking.person_id):
        raise RuleBroken(_l("The desk has not yet confirmed who this is. Confirm the account first."))
    change_status(booking, BookingStatus.CONFIRMED, now=now)
    booking.decided_at, booking.decided_by = now, by
    history.note(booking, BookingChange.APPROVED, by=by, channel=Channel.DESK, now=now)
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
    history.note(booking, BookingChange.DECLINED, by=by, channel=Channel.DESK, now=now, reason=reason)
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
    history.note(booking, BookingChange.CANCELLED, by=by, channel=channel, now=now, reason=reason)
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
    offer_freed_time(booking.room, booking.until_cleared, now=now)


def expire(booking: Booking, *, now: datetime) -> bool:
    """Put away a request that nobody decided in time; returns whether it was one. Its time is given back."""
    lock_to_free(booking)
    if not _end_overdue(booking, now=now):
        return False
    offer_freed_time(booking.room, booking.until_cleared, now=now)
    return True


def make_way(room: Room, span: Span, *, now: datetime) -> list[Place]:
    """Before somebody takes time: put away overdue requests that still hold some of it. Returns the time they held."""
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
    return [Place(booking.room, booking.until_cleared) for booking in overdue]


def offer_rest(freed: Sequence[Place], room: Room, taken: Span, *, now: datetime) -> None:
    """Offer freed time except what was taken of it just now for this room."""
    gone = {leaf.id for leaf in room.leaves}
    for was, span in ((each.room, each.span) for each in freed):
        if gone.isdisjoint(leaf.id for leaf in was.leaves):
            offer_freed_time(was, span, now=now)
            continue
        for leaf in was.leaves:
            for piece in subtract([span], [taken] if leaf.id in gone else []):
                offer_freed_time(leaf, piece, now=now)


def _end_overdue(booking: Booking, *, now: datetime) -> bool:
    lock(booking)
    if booking.status is not BookingStatus.REQUESTED or booking.state_at(now) is not BookingStatus.EXPIRED:
        return False
    change_status(booking, BookingStatus.EXPIRED, now=now)
    ledger.release(booking.use_id)
    history.note(booking, BookingChange.EXPIRED, by=None, now=now)
    messages.tell(booking, news.EXPIRED, now=now)
    return True


def _find_by_key(by: Person, request_key: str) -> Booking | None:
    found = db.session.connection().scalar(_BY_KEY, {"by_id": by.id, "request_key": request_key})
    return db.session.get_one(Booking, found) if found else None


def ask_for_change(booking: Booking, wanted: str, *, by: Person, now: datetime, seen: int | None = None) -> None:
    """Ask the person of a waiting request to change it; its time stays held. Asking for the same twice is once."""
    _lock_waiting(booking, now=now)
    if booking.change_wanted == wanted and booking.change_answered_at is None:
        return
    refuse_unseen(booking, seen)
    booking.change_wanted, booking.change_wanted_at = wanted, now
    booking.change_answer, booking.change_answered_at = "", None
    count_change(booking, now=now)
    history.note(booking, BookingChange.CHANGE_ASKED, by=by, channel=Channel.DESK, now=now, reason=wanted)
    messages.tell(booking, news.CHANGE_ASKED, now=now, reason=wanted, not_before=now + TAKEN_BACK_WITHIN)


def ask_as_before(booking: Booking, *, now: datetime) -> None:
    """Let a request stand as it did before it was asked about last: with what was asked and answered by then."""
    wanted, answered = _asked_before(history.events_of(booking))
    booking.change_wanted, booking.change_wanted_at = (wanted.reason, wanted.at) if wanted else ("", None)
    booking.change_answer, booking.change_answered_at = (answered.reason, answered.at) if answered else ("", None)
    count_change(booking, now=now)


def _asked_before(history: Sequence[BookingEvent]) -> tuple[BookingEvent | None, BookingEvent | None]:
    """What was asked before the last time, and the answer to it; a change of the request settles both."""
    states: list[tuple[BookingEvent | None, BookingEvent | None]] = [(None, None)]
    last = None
    for event in history:
        if event.what is BookingChange.CHANGE_ASKED:
            states.append((event, None))
        elif event.what is BookingChange.DECISION_UNDONE and last is BookingChange.CHANGE_ASKED:
            states.pop()
        elif event.what is BookingChange.EDITED and event.reason and event.channel is Channel.ONLINE:
            states.append((states[-1][0], event))
        elif event.what in {BookingChange.EDITED, BookingChange.MOVED}:
            states.append((None, None))
        last = event.what
    return states[-2]


def answer(booking: Booking, words: str, *, by: Person, now: datetime) -> None:
    """What the person says to what was asked of them; the request is back among those to decide."""
    _lock_waiting(booking, now=now)
    if booking.change_wanted_at is None:
        raise Conflict(_l("Nothing is asked of you here any more."))
    if booking.change_answer == words:
        return
    booking.change_answer, booking.change_answered_at = words, now
    count_change(booking, now=now)
    history.note(booking, BookingChange.EDITED, by=by, channel=Channel.ONLINE, now=now, reason=words)


def _lock_waiting(booking: Booking, *, now: datetime) -> None:
    lock(booking)
    refuse_overdue(booking, now=now)
    if booking.status is not BookingStatus.REQUESTED:
        raise Conflict(_l("This request no longer waits for a decision. Please look at it again."))
