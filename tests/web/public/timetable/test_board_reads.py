"""The day board reads everything it shows with every request, in few statements, and shows every change at once."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from center.bookings.models import Booking, BookingStatus
from center.bookings.readings import days_in, read_days, rooms_in
from center.bookings.rulebook.availability import room_days
from center.kernel import clock
from center.kernel.caching import fragment_cache
from center.kernel.db import ReadWhileDrawing, db, transaction
from center.organisations.models import Organisation
from center.people.models import Role
from center.premises.models import CalendarDay, CentreFacts, DayKind
from center.rooms import ledger
from center.rooms.models import (
    BookingWindow,
    Closure,
    ExceptionSpan,
    HoursException,
    Occupancy,
    OpeningHours,
    Room,
    UseKind,
)
from center.rooms.queries import rooms_on_boards
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_centre,
    make_hall,
    make_organisation,
    make_room,
    sign_in,
)
from tests.conftest import make_app
from tests.engines import dispose
from tests.statements import selects

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)
TODAY = MONDAY_TEN.date()


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def furnish(rooms: int = 1) -> tuple[Room, Booking]:
    """Some rooms with bookings on them; the last room and an organisation's booking in it."""
    for _n in range(rooms):
        room, team = make_room(buffer_minutes=15), make_organisation()
        booking = make_booking(room=room, organisation=team, starts_at=at(14, days=0), purpose="读书")
        for hour in (9, 11):
            make_booking(room=room, starts_at=at(hour, days=0))
    return room, booking


@pytest.mark.parametrize("rooms", [1, 8])
def test_the_board_is_read_in_four_statements_however_much_it_shows_and_in_one_while_nothing_changes(
    client: FlaskClient, rooms: int
) -> None:
    """Beside what changed: the centre's facts and the rooms, which another day needs no more, and the day itself."""
    furnish(rooms)
    assert (reads_of_a_board(client), reads_of_a_board(client)) == (4, 1)
    assert reads_of_a_board(client, "/board?date=2026-11-26") == 2


def test_a_sign_in_costs_the_board_no_more_than_asking_whether_anything_changed(client: FlaskClient) -> None:
    """Beside asking which kinds of rows changed: for who it is, and for what is new."""
    furnish(2)
    sign_in(client, make_account(roles=[Role.CLERK]))
    reads_of_a_board(client)  # notes when the account was seen last, after which all is read anew
    reads_of_a_board(client)
    assert reads_of_a_board(client) == 2


def reads_of_a_board(client: FlaskClient, path: str = "/board") -> int:
    with selects(anew=False) as sent:
        assert client.get(path).status_code == 200
    return len(sent)


def rename_the_centre(room: Room, booking: Booking) -> Any:
    return update(CentreFacts).values(name="青年中心")


def rename_the_room(room: Room, booking: Booking) -> Any:
    return update(Room).where(Room.id == room.id).values(name="新名字")


def retire_the_room(room: Room, booking: Booking) -> Any:
    return update(Room).where(Room.id == room.id).values(is_retired=True)


def make_the_room_confidential(room: Room, booking: Booking) -> Any:
    return update(Room).where(Room.id == room.id).values(is_confidential=True)


def ask_for_longer_notice(room: Room, booking: Booking) -> Any:
    return update(Room).where(Room.id == room.id).values(notice_minutes=5000)


def close_earlier(room: Room, booking: Booking) -> Any:
    return update(OpeningHours).where(OpeningHours.room_id == room.id).values(closes=time(20))


def book_for_something_else(room: Room, booking: Booking) -> Any:
    return update(Booking).where(Booking.id == booking.id).values(purpose="下棋")


def end_the_booking_earlier(room: Room, booking: Booking) -> Any:
    return update(Booking).where(Booking.id == booking.id).values(ends_at=at(14, 30, days=0))


def move_the_booking(room: Room, booking: Booking) -> Any:
    moved = {"starts_at": at(17, days=0), "clear_at": at(18, days=0)}
    return update(Occupancy).where(Occupancy.use_id == booking.use_id).values(**moved)


def rename_the_organisation(room: Room, booking: Booking) -> Any:
    return update(Organisation).where(Organisation.id == booking.organisation_id).values(name="新社团")


CHANGES: list[Callable[[Room, Booking], Any]] = [
    rename_the_centre,
    rename_the_room,
    retire_the_room,
    make_the_room_confidential,
    ask_for_longer_notice,
    close_earlier,
    book_for_something_else,
    end_the_booking_earlier,
    move_the_booking,
    rename_the_organisation,
]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_what_changes_shows_at_once(client: FlaskClient, change: Callable[[Room, Booking], Any]) -> None:
    statement = change(*furnish(2))
    before = client.get("/board").text
    assert client.get("/board").text == before
    with transaction() as session:
        session.execute(statement.execution_options(synchronize_session=False))
    assert client.get("/board").text != before


def new_booking(room: Room) -> None:
    make_booking(room=room, starts_at=at(19, days=0))


def new_room(room: Room) -> None:
    make_room()


def new_window(room: Room) -> None:
    with transaction() as session:
        session.add(BookingWindow(room_id=room.id, opens=time(8), closes=time(12)))


def other_hours(room: Room) -> None:
    with transaction() as session:
        spans = [ExceptionSpan(opens=time(8), closes=time(18))]
        session.add(HoursException(room_id=room.id, on_date=TODAY, spans=spans))


def day_off_for_all(room: Room) -> None:
    with transaction() as session:
        session.add(HoursException(room_id=None, on_date=TODAY, reason="停电"))


def public_holiday(room: Room) -> None:
    with transaction() as session:
        session.add(CalendarDay(on_date=TODAY, kind=DayKind.HOLIDAY, name="节日"))
        session.execute(update(OpeningHours).where(OpeningHours.weekday == 7).values(closes=time(12)))


def closure(room: Room) -> None:
    with transaction() as session:
        span = {"starts_at": at(18, days=0), "clear_at": at(20, days=0)}
        use = ledger.take(UseKind.CLOSURE, room, **span, zone=ZONE)
        times = {"starts_at": span["starts_at"], "ends_at": span["clear_at"]}
        session.add(Closure(use_id=use.id, room_id=room.id, reason="修灯", **times))


@pytest.mark.parametrize(
    "add", [new_booking, new_room, new_window, other_hours, day_off_for_all, public_holiday, closure]
)
def test_what_is_new_shows_at_once(client: FlaskClient, add: Callable[[Room], None]) -> None:
    room, _booking = furnish(2)
    before = client.get("/board").text
    add(room)
    assert client.get("/board").text != before


def test_what_is_cancelled_is_gone_at_once(client: FlaskClient) -> None:
    _room, booking = furnish()
    before = client.get("/board").text
    with transaction() as session:
        ledger.release(booking.use_id)
        session.merge(booking).status = BookingStatus.CANCELLED
    assert "读书" in before
    assert "读书" not in client.get("/board").text


@pytest.mark.parametrize(
    ("address", "cookie"),
    [
        ("/board?lang=en", ""),
        ("/board?elder=1", ""),
        ("/board?date=2026-11-24", ""),
        ("/board?from=poster", ""),
        ("/board", "lang=en"),
        ("/board", "elder=1"),
    ],
)
def test_who_asks_otherwise_is_answered_otherwise(app: Flask, address: str, cookie: str) -> None:
    furnish()

    def answer() -> str:
        browser = app.test_client()
        if cookie:
            browser.set_cookie(*cookie.split("="))
        return browser.get(address).text

    plain = app.test_client().get("/board").text
    other = answer()
    assert other != plain
    assert answer() == other
    assert app.test_client().get("/board").text == plain


def test_a_minute_later_the_board_is_a_minute_older(client: FlaskClient) -> None:
    furnish()
    assert "10:00" in client.get("/board?lang=en").text
    with time_machine.travel(MONDAY_TEN + timedelta(minutes=1), tick=False):
        assert re.search(r'timeline__now[^>]*">10:01<', client.get("/board?lang=en").text)


def test_staff_and_visitors_never_see_each_others_board(app: Flask) -> None:
    make_room(notice_minutes=5000)
    visitor, clerk = app.test_client(), app.test_client()
    sign_in(clerk, make_account(roles=[Role.CLERK]))
    for _time in range(2):
        assert "/for-whom?" in clerk.get("/board").text
        assert "/for-whom?" not in visitor.get("/board").text
        assert "csrf_token" in clerk.get("/board").text
        assert "csrf_token" not in visitor.get("/board").text


def test_a_message_is_shown_once_and_to_one_person(app: Flask) -> None:
    furnish()
    visitor, other = app.test_client(), app.test_client()
    visitor.get("/board")
    with visitor.session_transaction() as session:
        session["_flashes"] = [("ok", "only for you")]
    assert "only for you" in visitor.get("/board").text
    assert "only for you" not in other.get("/board").text
    assert "only for you" not in visitor.get("/board").text


def test_another_process_sees_what_this_one_changed(app: Flask, client: FlaskClient) -> None:
    """Two apps stand for two processes: each keeps its own drawings, and neither is told what the other writes."""
    _room, booking = furnish()
    other = make_app(db.engine.url.render_as_string(hide_password=False))
    try:
        there = other.test_client()
        assert there.get("/board").text == client.get("/board").text
        with transaction() as session:
            ledger.release(booking.use_id)
            session.merge(booking).status = BookingStatus.CANCELLED
        assert "读书" not in there.get("/board").text
        assert there.get("/board").text == client.get("/board").text
    finally:
        dispose(other)


def test_a_reading_says_what_the_tables_say(app: Flask) -> None:
    hall, part, _other_part = make_hall(windows=[(time(9), time(18))], buffer_minutes=30)
    room = make_room(is_confidential=True, hours=[(0, time(8, 30), time(0)), (7, time(9), time(12))])
    make_room(is_retired=True)
    make_booking(room=part, organisation=make_organisation(), starts_at=at(10, days=0))
    make_booking(room=hall, starts_at=at(14, days=1))
    make_booking(room=room, starts_at=at(23, 30, days=0), clear_at=at(0, 30, days=1), minutes=30)
    closure(room)
    with transaction() as session:
        session.add(CalendarDay(on_date=TODAY + timedelta(days=1), kind=DayKind.HOLIDAY, name="节日"))
        session.add(
            HoursException(room_id=part.id, on_date=TODAY, spans=[ExceptionSpan(opens=time(9), closes=time(15))])
        )
        session.add(HoursException(room_id=None, on_date=TODAY + timedelta(days=2), reason="停电"))
    first, last, now = TODAY - timedelta(days=1), TODAY + timedelta(days=3), clock.now()
    with app.test_request_context("/board"):
        reading = read_days(first, last)
        read = days_in(reading, rooms_in(reading), now=now)
        told = room_days(rooms_on_boards(), first, last, now=now)
    assert [(each.room.code, each.day) for each in read] == [(each.room.code, each.day) for each in told]
    for one, other in zip(read, told, strict=True):
        assert (one.segments, one.closed_reason, one.rules) == (other.segments, other.closed_reason, other.rules)
        assert one.facts == other.facts


def test_what_was_not_read_cannot_be_drawn(app: Flask) -> None:
    make_room()

    def context() -> dict[str, Any]:
        return {"rooms": rooms_on_boards()}

    with app.test_request_context("/board"), pytest.raises(ReadWhileDrawing):
        fragment_cache.piece("public/timetable/board_day.html", context)


def test_what_was_not_asked_for_longest_is_forgotten_first() -> None:
    kept = fragment_cache.FragmentCache(most=10)
    kept.keep("a", "1234")
    kept.keep("b", "1234")
    assert kept.find("a") == "1234"
    kept.keep("c", "1234")
    assert [kept.find(key) for key in "abc"] == ["1234", None, "1234"]


def test_a_long_key_takes_its_room_too() -> None:
    kept = fragment_cache.FragmentCache(most=10)
    for key in ("a" * 8, "b" * 8):
        kept.keep(key, "x", key_size=len(key))
    assert [kept.find("a" * 8), kept.find("b" * 8)] == [None, "x"]
