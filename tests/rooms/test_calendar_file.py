"""Calendar files are read as RFC 5545 says; each case names the paragraph that it is about."""

from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.rooms.calendar_file import read

ZONE, TODAY = ZoneInfo("Asia/Shanghai"), date(2026, 11, 23)
FILES = Path(__file__).with_name("files")
HALL = (
    "BEGIN:VTIMEZONE\r\nTZID:{name}\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:{off}\r\n"
    "TZOFFSETTO:{off}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
)


def calendar(*events: Any, before: str = "", after: str = "") -> Any:
    inner = "".join(f"BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{before}{inner}{after}END:VCALENDAR\r\n".encode()


def times(content: Any) -> list[str]:
    """Month, day and hours of each line, such as "12-01 07:00-08:00"."""
    lines = read(content, zone=ZONE, today=TODAY)
    assert [line.get("fault") for line in lines if line.get("fault")] == []
    return [f"{line['starts_at'][5:16].replace('T', ' ')}-{line['ends_at'][11:16]}" for line in on(lines)]


def on(lines: list[dict[str, Any]]) -> Any:
    return [line for line in lines if not line["is_off"]]


def event(rule: str = "", start: str = "20261202T090000", length: str = "PT1H", uid: str = "a", **more: Any) -> str:
    zone = "" if start.endswith("Z") else ";TZID=Asia/Shanghai"
    given = [f"UID:{uid}", f"DTSTART{zone}:{start}", f"DURATION:{length}", *([f"RRULE:{rule}"] if rule else [])]
    return "\r\n".join([*given, *(f"{name.replace('_', '-')}:{value}" for name, value in more.items())])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("override.ics", ["12-02 09:00-10:00", "12-10 14:00-15:00", "12-23 09:00-10:00"]),
        ("byday-utc.ics", ["12-01 07:00-08:00", "12-08 07:00-08:00", "12-15 07:00-08:00"]),
        ("gb18030.ics", ["12-05 09:00-10:00"]),
        ("fold-inside-a-character.ics", ["12-19 09:00-10:00"]),
    ],
)
def test_files_that_were_once_read_wrongly_are_read_right(name: str, expected: list[str]) -> None:
    assert times((FILES / name).read_bytes()) == expected


@pytest.mark.parametrize("name", ["gb18030.ics", "fold-inside-a-character.ics"])
def test_letters_survive_encoding_and_folding(name: str) -> None:
    assert read((FILES / name).read_bytes(), zone=ZONE, today=TODAY)[0]["reason"] == "空调检修"


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        pytest.param(event("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=3", "20261130T090000"),
                     ["11-30", "12-31", "01-29"],
                     id="3.3.10 BYSETPOS: the last working day"),
        pytest.param(event("FREQ=YEARLY;BYYEARDAY=-1", "20261231T090000"), ["12-31"], id="3.3.10 BYYEARDAY"),
        pytest.param(event("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "20270104T090000"), ["01-04"], id="3.3.10 BYWEEKNO"),
        pytest.param(event("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,WE;COUNT=4"), ["12-02", "12-13", "12-16", "12-27"],
                     id="3.3.10 WKST"),
        pytest.param(event("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3", "20261231T090000"), ["12-31", "01-31", "03-31"],
                     id="3.3.10 a day that some months lack is left out"),
        pytest.param(event("FREQ=WEEKLY;UNTIL=20261209T010000Z"), ["12-02", "12-09"],
                     id="3.3.10 UNTIL is inclusive, in UTC"),
        pytest.param(event("FREQ=HOURLY;COUNT=2"), ["12-02", "12-02"], id="3.3.10 several on one day"),
        pytest.param(event("FREQ=WEEKLY;COUNT=3") + "\r\nEXDATE;TZID=Asia/Shanghai:20261209T090000", ["12-02", "12-16"],
                     id="3.8.5.1 EXDATE"),
        pytest.param(event("FREQ=WEEKLY;COUNT=2") + "\r\nEXDATE:20261209T010000Z", ["12-02"],
                     id="3.8.5.1 EXDATE in another zone"),
        pytest.param(event() + "\r\nRDATE;TZID=Asia/Shanghai:20261205T090000", ["12-02", "12-05"], id="3.8.5.2 RDATE"),
        pytest.param(event("FREQ=WEEKLY;COUNT=2", "20261129T230000Z"), ["11-30", "12-07"],
                     id="3.8.5.3 expanded in the event's own zone"),
    ],
)  # fmt: skip
def test_a_rule_has_the_dates_of_the_standard(what: str, expected: list[str]) -> None:
    assert [each[:5] for each in times(calendar(what))] == expected


def test_a_changed_date_replaces_its_date_and_those_after_it_where_it_says_so() -> None:
    series = event("FREQ=WEEKLY;COUNT=4", uid="s")
    later = (
        "UID:s\r\nRECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Asia/Shanghai:20261216T090000\r\n"
        "DTSTART;TZID=Asia/Shanghai:20261216T100000\r\nDURATION:PT1H"
    )
    assert times(calendar(series, later))[:2] == ["12-02 09:00-10:00", "12-09 09:00-10:00"]
    assert times(calendar(series, later))[2] == "12-16 10:00-11:00"


@pytest.mark.parametrize("where", ["before", "after"])
def test_a_zone_that_the_file_defines_counts_in_its_calendar_alone(where: str) -> None:
    def of(name: str, off: str, uid: str) -> Any:
        mine = f"UID:{uid}\r\nDTSTART;TZID={name}:20261218T090000\r\nDTEND;TZID={name}:20261218T100000"
        return calendar(mine, **{where: HALL.format(name=name, off=off)})

    both = of("Hall Clock", "+0300", "a") + of("Hall Clock", "+0500", "b")
    assert times(both) == ["12-18 14:00-15:00", "12-18 12:00-13:00"]
    assert times(of("Europe/Paris", "+0300", "c")) == ["12-18 14:00-15:00"]


def test_a_zone_that_nobody_defines_is_named_and_never_guessed() -> None:
    used = (FILES / "undefined-zone.ics").read_bytes()
    times(calendar(event(), before=HALL.format(name="Hall Clock", off="+0300")))
    [line] = read(used, zone=ZONE, today=TODAY)
    assert line["fault"] == "zone:Hall Clock"
    assert "starts_at" not in line


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param("DTSTART;TZID=China Standard Time:20261202T090000\r\nDURATION:PT1H", "12-02 09:00-10:00",
                     id="a name that Outlook writes"),
        pytest.param("DTSTART;TZID=Europe/Paris:20261202T090000\r\nDURATION:PT1H", "12-02 16:00-17:00",
                     id="a known zone"),
        pytest.param("DTSTART:20261202T090000\r\nDURATION:PT1H", "12-02 09:00-10:00", id="3.3.5 no zone: the centre's"),
        pytest.param("DTSTART;VALUE=DATE:20261202\r\nDURATION:P1D", "12-02 00:00-00:00", id="3.3.6 a whole day"),
    ],
)  # fmt: skip
def test_times_are_told_on_the_centres_clock(given: str, expected: str) -> None:
    assert times(calendar(f"UID:a\r\n{given}")) == [expected]


def test_what_is_called_off_is_known_by_its_uid() -> None:
    [line] = read((FILES / "method-cancel.ics").read_bytes(), zone=ZONE, today=TODAY)
    assert (line["is_off"], line["uid"], line["sequence"]) == (True, "r@example", 2)
    one = "UID:s\r\nRECURRENCE-ID:20261209T010000Z\r\nDTSTART:20261209T010000Z\r\nDURATION:PT1H\r\nSTATUS:CANCELLED"
    lines = read(calendar(event("FREQ=WEEKLY;COUNT=3", uid="s"), one), zone=ZONE, today=TODAY)
    assert [line["recurrence"] for line in lines if line["is_off"]] == ["20261209T010000Z"]


def test_a_broken_event_does_not_swallow_a_sound_one() -> None:
    lines = read(calendar("UID:x\r\nDTSTART:yesterday", event(uid="y")), zone=ZONE, today=TODAY)
    assert [bool(line.get("fault")) for line in lines] == [True, False]
