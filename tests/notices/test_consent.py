"""Whoever withdrew their consent is neither written to nor rung up, and can do everything else."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict
from center.notices import actions, delivering, queries
from center.notices.models import Delivery, DeliveryState, Notice, Way
from center.people.models import Person, Role
from tests.activity_builders import make_roster, sign_up, state_of
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.told import tell

pytestmark = pytest.mark.usefixtures("app")


def withdraw(person: Person, by: Person | None = None) -> None:
    with transaction():
        actions.set_consent(person, agrees=False, by=by or person, now=clock.now())


def delivery_of(notice: Notice) -> Any:
    db.session.rollback()
    return db.session.scalar(select(Delivery).where(Delivery.notice_id == notice.id))


def waiting_calls() -> Any:
    db.session.rollback()
    return [each.notice.person_id for each in queries.to_do_by_hand(Way.CALL, now=clock.now() + timedelta(days=1))]


def test_nobody_is_rung_any_more_and_what_they_must_hear_is_told_when_they_are_met() -> None:
    person = make_person(phone="19900000071")
    before = tell(person, "booking.declined", key="a", now=clock.now())
    assert waiting_calls() == [person.id]
    withdraw(person)
    withdraw(person)
    assert waiting_calls() == []
    assert (delivery_of(before).way, delivery_of(before).state) == (Way.IN_PERSON, DeliveryState.DUE)
    after = delivery_of(tell(person, "booking.declined", key="b", now=clock.now()))
    assert (after.way, after.address) == (Way.IN_PERSON, "")
    assert len(queries.inbox(person.id).notices) == 2, "it stands in the account all the same"


@ONE_ENGINE
def test_a_call_that_was_made_is_not_put_back_and_a_letter_that_came_back_rings_nobody() -> None:
    person = make_person(phone="19900000072")
    call = delivery_of(tell(person, "booking.declined", key="a", now=clock.now()))
    with transaction():
        actions.tick_off(call, by=person, now=clock.now())
    withdraw(person)
    with pytest.raises(Conflict), transaction():
        actions.put_back(call, now=clock.now())
    with transaction():
        delivering._ring_instead(call, clock.now())
    assert waiting_calls() == []


def test_without_consent_one_signs_up_all_the_same_and_agrees_again_later() -> None:
    account = make_account()
    withdraw(account.person)
    [mine] = sign_up(make_roster(), account.person)
    assert state_of(mine) == "confirmed"
    with transaction():
        actions.set_consent(account.person, agrees=True, by=account.person, now=clock.now())
    assert not queries.has_withdrawn(account.person_id)


@ONE_ENGINE
def test_it_is_withdrawn_in_the_account_and_at_the_desk_and_says_when_and_how(client: FlaskClient) -> None:
    account = make_account(make_person(name="王秀英"))
    sign_in(client, account)
    assert client.post("/me/consent", data={}).status_code == 404
    for _ in range(2):
        assert client.post("/me/consent", data={"agrees": "0"}).status_code == 303
    shown = client.get("/me/account?lang=en").text
    assert "Nothing is sent, nobody rings" in shown
    assert "said in the account" in shown
    desk = client.application.test_client()
    sign_in(desk, make_account(make_person(), roles=[Role.CLERK]))
    assert "Do not write or ring" in desk.get(f"/desk/people/{account.person_id}?lang=en").text
    assert desk.post(f"/desk/people/{account.person_id}/consent", data={"agrees": "1"}).status_code == 303
    assert "written down by staff" in desk.get(f"/desk/people/{account.person_id}/contact?lang=en").text
