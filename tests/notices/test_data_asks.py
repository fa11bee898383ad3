"""Somebody says what is wrong about them; the desk corrects it or says why not, and they hear of it."""

import json

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.acts import Act
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.trail import StaffEvent
from center.notices import data_asks
from center.notices.models import Ask, AskedFor, Notice
from center.people.models import Account, Person, Role
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")
WORDS = "我叫周桂珍，不是周贵珍"


def asked(person: Person, *, what: AskedFor = AskedFor.CORRECTION, words: str = WORDS, by: Person | None = None) -> Ask:
    with transaction() as session:
        person = session.merge(person)
        return data_asks.ask(person, what, words=words, by=by or person, now=clock.now())


def told(person: Person) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)))


@ONE_ENGINE
def test_what_is_wrong_is_said_decided_and_told(client: FlaskClient) -> None:
    owner, clerk = make_account(locale="zh"), make_account(roles=[Role.CLERK])
    sign_in(client, owner)
    assert client.post("/me/account/wrong", data={"note": " "}).status_code == 422
    assert client.post("/me/account/wrong", data={"note": WORDS}).status_code == 303
    assert WORDS in client.get("/me/account/wrong").text
    made = db.session.scalars(select(Ask)).one()
    assert json.loads(client.get("/me/account/data.json").text)["tables"]["notice_asks"][0]["note"] == WORDS
    sign_in(client, clerk)
    assert WORDS in client.get("/desk/to-tell").text
    address = f"/desk/data-asks/{made.id}"
    assert client.post(address, data={"outcome": "refused"}).status_code == 422
    for _ in range(2):
        assert client.post(address, data={"outcome": "done", "answer": "谢谢您"}).status_code == 303
    assert WORDS not in client.get("/desk/to-tell").text
    assert told(owner.person) == [data_asks.CORRECTED.code]
    acts = [each.act for each in db.session.scalars(select(StaffEvent).where(StaffEvent.act.like("correction%")))]
    assert acts == [Act.CORRECTION_MADE]


@ONE_ENGINE
def test_who_has_no_account_asks_at_the_desk_and_is_rung_up_with_the_reason(client: FlaskClient) -> None:
    clock.start_at(at(9))  # at night nobody is rung
    elder = make_person(name="周奶奶")
    sign_in(client, make_account(roles=[Role.CLERK]))
    answer = client.post(f"/desk/people/{elder.id}/asks", data={"what": "correction", "note": WORDS})
    assert answer.status_code == 303
    assert (
        client.post(answer.location, data={"outcome": "refused", "answer": "户口本上不是这样写的"}).status_code == 303
    )
    assert told(elder) == [data_asks.NOT_CORRECTED.code]
    assert "户口本上不是这样写的" in client.get("/desk/to-tell").text


@ONE_ENGINE
def test_the_same_words_and_a_second_wish_to_be_erased_are_one_ask() -> None:
    person = make_person()
    for what in (AskedFor.CORRECTION, AskedFor.ERASURE):
        assert asked(person, what=what).id == asked(person, what=what).id
    with pytest.raises(RuleBroken):
        asked(person, words="  ")


@ONE_ENGINE
def test_nobody_decides_about_their_own_and_a_clerk_not_about_erasing(client: FlaskClient) -> None:
    clerk: Account = make_account(roles=[Role.CLERK])
    own, erasure = asked(clerk.person), asked(make_person(), what=AskedFor.ERASURE)
    sign_in(client, clerk)
    assert client.post(f"/desk/data-asks/{own.id}", data={"outcome": "done"}).status_code == 422
    client.post(f"/desk/data-asks/{erasure.id}", data={"outcome": "refused", "answer": "不行"})
    db.session.rollback()
    assert db.session.get_one(Ask, erasure.id).settled_at is None
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.post(f"/desk/data-asks/{erasure.id}", data={"answer": "还有一场活动"}).status_code == 303
    db.session.rollback()
    assert db.session.get_one(Ask, erasure.id).is_refused


@ONE_ENGINE
def test_somebody_takes_back_their_own_ask_and_nobody_elses(client: FlaskClient) -> None:
    owner = make_account()
    own, others = asked(owner.person), asked(make_person())
    sign_in(client, owner)
    assert client.post(f"/me/account/asks/{others.id}/take-back").status_code == 404
    assert client.post(f"/me/account/asks/{own.id}/take-back").status_code == 303
    db.session.rollback()
    assert [each.id for each in db.session.scalars(select(Ask))] == [others.id]
