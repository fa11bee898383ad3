"""Whom staff ring about a child, in order: one order for the sheet, an alarm, and a device without a connection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from center.afterschool.models.enrolments import CallOrder, Enrolment
from center.afterschool.models.terms import TermDay
from center.afterschool.rights.guardian_rights import not_to_ring
from center.kernel import clock
from center.kernel.db import db
from center.people.acting import guardians_of_each
from center.people.models import Person


@dataclass(frozen=True)
class Rung:
    """A guardian who is rung, and what they are to the child."""

    guardian: Person
    relation: str


def to_ring(child: Person, day: TermDay | None, *, on: date) -> list[Rung]:
    """The child's guardians on a date, in the order in which they are rung about a day.

    First as the place says by which the child comes that day, then as its other places say, the newest first; whoever
    is in no order, since they became a guardian later, comes last.
    """
    return to_ring_each([child.id], day, on=on)[child.id]


def to_ring_each(child_ids: Sequence[int], day: TermDay | None, *, on: date) -> dict[int, list[Rung]]:
    """The same for several children at once, by the child's id, in three queries.

    Who may not read where the child is, by a paper, is not told it by telephone either."""
    orders = (
        select(Enrolment.child_id, CallOrder.guardian_id, CallOrder.relation)
        .join(CallOrder, CallOrder.enrolment_id == Enrolment.id)
        .where(Enrolment.child_id.in_(child_ids))
        .order_by(Enrolment.term_id != (day.term_id if day else None), Enrolment.id.desc(), CallOrder.position)
    )
    relations: dict[int, dict[int, str]] = {child_id: {} for child_id in child_ids}
    for child_id, guardian_id, relation in db.session.execute(orders):
        relations[child_id].setdefault(guardian_id, relation)
    away = not_to_ring(child_ids, now=clock.now())
    found: dict[int, list[Rung]] = {}
    for child_id, rows in guardians_of_each(child_ids, on=on).items():
        guardians, said = {each.guardian_id: each.guardian for each in rows}, relations[child_id]
        guardians = {each: one for each, one in guardians.items() if (child_id, each) not in away}
        in_order = [*(each for each in said if each in guardians), *(each for each in guardians if each not in said)]
        found[child_id] = [Rung(guardians[each], said.get(each, "")) for each in in_order]
    return found
