"""The days of a new term: planned by the calendar, with what is in their way, then taken all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.clashes import Clash
from center.afterschool.models.terms import Term
from center.afterschool.queries import get_term
from center.afterschool.terms import term_days
from center.afterschool.terms.calendar_rules import Off, PlannedDay
from center.afterschool.terms.term_days import ChosenDay
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.forms import PlanForm, day_of
from center.web.classroom.terms.months import Month, by_month
from center.web.rendering import render
from center.web.sending import go_on, is_done

MOST = 120
OFF_WORDS: Mapping[Off, Any] = {
    Off.HOLIDAY: _l("Public holiday"),
    Off.NO_SCHOOL: _l("No school anywhere"),
    Off.NOT_SAID: _l("A make-up working day: which weekday it counts as is not said"),
}


@dataclass(frozen=True, kw_only=True)
class ChoosableDay:
    """A day that can be chosen, or one that is left out by the calendar."""

    on: date
    value: str  # as it is ticked; "" where it cannot be
    counts_as: int | None
    is_ticked: bool
    planned: PlannedDay | None
    clash: Clash | None


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """Every day of a term before it has the room."""

    term: Term
    form: PlanForm
    months: Sequence[Month[ChoosableDay]]
    n_ticked: int
    n_clashes: int
    unknown_years: Sequence[int]
    off_words: Any = field(default_factory=lambda: OFF_WORDS)


@blueprint.route("/classroom/terms/<id:term_id>/days/plan", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def plan_term_days(term_id: int) -> ResponseReturnValue:
    """Look at all days of a term and what is in their way; leave some out, add some, and take the room's time."""
    found = get_term(term_id)
    then = url_for(".term_days", term_id=found.id)
    if found.days and request.method == "GET":
        return redirect(then, 303)
    form, plan = PlanForm(), term_days.plan_of(found)
    chosen = _ticked(found) if request.method == "POST" else _to_begin_with(plan)
    if request.form.get("press") == "more":
        more = form.more_on.data
        if more is not None and found.first_on <= more <= found.last_on:
            chosen[more] = form.more_as.data
        else:
            form.more_on.errors = [_("This day is not within the term.")]
    elif request.form.get("press") == "take":
        days = [ChosenDay(on=on, counts_as=weekday) for on, weekday in sorted(chosen.items())]
        act = lambda: term_days.take_days(found, days, by=current_user.person, now=clock.now())  # noqa: E731
        if is_done(form, act, then=then):
            return go_on(_("The room's time is taken for all days."), then)
    return _page(found, form, plan, chosen)


def _page(found: Term, form: PlanForm, plan: Sequence[PlannedDay], chosen: dict[date, int]) -> ResponseReturnValue:
    days = [ChosenDay(on=on, counts_as=weekday) for on, weekday in sorted(chosen.items())]
    clashes = term_days.clashes(found, days, by=current_user.person, now=clock.now())
    by_day = {local_date(each.plan.span.start): each for each in clashes}
    planned = {each.on: each for each in plan}
    lines = [_line(on, planned.get(on), chosen, by_day) for on in sorted({*planned, *chosen})]
    page = PlanPage(
        term=found,
        form=form,
        months=by_month(lines, lambda each: each.on),
        n_ticked=len(chosen),
        n_clashes=len(by_day),
        unknown_years=term_days.unknown_years(found),
    )
    return render("classroom/terms/plan.html", page), form.status


def _line(
    on: date, planned: PlannedDay | None, chosen: Mapping[date, int], clashes: Mapping[date, Clash]
) -> ChoosableDay:
    counts_as = chosen.get(on, planned.counts_as if planned else None)
    value = f"{on.isoformat()}/{counts_as}" if counts_as is not None else ""
    return ChoosableDay(
        on=on, value=value, counts_as=counts_as, is_ticked=on in chosen, planned=planned, clash=clashes.get(on)
    )


def _to_begin_with(plan: Sequence[PlannedDay]) -> dict[date, int]:
    """What the calendar says; of a year that nobody knows nothing is guessed."""
    return {
        each.on: each.counts_as for each in plan if each.takes_place and each.is_sure and each.counts_as is not None
    }


def _ticked(found: Term) -> dict[date, int]:
    """The days that were ticked, each with the weekday as which it counts; no other day."""
    chosen: dict[date, int] = {}
    for each in request.form.getlist("day")[:MOST]:
        text, _slash, weekday = each.partition("/")
        on = day_of(text)
        if on is not None and found.first_on <= on <= found.last_on and weekday in {"0", "1", "2", "3", "4", "5", "6"}:
            chosen[on] = int(weekday)
    return chosen
