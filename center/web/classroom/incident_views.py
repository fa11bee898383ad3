"""Incidents in the classroom: written down, told, followed up, closed, printed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.care import Incident, IncidentStep
from center.afterschool.models.terms import TermDay
from center.afterschool.namesakes import called
from center.afterschool.plans import day_plans
from center.afterschool.policy import may_care, may_run
from center.afterschool.queries import days_on
from center.afterschool.records import incidents
from center.afterschool.records.incidents import STATE_WORDS, TOLD_WORDS, Happened, State, Told
from center.afterschool.rights import on_call
from center.afterschool.words import INCIDENT_STAGES
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.acting import guardians_of
from center.people.models import Person
from center.people.records import get_person
from center.web.alarm_strip import may_see
from center.web.blueprints import classroom as blueprint
from center.web.classroom import incident_forms as forms
from center.web.classroom.incident_forms import IncidentForm, StepForm
from center.web.forms import id_of
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import form_page, is_done, result_of


@dataclass(frozen=True, kw_only=True)
class IncidentsPage:
    """The incidents that somebody may see, and how far each has come."""

    incidents: Sequence[Incident]
    states: Mapping[int, State]
    state_words: Mapping[Any, Any]
    may_run: bool


@dataclass(frozen=True, kw_only=True)
class IncidentPage:
    """One incident, what followed, and the form for the next step."""

    incident: Incident
    steps: Sequence[IncidentStep]
    state: State
    state_words: Mapping[Any, Any]
    stages: Mapping[Any, Any]
    told_words: Mapping[Any, Any]
    form: StepForm | None
    may_run: bool


@blueprint.get("/classroom/incidents")
@requires(Permission.CARE_FOR_CHILDREN)
def incident_list() -> ResponseReturnValue:
    """The latest, of the days that whoever looks may see."""
    see = may_see()
    found = [each for each in incidents.latest() if may_run(current_user) or see(_day_of(each))]
    looks.see(Kind.ROLL, [each.child for each in found], subject=_("Incidents"), why="incident")
    page = IncidentsPage(
        incidents=found,
        states={each.id: incidents.state_of(each) for each in found},
        state_words=STATE_WORDS,
        may_run=may_run(current_user),
    )
    return render("classroom/incidents.html", page)


@blueprint.route("/classroom/incidents/new", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def write_incident() -> ResponseReturnValue:
    """Something happened to a child of today."""
    children = _children()
    form = IncidentForm(child=request.args.get("child", ""))
    form.child.choices = [("", _("Choose a child")), *((str(each.id), name) for each, name in called(children))]
    if not form.is_submitted():
        form.at.data = clock.now().astimezone(centre_zone()).replace(second=0, microsecond=0, tzinfo=None)
    made = result_of(form, lambda: _record(form, children), then=_page_of)
    if made is not None:
        return redirect(_page_of(made), 303)
    looks.see(Kind.ROLL, children, subject=_("Incidents"), why="incident")
    return form_page("classroom/new_incident.html", form)


@blueprint.route("/classroom/incidents/<id:incident_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_CHILDREN)
def incident(incident_id: int) -> ResponseReturnValue:
    """One incident, and the next step of it."""
    found = _get(incident_id)
    form = _step_form(found)
    if is_done(form, lambda: _take_step(found, form)):
        return redirect(_page_of(found), 303)
    looks.see(Kind.CHILD, [found.child], why="incident")
    return render("classroom/incident.html", _page(found, form)), form.status


@blueprint.get("/classroom/incidents/<id:incident_id>/print")
@requires(Permission.CARE_FOR_CHILDREN)
def print_incident(incident_id: int) -> ResponseReturnValue:
    """The same on paper, with lines to sign."""
    found = _get(incident_id)
    looks.see(Kind.CHILD, [found.child], why="incident")
    return render("classroom/print_incident.html", _page(found, None))


def _page(found: Incident, form: StepForm | None) -> IncidentPage:
    return IncidentPage(
        incident=found,
        steps=incidents.steps_of(found),
        state=incidents.state_of(found),
        state_words=STATE_WORDS,
        stages=INCIDENT_STAGES,
        told_words={each.value: words for each, words in TOLD_WORDS.items()},
        form=form,
        may_run=may_run(current_user),
    )


def _page_of(made: Incident) -> str:
    return url_for("classroom.incident", incident_id=made.id)


def _get(incident_id: int) -> Incident:
    found = incidents.get(incident_id)
    authorise(may_run(current_user) or may_see()(_day_of(found)))
    return found


def _day_of(found: Incident) -> TermDay | None:
    return on_call.day_of_child(found.child_id, found.on_date)


def _children() -> list[Person]:
    """The children of today's days that whoever looks cares for, each once."""
    days = [each for each in days_on(clock.today(centre_zone())) if may_care(current_user, each)]
    found = {each.child.id: each.child for day in days for each in day_plans.expected_on(day)}
    return list(found.values())


def _record(form: IncidentForm, children: Sequence[Person]) -> Incident:
    child = next((each for each in children if str(each.id) == form.child.data), None)
    if child is None:
        raise RuleBroken(_l("Choose a child."), field="child")
    happened = Happened(
        at=form.at.data.replace(tzinfo=centre_zone()),
        place=form.place.data or "",
        what=form.what.data or "",
        done=form.done.data or "",
    )
    return incidents.record(child, happened, by=current_user.person, now=clock.now())


def _step_form(found: Incident) -> StepForm:
    form = StepForm()
    guardians = guardians_of(found.child, on=clock.today(centre_zone()))
    form.guardian.choices = [("", "–"), *((str(each.guardian_id), each.guardian.name) for each in guardians)]
    return form


def _take_step(found: Incident, form: StepForm) -> None:
    by, now, words = current_user.person, clock.now(), form.words.data or ""
    if form.step.data == forms.FOLLOW_UP:
        incidents.follow_up(found, words, by=by, now=now)
    elif form.step.data == forms.CLOSE:
        incidents.close(found, words, by=by, now=now)
    else:
        number = id_of(form.guardian.data or "")
        if number is None:
            raise RuleBroken(_l("Say which guardian."), field="guardian")
        guardian, how = get_person(number), Told(form.how.data)
        act = incidents.write_told if form.step.data == forms.TOLD else incidents.acknowledge
        act(found, guardian, how, words=words, by=by, now=now)
