"""Children are picked up at a school and walk here: all at once, with whom, and that nobody was left on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import RadioField
from wtforms.validators import Optional

from center.afterschool.day_list.lines import Line, Where, list_of
from center.afterschool.handing_over.arrivals import on_the_way
from center.afterschool.models.terms import School
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.web.blueprints import classroom as blueprint
from center.web.classroom.day.parts import ActForm, Day, colleagues, day_asked
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, result_of


class WalkForm(ActForm):
    """With whom the children walk; who is with them is ticked on the page."""

    walker = RadioField(_l("Who walks with them"), validators=[Optional()], choices=[])


@dataclass(frozen=True)
class Group:
    """The children of one school who are still expected."""

    school: School | None
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class WalkPage:
    """Who is to be picked up, by school."""

    day: Day
    form: WalkForm
    groups: Sequence[Group]
    ticked: frozenset[str]


@blueprint.route("/classroom/day/walk", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def walk() -> ResponseReturnValue:
    """Tick who is there at the school gate, and set off with all of them."""
    day = day_asked()
    authorise(day.is_today)
    form, staff = WalkForm(), [current_user.person, *colleagues(day)]
    form.walker.choices = [(str(each.id), each.name) for each in staff]
    waiting = list_of(day.on, day.day, now=day.now, today=day.today).at(Where.WAITING)
    ticked = frozenset(request.form.getlist("child")) if form.is_submitted() else frozenset()

    def set_off() -> int:
        children = [each.child for each in waiting if str(each.child.id) in ticked]
        if not children:
            raise RuleBroken(_l("Tick the children who are with you."))
        walker = next((each for each in staff if str(each.id) == form.walker.data), current_user.person)
        return len(on_the_way(children, walker, day.saying(form.sent())))

    made = result_of(form, set_off)
    if made is not None:
        said = ngettext("%(num)d child is on the way.", "%(num)d children are on the way.", made)
        return go_on(said, url_for("classroom.day", **day.query))
    looks.see(Kind.ROLL, [each.child for each in waiting], subject=_("The day's list"), why="care")
    page = WalkPage(day=day, form=form, groups=_groups(waiting), ticked=ticked)
    return render("classroom/day/walk.html", page), form.status


def _groups(lines: Sequence[Line]) -> list[Group]:
    schools: dict[int, tuple[School | None, list[Line]]] = {}
    for each in lines:
        school = each.enrolment.school if each.enrolment else None
        schools.setdefault(school.id if school else 0, (school, []))[1].append(each)
    return [Group(school, found) for school, found in schools.values()]
