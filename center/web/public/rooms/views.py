"""Pages of rooms that everybody sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.i18n import centre_zone
from center.kernel.spans import LocalSpan, Span
from center.rooms import queries
from center.rooms.closures import closures_ahead
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Closure, HoursException, Room
from center.rooms.opening import exceptions_between
from center.rooms.queries import load_schedule, own_hours
from center.rooms.rulebook import book_sentences, room_book
from center.rooms.sentences import who_may_book
from center.web.blueprints import rooms as blueprint
from center.web.bookings import flow, series_flow
from center.web.rendering import render
from center.web.rooms.forms import FindRoomForm

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class RoomLine:
    """A room in the list of rooms, as it is today."""

    room: Room
    open_today: list[Span]
    closed_reason: str
    who: str


@dataclass(frozen=True, kw_only=True)
class RoomPage:
    """Everything about one room."""

    room: Room
    why_not: str
    may_repeat: bool
    week: Sequence[Sequence[LocalSpan]]
    today: date
    open_today: Sequence[Span]
    closed_reason: str
    sentences: Sequence[str]
    exceptions: Sequence[HoursException]
    closures: Sequence[Closure]


@blueprint.get("/rooms")
@public
def index() -> ResponseReturnValue:
    """All rooms, or those that suit a number of people and a need of access."""
    zone = centre_zone()
    today = clock.today(zone)
    form = FindRoomForm(formdata=request.args)
    form.validate()
    rooms = queries.all_rooms()
    schedule = load_schedule(rooms, today, today, zone=zone)
    lines = [
        RoomLine(room, schedule.open_spans(room, today), schedule.closed_reason(room, today), who_may_book(room))
        for room in rooms
        if form.suits(room)
    ]
    return render_template("public/rooms/index.html", lines=lines, form=form, is_asked=form.is_asked)


@blueprint.get("/rooms/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """Everything about one room."""
    room = queries.get_room(code)
    authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
    now, zone = clock.now(), centre_zone()
    today = clock.today(zone)
    schedule = load_schedule([room], today, today, zone=zone)
    return render(
        "public/rooms/show.html",
        RoomPage(
            room=room,
            why_not="" if room.is_retired else flow.why_not_book(room, now=now),
            may_repeat=bool(current_user.is_authenticated and series_flow.led_ids(now)),
            week=_week(room),
            today=today,
            open_today=schedule.open_spans(room, today),
            closed_reason=schedule.closed_reason(room, today),
            sentences=book_sentences(room, room_book(room)),
            exceptions=exceptions_between(today, today + AHEAD, room=room),
            closures=closures_ahead(now, until=now + AHEAD, room=room),
        ),
    )


def _week(room: Room) -> list[list[LocalSpan]]:
    rows = own_hours(room).hours
    return [[LocalSpan(row.opens, row.closes) for row in rows if row.weekday == n] for n in range(len(WEEKDAYS))]
