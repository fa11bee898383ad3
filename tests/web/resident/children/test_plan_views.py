"""What guardians see and say of their child's plan: pages, forms, and who else sees them."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.afterschool.collectors import listing
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import BarLevel, Collector, PickUpCode, PlanChange, Way
from center.afterschool.plans import codes, weeks
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol, make_bar, make_collector, term_from_today, today
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.test_editing import fields_of

pytestmark = ONE_ENGINE
NINE = datetime(2026, 11, 23, 1)
LATE = datetime(2026, 11, 23, 7, 1)  # a minute past three at the centre


@pytest.fixture(autouse=True)
def morning(app: Flask) -> Iterator[None]:
    make_centre()
    with time_machine.travel(NINE, tick=True):
        yield


@pytest.fixture(name="mother")
def _mother(client: FlaskClient) -> Account:
    account = make_account()
    sign_in(client, account)
    return account


@pytest.fixture(name="enrolment")
def _enrolment(mother: Account) -> Enrolment:
    return enrol(term_from_today(cut_off=time(15)), make_child(mother.person, name="王小明"))


def day_of(enrolment: Enrolment) -> str:
    return f"/children/{enrolment.child_id}/plan/{enrolment.id}/{today().isoformat()}"


def changes() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(db.select(PlanChange.what).order_by(PlanChange.id)))


def test_a_day_is_changed_in_two_taps(client: FlaskClient, enrolment: Enrolment) -> None:
    grandma = make_collector(enrolment.child, "刘桂芬")
    plan = client.get(f"/children/{enrolment.child_id}/plan").text
    assert day_of(enrolment) in plan
    assert f'value="collector:{grandma.id}"' in client.get(day_of(enrolment)).text
    for _twice in range(2):
        answer = client.post(day_of(enrolment), data={"choice": f"collector:{grandma.id}"}, follow_redirects=True)
        assert "由刘桂芬来接" in answer.text
        assert "当班人员还没看到" in answer.text
    assert changes() == ["collector"]


def test_a_minute_after_the_cut_off_the_page_says_whom_to_ring(client: FlaskClient, enrolment: Enrolment) -> None:
    with time_machine.travel(LATE, tick=True):
        assert "027-0000-0000" in client.get(day_of(enrolment)).text
        answer = client.post(day_of(enrolment), data={"choice": "leave"})
    assert answer.status_code == 422
    assert "15:00" in answer.text
    assert changes() == []


@pytest.mark.parametrize("typed", [{}, {"choice": "sibling:x"}, {"choice": "collector:99999"}, {"choice": "alone"}])
def test_what_cannot_be_is_refused_on_the_page(
    client: FlaskClient, enrolment: Enrolment, typed: dict[str, str]
) -> None:
    assert client.post(day_of(enrolment), data=typed).status_code == 422
    assert changes() == []


def test_nobody_opens_the_pages_of_somebody_elses_child(client: FlaskClient, enrolment: Enrolment) -> None:
    other = enrol(enrolment.term, make_child())
    mine, theirs = enrolment.child_id, other.child_id
    addresses = [f"/children/{theirs}/{page}" for page in ("plan", "collectors", "code", f"week/{other.id}")]
    addresses += [f"/children/{mine}/week/{other.id}", day_of(other), day_of(other).replace(f"/{theirs}/", f"/{mine}/")]
    assert {client.get(each).status_code for each in addresses} == {404}
    row = make_collector(other.child)
    assert client.post(f"/children/{mine}/collectors/{row.id}/revoke").status_code == 404


def test_the_week_is_changed_and_who_comes_second_is_shown_it(client: FlaskClient, enrolment: Enrolment) -> None:
    address = f"/children/{enrolment.child_id}/week/{enrolment.id}"
    opened = fields_of(client.get(address).text)
    assert client.post(address, data={**opened, "way_1": "not"}).status_code == 303
    assert client.post(address, data={**opened, "way_2": "bus", "bus": "3号"}).status_code == 409
    again = {**fields_of(client.get(address).text), "way_2": "bus", "bus": "3号"}
    assert client.post(address, data=again).status_code == 303
    db.session.rollback()
    week = weeks.week_of(enrolment)
    assert 1 not in week
    assert (week[2].way, week[2].bus) == (Way.BUS, "3号")


def test_todays_weekday_is_not_changed_by_way_of_the_week(client: FlaskClient, enrolment: Enrolment) -> None:
    address = f"/children/{enrolment.child_id}/week/{enrolment.id}"
    with time_machine.travel(LATE, tick=True):
        opened = fields_of(client.get(address).text)
        assert client.post(address, data={**opened, "way_0": "not"}).status_code == 422
        assert client.post(address, data={**opened, "way_3": "not"}).status_code == 303
    db.session.rollback()
    assert sorted(weeks.week_of(enrolment)) == [0, 1, 2, 4, 5, 6]


def typed(**facts: Any) -> dict[str, Any]:
    known = {"name": "刘桂芬", "relation": "奶奶", "phone": "13812345678", "how_long": "always"}
    return {**known, "starts_on": today().isoformat(), **facts}


def test_somebody_is_put_on_the_list_once_and_taken_off_at_once(client: FlaskClient, enrolment: Enrolment) -> None:
    address = f"/children/{enrolment.child_id}/collectors"
    for _twice in range(2):
        assert client.post(address, data=typed()).status_code == 303
    db.session.rollback()
    [_guardian, named] = listing.may_collect(enrolment.child, today())
    assert (named.name, named.standing) == ("刘桂芬", listing.ListState.UNVERIFIED)
    assert named.collector is not None
    assert client.post(f"{address}/{named.collector.id}/revoke").status_code == 303
    db.session.rollback()
    assert [each.may_collect for each in listing.may_collect(enrolment.child, today())] == [True, False]


@pytest.mark.parametrize(
    "wrong", [{"phone": "12"}, {"starts_on": "2026-11-22"}, {"how_long": "until"}, {"name": ""}, {"name": "赵某"}]
)
def test_who_cannot_be_named_is_said(client: FlaskClient, enrolment: Enrolment, wrong: dict[str, str]) -> None:
    make_bar(enrolment.child, "赵某")
    answer = client.post(f"/children/{enrolment.child_id}/collectors", data=typed(**wrong))
    assert answer.status_code == 422
    assert "赵某" not in answer.text or "name" in wrong


def test_the_code_is_shown_again_and_is_new_when_asked(
    client: FlaskClient, enrolment: Enrolment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "ROUNDS", 10)
    address = f"/children/{enrolment.child_id}/code"
    client.post(address)
    row = codes.find(enrolment.child_id, today())
    assert row is not None
    first = codes.spaced(codes.code_in(row))
    assert first in client.get(address).text
    client.post(f"{address}/renew")
    assert first not in client.get(address).text


@pytest.mark.parametrize("by", ["person", "phone", "name"])
def test_a_guardian_who_may_not_collect_is_sent_to_the_director(
    client: FlaskClient, enrolment: Enrolment, mother: Account, by: str
) -> None:
    me, child, staff = mother.person, enrolment.child, make_person()
    with transaction():
        code = codes.code_of(child, today(), by=staff, now=clock.now())
    meant: dict[str, dict[str, Any]] = {"person": {"person_id": me.id}, "phone": {"phone": me.phone}}
    at = f"/children/{child.id}"
    assert code[:3] in client.get(f"{at}/code").text
    make_bar(child, me.name if by == "name" else "某人", **meant.get(by, {}))
    week = f"{at}/week/{enrolment.id}"
    for page in (f"{at}/code", day_of(enrolment), week, f"{at}/collectors"):
        shown = client.get(page).text
        assert "怎么回家请与中心主任联系" in shown, page
        assert code[:3] not in shown
        assert 'name="choice"' not in shown
        assert 'name="phone"' not in shown
        assert 'name="way_0"' not in shown
    assert client.post(day_of(enrolment), data={"choice": "leave"}).status_code == 422
    new = {"name": "刘桂芬", "relation": "奶奶", "phone": "13812345678", "starts_on": today().isoformat()}
    assert client.post(f"{at}/collectors", data=new).status_code == 422
    assert client.post(week, data={f"way_{day}": "not" for day in range(7)}).status_code == 422
    for press in ("code", "code/renew"):
        assert "怎么回家请与中心主任联系" in client.post(f"{at}/{press}", follow_redirects=True).text
    assert changes() == []
    assert len(weeks.week_of(db.session.get_one(Enrolment, enrolment.id))) == 7
    assert codes.code_in(db.session.scalars(db.select(PickUpCode)).one()) == code
    assert db.session.scalar(db.select(Collector)) is None
    assert client.get(f"{at}/plan").status_code == 200


def test_of_whom_the_director_is_asked_first_still_says_how_a_day_goes(
    client: FlaskClient, enrolment: Enrolment, mother: Account
) -> None:
    make_bar(enrolment.child, mother.person.name, level=BarLevel.ALERT, reason="妈妈说的")
    assert client.post(day_of(enrolment), data={"choice": "leave"}).status_code == 303
