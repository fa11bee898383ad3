"""Requests that nobody decides end at a moment that all can know before, never at the start; a late yes is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.bookings.rulebook.deciding import undecided_until
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.signups import sweeps
from center.signups.deciding import TooLateToDecide, decide_by
from center.signups.decisions import approve, decline
from center.signups.models import Mode
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import ZONE, at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.signups.test_messages import deliveries, kinds_told, told

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("asked", "minutes", "over"),
    [
        pytest.param((20, 9, 0), 0, (26, 12, 0), id="early: noon of the day before"),
        pytest.param((26, 11, 59), 0, (26, 12, 0), id="just before noon: noon"),
        pytest.param((26, 12, 0), 0, (27, 12, 0), id="at noon: two hours before"),
        pytest.param((27, 11, 0), 0, (27, 12, 0), id="the same day: two hours before"),
        pytest.param((27, 13, 0), 0, (27, 13, 30), id="later than that: half of the time left"),
        pytest.param((20, 9, 0), 3 * 1440, (24, 14, 0), id="the room's own moment"),
        pytest.param((25, 9, 0), 3 * 1440, (26, 12, 0), id="its moment has passed: noon of the day before"),
        pytest.param((27, 12, 30), 30, (27, 13, 30), id="a short moment of the room's own"),
        pytest.param((27, 14, 0), 0, (27, 14, 0), id="asked as it starts: over at once"),
    ],
)
def test_when_a_request_is_over(asked: tuple[int, int, int], minutes: int, over: tuple[int, int, int]) -> None:
    found = undecided_until(local(27, 14), since=local(*asked), zone=ZONE, minutes=minutes)
    assert found == local(*over)


@pytest.fixture
def asked() -> Any:
    """Somebody asks for a place at something that starts at ten in five days."""
    organisation = make_organisation()
    roster = make_roster(make_activity(organisation=organisation, title_en="Painting"), mode=Mode.APPROVAL)
    [request] = sign_up(roster, make_person())
    return request


def sweep(now: datetime) -> None:
    for roster_id in sweeps._undecided(now):
        sweeps._settle(roster_id, now)


def test_an_undecided_request_ends_at_noon_of_the_day_before_and_they_are_rung_up(asked: Any) -> None:
    noon = at(12, days=4)
    assert decide_by(asked) == noon
    sweep(noon - timedelta(seconds=1))
    assert state_of(asked) == "requested"
    sweep(noon)
    sweep(noon)
    assert state_of(asked) == "expired"
    assert kinds_told(asked.person) == ["requested", "request_expired"]
    [call] = deliveries()
    assert call.notice.kind == "sign_up.request_expired"


def test_the_asker_is_told_beforehand_until_when(asked: Any) -> None:
    [receipt] = told(asked.person)
    assert "12:00" in receipt.body


def test_a_late_approval_is_refused_and_says_until_when_tidied_or_not(asked: Any) -> None:
    acts: list[Callable[[], object]] = [
        lambda: approve(asked, by=asked.person, now=at(12, days=4)),
        lambda: decline(asked, reason="满了", by=asked.person, now=at(12, days=4)),
    ]
    for act in acts:
        with pytest.raises(TooLateToDecide) as refused, transaction():
            act()
        assert refused.value.decide_by == at(12, days=4)
    assert state_of(asked) == "requested"


def test_a_move_carries_the_moment_with_it_and_ends_no_request_at_once(asked: Any) -> None:
    [session] = asked.roster.activity.sessions
    now = at(15, days=1)
    with transaction():
        plan = SessionPlan(span=Span(at(10, days=2), at(11, days=2)))
        sessions.move_session(session, plan, by=asked.person, now=now)
    db.session.refresh(asked)
    assert decide_by(asked) == at(8, days=2), "noon of the day before had passed: two hours before"
    sweep(now)
    assert state_of(asked) == "requested"


def test_requests_in_a_lottery_are_drawn_and_not_decided() -> None:
    roster = make_roster(make_activity(), mode=Mode.LOTTERY, closes_at=at(9, days=4))
    [entry] = sign_up(roster, make_person())
    assert decide_by(entry) is None


def test_the_asker_and_the_lead_see_until_when(client: FlaskClient, asked: Any) -> None:
    account = make_account(asked.person, locale="en")
    sign_in(client, account)
    page = client.get(f"/sign-ups/{asked.reference}").text
    assert "If nobody has decided by then" in page
    clock.start_at(at(12, 1, days=4))
    sign_in(client, account)
    page = client.get(f"/sign-ups/{asked.reference}").text
    assert "Nobody decided in time" in page
