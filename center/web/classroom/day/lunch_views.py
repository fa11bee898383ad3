"""Who eats lunch on a whole day in the holidays: how many are cooked for, by class, and what they must not eat."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask.typing import ResponseReturnValue

from center.afterschool.day_list.lines import Line, list_of
from center.afterschool.models.terms import CareClass, TermMode
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.classroom.day.parts import Day, day_asked
from center.web.people import looks
from center.web.rendering import render


@dataclass(frozen=True)
class Table:
    """Those of one class who eat."""

    care_class: CareClass | None
    lines: Sequence[Line]


@dataclass(frozen=True, kw_only=True)
class LunchPage:
    """Who eats lunch on a day."""

    day: Day
    tables: Sequence[Table]
    count: int


@blueprint.get("/classroom/day/lunch", endpoint="day_lunch")
@requires(Permission.CARE_FOR_CHILDREN)
def lunch() -> ResponseReturnValue:
    """The lunch list of a day, to print for whoever serves it."""
    day = day_asked()
    authorise(day.day is not None and day.day.term.mode is TermMode.FULL_DAY)
    eating = list_of(day.on, day.day, now=day.now, today=day.today).eating
    looks.see(Kind.ROLL, [each.child for each in eating], subject=_("The lunch list"), why="care")
    in_order = sorted(eating, key=_class_key)
    tables = [
        Table(_class_of(lines[0]), lines) for _key, found in groupby(in_order, _class_key) if (lines := list(found))
    ]
    return render("classroom/day/lunch.html", LunchPage(day=day, tables=tables, count=len(eating)))


def _class_of(line: Line) -> CareClass | None:
    return line.enrolment.care_class if line.enrolment else None


def _class_key(line: Line) -> tuple[int, int]:
    care_class = _class_of(line)
    return (care_class.position, care_class.id) if care_class else (0, 0)
