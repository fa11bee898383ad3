"""The residents of the estate in the reported numbers: who lives behind which door with whom. Pure.

Of each building the units and residents are as reported; so are, over all, those aged 60 and those who live alone.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from center.demo.source import centre

OLD, GROWN = 60, 18
DOORS_A_FLOOR = 6
ELDERS_DOOR = ("2", "301")  # an elder who lives alone is behind this door of every building


@dataclass(slots=True)
class Resident:
    """One person of a household."""

    name: str
    age: int
    lives_alone: bool = False
    phone: str | None = None
    phone_is_relatives: bool = False
    guardians: list["Resident"] = field(default_factory=list)
    building: str = ""
    unit: str = ""
    door: str = ""
    id: int = 0


@dataclass(frozen=True)
class Census:
    """What one building has."""

    building: str
    units: int
    residents: int
    aged: int
    alone: int
    couples: int


def residents(source: dict[str, Any], *, chance: random.Random, scale: float = 1.0) -> list[Resident]:
    """Everybody who lives on the estate, building by building, numbered from 1."""
    everybody: list[Resident] = []
    for census in censuses(source, scale=scale):
        everybody += _building(census, chance)
    for number, resident in enumerate(everybody, start=1):
        resident.id = number
    return everybody


def censuses(source: dict[str, Any], *, scale: float = 1.0) -> list[Census]:
    """The buildings' numbers; those known of a grid or of the whole are shared out by residents."""
    buildings = source["buildings"]
    units = [round(b["units"] * scale) for b in buildings]
    people = [round(b["residents"] * scale) for b in buildings]
    aged = share_out(round(source["totals"]["aged_60_plus"] * scale), people)
    alone, couples = [0] * len(buildings), [0] * len(buildings)
    for grid in source["grids"]:
        here = [n for n, b in enumerate(buildings) if b["grid"] == grid["grid"]]
        weights = [people[n] for n in here]
        for n, singles, nests in zip(
            here,
            share_out(round(grid["living_alone"] * scale), weights),
            share_out(round(grid["empty_nest"] * scale / 2), weights),
            strict=True,
        ):
            alone[n], couples[n] = singles, nests
    return [
        Census(b["code"], *numbers) for b, *numbers in zip(buildings, units, people, aged, alone, couples, strict=True)
    ]


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """Whole numbers in proportion to the weights that add up to the total (largest remainders)."""
    whole = sum(weights) or 1
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda n: (-(total * weights[n] % whole), n))
    for n in by_remainder[: total - sum(shares)]:
        shares[n] += 1
    return shares


def _building(census: Census, chance: random.Random) -> Iterator[Resident]:
    doors = _doors(census.units, chance)
    for (unit, door), household in zip(doors, _households(census, chance), strict=True):
        _give_phones(household, chance)
        for resident in household:
            resident.building, resident.unit, resident.door = census.building, unit, door
            yield resident


def _doors(units: int, chance: random.Random) -> list[tuple[str, str]]:
    """Each unit's staircase and door in no order, after the one where an elder lives alone."""
    stairs = 2 if units < 200 else 3
    floors = -(-units // (stairs * DOORS_A_FLOOR))
    doors = [
        (str(stair), f"{floor}{place:02d}")
        for floor in range(1, floors + 1)
        for place in range(1, DOORS_A_FLOOR + 1)
        for stair in range(1, stairs + 1)
    ][:units]
    chance.shuffle(doors)
    others = [door for door in doors if door != ELDERS_DOOR]
    return [ELDERS_DOOR, *others][:units]


def _households(census: Census, chance: random.Random) -> Iterator[list[Resident]]:
    """As many households as units: elders alone, elderly couples, and the rest in families or alone."""
    alone = max(1, census.alone)
    for _ in range(alone):
        yield [_person(_old_age(chance), chance, lives_alone=True)]
    for _ in range(census.couples):
        yield _couple(_old_age(chance), chance)
    rest = census.units - alone - census.couples
    elders_left = census.aged - alone - 2 * census.couples
    extra = census.residents - census.units - census.couples
    for size in _sizes(rest, extra, chance):
        has_elder = size > 1 and elders_left > 0
        elders_left -= has_elder
        yield _family(size, has_elder, chance)


def _sizes(households: int, extra: int, chance: random.Random) -> list[int]:
    """How many live in each household: one, and `extra` more shared among the first ones."""
    sizes = []
    for left in range(households, 0, -1):
        room = -(-extra // left)  # those after this one must not overflow
        more = min(extra, max(chance.choices((1, 2, 3), (45, 35, 20))[0], room))
        sizes.append(1 + more)
        extra -= more
    return sizes


def _family(size: int, has_elder: bool, chance: random.Random) -> list[Resident]:
    if size == 1:
        return [_person(chance.randint(20, 59), chance)]
    name = surname(chance)
    grown = [_person(chance.randint(26, 48), chance, family_name=name)]
    if has_elder:
        grown.append(_person(min(99, grown[0].age + chance.randint(24, 30) + 10), chance, family_name=name))
        grown[-1].age = max(OLD, grown[-1].age)
    elif size > 2 or chance.random() < 0.6:
        grown.append(_person(max(22, grown[0].age + chance.randint(-4, 4)), chance))
    grown = grown[:size]
    children = [_person(_child_age(grown[0], chance), chance, family_name=name) for _ in range(size - len(grown))]
    for child in children:
        child.guardians = grown[:2]
    return [*grown, *children]


def _couple(age: int, chance: random.Random) -> list[Resident]:
    return [
        _person(age, chance, is_woman=False),
        _person(max(OLD, age - chance.randint(0, 5)), chance, is_woman=True),
    ]


def _child_age(parent: Resident, chance: random.Random) -> int:
    return chance.randint(1, min(GROWN - 1, max(1, parent.age - 22)))


def _old_age(chance: random.Random) -> int:
    return min(97, OLD + int(chance.expovariate(1 / 10)))


def _person(
    age: int, chance: random.Random, *, family_name: str = "", is_woman: bool | None = None, lives_alone: bool = False
) -> Resident:
    is_woman = chance.random() < 0.52 if is_woman is None else is_woman
    name = (family_name or surname(chance)) + given_name(age, is_woman=is_woman, chance=chance)
    return Resident(name, age, lives_alone)


def _give_phones(household: list[Resident], chance: random.Random) -> None:
    """One phone a household, sometimes two; elders often have a relative's, and some have none."""
    phones = [f"199000000{chance.randrange(100):02d}" for _ in range(2)]
    for place, resident in enumerate(household):
        if resident.age < GROWN:
            continue
        luck = chance.random()
        if resident.age >= 70 and luck < 0.15:
            continue
        resident.phone = phones[place % 2]
        resident.phone_is_relatives = resident.age >= 70 and luck < 0.4


def surname(chance: random.Random) -> str:
    """A surname, the common ones more often."""
    surnames = centre()["names"]["surnames"]
    return chance.choices(surnames, [max(2, 60 - n) for n in range(len(surnames))])[0]


def given_name(age: int, *, is_woman: bool, chance: random.Random) -> str:
    """A given name as the person's generation bears them; the young often have one character only."""
    known = next(each for each in centre()["names"]["given"] if age >= each["from_age"])
    first, second = known["women" if is_woman else "men"]
    if age < 55 and chance.random() < 0.2:
        return chance.choice(second)
    return chance.choice(first) + chance.choice(second)
