"""Pages on which dates of a series are changed and cancelled."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.policy import is_cancellable
from center.bookings.rulebook.judging import NeedsReason
from center.bookings.series.actions import DatesRefused, cancel_dates, footing_in
from center.bookings.series.moves import change_series
from center.bookings.series.news import SeriesNews, how_told
from center.bookings.series.planning import plan_change
from center.bookings.series.plans import ChangePlan, SeriesChange
from center.bookings.series.queries import changeable
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import format_day, ngettext
from center.kernel.i18n import gettext as _
from center.kernel.shown import Outdated
from center.notices.telling import HowTold
from center.rooms.queries import get_room
from center.web.blueprints import bookings as blueprint
from center.web.bookings import series_flow
from center.web.bookings.forms import CancelForm
from center.web.bookings.series_forms import ChangeSeriesForm, choices_in
from center.web.edge import asked_date
from center.web.editing import status_of
from center.web.forms import said_to_them
from center.web.resident.series.views import date_of, seen


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
        "resident/bookings/series_date.html",
        series=found,
        each=each,
        later=later,
        is_open=is_open,
        may_rebook=series_flow.may_rebook(found, now=now),
    )


@blueprint.route("/series/<series>/change", methods=["GET", "POST"])
@signed_in
def change_dates(series: str) -> ResponseReturnValue:
    """Change one date, or all from a date on: ask, show what moves, stays and goes, then do it."""
    now = clock.now()
    found = _changed_by_me(series, now=now)
    authorise(series_flow.may_rebook(found, now=now))
    from_date, only = _scope(found, now=now)
    form = series_flow.change_form(found, from_date, only=only, now=now)
    is_sound = form.validate_on_submit()
    if request.form.get("stage") == "edit" or not is_sound:
        return _ask(found, form, from_date, only=only)
    change = form.as_change(get_room(form.room.data), only=only)
    return _plan_or_change(found, form, change, from_date, only=only, now=now)


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
    if go and form.validate_on_submit():
        try:
            with transaction():
                authorise(series_flow.may_still_change(found, now=now))
                days = {each.on_date for each in go}
                reason = form.reason.data or ""
                count = cancel_dates(found, days, by=current_user.person, now=now, reason=reason, as_staff=as_staff)
        except DomainError as error:
            form.refuse(error)
        else:
            flash(ngettext("%(num)d date is cancelled.", "%(num)d dates are cancelled.", count), "ok")
            return redirect(url_for("bookings.show_series", series=found.reference), 303)
    late = [each for each in ahead if each not in go]
    page = render_template(
        "resident/bookings/series_cancel.html",
        series=found,
        form=form,
        go=go,
        late=late,
        stay=_others(found, ahead, now),
        reached=how_told(found, SeriesNews.CANCELLED_BY_STAFF, now=now) if as_staff and go else None,
    )
    return page, 422 if form.error_list() else 200


def _plan_or_change(
    found: BookingSeries, form: ChangeSeriesForm, change: SeriesChange, from_date: date, *, only: bool, now: datetime
) -> ResponseReturnValue:
    as_staff = series_flow.acts_as_staff(found, now=now)
    choices = choices_in(request.form)
    is_final = request.form.get("stage") == "change"
    status = 200
    if is_final:
        try:
            with transaction():
                form.hold()
                authorise(series_flow.may_still_change(found, now=now))
                kept = change_series(
                    found,
                    change,
                    choices,
                    from_date=from_date,
                    only=only,
                    by=current_user.person,
                    as_staff=as_staff,
                    now=now,
                    override_reason=form.override_reason.data or "",
                )
        except (DatesRefused, NeedsReason, Outdated) as error:
            form.refuse(error)
            status = error.status
        except DomainError as error:
            form.refuse(error)
            return _ask(found, form, from_date, only=only, status=error.status)
        else:
            flash(_("The series is changed."), "ok")
            return redirect(url_for("bookings.show_series", series=kept.reference), 303)
    whose = footing_in(found, as_staff=as_staff)
    plan = plan_change(
        found,
        change,
        choices,
        from_date=from_date,
        only=only,
        whose=whose,
        as_staff=as_staff,
        now=now,
        is_final=is_final,
    )
    return _preview(found, form, plan, from_date, only=only, status=status)


def _ask(
    found: BookingSeries, form: ChangeSeriesForm, from_date: date, *, only: bool, status: int = 200
) -> ResponseReturnValue:
    answered = status if status != 200 else status_of(form)
    choices = list(choices_in(request.form).items())
    page = render_template(
        "resident/bookings/series_change.html", series=found, form=form, from_date=from_date, only=only, choices=choices
    )
    return page, answered


def _preview(
    found: BookingSeries, form: ChangeSeriesForm, plan: ChangePlan, from_date: date, *, only: bool, status: int
) -> ResponseReturnValue:
    if request.form.get("stage") != "change":
        form.waits.data = ""  # it may be for another change than what was looked at before
    form.say_waits(plan.waits)
    page = render_template(
        "resident/bookings/series_change_preview.html",
        series=found,
        form=form,
        plan=plan,
        only=only,
        stay=_others(
            found, [each for each in found.dates if each.on_date in {row.on for row in plan.dates}], clock.now()
        ),
        whom=format_day(from_date),
        reached=_how_told_of_change(found),
    )
    return page, status


def _how_told_of_change(found: BookingSeries) -> HowTold | None:
    """How a change by staff would be told; who changes their own knows."""
    now = clock.now()
    return how_told(found, SeriesNews.CHANGED_BY_STAFF, now=now) if series_flow.acts_as_staff(found, now=now) else None


def _scope(found: BookingSeries, *, now: datetime) -> tuple[date, bool]:
    """From which date on the address speaks, and whether of that date only; else of all dates ahead."""
    ahead = [each.on_date for each in changeable(found.dates, date.min, only=False, now=now)]
    from_date = asked_date("from")
    if from_date is None or all(each.on_date != from_date for each in found.dates):
        return (ahead[0] if ahead else date.max), False
    return from_date, "only" in request.args


def _others(found: BookingSeries, chosen: Sequence[SeriesDate], now: datetime) -> list[SeriesDate]:
    """The dates ahead that the page does not speak of: they stay as they are."""
    days = {each.on_date for each in chosen}
    return [each for each in changeable(found.dates, date.min, only=False, now=now) if each.on_date not in days]


def _changed_by_me(reference: str, *, now: datetime) -> BookingSeries:
    found = seen(reference, now=now)
    authorise(series_flow.may_change(found, now=now))
    return found
