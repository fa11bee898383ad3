"""Who is with the children now, in each class: who came, who went and why, and whether they are enough."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.staff import CareDuty, Staffing
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care
from center.afterschool.queries import get_day
from center.afterschool.staff import queries, rules, staffing
from center.afterschool.staff.staffing import ClassNow
from center.afterschool.staff.words import GONE_REASONS, say_reason, say_shortage
from center.afterschool.words import DUTY_ROLES, HALVES
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.refreshing import whole_or_part
from center.web.rendering import render
from center.web.sending import did


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of a class: what it was before, and what it is after."""

    row: Staffing
    class_name: Any
    adults_before: int
    children_before: int


@dataclass(frozen=True, kw_only=True)
class StaffingPage:
    """A day as it is now: every class, who is on duty and not here, and every change, the latest first."""

    day: TermDay
    at: datetime
    classes: Sequence[ClassNow]
    here: Sequence[CareDuty]
    not_here: Sequence[CareDuty]
    changes: Sequence[Change]
    roles: Mapping[Any, Any] = field(default_factory=lambda: DUTY_ROLES)
    halves: Mapping[Any, Any] = field(default_factory=lambda: HALVES)
    reasons: Mapping[str, Any] = field(default_factory=lambda: GONE_REASONS)
    wanted: Callable[..., Any] = rules.wanted
    short: Callable[..., Any] = say_shortage
    say_reason: Callable[[str], str] = say_reason


@blueprint.get("/classroom/staffing/<id:day_id>", endpoint="staffing")
@requires(Permission.CARE_FOR_CHILDREN)
def show_staffing(day_id: int) -> ResponseReturnValue:
    """Who is with the children now; it refreshes itself."""
    day = _day(day_id)
    return whole_or_part("classroom/staff/staffing.html", "classroom/staff/staffing_now.html", _page(day))


@blueprint.get("/classroom/staffing/<id:day_id>/print")
@requires(Permission.CARE_FOR_CHILDREN)
def print_staffing(day_id: int) -> ResponseReturnValue:
    """The log of a day on paper."""
    return render("classroom/staff/staffing_print.html", _page(_day(day_id)))


@blueprint.post("/classroom/staffing/<id:day_id>/<id:duty_id>/come")
@requires(Permission.CARE_FOR_CHILDREN)
def come_on_duty(day_id: int, duty_id: int) -> ResponseReturnValue:
    """Somebody on duty is with the children from now on."""
    day = _day(day_id)
    duty = queries.get_duty(duty_id, day_id=day.id)
    said = _("%(name)s is here.", name=duty.person.name)
    did(lambda: staffing.come(duty, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("classroom.staffing", day_id=day.id), 303)


@blueprint.post("/classroom/staffing/<id:day_id>/<id:duty_id>/go")
@requires(Permission.CARE_FOR_CHILDREN)
def go_from_duty(day_id: int, duty_id: int) -> ResponseReturnValue:
    """Somebody on duty is not with the children any more."""
    day = _day(day_id)
    duty = queries.get_duty(duty_id, day_id=day.id)
    why = request.form.get("why", "")
    reason = why if why in GONE_REASONS else ""
    said = _("%(name)s is not with the children.", name=duty.person.name)
    did(lambda: staffing.go(duty, why=reason, by=current_user.person, now=clock.now()), said)
    return redirect(url_for("classroom.staffing", day_id=day.id), 303)


def _day(day_id: int) -> TermDay:
    day = get_day(day_id)
    authorise(may_care(current_user, day))
    return day


def _page(day: TermDay) -> StaffingPage:
    classes, on_duty = staffing.now_on(day), queries.duties_on([day.id])
    present = {person.id for each in classes for person, _role in each.people}
    in_order = sorted(on_duty, key=lambda each: (rules.ROLES.index(each.role), each.person.sort_key, each.id))
    names = {each.care_class.id: each.care_class for each in classes}
    return StaffingPage(
        day=day,
        at=clock.now(),
        classes=classes,
        here=[each for each in in_order if each.person_id in present],
        not_here=[each for each in in_order if each.person_id not in present],
        changes=_changes(staffing.log_of(day), names),
    )


def _changes(log: Sequence[Staffing], names: Mapping[int, Any]) -> list[Change]:
    """Each row beside the one before it in its class, the latest first."""
    found = []
    by_class = sorted(log, key=lambda each: (each.class_id, each.id))
    for class_id, rows in groupby(by_class, key=lambda each: each.class_id):
        adults, children = 0, 0
        for row in rows:
            found.append(
                Change(
                    row=row,
                    class_name=names.get(class_id),
                    adults_before=adults,
                    children_before=children,
                )
            )
            adults, children = row.adults, row.children
    return sorted(found, key=lambda each: each.row.id, reverse=True)
