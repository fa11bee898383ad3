"""A guardian without a smartphone rings the desk: found, rung back, written down."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PickUpCode, PlanChange
from center.afterschool.plans import callers, codes
from center.afterschool.plans.changes import Call
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person, Role
from center.signups.models import SignUpState
from center.web.desk.after_school.call_keys import key_for
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol, make_bar, term_from_today
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


def found_at(client: FlaskClient, enrolment: Enrolment, guardian: Person) -> str:
    """Where the search by the whole number leads to."""
    found = client.get("/desk/after-school/calls", query_string={"phone": guardian.phone}).text
    address = next(each for each in re.findall(r'href="([^"]+)"', found) if address_of(enrolment, guardian) in each)
    return html.unescape(address)


def address_of(enrolment: Enrolment, guardian: Person) -> str:
    return f"/desk/after-school/calls/{enrolment.id}/{guardian.id}"


def change() -> PlanChange | None:
    db.session.rollback()
    return db.session.scalar(db.select(PlanChange))


def test_a_change_by_phone_after_the_cut_off(client: FlaskClient, enrolment: Enrolment, grandma: Person) -> None:
    found = client.get("/desk/after-school/calls?phone=138 1234 5678").text
    here = found_at(client, enrolment, grandma)
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
    here = found_at(client, enrolment, grandma)
    assert client.post(here, data={"choice": "leave", "rang_back": number}).status_code == 422
    assert change() is None


def test_who_is_no_guardian_of_the_child_has_no_page(app: Flask, client: FlaskClient, enrolment: Enrolment) -> None:
    clerk, stranger = make_account(make_person(), roles=[Role.CLERK]), make_person()
    sign_in(client, clerk)
    key = key_for(clerk.person_id, stranger.id, enrolment.id)
    assert client.get(f"{address_of(enrolment, stranger)}?key={key}").status_code == 404


def test_without_a_search_by_the_number_there_is_no_page_and_no_code(
    client: FlaskClient, enrolment: Enrolment, grandma: Person
) -> None:
    other = make_person(name="李秀兰", phone="13912345678")
    theirs = found_at(client, enrol(enrolment.term, make_child(other, name="李小红")), other)
    bare = address_of(enrolment, grandma)
    for here in (bare, f"{bare}?key=", f"{bare}?key=made.up.key", f"{bare}?{theirs.partition('?')[2]}"):
        assert client.get(here).status_code == 404
        assert client.post(here, data={"choice": "code", "rang_back": "here"}).status_code == 404
        assert client.post(here, data={"choice": "leave", "rang_back": "here"}).status_code == 404
    assert db.session.scalar(db.select(PickUpCode)) is None
    assert change() is None


def test_what_a_clerk_found_opens_for_that_clerk_alone_and_for_half_an_hour(
    client: FlaskClient, enrolment: Enrolment, grandma: Person
) -> None:
    here = found_at(client, enrolment, grandma)
    with time_machine.travel(LATE + timedelta(minutes=29), tick=True):
        assert client.get(here).status_code == 200
    with time_machine.travel(LATE + timedelta(minutes=31), tick=True):
        assert client.get(here).status_code == 404
    sign_in(client, make_account(make_person(), roles=[Role.CLERK]))
    assert client.get(here).status_code == 404


def test_the_code_is_told_to_a_guardian_who_was_rung_back(
    client: FlaskClient, enrolment: Enrolment, grandma: Person
) -> None:
    told = client.post(found_at(client, enrolment, grandma), data={"choice": "code", "rang_back": "13812345678"}).text
    assert codes.spaced(codes.code_in(db.session.scalars(db.select(PickUpCode)).one())) in told


@pytest.mark.parametrize("state", ["ended", "asked"])
@pytest.mark.parametrize("choice", ["code", "leave"])
def test_a_place_that_ended_or_is_not_confirmed_has_no_code_and_no_change(
    client: FlaskClient, enrolment: Enrolment, grandma: Person, state: str, choice: str
) -> None:
    here = found_at(client, enrolment, grandma)
    with transaction() as session:
        row = session.get_one(Enrolment, enrolment.id)
        if state == "ended":
            row.ended_at, row.ended_by_id = clock.now(), grandma.id
        else:
            row.sign_up.state, row.sign_up.pool_id = SignUpState.REQUESTED, None
    assert client.post(here, data={"choice": choice, "rang_back": "13812345678"}).status_code == 404
    assert db.session.scalar(db.select(PickUpCode)) is None
    assert change() is None
    row, call, staff = db.session.get_one(Enrolment, enrolment.id), Call(in_person=True), make_person()
    with pytest.raises(RuleBroken), transaction():
        callers.tell_code(row, call, guardian=grandma, by=staff, now=clock.now())


@pytest.mark.parametrize("choice", ["code", "leave"])
def test_for_a_guardian_who_may_not_collect_nothing_is_told_or_written_down(
    client: FlaskClient, enrolment: Enrolment, grandma: Person, choice: str
) -> None:
    here = found_at(client, enrolment, grandma)
    make_bar(enrolment.child, grandma.name, person_id=grandma.id)
    shown = client.get(here).text
    assert "中心主任" in shown
    assert "13812345678" not in shown
    for said in ("13812345678", "here"):
        assert client.post(here, data={"choice": choice, "rang_back": said}).status_code == 422
    assert db.session.scalar(db.select(PickUpCode)) is None
    assert change() is None
