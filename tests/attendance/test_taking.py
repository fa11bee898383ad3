"""Taking a roll on a page and from paper: what counts for which time, who comes along, and photos of the sheet."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from center.activities.models import Session
from center.activities.photos.images import Picture
from center.attendance import households, paper, registers, sheets, taking, walk_ins
from center.attendance.models import Attendance, How, Status
from center.attendance.paper import PaperLine
from center.attendance.taking import NotYet, Press
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Guardianship, Person
from tests.attendance.conftest import Class, make_class
from tests.builders import LONG_AGO, at, make_building, make_person

pytestmark = pytest.mark.usefixtures("app")
PICTURE = Picture(large=b"large", small=b"small", width=900, height=600)


def did(act: Callable[..., Any], *args: Any, now: Any = None, **facts: Any) -> Any:
    with transaction():
        return act(*args, now=now or at(10), **facts)


def row(lesson: Class, person: Person) -> Attendance:
    db.session.rollback()
    return db.session.get_one(Attendance, (lesson.session.id, person.id), populate_existing=True)


def share_a_door(*people: Person, verified: bool = True) -> None:
    building = make_building()
    with transaction() as session:
        for each in people:
            person = session.get_one(Person, each.id)
            person.building_id, person.unit, person.door = building.id, "1", "301"
            person.door_verified_at = at(9, days=-40) if verified else None


def test_too_early_nobody_comes_and_leave_is_taken(lesson: Class) -> None:
    with pytest.raises(NotYet):
        did(taking.say, lesson.session, lesson.people[0], Press.HERE, by=lesson.lead, now=at(8, 59))
    did(taking.say, lesson.session, lesson.people[0], Press.LEAVE, by=lesson.lead, now=at(8, 59))
    assert row(lesson, lesson.people[0]).status is Status.ON_LEAVE


def test_whoever_takes_the_roll_says_who_is_late(lesson: Class) -> None:
    first, second = lesson.people
    did(taking.say, lesson.session, first, Press.HERE, by=lesson.lead, now=at(10, 40))
    did(taking.say, lesson.session, second, Press.LATE, by=lesson.lead, now=at(10, 1))
    assert (row(lesson, first).status, row(lesson, second).status) == (Status.PRESENT, Status.LATE)


def test_all_here_makes_nobody_late(lesson: Class) -> None:
    did(taking.all_here, lesson.session, by=lesson.lead, now=at(10, 50))
    assert {row(lesson, each).status for each in lesson.people} == {Status.PRESENT}


def test_once_it_is_over_what_is_said_counts_for_its_time(lesson: Class) -> None:
    first, second = lesson.people
    over = at(20)
    did(taking.say, lesson.session, first, Press.HERE, by=lesson.lead, now=over)
    did(taking.say, lesson.session, first, Press.LEFT, by=lesson.lead, now=over)
    did(taking.say, lesson.session, second, Press.LATE, by=lesson.lead, now=over)
    session = db.session.get_one(Session, lesson.session.id)
    here = row(lesson, first)
    assert (here.arrived_at, here.left_at) == (session.starts_at, session.ends_at)
    assert row(lesson, second).arrived_at == session.starts_at + timedelta(minutes=15)


def test_a_household_is_whom_the_desk_knows_to_live_there_and_has_a_place(app: object) -> None:
    lesson = make_class(people=3)
    first, second, third = lesson.people
    share_a_door(first, second)
    share_a_door(third, verified=False)
    assert [each.person.id for each in households.beside(lesson.session, first, now=at(10))] == [second.id]
    with transaction() as session:
        session.add(Guardianship(child_id=third.id, guardian_id=first.id, starts_on=LONG_AGO))
    assert {each.person.id for each in households.beside(lesson.session, first, now=at(10))} == {second.id, third.id}


def test_only_those_of_the_household_come_along(app: object) -> None:
    lesson = make_class(people=3)
    first, second, third = lesson.people
    share_a_door(first, second)
    did(households.arrive_with, lesson.session, first, {second.id, third.id}, by=lesson.lead)
    assert row(lesson, second).how is How.HOUSEHOLD
    assert db.session.get(Attendance, (lesson.session.id, third.id)) is None


def test_who_came_within_ten_days_is_ticked(lesson: Class) -> None:
    first, second = lesson.people
    share_a_door(first, second)
    [known] = households.beside(lesson.session, first, now=at(10))
    assert not known.was_seen
    other = make_class(people=0)
    did(walk_ins.let_in, other.session, second, by=other.lead)
    [known] = households.beside(lesson.session, first, now=at(10))
    assert known.was_seen
    [known] = households.beside(lesson.session, first, now=at(10, days=12))
    assert not known.was_seen


def test_a_sheet_is_entered_whole_or_not_at_all(lesson: Class) -> None:
    first, second = lesson.people
    lines = [
        PaperLine(person=first, press=Press.HERE, arrived_at=at(9, 55), left_at=at(10, 20), field="line-1"),
        PaperLine(person=second, press=Press.HERE, arrived_at=at(23), field="line-2"),
    ]
    with pytest.raises(RuleBroken) as refused:
        did(paper.enter, lesson.session, lines, by=lesson.lead, now=at(10, 30))
    assert [each.field for each in refused.value.every] == ["line-2"]
    db.session.rollback()
    assert db.session.get(Attendance, (lesson.session.id, first.id)) is None
    assert did(paper.enter, lesson.session, lines[:1], by=lesson.lead, now=at(10, 30)) == 1
    assert (row(lesson, first).status, row(lesson, first).how) == (Status.LEFT, How.PAPER)


def test_a_sheets_photo_is_kept_once_and_leaves_a_record(lesson: Class) -> None:
    first = did(sheets.add, lesson.session, PICTURE, by=lesson.lead)
    assert did(sheets.add, lesson.session, PICTURE, by=lesson.lead).id == first.id
    with pytest.raises(RuleBroken):
        did(sheets.remove, first, reason=" ", by=lesson.lead)
    did(sheets.remove, first, reason="拍错了", by=lesson.lead)
    [kept] = sheets.photos_of(lesson.session)
    assert (kept.picture, kept.removed_reason, len(kept.digest)) == (b"", "拍错了", 64)
    assert did(sheets.add, lesson.session, PICTURE, by=lesson.lead).id != first.id


def test_a_closed_register_takes_a_photo_too(lesson: Class) -> None:
    did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    assert did(sheets.add, lesson.session, PICTURE, by=lesson.lead).id


def test_one_session_has_so_many_photos_and_no_more(lesson: Class) -> None:
    for n in range(sheets.MOST):
        did(sheets.add, lesson.session, Picture(b"%d" % n, b"", 300, 300), by=lesson.lead)
    with pytest.raises(RuleBroken):
        did(sheets.add, lesson.session, PICTURE, by=lesson.lead)


def test_nobody_walks_in_too_early_or_to_what_is_not_published(lesson: Class) -> None:
    with pytest.raises(NotYet):
        did(walk_ins.let_in, lesson.session, make_person(), by=lesson.lead, now=at(7))
