"""Opening the list of a day, closing the day, and opening it again with a reason."""

from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool import days
from center.afterschool.models.custody import Holder
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care, may_run
from center.afterschool.queries import get_day
from center.afterschool.words import HOLDERS
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import format_day
from center.kernel.i18n import gettext as _
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.forms import ReasonForm
from center.web.forms import BaseForm
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done


@dataclass(frozen=True, kw_only=True)
class ClosingPage:
    """How many children are still open, by who holds them, and whether two people have looked at the room."""

    day: TermDay
    form: BaseForm
    left: Any
    n_left: int
    lacks_check: bool
    may_run: bool
    holders: Any


@blueprint.post("/classroom/term-days/<id:day_id>/open")
@requires(Permission.CARE_FOR_CHILDREN)
def open_day(day_id: int) -> ResponseReturnValue:
    """Open the list of a day: whoever is expected is at school until somebody says otherwise."""
    day = _mine(day_id)
    did(
        lambda: days.open_day(day, by=current_user.person, now=clock.now()),
        lambda found: _("The list is open: %(num)s expected.", num=len(found)),
    )
    return redirect(url_for(".home"), 303)


@blueprint.route("/classroom/term-days/<id:day_id>/close", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def close_day(day_id: int) -> ResponseReturnValue:
    """What is still to be said of a day, and closing it."""
    day = _mine(day_id)
    form = BaseForm()
    if is_done(form, lambda: days.close_day(day, by=current_user.person, now=clock.now())):
        return go_on(_("The day is closed, and its register is written."), url_for(".home"))
    left = days.still_open(day)
    by_holder = {each: sum(one.holder is each for one in left) for each in Holder}
    page = ClosingPage(
        day=day,
        form=form,
        left={each: n for each, n in by_holder.items() if n},
        n_left=len(left),
        lacks_check=days.lacks_room_check(day),
        may_run=may_run(current_user),
        holders=HOLDERS,
    )
    return render("classroom/close_day.html", page), form.status


@blueprint.route("/classroom/term-days/<id:day_id>/again", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def open_day_again(day_id: int) -> ResponseReturnValue:
    """Open a closed day again."""
    day, form, back = get_day(day_id), ReasonForm(), url_for(".home")
    act = lambda: days.open_again(day, reason=form.reason.data, by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act):
        return go_on(_("The day is open again."), back)
    title = _("Open %(day)s again", day=format_day(day.on_date))
    lead = _("Its register stays; what is different when you close it again is put right with a reason.")
    return form_page("classroom/terms/form.html", form, title=title, lead=lead, back=back)


def _mine(day_id: int) -> TermDay:
    """A day that whoever is signed in opens and closes: its owner, who is responsible, and whoever runs it."""
    day = get_day(day_id)
    authorise(may_care(current_user, day) and (may_run(current_user) or days.may_open(day, current_user.person)))
    return day
