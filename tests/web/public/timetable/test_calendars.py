"""Calendars that everybody may subscribe to, as a calendar program reads them."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from center.bookings import actions
from center.bookings.models import Booking, BookingStatus
from center.kernel import clock
from center.kernel.db import db, transaction
from center.rooms import closures
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_centre,
    make_hall,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import everything_sent, selects

MONDAY_TEN = datetime(2026, 11, 23, 2, tzinfo=UTC)
LONG = "青山绿水共为邻，社区里的鼓声与书声。" * 4


@pytest.fixture
def travel(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_TEN, tick=False) as traveller:
        make_centre(address="测试路1号", address_en="1 Test Road")
        yield traveller


@pytest.fixture(autouse=True)
def _monday(travel: time_machine.Traveller) -> None:
    """Every test here is on a Monday morning."""


def read(client: FlaskClient, address: str) -> Calendar:
    """The calendar at an address, in English."""
    answer = client.get(address, query_string={"lang": "en"})
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    [calendar] = Calendar.from_ical(answer.data, multiple=True)
    assert calendar.errors == []
    return calendar


def events(client: FlaskClient, address: str) -> list[Event]:
    return list(read(client, address).events)


def starts(client: FlaskClient, address: str) -> list[datetime]:
    """When each event begins, none of which is of a whole day."""
    found = [event.start for event in events(client, address)]
    return [start for start in found if isinstance(start, datetime)]


def summaries(client: FlaskClient, address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(client, address)]


@ONE_ENGINE
def test_the_centres_calendar_says_what_the_boards_say(client: FlaskClient) -> None:
    room = make_room(name="书画室", name_en="Painting room")
    team = make_organisation(name="书画社", name_en="Painters")
    make_booking(room=room, organisation=team, starts_at=at(14), purpose="读书")
    make_booking(room=room, starts_at=at(16), purpose="家庭聚会")
    assert summaries(client, "/calendar.ics") == ["Painters · 读书 · Painting room", "Booked · Painting room"]
    assert "已约 · 书画室" in client.get("/calendar.ics").text
    assert "Test centre, 1 Test Road" in str(events(client, "/calendar.ics")[0]["LOCATION"])


def test_times_are_in_the_centres_zone_which_the_file_explains(client: FlaskClient) -> None:
    booking = make_booking(starts_at=at(14), minutes=90)
    calendar = read(client, "/calendar.ics")
    [event] = calendar.events
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert (event.start, event.end) == (booking.starts_at, booking.ends_at)
    [zone] = calendar.timezones
    assert zone.tz_name == "Asia/Shanghai"
    assert zone.to_tz().utcoffset(datetime(2026, 7, 1)) == timedelta(hours=8)


def test_a_calendar_says_its_name_and_when_to_look_again(client: FlaskClient) -> None:
    calendar = read(client, "/calendar.ics")
    assert calendar["NAME"] == calendar["X-WR-CALNAME"] == "All rooms and activities · Test centre"
    assert calendar.refresh_interval == timedelta(hours=1)
    assert calendar["REFRESH-INTERVAL"].params["VALUE"] == "DURATION"
    assert calendar["X-PUBLISHED-TTL"] == "PT1H"
    assert calendar["COLOR"] == "teal"
    assert calendar["VERSION"] == "2.0"


def test_fetching_twice_gives_the_same_bytes_and_then_only_that_nothing_changed(
    client: FlaskClient, travel: time_machine.Traveller
) -> None:
    make_booking(starts_at=at(14))
    first = client.get("/calendar.ics")
    travel.shift(timedelta(hours=3))
    second = client.get("/calendar.ics")
    assert first.data == second.data
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Last-Modified"] == second.headers["Last-Modified"]
    for header in ("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since"):
        again = client.get("/calendar.ics", headers={header[1]: first.headers[header[0]]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


@ONE_ENGINE
def test_a_calendar_answers_head_without_a_body(client: FlaskClient) -> None:
    make_booking()
    whole, head = client.get("/calendar.ics"), client.head("/calendar.ics")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == whole.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(whole.data))


@ONE_ENGINE
def test_an_approval_changes_status_sequence_and_etag_but_not_the_uid(
    client: FlaskClient, travel: time_machine.Traveller
) -> None:
    booking = make_booking(status=BookingStatus.REQUESTED)
    before, tags = events(client, "/calendar.ics")[0], client.get("/calendar.ics").headers
    travel.shift(timedelta(minutes=5))
    _approve(booking)
    after = events(client, "/calendar.ics")[0]
    assert (before["STATUS"], after["STATUS"]) == ("TENTATIVE", "CONFIRMED")
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert before["UID"] == after["UID"]
    assert after.DTSTAMP == after.LAST_MODIFIED == clock.now()
    again = client.get("/calendar.ics", headers={"If-None-Match": tags["ETag"]})
    assert again.status_code == 200
    assert client.get("/calendar.ics", headers={"If-Modified-Since": tags["Last-Modified"]}).status_code == 200


@ONE_ENGINE
def test_a_cancelled_booking_leaves_the_public_calendars_which_is_a_change(
    client: FlaskClient, travel: time_machine.Traveller
) -> None:
    booking = make_booking(starts_at=at(10, days=9))
    before = client.get("/calendar.ics").headers
    travel.shift(timedelta(minutes=5))
    with transaction():
        actions.cancel(_same(booking), by=_same(booking).person, now=clock.now(), as_staff=True)
    assert summaries(client, "/calendar.ics") == []
    for header, value in ("If-None-Match", before["ETag"]), ("If-Modified-Since", before["Last-Modified"]):
        assert client.get("/calendar.ics", headers={header: value}).status_code == 200


@ONE_ENGINE
def test_public_calendars_name_no_person_and_carry_no_note_or_reference(client: FlaskClient) -> None:
    lead = make_person(name="李建国", phone="19900000042")
    team = make_organisation(leads=[lead])
    room = make_room()
    own = make_booking(room=room, person=make_person(name="王秀英"), note="轮椅", purpose="家庭聚会", starts_at=at(9))
    make_booking(room=room, person=lead, organisation=team, note="钥匙在门房", starts_at=at(14))
    for address in ("/calendar.ics", f"/rooms/{room.code}/calendar.ics", f"/organisations/{team.slug}/calendar.ics"):
        said = client.get(address).data.decode().replace("\r\n ", "")
        for secret in ("李建国", "王秀英", "轮椅", "钥匙", "家庭聚会", "19900000042", "0042", own.reference, "VALARM"):
            assert secret not in said
        assert client.get(address).headers["Cache-Control"] == "public, max-age=300"
        assert "Set-Cookie" not in client.get(address, query_string={"lang": "en"}).headers


@ONE_ENGINE
def test_a_confidential_room_shows_only_that_it_is_in_use(client: FlaskClient) -> None:
    room = make_room(name="顺顺吧", name_en="Mediation room", is_confidential=True)
    team = make_organisation(name="调解队", name_en="Mediators")
    make_booking(room=room, organisation=team, purpose="邻里纠纷", status=BookingStatus.REQUESTED)
    for address in ("/calendar.ics", f"/rooms/{room.code}/calendar.ics"):
        [event] = events(client, address)
        assert event["SUMMARY"] == "In use · Mediation room"
        assert event["STATUS"] == "CONFIRMED"
        assert "使用中" in client.get(address).text
        assert "邻里纠纷" not in client.get(address).text
    assert events(client, f"/organisations/{team.slug}/calendar.ics") == []


def test_a_room_has_what_takes_its_time_from_the_whole_and_its_parts(client: FlaskClient) -> None:
    hall, left, right = make_hall(name_en="Hall")
    make_booking(room=left, starts_at=at(9))
    make_booking(room=hall, starts_at=at(11))
    make_booking(starts_at=at(12))
    rooms = {"whole": hall, "left": left, "right": right}
    hours = {
        name: [start.astimezone(ZONE).hour for start in starts(client, f"/rooms/{room.code}/calendar.ics")]
        for name, room in rooms.items()
    }
    assert hours == {"whole": [9, 11], "left": [9, 11], "right": [11]}


@ONE_ENGINE
def test_a_part_is_called_by_its_own_name_after_its_wholes(client: FlaskClient) -> None:
    hall = make_room(name="多功能厅", name_en="Hall")
    make_booking(room=make_room(name="东半厅", name_en="East", parent=hall), starts_at=at(9))
    make_booking(room=make_room(name="多功能厅西", name_en="Hall, west", parent=hall), starts_at=at(10))
    assert summaries(client, "/calendar.ics") == ["Booked · Hall · East", "Booked · Hall, west"]


@ONE_ENGINE
def test_closures_appear_until_they_are_lifted(client: FlaskClient, travel: time_machine.Traveller) -> None:
    room, by = make_room(name_en="Dance room"), make_person()
    with transaction():
        painting = closures.close(
            _same(room), starts_at=at(9), ends_at=at(12), reason="粉刷", reason_en="Painting", by=by, now=clock.now()
        )
        closures.close(
            None,
            starts_at=at(8, days=3),
            ends_at=at(21, days=4),
            reason="停电",
            reason_en="",
            by=by,
            now=clock.now(),
        )
    make_room()
    address = f"/rooms/{room.code}/calendar.ics"
    first, second = events(client, address)
    assert first["SUMMARY"] == "Closed · Dance room · Painting"
    assert (first.start, first.end) == (at(9), at(12))
    assert second["SUMMARY"] == "Closed · 停电"
    assert len(events(client, "/calendar.ics")) == 2
    travel.move_to(at(10))
    with transaction():
        closures.lift(_same(painting), by=by, now=clock.now())
    lifted = events(client, address)[0]
    assert (lifted.end, lifted["SEQUENCE"], lifted["UID"]) == (at(10, days=0), 1, first["UID"])


def test_an_organisations_calendar_has_its_bookings_only(client: FlaskClient) -> None:
    team, room = make_organisation(name_en="Drummers"), make_room(name_en="Hall")
    make_booking(room=room, organisation=team, purpose="排练", starts_at=at(9))
    make_booking(room=room, organisation=make_organisation(), starts_at=at(10))
    make_booking(room=room, starts_at=at(11))
    assert summaries(client, f"/organisations/{team.slug}/calendar.ics") == ["Drummers · 排练 · Hall"]


def test_calendars_hold_sixty_days_back_and_four_hundred_ahead(client: FlaskClient) -> None:
    room = make_room()
    for days in (-61, -60, 400, 401):
        make_booking(room=room, starts_at=at(10, days=days))
    held = [start.date() for start in starts(client, f"/rooms/{room.code}/calendar.ics")]
    assert held == [at(10, days=-60).date(), at(10, days=400).date()]
    assert client.get("/calendar.ics?range=full").text.count("BEGIN:VEVENT") == 2


@ONE_ENGINE
def test_no_line_is_too_long_and_folding_splits_no_character(client: FlaskClient) -> None:
    team = make_organisation(name=LONG[:70], name_en="")
    for n in range(4):
        make_booking(organisation=team, purpose=LONG[n : n + 70], starts_at=at(9 + n))
    file = client.get("/calendar.ics").data
    lines = file.split(b"\r\n")
    assert any(line.startswith(b" ") for line in lines)
    for line in lines:
        assert len(line) <= 75
        line.decode()  # raises where a character is cut in two
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert f"{LONG[:70]} · {LONG[:70]}" in str(events(client, "/calendar.ics")[0]["SUMMARY"])


@ONE_ENGINE
def test_what_somebody_typed_cannot_add_lines_of_its_own(client: FlaskClient) -> None:
    typed = "a\r\nATTENDEE:x\rb; c, d\\e\x0b"
    make_booking(organisation=make_organisation(name_en="Team"), room=make_room(name_en="Room"), purpose=typed)
    [event] = events(client, "/calendar.ics")
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]).startswith("Team · a\nATTENDEE:x")
    assert r"b; c, d\e" in str(event["SUMMARY"])


@ONE_ENGINE
def test_the_language_is_the_addresss_and_not_the_readers(client: FlaskClient) -> None:
    make_booking()
    client.set_cookie("lang", "en")
    assert "已约" in client.get("/calendar.ics").text
    assert "Booked" in client.get("/calendar.ics?lang=en").text
    assert "已约" in client.get("/calendar.ics?lang=xx").text


@ONE_ENGINE
def test_somebody_signed_in_gets_the_same_calendar_but_no_cache_may_share_it(client: FlaskClient) -> None:
    make_booking()
    public = client.get("/calendar.ics")
    sign_in(client, make_account())
    own = client.get("/calendar.ics")
    assert own.data == public.data
    assert own.headers["Cache-Control"].startswith("private")


def test_the_number_of_queries_does_not_grow_with_bookings(client: FlaskClient) -> None:
    team = make_organisation()
    counts = []
    for _round in range(2):
        for _n in range(3):
            room = make_room()
            make_booking(room=room, organisation=team)
            make_booking(room=room, starts_at=at(14))
        with selects() as seen:
            client.get("/calendar.ics")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 12


@ONE_ENGINE
@pytest.mark.parametrize(
    "address", ["/rooms/NONE/calendar.ics", "/rooms/%00/calendar.ics", "/organisations/none/calendar.ics"]
)
def test_there_is_no_calendar_of_what_there_is_not(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404


@ONE_ENGINE
def test_a_retired_room_has_no_calendar(client: FlaskClient) -> None:
    room = make_room(is_retired=True)
    for page in ("calendar.ics", "subscribe", "door"):
        assert client.get(f"/rooms/{room.code}/{page}").status_code == 404


def test_pages_lead_to_subscribing_which_is_explained_with_the_address_to_copy(client: FlaskClient) -> None:
    room, team = make_room(), make_organisation()
    for page, subscribe, feed in (
        ("/board", "/subscribe", "/calendar.ics"),
        (f"/rooms/{room.code}", f"/rooms/{room.code}/subscribe", f"/rooms/{room.code}/calendar.ics"),
        (
            f"/organisations/{team.slug}",
            f"/organisations/{team.slug}/subscribe",
            f"/organisations/{team.slug}/calendar.ics",
        ),
    ):
        assert f'href="{subscribe}"' in client.get(page).text
        said = client.get(subscribe, query_string={"lang": "en"}).text
        assert f'href="webcal://localhost{feed}?lang=en"' in said
        assert f"<code>http://localhost{feed}?lang=en</code>" in said
        assert "Nobody" in said


def _approve(booking: Booking) -> None:
    with transaction():
        actions.approve(_same(booking), by=_same(booking).person, now=clock.now())


def _same(row: Any) -> Any:
    return db.session.merge(row)


@ONE_ENGINE
def test_the_centres_calendar_is_one_that_a_phone_can_take(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (-40, -10, 1, 5, 9):
        make_booking(starts_at=at(9, days=days), purpose="x")
    first = [event.start for event in events(client, "/calendar.ics")]
    assert first == [at(9, days=days) for days in (-10, 1, 5, 9)]
    assert client.get("/calendar.ics?range=full").text.count("BEGIN:VEVENT") == 5
    whole = len(client.get("/calendar.ics?lang=en").data)
    monkeypatch.setattr("center.web.public.timetable.calendar_views.MOST_BYTES", whole - 1)
    assert [event.start for event in events(client, "/calendar.ics")] == first[:3]
    assert client.get("/calendar.ics?range=full").text.count("BEGIN:VEVENT") == 5
    page = client.get("/subscribe?lang=en").text
    assert "range=full" in page


@ONE_ENGINE
def test_a_calendar_is_packed_for_whoever_can_unpack_it(client: FlaskClient) -> None:
    make_booking(starts_at=at(9))
    plain, packed = client.get("/calendar.ics"), client.get("/calendar.ics", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
    assert client.get("/calendar.ics", headers=known).status_code == 304


KEPT = ("/calendar.ics", "/rooms/HALL/calendar.ics")


@pytest.mark.parametrize("address", KEPT)
def test_a_calendar_is_drawn_once_while_nothing_on_it_changes(client: FlaskClient, address: str) -> None:
    make_booking(room=make_room(code="HALL"), starts_at=at(9))
    first = client.get(address)
    make_account()  # which no calendar shows
    with everything_sent() as sent:
        again = client.get(address)
    assert again.data == first.data
    assert not [sql for sql in sent if "bookings" in sql or "rooms" in sql]


def test_whoever_has_the_calendar_is_told_so_without_drawing_it(client: FlaskClient) -> None:
    make_booking(room=make_room(code="HALL"), starts_at=at(9))
    known = client.get("/calendar.ics").headers["ETag"]
    with everything_sent() as sent:
        assert client.get("/calendar.ics", headers={"If-None-Match": known}).status_code == 304
    assert not [sql for sql in sent if "bookings" in sql]
    assert client.get("/calendar.ics", headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("address", KEPT)
def test_a_kept_calendar_shows_each_change_at_once(client: FlaskClient, address: str) -> None:
    room = make_room(code="HALL")
    make_booking(room=room, starts_at=at(9))
    assert starts(client, address) == [at(9)]
    booking = make_booking(room=room, starts_at=at(14))
    assert starts(client, address) == [at(9), at(14)]
    with transaction():
        actions.cancel(booking, by=booking.person, now=clock.now())
    assert starts(client, address) == [at(9)]
    make_centre(name_en="Another centre")
    assert "Another centre" in client.get(address, query_string={"lang": "en"}).text


def test_a_kept_calendar_is_in_the_language_that_is_asked_for(client: FlaskClient) -> None:
    make_booking(room=make_room(code="HALL", name="大厅", name_en="Hall"), starts_at=at(9))
    assert "大厅" in client.get("/calendar.ics?lang=zh").text
    assert "大厅" not in client.get("/calendar.ics?lang=en").text
