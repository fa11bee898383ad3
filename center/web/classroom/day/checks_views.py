"""Two people look that nobody is left, heads are counted against the ledger, and a day is opened and closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import NumberRange, Optional

from center.afterschool.day_list import checks
from center.afterschool.days import opening
from center.afterschool.models.custody import HeadCount, RoomCheck
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_run
from center.afterschool.words import HOLDERS
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.web.blueprints import classroom as blueprint
from center.web.classroom.day.parts import Day, colleagues, day_asked
from center.web.forms import BaseForm, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, result_of


class ChecksForm(BaseForm):
    """What two people looked at, or how many heads somebody counted; the button says which."""

    act = HiddenField()
    what = SelectField(_l("What you looked at"), choices=[])
    second = RadioField(_l("Who looked as well"), validators=[Optional()], choices=[])
    counted = IntegerField(_l("Heads counted"), validators=[Optional(), NumberRange(0, 500)])
    remark = text_field(_l("Remark"), most=200, required=False)
    reason = text_field(_l("Why it is opened again"), most=200, required=False)


@dataclass(frozen=True, kw_only=True)
class ChecksPage:
    """What was looked at and counted on a day, and what stands in the way of closing it."""

    day: Day
    of: TermDay
    form: ChecksForm
    here: int
    checks: Sequence[RoomCheck]
    counts: Sequence[HeadCount]
    places: Mapping[str, str]
    open: Sequence[opening.Left]
    lacks_room_check: bool
    ways_to_look_at: Sequence[str]
    may_open: bool
    at: datetime
    holders: Any = field(default_factory=lambda: HOLDERS)


@blueprint.route("/classroom/day/checks", methods=["GET", "POST"], endpoint="day_checks")
@requires(Permission.CARE_FOR_CHILDREN)
def day_checks() -> ResponseReturnValue:
    """Look, count, open and close."""
    day = day_asked()
    authorise(day.day is not None)
    assert day.day is not None
    form, staff, places = ChecksForm(), colleagues(day), checks.places_of(day.day)
    form.what.choices = list(places.items())
    form.second.choices = [(str(each.id), each.name) for each in staff]
    people = {str(each.id): each for each in staff}
    here = url_for("classroom.day_checks", **day.query)
    authorise(form.act.data not in {"open", "close", "again"} or _may_open(day))
    authorise(day.is_today or form.act.data not in {"look", "count", "open"})
    said = result_of(form, lambda: _done(form, day, people))
    if said is not None:
        return go_on(said, here)
    left = opening.still_open(day.day)
    looks.see(Kind.ROLL, [each.child for each in left], subject=_("The day's list"), why="care")
    page = ChecksPage(
        day=day,
        of=day.day,
        form=form,
        here=checks.in_the_room(day.day),
        checks=checks.checks_of(day.day),
        counts=checks.counts_of(day.day),
        places=places,
        open=left,
        lacks_room_check=opening.lacks_room_check(day.day),
        ways_to_look_at=[places[each] for each in checks.ways_not_looked_at(day.day) if each in places],
        may_open=_may_open(day),
        at=day.now,
    )
    return render("classroom/day/checks.html", page), form.status


def _may_open(day: Day) -> bool:
    return may_run(current_user) or (day.day is not None and opening.may_open(day.day, current_user.person))


def _done(form: ChecksForm, day: Day, people: Mapping[str, Any]) -> str:
    """Do what was pressed; returns what is said of it."""
    assert day.day is not None
    act, by, now = form.act.data, current_user.person, day.now
    if act == "look":
        second = people.get(str(form.second.data))
        if second is None:
            raise RuleBroken(_l("Say who looked as well."), field="second")
        checks.confirm_empty(day.day, form.what.data, second=second, by=by, now=now)
        return _("Written down: you two looked, and nobody is left.")
    if act == "count":
        if form.counted.data is None:
            raise RuleBroken(_l("Say how many heads you counted."), field="counted")
        count = checks.count_heads(day.day, form.counted.data, remark=form.remark.data or "", by=by, now=now)
        return say_count(count)
    if act == "open":
        made = len(opening.open_day(day.day, by=by, now=now))
        return ngettext("%(num)d child is expected.", "%(num)d children are expected.", made)
    if act == "close":
        opening.close_day(day.day, by=by, now=now)
        return _("The day is closed.")
    if act == "again":
        opening.open_again(day.day, reason=form.reason.data or "", by=by, now=now)
        return _("The day is open again.")
    raise RuleBroken(_l("Press one of the buttons."))


def say_count(count: HeadCount) -> str:
    """How a count of heads compares with the ledger."""
    if count.counted == count.expected:
        return _("%(counted)s heads, as the ledger says.", counted=count.counted)
    return _(
        "%(counted)s heads, but the ledger says %(expected)s. Find out who it is, name by name, now.",
        counted=count.counted,
        expected=count.expected,
    )
