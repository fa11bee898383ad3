"""Files as nobody would write them: sound ones that are damaged, and ones made of likely pieces in any order."""

import io
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import strategies as st

from tests.bombs import calendar
from tests.pictures import picture

_SOUND = [file.read_bytes() for file in sorted((Path(__file__).parents[1] / "rooms" / "files").iterdir())]
CALENDARS, TABLES = ([each for each in _SOUND if each.startswith(b"PK") is is_table] for is_table in (False, True))

_NAMES = st.sampled_from([
    "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID", "SEQUENCE", "STATUS",
    "SUMMARY", "LOCATION", "UID", "DTSTAMP", "METHOD", "TZID", "TZOFFSETFROM", "TZOFFSETTO", "X-A", "BEGIN", "END",
])  # fmt: skip
_PARAMETERS = st.sampled_from([
    *([""] * 6), ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=Asia/Shanghai", ";TZID=Z", ';TZID="China Standard Time"',
    ";TZID=Europe/Nowhere", ";RANGE=THISANDFUTURE", ";LANGUAGE=zh", ';X="a', ";=;",
])  # fmt: skip
_SAID = st.sampled_from([
    "20261202", "20261202T090000", "20261202T090000Z", "00010101T000000", "99991231T235959Z", "19700101T000000",
    "20261301", "20261202T250000", "PT1H", "-P1D", "P1000000000D", "PT", "20261202/20261203",
    "20261202T090000Z/PT1H", "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,2TU;COUNT=5", "FREQ=YEARLY;UNTIL=20300101",
    "FREQ=DAILY;INTERVAL=0", "FREQ=X", "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=FR;COUNT=3", "RRULE", "FREQ=HOURLY;COUNT=3",
    "FREQ=DAILY;UNTIL=20261210T000000Z", "1", "-1", "9" * 30, "CANCELLED", "CANCEL", "R201", "R209", "all", "书画室",
    "粉刷", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM", "+0800", "+9999", "-0000", "a\\,b\\n", "\x00",
    "\x85", "\u2028", "😀" * 30, "x" * 300,
])  # fmt: skip
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_LINES = st.tuples(_NAMES, _PARAMETERS, st.one_of(_SAID, _TEXT)).map(lambda line: f"{line[0]}{line[1]}:{line[2]}")
_FIRST = ["BEGIN:VEVENT", "SUMMARY:x", "LOCATION:R201", "DTSTART:20261202T090000"]
_EVENTS = st.lists(_LINES, max_size=7).map(lambda lines: "\r\n".join([*_FIRST, *lines, "END:VEVENT", ""]))
_PARTS = st.lists(st.one_of(_EVENTS, _LINES.map(lambda line: f"{line}\r\n")), max_size=4)
MADE_CALENDARS = _PARTS.map(lambda parts: calendar("".join(parts)))

_CELLS = st.one_of(
    st.sampled_from(["R201", "全部", "从", "开始", "结束", "房间", "原因", "2026-12-02", "2026年12月2日 9:00"]),
    st.sampled_from(["24:00", "9999-12-31", "9999-12-31 24:00", "0001-01-01", "2026-12-02 25:00"]),
    st.none(), st.booleans(), st.floats(), st.integers(), st.text("=+-@a1 ", max_size=6),
    st.dates(), st.datetimes(), st.times(),
)  # fmt: skip
_NUMBERS = ["0", "-1", "1048577", "9" * 20, "1e308", "NaN", "x", "", "A0", "ZZZZ9", "s", "d", "b", "2026-12-02"]
_SPOT = re.compile(r'[">]([^"<>]{1,20})["<]')


@st.composite
def made_tables(draw: Callable[..., Any]) -> bytes:
    """A spreadsheet of cells of any kind."""
    book = openpyxl.Workbook()
    for row in draw(st.lists(st.lists(_CELLS, max_size=6), max_size=6)):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@st.composite
def damaged_tables(draw: Callable[..., Any]) -> bytes:
    """A spreadsheet that is packed soundly, with some values inside that make no sense."""
    with zipfile.ZipFile(io.BytesIO(draw(st.sampled_from(TABLES)))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    inside = draw(st.sampled_from(sorted(parts)))
    text = parts[inside].decode("utf-8", "replace")
    spots = [match.span(1) for match in _SPOT.finditer(text)] or [(0, 0)]
    for start, end in sorted(draw(st.lists(st.sampled_from(spots), max_size=4, unique=True)), reverse=True):
        text = text[:start] + draw(st.sampled_from(_NUMBERS)) + text[end:]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in {**parts, inside: text.encode()}.items():
            archive.writestr(name, content)
    return out.getvalue()


@st.composite
def damaged(draw: Callable[..., Any], sound: list[bytes]) -> bytes:
    """A sound file of which some bytes are others, are missing, or are there twice."""
    sent = bytearray(draw(st.sampled_from(sound)))
    for _n in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(sent) - 1, 0)))
        length = draw(st.sampled_from([0, 1, 1, 2, 4, 16, 200]))
        piece = draw(st.one_of(st.binary(max_size=4), st.just(bytes(sent[at : at + length]) * 2)))
        sent[at : at + length] = piece
    return bytes(sent)


@cache
def pictures(kind: str) -> list[bytes]:
    """Small sound pictures of a kind."""
    looks: dict[str, list[dict[str, Any]]] = {
        "JPEG": [{}, {"progressive": True}, {"mode": "CMYK"}, {"mode": "L"}],
        "PNG": [{}, {"mode": "P"}, {"mode": "RGBA"}, {"mode": "I;16"}],
        "WEBP": [{}, {"lossless": True}],
    }
    return [picture(240, 210, kind=kind, **look) for look in looks[kind]]


_STARTS = st.sampled_from([b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF0000WEBP", b"GIF89a", b""])
_SEGMENTS = st.lists(
    st.tuples(st.integers(0xC0, 0xFF), st.binary(max_size=20)).map(
        lambda each: bytes([0xFF, each[0]]) + (len(each[1]) + 2).to_bytes(2) + each[1]
    ),
    max_size=12,
).map(b"".join)
BEGINNINGS = st.tuples(_STARTS, st.one_of(_SEGMENTS, st.binary(max_size=300))).map(b"".join)
