"""Who may be the same as somebody new."""

import pytest

from center.people.likeness import MOST, candidates, compare
from center.people.models import Person


def person(number: int, name: str = "李桂兰", *, door: str = "301", year: int | None = 1950, phone: str = "") -> Person:
    key = {"李桂兰": "li gui lan", "李桂蓝": "li gui lan", "王明": "wang ming"}[name]
    return Person(
        id=number, name=name, sort_key=key, building_id=1, unit="2", door=door, birth_year=year, phone=phone or None
    )


NEW = person(1, phone="19900000001")


@pytest.mark.parametrize(
    ("known", "may_be"),
    [
        (person(2), True),
        (person(2, door="999", year=None), True),
        (person(2, "李桂蓝"), True),
        (person(2, "李桂蓝", door="999"), False),
        (person(2, "王明"), True),
        (person(2, "王明", year=1980), False),
        (person(2, "王明", door="999", year=1950, phone="19900000001"), False),
    ],
    ids=[
        "the same in everything",
        "of the same name",
        "a name that sounds alike, behind the door",
        "a name that sounds alike, elsewhere",
        "born in the year, behind the door",
        "family behind the same door",
        "only the phone and the year",
    ],
)
def test_who_may_be_the_same(known: Person, may_be: bool) -> None:
    assert compare(NEW, known).may_be is may_be


def test_the_likeliest_stands_first_and_five_are_enough() -> None:
    best, other_year, elsewhere = person(9), person(3, year=1980), person(4, door="999", year=None)
    more = [person(number, door="999", year=1980) for number in range(10, 20)]
    found = [each.person.id for each in candidates(NEW, [*more, elsewhere, other_year, best, NEW])]
    assert found[:3] == [9, 3, 4]
    assert len(found) == MOST
