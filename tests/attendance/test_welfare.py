"""Whoever lives alone and did not come to a session is asked how they are; it never counts against them."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.activities.sessions import cancel_session
from center.attendance import registers, roll_actions
from center.attendance.models import How, Status
from center.attendance.queries import roll_of
from center.bookings.models.visits import NoShow, WelfareCall
from center.bookings.visits import welfare
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.attendance.conftest import Class
from tests.builders import at, make_organisation, make_person

pytestmark = pytest.mark.usefixtures("app")


def close(lesson: Class, *, now: Any = None) -> None:
    with transaction():
        registers.close(lesson.session, by=lesson.lead, now=now or at(12, days=1))


def amend(lesson: Class, person: Person, status: Status) -> None:
    with transaction():
        registers.amend(lesson.session, person, status=status, reason="她在", by=lesson.lead, now=at(13, days=1))


@pytest.fixture
def elder(lesson: Class) -> Person:
    with transaction():
        lesson.people[0].lives_alone = True
    return lesson.people[0]


def test_nobody_is_asked_about_who_came_is_on_leave_or_does_not_live_alone(lesson: Class, elder: Person) -> None:
    with transaction():
        roll_actions.put_on_leave(lesson.session, elder, how=How.ROLL, by=lesson.lead, now=at(9, days=1))
    close(lesson)
    assert welfare.open_calls() == []


def test_who_lives_alone_and_did_not_come_is_asked_once_when_the_register_closes(lesson: Class, elder: Person) -> None:
    close(lesson)
    close(lesson)
    assert [(each.person_id, each.session_id) for each in welfare.open_calls()] == [(elder.id, lesson.session.id)]
    assert db.session.scalars(select(NoShow)).all() == []


def test_nobody_is_asked_about_a_register_closed_long_after(lesson: Class, elder: Person) -> None:
    close(lesson, now=lesson.session.ends_at + timedelta(days=8))
    assert welfare.open_calls() == []


def test_a_call_is_ticked_off_by_itself_once_the_register_says_that_they_came(lesson: Class, elder: Person) -> None:
    close(lesson)
    amend(lesson, elder, Status.PRESENT)
    assert welfare.open_calls() == []
    [done] = welfare.done_calls()
    assert (done.done_by_id, done.found) == (lesson.lead.id, "其实来了：签到册已更正。")


def test_what_somebody_has_found_out_stays_when_the_register_is_put_right(lesson: Class, elder: Person) -> None:
    close(lesson)
    with transaction():
        welfare.tick_off(welfare.open_calls()[0], found="在女儿家", by=lesson.lead, now=at(12, days=1))
    amend(lesson, elder, Status.PRESENT)
    assert [each.found for each in welfare.done_calls()] == ["在女儿家"]


def test_putting_somebody_on_leave_afterwards_leaves_the_call_open(lesson: Class, elder: Person) -> None:
    close(lesson)
    amend(lesson, elder, Status.ON_LEAVE)
    assert len(welfare.open_calls()) == 1


@pytest.mark.parametrize("has_session", [True, False], ids=["twice of one session", "of nothing"])
def test_the_database_refuses_a_call_twice_or_of_nothing(lesson: Class, elder: Person, has_session: bool) -> None:
    close(lesson)
    session_id = lesson.session.id if has_session else None
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(WelfareCall(session_id=session_id, person_id=elder.id, opened_at=at(12, days=1)))
        session.flush()


def test_nobody_is_absent_from_a_date_that_was_called_off() -> None:
    lead, elder = make_person(), make_person(lives_alone=True)
    course = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(10, days=1), at(10, days=8)])
    [other] = sign_up(roster := make_roster(course), make_person())
    sign_up(roster, elder)
    first = course.sessions[0]
    with transaction():
        roll_actions.put_on_leave(first, other.person, how=How.ROLL, by=lead, now=at(9))
    with transaction():
        cancel_session(first, reason="停电", by=lead, now=at(9, days=1))
    with transaction():
        registers.close(first, by=lead, now=at(11, days=1))
    assert Status.ABSENT not in {each.status for each in roll_of(first)}
    assert welfare.open_calls() == []
