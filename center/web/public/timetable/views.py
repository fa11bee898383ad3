"""The home page, the day board of all rooms and the week of one."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from center.bookings.readings import days_in, looking_at, read_days, room_in, rooms_in
from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.footings import limits_met
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.caching.fragment_cache import page, piece, this_minute
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.rooms.models import Room
from center.timetable.boards import RoomNow, make_board, next_free, room_now
from center.timetable.happenings import asked_coming, asked_of_day, coming_in, of_day_in
from center.web.blueprints import timetable as blueprint
from center.web.edge import asked_date
from center.web.public.timetable.lookers import footings_now, own_between

FAR = timedelta(days=366)


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Today at the centre, and the doors to everything else."""
    today, now = clock.today(centre_zone()), this_minute()
    reading = read_days(today, today, **asked_coming(now))

    def draw() -> str:
        rooms = [room for room in rooms_in(reading) if room.parent_id is None]
        right_now = _right_now(days_in(reading, rooms, now=now), today, now)
        shown = {"coming": coming_in(reading), **_for_residents(rooms, right_now["rooms_now"]), **right_now}
        return render_template("public/timetable/home.html", **shown)

    return page(draw, of=(reading, now))


@blueprint.get("/board")
@public
def board() -> ResponseReturnValue:
    """All rooms of one day."""
    day, is_fallback = asked_day()
    today, now = clock.today(centre_zone()), this_minute()
    span = day_span(day, centre_zone())
    reading = read_days(day, day, **asked_of_day(span.start, span.end))
    footings = footings_now(day, day, now=now)

    def context() -> dict[str, Any]:
        days = days_in(reading, rooms_in(reading), now=now)
        board = make_board(days, looking_at(reading, footings).stretches, now=now, zone=centre_zone())
        around = _around(day, timedelta(days=1))
        return {"day": day, "today": today, "board": board, "activities": of_day_in(reading), **around}

    def draw() -> str:
        timetable = piece("public/timetable/board_day.html", context, of=(reading, now, footings))
        limits = limits_met(rooms_in(reading), footings)
        shown = {"day": day, "is_fallback": is_fallback, "timetable": timetable, "limits": limits}
        return render_template("public/timetable/board.html", **shown)

    return page(draw, of=(reading, now))


@blueprint.get("/rooms/<code>/week")
@public
def week(code: str) -> ResponseReturnValue:
    """Seven days of one room, from Monday on."""
    day, is_fallback = asked_day()
    monday, now = day - timedelta(days=day.weekday()), this_minute()
    sunday = monday + timedelta(days=6)
    reading = read_days(monday, sunday, code=code)
    footings = footings_now(monday, sunday, now=now)
    own = own_between(day_span(monday, centre_zone()).start, day_span(sunday, centre_zone()).end, now=now)

    def draw() -> str:
        room = room_in(reading, code)
        authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
        days = days_in(reading, [room], now=now)
        return render_template(
            "public/timetable/week.html",
            room=room,
            is_fallback=is_fallback,
            monday=monday,
            sunday=sunday,
            today=local_date(now),
            board=make_board(days, looking_at(reading, footings).stretches, now=now, zone=centre_zone(), own=own),
            limits=limits_met([room], footings),
            **_around(monday, timedelta(days=7)),
        )

    return page(draw, of=(reading, now))


def _for_residents(rooms: Sequence[Room], rooms_now: Sequence[RoomNow]) -> dict[str, int]:
    """How many rooms there are, how many residents book themselves, and how many of these are free now."""
    free = [each for each in rooms_now if each.is_free and each.day.room.residents_may_book]
    return {
        "room_count": len(rooms),
        "own_count": sum(room.residents_may_book for room in rooms),
        "own_free_count": len(free),
    }


def _right_now(room_days: Sequence[RoomDay], today: date, now: datetime) -> dict[str, Any]:
    rooms_now = [room_now(room_day, now) for room_day in room_days]
    return {
        "today": today,
        "hour": now.astimezone(centre_zone()).hour,
        "rooms_now": rooms_now,
        "free_count": sum(each.is_free for each in rooms_now),
        "free_at": next_free(room_days, now=now),
        "opens": min((day.segments[0].start for day in room_days if day.segments), default=None),
        "closes": max((day.segments[-1].end for day in room_days if day.segments), default=None),
    }


def _around(day: date, step: timedelta) -> dict[str, date]:
    return {"before": day - step, "after": day + step}


def asked_day() -> tuple[date, bool]:
    """The date asked for; today, and True for having had to choose it, when it is none or more than a year away."""
    today = clock.today(centre_zone())
    if not request.args.get("date"):
        return today, False
    day = asked_date()
    if day is None or abs(day - today) > FAR:
        return today, True
    return day, False
