"""The home page, the day board and the week of a room, as a reader meets them."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.kernel.db import transaction
from center.rooms import ledger
from center.rooms.models import Closure, UseKind
from tests.builders import ZONE, at, make_booking, make_centre, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def words(client: FlaskClient, address: str) -> str:
    """What a page says in English, without its markup."""
    answer = client.get(address + ("&" if "?" in address else "?") + "lang=en")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


def test_the_board_says_in_words_what_is_past_free_and_booked(client: FlaskClient) -> None:
    room = make_room(name="书画室", name_en="Calligraphy room", buffer_minutes=15)
    team = make_organisation(name="青和书画社", name_en="Qinghe painters")
    make_booking(room=room, organisation=team, starts_at=at(14, days=0), purpose="读书")
    said = words(client, "/board")
    assert re.search(r"08:00 –10:00 Past", said)
    assert re.search(r"10:00 –14:00 Free", said)
    assert re.search(r"14:00 –15:00 Booked Qinghe painters · 读书", said)
    assert re.search(r"15:00 –15:15 Clearing up", said)


def test_the_board_never_says_who_booked_for_themselves(client: FlaskClient) -> None:
    person = make_person(name="李测试")
    make_booking(room=make_room(), person=person, starts_at=at(14, days=0), purpose="家庭聚会")
    said = words(client, "/board")
    assert "14:00 –15:00 Booked" in said
    assert "李测试" not in said
    assert "家庭聚会" not in said


def test_a_closure_is_marked_with_its_word_and_reason(client: FlaskClient) -> None:
    room = make_room()
    start, end = at(13, days=0), at(15, days=0)
    with transaction() as session:
        use = ledger.take(UseKind.CLOSURE, room, starts_at=start, clear_at=end, zone=ZONE)
        session.add(
            Closure(use_id=use.id, room_id=room.id, starts_at=start, ends_at=end, reason="修灯", reason_en="New lamps")
        )
    assert re.search(r"13:00 –15:00 Closed New lamps", words(client, "/board"))


def test_a_room_that_does_not_open_says_so(client: FlaskClient) -> None:
    make_room(hours=())
    assert "Closed:" in words(client, "/board")


def test_a_free_time_leads_to_a_booking_that_starts_then(client: FlaskClient) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(8), minutes=120)
    page = client.get("/board?date=2026-11-24").text
    assert f'href="/bookings/new/{room.code}?date=2026-11-24&amp;start=10:00"' in page


def test_nobody_is_offered_a_time_that_the_rules_would_refuse(client: FlaskClient) -> None:
    make_room(notice_minutes=2 * 24 * 60)
    assert "/bookings/new/" not in client.get("/board?date=2026-11-24").text
    make_room(horizon_days=14, org_horizon_days=30)
    assert "/bookings/new/" in client.get("/board?date=2026-12-07").text
    assert "/bookings/new/" not in client.get("/board?date=2026-12-08").text
    assert "/bookings/new/" not in client.get("/board?date=2026-11-22").text


@pytest.mark.parametrize("date", ["2030-01-01", "1999-01-01", "2026-02-30", "soon", "9999-12-31"])
def test_a_date_that_is_none_or_far_shows_today_with_a_word(client: FlaskClient, date: str) -> None:
    room = make_room()
    for address in ("/board", f"/rooms/{room.code}/week"):
        said = words(client, f"{address}?date={date}")
        assert "There is no timetable for that date, so here is today." in said
        assert "23 Nov 2026" in said


def test_pieces_are_placed_to_the_minute(client: FlaskClient) -> None:
    room = make_room(buffer_minutes=5)
    make_booking(room=room, starts_at=at(14, 5, days=0), minutes=50)
    page = client.get("/board").text
    assert "sh-14 sm-5 eh-14 em-55" in page
    assert "sh-14 sm-55 eh-15 em-0" in page


def test_the_week_shows_seven_days_from_monday(client: FlaskClient) -> None:
    room = make_room(name_en="Dance room")
    said = words(client, f"/rooms/{room.code}/week?date=2026-11-26")
    assert "Week from Mon 23 Nov 2026 to Sun 29 Nov 2026" in said
    assert client.get(f"/rooms/{room.code}/week").text.count('class="timeline__row"') == 7


def test_the_week_of_a_room_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/rooms/NONE/week").status_code == 404


def test_the_home_page_says_what_is_on_now_and_next(client: FlaskClient) -> None:
    room = make_room(name_en="Dance room")
    team = make_organisation(name_en="Drum troupe")
    make_booking(room=room, starts_at=at(9, 30, days=0), minutes=60)
    make_booking(room=room, organisation=team, starts_at=at(16, days=0), purpose="排练")
    make_room(name_en="Quiet room")
    said = words(client, "/")
    assert "In use until 10:30" in said
    assert "Next: 16:00 Drum troupe · 排练" in said
    assert "Free until 21:00" in said
    assert "1 room is free right now" in said
    assert "027-0000-0000" in said


@pytest.mark.parametrize("address", ["/", "/board", "/board?date=2026-11-24"])
def test_the_number_of_queries_does_not_grow_with_rooms_and_bookings(client: FlaskClient, address: str) -> None:
    def fill(rooms: int) -> int:
        for _n in range(rooms):
            room = make_room()
            for hour in (9, 11, 14):
                make_booking(room=room, organisation=make_organisation(), starts_at=at(hour, days=0))
                make_booking(room=room, starts_at=at(hour))
        client.get(address)
        with selects() as sent:
            assert client.get(address).status_code == 200
        return len(sent)

    few = fill(1)
    assert fill(6) == few


def test_the_day_before_a_year_ago_is_still_shown(client: FlaskClient) -> None:
    make_room()
    day = (MONDAY_TEN - timedelta(days=366)).date()
    assert "There is no timetable" not in words(client, f"/board?date={day}")
