"""Who may not collect a child, who may be named to, and what the list says of them."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.afterschool.collectors import listing
from center.afterschool.collectors.bars import WantsToCollect, bar_against, bars_of
from center.afterschool.collectors.listing import ListState, may_collect
from center.afterschool.models.plans import Bar, BarLevel
from center.afterschool.plans import barring, collecting
from center.afterschool.plans.barring import BarFacts
from center.afterschool.plans.collecting import CollectorFacts
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.trail import StaffEvent
from center.notices.models import Notice
from center.people import acting
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import guardians, make_bar, make_collector, today
from tests.builders import make_person
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

PAPER = "（2026）鄂0107民初1号"


@pytest.fixture(name="child")
def _child(app: Flask) -> Person:
    return make_child(make_person(name="李秀兰"), make_person(name="王建国"), name="王小明")


def bar(child: Person, *, is_director: bool = True, **facts: Any) -> Bar:
    known = {"level": BarLevel.DENY, "name": "赵某", "document": PAPER, "reason": "妈妈说的"}
    with transaction():
        said = BarFacts(**{**known, **facts})
        return barring.set_bar(child, said, by=guardians(child)[0], is_director=is_director, now=clock.now())


def standing(child: Person, name: str) -> ListState:
    db.session.rollback()
    return next(each.standing for each in may_collect(child, today()) if each.name == name)


def name(child: Person, who: str = "刘桂芬", **facts: Any) -> listing.Adult:
    with transaction():
        said = CollectorFacts(
            **{"name": who, "relation": "奶奶", "phone": "13812345678", "starts_on": today(), **facts}
        )
        collecting.name_collector(child, said, guardian=guardians(child)[0], by=guardians(child)[0], now=clock.now())
    return next(each for each in may_collect(child, today()) if each.name == who)


@pytest.mark.parametrize(
    ("facts", "is_director", "field"),
    [
        ({}, False, "level"),
        ({"document": ""}, True, "document"),
        ({"name": "王建国", "document": " "}, True, "document"),
        ({"level": BarLevel.ALERT, "reason": ""}, False, "reason"),
        ({"name": ""}, True, "name"),
    ],
)
def test_nobody_is_kept_away_without_what_it_takes(
    child: Person, facts: dict[str, Any], is_director: bool, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        bar(child, is_director=is_director, **facts)
    assert refused.value.field == field
    assert bars_of(child, clock.now()) == []


def test_of_a_guardian_without_a_paper_the_director_decides_when_they_come(child: Person) -> None:
    father = guardians(child)[1]
    row = bar(child, level=BarLevel.ALERT, name="王建国", document="", is_director=False)
    assert row.person_id == father.id
    assert standing(child, "王建国") is ListState.VALID, "guardians have equal rights"


def test_a_bar_is_set_once_and_lifted_with_why_by_whom_it_takes(child: Person) -> None:
    first = bar(child)
    assert bar(child).id == first.id
    lift: dict[str, Any] = {"by": guardians(child)[0], "now": clock.now()}
    refused: list[dict[str, Any]] = [{"why": "判决撤销", "is_director": False}, {"why": " ", "is_director": True}]
    for facts in refused:
        with pytest.raises(RuleBroken), transaction():
            barring.lift_bar(first, **facts, **lift)
    with transaction():
        barring.lift_bar(first, why="判决撤销", is_director=True, **lift)
    assert bars_of(child, clock.now()) == []
    assert [each.id for each in bars_of(child, first.set_at)] == [first.id]
    acts = list(db.session.scalars(select(StaffEvent.act).order_by(StaffEvent.id)))
    assert acts == ["collection_barred", "collection_bar_lifted"]


@pytest.mark.parametrize(
    ("wanted", "is_meant"),
    [
        (WantsToCollect(name="别人"), False),
        (WantsToCollect(name=" 赵 某"), True),
        (WantsToCollect(name="赵某"), True),
        (WantsToCollect(name="改了名", phone="13800000001"), True),
        (WantsToCollect(name="别人", phone=""), False),
    ],
)
def test_somebody_is_known_by_name_or_phone(child: Person, wanted: WantsToCollect, is_meant: bool) -> None:
    make_bar(child, "赵某", phone="13800000001")
    make_bar(child, "钱某", level=BarLevel.ALERT, phone="")
    assert (bar_against(bars_of(child, clock.now()), wanted) is not None) is is_meant


def test_what_denies_comes_before_what_alerts(child: Person) -> None:
    make_bar(child, "赵某", level=BarLevel.ALERT)
    make_bar(child, "赵某")
    found = bar_against(bars_of(child, clock.now()), WantsToCollect(name="赵某"))
    assert found is not None
    assert found.level is BarLevel.DENY


def test_who_is_barred_cannot_be_named_by_the_other_guardian(child: Person) -> None:
    make_bar(child, "赵某", phone="13812345678")
    for who in ("赵某", "改了名"):
        with pytest.raises(RuleBroken):
            name(child, who)


def test_the_list_tells_apart_how_each_stands(child: Person) -> None:
    yesterday, now = today() - timedelta(days=1), clock.now()
    make_collector(child, "到期", ends_on=yesterday)
    make_collector(child, "今天", starts_on=today(), ends_on=today())
    make_collector(child, "以后", starts_on=today() + timedelta(days=1))
    make_collector(child, "撤销", revoked_at=now, revoked_by_id=child.id)
    name(child)
    found = {each.name: (each.standing, each.may_collect) for each in may_collect(child, today())}
    assert found == {
        "李秀兰": (ListState.VALID, True),
        "王建国": (ListState.VALID, True),
        "今天": (ListState.VALID, True),
        "刘桂芬": (ListState.UNVERIFIED, True),
        "以后": (ListState.NOT_YET, False),
        "到期": (ListState.EXPIRED, False),
        "撤销": (ListState.REVOKED, False),
    }
    assert standing_then(child, "撤销") is ListState.VALID, "a minute ago they were on the list"


def standing_then(child: Person, who: str) -> ListState:
    before = clock.now() - timedelta(minutes=1)
    return next(each.standing for each in may_collect(child, today(), before) if each.name == who)


def test_staff_check_somebody_and_who_was_taken_off_is_not_checked(child: Person) -> None:
    row = name(child).collector
    assert row is not None
    with transaction():
        collecting.verify(row, by=make_person_of(child), now=clock.now())
    assert standing(child, "刘桂芬") is ListState.VALID
    with transaction():
        collecting.revoke(row, by=guardians(child)[0], now=clock.now())
    assert standing(child, "刘桂芬") is ListState.REVOKED
    with pytest.raises(RuleBroken), transaction():
        collecting.verify(row, by=make_person_of(child), now=clock.now())


def make_person_of(child: Person) -> Person:
    return guardians(child)[1]


def test_the_other_guardian_hears_who_may_collect(child: Person) -> None:
    name(child)
    father = guardians(child)[1]
    kinds = list(db.session.scalars(select(Notice.kind).where(Notice.kind.startswith("after_school."))))
    readers = set(db.session.scalars(select(Notice.person_id).where(Notice.kind.startswith("after_school."))))
    assert (kinds, readers) == (["after_school.collectors_changed"], {father.id})


def test_a_guardians_own_row_ends_with_their_guardianship(child: Person) -> None:
    father = guardians(child)[1]
    with transaction():
        row = listing.row_of_guardian(child, father, relation="爸爸", by=father, now=clock.now())
        again = listing.row_of_guardian(child, father, relation="爸爸", by=father, now=clock.now())
    assert row.id == again.id
    assert [each.name for each in may_collect(child, today())].count("王建国") == 1
    with transaction():
        [guardianship] = [each for each in acting.guardians_of(child, on=today()) if each.guardian_id == father.id]
        acting.end_guardianship(guardianship, by=father, today=today())
    assert standing(child, "王建国") is ListState.REVOKED
