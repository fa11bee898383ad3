"""Who may have a place, from which pool, until when: the rule book of sign-ups."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.activities.models import ActivityState
from center.kernel.waking import after_waking, is_waking, next_waking
from center.people.acting import Ground
from center.signups.models import HOLDING, LIVE, Channel, Mode, Pool, PoolKind, SignUpState
from center.signups.refusals import Gate, gate_breaches
from center.signups.rules import (
    TRANSITIONS,
    Gates,
    Shut,
    Who,
    Window,
    age_in,
    assignment,
    goes_directly,
    may_become,
    pools_for,
    shut_because,
)
from tests.builders import ZONE
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(ZONE))


def local(hour: int, minute: int = 0, day: int = 24) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("moment", "minutes", "until"),
    [
        (local(10), 60, local(11)),
        (local(20, 30), 30, local(21)),
        (local(20, 30), 60, local(8, 30, day=25)),
        (local(23), 60, local(9, day=25)),
        (local(3), 60, local(9)),
        (local(21), 1, local(8, 1, day=25)),
        (local(10), 13 * 60, local(10, day=25)),
    ],
    ids=["by day", "to the last minute", "over night", "from the night", "before dawn", "at nine sharp", "a whole day"],
)
def test_an_offer_runs_out_in_waking_hours_only(moment: datetime, minutes: int, until: datetime) -> None:
    assert after_waking(moment, timedelta(minutes=minutes), ZONE) == until


@given(MOMENTS, st.integers(1, 3000))
def test_waiting_longer_never_ends_sooner_and_never_at_night(moment: Any, minutes: Any) -> None:
    end = after_waking(moment, timedelta(minutes=minutes), ZONE)
    assert end >= moment + timedelta(minutes=minutes)
    assert is_waking(end - timedelta(microseconds=1), ZONE)
    assert after_waking(moment, timedelta(minutes=minutes + 1), ZONE) > end
    assert is_waking(next_waking(moment, ZONE), ZONE)


def test_every_state_is_in_the_table_and_only_live_ones_lead_on() -> None:
    assert set(TRANSITIONS) == set(SignUpState)
    for state, to in product(SignUpState, SignUpState):
        if state not in LIVE:
            assert not may_become(state, to), "what is over is never revived"
    assert set(HOLDING) < set(LIVE)


def window(**facts: Any) -> Window:
    known = {"mode": Mode.FIRST_COME, "opens_at": None, "closes_at": None, "activity": ActivityState.PUBLISHED}
    return Window(**{**known, "starts_at": NOON + HOUR, "ends_at": NOON + 2 * HOUR, **facts})


@pytest.mark.parametrize(
    ("facts", "shut", "for_staff"),
    [
        ({}, None, None),
        ({"opens_at": NOON}, None, None),
        ({"opens_at": NOON + timedelta(microseconds=1)}, Shut.NOT_OPEN_YET, None),
        ({"closes_at": NOON}, Shut.CLOSED, None),
        ({"closes_at": NOON + timedelta(microseconds=1)}, None, None),
        ({"starts_at": NOON}, Shut.CLOSED, None),
        ({"starts_at": NOON, "closes_at": NOON + HOUR}, None, None),
        ({"starts_at": NOON - HOUR, "ends_at": NOON}, Shut.OVER, Shut.OVER),
        ({"mode": Mode.WALK_IN}, Shut.WALK_IN, None),
        ({"activity": ActivityState.DRAFT}, Shut.NOT_PUBLIC, Shut.NOT_PUBLIC),
        ({"activity": ActivityState.CANCELLED}, Shut.CALLED_OFF, Shut.CALLED_OFF),
        ({"starts_at": None, "ends_at": None}, Shut.CALLED_OFF, Shut.CALLED_OFF),
    ],
)
def test_the_window(facts: dict[str, Any], shut: Shut | None, for_staff: Shut | None) -> None:
    assert shut_because(window(**facts), now=NOON, as_staff=False) is shut
    assert shut_because(window(**facts), now=NOON, as_staff=True) is for_staff


@pytest.mark.parametrize(
    ("gates", "who", "expected"),
    [
        ({}, {"age": None}, []),
        ({"min_age": 60}, {"age": 60}, []),
        ({"min_age": 60}, {"age": 59}, [Gate.TOO_YOUNG]),
        ({"max_age": 12}, {"age": 13}, [Gate.TOO_OLD]),
        ({"min_age": 60}, {"age": None}, [Gate.AGE_UNKNOWN]),
        ({"guardian_below": 14}, {"age": 13}, [Gate.GUARDIAN]),
        ({"guardian_below": 14}, {"age": 13, "ground": Ground.HOUSEHOLD}, [Gate.GUARDIAN]),
        ({"guardian_below": 14}, {"age": 13, "ground": Ground.GUARDIAN}, []),
        ({"guardian_below": 14}, {"age": 14}, []),
        ({"residents_only": True}, {"age": 1, "is_resident": False}, [Gate.RESIDENT]),
        ({"members_only": True}, {"age": 1}, [Gate.MEMBER]),
        ({"access_need_only": True}, {"age": 1}, [Gate.ACCESS_NEED]),
        ({"access_need_only": True}, {"age": 1, "has_access_need": True}, []),
        ({"min_age": 60, "residents_only": True}, {"age": 1, "is_resident": False}, [Gate.TOO_YOUNG, Gate.RESIDENT]),
    ],
)
def test_the_gates(gates: dict[str, Any], who: dict[str, Any], expected: Any) -> None:
    assert [breach.gate for breach in gate_breaches(Gates(**gates), Who(**who))] == expected


def test_an_age_is_that_of_the_year() -> None:
    assert (age_in(2026, 1966), age_in(2026, None)) == (60, None)


def pool(number: int, kind: PoolKind = PoolKind.GENERAL, left: int = 1, **facts: Any) -> Pool:
    return Pool(id=number, kind=kind, capacity=left, taken=0, position=number, **facts)


POOLS = [
    pool(1),
    pool(2, PoolKind.ELDERS),
    pool(3, PoolKind.DESK),
    pool(4, PoolKind.BUILDING, building_id=7),
    pool(5, PoolKind.GRID, grid_id=8),
    pool(6, PoolKind.NAMED, name="嘉宾"),
    pool(7, PoolKind.COMPANION),
    pool(8, PoolKind.WHEELCHAIR),
]


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"age": 30}, [1]),
        ({"age": 60}, [2, 1]),
        ({"age": None}, [1]),
        ({"age": 30, "channel": Channel.PHONE}, [3, 1]),
        ({"age": 30, "building_id": 7, "grid_id": 8}, [4, 5, 1]),
        ({"age": 30, "pool_id": 6}, [6]),
        ({"age": 30, "pool_id": 2}, []),
        ({"age": 80, "uses_wheelchair": True}, [8, 2, 1]),
        ({"age": 30, "uses_wheelchair": True, "pool_id": 6}, [8, 6]),
    ],
    ids=[
        "anybody",
        "an elder",
        "age unknown",
        "on the phone",
        "a neighbour",
        "a guest",
        "no guest",
        "a wheelchair user sits anywhere where no such place is left",
        "a guest in a wheelchair",
    ],
)
def test_places_kept_for_somebody_come_before_those_for_all(who: dict[str, Any], expected: Any) -> None:
    assert [each.id for each in pools_for(POOLS, Who(**who))] == expected


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ({"age": 30}, [1, 2, 3, 4, 5, 6, 8]),
        ({"age": 60}, [2, 1, 3, 4, 5, 6, 8]),
        ({"age": 30, "uses_wheelchair": True}, [8, 1, 2, 3, 4, 5, 6]),
        ({"age": 30, "pool_id": 6}, [6]),
    ],
    ids=["anybody", "an elder", "a wheelchair user", "a guest"],
)
def test_released_places_are_everybodys_and_a_wheelchair_place_is_the_last_that_is_taken(
    who: dict[str, Any], expected: list[int]
) -> None:
    assert [each.id for each in pools_for(POOLS, Who(**who), is_released=True)] == expected


@given(
    st.lists(st.lists(st.integers(0, 3), unique=True, max_size=4), max_size=6),
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.booleans(),
)
def test_an_assignment_never_gives_more_than_there_is(usable: Any, lefts: Any, together: Any) -> None:
    pools = [pool(number, left=left) for number, left in enumerate(lefts)]
    picked = assignment([[pools[n] for n in each] for each in usable], [False] * len(usable), [], together=together)
    for each in pools:
        assert picked.count(each) <= each.capacity
    for wish, got in zip(usable, picked, strict=True):
        assert got is None or got.id in wish
    if together:
        assert None not in picked or set(picked) == {None}


def test_who_needs_a_companion_seat_has_no_place_without_one() -> None:
    general, seat = pool(1, left=2), pool(2, PoolKind.COMPANION, left=1)
    assert assignment([[general], [general]], [True, True], [seat], together=False) == [general, None]


def test_nobody_is_asked_when_the_answer_could_come_too_late() -> None:
    assert goes_directly(NOON, starts_at=NOON + HOUR)
    assert not goes_directly(NOON, starts_at=NOON + 2 * HOUR)
