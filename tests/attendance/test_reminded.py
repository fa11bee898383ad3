"""What a grid worker sees of those they reminded: whether they came, of their own grid, and no more."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from center.attendance import registers, roll_actions
from center.attendance.models import How
from center.attendance.reminded import reminded_by
from center.kernel.db import db, transaction
from center.notices import actions
from center.notices.models import Delivery, Way
from center.people.models import Account, Person, Role, RoleGrant
from center.reminders.words import SESSION_TOMORROW
from center.signups import messages
from tests.attendance.conftest import Class
from tests.builders import at, make_building, make_grid, make_grid_worker

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def grid_worker(lesson: Class) -> Account:
    """Whoever looks after the grid of the first of two people; both were reminded by them at the door."""
    grid = make_grid()
    account = make_grid_worker(grid)
    home = make_building(code="3栋", grid_id=grid.id)
    with transaction() as session:
        session.execute(update(Person).where(Person.id == lesson.people[0].id).values(building_id=home.id))
    db.session.expire_all()
    with transaction():
        messages.tell_of_session(lesson.sign_ups, SESSION_TOMORROW, lesson.session, now=at(19))
        for each in db.session.scalars(select(Delivery).order_by(Delivery.id)):
            each.way = Way.VISIT
            actions.tick_off(each, by=account.person, now=at(20))
    return account


def seen(grid_worker: Account, now: datetime) -> list[tuple[int, bool | None]]:
    db.session.rollback()
    return [(each.person.id, each.came) for each in reminded_by(grid_worker.person, now=now)]


def test_nothing_is_said_before_it_has_begun_or_of_another_grid(lesson: Class, grid_worker: Account) -> None:
    assert seen(grid_worker, lesson.session.starts_at - timedelta(minutes=1)) == []
    assert seen(grid_worker, lesson.session.starts_at) == [(lesson.people[0].id, None)]


def test_once_it_is_known_it_is_said_who_came(lesson: Class, grid_worker: Account) -> None:
    now = lesson.session.starts_at
    with transaction():
        roll_actions.arrive(lesson.session, lesson.people[0], how=How.ROLL, by=lesson.lead, now=now)
    assert seen(grid_worker, now) == [(lesson.people[0].id, True)]


def test_and_who_did_not_until_the_next_day_is_over(lesson: Class, grid_worker: Account) -> None:
    now = lesson.session.ends_at
    with transaction():
        registers.close(lesson.session, by=lesson.lead, now=now)
    assert seen(grid_worker, now + timedelta(days=1)) == [(lesson.people[0].id, False)]
    assert seen(grid_worker, now + timedelta(days=2)) == []


def test_whoever_no_longer_looks_after_the_grid_sees_nobody(lesson: Class, grid_worker: Account) -> None:
    with transaction() as session:
        session.execute(
            update(RoleGrant).where(RoleGrant.role == Role.GRID_WORKER).values(ends_on=at(9, days=0).date())
        )
    assert seen(grid_worker, lesson.session.starts_at) == []
