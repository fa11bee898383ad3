"""The home page, the day board of all rooms, and the week and the month of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.readings import Reading, calendar_in, days_in, looking_at, read_days, room_in, rooms_in
from center.bookings.rulebook.footings import limits_met
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.caching.fragment_cache import page, piece, this_minute
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.rooms.models import Room
from center.signups.public.cards import Card
from center.timetable.boards import Board, RoomNow, make_board, next_free, room_now
from center.timetable.happenings import asked_coming, asked_of_day, coming_in, of_day_in
from center.timetable.months import make_month, month_of
from center.web.blueprints import timetable as blueprint
from center.web.forms import asked_date
from center.web.public.timetable.board_rooms import board_rooms
from center.web.public.timetable.lookers import footings_now, furthest, own_between
from center.web.rendering import page_of_many_with_forms, render
from center.web.sign_ups.pages import to_know
from center.web.template_words import layout

FAR = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Today:
    """Today at the centre: what the rooms are now, what is coming."""

    today: date
    hour: int
    rooms_now: Sequence[RoomNow]
    room_count: int
    own_count: int  # of rooms that residents book themselves
    free_count: int
    own_free_count: int
    free_at: datetime | None
    opens: datetime | None
    closes: datetime | None
    coming: Sequence[Card]


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """Seven days of a room, with what says first what keeps whoever looks from booking it."""

    room: Room
    is_fallback: bool
    monday: date
    sunday: date
    today: date
    board: Board
    limits: Sequence[str]
    before: date
    after: date


@blueprint.get("/")
@public
def home() -> ResponseReturnValue:
    """Today at the centre, and the doors to everything else."""
    today, now = clock.today(centre_zone()), this_minute()
    reading = read_days(today, today, **asked_coming(now))

    def draw() -> str:
        asked, told = to_know()
        shown = piece("public/timetable/home_today.html", lambda: vars(_today(reading, today, now)), of=(reading, now))
        return render_template("public/timetable/home.html", asked=asked, told=told, shown=shown)

    return page(draw, of=(reading, now))


def _today(reading: Reading, today: date, now: datetime) -> Today:
    rooms = [room for room in rooms_in(reading) if room.parent_id is None]
    days = days_in(reading, rooms, now=now)
    rooms_now = [room_now(day, now) for day in days]
    free = [each for each in rooms_now if each.is_free]
    return Today(
        today=today,
        hour=now.astimezone(centre_zone()).hour,
        rooms_now=rooms_now,
        room_count=len(rooms),
        own_count=sum(room.residents_may_book for room in rooms),
        free_count=len(free),
        own_free_count=sum(each.day.room.residents_may_book for each in free),
        free_at=next_free(days, now=now),
        opens=min((day.segments[0].start for day in days if day.segments), default=None),
        closes=max((day.segments[-1].end for day in days if day.segments), default=None),
        coming=coming_in(reading),
    )


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
        around = {"before": day - timedelta(days=1), "after": day + timedelta(days=1)}
        shown = {"day": day, "today": today, "board": board, "rooms": board_rooms(reading, day)}
        return shown | around | {"activities": of_day_in(reading)}

    def draw() -> str:
        timetable = piece("public/timetable/board_day.html", context, of=(reading, now, footings))
        limits = limits_met(rooms_in(reading), footings)
        return render_template(
            "public/timetable/board.html", day=day, is_fallback=is_fallback, timetable=timetable, limits=limits
        )

    if current_user.is_authenticated and "_flashes" not in session:
        return page_of_many_with_forms(draw, of=(reading, now, footings, layout()))
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
        shown = WeekPage(
            room=room,
            is_fallback=is_fallback,
            monday=monday,
            sunday=sunday,
            today=local_date(now),
            board=make_board(days, looking_at(reading, footings).stretches, now=now, zone=centre_zone(), own=own),
            limits=limits_met([room], footings),
            before=monday - timedelta(days=7),
            after=monday + timedelta(days=7),
        )
        return render("public/timetable/week.html", shown)

    return page(draw, of=(reading, now))


def asked_day() -> tuple[date, bool]:
    """The date asked for; today, and True for having had to choose it, when it is none or more than a year away."""
    today = clock.today(centre_zone())
    if not request.args.get("date"):
        return today, False
    day = asked_date()
    if day is None or abs(day - today) > FAR:
        return today, True
    return day, False


@blueprint.get("/rooms/<code>/month")
@public
def month(code: str) -> ResponseReturnValue:
    """One room's month: on which days there is free time for whoever looks."""
    day, is_fallback = asked_day()
    first, last = month_of(day)
    now, zone = this_minute(), centre_zone()
    today = clock.today(zone)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    reading = read_days(first, last, code=code)
    footings = footings_now(first, last, now=now)

    def draw() -> str:
        room = room_in(reading, code)
        authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
        days, may_book = days_in(reading, [room], now=now), looking_at(reading, footings).stretches
        reach = furthest(room, footings)
        return render_template(
            "public/timetable/month.html",
            room=room,
            is_fallback=is_fallback,
            today=today,
            month=make_month(days, calendar_in(reading), may_book, now=now, zone=zone, furthest=reach),
            limits=limits_met([room], footings),
            before=before if before >= today - FAR else None,
            after=after if after <= today + FAR else None,
        )

    return page(draw, of=(reading, now))
