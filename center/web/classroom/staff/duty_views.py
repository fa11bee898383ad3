"""Pages of who is on duty on which day, and who owns the day's list (当日名单负责人)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.day_list.halves import halves_on
from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import CareClass, TermDay
from center.afterschool.queries import get_day
from center.afterschool.staff import duties, queries, rules
from center.afterschool.staff.words import say_lack, say_shortages
from center.afterschool.words import DUTY_ROLES, HALVES
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone, format_day, ngettext
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.web.blueprints import classroom as blueprint
from center.web.classroom.staff.forms import EVERY_CLASS, DutyForm, RepeatForm
from center.web.rendering import render
from center.web.sending import did, form_page, result_of

AHEAD = timedelta(days=20)
MOST_NAMED = 5  # of those who were left out


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """A day, who owns its list, how many are on duty, and what its roster lacks."""

    day: TermDay
    owner: Person | None
    count: int
    lacks: str

    @property
    def is_ready(self) -> bool:
        """Whether it has an owner, and enough in every role."""
        return self.owner is not None and not self.lacks


@dataclass(frozen=True)
class DutyPage:
    """The days of the next three weeks."""

    lines: Sequence[DayLine]


@dataclass(frozen=True, kw_only=True)
class ClassRoster:
    """Who is on duty in a class (None: in all of them), and what is missing there."""

    care_class: CareClass | None
    duties: Sequence[CareDuty]
    lacks: str


@dataclass(frozen=True, kw_only=True)
class RosterWords:
    """What a page of a roster says of roles."""

    roles: Mapping[Any, Any] = field(default_factory=lambda: DUTY_ROLES)
    halves: Mapping[Any, Any] = field(default_factory=lambda: HALVES)
    owners: Sequence[DutyRole] = rules.OWNERS


@blueprint.get("/classroom/duty", endpoint="duty")
@requires(Permission.RUN_AFTER_SCHOOL)
def list_days() -> ResponseReturnValue:
    """Which of the next days have nobody who owns the list, or too few on duty."""
    today = clock.today(centre_zone())
    days = queries.days_from(today, today + AHEAD)
    by_day = _by_day(days)
    classes = queries.classes_by_term({each.term_id for each in days})
    return render("classroom/staff/duty.html", DutyPage([_line(each, by_day, classes) for each in days]))


@blueprint.route("/classroom/duty/<id:day_id>", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def duty_of_day(day_id: int) -> ResponseReturnValue:
    """Who is on duty on a day, and one more."""
    day = get_day(day_id)
    fit, unfit = _who_may(day)
    classes = queries.classes_of(day.term_id)
    form = DutyForm()
    form.offer(fit, classes, day.term.mode)
    chosen = {each.id: each for each in classes}

    def put_on() -> CareDuty:
        person = next(each for each in fit if each.id == form.person.data)
        care_class = chosen.get(form.care_class.data) if form.care_class.data != EVERY_CLASS else None
        said = {"half": form.said_half(), "by": current_user.person, "now": clock.now()}
        return duties.put_on(day, person, form.role.data, care_class, **said)

    if result_of(form, put_on):
        return _to_day(day)
    return form_page(
        "classroom/staff/duty_of_day.html",
        form,
        day=day,
        rosters=_rosters(day, classes),
        owner=queries.owner_of(day.id),
        unfit=unfit,
        halves=halves_on(day),
        words=RosterWords(),
    )


@blueprint.post("/classroom/duty/<id:day_id>/<id:duty_id>/take-off")
@requires(Permission.RUN_AFTER_SCHOOL)
def take_off_duty(day_id: int, duty_id: int) -> ResponseReturnValue:
    """Take somebody off duty."""
    duty = queries.get_duty(duty_id, day_id=day_id)
    name = duty.person.name
    did(lambda: duties.take_off(duty, by=current_user.person, now=clock.now()), _("%(name)s is off duty.", name=name))
    return redirect(url_for("classroom.duty_of_day", day_id=day_id), 303)


@blueprint.post("/classroom/duty/<id:day_id>/<id:duty_id>/owner")
@requires(Permission.RUN_AFTER_SCHOOL)
def name_owner(day_id: int, duty_id: int) -> ResponseReturnValue:
    """Let somebody own the day's list; they are told."""
    duty = queries.get_duty(duty_id, day_id=day_id)
    said = _("%(name)s owns the list of this day, and is told so.", name=duty.person.name)
    did(lambda: duties.name_owner(duty, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("classroom.duty_of_day", day_id=day_id), 303)


@blueprint.route("/classroom/duty/<id:day_id>/repeat", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def repeat_duty(day_id: int) -> ResponseReturnValue:
    """Put the same people on duty on the days that follow, until one."""
    day = get_day(day_id)
    form = RepeatForm(data={"until": min(day.term.last_on, day.on_date + timedelta(days=6))})

    def repeat() -> duties.Repeated:
        others = queries.days_of_term(day.term_id, after=day.on_date, until=form.until.data)
        return duties.repeat(day, others, by=current_user.person, now=clock.now())

    if done := result_of(form, repeat):
        _say_repeated(done)
        return redirect(url_for("classroom.duty"), 303)
    return form_page("classroom/staff/repeat_duty.html", form, day=day, duties=queries.duties_on([day.id]))


def _to_day(day: TermDay) -> ResponseReturnValue:
    return redirect(url_for("classroom.duty_of_day", day_id=day.id), 303)


def _say_repeated(done: duties.Repeated) -> None:
    flash(ngettext("Put on duty on %(num)d day.", "Put on duty on %(num)d days.", done.days), "ok")
    for duty, day, why in done.left_out[:MOST_NAMED]:
        whose = f"{duty.person.name} · {format_day(day.on_date, with_year=False)}"
        flash(whose + _(": ") + why, "error")
    more = len(done.left_out) - MOST_NAMED
    if more > 0:
        flash(ngettext("%(num)d more was left out.", "%(num)d more were left out.", more), "error")


def _by_day(days: Sequence[TermDay]) -> dict[int, list[CareDuty]]:
    found: dict[int, list[CareDuty]] = {each.id: [] for each in days}
    for duty in queries.duties_on([each.id for each in days]):
        found[duty.day_id].append(duty)
    return found


def _line(day: TermDay, by_day: Mapping[int, list[CareDuty]], classes: Mapping[int, Sequence[CareClass]]) -> DayLine:
    on_duty = by_day[day.id]
    lacks = [_lacks(each, on_duty, day) for each in classes.get(day.term_id, [])]
    owner = next((each.person for each in on_duty if each.is_owner), None)
    return DayLine(day=day, owner=owner, count=len(on_duty), lacks=_("; ").join(filter(None, lacks)))


def _rosters(day: TermDay, classes: Sequence[CareClass]) -> list[ClassRoster]:
    on_duty = queries.duties_on([day.id])
    for_all = [each for each in on_duty if each.class_id is None]
    found = [
        ClassRoster(
            care_class=each,
            duties=_in_order([duty for duty in on_duty if duty.class_id == each.id]),
            lacks=_lacks(each, on_duty, day),
        )
        for each in classes
    ]
    return [*found, *([ClassRoster(care_class=None, duties=for_all, lacks="")] if for_all else [])]


def _in_order(found: Sequence[CareDuty]) -> list[CareDuty]:
    return sorted(found, key=lambda each: (rules.ROLES.index(each.role), each.person.sort_key, each.id))


def _lacks(care_class: CareClass, on_duty: Sequence[CareDuty], day: TermDay) -> str:
    there = [each for each in on_duty if each.class_id in {None, care_class.id}]
    return say_shortages(rules.planned_shortages(care_class, there, day.term.mode))


def _who_may(day: TermDay) -> tuple[list[Person], list[tuple[Person, str]]]:
    """Who may be on duty on a day in some role; and who may not, with what they lack."""
    people = queries.staff_people()
    shown = queries.checks_by_person([each.id for each in people])
    fit, unfit = [], []
    for each in people:
        theirs = shown.get(each.id, [])
        lacks = rules.missing_on(theirs, DutyRole.VOLUNTEER, day.on_date, needs_first_aid=False)
        if lacks:
            unfit.append((each, " ".join(say_lack(kind, rules.last_valid(theirs, kind)) for kind in lacks)))
        else:
            fit.append(each)
    return fit, unfit
