"""The month of a room."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from center import clock
from center.access import Permission, authorise, may, public
from center.bookings.availability import room_days
from center.i18n import centre_zone
from center.premises.queries import calendar_days
from center.rooms.queries import get_room
from center.timetable.months import make_month, month_of
from center.timetable.views import FAR, asked_day, blueprint


@blueprint.get("/rooms/<code>/month")
@public
def month(code: str) -> ResponseReturnValue:
    """One room's month: on which days there is free time."""
    room = get_room(code)
    authorise(not room.is_retired or may(Permission.EDIT_ROOMS))
    day, is_fallback = asked_day()
    first, last = month_of(day)
    now, zone = clock.now(), centre_zone()
    today = clock.today(zone)
    before, after = first - timedelta(days=1), last + timedelta(days=1)
    return render_template(
        "timetable/month.html",
        room=room,
        is_fallback=is_fallback,
        today=today,
        month=make_month(
            room_days([room], first, last, now=now),
            calendar_days(first, last),
            now=now,
            zone=zone,
            is_staff=may(Permission.BOOK_FOR_ANYONE),
        ),
        before=before if before >= today - FAR else None,
        after=after if after <= today + FAR else None,
    )
