"""Pages on which a series of bookings is made and seen."""

from datetime import datetime

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.calendars.entries import calendar_file, own_entry
from center.bookings.models import LIVE
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series.queries import get_series
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import centre_zone, local_date
from center.rooms.queries import get_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings import flow, series_flow
from center.web.bookings.series_forms import DecideSeriesForm
from center.web.bookings.series_page import day_of, row_of, series_page
from center.web.resident.series.steps import RepeatSteps


@blueprint.get("/series/new/<code>")
@signed_in
def repeat(code: str) -> ResponseReturnValue:
    """Lead to the first question, where there is anybody who may have a series in the room."""
    if (refused := _refused(steps := _steps(code))) is not None:
        return refused
    if why := series_flow.kept_from(steps.room, steps.who, now=steps.now):
        others = [each for each in series_flow.series_ahead(now=steps.now) if each.room_id == steps.room.id]
        why_not_one = flow.why_not_book(steps.room, now=steps.now)
        return render_template(
            "resident/series/full.html", room=steps.room, why=why, others=others, why_not_one=why_not_one
        )
    return steps.start()


@blueprint.route("/series/new/<code>/<step>", methods=["GET", "POST"])
@signed_in
def repeat_step(code: str, step: str) -> ResponseReturnValue:
    """One step of booking a room on many dates: when and how often, then every date before any is booked."""
    steps = _steps(code)
    authorise(steps.knows(step))
    return _refused(steps) or steps.answer(step)


@blueprint.get("/series/<series>")
@signed_in
def show_series(series: str) -> ResponseReturnValue:
    """A series: its rule, every date with where it stands, and what can be done."""
    now = clock.now()
    return series_page(seen(series, now=now), DecideSeriesForm(formdata=None), now=now)


@blueprint.get("/series/<series>/list")
@signed_in
def print_series(series: str) -> ResponseReturnValue:
    """The dates of a series on paper."""
    now = clock.now()
    found = seen(series, now=now)
    held = [each for each in found.dates if each.booking and each.booking.status in LIVE]
    coming = [each for each in held if day_of(each) >= local_date(now)]
    rows = [row_of(each, found, now=now) for each in coming or held]
    return render_template("resident/series/print.html", series=found, rows=rows)


@blueprint.get("/series/<series>/calendar.ics")
@signed_in
def series_calendar(series: str) -> ResponseReturnValue:
    """Every date of a series as a calendar file; each is an event of its own, as in every other calendar."""
    found = seen(series, now=clock.now())
    entries = [
        own_entry(each.booking, each.booking.room, address_of=_address_of) for each in found.dates if each.booking
    ]
    response = Response(calendar_file(found.purpose, entries, zone=centre_zone()), mimetype="text/calendar")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.reference}.ics"'
    return response


def seen(reference: str, *, now: datetime) -> BookingSeries:
    """The series, if this person may see it."""
    found = get_series(reference)
    authorise(series_flow.may_see(found, now=now))
    return found


def date_of(found: BookingSeries, text: str) -> SeriesDate:
    """The date of a series that an address speaks of; raises NotFound."""
    each = next((each for each in found.dates if each.on_date.isoformat() == text), None)
    authorise(each is not None)
    assert each is not None
    return each


def _steps(code: str) -> RepeatSteps:
    room, now = get_room(code), clock.now()
    authorise(not room.is_retired)
    return RepeatSteps(room, flow.applicant(now), now=now)


def _refused(steps: RepeatSteps) -> ResponseReturnValue | None:
    """What is said to whom the desk does not know yet, and to whom series are not for."""
    if not flow.may_ask_yet(current_user.account):
        return render_template("resident/bookings/not_confirmed.html", room=steps.room), 403
    if not series_flow.parties(steps.who):
        return render_template("resident/series/not_yours.html", room=steps.room), 403
    return None


def _address_of(reference: str) -> str:
    return url_for("bookings.show", reference=reference, _external=True)
