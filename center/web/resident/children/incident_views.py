"""What guardians read of incidents of their child, and that they have read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.care import Incident, IncidentStage
from center.afterschool.records import incidents as happened
from center.afterschool.records.incidents import STATE_WORDS, TOLD_WORDS, State, Told
from center.afterschool.words import INCIDENT_STAGES
from center.kernel import clock
from center.kernel.access import authorise, signed_in
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people.acting import is_guardian
from center.people.models import Person
from center.people.records import get_person
from center.web.blueprints import children as blueprint
from center.web.rendering import render
from center.web.sending import did


@dataclass(frozen=True, kw_only=True)
class IncidentsPage:
    """What happened to a child, how far each has come, and what this guardian has acknowledged."""

    child: Person
    incidents: Sequence[Incident]
    states: Mapping[int, State]
    state_words: Mapping[Any, Any]
    stages: Mapping[Any, Any]
    told_words: Mapping[Any, Any]
    acknowledged: set[int]


@blueprint.get("/children/<id:person_id>/incidents")
@signed_in
def incidents(person_id: int) -> ResponseReturnValue:
    """All incidents of one's own child."""
    child = _own(person_id)
    found = happened.of_child(child)
    mine = {
        each.id
        for each in found
        for step in each.steps
        if step.stage is IncidentStage.ACKNOWLEDGED and step.person_id == current_user.person_id
    }
    page = IncidentsPage(
        child=child,
        incidents=found,
        states={each.id: happened.state_of(each) for each in found},
        state_words=STATE_WORDS,
        stages=INCIDENT_STAGES,
        told_words={each.value: words for each, words in TOLD_WORDS.items()},
        acknowledged=mine,
    )
    return render("resident/children/incidents.html", page)


@blueprint.post("/children/<id:person_id>/incidents/<id:incident_id>/acknowledge")
@signed_in
def acknowledge_incident(person_id: int, incident_id: int) -> ResponseReturnValue:
    """They have read it."""
    child, found = _own(person_id), happened.get(incident_id)
    authorise(found.child_id == child.id)
    me = current_user.person
    did(
        lambda: happened.acknowledge(found, me, Told.ACCOUNT, by=me, now=clock.now()),
        _("Thank you. It is written down that you have read it."),
    )
    return redirect(url_for("children.incidents", person_id=child.id), 303)


def _own(person_id: int) -> Person:
    child = get_person(person_id)
    authorise(is_guardian(current_user.person, child, clock.today(centre_zone())))
    return child
