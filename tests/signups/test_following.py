"""What becomes of sign-ups when sessions move or are called off."""

from collections.abc import Iterator

import pytest
from flask import Flask

from center.activities import actions as activity_actions
from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.signups import history
from center.signups.models.history import SignUpChange
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def call_off(session: Session) -> None:
    with transaction():
        sessions.cancel_session(session, reason="停电", by=session.activity.created_by, now=clock.now())


@ONE_ENGINE
def test_a_session_called_off_frees_its_places_and_nobody_can_sign_up_any_more() -> None:
    activity = make_activity()
    roster = make_roster(activity, capacity=1, session=activity.sessions[0])
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    call_off(activity.sessions[0])
    assert [state_of(each) for each in (one, two)] == ["cancelled", "cancelled"]
    assert the_pool(roster).taken == 0
    assert history.history(one)[-1].what is SignUpChange.SESSION_CANCELLED
    assert history.history(one)[-1].reason == "停电"
    with pytest.raises(RuleBroken):
        sign_up(roster, make_person())


@ONE_ENGINE
def test_one_session_of_many_called_off_leaves_the_places_of_a_course() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    roster = make_roster(activity)
    [one] = sign_up(roster, make_person())
    call_off(activity.sessions[0])
    assert state_of(one) == "confirmed"
    call_off(activity.sessions[1])
    assert state_of(one) == "cancelled"


@ONE_ENGINE
def test_an_activity_called_off_calls_off_everything() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    rosters = [make_roster(activity, session=each) for each in activity.sessions]
    signed = [sign_up(roster, make_person())[0] for roster in rosters]
    with transaction():
        activity_actions.cancel(activity, reason="讲师病了", by=activity.created_by, now=clock.now())
    assert [state_of(each) for each in signed] == ["cancelled", "cancelled"]


@ONE_ENGINE
def test_moving_a_session_keeps_every_place() -> None:
    activity = make_activity()
    roster = make_roster(activity)
    [one] = sign_up(roster, make_person())
    plan = SessionPlan(span=Span(at(14, days=6), at(15, days=6)))
    with transaction():
        sessions.move_session(activity.sessions[0], plan, by=activity.created_by, now=clock.now())
    assert state_of(one) == "confirmed"
    assert activity.sessions[0].was_starts_at == at(10, days=5)
    assert activity.sessions[0].sequence == 1
