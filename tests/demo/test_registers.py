"""The registers of the demonstration: a month closed and signed, one open now, and what waits for a decision."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from center.activities.models import Session
from center.attendance.models import Admission, Admitted, Attendance, Register, RegisterState, Status
from center.attendance.models.devices import Card, Device
from center.attendance.queries import HeadCount, count_to_review, head_counts, to_review, without_register
from center.attendance.reminded import reminded_by
from center.bookings.visits import welfare
from center.demo import load
from center.kernel.db import db
from center.people.models import Account
from tests.demo.test_load import NOW, PASSWORDS, SMALL
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE  # that all of it is loaded into either, test_load.py tells


def _open_now() -> Session:
    query = select(Session).join(Register, Register.session_id == Session.id)
    is_taken = Register.opened_by_id.is_not(None)  # saying ahead that one cannot come opens none
    return db.session.scalars(query.where(Register.state == RegisterState.OPEN, is_taken)).one()


def test_a_month_is_closed_and_signed_some_of_it_put_right_and_one_not_taken(demo: None) -> None:
    states = dict(db.session.execute(select(Register.state, func.count()).group_by(Register.state)).all())
    assert states[RegisterState.CLOSED] > 30
    assert states[RegisterState.AMENDED] >= 3
    assert len(without_register(since=NOW - timedelta(days=31), now=NOW)) == 1
    found = set(db.session.scalars(select(Attendance.status).distinct()))
    assert found == set(Status) - {Status.EXPECTED}


def test_one_register_is_open_now_with_walk_ins_leave_and_one_over_capacity(demo: None) -> None:
    session = _open_now()
    assert session.starts_at <= NOW < session.ends_at
    counts = head_counts([session])[session.id]
    assert counts != HeadCount()
    assert counts.here >= 8
    assert counts.left == counts.on_leave == 1
    assert counts.expected > counts.came
    walked = select(func.count()).where(Attendance.session_id == session.id, Attendance.is_walk_in)
    assert db.session.scalar(walked) == 3
    over = select(Admission).where(Admission.session_id == session.id, Admission.kind == Admitted.OVER_CAPACITY)
    assert db.session.scalars(over).one().reason


def test_two_entries_wait_for_a_decision_and_a_device_and_a_card_are_there(demo: None) -> None:
    assert count_to_review() == 2
    assert {each.device_id for each in to_review()} == set(db.session.scalars(select(Device.id)))
    assert db.session.scalar(select(func.count(Card.id))) == 1


def test_somebody_who_lives_alone_did_not_come_and_is_to_be_asked(demo: None) -> None:
    assert any(each.session_id for each in welfare.open_calls())


@pytest.mark.slow("it loads the demonstration again for each hour")
@pytest.mark.parametrize("hour", [0, 7, 23])
def test_at_any_hour_one_register_is_open(app: None, hour: int) -> None:
    now = NOW.replace(hour=hour, minute=7)
    load.load(PASSWORDS, now=now, scale=SMALL)
    assert _open_now().starts_at <= now < _open_now().ends_at


def test_the_grid_worker_sees_who_of_those_told_at_the_door_came(demo: None) -> None:
    worker = db.session.scalars(select(Account).where(Account.login == "grid")).one().person
    found = reminded_by(worker, now=NOW)
    assert {each.session.id for each in found} == {_open_now().id}
    assert sorted(str(each.came) for each in found) == ["False", "None", "True"]
