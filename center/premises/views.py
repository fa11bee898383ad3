"""Pages on which staff edit the centre's facts and its calendar."""

from datetime import date

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center import clock
from center.access import Permission, authorise, requires
from center.db import transaction
from center.errors import DomainError, NotFound
from center.i18n import centre, centre_zone
from center.i18n import gettext as _
from center.premises import actions, queries
from center.premises.forms import CalendarDayForm, FactsForm
from center.premises.models import DayKind
from center.settling import settling, where_next
from center.web import asked_date

blueprint = Blueprint("premises", __name__)


@blueprint.route("/settings/centre", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def edit_facts() -> ResponseReturnValue:
    """What the centre is called, where it is, and how to reach it."""
    form, chosen = FactsForm(obj=centre()), settling()
    if form.validate_on_submit():
        try:
            with transaction():
                chosen.hold()
                actions.change_facts(form.facts(), by=current_user.person_id, settle=chosen)
            flash(_("The centre's facts are saved."), "ok")
            return redirect(where_next(chosen, url_for(".edit_facts")))
        except DomainError as error:
            form.refuse(error)
            g.pop("centre", None)  # the page stands in the zone that still counts
            if page := chosen.page(error, back=url_for(".edit_facts")):
                return page
    status = 422 if form.errors or form.form_errors else 200
    return render_template("premises/facts.html", form=form), status


@blueprint.get("/settings/calendar")
@requires(Permission.EDIT_CENTRE)
def calendar() -> ResponseReturnValue:
    """The year's holidays and make-up working days."""
    year = request.args.get("year", type=int) or clock.today(centre_zone()).year
    authorise(2000 <= year <= 2100)
    return render_template("premises/calendar.html", year=year, days=queries.year_of_days(year))


@blueprint.route("/settings/calendar/day", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def set_day() -> ResponseReturnValue:
    """Say by hand what a day is."""
    day = asked_date()
    known = queries.find_staff_day(day) if day else None
    form = CalendarDayForm(obj=known, on_date=day, kind=known.kind if known else None)
    chosen = settling()
    if form.validate_on_submit():
        try:
            with transaction():
                chosen.hold()
                actions.set_day(
                    form.on_date.data,
                    DayKind(form.kind.data),
                    name=form.name.data,
                    name_en=form.name_en.data,
                    by=current_user.person_id,
                    settle=chosen,
                )
            flash(_("The day is saved."), "ok")
            return redirect(where_next(chosen, url_for(".calendar", year=form.on_date.data.year)))
        except DomainError as error:
            form.refuse(error)
            if page := chosen.page(error, back=url_for(".calendar", year=form.on_date.data.year)):
                return page
    status = 422 if form.errors or form.form_errors else 200
    return render_template("premises/day.html", form=form), status


@blueprint.post("/settings/calendar/<day>/clear")
@requires(Permission.EDIT_CENTRE)
def clear_day(day: str) -> ResponseReturnValue:
    """Take back what staff said of a day."""
    on_date, chosen = _day(day), settling()
    back = url_for(".calendar", year=on_date.year)
    try:
        with transaction():
            chosen.hold()
            row = queries.find_staff_day(on_date)
            if row is None:
                raise NotFound(_("Staff have said nothing of this day."))
            actions.clear_day(row, by=current_user.person_id, settle=chosen)
    except DomainError as error:
        if page := chosen.page(error, back=back):
            return page
        raise
    flash(_("The day is as the public calendar has it again."), "ok")
    return redirect(where_next(chosen, back))


@blueprint.app_template_global("calendar_gap")
def calendar_gap() -> int | None:
    """For the staff's banner: the year, within two months, whose moved days nobody has entered or published yet."""
    return queries.find_calendar_gap(clock.today(centre_zone()))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no page at this address.")) from None
