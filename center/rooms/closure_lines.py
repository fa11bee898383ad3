"""What an import of closures would do, line by line, and doing it."""

import enum
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from center.kernel.db import transaction
from center.kernel.errors import UNSTORABLE, DomainError, RuleBroken
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.texts import has_control_characters
from center.people.models import Person
from center.rooms import closures
from center.rooms.closure_files import NO_TIME, FileLine
from center.rooms.closures import ClosureFacts, FileEvent
from center.rooms.models import Closure, Room
from center.rooms.queries import all_rooms, find_room
from center.rooms.uses import InUse, live_uses

WHOLE_CENTRE = {"all", "*", "whole centre", "the whole centre", "全部", "全中心", "整个中心"}
REASON_MOST, REASON_EN_MOST, UID_MOST = 80, 120, 255
WHOLE = "all"


class LineState(enum.StrEnum):
    """What becomes of a line."""

    CHANGED = "changed"  # an earlier file brought it, and this one says something else
    DONE = "done"  # imported just now
    FAULTY = "faulty"
    IN_USE = "in_use"  # somebody has the room then: staff choose what becomes of each use
    LIFTED = "lifted"  # an earlier file brought it, and this one calls it off
    OPENED = "opened"  # lifted just now
    READY = "ready"
    THERE = "there"  # closed already at exactly this time


# What the next page needs of a sound line, beside its times.
CARRIED = ("number", "room_code", "reason", "reason_en", "key", "uid", "recurrence", "sequence", "closure_id", "state")


@dataclass(frozen=True, kw_only=True)
class ImportLine(FileLine):
    """One line of an import. `closure_id` is what an earlier file brought and it changes or lifts; `was` is when."""

    state: LineState
    room_code: str = ""  # "": the whole centre
    uses: int = 0
    key: str = ""
    closure_id: int | None = None
    was: tuple[datetime, datetime] | None = None

    @property
    def times(self) -> tuple[datetime, datetime]:
        """When it starts and ends, on the centre's clock; of a line that says both."""
        if self.starts_at is None or self.ends_at is None:
            raise ValueError("this line does not say when")
        return self.starts_at.astimezone(centre_zone()), self.ends_at.astimezone(centre_zone())

    def carried(self) -> list[Any]:
        """What the next page needs of a sound line."""
        return [*(getattr(self, name) for name in CARRIED), *(moment.isoformat() for moment in self.times)]


def look_at(lines: Sequence[FileLine], *, now: datetime) -> list[ImportLine]:
    """What importing these lines would do; nothing is written."""
    rooms = all_rooms()
    house = _House(_by_name(rooms), [room for room in rooms if room.parent_id is None], now)
    earlier = closures.from_file((line.uid for line in lines if line.uid), now)
    batch = uuid.uuid4()
    seen: dict[Any, int] = {}
    looked: list[ImportLine] = []
    for n, line in enumerate(lines):
        if line.is_off:
            continue
        made = _look_at(line, house, seen, earlier, key=str(uuid.uuid5(batch, str(n))))
        if made.state is not LineState.FAULTY:
            seen.setdefault((made.room_code, made.starts_at, made.ends_at), line.number)
        looked.append(made)
    looked += _called_off(lines, looked, earlier, batch)
    return sorted(looked, key=lambda each: each.number)


def bring_in(carried: Sequence[Sequence[Any]], *, by: Person, now: datetime) -> list[ImportLine]:
    """Close what each line says, in a transaction of its own; uses in the way wait for a choice. Twice is once."""
    return [_bring_in(values, by=by, now=now) for values in carried]


@dataclass(frozen=True)
class _House:
    """The rooms by what a file may call them, those that are closed with the whole centre, and the moment."""

    named: Mapping[str, Sequence[Room]]
    every: Sequence[Room]
    now: datetime


def _look_at(
    line: FileLine, house: _House, seen: Mapping[Any, int], earlier: Sequence[Closure], *, key: str
) -> ImportLine:
    made = ImportLine(**{**vars(line), "uid": line.uid[:UID_MOST]}, state=LineState.FAULTY, key=key)
    try:
        room = _checked(line, house.named, now=house.now)
    except DomainError as error:
        return replace(made, fault=error.message)
    made = replace(made, room_code=room.code if room else "")
    if first := seen.get((made.room_code, line.starts_at, line.ends_at)):
        return replace(made, state=LineState.THERE, fault=_("The same as line %(number)s.", number=first))
    if brought := _brought(made, earlier):
        return _revised(made, brought)
    starts_at, ends_at = made.times
    if closures.find_same(room, starts_at=starts_at, ends_at=ends_at):
        return replace(made, state=LineState.THERE, fault=_("This closure is there already."))
    rooms = [room] if room else house.every
    uses = live_uses(rooms, after=max(starts_at, house.now), before=ends_at, with_closures=False)
    return replace(made, state=LineState.IN_USE if uses else LineState.READY, uses=len(uses))


def _brought(line: ImportLine, earlier: Sequence[Closure]) -> Closure | None:
    """The closure of the same room that an earlier file brought of the same event and date."""
    here = (line.uid, line.recurrence, line.room_code)
    of_event = (each for each in earlier if line.uid)
    return next((each for each in of_event if (each.file_uid, each.file_recurrence, _code(each)) == here), None)


def _code(closure: Closure) -> str:
    return closure.room.code if closure.room else ""


def _revised(line: ImportLine, brought: Closure) -> ImportLine:
    """What this file says of a closure that an earlier one brought."""
    if line.sequence < brought.file_sequence:
        return replace(line, state=LineState.THERE, fault=_("A newer version of this was imported before."))
    said = (line.room_code, *line.times, line.reason)
    if said == (_code(brought), brought.starts_at, brought.ends_at, brought.reason):
        return replace(line, state=LineState.THERE, fault=_("This closure is there already."))
    return replace(line, state=LineState.CHANGED, closure_id=brought.id, was=(brought.starts_at, brought.ends_at))


def _called_off(
    lines: Sequence[FileLine], looked: Sequence[ImportLine], earlier: Sequence[Closure], batch: uuid.UUID
) -> Iterator[ImportLine]:
    """What an earlier file brought and this one calls off, or does not have any more, or has in another room."""
    for closure in earlier:
        of_event = [line for line in lines if line.uid[:UID_MOST] == closure.file_uid]
        same = [line for line in of_event if line.recurrence == closure.file_recurrence or not line.recurrence]
        is_there = any(_brought(line, [closure]) for line in looked)
        sequence = max(line.sequence for line in of_event)
        if is_there or any(line.fault for line in of_event) or sequence < closure.file_sequence:
            continue
        yield ImportLine(
            number=(same or of_event)[0].number,
            state=LineState.LIFTED,
            room_code=_code(closure),
            room=WHOLE,
            starts_at=closure.starts_at,
            ends_at=closure.ends_at,
            reason=closure.reason,
            reason_en=closure.reason_en,
            key=str(uuid.uuid5(batch, f"lift {closure.id}")),
            closure_id=closure.id,
        )


def _checked(line: FileLine, named: Mapping[str, Sequence[Room]], *, now: datetime) -> Room | None:
    """The room of a sound line. Raises RuleBroken saying what is wrong with it."""
    if line.fault or line.starts_at is None or line.ends_at is None:
        raise RuleBroken(line.fault or NO_TIME)
    room = _room(line.room, named)
    if not line.reason:
        raise RuleBroken(_("Please write a reason; everybody reads it."))
    if len(line.reason) > REASON_MOST or len(line.reason_en) > REASON_EN_MOST:
        raise RuleBroken(_("The reason is too long: at most 80 characters, in English 120."))
    if has_control_characters(line.reason + line.reason_en):
        raise RuleBroken(UNSTORABLE)
    ClosureFacts(starts_at=line.starts_at, ends_at=line.ends_at, reason=line.reason).check(now=now)
    return room


def _room(said: str, named: Mapping[str, Sequence[Room]]) -> Room | None:
    if _alike(said) in WHOLE_CENTRE:
        return None
    if not said:
        raise RuleBroken(_("Which room? Write its code or its name, or All for the whole centre."))
    found = named.get(_alike(said), ())
    if not found:
        raise RuleBroken(_("There is no room “%(name)s”. Write its code, or All.", name=said[:40]))
    if len(found) > 1:
        raise RuleBroken(_("Several rooms are called “%(name)s”. Write the code.", name=said[:40]))
    return found[0]


def _alike(name: str) -> str:
    """A name in which full-width and half-width characters, and small and large ones, are one."""
    return unicodedata.normalize("NFKC", name).strip().lower()


def _by_name(rooms: Sequence[Room]) -> dict[str, list[Room]]:
    named: dict[str, list[Room]] = {}
    for room in rooms:
        names = {room.code, room.name, room.name_en, f"{room.code} {room.name}", f"{room.code} {room.name_en}"}
        for name in {_alike(each) for each in names if each}:
            named.setdefault(name, []).append(room)
    codes = {_alike(room.code): [room] for room in rooms}
    return {**named, **codes}


def _bring_in(values: Sequence[Any], *, by: Person, now: datetime) -> ImportLine:
    *facts, starts, ends = values
    known = dict(zip(CARRIED, facts, strict=True))
    times: dict[str, Any] = {"starts_at": datetime.fromisoformat(starts), "ends_at": datetime.fromisoformat(ends)}
    state = LineState(known.pop("state"))
    line = ImportLine(**known, **times, state=state, room=known["room_code"] or WHOLE)
    try:
        with transaction():
            _carry_out(line, by=by, now=now)
    except InUse as error:
        return replace(line, state=LineState.IN_USE, uses=len(error.uses))
    except DomainError as error:
        return replace(line, state=LineState.FAULTY, fault=error.message)
    return replace(line, state=LineState.OPENED if line.state is LineState.LIFTED else LineState.DONE)


def _carry_out(line: ImportLine, *, by: Person, now: datetime) -> None:
    """Close, change or lift what a line says."""
    room = find_room(line.room_code) if line.room_code else None
    if line.room_code and (room is None or room.is_retired):
        raise RuleBroken(_("This room is no longer in use."))
    brought = closures.get_closure(line.closure_id) if line.closure_id else None
    if brought is not None and line.state is LineState.LIFTED:
        if brought.lifted_at is None:
            closures.lift(brought, by=by, now=now)
        return
    starts_at, ends_at = line.times
    facts = ClosureFacts(starts_at=starts_at, ends_at=ends_at, reason=line.reason, reason_en=line.reason_en)
    event = FileEvent(line.uid, line.recurrence, line.sequence) if line.uid else None
    if brought is not None:
        closures.change(brought, facts, by=by, now=now, event=event)
    else:
        closures.close(
            room,
            starts_at=starts_at,
            ends_at=ends_at,
            reason=line.reason,
            reason_en=line.reason_en,
            by=by,
            now=now,
            request_key=line.key,
            event=event,
        )


def called(line: ImportLine, rooms: Mapping[str, Room]) -> str:
    """What a line closes, in the reader's language."""
    if line.room_code in rooms:
        room = rooms[line.room_code]
        return f"{room.code} {in_language(room.name, room.name_en)}"
    return line.room if line.room.lower() not in WHOLE_CENTRE else _("The whole centre")
