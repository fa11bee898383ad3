"""The waiting list: freed places are offered in strict order, held, and given outright near the start."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.signups import cancelling, offers
from center.signups.models import Pool, PoolKind, Roster, SignUp
from center.signups.offers import OfferOver
from center.signups.posting.capacity import change_capacity
from center.signups.rosters import PoolFacts
from center.signups.sweeps import SWEEPS
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_building, make_person, trust
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = pytest.mark.usefixtures("app")
NIGHT = {"hour": 23}


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def household(number: int) -> tuple[Person, ...]:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    return trust(*(make_person(**home) for _ in range(number)))


def cancel(one: SignUp, now: datetime | None = None) -> None:
    with transaction():
        cancelling.cancel(one, by=one.person, now=now or clock.now(), reason="x")


def act(what: Any, one: SignUp, now: datetime | None = None) -> None:
    with transaction():
        what(one, by=one.person, now=now or clock.now())


def add_places(roster: Roster, capacity: int, now: datetime | None = None) -> None:
    pool = the_pool(roster)
    with transaction():
        change_capacity(pool, capacity, by=roster.activity.created_by, now=now or clock.now())


def sweep(now: datetime) -> None:
    db.session.rollback()
    for each in SWEEPS:
        for roster_id in each.due(now):
            db.session.rollback()
            each.settle(roster_id, now)


def states(*sign_ups: Any) -> list[str]:
    return [state_of(each) for each in sign_ups]


@ONE_ENGINE
def test_a_freed_place_is_offered_to_the_next_and_held_for_them() -> None:
    roster = make_roster(capacity=1)
    one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
    cancel(one)
    assert states(one, two, three) == ["cancelled", "offered", "waiting"]
    assert the_pool(roster).taken == 1
    [late] = sign_up(roster, make_person())
    assert state_of(late) == "waiting"
    act(offers.accept_offer, two)
    act(offers.accept_offer, two)
    assert states(two, three) == ["confirmed", "waiting"]


@ONE_ENGINE
def test_an_offer_turned_down_goes_on_and_is_not_revived() -> None:
    roster = make_roster(capacity=1)
    one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
    cancel(one)
    act(offers.turn_down, two)
    act(offers.turn_down, two)
    assert states(two, three) == ["turned_down", "offered"]
    with pytest.raises(OfferOver):
        act(offers.accept_offer, two)
    act(offers.accept_offer, three)
    cancel(three)
    assert state_of(two) == "turned_down"
    assert the_pool(roster).taken == 0


@ONE_ENGINE
def test_an_offer_is_over_at_the_very_moment_it_expires_whether_or_not_a_sweep_came_by() -> None:
    roster = make_roster(capacity=1, offer_minutes=60)
    one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
    cancel(one)
    state_of(two)
    over = two.offer_expires_at
    with pytest.raises(OfferOver):
        act(offers.accept_offer, two, now=over)
    assert state_of(two) == "offered", "nothing was tidied away yet"
    sweep(there(over))
    assert states(two, three) == ["expired", "offered"]
    with pytest.raises(OfferOver):
        act(offers.accept_offer, two, now=over)
    [again] = sign_up(roster, two.person, now=over)
    assert state_of(again) == "waiting"


@ONE_ENGINE
def test_an_offer_stands_until_just_before_it_expires() -> None:
    roster = make_roster(capacity=1, offer_minutes=60)
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    cancel(one)
    state_of(two)
    act(offers.accept_offer, two, now=there(two.offer_expires_at) - timedelta(microseconds=1))
    assert state_of(two) == "confirmed"


def test_a_group_of_two_waits_for_two_and_nobody_behind_takes_its_place() -> None:
    roster = make_roster(capacity=2)
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    pair = sign_up(roster, *household(2), stays_together=True)
    [behind] = sign_up(roster, make_person())
    cancel(one)
    assert states(*pair, behind) == ["waiting"] * 3
    [newcomer] = sign_up(roster, make_person())
    assert state_of(newcomer) == "waiting"
    cancel(two)
    assert states(*pair, behind) == ["offered", "offered", "waiting"]
    act(offers.accept_offer, pair[0])
    assert states(*pair) == ["confirmed", "confirmed"]
    assert the_pool(roster).taken == 2


@ONE_ENGINE
def test_a_place_kept_for_elders_does_not_wait_for_somebody_who_cannot_have_it() -> None:
    roster = make_roster(capacity=1, pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=1)])
    [general], [elder] = sign_up(roster, make_person(birth_year=1990)), sign_up(roster, make_person(birth_year=1950))
    [young], [old] = sign_up(roster, make_person(birth_year=1990)), sign_up(roster, make_person(birth_year=1940))
    cancel(elder)
    assert states(young, old) == ["waiting", "offered"]
    cancel(general)
    assert states(young, old) == ["offered", "offered"]


@ONE_ENGINE
def test_a_roster_is_swept_only_where_somebody_who_waits_may_have_what_is_free() -> None:
    roster = make_roster(capacity=1, pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=1)])
    free_places = next(each for each in SWEEPS if each.name == "places_offered")
    sign_up(roster, make_person(birth_year=1990))
    sign_up(roster, make_person(birth_year=1990))
    assert list(free_places.due(at(9))) == []
    with transaction() as session:
        session.get_one(Pool, the_pool(roster).id).capacity = 2  # as if whoever freed it had stopped half-way
    assert list(free_places.due(at(9))) == [roster.id]
    assert list(free_places.due(at(22))) == [], "nobody is asked at night"


@ONE_ENGINE
def test_cancelling_while_waiting_lets_those_behind_move_up() -> None:
    roster = make_roster(capacity=2)
    one, _two = (sign_up(roster, make_person())[0] for _ in range(2))
    pair = sign_up(roster, *household(2), stays_together=True)
    [behind] = sign_up(roster, make_person())
    cancel(one)
    assert state_of(behind) == "waiting"
    cancel(pair[0])
    assert states(*pair, behind) == ["cancelled", "offered", "waiting"], "the other of the pair is next, alone now"


@ONE_ENGINE
def test_nobody_is_asked_at_night_and_the_place_is_kept_until_the_morning() -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)]), capacity=1)
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    night = at(22, days=1)
    cancel(one, now=night)
    [owl] = sign_up(roster, make_person(), now=night)
    sweep(night)
    assert states(two, owl) == ["waiting", "waiting"]
    assert the_pool(roster).taken == 0
    sweep(at(8, days=2))
    assert states(two, owl) == ["offered", "waiting"]


@ONE_ENGINE
def test_too_near_the_start_the_next_gets_the_place_without_being_asked() -> None:
    roster = make_roster(make_activity(starts=[at(10)]), capacity=1)
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    cancel(one, now=at(8, 30))
    assert states(one, two) == ["cancelled", "confirmed"]


@ONE_ENGINE
def test_more_places_go_to_those_who_wait_in_order() -> None:
    roster = make_roster(capacity=1)
    signed = [sign_up(roster, make_person())[0] for _ in range(4)]
    add_places(roster, 3)
    assert states(*signed) == ["confirmed", "offered", "offered", "waiting"]
    assert the_pool(roster).taken == 3


def test_kept_places_are_released_by_the_sweep_too() -> None:
    activity = make_activity(starts=[at(10, days=3)])
    roster = make_roster(activity, capacity=0, pools=[PoolFacts(kind=PoolKind.DESK, capacity=2)], offer_minutes=30)
    [one] = sign_up(roster, make_person())
    sweep(at(9, days=2))
    assert state_of(one) == "waiting"
    sweep(at(10, days=2))
    assert state_of(one) == "offered"
    assert (the_pool(roster, PoolKind.DESK).capacity, the_pool(roster, PoolKind.DESK).taken) == (2, 1)
