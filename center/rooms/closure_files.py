"""Files of closures as staff send them, read line by line: a calendar (.ics) or a table (.xlsx).

A file may come from anywhere: its size, its depth and what it unpacks to are bounded before any library reads it.
"""

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from icalendar import Calendar

from center.errors import DomainError, RuleBroken
from center.forms import tidy
from center.i18n import lazy_gettext as _l
from center.rooms.recurrence import dates_of, read_rule

MOST_BYTES = 1024 * 1024
MOST_LINES = 500
MOST_UNPACKED = 8 * 1024 * 1024
MOST_COMPONENTS, DEEPEST = 2000, 6
AHEAD = timedelta(days=366)
MIDNIGHT = time(0)

NOT_UNDERSTOOD = _l("This file could not be read. Please use the template, or an .ics file of a calendar.")
TOO_MANY = _l("This file has more than %(number)s lines. Please divide it.", number=MOST_LINES)
NO_TIME = _l("When it starts and when it ends must both be there, such as 2026-11-24 or 2026-11-24 14:30.")

HEADINGS = {
    "room": {"room", "房间", "功能室", "教室"},
    "starts": {"from", "start", "开始", "开始时间", "从"},
    "ends": {"to", "until", "end", "结束", "结束时间", "到"},
    "reason": {"reason", "原因", "事由", "说明"},
    "reason_en": {"reason in english", "reason_en", "英文原因", "原因（英文）", "原因(英文)"},
}
USUAL_ORDER = ("room", "starts", "ends", "reason", "reason_en")
_TEXT_TIME = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[T\s]+(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?)?"
)


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One closure as the file has it; `fault` says what is wrong with the line, if anything is."""

    number: int
    room: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str = ""
    reason_en: str = ""
    fault: object = ""


def read_file(name: str, content: bytes, *, zone: ZoneInfo, today: date) -> list[FileLine]:
    """The closures in a file, in its order. Raises RuleBroken on the field "file" for one that cannot be read."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(_l("This file is too large: at most 1 MB, please."), field="file")
    readers: dict[str, Callable[[], Iterator[FileLine]]] = {
        "ics": lambda: _calendar_lines(content, zone, today),
        "xlsx": lambda: _table_lines(content, zone),
    }
    ending = name.rpartition(".")[2].lower()
    if ending not in readers:
        raise RuleBroken(_l("Please choose a file that ends in .xlsx or .ics."), field="file")
    lines: list[FileLine] = []
    try:
        for line in readers[ending]():
            lines.append(line)
            if len(lines) > MOST_LINES:
                raise RuleBroken(TOO_MANY)
    except DomainError as error:
        raise RuleBroken(error.message, field="file") from error
    except Exception as error:  # whatever a library makes of a broken file
        raise RuleBroken(NOT_UNDERSTOOD, field="file") from error
    if not lines:
        raise RuleBroken(_l("There are no closures in this file."), field="file")
    return lines


# Calendars


def _calendar_lines(content: bytes, zone: ZoneInfo, today: date) -> Iterator[FileLine]:
    _check_calendar(content)
    number = 0
    for calendar in Calendar.from_ical(content, multiple=True):
        for event in calendar.walk("VEVENT"):
            number += 1
            if str(event.get("STATUS", "")).upper() != "CANCELLED":
                yield from _event_lines(event, number, zone, today)


def _check_calendar(content: bytes) -> None:
    depth = components = 0
    for line in content.upper().splitlines():
        if line.startswith(b"BEGIN:"):
            depth, components = depth + 1, components + 1
        elif line.startswith(b"END:"):
            depth -= 1
        if depth > DEEPEST or components > MOST_COMPONENTS:
            raise RuleBroken(TOO_MANY if components > MOST_COMPONENTS else NOT_UNDERSTOOD)


def _event_lines(event: Any, number: int, zone: ZoneInfo, today: date) -> Iterator[FileLine]:
    line = FileLine(number=number)
    try:
        line = replace(line, room=_plain(event.get("LOCATION")), reason=_plain(event.get("SUMMARY")))
        first, last = _event_times(event, zone)
        for start in _starts(event, first, zone, today):
            length = last - first
            yield replace(line, starts_at=start.replace(tzinfo=zone), ends_at=(start + length).replace(tzinfo=zone))
    except DomainError as error:
        yield replace(line, fault=error.message)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        yield replace(line, fault=NO_TIME)


def _event_times(event: Any, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From when until when on the centre's clock, without the zone; a whole day ends at midnight."""
    starts = event["DTSTART"].dt
    if "DTEND" in event:
        ends = event["DTEND"].dt
    elif "DURATION" in event:
        ends = starts + event["DURATION"].dt
    elif isinstance(starts, datetime):
        raise RuleBroken(NO_TIME)
    else:
        ends = starts + timedelta(days=1)
    first, last = _local(starts, zone), _local(ends, zone)
    return first, (last if last > first or isinstance(starts, datetime) else first + timedelta(days=1))


def _starts(event: Any, first: datetime, zone: ZoneInfo, today: date) -> Iterator[datetime]:
    """Each start of an event: once, or as often as it repeats from today until a year from now."""
    rules = event.get("RRULE")
    if not rules and "RDATE" not in event:
        yield first
        return
    if isinstance(rules, list) or "RDATE" in event or "EXRULE" in event:
        raise RuleBroken(_l("It repeats in a way that is not understood here. Please list its dates one by one."))
    untils = [_local(each, zone) for each in rules.get("UNTIL", ())]
    rule = read_rule(dict(rules.items()), start=first.date(), until=untils[0].date() if untils else None)
    for day in dates_of(
        rule, first=today, last=today + AHEAD, without=[each.date() for each in _left_out(event, zone)]
    ):
        yield datetime.combine(day, first.time())


def _left_out(event: Any, zone: ZoneInfo) -> Iterator[datetime]:
    listed = event.get("EXDATE", [])
    for each in listed if isinstance(listed, list) else [listed]:
        yield from (_local(moment.dt, zone) for moment in each.dts)


def _local(moment: date | datetime, zone: ZoneInfo) -> datetime:
    if not isinstance(moment, datetime):
        return datetime.combine(moment, MIDNIGHT)
    return moment.astimezone(zone).replace(tzinfo=None) if moment.tzinfo else moment


# Tables


def _table_lines(content: bytes, zone: ZoneInfo) -> Iterator[FileLine]:
    _check_archive(content)
    from openpyxl import load_workbook  # heavy, and needed here only

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(min_row=1, max_row=MOST_LINES + 50, max_col=12)
        order: Sequence[str] = USUAL_ORDER
        for number, row in enumerate(rows, 1):
            if not any(_plain(cell.value) for cell in row):
                continue
            if number == 1 and (headings := _headings(row)):
                order = headings
                continue
            yield _table_line(number, dict(zip(order, row, strict=False)), zone)
    finally:
        book.close()


def _check_archive(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if len(members) > 200 or sum(member.file_size for member in members) > MOST_UNPACKED:
            raise RuleBroken(_l("This file unpacks to far too much. Please use the template."))
        for member in members:
            if b"<!D" in archive.read(member).replace(b"\0", b"")[:4096].upper():
                raise RuleBroken(NOT_UNDERSTOOD)


def _headings(row: Sequence[Any]) -> list[str]:
    """What each column is, where the first line says so."""
    words = [_plain(cell.value).lower() for cell in row]
    named = [
        next((key for key, known in HEADINGS.items() if word in known), f"other {n}") for n, word in enumerate(words)
    ]
    return named if len(set(named) & set(HEADINGS)) >= 2 else []


def _table_line(number: int, cells: dict[str, Any], zone: ZoneInfo) -> FileLine:
    room, reason, reason_en = (
        _plain(cells[name].value) if name in cells else "" for name in ("room", "reason", "reason_en")
    )
    line = FileLine(number=number, room=room, reason=reason, reason_en=reason_en)
    starts, ends = (_cell_time(cells.get(name)) for name in ("starts", "ends"))
    if starts is None or ends is None:
        return replace(line, fault=NO_TIME)
    start = starts if isinstance(starts, datetime) else datetime.combine(starts, MIDNIGHT)
    end = ends if isinstance(ends, datetime) else datetime.combine(ends + timedelta(days=1), MIDNIGHT)
    return replace(line, starts_at=start.replace(tzinfo=zone), ends_at=end.replace(tzinfo=zone))


def _cell_time(cell: Any) -> date | datetime | None:
    """A moment, or a whole day where no clock time was written."""
    value = getattr(cell, "value", None)
    if isinstance(value, datetime):
        has_time = value.time() != MIDNIGHT or "h" in str(cell.number_format).lower()
        return value.replace(tzinfo=None) if has_time else value.date()
    if isinstance(value, date):
        return value
    match = _TEXT_TIME.fullmatch(_plain(value))
    if match is None:
        return None
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
        if match[4] is None:
            return day
        if (int(match[4]), int(match[5])) == (24, 0):
            return datetime.combine(day + timedelta(days=1), MIDNIGHT)
        return datetime.combine(day, time(int(match[4]), int(match[5])))
    except (ValueError, OverflowError):
        return None


def _plain(value: Any) -> str:
    text = value if isinstance(value, str) else "" if value is None else str(value)
    return str(tidy(" ".join(text.split())))
