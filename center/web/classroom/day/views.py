"""The page of a day: where every child is, and what is said of them with one tap."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired, Optional

from center.afterschool.day_list import words
from center.afterschool.day_list.lines import DayList, Line, Where, list_of
from center.afterschool.days import opening
from center.afterschool.handing_over import arrivals, undoing
from center.afterschool.handing_over.answers import ANSWER_NAMES, SAID, Answer
from center.afterschool.handing_over.saying import Verdict
from center.afterschool.models.plans import PlanChange
from center.afterschool.models.terms import CareClass, SchoolChange
from center.afterschool.plans import changes, school_changes
from center.afterschool.school_days import exceptions
from center.afterschool.staff import staffing
from center.afterschool.staff.queries import classes_of
from center.afterschool.staff.rules import Shortage
from center.afterschool.staff.staffing import ClassNow
from center.afterschool.staff.words import say_shortage
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import DomainError
from center.kernel.i18n import format_clock, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.records import get_person
from center.web.blueprints import classroom as blueprint
from center.web.browser_rights import kept_page
from center.web.classroom.day import events
from center.web.classroom.day.parts import ActForm, Day, day_asked
from center.web.forms import id_of
from center.web.people import looks
from center.web.refreshing import whole_or_part
from center.web.sending import tried


class TapForm(ActForm):
    """What was pressed at a child's name; and who brought them, which holds for every press until it is changed."""

    tap = HiddenField(validators=[InputRequired()])
    brought_by = SelectField(_l("Brought by"), validators=[Optional()], choices=list(words.BROUGHT_BY.items()))


@dataclass(frozen=True, kw_only=True)
class DayPage:
    """The page of a day."""

    day: Day
    list: DayList
    shown: Mapping[Where, Sequence[Line]]
    classes: Sequence[CareClass]
    chosen: CareClass | None
    changes: Sequence[PlanChange]
    school_changes: Sequence[SchoolChange]
    form: TapForm
    at: datetime
    address: str
    is_to_be_empty: bool  # and nobody has looked yet
    adults: Sequence[ClassNow]
    say_shortage: Callable[[Shortage], str] = say_shortage
    words: Any = words


@blueprint.route("/classroom/day", methods=["GET", "POST"], endpoint="day")
@kept_page
@requires(Permission.CARE_FOR_CHILDREN)
def day_page() -> ResponseReturnValue:
    """Everybody of a day; without JavaScript everything is said by buttons that lead back here."""
    day, form = day_asked(), TapForm()
    here = url_for("classroom.day", **day.query, **_chosen_query())
    authorise(day.is_today or not form.is_submitted())
    if form.validate_on_submit():
        return redirect(here + _tapped(form, day), 303)
    page = _page(day, form, here)
    looks.see(Kind.ROLL, [each.child for each in page.list.lines], subject=_("The day's list"), why="care")
    answer = whole_or_part("classroom/day/day.html", "classroom/day/now.html", page)
    return answer, form.status


def _page(day: Day, form: TapForm, here: str) -> DayPage:
    found = list_of(day.on, day.day, now=day.now, today=day.today)
    classes = classes_of(day.day.term_id) if day.day else []
    chosen = next((each for each in classes if str(each.id) == request.args.get("class")), None)
    of_class = [
        each for each in found.lines if chosen is None or (each.enrolment and each.enrolment.class_id == chosen.id)
    ]
    shown = DayList(on=found.on, day=found.day, lines=of_class)
    return DayPage(
        day=day,
        list=found,
        shown={where: shown.at(where) for where in Where},
        classes=classes,
        chosen=chosen,
        changes=changes.unseen_on(day.day) if day.day else [],
        school_changes=school_changes.waiting_on(day.day) if day.day else [],
        form=form,
        at=day.now,
        address=here,
        is_to_be_empty=_is_to_be_empty(found),
        adults=staffing.now_on(day.day) if day.day else [],
    )


def _is_to_be_empty(found: DayList) -> bool:
    has_gone = found.here == 0 and found.counts[Where.GONE] > 0
    return has_gone and found.day is not None and opening.lacks_room_check(found.day)


def _tapped(form: TapForm, day: Day) -> str:
    """Do what was pressed, and say it; returns where on the page it was."""
    verb, _colon, key = str(form.tap.data).partition(":")
    number = id_of(key) or 0
    made = tried(lambda: ACTS[verb](number, form, day)) if verb in ACTS else None
    if isinstance(made, DomainError):
        flash(str(made), "error")
    elif isinstance(made, Verdict):
        say_verdict(made)
        return f"#c{made.event.child_id}" if made.event else ""
    return ""


def say_verdict(verdict: Verdict) -> None:
    """Say what came of something on the next page."""
    event = verdict.event
    said = str(ANSWER_NAMES[verdict.answer])
    if event is not None:
        name, time = event.child.name, format_clock(event.at)
        said = _("%(name)s: %(how)s, %(time)s", name=name, how=words.say_event(event), time=time)
        if verdict.answer is not Answer.DONE:
            said = _("%(said)s. %(answer)s.", said=said, answer=ANSWER_NAMES[verdict.answer])
    flash(said, "ok" if verdict.answer in SAID else "error")


def _arrive(child_id: int, form: TapForm, day: Day) -> Verdict:
    child = get_person(child_id)
    events.check_seen(child, day)
    sent = form.sent(f"arrive:{child_id}")
    return arrivals.arrive(child, day.saying(sent), brought_by=form.brought_by.data or "")


def _undo(event_id: int, form: TapForm, day: Day) -> None:
    event = events.get_event(event_id, day)
    undoing.undo(event, by=current_user.person, now=day.now, sent=form.sent(f"undo:{event_id}"))
    flash(_("%(name)s: taken back.", name=event.child.name), "ok")


def _seen(change_id: int, _form: TapForm, day: Day) -> None:
    change = events.get_change(change_id, day)
    changes.acknowledge(change, by=current_user.person, now=day.now)
    flash(_("%(name)s: the change is acknowledged.", name=change.enrolment.child.name), "ok")


def _seen_school(change_id: int, _form: TapForm, day: Day) -> None:
    change = events.get_school_change(change_id, day)
    exceptions.acknowledge(change, by=current_user.person, now=day.now)
    name = in_language(change.school.name, change.school.name_en)
    flash(_("%(name)s: the change is acknowledged.", name=name), "ok")


def _chosen_query() -> dict[str, Any]:
    return {"class": request.args["class"]} if id_of(request.args.get("class", "")) else {}


ACTS: Mapping[str, Any] = {"arrive": _arrive, "school": _seen_school, "seen": _seen, "undo": _undo}
