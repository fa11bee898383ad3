"""Pages on which staff edit the centre's facts and its calendar."""

from datetime import date
from typing import Any

from flask import g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.affected_uses import DecideUses
from center.kernel.clock import FIRST_DAY, LAST_DAY
from center.kernel.errors import NotFound
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.premises import actions, queries
from center.premises.models import DayKind
from center.web.blueprints import premises as blueprint
from center.web.editing import watch
from center.web.forms import asked_date
from center.web.settings.centre.forms import CalendarDayForm, FactsForm
from center.web.settings.uses_in_the_way.steps import ShuttingChange


@blueprint.route("/settings/centre", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def edit_facts() -> ResponseReturnValue:
    """What the centre is called, where it is, and how to reach it."""
    shutting = ShuttingChange()
    form = watch(lambda **given: FactsForm(obj=queries.centre_facts(), **given), **shutting.typed)

    def change(decide: DecideUses) -> None:
        try:
            actions.change_facts(form.facts(), by=current_user.person, decide=decide)
        finally:
            g.pop("centre", None)  # the page stands in the zone that counts now

    then, said = url_for(".edit_facts"), _("The centre's facts are saved.")
    return shutting.save(form, "settings/premises/facts.html", change=change, then=then, said=said, gap=_calendar_gap())


@blueprint.get("/settings/calendar")
@requires(Permission.EDIT_CENTRE)
def calendar() -> ResponseReturnValue:
    """The year's holidays and make-up working days."""
    year = request.args.get("year", type=int) or clock.today(centre_zone()).year
    authorise(FIRST_DAY.year <= year <= LAST_DAY.year)
    days, gap = queries.year_of_days(year), _calendar_gap()
    return render_template("settings/premises/calendar.html", year=year, days=days, gap=gap)


@blueprint.route("/settings/calendar/day", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def set_day() -> ResponseReturnValue:
    """Say by hand what a day is."""
    day = asked_date()
    shutting = ShuttingChange()
    form = watch(lambda **given: _day_form(day, **given), **shutting.typed)

    def change(decide: DecideUses) -> None:
        kind, names = DayKind(form.kind.data), {"name": form.name.data, "name_en": form.name_en.data}
        says = {**names, "counts_as": form.weekday if kind is DayKind.WORKING else None}
        actions.set_day(form.on_date.data, kind, **says, by=current_user.person, decide=decide)

    then = url_for(".calendar", year=form.on_date.data.year if form.on_date.data else None)
    return shutting.save(form, "settings/premises/day.html", change=change, then=then, said=_("The day is saved."))


@blueprint.route("/settings/calendar/<day>/clear", methods=["GET", "POST"])
@requires(Permission.EDIT_CENTRE)
def clear_day(day: str) -> ResponseReturnValue:
    """Take back what staff said of a day."""
    row = queries.find_staff_day(_day(day))
    if row is None:
        raise NotFound(_("Staff have said nothing of this day."))
    return ShuttingChange().press(
        lambda decide: actions.clear_day(row, by=current_user.person, decide=decide),
        then=url_for(".calendar", year=row.on_date.year),
        said=_("The day is as the public calendar has it again."),
    )


def _calendar_gap() -> int | None:
    """The year, within two months, whose moved days nobody has entered or published yet."""
    return queries.find_calendar_gap(clock.today(centre_zone()))


def _day_form(day: date | None, **given: Any) -> CalendarDayForm:
    """The form of a day, filled in with what staff have said of it, or of the day that was typed."""
    asked = [each for each in (asked_date("on_date", request.form), day) if each is not None]
    known = next(filter(None, map(queries.find_staff_day, asked)), None)
    said = {"kind": known.kind.value, "name": known.name, "name_en": known.name_en} if known else {}
    weekday = known.counts_as if known else _suggested_weekday(asked)
    return CalendarDayForm(data={"on_date": day, "counts_as": "" if weekday is None else str(weekday), **said}, **given)


def _suggested_weekday(asked: list[date]) -> int | None:
    """Of a day of which staff have said nothing: as which weekday it counts by the public calendar."""
    named = queries.published_days(asked[0], asked[0]).get(asked[0]) if asked else None
    return named.counts_as if named else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound(_("There is no page at this address.")) from None
