"""Pages on which staff edit the centre's facts and its calendar."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.db import transaction
from center.kernel.errors import DomainError, NotFound
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.premises import actions, queries
from center.premises.models import DayKind
from center.web.blueprints import premises as blueprint
from center.web.edge import asked_date
from center.web.editing import status_of, watch
from center.web.settings.centre.forms import CalendarDayForm, FactsForm
from center.web.settings.uses_in_the_way.asking import AskedDecisions, where_next


@blueprint.route("/settings/centre", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def edit_facts() -> ResponseReturnValue:
    """What the centre is called, where it is, and how to reach it."""
    form, chosen = watch(lambda **given: FactsForm(obj=queries.centre_facts(), **given)), AskedDecisions()
    if form.validate_on_submit():
        try:
            with transaction():
                form.hold()
                chosen.hold()
                actions.change_facts(form.facts(), by=current_user.person_id, settle=chosen)
            flash(_("The centre's facts are saved."), "ok")
            return redirect(where_next(chosen, url_for(".edit_facts")))
        except DomainError as error:
            form.refuse(error)
            g.pop("centre", None)  # the page stands in the zone that still counts
            if page := chosen.page(error, back=url_for(".edit_facts")):
                return page
    return render_template("settings/premises/facts.html", form=form, gap=_calendar_gap()), status_of(form)


@blueprint.get("/settings/calendar")
@requires(Permission.EDIT_CENTRE)
def calendar() -> ResponseReturnValue:
    """The year's holidays and make-up working days."""
    year = request.args.get("year", type=int) or clock.today(centre_zone()).year
    authorise(2000 <= year <= 2100)
    days, gap = queries.year_of_days(year), _calendar_gap()
    return render_template("settings/premises/calendar.html", year=year, days=days, gap=gap)


@blueprint.route("/settings/calendar/day", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def set_day() -> ResponseReturnValue:
    """Say by hand what a day is."""
    day = asked_date()
    form = watch(lambda **given: _day_form(day, **given))
    chosen = AskedDecisions()
    if form.validate_on_submit():
        try:
            with transaction():
                form.hold()
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
    return render_template("settings/premises/day.html", form=form), status_of(form)


@blueprint.post("/settings/calendar/<day>/clear")
@requires(Permission.EDIT_CENTRE)
def clear_day(day: str) -> ResponseReturnValue:
    """Take back what staff said of a day."""
    on_date, chosen = _day(day), AskedDecisions()
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


def _calendar_gap() -> int | None:
    """The year, within two months, whose moved days nobody has entered or published yet."""
    return queries.find_calendar_gap(clock.today(centre_zone()))


def _day_form(day: date | None, **given: Any) -> CalendarDayForm:
    """The form of a day, filled in with what staff have said of it, or of the day that was typed."""
    asked = [each for each in (asked_date("on_date", request.form), day) if each is not None]
    known = next(filter(None, map(queries.find_staff_day, asked)), None)
    said = {"kind": known.kind.value, "name": known.name, "name_en": known.name_en} if known else {}
    return CalendarDayForm(data={"on_date": day, **said}, **given)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no page at this address.")) from None
