"""The invented residents add up to what is reported of the estate."""

import random
from collections import Counter

import pytest

from center.demo.cast import PARTS, cast_parts
from center.demo.population import GROWN, OLD, Resident, residents, share_out
from center.demo.source import centre


@pytest.fixture(scope="module")
def everybody() -> list[Resident]:
    return residents(centre(), chance=random.Random("a seed"))


def test_as_many_people_units_and_elders_as_reported(everybody: list[Resident]) -> None:
    totals = centre()["totals"]
    assert len(everybody) == totals["residents"]
    assert len({(r.building, r.unit, r.door) for r in everybody}) == totals["units"]
    assert sum(r.age >= OLD for r in everybody) == totals["aged_60_plus"]
    assert sum(r.lives_alone for r in everybody) == totals["living_alone"]


def test_each_building_has_its_own_residents_and_units(everybody: list[Resident]) -> None:
    people = Counter(r.building for r in everybody)
    doors = Counter(building for building, _, _ in {(r.building, r.unit, r.door) for r in everybody})
    for building in centre()["buildings"]:
        assert people[building["code"]] == building["residents"]
        assert doors[building["code"]] == building["units"]


def test_who_lives_alone_has_the_door_to_themselves(everybody: list[Resident]) -> None:
    behind = Counter((r.building, r.unit, r.door) for r in everybody)
    assert all(behind[r.building, r.unit, r.door] == 1 for r in everybody if r.lives_alone)


def test_every_child_has_a_grown_guardian_behind_the_same_door(everybody: list[Resident]) -> None:
    children = [r for r in everybody if r.age < GROWN]
    assert children
    for child in children:
        assert child.guardians
        for guardian in child.guardians:
            assert guardian.age >= GROWN
            assert (guardian.building, guardian.unit, guardian.door) == (child.building, child.unit, child.door)


def test_phones_are_from_the_invented_range_and_some_have_none(everybody: list[Resident]) -> None:
    assert {r.phone[:-2] for r in everybody if r.phone} == {"199000000"}
    without = sum(r.phone is None for r in everybody if r.age >= GROWN)
    assert 0 < without < len(everybody) / 10


def test_the_cast_takes_the_places_of_residents_and_changes_no_total() -> None:
    everybody = residents(centre(), chance=random.Random("a seed"))
    cast = cast_parts(everybody)
    assert set(cast) == {part.key for part in PARTS}
    assert sum(r.age >= OLD for r in everybody) == centre()["totals"]["aged_60_plus"]
    assert (cast["elder"].building, cast["elder"].unit, cast["elder"].door) == ("3栋", "2", "301")
    assert cast["elder"].lives_alone
    assert any(cast["resident"] in child.guardians for child in everybody)


def test_the_same_seed_gives_the_same_people() -> None:
    once, again = (residents(centre(), chance=random.Random("a seed"), scale=0.05) for _ in range(2))
    assert [(r.name, r.age, r.door) for r in once] == [(r.name, r.age, r.door) for r in again]


@pytest.mark.parametrize(("total", "weights"), [(10, [1, 1, 1]), (0, [3, 4]), (7, [100, 1]), (5, [0, 0])])
def test_shares_add_up_to_what_is_shared(total: int, weights: list[int]) -> None:
    shares = share_out(total, weights)
    assert len(shares) == len(weights)
    assert sum(shares) == total or not any(weights)
