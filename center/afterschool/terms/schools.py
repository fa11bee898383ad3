"""Schools, when they end on the weekdays of a term, and the term's classes. Single dates are in `school_days`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities import actions as activities
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import CareClass, School, SchoolException, SchoolHours, Term
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person
from center.people.names import sort_key

WEEKDAYS = range(7)


@dataclass(frozen=True, kw_only=True)
class SchoolFacts:
    """What a school is called, and the phone of its gate."""

    name: str
    name_en: str = ""
    phone: str = ""


@dataclass(frozen=True, kw_only=True)
class ClassFacts:
    """A class of a term: how many children it takes, and how many adults of each role it needs."""

    name: str
    name_en: str = ""
    capacity: int = 40
    responsible: int = 1
    teachers: int = 1
    volunteers: int = 2
    guards: int = 1


def save_school(facts: SchoolFacts, *, by: Person, school: School | None = None) -> School:
    """Enter a school, or change what is said of it; raises Conflict where another has its name."""
    there = db.session.scalar(select(School).where(School.name == facts.name))
    if there is not None and (school is None or there.id != school.id):
        raise Conflict(_l("There is a school of this name already."), field="name")
    school = school or School()
    for name, value in asdict(facts).items():
        setattr(school, name, value)
    school.sort_key = sort_key(facts.name)[:200]
    db.session.add(school)
    note(Act.SCHOOL_CHANGED, school, by=by)
    return school


def set_hours(term: Term, school: School, finishes: Mapping[int, time], *, way_minutes: int, by: Person) -> None:
    """Say when a school ends on each weekday of a term; on the others its children do not come."""
    lock(term)
    kept = {each.weekday: each for each in hours_of(term) if each.school_id == school.id}
    for weekday in WEEKDAYS:
        row = kept.get(weekday)
        if weekday not in finishes:
            if row is not None:
                db.session.delete(row)
            continue
        row = row or SchoolHours(term_id=term.id, school_id=school.id, weekday=weekday)
        row.finishes, row.way_minutes = finishes[weekday], way_minutes
        db.session.add(row)
    note(Act.SCHOOL_HOURS_SET, school, by=by)


def save_class(
    term: Term, facts: ClassFacts, *, by: Person, now: datetime, care_class: CareClass | None = None
) -> CareClass:
    """Add a class to a term, or change it. The room must hold the children of all classes."""
    lock(term)
    enrolled = _enrolled(care_class)
    if facts.capacity < max(enrolled, 1):
        raise RuleBroken(_l("More children are in this class already: %(num)s.", num=enrolled), field="capacity")
    if care_class is None:
        care_class = CareClass(term_id=term.id, position=len(term.classes))
    for name, value in asdict(facts).items():
        setattr(care_class, name, value)
    db.session.add(care_class)
    db.session.flush()
    db.session.expire(term, ["classes"])
    _say_how_many(term, by=by, now=now)
    note(Act.CARE_CLASS_CHANGED, care_class, by=by)
    return care_class


def remove_class(care_class: CareClass, *, by: Person, now: datetime) -> None:
    """Take a class away that has no children and nobody on duty."""
    term = care_class.term
    lock(term)
    duty = select(CareDuty.id).where(CareDuty.class_id == care_class.id).limit(1)
    if _enrolled(care_class) or db.session.scalar(duty):
        raise Conflict(_l("Children or duties belong to this class. Move them first."))
    db.session.delete(care_class)
    db.session.flush()
    db.session.expire(term, ["classes"])
    note(Act.CARE_CLASS_CHANGED, care_class, by=by)
    if term.classes:
        _say_how_many(term, by=by, now=now)


def hours_of(term: Term) -> Sequence[SchoolHours]:
    """When each school of a term ends, by school and weekday."""
    query = select(SchoolHours).join(SchoolHours.school).where(SchoolHours.term_id == term.id)
    query = query.options(joinedload(SchoolHours.school))
    return db.session.scalars(query.order_by(School.sort_key, School.id, SchoolHours.weekday)).all()


def exceptions_of(schools: Sequence[int], first: date, last: date) -> Sequence[SchoolException]:
    """The dates on which these schools end otherwise, in order."""
    query = (
        select(SchoolException)
        .where(SchoolException.school_id.in_(schools), SchoolException.on_date.between(first, last))
        .options(joinedload(SchoolException.school))
        .order_by(SchoolException.on_date, SchoolException.school_id)
    )
    return db.session.scalars(query).all()


def all_schools() -> Sequence[School]:
    """Every school, by name."""
    return db.session.scalars(select(School).order_by(School.sort_key, School.id)).all()


def get_school(school_id: int) -> School:
    """A school; raises NotFound."""
    return must_find(db.session.get(School, school_id), _l("There is no such school."))


def get_exception(exception_id: int) -> SchoolException:
    """A date on which a school ends otherwise; raises NotFound."""
    return must_find(db.session.get(SchoolException, exception_id), _l("There is no such day."))


def get_class(class_id: int) -> CareClass:
    """A class; raises NotFound."""
    return must_find(db.session.get(CareClass, class_id), _l("There is no such class."))


def _enrolled(care_class: CareClass | None) -> int:
    if care_class is None:
        return 0
    count = select(func.count()).where(Enrolment.class_id == care_class.id, Enrolment.ended_at.is_(None))
    return db.session.scalar(count) or 0


def _say_how_many(term: Term, *, by: Person, now: datetime) -> None:
    """Let the term's activity expect all its children, so that its rooms hold them."""
    facts = activities.facts_of(term.activity)
    expected = sum(each.capacity for each in term.classes)
    activities.edit(term.activity, replace(facts, expected=expected), by=by, now=now)
