"""What guardians read of a day of their own child: each step, by whom, and what was noted. No other child is in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.care import DayNote
from center.afterschool.models.custody import CustodyEvent, Holder, Outcome
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermDay
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.kernel.db import db
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class DayOfChild:
    """What is planned of a child in one term, what was so, and what was noted."""

    plan: Expected | None
    steps: Sequence[CustodyEvent]
    notes: Sequence[DayNote]


def day_of(child: Person, on: date, *, now: datetime) -> list[DayOfChild]:
    """A day of a child, as far as it has come: first what was so, then what each term planned and noted."""
    steps = steps_of(child, on)
    query = (
        select(Enrolment, TermDay)
        .join(TermDay, (TermDay.term_id == Enrolment.term_id) & (TermDay.on_date == on))
        .where(Enrolment.child_id == child.id)
        .order_by(Enrolment.id)
    )
    found = []
    for enrolment, day in db.session.execute(query).all():
        notes = select(DayNote).where(DayNote.enrolment_id == enrolment.id, DayNote.on_date == on)
        mine = db.session.scalars(notes.order_by(DayNote.kind)).all()
        found.append(DayOfChild(plan=day_plans.expected_of(enrolment, day), steps=steps, notes=mine))
    return found or [DayOfChild(plan=None, steps=steps, notes=())]


def steps_of(child: Person, on: date) -> list[CustodyEvent]:
    """Who held a child on a day, in order, without what was taken back, refused or said twice."""
    undone = select(CustodyEvent.undoes_id).where(CustodyEvent.undoes_id.is_not(None))
    query = (
        select(CustodyEvent)
        .where(
            CustodyEvent.child_id == child.id,
            CustodyEvent.on_date == on,
            CustodyEvent.outcome == Outcome.ACCEPTED,
            CustodyEvent.holder != Holder.SCHOOL,
            CustodyEvent.id.not_in(undone),
        )
        .options(joinedload(CustodyEvent.collector), joinedload(CustodyEvent.with_person), joinedload(CustodyEvent.by))
        .order_by(CustodyEvent.at, CustodyEvent.id)
    )
    return list(db.session.scalars(query))


def said_of_day(child: Person, on: date) -> list[CustodyEvent]:
    """All that was said of a child on a day, as staff read it: also what was refused, taken back, or said twice."""
    query = (
        select(CustodyEvent)
        .where(CustodyEvent.child_id == child.id, CustodyEvent.on_date == on)
        .options(
            joinedload(CustodyEvent.collector),
            joinedload(CustodyEvent.with_person),
            joinedload(CustodyEvent.by),
            joinedload(CustodyEvent.second),
        )
        .order_by(CustodyEvent.id)
    )
    return list(db.session.scalars(query))
