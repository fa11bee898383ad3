"""Wheelchair and companion places: first for whoever needs them, and never a reason to wait beside free places."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.signups import actions
from center.signups.cancelling import cancel
from center.signups.models import Pool, PoolKind, Roster
from center.signups.offers import offer_held
from center.signups.roster_state import hold
from center.signups.rosters import PoolFacts
from center.signups.sign_up_request import PlaceRequest, SignUpRequest
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_building, make_person, trust
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")
IN_A_WHEELCHAIR: dict[str, Any] = {"uses_wheelchair": True}


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def make_film(*, capacity: int, wheelchair: int = 1, companion: int = 0) -> Roster:
    kept = [PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=wheelchair)]
    if companion:
        kept.append(PoolFacts(kind=PoolKind.COMPANION, capacity=companion))
    activity = make_activity(starts=[at(10, days=5)])
    return make_roster(activity, capacity=capacity, pools=kept, release_minutes=1440, offer_minutes=60)


def comes(roster: Roster, now: datetime | None = None, **wish: Any) -> Any:
    [made] = sign_up(roster, make_person(birth_year=1990), now=now, wish=wish)
    return made


def leaves(one: Any, now: datetime) -> None:
    with transaction():
        cancel(one, by=one.person, now=now, reason="x")


def morning(roster: Roster, now: datetime) -> None:
    with transaction():
        offer_held(hold(roster), now=now)


def sits_at(one: Any) -> PoolKind:
    assert state_of(one) in {"confirmed", "offered"}
    return db.session.get_one(Pool, one.pool_id).kind


@ONE_ENGINE
def test_a_wheelchair_user_sits_at_a_general_place_where_no_other_is_left() -> None:
    roster = make_film(capacity=2)
    first, second = comes(roster, **IN_A_WHEELCHAIR), comes(roster, **IN_A_WHEELCHAIR)
    assert [sits_at(first), sits_at(second)] == [PoolKind.WHEELCHAIR, PoolKind.GENERAL]


@ONE_ENGINE
def test_a_wheelchair_place_that_nobody_needed_is_still_there_for_the_first_who_does() -> None:
    roster = make_film(capacity=5)
    released = at(11, days=4)
    assert sits_at(comes(roster, released)) is PoolKind.GENERAL
    one, two = (comes(roster, released, **IN_A_WHEELCHAIR) for _ in range(2))
    assert [sits_at(one), sits_at(two)] == [PoolKind.WHEELCHAIR, PoolKind.GENERAL]
    assert the_pool(roster, PoolKind.WHEELCHAIR).capacity == 1, "the plan stays as it is"


def test_a_released_wheelchair_place_is_anybodys_once_all_others_are_taken() -> None:
    roster = make_film(capacity=1)
    early = at(11, days=3)
    assert sits_at(comes(roster, early)) is PoolKind.GENERAL
    waits = comes(roster, early)
    assert state_of(waits) == "waiting"
    comes(roster, at(11, days=4))
    assert sits_at(waits) is PoolKind.WHEELCHAIR


def test_whoever_needs_it_comes_first_at_a_wheelchair_place_however_late_they_queued() -> None:
    roster, released, night = make_film(capacity=1), at(11, days=4), at(22, days=4)
    comes(roster, released)
    sits = comes(roster, released, **IN_A_WHEELCHAIR)
    before, needs = comes(roster, released), comes(roster, released, **IN_A_WHEELCHAIR)
    leaves(sits, night)
    assert (state_of(before), state_of(needs)) == ("waiting", "waiting")
    late = comes(roster, night, **IN_A_WHEELCHAIR)
    assert state_of(late) == "waiting", "another who needs it was there before"
    morning(roster, at(8, days=5))
    assert sits_at(needs) is PoolKind.WHEELCHAIR
    assert (state_of(before), state_of(late)) == ("waiting", "waiting")


@ONE_ENGINE
def test_at_night_somebody_in_a_wheelchair_does_not_stand_behind_those_who_need_no_such_place() -> None:
    roster, released, night = make_film(capacity=1), at(11, days=4), at(22, days=4)
    comes(roster, released)
    sits = comes(roster, released, **IN_A_WHEELCHAIR)
    waits = comes(roster, released)
    leaves(sits, night)
    assert sits_at(comes(roster, night, **IN_A_WHEELCHAIR)) is PoolKind.WHEELCHAIR
    assert state_of(waits) == "waiting"


@ONE_ENGINE
def test_whoever_waits_for_a_companion_seat_keeps_no_place_from_those_behind() -> None:
    roster = make_film(capacity=5, companion=1)
    with_seat, waits = (comes(roster, wants_companion=True) for _ in range(2))
    assert state_of(waits) == "waiting", "there is one companion seat"
    assert sits_at(comes(roster)) is PoolKind.GENERAL
    leaves(with_seat, clock.now())
    assert sits_at(waits) is PoolKind.GENERAL, "and the seat goes to whoever waited for it"


@ONE_ENGINE
def test_a_couple_of_whom_one_needs_a_wheelchair_place_waits_its_turn_and_the_place_waits_for_them() -> None:
    roster, released = make_film(capacity=1), at(11, days=4)
    sits = comes(roster, released)
    home = {"building": make_building(), "unit": "1", "door": "1", "birth_year": 1990}
    in_wheelchair, partner = trust(make_person(**home), make_person(**home))
    actions_of = [PlaceRequest(person_id=in_wheelchair.id, **IN_A_WHEELCHAIR), PlaceRequest(person_id=partner.id)]
    request = SignUpRequest(places=actions_of, request_key="both", stays_together=True)
    with transaction():
        both = actions.sign_up(roster, request, by=in_wheelchair, as_staff=False, now=released).sign_ups
    assert [state_of(each) for each in both] == ["waiting", "waiting"]
    behind = comes(roster, released)
    morning(roster, at(8, days=5))
    assert state_of(behind) == "waiting", "the wheelchair place is theirs who need it"
    leaves(sits, at(8, days=5))
    assert [sits_at(each) for each in both] == [PoolKind.WHEELCHAIR, PoolKind.GENERAL]
