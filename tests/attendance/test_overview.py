"""Registers of many sessions at once: who is in the house, and which registers nobody closed."""

from datetime import timedelta

import pytest

from center.activities.sessions import cancel_session
from center.attendance import registers, roll_actions
from center.attendance.models import How
from center.attendance.overview import NAGS_FOR, count_here, in_the_house, unclosed
from center.attendance.queries import count_without_register
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.attendance.conftest import Class
from tests.builders import at, make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture
def in_room(app: object) -> Class:
    """A session in a room tomorrow at ten, with two people who have a place."""
    activity = make_activity(starts=[at(10, days=1)], room=make_room())
    roster = make_roster(activity)
    signed = [sign_up(roster, make_person())[0] for _ in range(2)]
    people = tuple(each.person for each in signed)
    return Class(activity.sessions[0], roster, activity.created_by, people, tuple(signed))


def arrive(lesson: Class, person: Person, minutes: int = 0) -> None:
    with transaction():
        now = at(10, days=1) + timedelta(minutes=minutes)
        roll_actions.arrive(lesson.session, person, how=How.ROLL, by=lesson.lead, now=now)


def test_whoever_came_is_here_until_somebody_says_that_they_left(in_room: Class) -> None:
    first, second = in_room.people
    ids = [in_room.session.id]
    assert count_here(ids) == {}
    arrive(in_room, first)
    arrive(in_room, second, minutes=20)
    assert count_here(ids) == {in_room.session.id: 2}
    with transaction():
        roll_actions.leave(in_room.session, first, how=How.ROLL, by=in_room.lead, now=at(10, 30, days=1))
    assert count_here(ids) == {in_room.session.id: 1}


@pytest.mark.parametrize(
    ("minutes", "is_listed"),
    [(-61, False), (-30, False), (0, True), (59, True), (60, False), (100, False)],
)
def test_a_session_of_which_nobody_was_written_down_is_listed_while_it_is_on(
    in_room: Class, minutes: int, is_listed: bool
) -> None:
    found = in_the_house(now=at(10, days=1) + timedelta(minutes=minutes))
    assert [each.is_unknown for each in found] == ([True] if is_listed else [])


@pytest.mark.parametrize(("minutes", "is_over"), [(-20, False), (30, False), (70, True)])
def test_nobody_leaves_the_house_by_the_clock_alone(in_room: Class, minutes: int, is_over: bool) -> None:
    arrive(in_room, in_room.people[0], minutes=-40)
    [found] = in_the_house(now=at(10, days=1) + timedelta(minutes=minutes))
    assert [row.person_id for row in found.here] == [in_room.people[0].id]
    assert (found.expected, found.is_over) == (2, is_over)


def test_whoever_closes_the_register_of_what_is_over_says_that_nobody_is_there_any_more(in_room: Class) -> None:
    arrive(in_room, in_room.people[0])
    assert in_the_house(now=at(11, days=1))
    with transaction():
        registers.close(in_room.session, remark="", by=in_room.lead, now=at(11, days=1))
    assert in_the_house(now=at(11, days=1)) == []


def test_a_register_that_is_closed_before_the_end_lets_nobody_go(in_room: Class) -> None:
    arrive(in_room, in_room.people[0])
    with transaction():
        registers.close(in_room.session, remark="", by=in_room.lead, now=at(10, 50, days=1))
    assert in_the_house(now=at(10, 55, days=1))


def test_what_takes_place_elsewhere_is_not_in_the_house(lesson: Class) -> None:
    arrive(lesson, lesson.people[0])
    assert in_the_house(now=at(10, 30, days=1)) == []


def test_a_register_is_missed_from_the_end_of_its_session_until_it_is_closed(in_room: Class) -> None:
    over = at(11, days=1)
    assert unclosed(now=over - timedelta(seconds=1)) == []
    [never] = unclosed(now=over)
    assert (never.register, never.expected, never.here) == (None, 2, 0)
    arrive(in_room, in_room.people[0])
    [left_open] = unclosed(now=over)
    assert left_open.register is not None
    assert (left_open.expected, left_open.here) == (2, 1)
    assert count_without_register(since=over - NAGS_FOR, now=over) == 1
    with transaction():
        registers.close(in_room.session, remark="", by=in_room.lead, now=over)
    assert unclosed(now=over) == []
    assert count_without_register(since=over - NAGS_FOR, now=over) == 0


def test_after_two_weeks_nobody_is_reminded_any_more(in_room: Class) -> None:
    assert unclosed(now=at(11, days=1) + NAGS_FOR - timedelta(minutes=1))
    assert unclosed(now=at(11, days=1) + NAGS_FOR) == []
    db.session.rollback()


def test_whoever_came_to_what_was_called_off_is_in_the_house_until_somebody_says_otherwise(in_room: Class) -> None:
    arrive(in_room, in_room.people[0])
    with transaction():
        cancel_session(in_room.session, reason="停电", by=in_room.lead, now=at(10, 10, days=1))
    [found] = in_the_house(now=at(10, 15, days=1))
    assert [row.person_id for row in found.here] == [in_room.people[0].id]
    with transaction():
        registers.close(in_room.session, remark="", by=in_room.lead, now=at(10, 20, days=1))
    assert in_the_house(now=at(10, 25, days=1)) == []
