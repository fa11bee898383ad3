"""The demonstration's rooms, organisations and calendar, as rows."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.rules import bookable_spans
from center.demo.scene import Scene
from center.demo.source import Row, centre, clock_minutes, row_of
from center.demo.year import Minutes, RoomPlan
from center.organisations.models import Organisation
from center.people.names import sort_key
from center.rooms.models import (
    PUBLIC_HOLIDAY,
    BookingWindow,
    ExceptionSpan,
    HoursException,
    OpeningHours,
    Room,
    RoomEquipment,
    RoomFeature,
)
from center.rooms.queries import Schedule

DAYS = {"weekday": range(5), "weekend": range(5, 7), "holiday": [PUBLIC_HOLIDAY]}
LISTS = {"hours", "windows", "features", "equipment", "rules", "parts"}


def organisations() -> list[Organisation]:
    """The seventeen organisations and the centre itself."""
    return [row_of(Organisation, each, sort_key=sort_key(each["name"])) for each in centre()["organisations"]]


def rooms() -> list[Room]:
    """The twelve rooms, and the parts of the one that divides: they have its hours, features and rules."""
    made = []
    for place, known in enumerate(centre()["rooms"], start=1):
        facts = {name: value for name, value in known.items() if name not in LISTS}
        whole = row_of(Room, facts | known["rules"], position=place * 10)
        whole.hours = [
            _hours(OpeningHours, *span, weekday=weekday)
            for kind, days in DAYS.items()
            for weekday in days
            for span in known["hours"][kind]
        ]
        whole.equipment = [
            RoomEquipment(name=name, name_en=name_en, position=n)
            for n, (name, name_en) in enumerate(known["equipment"])
        ]
        shared = {"floor": whole.floor, "noise": whole.noise, "parent": whole}
        parts = [
            row_of(Room, {**part, **known["rules"]}, position=place * 10 + n, **shared)
            for n, part in enumerate(known["parts"], start=1)
        ]
        for room in (whole, *parts):
            _fit_out(room, known)
            made.append(room)
    return made


def _fit_out(room: Room, known: Mapping[str, Any]) -> None:
    room.windows = [
        _hours(BookingWindow, opens, closes, reason=reason, reason_en=reason_en)
        for opens, closes, reason, reason_en in known["windows"]
    ]
    room.features = [row_of(RoomFeature, {"feature": each}) for each in known["features"]]


def exceptions(scene: Scene) -> list[HoursException]:
    """Two days ahead that differ: the chess room closes for cleaning, the reading room early for stocktaking."""
    made = []
    for known in centre()["exceptions"]:
        on_date = scene.today + timedelta(days=known["ahead"])
        words = {name: known[name] for name in ("reason", "reason_en")}
        made.append(HoursException(room_id=scene.rooms[known["room"]].id, on_date=on_date, **words))
        made[-1].spans = [_hours(ExceptionSpan, *span) for span in known["spans"]]
    return made


def _hours(model: type[Row], opens: str, closes: str, **more: Any) -> Row:
    return row_of(model, {"opens": opens, "closes": closes}, **more)


def plans(by_code: Mapping[str, Room]) -> dict[str, RoomPlan]:
    """What the year's plan needs to know of each room."""
    uses = centre()["uses"]
    return {
        code: RoomPlan(
            code=code,
            leaves=tuple(leaf.code for leaf in room.leaves),
            step=room.step_minutes,
            buffer=room.buffer_minutes,
            capacity=room.capacity,
            min_people=room.min_people,
            lengths=tuple(uses[code]["lengths"]),
            purposes=tuple((purpose, organisation) for purpose, organisation in uses[code]["purposes"]),
            whole=room.parent.code if room.parent else "",
        )
        for code, room in by_code.items()
    }


def open_minutes(by_code: Mapping[str, Room], schedule: Schedule, day: date) -> dict[str, list[Minutes]]:
    """When each room may be used on the day, in minutes since midnight."""
    opened = {}
    for code, room in by_code.items():
        spans = bookable_spans(schedule.open_spans(room, day), rules_of(room), schedule.zone)
        local = [(s.start.astimezone(schedule.zone), s.end.astimezone(schedule.zone)) for s in spans]
        opened[code] = [
            (clock_minutes(f"{start:%H:%M}"), clock_minutes(f"{end:%H:%M}") or 24 * 60) for start, end in local
        ]
    return opened
