"""The days of a term that has the room: one more, one called off, one moved; and where the calendar says otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.activities.models import SessionState
from center.afterschool.models.terms import Term, TermDay
from center.afterschool.queries import get_day, get_term
from center.afterschool.terms import term_days
from center.afterschool.terms.calendar_rules import DayDifference
from center.afterschool.terms.term_days import ChosenDay
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.i18n import centre_zone, format_day, in_language
from center.kernel.i18n import gettext as _
from center.rooms.models import Room
from center.rooms.queries import all_rooms
from center.web.blueprints import classroom as blueprint
from center.web.classroom.terms.forms import MoveDayForm, NewDayForm, ReasonForm, day_of
from center.web.classroom.terms.months import Month, by_month
from center.web.editing import watch
from center.web.rendering import render
from center.web.sending import did, form_page, go_on, is_done

FORM = "classroom/terms/form.html"


@dataclass(frozen=True, kw_only=True)
class DaysPage:
    """Every day of a term, and where the calendar says otherwise."""

    term: Term
    months: Sequence[Month[TermDay]]
    differences: Sequence[DayDifference]
    unknown_years: Sequence[int]
    today: date
    called_off: object = SessionState.CANCELLED


@blueprint.get("/classroom/terms/<id:term_id>/days", endpoint="term_days")
@requires(Permission.RUN_AFTER_SCHOOL)
def days_of_term(term_id: int) -> ResponseReturnValue:
    """The days of a term, and what the calendar says otherwise of those ahead."""
    found = get_term(term_id)
    if not found.days:
        return redirect(url_for(".plan_term_days", term_id=found.id), 303)
    page = DaysPage(
        term=found,
        months=by_month(found.days, lambda each: each.on_date),
        differences=term_days.differences(found, now=clock.now()),
        unknown_years=term_days.unknown_years(found),
        today=clock.today(centre_zone()),
    )
    return render("classroom/terms/days.html", page)


@blueprint.route("/classroom/terms/<id:term_id>/days/new", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def new_term_day(term_id: int) -> ResponseReturnValue:
    """One more day."""
    found, rooms, back = get_term(term_id), all_rooms(), url_for(".term_days", term_id=term_id)
    form = NewDayForm(data={"counts_as": 0, "room_id": found.room_id})
    form.offer(rooms)
    act = lambda: term_days.add_day(found, _chosen(form, rooms), by=current_user.person, now=clock.now())  # noqa: E731
    if is_done(form, act, then=back):
        return go_on(_("The day is added, and the families are told."), back)
    return form_page(FORM, form, title=_("One more day"), lead="", back=back)


@blueprint.route("/classroom/term-days/<id:day_id>/move", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def move_term_day(day_id: int) -> ResponseReturnValue:
    """Hold a day at another date, as another weekday, or in another room."""
    day, rooms = get_day(day_id), all_rooms()
    back = url_for(".term_days", term_id=day.term_id)

    def filled(**given: Any) -> MoveDayForm:
        room_id = day.session.room_id or day.term.room_id
        form = MoveDayForm(data={"on": day.on_date, "counts_as": day.counts_as, "room_id": room_id}, **given)
        form.offer(rooms)
        return form

    form = watch(filled)

    def move() -> None:
        to, by, now = _chosen(form, rooms), current_user.person, clock.now()
        if (to.on, form.room_id.data) == (day.on_date, day.session.room_id):
            term_days.set_weekday(day, to.counts_as, by=by, now=now)
        else:
            term_days.move_day(day, to, reason=form.reason.data or "", by=by, now=now)

    if is_done(form, move):
        return go_on(_("The day is changed, and the families are told."), back)
    title = _("Change %(day)s", day=format_day(day.on_date))
    return form_page(FORM, form, title=title, lead="", back=back)


@blueprint.route("/classroom/term-days/<id:day_id>/cancel", methods=["GET", "POST"])
@requires(Permission.RUN_AFTER_SCHOOL)
def cancel_term_day(day_id: int) -> ResponseReturnValue:
    """Call a day off."""
    day, form = get_day(day_id), ReasonForm()
    back = url_for(".term_days", term_id=day.term_id)
    act = lambda: term_days.cancel_day(  # noqa: E731
        day, reason=form.reason.data, by=current_user.person, now=clock.now()
    )
    if is_done(form, act):
        return go_on(_("The day is called off, its room is free, and the families are told."), back)
    title = _("Call off %(day)s", day=format_day(day.on_date))
    lead = _("Every family with a place is told, with the reason; whoever has no phone is rung.")
    return form_page(FORM, form, title=title, lead=lead, back=back, press=_("Call off"))


@blueprint.post("/classroom/terms/<id:term_id>/days/<day>/follow")
@requires(Permission.RUN_AFTER_SCHOOL)
def follow_calendar(term_id: int, day: str) -> ResponseReturnValue:
    """Let the term be as the calendar has a day."""
    found, difference = _difference(term_id, day)
    if difference is not None:
        planned = difference.planned
        name = in_language(planned.name, planned.name_en) if planned else ""
        reason = name or _("By the centre's calendar the programme does not take place that day.")
        act = lambda: term_days.follow_calendar(  # noqa: E731
            found, difference, reason=reason, by=current_user.person, now=clock.now()
        )
        did(act, _("The term is as the calendar has it, and the families are told."))
    return redirect(url_for(".term_days", term_id=found.id), 303)


@blueprint.post("/classroom/terms/<id:term_id>/days/<day>/keep")
@requires(Permission.RUN_AFTER_SCHOOL)
def keep_term_day(term_id: int, day: str) -> ResponseReturnValue:
    """Let the term be as it is, whatever the calendar says."""
    found, difference = _difference(term_id, day)
    if difference is not None:
        did(lambda: term_days.leave_as_it_is(found, difference, by=current_user.person), _("It stays as it is."))
    return redirect(url_for(".term_days", term_id=found.id), 303)


def _difference(term_id: int, text: str) -> tuple[Term, DayDifference | None]:
    """A term, and what the calendar says otherwise of a day; None where somebody has decided it meanwhile."""
    found, on = get_term(term_id), day_of(text)
    authorise(on is not None)
    differences = term_days.differences(found, now=clock.now())
    return found, next((each for each in differences if each.on == on), None)


def _chosen(form: NewDayForm | MoveDayForm, rooms: Sequence[Room]) -> ChosenDay:
    room = next((each for each in rooms if each.id == form.room_id.data), None)
    return ChosenDay(on=form.on.data, counts_as=form.counts_as.data, room=room)
