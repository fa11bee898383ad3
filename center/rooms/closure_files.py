"""Files of closures as staff send them, read line by line: a calendar (.ics) or a table (.xlsx).

A file may come from anywhere. It is read in a process of its own whose processor time and memory are limited; what that
process finds comes back as plain values.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from center.kernel.apart import ReaderEndedError, read_apart
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import tidy
from center.rooms.models import Room
from center.rooms.queries import all_rooms

MOST_BYTES = 1024 * 1024
MOST_LINES = 500

NOT_UNDERSTOOD = _l("This file could not be read. Please use the template, or an .ics file of a calendar.")
TOO_MANY = _l("This file has more than %(number)s lines. Please divide it.", number=MOST_LINES)
NO_TIME = _l("When it starts and when it ends must both be there, such as 2026-11-24 or 2026-11-24 14:30.")
REFUSED: Mapping[str, object] = {
    "text": _l("The text of this file is neither UTF-8 nor GB18030. Please save it as UTF-8."),
    "too_many": TOO_MANY,
    "zone_rules": _l("It defines a time zone by rules that no time zone has. Please take it from another calendar."),
    "unpacked": _l("This file unpacks to far too much. Please use the template."),
}


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One closure as the file has it; `fault` says what is wrong with the line, `is_off` that it was called off.

    `uid`, `recurrence` and `sequence` (RFC 5545) match a later file with what an earlier one brought.
    """

    number: int
    room: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str = ""
    reason_en: str = ""
    uid: str = ""
    recurrence: str = ""
    sequence: int = 0
    is_off: bool = False
    fault: object = ""


def read_file(name: str, content: bytes, *, zone: ZoneInfo, today: date) -> list[FileLine]:
    """The closures in a file, in its order. Raises RuleBroken on the field "file" for one that cannot be read."""
    if len(content) > MOST_BYTES:
        raise RuleBroken(_l("This file is too large: at most 1 MB, please."), field="file")
    readers = {"ics": ("calendar_file.py", zone.key, today.isoformat()), "xlsx": ("table_file.py",)}
    ending = name.rpartition(".")[2].lower()
    if ending not in readers:
        raise RuleBroken(_l("Please choose a file that ends in .xlsx or .ics."), field="file")
    lines = [_line(facts, zone) for facts in _read_apart(*readers[ending], content=content)]
    lines = [line for line in lines if line.uid or not line.is_off]  # called off, and nothing says what
    if len(lines) > MOST_LINES:
        raise RuleBroken(TOO_MANY, field="file")
    if not lines:
        raise RuleBroken(_l("There are no closures in this file."), field="file")
    return lines


def _read_apart(program: str, *arguments: str, content: bytes) -> list[dict[str, Any]]:
    """What the reader of such files finds, in a process that ends where it takes too much."""
    try:
        answer = json.loads(read_apart(Path(__file__).with_name(program), *arguments, content=content))
    except (ReaderEndedError, ValueError) as error:
        raise RuleBroken(NOT_UNDERSTOOD, field="file") from error
    if "refused" in answer:
        raise RuleBroken(REFUSED.get(answer["refused"], NOT_UNDERSTOOD), field="file")
    lines: list[dict[str, Any]] = answer["lines"]
    return lines


def _line(facts: dict[str, Any], zone: ZoneInfo) -> FileLine:
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("starts_at", "ends_at") if name in facts}
    known: dict[str, Any] = {
        **facts,
        **{name: moment if moment.tzinfo else moment.replace(tzinfo=zone) for name, moment in moments.items()},
        **{name: str(tidy(" ".join(facts.get(name, "").split()))) for name in ("room", "reason", "reason_en")},
        "fault": _fault(facts.get("fault", "")),
    }
    return FileLine(**known)


def _fault(code: str) -> object:
    name, _colon, more = code.partition(":")
    if name == "zone":
        return _l(
            "It names a time zone, “%(name)s”, that the file does not define. When it is cannot be told.",
            name=more[:60],
        )
    if name == "too_often":
        return _l("It repeats more than %(number)s times within a year.", number=100)
    return NO_TIME if code else ""


def template(*, today: datetime) -> bytes:
    """A table to fill in, in the reader's language, with two lines as examples."""
    from openpyxl import Workbook  # heavy, and needed here only
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = _("Closures")
    sheet.append([_("Room"), _("From"), _("Until"), _("Reason"), _("Reason in English")])
    rooms = all_rooms()
    day = today.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) + timedelta(days=28)
    example = _("Example: delete this line")
    if rooms:
        sheet.append([rooms[0].code, day.replace(hour=14), day.replace(hour=17), "设备检修", example])
    sheet.append([_("All"), day.date(), day.date(), "全中心消毒", example])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDE", (14, 20, 20, 40, 40), strict=True):
        sheet.column_dimensions[column].width = width
    _offer_rooms(sheet, rooms)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _offer_rooms(sheet: Any, rooms: Sequence[Room]) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    codes = ",".join(room.code for room in rooms)
    if len(codes) < 240:  # as much as a spreadsheet takes
        choice = DataValidation(type="list", formula1=f'"{codes}"', allow_blank=True, showErrorMessage=False)
        choice.add("A2:A500")
        sheet.add_data_validation(choice)
