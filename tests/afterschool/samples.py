"""Something of the after-school programme for every name that stands in an address."""

from typing import Any

from sqlalchemy import select

from center.afterschool.models.consents import AlertLevel, Purpose
from center.afterschool.models.enrolments import Enrolment, PriorityClaim
from center.afterschool.models.priorities import Priority
from center.afterschool.models.staff import DutyRole, StaffCheck
from center.afterschool.models.terms import Term
from center.afterschool.places import consents, health
from center.afterschool.places.health import HealthFacts
from center.afterschool.school_days import exceptions
from center.afterschool.terms import schools
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.afterschool.alarm_samples import of_a_child
from tests.afterschool.builders import make_duty, make_term, ten_weekdays
from tests.afterschool.enrol_builders import hand_of
from tests.afterschool.plan_samples import of_plans
from tests.builders import make_person


def of_the_programme(teacher: Person | None = None) -> dict[str, Any]:
    """A term of ten days, with a teacher on duty on its first and a helper whose check can be taken back."""
    term = make_term(days=ten_weekdays())
    helper = make_person()
    duty = make_duty(term.days[0], helper, role=DutyRole.RESPONSIBLE)
    make_duty(term.days[0], teacher)
    check = db.session.scalars(select(StaffCheck.id).where(StaffCheck.person_id == helper.id).limit(1)).one()
    found = {
        "term_id": term.id,
        "version": 1,
        "day_id": term.days[0].id,
        "class_id": term.classes[0].id,
        "duty_id": duty.id,
        "check_id": check,
        "school_id": schools.hours_of(term)[0].school_id,
        "school_day_id": _school_day(term, helper),
        "purpose": "health",
        **of_a_child(term),
    }
    plans = of_plans(term)
    return {**found, **plans, **record_of(plans["enrolment_id"])}


def _school_day(term: Term, by: Person) -> int:
    """A date on which the term's school has no school."""
    school = schools.hours_of(term)[0].school
    with transaction():
        return exceptions.set_exception(
            school, term.days[-1].on_date, finishes=None, reason="运动会", by=by, now=clock.now()
        ).id


def record_of(enrolment_id: int) -> dict[str, Any]:
    """A reason for priority of an enrolled child, and something to be known of its health."""
    made = db.session.get_one(Enrolment, enrolment_id)
    guardian, child = made.applied_by, made.child
    known = HealthFacts(trigger="花生", reaction="喉咙肿", what_to_do="打120", level=AlertLevel.EMERGENCY)
    version = consents.texts_now()[Purpose.HEALTH].version
    with transaction() as session:
        claim = PriorityClaim(enrolment_id=made.id, reason=Priority.BOTH_WORK)
        session.add(claim)
        hand = hand_of(guardian)
        consents.say(child, Purpose.HEALTH, is_given=True, version=version, hand=hand, now=clock.now())
        note = health.add(child, known, guardian=guardian, by=guardian, now=clock.now())
    return {"note_id": note.id, "claim_id": claim.id}
