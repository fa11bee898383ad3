"""Pages on which dates of a series are changed and cancelled."""

from datetime import date, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.models.series import BookingSeries
from center.bookings.policy import is_cancellable
from center.bookings.series import news as series_news
from center.bookings.series.actions import cancel_dates
from center.bookings.series.news import how_told
from center.bookings.series.queries import changeable
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import ngettext
from center.web.blueprints import bookings as blueprint
from center.web.bookings import series_flow
from center.web.bookings.forms import CancelForm
from center.web.forms import asked_date, said_to_them
from center.web.resident.series.steps import ChangeSteps, others
from center.web.resident.series.views import date_of, seen
from center.web.sending import form_page, go_on, result_of


@blueprint.get("/series/<series>/dates/<on>")
@signed_in
def series_date(series: str, on: str) -> ResponseReturnValue:
    """One date of a series: change or cancel it, or this and all later ones."""
    now = clock.now()
    found = _changed_by_me(series, now=now)
    each = date_of(found, on)
    later = changeable(found.dates, each.on_date, only=False, now=now)
    is_open = bool(changeable(found.dates, each.on_date, only=True, now=now))
    return render_template(
        "resident/series/date.html",
        series=found,
        each=each,
        later=later,
        is_open=is_open,
        may_rebook=series_flow.may_rebook(found, now=now),
    )


@blueprint.get("/series/<series>/change")
@signed_in
def change_dates(series: str) -> ResponseReturnValue:
    """Lead to the question how one date, or all from a date on, are to be."""
    return _steps(series).start()


@blueprint.route("/series/<series>/change/<step>", methods=["GET", "POST"])
@signed_in
def change_step(series: str, step: str) -> ResponseReturnValue:
    """One step of changing dates: how they are to be, then what moves, stays and goes."""
    return _steps(series).answer(step)


@blueprint.route("/series/<series>/cancel", methods=["GET", "POST"])
@signed_in
def cancel_series(series: str) -> ResponseReturnValue:
    """Cancel one date, or all from a date on: the dates that go are listed first."""
    now = clock.now()
    found = _changed_by_me(series, now=now)
    from_date, only = _scope(found, now=now)
    as_staff = series_flow.acts_as_staff(found, now=now)
    ahead = changeable(found.dates, from_date, only=only, now=now)
    go = [each for each in ahead if each.booking and is_cancellable(each.booking, now=now, as_staff=as_staff)]
    form = CancelForm()
    if as_staff:
        said_to_them(form.reason)

    def cancel() -> int:
        authorise(series_flow.may_still_change(found, now=now))
        given = {"by": current_user.person, "now": now, "reason": form.reason.data or "", "as_staff": as_staff}
        return cancel_dates(found, {each.on_date for each in go}, **given)

    if go and (count := result_of(form, cancel)) is not None:
        said = ngettext("%(num)d date is cancelled.", "%(num)d dates are cancelled.", count)
        return go_on(said, url_for("bookings.show_series", series=found.reference))
    late = [each for each in ahead if each not in go]
    return form_page(
        "resident/series/cancel.html",
        form,
        series=found,
        go=go,
        late=late,
        stay=others(found, [each.on_date for each in ahead], now),
        reached=how_told(found, series_news.CANCELLED_BY_STAFF, now=now) if as_staff and go else None,
    )


def _steps(series: str) -> ChangeSteps:
    now = clock.now()
    found = _changed_by_me(series, now=now)
    authorise(series_flow.may_rebook(found, now=now))
    from_date, only = _scope(found, now=now)
    return ChangeSteps(found, from_date, only=only, now=now)


def _scope(found: BookingSeries, *, now: datetime) -> tuple[date, bool]:
    """From which date on the address speaks, and whether of that date only; else of all dates ahead."""
    ahead = [each.on_date for each in changeable(found.dates, date.min, only=False, now=now)]
    from_date = asked_date("from")
    if from_date is None or all(each.on_date != from_date for each in found.dates):
        return (ahead[0] if ahead else date.max), False
    return from_date, "only" in request.args


def _changed_by_me(reference: str, *, now: datetime) -> BookingSeries:
    found = seen(reference, now=now)
    authorise(series_flow.may_change(found, now=now))
    return found
