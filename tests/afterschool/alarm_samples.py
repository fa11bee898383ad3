"""An alarm and an incident, for the names that stand in addresses."""

from datetime import datetime, time
from typing import Any

from center.afterschool.alarms import raising
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.terms import Term
from center.afterschool.records import accesses, disputes, incidents
from center.afterschool.records.accesses import Grant
from center.afterschool.records.incidents import Happened
from center.afterschool.retention import deletions, holds
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person, Role
from tests.afterschool.builders import make_child, make_enrolment
from tests.builders import ZONE, make_account, make_person


def of_a_child(term: Term) -> dict[str, Any]:
    """An alarm and an incident of a child of the term's first day, whose guardian is rung."""
    guardian = make_person()
    enrolment, day = make_enrolment(term, make_child(guardian)), term.days[0]
    now, child, then = clock.now(), enrolment.child, datetime.combine(day.on_date, time(16), ZONE)
    with transaction():
        subject = f"child:{child.id}"
        alarm = raising.raise_alarm(AlarmKind.MISSING, subject, on_date=day.on_date, now=now, child=child)
        happened = Happened(at=then, place="操场", what="摔倒", done="清洗")
        incident = incidents.record(child, happened, by=guardian, now=then)
    return {
        "alarm_id": alarm.id,
        "incident_id": incident.id,
        "guardian_id": guardian.id,
        "enrolment_id": enrolment.id,
        **_of_the_director(child, guardian),
    }


def _of_the_director(child: Person, guardian: Person) -> dict[str, Any]:
    """What waits for the director: a deletion that was asked for, guardians who disagree, somebody who was let."""
    tutor, today, now = make_account(roles=[Role.TUTOR]).person, clock.today(ZONE), clock.now()
    with transaction():
        ask = deletions.ask(child, guardian, words="", by=guardian, now=now)
        dispute = disputes.write(child, "谁来接", by=tutor, now=now)
        grant = Grant(reason="核对名单", starts_on=today, ends_on=today)
        hold = holds.set_hold(child, "案件", by=tutor, now=now)
        access = accesses.give(tutor, grant, by=guardian, now=now, today=today)
    return {
        "deletion_id": ask.id,
        "dispute_id": dispute.id,
        "access_id": access.id,
        "hold_id": hold.id,
        "kept": "ways_home",
    }
