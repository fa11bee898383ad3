"""What guardians have said of a day, for whoever is on duty, who says that they know it (已知晓)."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.plans import PlanChange
from center.afterschool.models.terms import TermDay
from center.afterschool.plans import changes, day_plans
from center.afterschool.plans.words import say_change
from center.afterschool.policy import may_care
from center.afterschool.queries import get_day
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import did


@dataclass(frozen=True, kw_only=True)
class ChangesPage:
    """The changes of a day: what nobody has seen first."""

    day: TermDay
    unseen: Sequence[tuple[PlanChange, str]]
    seen: Sequence[tuple[PlanChange, str]]


@blueprint.get("/classroom/days/<id:day_id>/changes", endpoint="changes")
@requires(Permission.CARE_FOR_CHILDREN)
def changes_of_day(day_id: int) -> ResponseReturnValue:
    """What was said of the day, of every child."""
    day = get_day(day_id)
    authorise(may_care(current_user, day))
    rows = [(each, say_change(each)) for each in changes.changes_on(day)]
    looks.see(Kind.CHILD, {each.enrolment.child_id: each.enrolment.child for each, _words in rows}.values())
    unseen = [(each, words) for each, words in rows if each.acknowledged_at is None]
    seen = [(each, words) for each, words in rows if each.acknowledged_at is not None]
    return render("classroom/plans/changes.html", ChangesPage(day=day, unseen=unseen, seen=seen))


@blueprint.post("/classroom/changes/<id:change_id>/acknowledge")
@requires(Permission.CARE_FOR_CHILDREN)
def acknowledge(change_id: int) -> ResponseReturnValue:
    """Say that one knows it, and what was said of that child's day before it."""
    change = changes.get_change(change_id)
    day = day_plans.find_day(change.enrolment.term_id, change.on_date)
    authorise(day is not None and may_care(current_user, day))
    assert day is not None
    did(lambda: changes.acknowledge(change, by=current_user.person, now=clock.now()), _("You know of it."))
    return redirect(url_for("classroom.changes", day_id=day.id), 303)
