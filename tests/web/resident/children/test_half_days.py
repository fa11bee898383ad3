"""A guardian takes a whole day in the holidays apart, and whoever is on duty and the kitchen read it."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Stay, WayHome
from center.kernel.db import db
from center.people.models import Account, Role
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, guardians, term_from_today, today
from tests.afterschool.plans.test_half_days import HOLIDAYS
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def early(app: Flask) -> Iterator[None]:
    """Half past seven of a Monday."""
    with time_machine.travel(datetime(2026, 11, 22, 23, 30), tick=True):
        yield


@pytest.fixture(name="enrolment")
def _enrolment(app: Flask) -> Enrolment:
    return enrol(term_from_today(**HOLIDAYS), make_child(make_person(name="妈妈李"), name="王小明"))


@pytest.fixture(name="mother")
def _mother(enrolment: Enrolment, client: FlaskClient) -> Account:
    account = make_account(guardians(enrolment.child)[0])
    sign_in(client, account)
    return account


def test_two_taps_leave_a_child_the_afternoon(client: FlaskClient, mother: Account, enrolment: Enrolment) -> None:
    page = f"/children/{enrolment.child_id}/plan/{enrolment.id}/{today()}"
    assert 'value="stay:afternoon"' in client.get(page).text
    assert client.post(page, data={"choice": "stay:afternoon"}).status_code == 303
    plan = client.get(f"/children/{enrolment.child_id}/plan").text
    assert "下午，不吃午餐" in plan
    assert "13:00" in plan
    assert 'value="stay:afternoon"' not in client.get(page).text
    assert client.post(page, data={"choice": "stay:night"}).status_code == 422


def test_the_week_has_a_part_of_the_day_for_each_weekday(
    client: FlaskClient, mother: Account, enrolment: Enrolment
) -> None:
    page = f"/children/{enrolment.child_id}/week/{enrolment.id}"
    shown = client.get(page).text
    seen = re.search(r'name="seen"[^>]*value="([^"]*)"', shown)
    assert seen is not None
    weekday = (today().weekday() + 1) % 7
    ways = {f"way_{n}": "collected" for n in range(7)} | {f"stay_{n}": "whole" for n in range(7)}
    sent = {**ways, f"stay_{weekday}": "morning_lunch", "seen": seen[1]}
    assert client.post(page, data=sent).status_code == 303
    row = select(WayHome.stay).where(WayHome.enrolment_id == enrolment.id, WayHome.weekday == weekday)
    assert db.session.scalar(row) is Stay.MORNING_LUNCH
    assert "上午和午餐" in client.get(f"/children/{enrolment.child_id}/plan").text


def test_a_week_after_school_asks_for_no_part(client: FlaskClient, mother: Account, enrolment: Enrolment) -> None:
    other = enrol(term_from_today(), enrolment.child)
    assert "stay_0" not in client.get(f"/children/{other.child_id}/week/{other.id}").text


def test_whoever_is_on_duty_reads_the_half_and_the_kitchen_its_count(
    client: FlaskClient, mother: Account, enrolment: Enrolment
) -> None:
    for n in range(2):
        enrol(enrolment.term, make_child(name=f"孩子{n}"))
    page = f"/children/{enrolment.child_id}/plan/{enrolment.id}/{today()}"
    client.post(page, data={"choice": "stay:afternoon"})
    tutor = make_account(make_person(name="陈老师"), roles=[Role.TUTOR])
    make_duty(enrolment.term.days[0], tutor.person, is_owner=True)
    sign_in(client, tutor)
    day = client.get("/classroom/day").text
    assert "下午，不吃午餐" in day
    assert "13:00" in day
    lunch = client.get("/classroom/day/lunch").text
    assert "2 名孩子" in lunch
    assert "王小明" not in lunch


def test_there_is_no_lunch_list_after_school(client: FlaskClient) -> None:
    term = term_from_today()
    tutor = make_account(roles=[Role.TUTOR])
    make_duty(term.days[0], tutor.person)
    sign_in(client, tutor)
    assert client.get("/classroom/day/lunch").status_code == 404
