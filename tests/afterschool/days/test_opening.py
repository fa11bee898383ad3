"""A day of the programme: opened by whoever owns its list, closed once nobody is left, its register as it was."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import select

from center.afterschool.custody import ledger
from center.afterschool.days import opening
from center.afterschool.models.custody import CheckedBy, CustodyEvent, Holder, RoomCheck
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Way, WayHome
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import TermDay
from center.attendance.models import Attendance, Register, Status
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.people.models import Person
from tests.afterschool.builders import make_duty, make_enrolment, make_term
from tests.builders import ZONE, make_person

pytestmark = pytest.mark.usefixtures("app")

DAY = date(2026, 11, 25)  # a Wednesday


def moment(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 25, hour, minute, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _wednesday() -> Iterator[None]:
    with time_machine.travel(moment(14), tick=False):
        yield


def comes_on(enrolment: Enrolment, *weekdays: int) -> Enrolment:
    with transaction() as session:
        for weekday in weekdays:
            session.add(WayHome(enrolment_id=enrolment.id, weekday=weekday, way=Way.COLLECTED))
    return enrolment


class Scene:
    """A day with an owner, a child who comes that day and one who does not."""

    def __init__(self) -> None:
        self.term = make_term(days=[DAY, date(2026, 11, 26)])
        self.day = self.term.days[0]
        self.owner = make_duty(self.day, role=DutyRole.RESPONSIBLE, is_owner=True).person
        self.other = make_duty(self.day).person
        self.coming = comes_on(make_enrolment(self.term), 2)
        self.staying = comes_on(make_enrolment(self.term), 3)

    def open(self, now: datetime | None = None) -> list[CustodyEvent]:
        with transaction():
            return opening.open_day(self.day, by=self.owner, now=now or clock.now())

    def close(self, now: datetime) -> None:
        with transaction():
            opening.close_day(self.day, by=self.owner, now=now)

    def say(self, child: Person, holder: Holder, at: datetime, **more: Any) -> CustodyEvent:
        known = {"holder": holder, "by": self.owner, "at": at, "now": at, "on_date": DAY, "day": self.day}
        with transaction():
            return ledger.record(child, ledger.HolderSaid(**{**known, **more}))

    def hand_over(self, child: Person, at: datetime) -> CustodyEvent:
        """Give a child to somebody whom a guardian approved when rung."""
        return self.say(
            child,
            Holder.COLLECTOR,
            at,
            checked_by=CheckedBy.RUNG,
            child_agreed=True,
            other_name="外婆",
            second=self.other,
            approved_by=self.owner,
            approved_on="1990",
        )

    def look(self, at: datetime) -> None:
        with transaction() as session:
            session.add(
                RoomCheck(day_id=self.day.id, what="room", first_id=self.owner.id, second_id=self.other.id, at=at)
            )


def rows(day: TermDay) -> dict[int, Attendance]:
    db.session.rollback()
    found = db.session.scalars(select(Attendance).where(Attendance.session_id == day.session_id))
    return {each.person_id: each for each in found}


def holder_of(child: Person) -> Holder | None:
    db.session.rollback()
    last = ledger.now_holding(child.id)
    return last.holder if last else None


def test_a_day_that_nobody_owns_does_not_open() -> None:
    term, somebody = make_term(days=[DAY]), make_person()
    make_duty(term.days[0])
    with pytest.raises(RuleBroken), transaction():
        opening.open_day(term.days[0], by=somebody, now=clock.now())


def test_a_day_opens_on_its_date_only() -> None:
    scene = Scene()
    with pytest.raises(RuleBroken):
        scene.open(moment(14) + timedelta(days=1))


def test_opening_expects_whoever_comes_that_day_and_twice_is_once() -> None:
    scene = Scene()
    assert [each.child_id for each in scene.open()] == [scene.coming.child_id]
    assert scene.open() == []
    assert holder_of(scene.coming.child) is Holder.SCHOOL
    assert holder_of(scene.staying.child) is None


def test_a_child_who_came_before_the_list_was_opened_stays_where_they_are() -> None:
    scene = Scene()
    scene.say(scene.coming.child, Holder.ROOM, moment(13, 50))
    assert scene.open() == []
    assert holder_of(scene.coming.child) is Holder.ROOM


def test_whoever_gets_a_place_at_noon_is_expected_as_soon_as_it_is_opened_again() -> None:
    scene = Scene()
    scene.open()
    late = comes_on(make_enrolment(scene.term), 2)
    assert [each.child_id for each in scene.open()] == [late.child_id]


def test_a_day_does_not_close_while_a_child_is_here_or_was_never_heard_of() -> None:
    scene = Scene()
    scene.open()
    for _where in ("at school", "here"):
        with pytest.raises(opening.StillOpen) as refused:
            scene.close(moment(18, 30))
        assert [each.child.id for each in refused.value.left] == [scene.coming.child_id]
        scene.say(scene.coming.child, Holder.ROOM, moment(15, 40))


def test_a_day_does_not_close_before_two_people_have_looked_after_the_last_child_left() -> None:
    scene = Scene()
    scene.open()
    scene.say(scene.coming.child, Holder.ROOM, moment(15, 40))
    scene.look(moment(16))
    scene.hand_over(scene.coming.child, moment(17, 30))
    with pytest.raises(RuleBroken):
        scene.close(moment(18, 5))
    scene.look(moment(17, 40))
    scene.close(moment(18, 5))
    scene.close(moment(18, 6))
    assert scene.day.closed_at == moment(18, 5)


def test_the_register_says_who_came_when_who_left_and_who_was_missing() -> None:
    scene = Scene()
    missing = comes_on(make_enrolment(scene.term), 2)
    scene.open()
    scene.say(scene.coming.child, Holder.ROOM, moment(15, 40))
    scene.hand_over(scene.coming.child, moment(17, 30))
    scene.say(missing.child, Holder.GUARDIAN, moment(16), approved_by=scene.owner)
    scene.look(moment(17, 40))
    scene.close(moment(18, 5))
    found = rows(scene.day)
    came = found[scene.coming.child_id]
    assert (came.status, came.arrived_at, came.left_at, came.came_late) == (
        Status.LEFT,
        moment(15, 40),
        moment(17, 30),
        False,
    )
    assert found[missing.child_id].status is Status.ABSENT
    assert scene.staying.child_id not in found
    register = db.session.get(Register, scene.day.session_id)
    assert register is not None
    assert register.closed_by_id == scene.owner.id


def test_a_child_whose_day_it_was_not_is_written_down_when_they_came() -> None:
    scene = Scene()
    scene.open()
    for child in (scene.coming.child, scene.staying.child):
        scene.say(child, Holder.ROOM, moment(16, 30))
        scene.hand_over(child, moment(17, 30))
    scene.look(moment(17, 40))
    scene.close(moment(18, 5))
    found = rows(scene.day)
    assert found[scene.staying.child_id].status is Status.LEFT
    assert found[scene.coming.child_id].came_late


def test_a_day_without_children_closes_without_a_look_at_the_room() -> None:
    scene = Scene()
    scene.open()
    scene.say(scene.coming.child, Holder.GUARDIAN, moment(16), approved_by=scene.owner)
    scene.close(moment(18, 5))
    assert scene.day.closed_by_id == scene.owner.id


def test_a_day_opened_again_needs_a_reason_and_its_register_is_put_right() -> None:
    scene = Scene()
    scene.open()
    scene.say(scene.coming.child, Holder.ROOM, moment(15, 40))
    scene.hand_over(scene.coming.child, moment(17, 30))
    scene.look(moment(17, 40))
    scene.close(moment(18, 5))
    with pytest.raises(Conflict):
        scene.open()
    with pytest.raises(RuleBroken), transaction():
        opening.open_again(scene.day, reason=" ", by=scene.owner, now=moment(18, 10))
    with transaction():
        opening.open_again(scene.day, reason="漏记一名儿童", by=scene.owner, now=moment(18, 10))
    scene.say(scene.staying.child, Holder.ROOM, moment(16))
    scene.hand_over(scene.staying.child, moment(17, 50))
    scene.look(moment(18, 12))
    scene.close(moment(18, 15))
    assert rows(scene.day)[scene.staying.child_id].status is Status.LEFT


def test_whoever_owns_the_list_or_is_responsible_opens_it_and_nobody_else() -> None:
    scene = Scene()
    responsible = make_duty(scene.day, role=DutyRole.RESPONSIBLE).person
    assert opening.may_open(scene.day, scene.owner)
    assert opening.may_open(scene.day, responsible)
    assert not opening.may_open(scene.day, scene.other)
    assert not opening.may_open(scene.term.days[1], scene.owner)
    assert not opening.may_open(scene.day, make_person())
