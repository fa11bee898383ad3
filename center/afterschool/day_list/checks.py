"""Two people looked that nobody is left (二人清场), and heads were counted (点名演练). Never commits."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.afterschool.models.custody import Custody, CustodyEvent, HeadCount, Holder, Holding, Outcome, RoomCheck
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import School, SchoolHours, TermDay
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language, ngettext
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

ROOM, WAY = "room", "school:"  # what two people look at: the room, or the way from a school, by its number
A_MINUTE = timedelta(minutes=1)  # within which the same was sent twice


def places_of(day: TermDay) -> dict[str, str]:
    """The room and the ways, each with what it is called."""
    of_term = select(SchoolHours.school_id).where(SchoolHours.term_id == day.term_id)
    query = select(School).where(School.id.in_(of_term)).order_by(School.sort_key, School.id)
    ways = {
        f"{WAY}{each.id}": _("The way from %(school)s", school=in_language(each.name, each.name_en))
        for each in db.session.scalars(query)
    }
    return {ROOM: _("The room is empty"), **ways}


def in_the_room(day: TermDay) -> int:
    """How many children there are by the ledger: arrivals less departures."""
    return len(_held(day, Holder.ROOM))


def confirm_empty(day: TermDay, what: str, *, second: Person, by: Person, now: datetime) -> RoomCheck:
    """Two people looked: the room is empty, or nobody was left on the way from a school. Twice is once.

    Raises RuleBroken where it is one person, or where by the ledger children are there.
    """
    if second.id == by.id:
        raise RuleBroken(_l("The second person who looks is somebody else."), field="second")
    lock(day)
    if words := _who_is_left(day, what):
        raise RuleBroken(words, field="what")
    query = select(RoomCheck).where(RoomCheck.day_id == day.id, RoomCheck.what == what, RoomCheck.at > now - A_MINUTE)
    if known := db.session.scalar(query.order_by(RoomCheck.id.desc()).limit(1)):
        return known
    check = RoomCheck(day_id=day.id, what=what[:60], first_id=by.id, second_id=second.id, at=now)
    db.session.add(check)
    db.session.flush()
    return check


def _who_is_left(day: TermDay, what: str) -> str:
    """That by the ledger children are there, in words; empty where nobody is."""
    if what == ROOM:
        left = in_the_room(day)
        here = ngettext(
            "By the ledger %(num)d child is still here.", "By the ledger %(num)d children are still here.", left
        )
        return here if left else ""
    left = len(set(_held(day, Holder.ON_THE_WAY)) & _of_school(day, what))
    walking = ngettext(
        "By the ledger %(num)d child is still on the way.", "By the ledger %(num)d children are still on the way.", left
    )
    return walking if left else ""


def ways_not_looked_at(day: TermDay) -> list[str]:
    """The ways on which children were today, and that no two people have looked at since."""
    walked = (
        select(Enrolment.school_id, func.max(CustodyEvent.at))
        .join(CustodyEvent, CustodyEvent.child_id == Enrolment.child_id)
        .where(CustodyEvent.day_id == day.id, Enrolment.term_id == day.term_id)
        .where(CustodyEvent.holder == Holder.ON_THE_WAY, CustodyEvent.outcome == Outcome.ACCEPTED)
        .group_by(Enrolment.school_id)
    )
    looked = {each.what: each.at for each in reversed(checks_of(day))}
    found = [(f"{WAY}{school_id}", set_off) for school_id, set_off in db.session.execute(walked)]
    return sorted(what for what, set_off in found if what not in looked or looked[what] < set_off)


def count_heads(day: TermDay, counted: int, *, remark: str = "", by: Person, now: datetime) -> HeadCount:
    """Somebody counted heads; kept beside what the ledger said at that moment. The same sent twice is once."""
    lock(day)
    remark, expected = remark.strip()[:200], in_the_room(day)
    last = db.session.scalar(select(HeadCount).where(HeadCount.day_id == day.id).order_by(HeadCount.id.desc()).limit(1))
    same = last and (last.by_id, last.counted, last.expected, last.remark) == (by.id, counted, expected, remark)
    if last is not None and same and last.at > now - A_MINUTE:
        return last
    count = HeadCount(day_id=day.id, at=now, by_id=by.id, counted=counted, expected=expected, remark=remark)
    db.session.add(count)
    db.session.flush()
    return count


def checks_of(day: TermDay) -> Sequence[RoomCheck]:
    """What was looked at on a day, the latest first."""
    query = select(RoomCheck).where(RoomCheck.day_id == day.id)
    names = (joinedload(RoomCheck.first), joinedload(RoomCheck.second))
    return db.session.scalars(query.options(*names).order_by(RoomCheck.at.desc(), RoomCheck.id.desc())).all()


def counts_of(day: TermDay) -> Sequence[HeadCount]:
    """Every count of heads of a day, the latest first."""
    query = select(HeadCount).where(HeadCount.day_id == day.id).options(joinedload(HeadCount.by))
    return db.session.scalars(query.order_by(HeadCount.id.desc())).all()


def _of_school(day: TermDay, what: str) -> set[int]:
    number = what.removeprefix(WAY)
    if not number.isdecimal():
        return set()
    query = select(Enrolment.child_id).where(Enrolment.term_id == day.term_id, Enrolment.school_id == int(number))
    return set(db.session.scalars(query))


def _held(day: TermDay, holder: Holder) -> Sequence[int]:
    query = (
        select(Holding.child_id)
        .join(Custody, Custody.id == Holding.custody_id)
        .join(CustodyEvent, CustodyEvent.id == Custody.event_id)
        .where(CustodyEvent.day_id == day.id, Custody.holder == holder)
    )
    return db.session.scalars(query).all()
