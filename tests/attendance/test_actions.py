"""Taking the roll: who came, who left, who is on leave, walk-ins, undo, closing and putting right."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from center.attendance import registers, roll_actions
from center.attendance.models import Admission, Attendance, AttendanceEvent, How, Outcome, Register, Status, Why
from center.attendance.queries import HeadCount, head_counts, roll_of, without_register
from center.attendance.recording import NotHere, RegisterClosed
from center.attendance.roll_actions import NoPlace
from center.bookings.visits import welfare
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, Full, RuleBroken
from center.people.models import Person
from center.signups.cancelling import cancel
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_person

pytestmark = pytest.mark.usefixtures("app")


def did(act: Callable[..., Any], *args: Any, now: Any = None, **facts: Any) -> Any:
    with transaction():
        return act(*args, now=now or at(10), **facts)


def arrive(lesson: Class, person: Person, *, now: Any = None, **facts: Any) -> AttendanceEvent:
    event = did(roll_actions.arrive, lesson.session, person, how=How.ROLL, by=lesson.lead, now=now, **facts)
    assert isinstance(event, AttendanceEvent)
    return event


def row(lesson: Class, person: Person) -> Attendance | None:
    db.session.rollback()
    return db.session.get(Attendance, (lesson.session.id, person.id), populate_existing=True)


def status(lesson: Class, person: Person) -> Status | None:
    found = row(lesson, person)
    return found.status if found else None


def counted(lesson: Class) -> HeadCount:
    db.session.rollback()
    return head_counts([lesson.session])[lesson.session.id]


def test_who_comes_is_present_and_who_comes_late_is_late(lesson: Class) -> None:
    first, second = lesson.people
    arrive(lesson, first)
    arrive(lesson, second, now=at(10, 20))
    assert (status(lesson, first), status(lesson, second)) == (Status.PRESENT, Status.LATE)
    assert counted(lesson) == HeadCount(expected=2, here=2)


def test_whoever_takes_the_roll_may_say_that_somebody_was_on_time(lesson: Class) -> None:
    arrive(lesson, lesson.people[0], now=at(10, 20), is_late=False)
    assert status(lesson, lesson.people[0]) is Status.PRESENT


def test_coming_twice_is_coming_once_and_the_earliest_counts(lesson: Class) -> None:
    one = lesson.people[0]
    arrive(lesson, one)
    again = arrive(lesson, one, now=at(10, 5), at=at(9, 55))
    assert again.outcome is Outcome.DUPLICATE
    found = row(lesson, one)
    assert found is not None
    assert found.arrived_at == at(9, 55)
    assert counted(lesson).here == 1


def test_being_here_counts_more_than_leave(lesson: Class) -> None:
    one = lesson.people[0]
    did(roll_actions.put_on_leave, lesson.session, one, how=How.DESK, by=lesson.lead)
    assert status(lesson, one) is Status.ON_LEAVE
    assert arrive(lesson, one).why is Why.LEAVE
    assert (
        did(roll_actions.put_on_leave, lesson.session, one, how=How.DESK, by=lesson.lead).outcome is Outcome.DUPLICATE
    )
    assert status(lesson, one) is Status.PRESENT


def test_the_head_count_is_arrivals_less_departures(lesson: Class) -> None:
    for each in lesson.people:
        arrive(lesson, each)
    did(roll_actions.leave, lesson.session, lesson.people[0], how=How.ROLL, by=lesson.lead, now=at(10, 30))
    assert counted(lesson) == HeadCount(expected=2, here=1, left=1)
    arrive(lesson, lesson.people[0], now=at(10, 40))
    assert counted(lesson) == HeadCount(expected=2, here=2)


def test_nobody_leaves_who_has_not_come(lesson: Class) -> None:
    with pytest.raises(NotHere):
        did(roll_actions.leave, lesson.session, lesson.people[0], how=How.ROLL, by=lesson.lead)


def test_all_here_leaves_alone_whom_something_was_said_of(lesson: Class) -> None:
    did(roll_actions.put_on_leave, lesson.session, lesson.people[0], how=How.DESK, by=lesson.lead)
    assert len(did(roll_actions.all_here, lesson.session, by=lesson.lead)) == 1
    assert did(roll_actions.all_here, lesson.session, by=lesson.lead) == []
    assert counted(lesson) == HeadCount(expected=2, here=1, on_leave=1)


def test_somebody_without_a_place_is_no_arrival_but_a_walk_in(lesson: Class) -> None:
    stranger = make_person()
    with pytest.raises(NoPlace):
        arrive(lesson, stranger)
    did(roll_actions.walk_in, lesson.session, stranger, by=lesson.lead)
    assert the_pool(lesson.roster).taken == 3
    assert counted(lesson) == HeadCount(expected=3, here=1)


def test_over_capacity_takes_a_reason_and_somebody_who_gives_it() -> None:
    full = make_class(people=2, places=2)
    stranger = make_person()
    with pytest.raises(Full):
        did(roll_actions.walk_in, full.session, stranger, by=full.lead)
    assert row(full, stranger) is None
    did(roll_actions.walk_in, full.session, stranger, by=full.lead, override="她从外地赶来")
    [allowed] = db.session.scalars(select(Admission).where(Admission.person_id == stranger.id)).all()
    assert (allowed.by_id, allowed.reason) == (full.lead.id, "她从外地赶来")
    assert the_pool(full.roster).taken == 2
    assert counted(full) == HeadCount(expected=2, here=1)


def test_undo_puts_back_what_was_so_and_gives_a_walk_ins_place_back(lesson: Class) -> None:
    stranger = make_person()
    event = did(roll_actions.walk_in, lesson.session, stranger, by=lesson.lead)
    did(roll_actions.undo, event, by=lesson.lead, now=at(10, 5))
    assert row(lesson, stranger) is None
    assert the_pool(lesson.roster).taken == 2
    came = arrive(lesson, lesson.people[0])
    left = did(roll_actions.leave, lesson.session, lesson.people[0], how=How.ROLL, by=lesson.lead)
    with pytest.raises(Conflict):
        did(roll_actions.undo, came, by=lesson.lead)
    did(roll_actions.undo, left, by=lesson.lead)
    assert did(roll_actions.undo, left, by=lesson.lead).undoes_id == left.id
    assert status(lesson, lesson.people[0]) is Status.PRESENT
    did(roll_actions.undo, came, by=lesson.lead)
    assert row(lesson, lesson.people[0]) is None


def test_after_ten_minutes_nothing_is_undone(lesson: Class) -> None:
    event = arrive(lesson, lesson.people[0])
    with pytest.raises(RuleBroken, match="十分钟"):
        did(roll_actions.undo, event, by=lesson.lead, now=at(10, 10))


def test_closing_signs_the_register_and_only_then_is_anybody_absent(lesson: Class) -> None:
    arrive(lesson, lesson.people[0])
    with pytest.raises(RuleBroken, match="还没有开始"):
        did(registers.close, lesson.session, by=lesson.lead, now=at(9, 50))
    register = did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    assert did(registers.close, lesson.session, by=make_person(), now=at(12)).closed_by_id == lesson.lead.id
    assert (register.closed_at, status(lesson, lesson.people[1])) == (at(11), Status.ABSENT)
    assert counted(lesson) == HeadCount(expected=2, here=1, absent=1)
    for act in (arrive, lambda lesson, person: did(roll_actions.walk_in, lesson.session, person, by=lesson.lead)):
        with pytest.raises(RegisterClosed):
            act(lesson, lesson.people[1])


def test_a_closed_register_shows_what_was_true_whatever_people_do_later(lesson: Class) -> None:
    arrive(lesson, lesson.people[0])
    did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    before = [(each.person.id, each.status) for each in roll_of(lesson.session)]
    with transaction():
        for each in lesson.sign_ups:
            db.session.execute(text("UPDATE sign_ups SET note = 'x' WHERE id = :id"), {"id": each.id})
    assert [(each.person.id, each.status) for each in roll_of(lesson.session)] == before


def test_a_place_that_was_given_up_after_they_came_leaves_them_in_the_register(lesson: Class) -> None:
    arrive(lesson, lesson.people[0], now=at(9, 30))
    with transaction():
        cancel(lesson.sign_ups[0], by=lesson.lead, now=at(9, 40), as_staff=True)
    assert state_of(lesson.sign_ups[0]) == "cancelled"
    assert [each.person for each in roll_of(lesson.session)] == sorted(lesson.people, key=lambda each: each.sort_key)


def test_putting_right_takes_a_reason_and_keeps_what_was(lesson: Class) -> None:
    did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    one = lesson.people[0]
    with pytest.raises(RuleBroken, match="写明"):
        did(registers.amend, lesson.session, one, status=Status.PRESENT, reason=" ", by=lesson.lead, now=at(11))
    late = {"status": Status.LATE, "arrived_at": at(10, 30), "reason": "漏签", "by": lesson.lead, "now": at(11)}
    amended = did(registers.amend, lesson.session, one, **late)
    assert (amended.was, amended.now_is) == (Status.ABSENT, Status.LATE)
    assert did(registers.amend, lesson.session, one, **late) is None
    found = row(lesson, one)
    assert found is not None
    assert (found.status, found.came_late) == (Status.LATE, True)
    did(registers.amend, lesson.session, make_person(), status=Status.PRESENT, reason="忘了写", by=lesson.lead)
    assert counted(lesson) == HeadCount(expected=2, here=2, absent=1)


def test_nobody_is_put_right_to_a_time_that_is_still_to_come(lesson: Class) -> None:
    did(registers.close, lesson.session, by=lesson.lead, now=at(10, 45))
    one = lesson.people[0]
    for field in ("arrived_at", "left_at"):
        ahead = {"status": Status.LEFT, field: at(10, 46), "reason": "x", "by": lesson.lead, "now": at(10, 45)}
        with pytest.raises(RuleBroken, match="还没有到") as refused:
            did(registers.amend, lesson.session, one, **ahead)
        assert refused.value.field == field
    left = did(registers.amend, lesson.session, one, status=Status.LEFT, reason="x", by=lesson.lead, now=at(10, 45))
    assert left is not None
    found = row(lesson, one)
    assert found is not None
    assert found.left_at == at(10, 45)


def test_an_open_register_needs_no_putting_right(lesson: Class) -> None:
    with pytest.raises(RuleBroken, match="还开放着"):
        did(registers.amend, lesson.session, lesson.people[0], status=Status.PRESENT, reason="x", by=lesson.lead)


def test_sessions_whose_register_nobody_closed_are_listed(lesson: Class) -> None:
    assert list(without_register(since=at(9), now=at(10, 59))) == []
    assert list(without_register(since=at(9), now=at(12))) == [lesson.session]
    did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    assert list(without_register(since=at(9), now=at(12))) == []


def _refused(guard: str, statement: Any) -> None:
    with pytest.raises(DBAPIError, match=guard), transaction():
        db.session.execute(statement.execution_options(synchronize_session=False))


def test_the_database_refuses_what_no_register_may_say(lesson: Class) -> None:
    one = lesson.people[0]
    arrive(lesson, one)
    here = Attendance.person_id == one.id
    _refused("attendances_open", update(Attendance).where(here).values(status=Status.ABSENT, arrived_at=None))
    _refused("ck_attendances_arrived", update(Attendance).where(here).values(arrived_at=None))
    _refused("ck_attendances_left", update(Attendance).where(here).values(status=Status.LEFT))
    _refused(
        "ck_attendances_times",
        update(Attendance).where(here).values(status=Status.LEFT, left_at=at(9)),
    )
    _refused("ck_attendances_place", update(Attendance).where(here).values(sign_up_id=None))
    _refused("attendance_events_append_only", update(AttendanceEvent).values(why=Why.FULL))
    _refused("attendance_events_append_only", delete(AttendanceEvent))
    did(registers.close, lesson.session, by=lesson.lead, now=at(11))
    _refused("attendances_open", update(Attendance).where(here).values(arrived_at=at(9)))
    _refused("attendances_open", delete(Attendance).where(here))
    _refused("registers_forward", update(Register).values(closed_at=at(12)))
    _refused("registers_forward", delete(Register))
    did(registers.amend, lesson.session, one, status=Status.ABSENT, reason="认错人", by=lesson.lead)
    _refused("amendments_append_only", text("UPDATE amendments SET reason = 'y'"))
    _refused("amendments_append_only", text("DELETE FROM amendments"))


def test_a_walk_in_that_was_a_slip_is_expected_by_nobody(lesson: Class) -> None:
    walker = make_person(lives_alone=True)
    slip = did(roll_actions.walk_in, lesson.session, walker, by=lesson.lead, now=at(10, 5))
    did(roll_actions.undo, slip, by=lesson.lead, now=at(10, 6))
    assert walker.id not in {each.person.id for each in roll_of(lesson.session)}
    did(registers.close, lesson.session, by=lesson.lead, now=at(12))
    assert status(lesson, walker) is None
    assert welfare.count_open_calls() == 0


def test_whoever_gives_a_place_up_once_it_has_begun_can_still_be_said_to_be_here(lesson: Class) -> None:
    with transaction():
        cancel(lesson.sign_ups[0], by=lesson.lead, now=at(10, 5), as_staff=True)
    arrive(lesson, lesson.people[0], now=at(10, 10))
    assert status(lesson, lesson.people[0]) is Status.PRESENT


def test_who_walks_in_to_one_date_of_a_course_is_expected_at_no_other(lesson: Class) -> None:
    activity = make_activity(organisation=lesson.session.activity.organisation, starts=[at(10), at(10, days=8)])
    roster, stranger = make_roster(activity, capacity=2), make_person()
    sign_up(roster, make_person())
    first, second = activity.sessions
    did(roll_actions.walk_in, first, stranger, by=lesson.lead)
    assert the_pool(roster).taken == 1
    assert stranger in [each.person for each in roll_of(first)]
    assert stranger not in [each.person for each in roll_of(second)]
    with pytest.raises(Full):
        did(roll_actions.walk_in, first, make_person(), by=lesson.lead)
    did(roll_actions.leave, first, stranger, how=How.ROLL, by=lesson.lead, now=at(10, 30))
    assert (
        did(roll_actions.arrive, first, stranger, how=How.ROLL, by=lesson.lead, now=at(10, 40)).person_id == stranger.id
    )
