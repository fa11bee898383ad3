"""A day of the programme: its list is opened, and closed once a person has seen that nobody is left.

From opening on every expected child is held by their school, until somebody says otherwise. Closing writes what the
ledger of custody says into the register of attendance. Called inside one `transaction()`; never commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import SessionState
from center.afterschool.custody import ledger
from center.afterschool.days import register
from center.afterschool.models.custody import GONE, Custody, CustodyEvent, Holder, Holding, Outcome, RoomCheck
from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import TermDay
from center.afterschool.plans.day_plans import Expected, expected_on
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person

ROOM = "room"  # what a RoomCheck of the room itself is called


@dataclass(frozen=True, kw_only=True)
class Left:
    """A child who is still open on a day, and who holds them."""

    child: Person
    holder: Holder
    since: datetime


class StillOpen(Conflict):
    """Children are not accounted for yet."""

    def __init__(self, left: Sequence[Left]) -> None:
        super().__init__(_l("Not every child is accounted for yet. Say of each who has them, then close the day."))
        self.left = tuple(left)


def open_day(day: TermDay, *, by: Person, now: datetime) -> list[CustodyEvent]:
    """Open the list of a day: whoever is expected is at school until somebody says otherwise.

    Twice is once; whoever is expected since (a place given at noon, a leave taken back) is added. A child who came
    before that stays where they are. Raises RuleBroken where nobody owns the list, or on another date.
    """
    lock(day)
    if day.session.state is SessionState.CANCELLED:
        raise RuleBroken(_l("This day was called off."))
    if day.on_date != local_date(now):
        raise RuleBroken(_l("The list of a day is opened on the day itself."))
    if day.closed_at is not None:
        raise Conflict(_l("This day is closed already."))
    if owner_of(day) is None:
        raise RuleBroken(_l("Nobody owns the list of this day yet. Name who does on the duty roster first."))
    if day.opened_at is None:
        day.opened_at, day.opened_by_id = now, by.id
        note(Act.DAY_OPENED, day.on_date.isoformat(), by=by, room=day.session.room)
    known = _spoken_of(day)
    return [_expect(each, by=by, now=now) for each in expected_on(day) if each.comes and each.child.id not in known]


def close_day(day: TermDay, *, by: Person, now: datetime) -> None:
    """Close a day and write its register of attendance, signed by whoever owns the list. Twice is once.

    Raises StillOpen while a child is with us or not accounted for; RuleBroken until two people have seen that the room
    is empty.
    """
    lock(day)
    if day.closed_at is not None:
        return
    if day.opened_at is None:
        raise RuleBroken(_l("The list of this day was never opened."))
    if left := still_open(day):
        raise StillOpen(left)
    if lacks_room_check(day):
        raise RuleBroken(_l("Two people look first whether the room is empty, after the last child is gone."))
    owner = owner_of(day)
    register.write(day, by=owner.person if owner else by, now=now)
    day.closed_at, day.closed_by_id = now, by.id
    note(Act.DAY_CLOSED, day.on_date.isoformat(), by=by, room=day.session.room)


def open_again(day: TermDay, *, reason: str, by: Person, now: datetime) -> None:
    """Open a closed day again, with a reason: something is still to be said of it. Twice is once."""
    lock(day)
    if day.closed_at is None:
        return
    if not reason.strip():
        raise RuleBroken(_l("Please write down why the day is opened again."), field="reason")
    day.closed_at = day.closed_by_id = None
    note(Act.DAY_OPENED_AGAIN, day.on_date.isoformat(), by=by, reason=reason.strip())


def still_open(day: TermDay) -> list[Left]:
    """The children of a day who are not gone with somebody, by name."""
    query = (
        select(Custody, CustodyEvent)
        .join(Holding, Holding.custody_id == Custody.id)
        .join(CustodyEvent, CustodyEvent.id == Custody.event_id)
        .where(Custody.holder.not_in(GONE), _of(day))
        .options(joinedload(CustodyEvent.child))
    )
    found = [Left(child=event.child, holder=row.holder, since=row.since_at) for row, event in db.session.execute(query)]
    return sorted(found, key=lambda each: (each.child.sort_key, each.child.id))


def lacks_room_check(day: TermDay) -> bool:
    """Whether children were here, and no two people have looked since the last one left whether somebody is left."""
    was_here = CustodyEvent.holder.in_((Holder.ROOM, Holder.ON_THE_WAY))
    said = (_of(day), CustodyEvent.outcome.in_((Outcome.ACCEPTED, Outcome.CONFLICT)))
    if db.session.scalar(select(CustodyEvent.id).where(*said, was_here).limit(1)) is None:
        return False
    gone = select(CustodyEvent.at).where(*said, CustodyEvent.holder.in_(GONE)).order_by(CustodyEvent.at.desc())
    last = db.session.scalar(gone.limit(1))
    check = select(RoomCheck.id).where(RoomCheck.day_id == day.id, RoomCheck.what == ROOM)
    if last is not None:
        check = check.where(RoomCheck.at >= last)
    return db.session.scalar(check.limit(1)) is None


def owner_of(day: TermDay) -> CareDuty | None:
    """Who owns the list of a day (当日名单负责人)."""
    query = select(CareDuty).where(CareDuty.day_id == day.id, CareDuty.is_owner).options(joinedload(CareDuty.person))
    return db.session.scalar(query)


def may_open(day: TermDay, person: Person) -> bool:
    """Whether somebody opens and closes a day by their duty: who owns its list, and who is responsible."""
    leads = or_(CareDuty.is_owner, CareDuty.role == DutyRole.RESPONSIBLE)
    query = select(CareDuty.id).where(CareDuty.day_id == day.id, CareDuty.person_id == person.id, leads)
    return db.session.scalar(query.limit(1)) is not None


def _expect(each: Expected, *, by: Person, now: datetime) -> CustodyEvent:
    """Let a child who is expected be held by their school from now on."""
    said = ledger.HolderSaid(
        holder=Holder.SCHOOL,
        by=by,
        at=now,
        now=now,
        on_date=each.day.on_date,
        day=each.day,
        care_class=each.enrolment.care_class,
    )
    return ledger.record(each.child, said)


def _spoken_of(day: TermDay) -> set[int]:
    """The children of whom something was said on a day already."""
    said = select(CustodyEvent.child_id).where(_of(day), CustodyEvent.outcome != Outcome.REFUSED)
    return set(db.session.scalars(said.distinct()))


def _of(day: TermDay) -> Any:
    """Of events in a query: whether they were said of this day, or of its date without naming a day."""
    return or_(CustodyEvent.day_id == day.id, (CustodyEvent.day_id.is_(None)) & (CustodyEvent.on_date == day.on_date))
