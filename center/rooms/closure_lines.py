"""What an import of closures would do, line by line; doing it; and the table that staff fill in."""

import enum
import io
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from wtforms.validators import ValidationError

from center.db import transaction
from center.errors import DomainError, RuleBroken
from center.forms import no_control_characters
from center.i18n import centre_zone, in_language
from center.i18n import gettext as _
from center.rooms.closure_files import NO_TIME, FileLine
from center.rooms.closures import ClosureFacts, close, find_same
from center.rooms.models import Room
from center.rooms.queries import all_rooms, find_room
from center.rooms.uses import InUse, live_uses

WHOLE_CENTRE = {"", "all", "*", "whole centre", "the whole centre", "全部", "全中心", "整个中心"}
REASON_MOST, REASON_EN_MOST = 80, 120


class LineState(enum.StrEnum):
    """What becomes of a line."""

    DONE = "done"  # imported just now
    FAULTY = "faulty"
    IN_USE = "in_use"  # somebody has the room then: staff choose what becomes of each use
    READY = "ready"
    THERE = "there"  # closed already at exactly this time


@dataclass(frozen=True, kw_only=True)
class ImportLine:
    """One line of an import; what is sound in it can be carried from page to page as plain values."""

    number: int
    state: LineState
    room_code: str = ""  # "": the whole centre
    room_said: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    reason: str = ""
    reason_en: str = ""
    uses: int = 0
    fault: object = ""
    key: str = ""

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it starts and ends, on the centre's clock; of a line that says both."""
        if self.starts_at is None or self.ends_at is None:
            raise ValueError("this line does not say when")
        return self.starts_at.astimezone(centre_zone()), self.ends_at.astimezone(centre_zone())

    def carried(self) -> list[Any]:
        """What the next page needs of a sound line."""
        times = [moment.isoformat() for moment in self.times]
        return [self.number, self.room_code, *times, self.reason, self.reason_en, self.key]


def look_at(lines: Sequence[FileLine], *, now: datetime) -> list[ImportLine]:
    """What importing these lines would do; nothing is written."""
    rooms = all_rooms()
    named = _by_name(rooms)
    every = [room for room in rooms if room.parent_id is None]
    batch = uuid.uuid4()
    seen: dict[Any, int] = {}
    looked: list[ImportLine] = []
    for n, line in enumerate(lines):
        made = _look_at(line, named, every, seen, now=now, key=str(uuid.uuid5(batch, str(n))))
        seen.setdefault((made.room_code, made.starts_at, made.ends_at), line.number)
        looked.append(made)
    return looked


def bring_in(carried: Sequence[Sequence[Any]], *, by: int, now: datetime) -> list[ImportLine]:
    """Make a closure of each line, each in a transaction of its own; those with uses in the way wait for a choice.

    Doing it again makes nothing twice.
    """
    return [_bring_in(values, by=by, now=now) for values in carried]


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


def _look_at(
    line: FileLine,
    named: Mapping[str, Sequence[Room]],
    every: Sequence[Room],
    seen: Mapping[Any, int],
    *,
    now: datetime,
    key: str,
) -> ImportLine:
    facts: dict[str, Any] = {
        "number": line.number,
        "room_said": line.room,
        "starts_at": line.starts_at,
        "ends_at": line.ends_at,
        "reason": line.reason,
        "reason_en": line.reason_en,
        "key": key,
    }
    try:
        room = _checked(line, named, now=now)
    except DomainError as error:
        return ImportLine(**facts, state=LineState.FAULTY, fault=error.message)
    facts["room_code"] = room.code if room else ""
    starts_at, ends_at = ImportLine(**facts, state=LineState.READY).times
    if first := seen.get((facts["room_code"], line.starts_at, line.ends_at)):
        return ImportLine(**facts, state=LineState.THERE, fault=_("The same as line %(number)s.", number=first))
    if find_same(room, starts_at=starts_at, ends_at=ends_at):
        return ImportLine(**facts, state=LineState.THERE, fault=_("This closure is there already."))
    rooms = [room] if room else every
    uses = live_uses(rooms, after=max(starts_at, now), before=ends_at, with_closures=False)
    return ImportLine(**facts, state=LineState.IN_USE if uses else LineState.READY, uses=len(uses))


def _checked(line: FileLine, named: Mapping[str, Sequence[Room]], *, now: datetime) -> Room | None:
    """The room of a sound line. Raises RuleBroken saying what is wrong with it."""
    if line.fault or line.starts_at is None or line.ends_at is None:
        raise RuleBroken(line.fault or NO_TIME)
    room = _room(line.room, named)
    if not line.reason:
        raise RuleBroken(_("Please write a reason; everybody reads it."))
    if len(line.reason) > REASON_MOST or len(line.reason_en) > REASON_EN_MOST:
        raise RuleBroken(_("The reason is too long: at most 80 characters, in English 120."))
    try:
        no_control_characters(None, SimpleNamespace(data=line.reason + line.reason_en))
    except ValidationError as error:
        raise RuleBroken(error.args[0]) from None
    ClosureFacts(starts_at=line.starts_at, ends_at=line.ends_at, reason=line.reason).check(now=now)
    return room


def _room(said: str, named: Mapping[str, Sequence[Room]]) -> Room | None:
    if said.lower() in WHOLE_CENTRE:
        return None
    found = named.get(said.lower(), ())
    if not found:
        raise RuleBroken(_("There is no room “%(name)s”. Write its code, or All.", name=said[:40]))
    if len(found) > 1:
        raise RuleBroken(_("Several rooms are called “%(name)s”. Write the code.", name=said[:40]))
    return found[0]


def _by_name(rooms: Sequence[Room]) -> dict[str, list[Room]]:
    named: dict[str, list[Room]] = {}
    for room in rooms:
        names = {room.code, room.name, room.name_en, f"{room.code} {room.name}", f"{room.code} {room.name_en}"}
        for name in {each.strip().lower() for each in names if each}:
            named.setdefault(name, []).append(room)
    codes = {room.code.lower(): [room] for room in rooms}
    return {**named, **codes}


def _bring_in(values: Sequence[Any], *, by: int, now: datetime) -> ImportLine:
    number, code, starts, ends, reason, reason_en, key = values
    starts_at, ends_at = datetime.fromisoformat(starts), datetime.fromisoformat(ends)
    facts: dict[str, Any] = {"number": number, "room_code": code, "starts_at": starts_at, "ends_at": ends_at}
    facts |= {"reason": reason, "reason_en": reason_en, "key": key, "room_said": code}
    try:
        with transaction():
            room = find_room(code) if code else None
            if code and (room is None or room.is_retired):
                raise RuleBroken(_("This room is no longer in use."))
            close(
                room,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=reason,
                reason_en=reason_en,
                by=by,
                now=now,
                request_key=key,
            )
    except InUse as error:
        return ImportLine(**facts, state=LineState.IN_USE, uses=len(error.facts["uses"]))
    except DomainError as error:
        return ImportLine(**facts, state=LineState.FAULTY, fault=error.message)
    return ImportLine(**facts, state=LineState.DONE)


def called(line: ImportLine, rooms: Mapping[str, Room]) -> str:
    """What a line closes, in the reader's language."""
    if line.room_code in rooms:
        room = rooms[line.room_code]
        return f"{room.code} {in_language(room.name, room.name_en)}"
    return line.room_said if line.room_said.lower() not in WHOLE_CENTRE else _("The whole centre")
