"""Builders of volunteers and their shifts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from center.activities.models import Session
from center.attendance.hours import actions, certificates, deciding
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.models import Person
from center.signups.models import Audience
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_person


def make_session(
    *volunteers: Person, start: datetime | None = None, minutes: int = 120, organisation: Organisation | None = None
) -> Session:
    """A date with these volunteers, at ten in the morning of tomorrow for two hours unless told otherwise."""
    start = start or at(10, days=1)
    asked_at = start - timedelta(days=1)
    activity = make_activity(organisation=organisation, starts=[start], minutes=minutes, now=asked_at)
    roster = make_roster(activity, audience=Audience.VOLUNTEERS)
    for person in volunteers:
        sign_up(roster, person, now=asked_at)
    return activity.sessions[0]


def make_shift(
    person: Person | None = None,
    *,
    start: datetime | None = None,
    hours: float = 2,
    session: Session | None = None,
    state: ShiftState = ShiftState.DONE,
    organisation: Organisation | None = None,
    by: Person | None = None,
) -> Shift:
    """A shift as long as its date, in a state."""
    person = person or make_person()
    start = start or at(10, days=1)
    session = session or make_session(person, start=start, minutes=int(hours * 60), organisation=organisation)
    end = start + timedelta(hours=hours)
    lead = by or make_lead()
    with transaction():
        made = actions.write_down(session, person, start, end, reason="纸上的", by=lead, now=end)
        if state is ShiftState.CERTIFIED:
            deciding.certify(made, by=lead, now=end)
    return made


def make_lead() -> Person:
    """Somebody else than the volunteer."""
    return make_person()


def standing(shifts: Sequence[Shift]) -> list[ShiftState]:
    """How they stand, read anew."""
    db.session.rollback()
    for each in shifts:
        db.session.refresh(each)
    return [each.state for each in shifts]


def give_hours(session: Session, person: Person, by: Person) -> tuple[int, str]:
    """Somebody gave hours at a session, two of them certified: what waits, and the number of a certificate."""
    start, now = session.starts_at, clock.now()
    said = {"out_by_id": by.id, "out_said_at": now, "recorded_by_id": by.id, "recorded_at": now}
    known = {"session_id": session.id, "person_id": person.id, **said}

    def shift(days: int, **facts: Any) -> Shift:
        begins = start - timedelta(days=days)
        return Shift(in_at=begins, day=local_date(begins), out_at=begins + timedelta(hours=2), **known, **facts)

    with transaction():
        waits = shift(0, state=ShiftState.DONE)
        certified = shift(1, state=ShiftState.CERTIFIED, certified_by_id=by.id, certified_at=now)
        db.session.add_all([waits, certified])
        db.session.flush()
        days = (certified.day, certified.day)
        made = certificates.issue(person, session.activity.organisation_id, *days, by=person, now=now)
    return waits.id, made.number
