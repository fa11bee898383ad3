"""Ordered reads of checks, duty rosters and directors."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.afterschool.asked_once import asked_once
from center.afterschool.models.staff import CareDuty, StaffCheck
from center.afterschool.models.terms import CareClass, TermDay
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

NO_DUTY = _l("There is no such duty.")


def checks_of(person_id: int) -> Sequence[StaffCheck]:
    """Everything that somebody has shown, the latest first."""
    query = select(StaffCheck).where(StaffCheck.person_id == person_id).options(joinedload(StaffCheck.recorded_by))
    return db.session.scalars(query.order_by(StaffCheck.made_on.desc(), StaffCheck.id.desc())).all()


def checks_by_person(person_ids: Collection[int]) -> dict[int, list[StaffCheck]]:
    """The checks of several people that were not taken back."""
    found: dict[int, list[StaffCheck]] = defaultdict(list)
    query = select(StaffCheck).where(StaffCheck.person_id.in_(person_ids), StaffCheck.revoked_at.is_(None))
    for check in db.session.scalars(query.order_by(StaffCheck.person_id, StaffCheck.id)):
        found[check.person_id].append(check)
    return found


def get_check(check_id: int) -> StaffCheck:
    """A check; raises NotFound."""
    return must_find(db.session.get(StaffCheck, check_id), _l("There is no such check."))


def staff_people() -> Sequence[Person]:
    """Whoever has shown something, or was ever on duty, by name; nobody once they are erased."""
    checked = select(StaffCheck.person_id)
    on_duty = select(CareDuty.person_id)
    query = select(Person).where(Person.id.in_(checked.union(on_duty)), Person.erased_at.is_(None))
    return db.session.scalars(query.order_by(Person.sort_key, Person.name, Person.id)).all()


def days_from(first: date, last: date) -> Sequence[TermDay]:
    """The days of all terms between two dates that take place, in order."""
    takes_place = Session.state != SessionState.CANCELLED
    query = select(TermDay).join(TermDay.session).where(TermDay.on_date.between(first, last), takes_place)
    query = query.options(joinedload(TermDay.term))
    return db.session.scalars(query.order_by(TermDay.on_date, TermDay.id)).all()


def classes_of(term_id: int) -> Sequence[CareClass]:
    """The classes of a term, in order."""
    query = select(CareClass).where(CareClass.term_id == term_id)
    return asked_once(
        ("classes", term_id), lambda: db.session.scalars(query.order_by(CareClass.position, CareClass.id)).all()
    )


def days_of_term(term_id: int, *, after: date, until: date) -> Sequence[TermDay]:
    """The days of a term after one and until (and including) another, in order; none that is closed."""
    query = select(TermDay).where(
        TermDay.term_id == term_id, TermDay.on_date > after, TermDay.on_date <= until, TermDay.closed_at.is_(None)
    )
    return db.session.scalars(query.options(joinedload(TermDay.term)).order_by(TermDay.on_date)).all()


def classes_by_term(term_ids: Collection[int]) -> dict[int, list[CareClass]]:
    """The classes of several terms, in order."""
    found: dict[int, list[CareClass]] = defaultdict(list)
    query = select(CareClass).where(CareClass.term_id.in_(term_ids))
    for each in db.session.scalars(query.order_by(CareClass.term_id, CareClass.position, CareClass.id)):
        found[each.term_id].append(each)
    return found


def duties_on(day_ids: Collection[int]) -> Sequence[CareDuty]:
    """Who is on duty on these days, by day, role and name."""
    query = (
        select(CareDuty)
        .join(Person, Person.id == CareDuty.person_id)
        .where(CareDuty.day_id.in_(day_ids))
        .options(joinedload(CareDuty.person), joinedload(CareDuty.care_class))
        .order_by(CareDuty.day_id, CareDuty.class_id, CareDuty.role, Person.sort_key, CareDuty.id)
    )
    return db.session.scalars(query).all()


def get_duty(duty_id: int, *, day_id: int) -> CareDuty:
    """A duty of this day; raises NotFound."""
    found = db.session.scalar(select(CareDuty).where(CareDuty.id == duty_id, CareDuty.day_id == day_id))
    return must_find(found, NO_DUTY)


def find_duty(day_id: int, person_id: int) -> CareDuty | None:
    """What somebody does on a day, if they are on duty."""
    return db.session.scalar(select(CareDuty).where(CareDuty.day_id == day_id, CareDuty.person_id == person_id))


def owner_of(day_id: int) -> CareDuty | None:
    """Who owns the list of a day (当日名单负责人)."""
    return db.session.scalar(select(CareDuty).where(CareDuty.day_id == day_id, CareDuty.is_owner))


def count_without_owner(first: date, last: date) -> int:
    """How many days between two dates, that take place and are not closed, have nobody who owns their list."""
    owned = select(CareDuty.day_id).where(CareDuty.is_owner)
    query = (
        select(func.count())
        .select_from(TermDay)
        .join(TermDay.session)
        .where(TermDay.on_date.between(first, last), Session.state != SessionState.CANCELLED)
        .where(TermDay.closed_at.is_(None), TermDay.id.not_in(owned))
    )
    return db.session.scalar(query) or 0


def duties_ahead(person_id: int, *, since: date) -> Sequence[CareDuty]:
    """Somebody's duties of a day and after it, in order."""
    query = (
        select(CareDuty)
        .join(TermDay, TermDay.id == CareDuty.day_id)
        .where(CareDuty.person_id == person_id, TermDay.on_date >= since)
        .options(joinedload(CareDuty.day))
        .order_by(TermDay.on_date, CareDuty.id)
    )
    return db.session.scalars(query).all()


def next_duties(person_ids: Collection[int], *, since: date) -> dict[int, CareDuty]:
    """The next duty of each of several people from a day on."""
    query = (
        select(CareDuty)
        .join(TermDay, TermDay.id == CareDuty.day_id)
        .where(CareDuty.person_id.in_(person_ids), TermDay.on_date >= since)
        .options(joinedload(CareDuty.day))
        .order_by(TermDay.on_date.desc(), CareDuty.id.desc())
    )
    return {each.person_id: each for each in db.session.scalars(query)}
