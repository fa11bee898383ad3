"""Who answers for a child: written down and ended by the desk. Guardians name helpers for their child themselves."""

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import aliased, joinedload

from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Guardianship, Person

ADULT = 18


def is_child(person: Person, on: date) -> bool:
    """Whether somebody is known to be a child that day."""
    return person.birth_year is not None and on.year - person.birth_year < ADULT


def counts(on: date) -> ColumnElement[bool]:
    """Of guardianships in a query: whether they count that day; until the end of the year in which a child is 18."""
    from_first_to_last = and_(
        Guardianship.starts_on <= on, or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= on)
    )
    child = aliased(Person)
    is_grown = select(child.id).where(child.id == Guardianship.child_id, child.birth_year < on.year - ADULT).exists()
    return and_(from_first_to_last, ~is_grown)


def is_guardian(guardian: Person, child: Person, on: date) -> bool:
    """Whether somebody answers for a child that day."""
    pair = (Guardianship.guardian_id == guardian.id, Guardianship.child_id == child.id)
    return db.session.scalar(select(Guardianship.id).where(*pair, counts(on)).limit(1)) is not None


def guardians_of(child: Person, *, on: date) -> Sequence[Guardianship]:
    """Who answers for a child that day, by name."""
    query = select(Guardianship).join(Guardianship.guardian).where(Guardianship.child_id == child.id, counts(on))
    query = query.options(joinedload(Guardianship.guardian).joinedload(Person.building))
    return db.session.scalars(query.order_by(Person.sort_key, Guardianship.id)).all()


def children_of(guardian: Person, *, on: date) -> list[Person]:
    """For whom somebody answers that day, by name."""
    query = select(Person).join(Guardianship, Guardianship.child_id == Person.id)
    query = query.where(Guardianship.guardian_id == guardian.id, counts(on)).options(joinedload(Person.building))
    return list(db.session.scalars(query.order_by(Person.sort_key, Person.id)).all())


def name_guardian(child: Person, *, guardian: Person, by: Person, today: date) -> Guardianship:
    """Write down who answers for a child, from today on; twice is once. Raises RuleBroken where it is no child."""
    lock(child)
    if not is_child(child, today):
        raise RuleBroken(_l("A guardian is for a child. Please write down the birth year first."))
    if guardian.id == child.id or is_child(guardian, today):
        raise RuleBroken(_l("A guardian is a grown-up."))
    if is_guardian(guardian, child, today):
        return _row(child, guardian)
    query = select(Guardianship).where(Guardianship.child_id == child.id, Guardianship.guardian_id == guardian.id)
    row = db.session.scalar(query) or Guardianship(child_id=child.id, guardian_id=guardian.id)
    row.starts_on, row.ends_on = today, None
    db.session.add(row)
    db.session.flush()
    note(Act.GUARDIAN_NAMED, person_id=child.id, by=by)
    return row


def end(guardianship: Guardianship, *, by: Person, today: date) -> None:
    """Somebody answers for a child no longer, at once; twice is once."""
    lock(guardianship)
    if guardianship.ends_on is not None and guardianship.ends_on < today:
        return
    guardianship.ends_on = today - timedelta(days=1)
    db.session.flush()
    note(Act.GUARDIAN_ENDED, person_id=guardianship.child_id, by=by)


def get_guardianship(guardianship_id: int) -> Guardianship:
    """The guardianship with this id; raises NotFound."""
    return must_find(db.session.get(Guardianship, guardianship_id), _l("There is no such guardian."))


def _row(child: Person, guardian: Person) -> Guardianship:
    pair = (Guardianship.child_id == child.id, Guardianship.guardian_id == guardian.id)
    return db.session.scalars(select(Guardianship).where(*pair)).one()
