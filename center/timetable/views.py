"""The home page, the day board of all rooms and the week of one."""

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from center import clock
from center.access import Permission, authorise, may, public
from center.bookings.availability import room_days
from center.i18n import centre_zone
from center.rooms.models import Room
from center.rooms.queries import get_room, rooms_on_boards
from center.timetable.boards import Board, make_board, next_free, now_and_next
from center.web import asked_date

blueprint = Blueprint("timetable", __name__)
FAR = timedelta(days=366)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Today at the centre, and the doors to everything else."""
    now, today = clock.now(), clock.today(centre_zone())
    rooms = [room for room in rooms_on_boards() if room.parent_id is None]
    days = room_days(rooms, today, today, now=now)
    rooms_now = [now_and_next(room_day, now=now) for room_day in days]
    return render_template(
        "timetable/home.html",
        today=today,
        hour=now.astimezone(centre_zone()).hour,
        rooms_now=rooms_now,
        free_count=sum(each.is_free for each in rooms_now),
        free_at=next_free(days, now=now),
        opens=min((day.segments[0].start for day in days if day.segments), default=None),
        closes=max((day.segments[-1].end for day in days if day.segments), default=None),
    )


@blueprint.get("/board")
@public
def board() -> ResponseReturnValue:
    """All rooms of one day."""
    day, is_fallback = _asked_day()
    return render_template(
        "timetable/board.html",
        day=day,
        is_fallback=is_fallback,
        today=clock.today(centre_zone()),
        board=_board(rooms_on_boards(), day, day),
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
    )


@blueprint.get("/rooms/<code>/week")
@public
def week(code: str) -> ResponseReturnValue:
    """Seven days of one room, from Monday on."""
    room = get_room(code)
    authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
    day, is_fallback = _asked_day()
    monday = day - timedelta(days=day.weekday())
    return render_template(
        "timetable/week.html",
        room=room,
        is_fallback=is_fallback,
        monday=monday,
        sunday=monday + timedelta(days=6),
        today=clock.today(centre_zone()),
        board=_board([room], monday, monday + timedelta(days=6)),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
    )


def _board(rooms: Sequence[Room], first: date, last: date) -> Board:
    now = clock.now()
    is_staff = may(Permission.BOOK_FOR_ANYONE)
    return make_board(room_days(rooms, first, last, now=now), now=now, zone=centre_zone(), is_staff=is_staff)


def _asked_day() -> tuple[date, bool]:
    """The date asked for; today, and True for having had to choose it, when it is none or more than a year away."""
    today = clock.today(centre_zone())
    if not request.args.get("date"):
        return today, False
    day = asked_date()
    if day is None or abs(day - today) > FAR:
        return today, True
    return day, False
