"""Closures from a file: each line read or refused with its reason, looked at before anything happens, made once."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from sqlalchemy import func, select

from center.kernel import clock
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.people.models import Account, Role
from center.rooms import closure_files
from center.rooms.closure_files import MOST_LINES, FileLine, read_file
from center.rooms.models import Closure, Occupancy, Room
from tests.builders import ZONE, at, make_account, make_booking, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.reading import read_here
from tests.there import there
from tests.walking import go_on, opened
from tests.well_made import faults

TODAY = date(2026, 11, 23)
ENGLISH = {"lang": "en"}
FILES = Path(__file__).with_name("files")


@pytest.fixture
def apart() -> None:
    """The file is read in a process of its own, as the site does it; `here` says so."""


@pytest.fixture(autouse=True)
def here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process but for tests of `apart`."""
    if "apart" not in request.fixturenames:
        monkeypatch.setattr(closure_files, "read_apart", read_here)


def table(
    *rows: Any,
    headings: tuple[str, ...] = ("房间", "开始", "结束", "原因", "英文原因"),
) -> Any:
    book = Workbook()
    for row in [headings, *rows] if headings else rows:
        book.active.append(row)
    for row in book.active.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # text stays text, also when it begins with =
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def feed(*events: Any) -> Any:
    inner = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{inner}END:VCALENDAR\r\n".encode()


def read(name: str, content: Any) -> list[FileLine]:
    return read_file(name, content, zone=ZONE, today=TODAY)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        pytest.param("2026-11-24", "2026-11-25", (local(2026, 11, 24), local(2026, 11, 26)), id="whole days"),
        pytest.param(
            "2026-11-24 14:30", "2026/11/24 16:00", (local(2026, 11, 24, 14, 30), local(2026, 11, 24, 16)), id="times"
        ),
        pytest.param("2026年11月4日", "2026年11月4日 24:00", (local(2026, 11, 4), local(2026, 11, 5)), id="Chinese"),
        pytest.param(
            datetime(2026, 11, 24, 9), datetime(2026, 11, 25), (local(2026, 11, 24, 9), local(2026, 11, 25)), id="cells"
        ),
        pytest.param(date(2026, 11, 24), date(2026, 11, 24), (local(2026, 11, 24), local(2026, 11, 25)), id="dates"),
        pytest.param("soon", "2026-11-24", None, id="no such time"),
        pytest.param("2026-02-30", "2026-03-01", None, id="no such day"),
        pytest.param("2026-11-24 25:00", "2026-11-25", None, id="no such hour"),
        pytest.param("", "", None, id="nothing"),
        pytest.param(46350, 46351, None, id="bare numbers"),
    ],
)
def test_times_in_a_table_are_read(starts: Any, ends: Any, expected: tuple[datetime, datetime] | None) -> None:
    (line,) = read("a.xlsx", table(("R1", starts, ends, "维修")))
    assert (line.starts_at, line.ends_at) == (expected or (None, None))
    assert bool(line.fault) is (expected is None)


def test_columns_are_found_by_their_headings_in_any_order() -> None:
    content = table(("维修", "R1", "2026-11-24", "2026-11-24"), headings=("Reason", "Room", "From", "To"))
    (line,) = read("a.XLSX", content)
    assert (line.number, line.room, line.reason) == (2, "R1", "维修")


def test_a_table_without_headings_has_the_usual_order() -> None:
    (line,) = read("a.xlsx", table(("R1", "2026-11-24", "2026-11-24", "维修", "Repairs"), headings=()))
    assert (line.number, line.reason_en) == (1, "Repairs")


def test_empty_lines_are_passed_over_and_numbers_stay_those_of_the_file() -> None:
    lines = read("a.xlsx", table((), ("R1", "2026-11-24", "2026-11-24", "x"), (), ("R2", "x", "y", "z")))
    assert [line.number for line in lines] == [3, 5]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        pytest.param(
            "DTSTART;VALUE=DATE:20261124\r\nDTEND;VALUE=DATE:20261126\r\nSUMMARY:x",
            (local(2026, 11, 24), local(2026, 11, 26)),
            id="all day",
        ),
        pytest.param(
            "DTSTART;VALUE=DATE:20261124\r\nSUMMARY:x", (local(2026, 11, 24), local(2026, 11, 25)), id="one day"
        ),
        pytest.param(
            "DTSTART:20261124T060000Z\r\nDTEND:20261124T080000Z\r\nSUMMARY:x",
            (local(2026, 11, 24, 14), local(2026, 11, 24, 16)),
            id="universal time",
        ),
        pytest.param(
            "DTSTART;TZID=Europe/Paris:20261124T070000\r\nDURATION:PT2H\r\nSUMMARY:x",
            (local(2026, 11, 24, 14), local(2026, 11, 24, 16)),
            id="another zone, with a length",
        ),
        pytest.param(
            "DTSTART:20261124T140000\r\nDTEND:20261124T160000\r\nSUMMARY:x",
            (local(2026, 11, 24, 14), local(2026, 11, 24, 16)),
            id="the wall clock",
        ),
        pytest.param("DTSTART:20261124T140000\r\nSUMMARY:x", None, id="no end"),
        pytest.param("DTEND:20261124T140000\r\nSUMMARY:x", None, id="no start"),
        pytest.param("DTSTART:yesterday\r\nDTEND:20261124T140000\r\nSUMMARY:x", None, id="nonsense"),
        pytest.param("DTSTART:20261124T140000\r\nDTEND;VALUE=DATE:x\r\nSUMMARY:x", None, id="nonsense at the end"),
    ],
)
def test_times_in_a_calendar_are_read(event: str, expected: tuple[datetime, datetime] | None) -> None:
    (line,) = read("a.ics", feed(event))
    assert (line.starts_at, line.ends_at) == (expected or (None, None))
    assert bool(line.fault) is (expected is None)


def test_a_calendar_says_where_and_why_and_leaves_out_what_is_off() -> None:
    on = "DTSTART;VALUE=DATE:20261124\r\nSUMMARY:消毒\r\nLOCATION:R1"
    off = "DTSTART;VALUE=DATE:20261125\r\nSUMMARY:x\r\nSTATUS:CANCELLED"
    (line,) = read("a.ics", feed(off, on))
    assert (line.number, line.room, line.reason) == (2, "R1", "消毒")


def test_an_event_that_repeats_is_a_line_for_each_date() -> None:
    event = (
        "DTSTART:20261124T140000\r\nDTEND:20261124T160000\r\nSUMMARY:x\r\n"
        "RRULE:FREQ=WEEKLY;COUNT=4\r\nEXDATE:20261201T140000"
    )
    lines = read("a.ics", feed(event))
    assert [there(line.starts_at).day for line in lines] == [24, 8, 15]
    assert {line.number for line in lines} == {1}


def test_an_event_that_repeats_for_ever_does_so_for_a_year() -> None:
    event = "DTSTART;VALUE=DATE:20261124\r\nSUMMARY:x\r\nRRULE:FREQ=WEEKLY"
    lines = read("a.ics", feed(event))
    assert len(lines) == 53


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "FREQ=HOURLY;COUNT=101",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=FORTNIGHTLY",
    ],
)
def test_what_repeats_too_often_or_not_at_all_is_refused_with_its_line(rule: str) -> None:
    (line,) = read("a.ics", feed(f"DTSTART;VALUE=DATE:20261124\r\nSUMMARY:x\r\nRRULE:{rule}"))
    assert line.fault


@pytest.mark.parametrize(
    "event",
    [
        pytest.param("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", id="a day that never comes"),
        pytest.param("RRULE:FREQ=SECONDLY;COUNT=100;BYMONTH=2;BYMONTHDAY=30", id="a second that never comes"),
    ],
)
@pytest.mark.usefixtures("apart")
def test_a_file_that_would_keep_the_reader_busy_is_given_up(event: str) -> None:
    with pytest.raises(RuleBroken) as error:
        read("a.ics", feed(f"DTSTART;VALUE=DATE:20261124\r\nSUMMARY:x\r\n{event}"))
    assert error.value.field == "file"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("a.pdf", b"%PDF", id="another kind"),
        pytest.param("noending", b"", id="no kind"),
        pytest.param("a.xlsx", b"PK\x03\x04 not really", id="broken table"),
        pytest.param("a.xlsx", b"", id="empty table"),
        pytest.param("a.xlsx", table(), id="headings only"),
        pytest.param("a.ics", b"", id="empty calendar"),
        pytest.param("a.ics", b"\xff\xfe\x00garbage", id="garbage"),
        pytest.param("a.ics", b"BEGIN:VCALENDAR\r\n" * 50_000, id="deep nesting"),
        pytest.param("a.ics", b"BEGIN:VCALENDAR\r\nX:" + b"x" * 900_000 + b"\r\nEND:VCALENDAR\r\n", id="one long line"),
        pytest.param("a.ics", b"x" * (1024 * 1024 + 1), id="too large"),
        pytest.param("a.ics", feed(*["DTSTART;VALUE=DATE:20261124\r\nSUMMARY:x"] * (MOST_LINES + 1)), id="too long"),
        pytest.param(
            "a.xlsx", table(*[("R1", "2026-11-24", "2026-11-24", "x")] * (MOST_LINES + 1)), id="too long a table"
        ),
    ],
)
@pytest.mark.usefixtures("apart")
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, content: Any) -> None:
    with pytest.raises(RuleBroken) as error:
        read(name, content)
    assert error.value.field == "file"


@pytest.mark.usefixtures("apart")
def test_a_table_that_unpacks_to_far_too_much_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (64 * 1024 * 1024))
    with pytest.raises(RuleBroken):
        read("a.xlsx", packed.getvalue())


@pytest.mark.usefixtures("apart")
def test_a_table_with_entities_of_its_own_is_refused() -> None:
    unpacked, packed = zipfile.ZipFile(io.BytesIO(table(("R1", "2026-11-24", "2026-11-24", "x")))), io.BytesIO()
    bomb = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">]>'
    with zipfile.ZipFile(packed, "w") as archive:
        for member in unpacked.namelist():
            archive.writestr(member, bomb if member.endswith("sheet1.xml") else unpacked.read(member))
    with pytest.raises(RuleBroken):
        read("a.xlsx", packed.getvalue())


# Pages


def upload(client: FlaskClient, content: bytes, name: str = "closures.xlsx", status: int = 200) -> str:
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: x/y\r\n\r\n'
    answer = client.post(
        "/settings/closures/import",
        data=head.encode() + content + b"\r\n--x--\r\n",  # put together here: the test client leaves large files open
        query_string=ENGLISH,
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def confirm(client: FlaskClient, page: str, status: int = 200) -> str:
    lines = re.findall(r'name="lines"[^>]*value="([^"]*)"', page)[0]
    answer = client.post("/settings/closures/import/confirm", data={"lines": lines}, query_string=ENGLISH)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def closures() -> Any:
    db.session.rollback()
    return db.session.scalars(select(Closure).order_by(Closure.starts_at, Closure.id)).all()


def day(n: int) -> str:
    return (at(0) + timedelta(days=n)).date().isoformat()


@ONE_ENGINE
@pytest.mark.usefixtures("apart")
def test_a_file_is_looked_at_line_by_line_and_imported_once(client: FlaskClient, director: Account) -> None:
    room = make_room(name="书画室", name_en="Calligraphy room")
    content = table(
        (room.code.lower(), f"{day(1)} 08:00", f"{day(1)} 12:00", "维修", "Repairs"),
        ("书画室", day(2), day(3), "消毒", ""),
        ("全部", day(5), day(5), "停电", "No power"),
        ("R99", day(1), day(1), "x", ""),
        (room.code, day(-9), day(-8), "x", ""),
        (room.code, day(3), day(1), "x", ""),
        (room.code, day(1), day(1), "", ""),
        (room.code, day(1), day(1), "x" * 81, ""),
        (room.code, "soon", day(1), "x", ""),
        (room.code, f"{day(1)} 08:00", f"{day(1)} 12:00", "again", ""),
    )
    page = upload(client, content)
    assert list(faults(page, "en")) == []
    assert closures() == []
    for said in (
        "3 closures can be imported",
        "6 lines have a fault",
        "1 line is there already",
        "There is no room “R99”",
        "This time has passed",
        "must end after it starts",
        "Please write a reason",
        "too long",
        "The same as line 2",
        "When it starts and when it ends",
    ):
        assert said in page, said
    for _ in range(2):
        assert "3 closures are in force" in confirm(client, page)
    made = closures()
    assert [(each.reason, each.room_id) for each in made] == [("维修", room.id), ("消毒", room.id), ("停电", None)]
    assert (made[1].starts_at, made[1].ends_at) == (at(0, days=3), at(0, days=5))
    assert "3 lines are there already" not in page
    again = upload(client, content)
    assert "4 lines are there already" in again
    assert "There is nothing here to import" in again


@ONE_ENGINE
def test_a_line_with_uses_in_its_way_waits_for_staff_and_the_others_go_on(
    client: FlaskClient, director: Account
) -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=at(10, days=2))
    content = table(
        (room.code, f"{day(1)} 08:00", f"{day(1)} 12:00", "维修", "Repairs"), (other.code, day(1), day(1), "消毒", "")
    )
    page = upload(client, content)
    assert "1 use in the way" in page
    done = confirm(client, page)
    assert list(faults(done, "en")) == []
    assert [each.room_id for each in closures()] == [other.id]
    assert "Choose what becomes of them" in done
    step = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', done))
    asked = opened(client, client.post("/settings/closures/new", data=step, query_string=ENGLISH).location)
    assert "1 use is in the way" in asked.text
    assert booking.person.name in asked.text
    for _ in range(2):
        assert go_on(client, asked, **{"decide-same": "keep"}).status_code == 303
    assert len(closures()) == 2
    assert "2 closures are in force" in confirm(client, page)


def test_text_that_looks_like_a_formula_is_text(client: FlaskClient, director: Account) -> None:
    room = make_room()
    page = upload(client, table((room.code, day(1), day(1), '=HYPERLINK("http://x")', "<b>=1+1</b>")))
    assert "<b>=1+1" not in page
    confirm(client, page)
    assert closures()[0].reason == '=HYPERLINK("http://x")'


@ONE_ENGINE
@pytest.mark.usefixtures("apart")
def test_a_calendar_is_imported(client: FlaskClient, director: Account) -> None:
    make_room()
    start = (at(8, days=3)).astimezone(UTC)
    event = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\r\nDURATION:PT2H\r\nSUMMARY:消毒\r\nLOCATION:全部"
    page = upload(client, feed(event), "closures.ics")
    confirm(client, page)
    assert [(each.starts_at, each.ends_at) for each in closures()] == [(at(8, days=3), at(10, days=3))]
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 1


@ONE_ENGINE
@pytest.mark.parametrize("lines", ["", "forged", "WzFd.x.y"])
def test_what_was_not_looked_at_is_not_imported(client: FlaskClient, director: Account, lines: str) -> None:
    answer = client.post("/settings/closures/import/confirm", data={"lines": lines}, query_string=ENGLISH)
    assert answer.status_code == 422
    assert "Nothing was imported" in answer.get_data(as_text=True)
    assert closures() == []


@ONE_ENGINE
def test_what_another_clerk_looked_at_is_not_imported(app: Flask, client: FlaskClient, director: Account) -> None:
    room = make_room()
    page = upload(client, table((room.code, day(1), day(1), "x", "")))
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    confirm(client, page, 422)
    assert closures() == []


@ONE_ENGINE
def test_no_file_and_a_wrong_file_are_told_on_the_field(client: FlaskClient, director: Account) -> None:
    assert 'href="#file"' in upload(client, b"x", "a.txt", 422)
    answer = client.post("/settings/closures/import", data={}, query_string=ENGLISH)
    assert answer.status_code == 422
    assert "Please choose a file" in answer.get_data(as_text=True)


@ONE_ENGINE
def test_a_file_of_a_megabyte_may_come_and_a_larger_one_is_told_so(client: FlaskClient, director: Account) -> None:
    assert "could not be read" in upload(client, b"x" * (900 * 1024), "a.ics", 422)
    assert "too large" in upload(client, b"x" * (1200 * 1024), "a.ics", 422)
    upload(client, b"x" * (5 * 1024 * 1024), "a.ics", 413)


@ONE_ENGINE
def test_a_visitor_sends_no_large_file(client: FlaskClient) -> None:
    upload(client, b"x" * 900_000, "a.ics", 413)


@ONE_ENGINE
def test_the_template_can_be_filled_in_and_sent_back(client: FlaskClient, director: Account) -> None:
    make_room()
    answer = client.get("/settings/closures/import/template.xlsx", query_string=ENGLISH)
    assert there(answer.mimetype).endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert [cell.value for cell in sheet[1]] == ["Room", "From", "Until", "Reason", "Reason in English"]
    assert "2 closures can be imported" in upload(client, answer.data)
    chinese = client.get("/settings/closures/import/template.xlsx?lang=zh").data
    client.get("/?lang=en")
    page = upload(client, chinese)
    assert "2 closures can be imported" in page, re.findall(r"<td.*?</td>", page, re.S)


# Files that were once read wrongly


@pytest.fixture
def in_november(app: Flask) -> Iterator[None]:
    clock.start_at(datetime(2026, 11, 29, 10, tzinfo=ZONE))
    yield
    clock.start_at(None)


def told(client: FlaskClient, name: str) -> str:
    """The page on which the file is looked at."""
    return upload(client, (FILES / name).read_bytes(), name)


def closed() -> Any:
    rooms = {room.id: room.code for room in db.session.scalars(select(Room))}
    return [
        (rooms.get(each.room_id), f"{each.starts_at.astimezone(ZONE):%m-%d %H:%M}")
        for each in closures()
        if each.lifted_at is None
    ]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("far-below.xlsx", [("R09", "12-02 09:00"), ("R09", "12-04 09:00")]),
        ("faulty-line-before-a-good-one.xlsx", [(None, "12-02 09:00")]),
        ("merged-room.xlsx", [("R09", "12-02 09:00"), ("R09", "12-03 09:00")]),
        ("title-row-and-numbers.xlsx", [("R09", "12-02 09:00")]),
        ("override.ics", [("R05", "12-02 09:00"), ("R05", "12-10 14:00"), ("R05", "12-23 09:00")]),
    ],
)
def test_what_a_file_closes_is_what_it_says(
    client: FlaskClient,
    in_november: None,
    director: Account,
    name: str,
    expected: list[tuple[str, str]] | list[tuple[None, str]],
) -> None:
    make_room(code="R05"), make_room(code="R09")
    confirm(client, told(client, name))
    assert closed() == expected


@ONE_ENGINE
def test_a_day_that_is_too_far_away_is_named_with_the_bounds_and_nothing_else_suffers(
    client: FlaskClient, in_november: None, director: Account
) -> None:
    make_room(code="R05")
    page = told(client, "far-date.xlsx")
    assert "from 2025-01-01 to 2031-12-31" in page
    assert closed() == []
    confirm(client, page)
    assert closed() == [("R05", "04-01 08:00"), ("R05", "04-11 08:00")]


@ONE_ENGINE
def test_an_empty_room_never_means_the_whole_centre(client: FlaskClient, director: Account) -> None:
    make_room()
    assert "Which room?" in upload(client, table(("", day(1), day(1), "x", "")))
    assert "Which room?" in upload(client, feed(f"DTSTART;VALUE=DATE:{at(0):%Y%m%d}\r\nSUMMARY:x"), "a.ics")


def test_a_revised_event_changes_what_the_first_file_closed_and_a_cancelled_one_lifts_it(
    client: FlaskClient, in_november: None, director: Account
) -> None:
    make_room(code="R09")
    confirm(client, told(client, "revised-1.ics"))
    assert closed() == [("R09", "12-14 09:00")]
    page = told(client, "revised-2.ics")
    assert "1 closure of an earlier file is changed" in page
    assert "Will be changed" in page
    for _ in range(2):
        confirm(client, page)
        assert closed() == [("R09", "12-15 09:00")]
    assert "A newer version of this was imported before" in told(client, "revised-1.ics")
    assert "This closure is there already" in told(client, "revised-2.ics")
    page = told(client, "method-cancel.ics")
    assert "1 closure of an earlier file is lifted" in page
    assert "1 closure was lifted" in confirm(client, page)
    assert closed() == []


@ONE_ENGINE
def test_a_date_that_a_series_does_not_have_any_more_is_lifted(
    client: FlaskClient, in_november: None, director: Account
) -> None:
    make_room(code="R05")
    series = "UID:s\r\nDTSTART:20261202T090000\r\nDURATION:PT1H\r\nSUMMARY:x\r\nLOCATION:R05\r\n"
    series += "SEQUENCE:{}\r\nRRULE:FREQ=WEEKLY;COUNT={}"
    confirm(client, upload(client, feed(series.format(0, 3)), "a.ics"))
    confirm(client, upload(client, feed(series.format(1, 2)), "a.ics"))
    assert closed() == [("R05", "12-02 09:00"), ("R05", "12-09 09:00")]


@ONE_ENGINE
def test_a_revised_event_with_uses_in_its_way_waits_for_staff(
    client: FlaskClient, in_november: None, director: Account
) -> None:
    room = make_room(code="R09")
    confirm(client, told(client, "revised-1.ics"))
    make_booking(room=room, starts_at=datetime(2026, 12, 15, 9, tzinfo=ZONE))
    done = confirm(client, told(client, "revised-2.ics"))
    assert "Choose what becomes of them" in done
    assert closed() == [("R09", "12-14 09:00")]
    [closure] = closures()
    step = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', done))
    address = f"/settings/closures/{closure.id}"
    asked = client.post(address, data=step, query_string=ENGLISH, follow_redirects=True).get_data(as_text=True)
    assert "1 use is in the way" in asked


def test_a_zone_that_the_file_does_not_define_is_named(
    client: FlaskClient, in_november: None, director: Account
) -> None:
    make_room(code="R09")
    page = told(client, "undefined-zone.ics")
    assert "“Hall Clock”" in page
    assert "There is nothing here to import" in page
