"""Builders of days, checks and duties for tests of who looks after the children."""

from datetime import date, timedelta
from typing import Any

from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole, StaffCheck
from center.afterschool.models.terms import CareClass, TermDay
from center.afterschool.staff import duties
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone
from center.people.models import Person
from tests.afterschool.builders import make_term
from tests.builders import make_person


def today() -> date:
    return clock.today(centre_zone())


def make_days(count: int = 1, *, first: int = 0, **facts: Any) -> list[TermDay]:
    """Days of a new term, from `first` days after today on."""
    return make_term(days=[today() + timedelta(days=first + n) for n in range(count)], **facts).days


def class_of(day: TermDay) -> CareClass:
    return day.term.classes[0]


def make_check(
    person: Person, kind: CheckKind = CheckKind.RECORD, *, until: date | None = None, **facts: Any
) -> StaffCheck:
    """Something that somebody has shown, valid for the next half year unless told otherwise."""
    last = until or today() + timedelta(days=180)
    made = min(today(), last) - timedelta(days=90)
    known = {"made_on": made, "valid_until": last, "consented_on": made if kind is CheckKind.RECORD else None}
    with transaction() as session:
        check = StaffCheck(
            person_id=person.id, kind=kind, recorded_by_id=person.id, recorded_at=clock.now(), **known | facts
        )
        session.add(check)
    return check


def make_staff(*kinds: CheckKind, until: date | None = None, **facts: Any) -> Person:
    """Somebody who has shown what is asked for, or only these."""
    person = make_person(**facts)
    for kind in kinds or tuple(CheckKind):
        make_check(person, kind, until=until)
    return person


def put_on(day: TermDay, role: DutyRole = DutyRole.TEACHER, person: Person | None = None) -> CareDuty:
    """Somebody on duty on a day, as the roster puts them there."""
    person, by = person or make_staff(), make_person()
    with transaction():
        return duties.put_on(
            day, person, role, None if role is DutyRole.GUARD else class_of(day), by=by, now=clock.now()
        )
