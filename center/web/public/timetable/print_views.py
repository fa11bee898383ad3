"""Days and weeks on paper, for the notice board and for a room's door."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue

from center.bookings.queries import who_booked
from center.bookings.rulebook.availability import room_days
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.i18n import centre_zone
from center.rooms.models import Room
from center.rooms.queries import get_room, rooms_on_boards
from center.timetable.sheets import Sheet, make_sheet, references_on
from center.web.blueprints import timetable as blueprint
from center.web.public.timetable.views import asked_day


@blueprint.get("/board/print")
@public
def print_board() -> ResponseReturnValue:
    """All rooms of one day on a sheet of paper."""
    day, _is_fallback = asked_day()
    with_names = _with_names()
    sheet = _sheet(rooms_on_boards(), day, day, with_names=with_names)
    return render_template("public/timetable/print_board.html", day=day, sheet=sheet, with_names=with_names)


@blueprint.get("/rooms/<code>/week/print")
@public
def print_week(code: str) -> ResponseReturnValue:
    """Seven days of one room on a sheet of paper, from Monday on."""
    room = get_room(code)
    authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
    day, _is_fallback = asked_day()
    monday = day - timedelta(days=day.weekday())
    sunday = monday + timedelta(days=6)
    with_names = _with_names() and not room.is_confidential
    sheet = _sheet([room], monday, sunday, with_names=with_names)
    return render_template(
        "public/timetable/print_week.html", room=room, monday=monday, sunday=sunday, sheet=sheet, with_names=with_names
    )


def _with_names() -> bool:
    """Whether names are asked for by somebody who may see them; everybody else gets the public sheet."""
    return request.args.get("names") == "1" and may(Permission.SEE_BOOKINGS)


def _sheet(rooms: Sequence[Room], first: date, last: date, *, with_names: bool) -> Sheet:
    plans = room_days(rooms, first, last, now=clock.now())
    names = who_booked(references_on(plans)) if with_names else None
    return make_sheet(plans, zone=centre_zone(), names=names)
