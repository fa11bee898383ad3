"""A day of all rooms as staff work on it: each free time, booking and session leads to what is done with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for

from center.attendance.overview import count_here
from center.bookings import policy
from center.bookings.models import Booking
from center.bookings.queries import bookings_on
from center.bookings.readings import days_in, looking_at, read_days, rooms_in
from center.bookings.rulebook.footings import STAFF
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.kernel.access import Permission, may
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.spans import day_span
from center.signups.public.cards import Card
from center.timetable.boards import Board, Piece, Row, make_board
from center.timetable.happenings import sessions_between
from center.timetable.sessions_now import SessionNow, session_in, sessions_now


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a piece of the drawing leads, in a word, and what staff read on it."""

    address: str
    word: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class DayUse:
    """A booking or a session of the day, in the list by time; `visit` and `may_change` are of a booking."""

    starts_at: datetime
    ends_at: datetime
    booking: Booking | None = None
    session: SessionNow | None = None
    visit: Visit = Visit.NONE
    may_change: bool = False


@dataclass(frozen=True, kw_only=True)
class WorkingDay:
    """The drawing of a day, where its pieces lead (by a room's code and their start), and its uses in order of time."""

    board: Board
    leads: Mapping[tuple[str, int], Leads]
    ahead: Sequence[DayUse]
    over: Sequence[DayUse]


def working_day(day: date, *, now: datetime) -> WorkingDay:
    """A day of all rooms, in a number of reads that does not grow with what is on it."""
    zone, span = centre_zone(), day_span(day, centre_zone())
    reading = read_days(day, day)
    days = days_in(reading, rooms_in(reading), now=now)
    board = make_board(days, looking_at(reading, STAFF).stretches, now=now, zone=zone)
    bookings = bookings_on(day, zone=zone, now=now)
    cards = sessions_between(span.start, span.end)
    sessions = sessions_now(cards, now=now, here=count_here([each.id for each in cards]))
    uses = _uses(bookings, sessions, now=now)
    return WorkingDay(
        board=board,
        leads=dict(_leads(board, bookings, cards)),
        ahead=[each for each in uses if each.ends_at > now],
        over=[each for each in uses if each.ends_at <= now],
    )


def who(booking: Booking) -> str:
    """For whom a booking is, as far as whoever looks may read it."""
    organisation = booking.organisation
    names = [in_language(organisation.name, organisation.name_en)] if organisation else []
    return " · ".join([*names, booking.person.name] if may(Permission.SEE_BOOKINGS) else names)


def _uses(bookings: Sequence[Booking], sessions: Sequence[SessionNow], *, now: datetime) -> list[DayUse]:
    booked = [
        DayUse(
            each.starts_at,
            each.ends_at,
            booking=each,
            visit=visit_of(each, now=now),
            may_change=may(Permission.BOOK_FOR_ANYONE) and policy.is_changeable(each, now=now, as_staff=True),
        )
        for each in bookings
    ]
    held = [DayUse(each.card.starts_at, each.card.ends_at, session=each) for each in sessions]
    return sorted([*held, *booked], key=lambda use: (use.starts_at, use.ends_at))


def _leads(board: Board, bookings: Sequence[Booking], cards: Sequence[Card]) -> Iterator[tuple[tuple[str, int], Leads]]:
    by_reference = {each.reference: each for each in bookings}
    wholes = {row.room_day.room.id: row.room_day.room.parent_id for row in board.rows}
    for row in board.rows:
        for piece in row.pieces:
            booking = by_reference.get(piece.segment.booking_reference or "")
            card = session_in(cards, row.room_day, piece.segment, wholes)
            found = _lead(row, piece, booking, card)
            if found is not None:
                yield (row.room_day.room.code, piece.starts), found


def _lead(row: Row, piece: Piece, booking: Booking | None, card: Card | None) -> Leads | None:
    room, day = row.room_day.room, row.room_day.day
    if piece.book_at is not None and may(Permission.BOOK_FOR_ANYONE):
        start = piece.book_at.strftime("%H:%M")
        return Leads(url_for("desk.for_whom", code=room.code, date=day.isoformat(), start=start), _("Book"))
    if booking is not None and may(Permission.SEE_BOOKINGS):
        label = " · ".join(filter(None, [booking.purpose, who(booking)]))
        return Leads(url_for("bookings.show", reference=booking.reference), _("Look at it"), label)
    if card is not None and may(Permission.SIGN_UP_ANYONE):
        address = url_for("posting.register", slug=card.slug, date_id=card.id)
        return Leads(address, _("Take the roll"), in_language(card.title, card.title_en))
    return None
