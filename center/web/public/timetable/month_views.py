"""The month of a room."""

from datetime import timedelta

from flask import render_template
from flask.typing import ResponseReturnValue

from center.bookings.readings import calendar_in, days_in, looking_at, read_days, room_in
from center.bookings.rulebook.footings import limits_met
from center.kernel import clock
from center.kernel.access import Permission, authorise, may, public
from center.kernel.caching.fragment_cache import page, this_minute
from center.kernel.i18n import centre_zone
from center.timetable.months import make_month, month_of
from center.web.blueprints import timetable as blueprint
from center.web.public.timetable.lookers import footings_now, furthest
from center.web.public.timetable.views import FAR, asked_day


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
