"""What whoever is on duty and the director see of plans, collectors and bars, and what nobody else does."""

from datetime import time

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, BarLevel, Collector, Different, PlanChange
from center.afterschool.plans import changes
from center.afterschool.plans.changes import AskedChange
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, guardians, make_bar, make_collector, term_from_today, today
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture(name="enrolment")
def _enrolment(app: Flask) -> Enrolment:
    return enrol(term_from_today(cut_off=time.max), make_child(name="王小明"))


@pytest.fixture(name="tutor")
def _tutor(client: FlaskClient, enrolment: Enrolment) -> Account:
    """On duty today, and signed in."""
    account = make_account(make_person(name="陈老师"), roles=[Role.TUTOR])
    make_duty(enrolment.term.days[0], account.person, is_owner=True)
    sign_in(client, account)
    return account


def say(enrolment: Enrolment) -> PlanChange:
    guardian = guardians(enrolment.child)[0]
    with transaction():
        wish = AskedChange(what=Different.LEAVE)
        return changes.say(enrolment, today(), wish, guardian=guardian, by=guardian, now=clock.now())


def test_whoever_is_on_duty_says_that_they_know_of_a_change(
    client: FlaskClient, tutor: Account, enrolment: Enrolment
) -> None:
    row, page = say(enrolment), f"/classroom/days/{enrolment.term.days[0].id}/changes"
    assert "已知晓" in client.get(page).text
    assert client.post(f"/classroom/changes/{row.id}/acknowledge").status_code == 303
    assert "陈老师" in client.get(page).text
    seen = db.session.scalars(db.select(AccessEvent.person_id).where(AccessEvent.kind == Kind.CHILD))
    assert enrolment.child_id in set(seen)


def test_who_is_not_on_duty_sees_no_child(client: FlaskClient, enrolment: Enrolment) -> None:
    row, bar = say(enrolment), make_bar(enrolment.child, "赵某")
    collector = make_collector(enrolment.child, verified_at=None, verified_by_id=None)
    sign_in(client, make_account(roles=[Role.TUTOR]))
    for page in ("/classroom/bars", "/classroom/collectors"):
        assert "王小明" not in client.get(page).text
    hidden = [f"/classroom/changes/{row.id}/acknowledge", f"/classroom/collectors/{collector.id}/verify"]
    assert {client.post(each).status_code for each in hidden} == {404}
    assert client.get(f"/classroom/bars/{bar.id}/lift").status_code == 404
    child = {"child": str(enrolment.child_id), "name": "赵某", "level": "alert", "reason": "妈妈说的"}
    assert client.post("/classroom/bars", data=child).status_code == 422


def test_staff_on_duty_check_a_collector(client: FlaskClient, tutor: Account, enrolment: Enrolment) -> None:
    collector = make_collector(enrolment.child, "刘桂芬", verified_at=None, verified_by_id=None)
    assert "刘桂芬" in client.get("/classroom/collectors").text
    assert client.post(f"/classroom/collectors/{collector.id}/verify").status_code == 303
    db.session.rollback()
    checked = db.select(Collector.verified_by_id).where(Collector.id == collector.id)
    assert db.session.scalar(checked) == tutor.person_id


def test_a_tutor_alerts_and_the_director_forbids(client: FlaskClient, tutor: Account, enrolment: Enrolment) -> None:
    typed = {"child": str(enrolment.child_id), "name": "赵某", "reason": "妈妈说的"}
    deny = {"level": "deny", "document": "（2026）鄂0107民初1号"}
    assert client.post("/classroom/bars", data={**typed, **deny}).status_code == 422
    assert client.post("/classroom/bars", data={**typed, "level": "alert"}).status_code == 303
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.post("/classroom/bars", data={**typed, "level": "deny"}).status_code == 422
    assert client.post("/classroom/bars", data={**typed, **deny}).status_code == 303
    db.session.rollback()
    assert list(db.session.scalars(db.select(Bar.level).order_by(Bar.id))) == [BarLevel.ALERT, BarLevel.DENY]
    bar = db.session.scalars(db.select(Bar).where(Bar.level == BarLevel.DENY)).one()
    assert client.post(f"/classroom/bars/{bar.id}/lift", data={"why": ""}).status_code == 422
    assert client.post(f"/classroom/bars/{bar.id}/lift", data={"why": "判决撤销"}).status_code == 303
