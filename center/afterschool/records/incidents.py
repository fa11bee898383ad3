"""Incidents: what happened to a child and what was done, who was told how, who acknowledged it, and what followed.

What was written stays; every later word is a step of its own. Called inside one `transaction()`; never commits.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from center.afterschool.models.care import Incident, IncidentStage, IncidentStep
from center.afterschool.records import incident_news
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_moment, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices import outbox
from center.notices.kinds import Kind, say_desk
from center.people.acting import guardians_of, is_guardian
from center.people.masking import masked_name
from center.people.models import Person


class Told(enum.StrEnum):
    """How a guardian was told, or acknowledged."""

    ACCOUNT = "account"
    IN_PERSON = "in_person"
    PAPER = "paper"
    PHONE = "phone"


TOLD_WORDS = {
    Told.ACCOUNT: _l("With their account"),
    Told.IN_PERSON: _l("In person"),
    Told.PAPER: _l("On paper, signed"),
    Told.PHONE: _l("On the phone"),
}


@dataclass(frozen=True, kw_only=True)
class Happened:
    """What happened to a child: when, where, what, and what was done."""

    at: datetime
    place: str
    what: str
    done: str


class State(enum.StrEnum):
    """How far an incident has come."""

    CLOSED = "closed"
    ACKNOWLEDGED = "acknowledged"
    TOLD = "told"
    RECORDED = "recorded"


STATE_WORDS = {
    State.CLOSED: _l("Closed"),
    State.ACKNOWLEDGED: _l("Acknowledged by a guardian"),
    State.TOLD: _l("A guardian was told"),
    State.RECORDED: _l("Written down, no guardian told yet"),
}


def record(child: Person, happened: Happened, *, by: Person, now: datetime) -> Incident:
    """Write down what happened, and let all guardians know that something did: they have equal rights."""
    what, done = happened.what.strip(), happened.done.strip()
    if not what:
        raise RuleBroken(_l("Say what happened."), field="what")
    if not done:
        raise RuleBroken(_l("Say what was done, if only that nothing was needed."), field="done")
    if happened.at > now + timedelta(minutes=5):
        raise RuleBroken(_l("This time has not come yet."), field="at")
    incident = Incident(
        child_id=child.id,
        on_date=local_date(happened.at),
        at=happened.at,
        place=happened.place.strip(),
        what=what,
        done=done,
        by_id=by.id,
        recorded_at=now,
    )
    db.session.add(incident)
    db.session.flush()
    _tell(incident, incident_news.HAPPENED, key="happened", now=now)
    return incident


def write_told(incident: Incident, guardian: Person, how: Told, *, words: str, by: Person, now: datetime) -> None:
    """Write down that a guardian was told by somebody, and how."""
    _check_guardian(incident, guardian, now=now)
    _step(incident, IncidentStage.TOLD, _said(how, words), person=guardian, by=by, now=now)


def acknowledge(
    incident: Incident, guardian: Person, how: Told, *, by: Person, now: datetime, words: str = ""
) -> IncidentStep:
    """A guardian says that they have read or heard it; twice is once. Closed or not, they may."""
    _check_guardian(incident, guardian, now=now)
    lock(incident)
    same = select(IncidentStep).where(
        IncidentStep.incident_id == incident.id,
        IncidentStep.stage == IncidentStage.ACKNOWLEDGED,
        IncidentStep.person_id == guardian.id,
    )
    known = db.session.scalar(same.limit(1))
    if known is not None:
        return known
    return _step(incident, IncidentStage.ACKNOWLEDGED, _said(how, words), person=guardian, by=by, now=now, locks=False)


def follow_up(incident: Incident, words: str, *, by: Person, now: datetime) -> None:
    """Write down what followed; the guardians hear that something did."""
    _check_open(incident, words)
    step = _step(incident, IncidentStage.FOLLOW_UP, words.strip(), by=by, now=now)
    _tell(incident, incident_news.FOLLOWED, key=f"followed:{step.id}", now=now)


def close(incident: Incident, words: str, *, by: Person, now: datetime) -> None:
    """End it, with what came of it. Raises RuleBroken where no guardian was told or has acknowledged it."""
    _check_open(incident, words)
    if state_of(incident) not in {State.ACKNOWLEDGED, State.TOLD}:
        raise RuleBroken(_l("Tell a guardian first, and write down how."))
    _step(incident, IncidentStage.CLOSED, words.strip(), by=by, now=now)


def state_of(incident: Incident) -> State:
    """How far it has come, by its steps as they are now."""
    stages = {each.stage for each in steps_of(incident)}
    if IncidentStage.CLOSED in stages:
        return State.CLOSED
    if IncidentStage.ACKNOWLEDGED in stages:
        return State.ACKNOWLEDGED
    return State.TOLD if IncidentStage.TOLD in stages else State.RECORDED


def steps_of(incident: Incident) -> Sequence[IncidentStep]:
    """What followed, in order."""
    query = select(IncidentStep).where(IncidentStep.incident_id == incident.id)
    query = query.options(joinedload(IncidentStep.person), joinedload(IncidentStep.by))
    return db.session.scalars(query.order_by(IncidentStep.id)).all()


def get(incident_id: int) -> Incident:
    """An incident; raises NotFound."""
    return must_find(db.session.get(Incident, incident_id), _l("There is no such incident."))


def of_child(child: Person) -> Sequence[Incident]:
    """All of a child, the latest first."""
    query = select(Incident).where(Incident.child_id == child.id).options(selectinload(Incident.steps))
    return db.session.scalars(query.order_by(Incident.at.desc(), Incident.id.desc())).all()


def latest(*, on: date | None = None, most: int = 100) -> Sequence[Incident]:
    """The latest of all, or those of one day."""
    query = select(Incident).options(joinedload(Incident.child), selectinload(Incident.steps))
    if on is not None:
        query = query.where(Incident.on_date == on)
    return db.session.scalars(query.order_by(Incident.at.desc(), Incident.id.desc()).limit(most)).all()


def about(incident: Incident) -> str:
    """How the outbox names it."""
    return f"incident:{incident.id}"


def _check_guardian(incident: Incident, guardian: Person, *, now: datetime) -> None:
    if not is_guardian(guardian, incident.child, local_date(now)):
        raise RuleBroken(_l("This person is no guardian of the child."), field="guardian")


def _check_open(incident: Incident, words: str) -> None:
    lock(incident)
    if not words.strip():
        raise RuleBroken(_l("Please fill this in."), field="words")
    if state_of(incident) is State.CLOSED:
        raise Conflict(_l("This incident is closed."))


def _said(how: Told, words: str) -> str:
    return f"{how.value}\n{words.strip()}"


def _step(
    incident: Incident,
    stage: IncidentStage,
    words: str,
    *,
    by: Person,
    now: datetime,
    person: Person | None = None,
    locks: bool = True,
) -> IncidentStep:
    if locks:
        lock(incident)
    step = IncidentStep(
        incident_id=incident.id,
        stage=stage,
        person_id=person.id if person else None,
        words=words,
        by_id=by.id,
        at=now,
    )
    db.session.add(step)
    db.session.flush()
    return step


def _tell(incident: Incident, kind: Kind, *, key: str, now: datetime) -> None:
    child = incident.child or db.session.get_one(Person, incident.child_id)
    for each in guardians_of(child, on=local_date(now)):
        facts = {"person": masked_name(child.name), "when": lambda: format_moment(incident.at), "desk": say_desk}
        outbox.tell(
            each.guardian, kind, key=f"{about(incident)}:{key}:{each.guardian_id}", facts=facts, about=about(incident),
            path=path_to("children.incidents", person_id=child.id), now=now,
        )  # fmt: skip
