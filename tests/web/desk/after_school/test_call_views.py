"""A guardian without a smartphone rings the desk: found, rung back, written down."""

from collections.abc import Iterator
from datetime import datetime, time

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db
from center.people.models import Person, Role
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol, term_from_today
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE
LATE = datetime(2026, 11, 23, 7, 1)  # a minute past three at the centre


@pytest.fixture(autouse=True)
def afternoon(app: Flask, client: FlaskClient) -> Iterator[None]:
    make_centre()
    with time_machine.travel(LATE, tick=True):
        sign_in(client, make_account(make_person(name="周敏"), roles=[Role.CLERK]))
        yield


@pytest.fixture(name="grandma")
def _grandma(app: Flask) -> Person:
    return make_person(name="刘桂芬", phone="13812345678")


@pytest.fixture(name="enrolment")
def _enrolment(grandma: Person) -> Enrolment:
    return enrol(term_from_today(cut_off=time(15)), make_child(grandma, name="王小明"))


def change() -> PlanChange | None:
    db.session.rollback()
    return db.session.scalar(db.select(PlanChange))


def test_a_change_by_phone_after_the_cut_off(client: FlaskClient, enrolment: Enrolment, grandma: Person) -> None:
    found = client.get("/desk/after-school/calls?phone=138 1234 5678").text
    here = f"/desk/after-school/calls/{enrolment.id}/{grandma.id}"
    assert here in found
    assert "王小明" not in found
    assert "王*明" in found
    assert "13812345678" in client.get(here).text, "it is dialled now"
    said = {"choice": "leave", "rang_from": "02787654321", "rang_back": "13812345678"}
    assert client.post(here, data=said).status_code == 303
    row = change()
    assert row is not None
    assert (row.is_after_cut_off, row.rang_from, row.rang_back) == (True, "02787654321", "13812345678")
    kinds = set(db.session.scalars(db.select(AccessEvent.kind)))
    assert {Kind.CHILD, Kind.PHONE} <= kinds


@pytest.mark.parametrize("number", ["5678", "1381234567", "13812345679", "王小明", ""])
def test_nobody_is_found_by_part_of_a_number_or_a_name(client: FlaskClient, enrolment: Enrolment, number: str) -> None:
    assert "王*明" not in client.get("/desk/after-school/calls", query_string={"phone": number}).text


@pytest.mark.parametrize("number", ["", "13912345678"])
def test_without_ringing_back_nothing_is_changed(
    client: FlaskClient, enrolment: Enrolment, grandma: Person, number: str
) -> None:
    here = f"/desk/after-school/calls/{enrolment.id}/{grandma.id}"
    assert client.post(here, data={"choice": "leave", "rang_back": number}).status_code == 422
    assert change() is None


def test_who_is_no_guardian_of_the_child_has_no_page(client: FlaskClient, enrolment: Enrolment) -> None:
    assert client.get(f"/desk/after-school/calls/{enrolment.id}/{make_person().id}").status_code == 404
