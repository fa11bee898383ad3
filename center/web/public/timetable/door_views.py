"""The screen at a room's door: what the room is now and next, in all the centre's languages, for a tablet."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from center.bookings.calendars.entries import is_hidden
from center.bookings.rulebook.availability import room_days
from center.kernel import clock
from center.kernel.access import authorise, public
from center.kernel.i18n import (
    format_clock,
    format_clocks,
    format_day,
    language,
    languages_on_offer,
    local_date,
    speaking,
)
from center.kernel.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import get_room
from center.timetable.boards import RoomNow, RoomState, room_now
from center.web.blueprints import timetable as blueprint
from center.web.qr import qr_code
from center.web.refreshing import taken_up


@dataclass(frozen=True, slots=True)
class DoorWords:
    """The screen's sentences in one language; empty ones are not shown."""

    language: str
    room: str
    day: str
    state: RoomState
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
    spoken = [_words(code, room, now) for code in _languages()]
    qr = qr_code(url_for("rooms.show", code=room.code, _external=True), is_sized=False)
    return taken_up(render_template("public/timetable/door.html", room=room, spoken=spoken, qr=qr))


def _shown(state: RoomState, *, is_hidden: bool) -> RoomState:
    """What somebody before the door needs to know. A confidential room does not show that it is only being cleared."""
    if state is RoomState.CLEARING and is_hidden:
        return RoomState.IN_USE
    return state if state in _state_words() else RoomState.CLOSED


def _languages() -> list[str]:
    """The reader's language first, then the others of the centre."""
    return [language(), *(code for code in languages_on_offer() if code != language())]


def _words(code: str, room: Room, now: datetime) -> DoorWords:
    """The screen in one language. The day is read in it, since what a use is called is a matter of language, too."""
    today, hidden = local_date(now), is_hidden(room)
    with speaking(code):
        [room_day] = room_days([room], today, today, now=now)
        found = room_now(room_day, now)
        state = _shown(found.state, is_hidden=hidden)
        upcoming = None if hidden else found.next_booking
        return DoorWords(
            language="zh-Hans" if code == "zh" else code,
            room=room.full_name,
            day=format_day(today, with_year=False),
            state=state,
            state_word=_state_words()[state],
            until="" if hidden else _until(found),
            label="" if hidden else found.current.label if found.current else room_day.closed_reason,
            next_title=_("Next") if upcoming else "",
            next_time=format_clocks(upcoming.start, upcoming.end) if upcoming else "",
            next_label=(upcoming.label or _("Booked")) if upcoming else "",
            scan=_("Scan for the whole week, and to book"),
        )


def _state_words() -> dict[RoomState, str]:
    return {
        RoomState.CLEARING: _("Being cleared"),
        RoomState.CLOSED: _("Closed"),
        RoomState.FREE: _("Free"),
        RoomState.HELD: _("Held"),
        RoomState.IN_USE: _("In use"),
    }


def _until(found: RoomNow) -> str:
    if found.until is None:
        return ""
    time = format_clock(found.until)
    return _("opens at %(time)s", time=time) if found.state is RoomState.NOT_YET else _("until %(time)s", time=time)
