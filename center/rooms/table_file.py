"""Reads the lines of a spreadsheet of closures. Runs in a process of its own, with limits (see `apart`)."""

import io
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from openpyxl import load_workbook

MOST_UNPACKED, MOST_MEMBERS, MOST_COLUMNS = 6 * 1024 * 1024, 200, 12
TITLES = 12  # lines above the headings, at most
MOST_MERGED = 2000  # rows of one merged cell
MIDNIGHT = time(0)
HEADINGS = {
    "room": {"room", "房间", "功能室", "教室"},
    "starts": {"from", "start", "开始", "开始时间", "从"},
    "ends": {"to", "until", "end", "结束", "结束时间", "到"},
    "reason": {"reason", "原因", "事由", "说明"},
    "reason_en": {"reason in english", "reason_en", "英文原因", "原因(英文)"},
}
USUAL_ORDER = ("room", "starts", "ends", "reason", "reason_en")
_DAY = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*"
_TEXT_TIME = re.compile(_DAY + r"日?(?:(?:(?<=日)\s*|(?:T|\s)\s*)(\d{1,2}):(\d{2})(?::\d{2})?)?")


class Unreadable(Exception):
    """The file as a whole is refused; says why in one word."""


def read(content: bytes) -> list[dict[str, Any]]:
    """One dict for each line: number, room, starts_at, ends_at, reason, reason_en and fault; times without a zone.

    A merged cell counts for each of its rows. Raises Unreadable: "unpacked" or "entities".
    """
    _check_archive(content)
    book = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
    rows = dict(_rows(book.worksheets[0]))
    order, below = _headings(rows)
    return [_line(n, dict(zip(order, row, strict=False))) for n, row in rows.items() if n > below]


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise Unreadable("unpacked")
        for member in members:
            if member.filename.lower().endswith((".xml", ".rels")):
                _check_entities(archive.read(member))


def _check_entities(content: bytes) -> None:
    """Refuse a document type wherever it stands and however it is encoded: a parser is asked, to the end."""
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_entities
    try:
        parser.Parse(content, True)
    except ExpatError:
        raise Unreadable("broken") from None


def _refuse_entities(*_said: object) -> None:
    raise Unreadable("entities")


def _rows(sheet: Any) -> Iterator[tuple[int, list[Any]]]:
    """The rows that say anything, with their numbers, however far below; rows between them are not made."""
    merged = {}
    for area in sheet.merged_cells.ranges:
        first = sheet.cell(area.min_row, area.min_col)
        last = min(area.max_row, area.min_row + MOST_MERGED)
        merged.update({(row, area.min_col): first for row in range(area.min_row, last + 1)})
    for number in sorted({row for row, _column in sheet._cells}):
        row = [merged.get((number, column)) or sheet.cell(number, column) for column in range(1, MOST_COLUMNS + 1)]
        if any(_plain(cell.value) for cell in row):
            yield number, row


def _headings(rows: dict[int, list[Any]]) -> tuple[Sequence[str], int]:
    """What each column is, and in which line that stands; 0 where no line says it."""
    for number, row in list(rows.items())[:TITLES]:
        words = [_alike(cell.value).lower() for cell in row]
        named = [
            next((key for key, known in HEADINGS.items() if word in known), f"other {n}")
            for n, word in enumerate(words)
        ]
        if len(set(named) & set(HEADINGS)) >= 2:
            return named, number
    return USUAL_ORDER, 0


def _line(number: int, cells: dict[str, Any]) -> dict[str, Any]:
    line: dict[str, Any] = {
        "number": number,
        "room": _alike(cells["room"].value) if "room" in cells else "",
        **{name: _plain(cells[name].value) if name in cells else "" for name in ("reason", "reason_en")},
    }
    starts, ends = (_cell_time(cells.get(name)) for name in ("starts", "ends"))
    if starts is None or ends is None:
        return {**line, "fault": "no_time"}
    try:
        start = starts if isinstance(starts, datetime) else datetime.combine(starts, MIDNIGHT)
        end = ends if isinstance(ends, datetime) else datetime.combine(ends + timedelta(days=1), MIDNIGHT)
    except OverflowError:
        return {**line, "fault": "no_time"}
    return {**line, "starts_at": start.isoformat(), "ends_at": end.isoformat()}


def _cell_time(cell: Any) -> date | datetime | None:
    """A moment, or a whole day where no clock time was written."""
    value = getattr(cell, "value", None)
    if isinstance(value, datetime):
        has_time = value.time() != MIDNIGHT or "h" in str(cell.number_format).lower()
        return value.replace(tzinfo=None) if has_time else value.date()
    if isinstance(value, date):
        return value
    match = _TEXT_TIME.fullmatch(_alike(value))
    if match is None:
        return None
    with suppress(ValueError, OverflowError):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        if (int(match[4]), int(match[5])) == (24, 0):
            return datetime.combine(day + timedelta(days=1), MIDNIGHT)
        return datetime.combine(day, time(int(match[4]), int(match[5])))
    return None


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _alike(value: Any) -> str:
    """A text in which full-width and half-width characters are one."""
    return " ".join(unicodedata.normalize("NFKC", _plain(value)).split())


if __name__ == "__main__":
    try:
        answer: Any = {"lines": read(sys.stdin.buffer.read())}
    except Unreadable as refused:
        answer = {"refused": refused.args[0]}
    json.dump(answer, sys.stdout)
