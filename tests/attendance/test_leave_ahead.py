"""Saying beforehand that one cannot come to one date of a course."""

from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from center.activities.models import Session
from center.attendance import leave_ahead, registers, roll_actions
from center.attendance.models import How, Register, Status
from center.attendance.queries import find_register, roll_of
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.signups.models import SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.attendance.conftest import Class
from tests.builders import at, make_account, make_organisation, make_person, sign_in

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def course() -> SignUp:
    """A place at a course of two dates."""
    lead = make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead]), starts=[at(10, days=1), at(10, days=8)])
    return sign_up(make_roster(activity, capacity=5), make_person())[0]


def test_of_one_date_alone_the_place_is_given_up_instead(lesson: Class) -> None:
    assert leave_ahead.dates_of(lesson.sign_ups[0], now=at(9)) == []


def test_once_it_has_begun_it_is_too_late(course: SignUp) -> None:
    session = course.roster.activity.sessions[0]
    with pytest.raises(RuleBroken), transaction():
        leave_ahead.cannot_come(course, session, by=course.person, now=session.starts_at)


def test_they_are_on_leave_that_day_and_expected_on_the_next(course: SignUp) -> None:
    first, second = course.roster.activity.sessions
    with transaction():
        leave_ahead.cannot_come(course, first, by=course.person, now=at(9))
        leave_ahead.cannot_come(course, first, by=course.person, now=at(9))
    assert leave_ahead.on_leave(course, now=at(9)) == {first.id}
    assert [each.status for each in roll_of(first)] == [Status.ON_LEAVE]
    assert [each.status for each in roll_of(second)] == [Status.EXPECTED]


def test_an_hour_later_they_can_come_after_all(course: SignUp) -> None:
    first, _second = course.roster.activity.sessions
    with transaction():
        leave_ahead.can_come(course, first, by=course.person, now=at(7))
        leave_ahead.cannot_come(course, first, by=course.person, now=at(8))
    with transaction():
        leave_ahead.can_come(course, first, by=course.person, now=at(9))
        leave_ahead.can_come(course, first, by=course.person, now=at(9))
    assert leave_ahead.on_leave(course, now=at(9)) == set()
    assert [each.status for each in roll_of(first)] == [Status.EXPECTED]
    with pytest.raises(RuleBroken), transaction():
        leave_ahead.can_come(course, first, by=course.person, now=first.starts_at)


def test_only_who_may_change_the_sign_up_says_so_on_its_page(client: FlaskClient, course: SignUp) -> None:
    own, stranger = make_account(course.person), make_account(make_person())
    reference, date_id = course.reference, course.roster.activity.sessions[0].id
    page = f"/sign-ups/{reference}/dates/{date_id}/cannot-come"
    with time_machine.travel(at(9), tick=False):
        sign_in(client, stranger)
        assert client.post(page).status_code == 404
        sign_in(client, own)
        assert "这次来不了" in client.get(f"/sign-ups/{reference}").text
        assert client.post(page).status_code == 303
    db.session.rollback()
    assert leave_ahead.on_leave(db.session.get_one(SignUp, course.id), now=at(9)) == {date_id}
    with time_machine.travel(at(9), tick=False):
        assert "可以来了" in client.get(f"/sign-ups/{reference}").text
        assert client.post(page.replace("cannot", "can")).status_code == 303
    db.session.rollback()
    assert leave_ahead.on_leave(db.session.get_one(SignUp, course.id), now=at(9)) == set()


def test_the_register_is_opened_by_whoever_takes_it_first(course: SignUp) -> None:
    first, lead = course.roster.activity.sessions[0], make_person()
    with transaction():
        leave_ahead.cannot_come(course, first, by=course.person, now=at(8))
    assert opened(first) == (None, None)
    with transaction():
        leave_ahead.can_come(course, first, by=course.person, now=at(9))
    assert opened(first) == (None, None)
    for taker in (lead, make_person()):
        with transaction():
            roll_actions.put_on_leave(first, course.person, how=How.ROLL, by=taker, now=first.starts_at)
        assert opened(first) == (lead.id, first.starts_at)


def test_who_signs_what_nobody_took_has_opened_it(course: SignUp) -> None:
    first, lead = course.roster.activity.sessions[0], make_person()
    with transaction():
        leave_ahead.cannot_come(course, first, by=course.person, now=at(8))
    with transaction():
        register = registers.close(first, by=lead, now=first.ends_at)
    assert (register.opened_by_id, register.closed_by_id) == (lead.id, lead.id)


def test_who_opened_a_register_is_never_altered(course: SignUp) -> None:
    first, lead = course.roster.activity.sessions[0], make_person()
    with transaction():
        registers.open_register(first, by=lead, now=at(9))
    for values in ({"opened_by_id": course.person_id}, {"opened_by_id": None, "opened_at": None}):
        with pytest.raises(DBAPIError, match="registers_forward"), transaction():
            db.session.execute(update(Register).values(values).execution_options(synchronize_session=False))


def opened(session: Session) -> tuple[int | None, datetime | None]:
    db.session.expire_all()
    register = find_register(session.id)
    assert register is not None
    return register.opened_by_id, register.opened_at
