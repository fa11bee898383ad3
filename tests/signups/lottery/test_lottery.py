"""Lotteries: all who asked until sign-up closes are drawn, once, by a seed that nobody can choose."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Full, RuleBroken
from center.notices.models import Notice
from center.signups.cancelling import cancel
from center.signups.decisions import approve
from center.signups.lottery.actions import TOLD_AT_ONCE, NotDue, draw_lots
from center.signups.lottery.queries import is_repeatable, whole_draw
from center.signups.models import Channel, Mode, PoolKind, Roster, SignUp
from center.signups.models.lottery import Draw, Lot
from center.signups.queries import find_draw
from center.signups.rosters import PoolFacts
from center.signups.sweeps import SWEEPS
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_building, make_person, trust
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def make_lottery(**facts: Any) -> Roster:
    return make_roster(mode=Mode.LOTTERY, closes_at=closing(), **facts)


def closing() -> datetime:
    return at(18, days=2)


def people(roster: Roster, number: int, **facts: Any) -> list[SignUp]:
    return [sign_up(roster, make_person(**facts))[0] for _ in range(number)]


def draw(roster: Roster, now: datetime | None = None) -> None:
    with transaction():
        draw_lots(roster, by=roster.activity.created_by, now=now or closing())


def sweep(now: datetime) -> None:
    db.session.rollback()
    for each in SWEEPS:
        for roster_id in each.due(now):
            db.session.rollback()
            each.settle(roster_id, now)


def result(roster: Roster) -> Any:
    db.session.rollback()
    db.session.expire_all()
    made = whole_draw(roster)
    return [(lot.sign_up.state.value, lot.sign_up.queue_order) for lot in there(made).lots]


def told(sign_up: SignUp) -> list[str]:
    db.session.rollback()
    found = select(Notice.kind).where(Notice.person_id == sign_up.person_id).order_by(Notice.id)
    return [each.removeprefix("sign_up.") for each in db.session.scalars(found)]


@ONE_ENGINE
def test_nobody_has_a_place_before_the_draw_and_then_as_many_as_there_are() -> None:
    roster = make_lottery(capacity=2)
    asked = people(roster, 5)
    assert {state_of(each) for each in asked} == {"requested"}
    with pytest.raises(NotDue):
        draw(roster, now=closing() - timedelta(microseconds=1))
    draw(roster)
    assert result(roster) == [("confirmed", 1), ("confirmed", 2), ("waiting", 3), ("waiting", 4), ("waiting", 5)]
    assert the_pool(roster).taken == 2
    assert sorted(told(each)[-1] for each in asked) == ["drawn"] * 2 + ["drawn_later"] * 3
    assert is_repeatable(there(whole_draw(roster)))


@ONE_ENGINE
def test_it_is_drawn_once_by_whoever_comes_first() -> None:
    roster = make_lottery(capacity=2)
    people(roster, 5)
    sweep(closing())
    before = result(roster)
    draw(roster, now=closing() + timedelta(hours=1))
    sweep(closing() + timedelta(hours=1))
    assert result(roster) == before
    assert (there(find_draw(roster)).by_id, there(find_draw(roster)).drawn_at) == (None, closing())


def test_the_seed_is_fixed_when_the_roster_is_made_and_can_never_be_another() -> None:
    roster = make_lottery()
    seed = there(find_draw(roster)).seed
    people(roster, 2)
    for statement in ("UPDATE draws SET seed = 'x'", "DELETE FROM draws"):
        with pytest.raises(DatabaseError, match="draws_once"), db.engine.begin() as connection:
            connection.execute(text(statement))
    draw(roster)
    assert there(find_draw(roster)).seed == seed
    for table, name in (("draws", "draws_once"), ("lots", "lots_append_only"), ("draw_pools", "draw_pools_append")):
        column = "by_id" if table == "draws" else "pool_id"
        with pytest.raises(DatabaseError, match=name), db.engine.begin() as connection:
            connection.execute(text(f"UPDATE {table} SET {column} = {column}"))


def test_a_latecomer_is_no_part_of_the_draw_even_where_no_sweep_has_come() -> None:
    roster = make_lottery(capacity=1)
    first, second = people(roster, 2)
    with pytest.raises(RuleBroken):
        sign_up(roster, make_person(), now=closing())
    assert state_of(first) == "requested", "what is refused leaves no trace"
    clerk = make_person()
    [late] = sign_up(roster, make_person(), by=clerk, as_staff=True, channel=Channel.PHONE, now=closing())
    assert state_of(late) == "waiting"
    assert sorted([state_of(first), state_of(second)]) == ["confirmed", "waiting"]
    assert late.queue_order == 3, "behind those who were drawn"
    assert db.session.scalar(select(func.count()).select_from(Lot)) == 2


def test_who_cancels_before_the_draw_takes_no_part_and_freed_places_go_down_the_order_drawn() -> None:
    roster = make_lottery(capacity=1)
    gone, *asked = people(roster, 4)
    with transaction():
        cancel(gone, by=gone.person, now=clock.now())
    draw(roster)
    order = db.session.scalars(select(Lot.sign_up_id).order_by(Lot.rank)).all()
    by_id = {each.id: each for each in asked}
    assert set(order) == set(by_id)
    winner, second, third = (by_id[number] for number in order)
    with transaction():
        cancel(db.session.get_one(SignUp, winner.id), by=winner.person, now=at(10, days=3), reason="x")
    assert [state_of(each) for each in (winner, second, third)] == ["cancelled", "offered", "waiting"]


def test_without_a_waiting_list_who_is_not_drawn_is_told_kindly_and_the_desk_finds_it_full() -> None:
    roster = make_lottery(capacity=1, has_waiting_list=False)
    asked = people(roster, 2)
    draw(roster)
    assert sorted(state_of(each) for each in asked) == ["confirmed", "declined"]
    assert sorted(told(each)[-1] for each in asked) == ["drawn", "not_drawn"]
    with pytest.raises(Full):
        sign_up(roster, make_person(), by=make_person(), as_staff=True, channel=Channel.DESK, now=closing())


@ONE_ENGINE
def test_friends_stay_together_and_kept_places_are_for_whom_they_are_kept() -> None:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    elders = PoolFacts(kind=PoolKind.ELDERS, capacity=1)
    roster = make_lottery(capacity=2, pools=[elders])
    friends = sign_up(roster, *trust(*(make_person(**home, birth_year=1990) for _ in range(2))), stays_together=True)
    old = people(roster, 2, birth_year=1950)
    people(roster, 3, birth_year=1990)
    draw(roster)
    assert len({state_of(each) for each in friends}) == 1
    assert "confirmed" in {state_of(each) for each in old}
    assert (the_pool(roster).taken, the_pool(roster, PoolKind.ELDERS).taken) == (2, 1)
    assert is_repeatable(there(whole_draw(roster)))


def test_kept_places_are_not_released_before_the_draw() -> None:
    activity = make_activity(starts=[at(10, days=3)])
    kept = PoolFacts(kind=PoolKind.ELDERS, capacity=1)
    roster = make_roster(activity, mode=Mode.LOTTERY, closes_at=at(9, days=3), capacity=1, pools=[kept])
    people(roster, 1, birth_year=1950)
    sweep(at(12, days=2))
    assert the_pool(roster, PoolKind.ELDERS).capacity == 1
    people(roster, 3, birth_year=1990)
    sweep(at(9, days=3))
    assert the_pool(roster, PoolKind.ELDERS).taken == 1


def test_nothing_is_drawn_of_what_was_called_off_and_nobody_is_given_a_place_by_hand() -> None:
    roster = make_lottery(capacity=1)
    [asked] = people(roster, 1)
    with pytest.raises(RuleBroken), transaction():
        approve(asked, by=asked.person, now=clock.now())
    from center.activities import actions as activity_actions

    activity = roster.activity
    with transaction():
        activity_actions.cancel(activity, reason="x", by=activity.created_by, now=clock.now(), as_staff=True)
    sweep(closing())
    with pytest.raises(NotDue):
        draw(roster)
    assert state_of(asked) == "cancelled"
    assert db.session.scalars(select(Draw)).one().drawn_at is None


@ONE_ENGINE
def test_of_a_large_draw_everybody_is_told_once_though_not_all_in_one_go() -> None:
    roster = make_lottery(capacity=TOLD_AT_ONCE + 3)
    asked = people(roster, TOLD_AT_ONCE + 5)
    draw(roster)
    last = db.session.scalars(select(Lot).where(Lot.pool_id.is_not(None)).order_by(Lot.rank.desc())).first()
    gone = next(each for each in asked if each.id == there(last).sign_up_id)
    with transaction():
        cancel(gone, by=gone.person, now=closing(), reason="x")
    for _twice in range(2):
        sweep(closing())
    news = Counter(told(each)[-1] for each in asked)
    assert news["drawn"] == TOLD_AT_ONCE + 2
    assert news["cancelled"] == 1
    assert sum(told(each).count("drawn") for each in asked) == TOLD_AT_ONCE + 2
    assert there(find_draw(roster)).told_to == TOLD_AT_ONCE + 5


def test_a_lottery_that_nobody_entered_is_drawn_too_and_the_desk_can_fill_it() -> None:
    roster = make_lottery(capacity=1)
    sweep(closing())
    assert (there(find_draw(roster)).entries, there(find_draw(roster)).places) == (0, 1)
    [one] = sign_up(roster, make_person(), by=make_person(), as_staff=True, channel=Channel.DESK, now=closing())
    assert state_of(one) == "confirmed"
