"""Alarms of the after-school programme: what waits for an answer, who is to be rung, and what somebody answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import RadioField, SelectField
from wtforms.validators import DataRequired, Optional

from center.afterschool.alarms import current, raising, times
from center.afterschool.alarms.about import About, about_each
from center.afterschool.alarms.current import AlarmLine
from center.afterschool.alarms.raising import AlarmFound
from center.afterschool.alarms.ringing import Rung, to_ring
from center.afterschool.alarms.rules import answers_to
from center.afterschool.models.care import Alarm, AlarmAnswer, Ring
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermDay
from center.afterschool.queries import get_day
from center.afterschool.rights import on_call
from center.afterschool.words import ALARM_ANSWERS
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import Conflict, DomainError
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.notices.telling import Told, told_about
from center.web.alarm_strip import may_see
from center.web.blueprints import classroom as blueprint
from center.web.forms import BaseForm, id_of, text_field
from center.web.people import looks
from center.web.refreshing import taken_up, whole_or_part
from center.web.rendering import render
from center.web.sending import is_done, tried
from center.web.sign_in_cookie import is_refresh


class AnswerForm(BaseForm):
    """What somebody found to be so."""

    found = RadioField(_l("What is so?"), validators=[DataRequired()])
    guardian = SelectField(_l("Who says so"), validators=[Optional()])
    number = text_field(
        _l("Reached on this number"), most=20, required=False, hint=_l("Only where it is not the one on record.")
    )
    words = text_field(_l("In a few words"), most=200, required=False)


class RingForm(BaseForm):
    """What came of ringing a guardian."""

    said = text_field(_l("What was said"), most=200, required=False)


@dataclass(frozen=True, kw_only=True)
class AlarmsPage:
    """What waits for an answer, and what was answered today."""

    lines: Sequence[AlarmLine]
    answered: Sequence[Alarm]
    abouts: Mapping[int, About]
    answers: Mapping[Any, Any]
    now: datetime
    today: date
    address: str


@dataclass(frozen=True, kw_only=True)
class AlarmPage:
    """One alarm: whom it is about, who is told, whom to ring, who was rung; and the form to answer it."""

    alarm: Alarm
    about: About
    day: TermDay | None
    enrolment: Enrolment | None
    callers: Sequence[Rung]
    rings: Sequence[Ring]
    named: Sequence[on_call.Named]
    told: Sequence[Told]
    ring_forms: dict[int, RingForm]
    answers: Mapping[Any, Any]
    form: AnswerForm


@blueprint.get("/classroom/alarms")
@requires(Permission.CARE_FOR_CHILDREN)
def alarm_list() -> ResponseReturnValue:
    """All that waits for an answer on the days that whoever looks may see."""
    now, today = clock.now(), clock.today(centre_zone())
    lines = current.waiting(now, may_see=may_see())
    answered = current.answered_on(today, may_see=may_see())
    looks.see(
        Kind.ROLL,
        [*(each.child for each in lines), *(each.child for each in answered)],
        subject=_("Alarms"),
        why="alarm",
    )
    page = AlarmsPage(
        lines=lines,
        answered=answered,
        abouts=about_each(answered),
        answers=ALARM_ANSWERS,
        now=now,
        today=today,
        address=url_for("classroom.alarm_list"),
    )
    return whole_or_part("classroom/alarms.html", "classroom/alarms_now.html", page)


@blueprint.post("/classroom/alarms/take")
@requires(Permission.CARE_FOR_CHILDREN)
def take_alarm() -> ResponseReturnValue:
    """Somebody answers an alarm that no sweep has written down yet: it is written down first."""
    day = get_day(id_of(request.form.get("day", "")) or 0)
    authorise(may_see()(day))
    made = tried(lambda: _taken(day, request.form.get("subject", ""), request.form.get("kind", "")))
    if isinstance(made, DomainError):
        return redirect(url_for("classroom.alarm_list"), 303)
    return redirect(url_for("classroom.alarm", alarm_id=made.id), 303)


@blueprint.route("/classroom/alarms/<id:alarm_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def alarm(alarm_id: int) -> ResponseReturnValue:
    """One alarm, and answering it."""
    found = _get(alarm_id)
    day, today = on_call.day_of(found), clock.today(centre_zone())
    enrolment = current.enrolment_of(found.child_id, day) if found.child_id else None
    callers = to_ring(found.child, day, on=today) if found.child else []
    form = _form(found, callers)
    if found.ended_at is None and is_done(form, partial(_answer, found, form, callers)):
        return redirect(url_for("classroom.alarm_list"), 303)
    looks.see(Kind.CHILD, [found.child], why="alarm")
    for each in callers:
        looks.see_phone(each.guardian, purpose="ring")
    page = AlarmPage(
        alarm=found,
        about=about_each([found])[found.id],
        day=day,
        enrolment=enrolment,
        callers=callers,
        rings=current.rings_of(found),
        named=on_call.named(day, level=found.level, on=today),
        told=told_about([raising.about(found)]),
        ring_forms={each.guardian.id: _ring_form(each) for each in callers},
        answers=ALARM_ANSWERS,
        form=form,
    )
    return render("classroom/alarm.html", page), form.status


@blueprint.post("/classroom/alarms/<id:alarm_id>/ring/<id:guardian_id>")
@requires(Permission.CARE_FOR_CHILDREN)
def ring(alarm_id: int, guardian_id: int) -> ResponseReturnValue:
    """A guardian was rung, and this came of it."""
    found, now = _get(alarm_id), clock.now()
    callers = to_ring(found.child, on_call.day_of(found), on=local_date(now)) if found.child else []
    caller = _chosen(callers, str(guardian_id))
    authorise(caller is not None)
    assert caller is not None
    form = _ring_form(caller)
    number, is_reached = caller.guardian.phone or "", request.form.get("reached") == "1"
    write = lambda: raising.ring(  # noqa: E731
        found, caller.guardian, number=number, is_reached=is_reached, said=form.said.data or "",
        by=current_user.person, now=now,
    )  # fmt: skip
    if is_done(form, write):
        flash(_("Written down."), "ok")
    elif form.refusal or form.errors:
        flash("; ".join(message for _id, message in form.error_list()), "error")
    return redirect(url_for("classroom.alarm", alarm_id=found.id), 303)


@blueprint.get("/classroom/alarms/strip")
@requires(Permission.CARE_FOR_CHILDREN)
def strip() -> ResponseReturnValue:
    """What stands above the pages, as it is now: the page asks for it by itself."""
    if not is_refresh():
        return redirect(url_for("classroom.alarm_list"))
    return taken_up(render_template("shared/alarms/strip_now.html"))


def _get(alarm_id: int) -> Alarm:
    found = current.get_alarm(alarm_id)
    authorise(may_see()(on_call.day_of(found)))
    return found


def _taken(day: TermDay, subject: str, kind: str) -> Alarm:
    now = clock.now()
    for each in times.not_written(day, now=now):
        if each.subject == subject and each.kind.value == kind:
            return times.write(day, each, now=now)
    live = [each for each in times.live() if (each.on_date, each.subject) == (day.on_date, subject)]
    for known in live:
        if known.kind.value == kind:
            return known
    raise Conflict(_l("This alarm is over."))


def _form(found: Alarm, callers: Sequence[Rung]) -> AnswerForm:
    form = AnswerForm()
    form.found.choices = [(each.value, ALARM_ANSWERS[each]) for each in answers_to(found.kind)]
    names = [(str(each.guardian.id), f"{each.guardian.name} {each.relation}".strip()) for each in callers]
    form.guardian.choices = [("", _("Nobody")), *names]
    return form


def _ring_form(caller: Rung) -> RingForm:
    return RingForm(prefix=f"of-{caller.guardian.id}")


def _answer(found: Alarm, form: AnswerForm, callers: Sequence[Rung]) -> None:
    caller = _chosen(callers, form.guardian.data or "")
    guardian = caller.guardian if caller else None
    said = AlarmFound(
        found=AlarmAnswer(form.found.data),
        words=form.words.data or "",
        guardian=guardian,
        number=form.number.data or (guardian.phone if guardian else "") or "",
    )
    raising.answer(found, said, by=current_user.person, now=clock.now())


def _chosen(callers: Sequence[Rung], typed: str) -> Rung | None:
    return next((each for each in callers if str(each.guardian.id) == typed), None)
