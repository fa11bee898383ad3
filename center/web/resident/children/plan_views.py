"""The plan of a guardian's child: today and the next days, and one day changed in two taps until the cut-off."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors.bars import is_kept_away
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange, WayHome
from center.afterschool.plans import changes, day_plans, rules, weeks
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.words import DOUBTS, say_change, say_expected, say_weekday
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.notices.kinds import say_desk
from center.people.models import Person
from center.web.after_school.day_choices import Choices, DayForm, asked_of, choices_of, form_of
from center.web.blueprints import children as blueprint
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read, own_place, places_of
from center.web.sending import go_on, is_done

DAYS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class DayRow:
    """One day of the plan, in words."""

    expected: Expected
    words: str
    doubt: str
    is_today: bool
    is_late: bool  # the cut-off has passed


@dataclass(frozen=True, kw_only=True)
class Place:
    """One place of a child: its next days, its fixed week, what was said of single days."""

    enrolment: Enrolment
    days: Sequence[DayRow]
    week: Mapping[int, str]
    changes: Sequence[tuple[PlanChange, str]]
    has_days: bool  # whether a guardian has said on which weekdays the child comes


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """The plan of a child."""

    child: Person
    own_places: Sequence[Place]
    desk: str


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """One day of a child, and what can be said of it."""

    child: Person
    enrolment: Enrolment
    row: DayRow
    choices: Choices
    form: DayForm
    desk: str
    is_kept_away: bool  # whoever looks may not collect the child


@blueprint.get("/children/<id:person_id>/plan")
@signed_in
def plan(person_id: int) -> ResponseReturnValue:
    """How the next days of one's child will go, and what was changed by whom."""
    child, now = own_child_read(person_id), clock.now()
    places = [_place(each, now=now) for each in places_of(child)]
    return render("resident/children/plan.html", PlanPage(child=child, own_places=places, desk=say_desk()))


@blueprint.route("/children/<id:person_id>/plan/<id:enrolment_id>/<day>", methods=["GET", "POST"])
@signed_in
def change_day(person_id: int, enrolment_id: int, day: str) -> ResponseReturnValue:
    """Say what is different on one day: one press of a button."""
    child, now = own_child_read(person_id), clock.now()
    enrolment = own_place(child, enrolment_id)
    expected = _expected(enrolment, day)
    form = form_of(expected)

    def say() -> PlanChange:
        me = current_user.person
        asked = asked_of(form, expected, by=me, now=now)
        return changes.say(enrolment, expected.day.on_date, asked, guardian=me, by=me, now=now)

    if is_done(form, say):
        return go_on(_("Noted. Whoever is on duty sees it."), url_for("children.plan", person_id=child.id))
    row = _row(expected, now=now)
    page = DayPage(
        child=child,
        enrolment=enrolment,
        row=row,
        choices=choices_of(expected),
        form=form,
        desk=say_desk(),
        is_kept_away=is_kept_away(current_user.person, child, now=now),
    )
    return render("resident/children/change_day.html", page), form.exact_status


def _expected(enrolment: Enrolment, day: str) -> Expected:
    try:
        on = date.fromisoformat(day)
    except ValueError:
        on = date.min
    found = day_plans.find_day(enrolment.term_id, on) if clock.can_be_shown(on) else None
    authorise(found is not None)
    assert found is not None
    return day_plans.expected_of(enrolment, found)


def _place(enrolment: Enrolment, *, now: datetime) -> Place:
    today = clock.today(centre_zone())
    days = day_plans.days_from(enrolment.term, today, most=DAYS_SHOWN)
    expected = day_plans.expected_in(days, [enrolment])
    week: Mapping[int, WayHome] = weeks.week_of(enrolment)
    return Place(
        enrolment=enrolment,
        days=[_row(expected[day.id][0], now=now) for day in days],
        week={weekday: say_weekday(week.get(weekday)) for weekday in weeks.weekdays_of(enrolment.term)},
        changes=[(each, say_change(each)) for each in changes.changes_of(enrolment, today)],
        has_days=bool(week),
    )


def _row(expected: Expected, *, now: datetime) -> DayRow:
    on, cut_off = expected.day.on_date, expected.day.term.cut_off
    doubt: Any = DOUBTS[expected.doubt] if expected.doubt else ""
    return DayRow(
        expected=expected,
        words=say_expected(expected),
        doubt=str(doubt),
        is_today=on == clock.today(centre_zone()),
        is_late=rules.is_past_cut_off(on, cut_off, now=now, zone=centre_zone()),
    )
