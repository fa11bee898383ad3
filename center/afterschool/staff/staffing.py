"""Which adults are with the children now: they come and go, and after every change it is kept whether they are enough.

A guard is there for every class of the day. What is kept is altered by nobody.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.alarms import raising
from center.afterschool.custody import ledger
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import Custody, CustodyEvent, Holder, Holding, Outcome
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty, DutyRole, Staffing
from center.afterschool.models.terms import CareClass, TermDay
from center.afterschool.staff import queries, rules
from center.afterschool.staff.rules import Shortage
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class ClassNow:
    """A class at this moment: who is with the children, how many these are, and what is missing."""

    care_class: CareClass
    people: Sequence[tuple[Person, DutyRole]]
    children: int
    children_per_adult: int
    short: Shortage

    @property
    def roles(self) -> Counter[DutyRole]:
        """How many are here in each role."""
        return Counter(role for _person, role in self.people)

    @property
    def adults(self) -> int:
        """How many look after the children."""
        return rules.adults_of(self.roles)


@dataclass
class _Present:
    """Who is in a class."""

    people: dict[int, tuple[Person, DutyRole]] = field(default_factory=dict)


def come(duty: CareDuty, *, by: Person, now: datetime) -> None:
    """Somebody on duty is with the children from now on; twice is once."""
    if not is_in(duty.day, duty.person):
        _write(duty, is_in=True, why="", by=by, now=now)


def go(duty: CareDuty, *, why: str, by: Person, now: datetime) -> None:
    """Somebody is not with the children any more, such as "to the gate"; twice is once."""
    if is_in(duty.day, duty.person):
        _write(duty, is_in=False, why=why.strip()[:80], by=by, now=now)


def is_in(day: TermDay, person: Person) -> bool:
    """Whether somebody is with the children on this day now."""
    query = select(Staffing.is_in).where(Staffing.day_id == day.id, Staffing.person_id == person.id)
    return bool(db.session.scalar(query.order_by(Staffing.id.desc()).limit(1)))


def note_children(event: CustodyEvent) -> None:
    """Keep whether there are enough adults now that a child came to the room or left it. Hears of all that is said."""
    if event.day_id is None or event.outcome is Outcome.REFUSED:
        return
    touched = [day for day in _days_of_date(event) if _may_touch(event, day)]
    if not touched:
        return
    _hold(touched)
    for day in touched:
        last = _last_by_class(day)
        for each in now_on(day):
            before = last.get(each.care_class.id)
            if each.children != (before.children if before else 0):
                _keep(_row(day, each, at=event.recorded_at, by_id=event.by_id), before)
    db.session.flush()


def _days_of_date(event: CustodyEvent) -> Sequence[TermDay]:
    """The days of all terms of a date: a child may come here from the staff of another one, or leave them."""
    query = select(TermDay).where(or_(TermDay.id == event.day_id, TermDay.on_date == event.on_date))
    return db.session.scalars(query.order_by(TermDay.id)).all()


def _may_touch(event: CustodyEvent, day: TermDay) -> bool:
    if event.holder is Holder.ROOM and event.day_id == day.id:
        return True
    return any(each.children for each in _last_by_class(day).values())


def now_on(day: TermDay) -> list[ClassNow]:
    """Every class of a day, as it is now."""
    present, children = _present(day), children_in(day)
    return [_class_now(each, day, present[each.id], children[each.id]) for each in queries.classes_of(day.term_id)]


def children_in(day: TermDay) -> Counter[int]:
    """How many children of each class are in the room now, by the ledger of custody."""
    care_class = func.coalesce(Enrolment.class_id, CustodyEvent.class_id)
    query = (
        select(care_class, func.count())
        .select_from(Holding)
        .join(Custody, Custody.id == Holding.custody_id)
        .join(CustodyEvent, CustodyEvent.id == Custody.event_id)
        .outerjoin(Enrolment, (Enrolment.child_id == Holding.child_id) & (Enrolment.term_id == day.term_id))
        .where(Custody.holder == Holder.ROOM, CustodyEvent.day_id == day.id)
        .group_by(care_class)
    )
    return Counter({class_id: count for class_id, count in db.session.execute(query) if class_id is not None})


def log_of(day: TermDay) -> Sequence[Staffing]:
    """Every change of a day, the latest first."""
    query = select(Staffing).where(Staffing.day_id == day.id)
    with_names = query.options(joinedload(Staffing.person), joinedload(Staffing.by))
    return db.session.scalars(with_names.order_by(Staffing.id.desc())).all()


def _write(duty: CareDuty, *, is_in: bool, why: str, by: Person, now: datetime) -> None:
    day = duty.day
    _hold([day])
    if day.closed_at is not None:
        raise Conflict(_l("This day is closed: what was so stays as it was."))
    present, children, last = _present(day), children_in(day), _last_by_class(day)
    for care_class in queries.classes_of(day.term_id):
        if duty.class_id not in {None, care_class.id}:
            continue
        people = present[care_class.id].people
        if is_in:
            people[duty.person_id] = (duty.person, duty.role)
        else:
            people.pop(duty.person_id, None)
        after = _class_now(care_class, day, present[care_class.id], children[care_class.id])
        row = _row(day, after, at=now, by_id=by.id)
        row.person_id, row.role, row.is_in, row.why = duty.person_id, duty.role, is_in, why
        _keep(row, last.get(care_class.id))
    db.session.flush()


def _keep(row: Staffing, before: Staffing | None) -> None:
    """Keep a change. Where there are too few adults after it somebody must answer, until there are enough again."""
    db.session.add(row)
    was_enough = before is None or before.is_enough
    if row.is_enough == was_enough:
        return
    on, subject = db.session.get_one(TermDay, row.day_id).on_date, f"class:{row.class_id}"
    if row.is_enough:
        by = db.session.get_one(Person, row.by_id)
        raising.settle(AlarmKind.RATIO, subject, on_date=on, by=by, now=row.at)
    else:
        raising.raise_alarm(AlarmKind.RATIO, subject, on_date=on, now=row.at)


def _hold(days: Sequence[TermDay]) -> None:
    """One change of who is in the room after the other. Whoever holds a child may come here: days are not held."""
    classes = [care_class for day in days for care_class in queries.classes_of(day.term_id)]
    for care_class in sorted(classes, key=lambda each: each.id):
        lock(care_class)


def _row(day: TermDay, after: ClassNow, *, at: datetime, by_id: int) -> Staffing:
    return Staffing(
        day_id=day.id,
        class_id=after.care_class.id,
        at=at,
        by_id=by_id,
        why="",
        adults=after.adults,
        children=after.children,
        is_enough=not after.short,
    )


def _class_now(care_class: CareClass, day: TermDay, present: _Present, children: int) -> ClassNow:
    people = sorted(
        present.people.values(), key=lambda each: (rules.ROLES.index(each[1]), each[0].sort_key, each[0].id)
    )
    per_adult = day.term.children_per_adult
    roles = Counter(role for _person, role in people)
    short = rules.shortage(care_class, roles, children, children_per_adult=per_adult)
    return ClassNow(care_class=care_class, people=people, children=children, children_per_adult=per_adult, short=short)


def _present(day: TermDay) -> dict[int, _Present]:
    """Who is in each class: whoever came last and did not go."""
    found: dict[int, _Present] = defaultdict(_Present)
    query = select(Staffing).where(Staffing.day_id == day.id, Staffing.person_id.is_not(None))
    for each in db.session.scalars(query.options(joinedload(Staffing.person)).order_by(Staffing.id)):
        people = found[each.class_id].people
        if each.is_in and each.person is not None and each.role is not None:
            people[each.person.id] = (each.person, each.role)
        elif each.person_id is not None:
            people.pop(each.person_id, None)
    return found


def _last_by_class(day: TermDay) -> dict[int, Staffing]:
    last = select(func.max(Staffing.id)).where(Staffing.day_id == day.id).group_by(Staffing.class_id)
    return {each.class_id: each for each in db.session.scalars(select(Staffing).where(Staffing.id.in_(last)))}


ledger.after_said.append(note_children)
