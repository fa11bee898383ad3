"""The code of a day: what it is worth, how often it can be tried, and what is kept of it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from center.afterschool.plans import codes
from center.afterschool.plans.codes import CodeAnswer
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import today
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture(name="child")
def _child(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Person:
    monkeypatch.setattr(codes, "ROUNDS", 10)
    return make_child()


def code(child: Person, on: date | None = None) -> str:
    with transaction():
        return codes.code_of(child, on or today(), by=make_person_once(), now=clock.now())


def make_person_once() -> Person:
    found = db.session.scalars(db.select(Person).where(Person.phone.is_not(None)).order_by(Person.id)).first()
    assert found is not None
    return found


def use(child: Person, typed: str, on: date | None = None) -> CodeAnswer:
    with transaction():
        return codes.use(child, on or today(), typed, now=clock.now())


def test_a_code_is_the_same_for_everybody_who_looks_and_worth_something_once(child: Person) -> None:
    first = code(child)
    assert code(child) == first
    assert len(first) == codes.LENGTH
    assert len(codes.LETTERS) ** codes.LENGTH > 2**20
    assert use(child, first) is CodeAnswer.RIGHT
    assert use(child, first) is CodeAnswer.USED


@pytest.mark.parametrize(
    "spelt",
    [
        lambda made: codes.spaced(made).lower(),
        lambda made: f"QHC:{made}",
        lambda made: "".join(chr(ord(each) + 0xFEE0) for each in made),
        lambda made: f" {made[:3]}-{made[3:]} ",
    ],
    ids=["small", "square", "wide", "dash"],
)
def test_small_letters_blanks_full_width_and_the_square_read_the_same(
    child: Person, spelt: Callable[[str], str]
) -> None:
    assert use(child, spelt(code(child))) is CodeAnswer.RIGHT


def test_three_wrong_codes_lock_it_and_the_right_one_helps_no_more(child: Person) -> None:
    made = code(child)
    assert [use(child, "AAAAAA") for _ in range(3)] == [CodeAnswer.WRONG, CodeAnswer.WRONG, CodeAnswer.LOCKED]
    assert use(child, made) is CodeAnswer.LOCKED
    with pytest.raises(RuleBroken), transaction():
        codes.renew(child, today(), by=make_person_once(), now=clock.now())


def test_yesterdays_code_and_another_childs_are_worth_nothing(child: Person) -> None:
    yesterday = code(child, today() - timedelta(days=1))
    other = code(make_child())
    assert use(child, yesterday) is CodeAnswer.NONE
    code(child)
    assert use(child, yesterday) is CodeAnswer.WRONG
    assert use(child, other) is CodeAnswer.WRONG


def test_a_code_that_somebody_saw_is_replaced_until_it_was_used(child: Person) -> None:
    seen = code(child)
    use(child, "AAAAAA")
    with transaction():
        renewed = codes.renew(child, today(), by=make_person_once(), now=clock.now())
    assert use(child, seen) is CodeAnswer.WRONG
    assert use(child, renewed) is CodeAnswer.RIGHT
    with pytest.raises(RuleBroken), transaction():
        codes.renew(child, today(), by=make_person_once(), now=clock.now())


def test_no_code_is_kept_and_a_device_compares_a_slow_digest(child: Person) -> None:
    made = code(child)
    row = codes.find(child.id, today())
    assert row is not None
    assert made not in f"{row.code_hash} {row.salt} {row.slow_hash}"
    assert row.slow_hash == codes.slow_digest(made, row.salt)
    assert use(child, made) is CodeAnswer.RIGHT
    assert use(child, made) is CodeAnswer.USED


def test_the_slow_digest_is_slow() -> None:
    assert codes.ROUNDS == 600_000
