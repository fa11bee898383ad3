"""The screen at a room's door: what the room is now and next, in all the centre's languages, for a tablet."""

import enum
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.bookings.calendars.entries import is_hidden, room_name
from center.bookings.rulebook.availability import SegmentState, room_days
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import centre, format_clock, format_clocks, format_day, language, local_date, speaking
from center.kernel.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.timetable.boards import RoomNow, now_and_next
from center.web.blueprints import timetable as blueprint
from center.web.qr import qr_code


class DoorState(enum.StrEnum):
    """What somebody who stands before the door needs to know."""

    CLEARING = "clearing"
    CLOSED = "closed"
    FREE = "free"
    HELD = "held"
    IN_USE = "in_use"


@dataclass(frozen=True, slots=True)
class DoorWords:
    """The screen's sentences in one language; empty ones are not shown."""

    language: str
    room: str
    day: str
    state: DoorState
    state_word: str
    until: str
    label: str
    next_title: str
    next_time: str
    next_label: str
    scan: str


@blueprint.get("/rooms/<code>/door")
@public
def door(code: str) -> ResponseReturnValue:
    """The screen at this room's door."""
    room = get_room(code)
    authorise(not room.is_retired)
    now = clock.now()
    return render_template(
        "public/timetable/door.html",
        room=room,
        spoken=[_words(code, room, now) for code in _languages()],
        qr=qr_code(url_for("rooms.show", code=room.code, _external=True), is_sized=False),
    )


def door_state(room_now: RoomNow, *, is_hidden: bool) -> DoorState:
    """What the room is now. A confidential room does not show that it is only being cleared."""
    states = {
        SegmentState.FREE: DoorState.FREE,
        SegmentState.BOOKED: DoorState.IN_USE,
        SegmentState.HELD: DoorState.HELD,
        SegmentState.CLEARING: DoorState.IN_USE if is_hidden else DoorState.CLEARING,
    }
    return states.get(room_now.current.state, DoorState.CLOSED) if room_now.current else DoorState.CLOSED


def _languages() -> list[str]:
    """The reader's language first, then the others of the centre."""
    return [language(), *(code for code in centre().languages if code != language())]


def _words(code: str, room: Room, now: datetime) -> DoorWords:
    """The screen in one language. The day is read in it, since what a use is called is a matter of language, too."""
    today, hidden = local_date(now), is_hidden(room)
    with speaking(code):
        [room_day] = room_days([room], today, today, now=now)
        room_now = now_and_next(room_day, now=now)
        state = door_state(room_now, is_hidden=hidden)
        upcoming = None if hidden else room_now.upcoming
        return DoorWords(
            language="zh-Hans" if code == "zh" else code,
            room=room_name(room),
            day=format_day(today, with_year=False),
            state=state,
            state_word=_state_words()[state],
            until="" if hidden else _until(state, room_now),
            label="" if hidden else room_now.current.label if room_now.current else room_day.closed_reason,
            next_title=_("Next") if upcoming else "",
            next_time=format_clocks(upcoming.start, upcoming.end) if upcoming else "",
            next_label=(upcoming.label or _("Booked")) if upcoming else "",
            scan=_("Scan for the whole week, and to book"),
        )


def _state_words() -> dict[DoorState, str]:
    return {
        DoorState.CLEARING: _("Being cleared"),
        DoorState.CLOSED: _("Closed"),
        DoorState.FREE: _("Free"),
        DoorState.HELD: _("Held"),
        DoorState.IN_USE: _("In use"),
    }


def _until(state: DoorState, room_now: RoomNow) -> str:
    if room_now.until is None:
        return ""
    time = format_clock(room_now.until)
    if state is DoorState.CLOSED and room_now.current is None:
        return _("opens at %(time)s", time=time)
    return _("until %(time)s", time=time)
