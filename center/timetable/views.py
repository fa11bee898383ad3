"""The home page, the day board of all rooms and the week of one. Importing this adds calendars and door screens too."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from center import clock
from center.access import Permission, authorise, may, public
from center.bookings.availability import RoomDay, room_days
from center.bookings.readings import days_in, read_days, rooms_in
from center.drawing import page, piece, this_minute
from center.i18n import centre_zone
from center.rooms.queries import get_room, rooms_on_boards
from center.timetable import calendars, doors
from center.timetable.boards import Board, make_board, next_free, now_and_next
from center.timetable.pages import blueprint
from center.web import asked_date

__all__ = ["blueprint", "calendars", "doors"]

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
    day, is_fallback = asked_day()
    today, now = clock.today(centre_zone()), this_minute()
    reading = read_days(day, day)

    def context() -> dict[str, Any]:
        before, after = day - timedelta(days=1), day + timedelta(days=1)
        board = _board(days_in(reading, rooms_in(reading), now=now), now)
        return {"day": day, "today": today, "before": before, "after": after, "board": board}

    def draw() -> str:
        timetable = piece("timetable/board_day.html", context, of=(reading, now))
        return render_template("timetable/board.html", day=day, is_fallback=is_fallback, timetable=timetable)

    return page(draw, of=(reading, now))


@blueprint.get("/rooms/<code>/week")
@public
def week(code: str) -> ResponseReturnValue:
    """Seven days of one room, from Monday on."""
    room = get_room(code)
    authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
    day, is_fallback = asked_day()
    monday, now = day - timedelta(days=day.weekday()), clock.now()
    return render_template(
        "timetable/week.html",
        room=room,
        is_fallback=is_fallback,
        monday=monday,
        sunday=monday + timedelta(days=6),
        today=clock.today(centre_zone()),
        board=_board(room_days([room], monday, monday + timedelta(days=6), now=now), now),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
    )


def _board(room_days: Sequence[RoomDay], now: datetime) -> Board:
    return make_board(room_days, now=now, zone=centre_zone(), is_staff=may(Permission.BOOK_FOR_ANYONE))


def asked_day() -> tuple[date, bool]:
    """The date asked for; today, and True for having had to choose it, when it is none or more than a year away."""
    today = clock.today(centre_zone())
    if not request.args.get("date"):
        return today, False
    day = asked_date()
    if day is None or abs(day - today) > FAR:
        return today, True
    return day, False
