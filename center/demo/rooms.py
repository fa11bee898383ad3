"""The demonstration's rooms, organisations and calendar, as rows."""

from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from typing import Any

from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.rules import bookable_spans
from center.demo.source import centre, clock_minutes
from center.demo.year import Minutes, RoomPlan
from center.organisations.models import LegalForm, Organisation, OrganisationKind, Origin, Stage
from center.people.names import sort_key
from center.rooms.models import (
    PUBLIC_HOLIDAY,
    AccessFeature,
    Approval,
    BookingWindow,
    ExceptionSpan,
    HoursException,
    Noise,
    OpeningHours,
    Room,
    RoomEquipment,
    RoomFeature,
)
from center.rooms.schedule import Schedule

WEEKDAYS, WEEKEND = range(5), range(5, 7)


def organisations() -> list[Organisation]:
    """The seventeen organisations and the centre itself."""
    return [
        Organisation(
            slug=known["slug"],
            name=known["name"],
            name_en=known["name_en"],
            sort_key=sort_key(known["name"]),
            about=known["about"],
            about_en=known["about_en"],
            kind=OrganisationKind(known["kind"]),
            origin=Origin(known["origin"]) if known["origin"] else None,
            stage=Stage(known["stage"]) if known["stage"] else None,
            legal_form=LegalForm(known["legal_form"]) if known["legal_form"] else None,
        )
        for known in centre()["organisations"]
    ]


def rooms() -> list[Room]:
    """The twelve rooms, and the parts of the one that divides."""
    made = []
    for place, known in enumerate(centre()["rooms"], start=1):
        whole = _room(known, place * 10)
        made += [whole, *_parts(whole, known, place * 10)]
    return made


def _room(known: Mapping[str, Any], position: int) -> Room:
    words = ("code", "name", "name_en", "about", "about_en", "notice", "notice_en", "floor")
    room = Room(
        **{word: known[word] for word in words},
        **_rules(known["rules"]),
        position=position,
        capacity=known["capacity"],
        wheelchair_places=known["wheelchair_places"],
        companion_places=known.get("companion_places", 0),
        access_note=known.get("access_note", ""),
        access_note_en=known.get("access_note_en", ""),
        noise=Noise(known["noise"]),
        is_confidential=known.get("is_confidential", False),
    )
    room.hours = list(_hours(known["hours"]))
    room.windows = list(_windows(known))
    room.features = [RoomFeature(feature=AccessFeature(feature)) for feature in known["features"]]
    room.equipment = [
        RoomEquipment(name=name, name_en=name_en, position=n) for n, (name, name_en) in enumerate(known["equipment"])
    ]
    return room


def _parts(whole: Room, known: Mapping[str, Any], position: int) -> Iterator[Room]:
    """A part has its whole's hours, features and rules, and a share of its places."""
    for place, part in enumerate(known["parts"], start=1):
        made = Room(
            **part,
            **_rules(known["rules"]),
            floor=whole.floor,
            noise=whole.noise,
            position=position + place,
            parent=whole,
        )
        made.windows = list(_windows(known))
        made.features = [RoomFeature(feature=each.feature) for each in whole.features]
        yield made


def _rules(known: Mapping[str, Any]) -> dict[str, Any]:
    return {**known, "approval": Approval(known["approval"])}


def _hours(known: Mapping[str, Any]) -> Iterator[OpeningHours]:
    for days, spans in ((WEEKDAYS, "weekday"), (WEEKEND, "weekend"), ([PUBLIC_HOLIDAY], "holiday")):
        for weekday in days:
            for opens, closes in known[spans]:
                yield OpeningHours(weekday=weekday, opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


def _windows(known: Mapping[str, Any]) -> Iterator[BookingWindow]:
    for opens, closes, reason, reason_en in known["windows"]:
        yield BookingWindow(
            opens=time.fromisoformat(opens), closes=time.fromisoformat(closes), reason=reason, reason_en=reason_en
        )


def exceptions(by_code: Mapping[str, Room], today: date) -> list[HoursException]:
    """Two days ahead that differ: the chess room closes for cleaning, the reading room early for stocktaking."""
    cleaning = HoursException(
        room_id=by_code["R03"].id, on_date=today + timedelta(days=9), reason="棋具消毒", reason_en="Cleaning the boards"
    )
    stocktaking = HoursException(
        room_id=by_code["R01"].id, on_date=today + timedelta(days=4), reason="图书盘点", reason_en="Stocktaking"
    )
    stocktaking.spans = [ExceptionSpan(opens=time(9), closes=time(12))]
    return [cleaning, stocktaking]


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
