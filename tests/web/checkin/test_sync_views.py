"""What a device keeps of a session and what it hands in later: each item answered, none lost, none taken twice."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.attendance import cards, registers
from center.attendance.devices import Post
from center.attendance.models import Attendance, AttendanceEvent, Outcome, Status, Why
from center.attendance.rules import TAKES_UNTIL
from center.attendance.snapshots import key_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Role
from center.signups.cancelling import cancel
from tests.attendance.conftest import Class, make_class
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.checkin.devices import paired, revoke

DIGEST_OF_NOBODY = hashlib.sha256(b"Z").hexdigest()


@pytest.fixture
def lesson(client: FlaskClient) -> Class:
    """A session that begins now, whose lead is signed in."""
    made = make_class(people=3)
    clock.start_at(made.session.starts_at)
    sign_in(client, make_account(made.lead))
    return made


def item(**said: Any) -> dict[str, Any]:
    """Somebody arrived, as a device says it."""
    plain = {
        "nonce": str(uuid4()),
        "verb": "arrived",
        "device_at": clock.now().isoformat(),
        "sequence": 1,
        "how": "roll",
    }
    return {**plain, **said}


def of(lesson: Class, number: int, **said: Any) -> dict[str, Any]:
    return item(key=key_of(lesson.session.id, lesson.people[number].id), **said)


def send(client: FlaskClient, lesson: Class, *items: object) -> list[dict[str, Any]]:
    """The answers to these items."""
    answer = client.post(f"/checkin/sessions/{lesson.session.id}/scans", json={"items": list(items)})
    assert answer.status_code == 200, answer.text
    answers: list[dict[str, Any]] = answer.json["answers"]  # type: ignore[index]
    return answers


def outcomes(answers: list[dict[str, Any]]) -> list[str]:
    return [each["outcome"] for each in answers]


def row_of(lesson: Class, number: int) -> Attendance | None:
    db.session.rollback()
    return db.session.get(Attendance, (lesson.session.id, lesson.people[number].id), populate_existing=True)


@pytest.mark.parametrize("bad", [None, 7, "x", [], {}, {"nonce": "x"}, {"nonce": "x", "verb": "burned"}])
def test_what_is_no_item_spoils_no_other(client: FlaskClient, lesson: Class, bad: object) -> None:
    answers = send(client, lesson, of(lesson, 0), bad, of(lesson, 1))
    assert outcomes(answers) == ["accepted", "malformed", "accepted"]


@ONE_ENGINE
@pytest.mark.parametrize(
    "wrong",
    [
        {"device_at": "yesterday"},
        {"device_at": "2026-11-24T10:00:00"},
        {"device_at": "0001-01-01T00:00:00+08:00"},
        {"sequence": 2**40},
        {"sequence": True},
        {"sequence": "1"},
        {"offset_ms": "x"},
        {"how": []},
        {"late": "yes"},
        {"undoes": "x"},
        {"nonce": 7},
        {"verb": "burned"},
    ],
    ids=str,
)
def test_one_bad_item_spoils_no_other(client: FlaskClient, lesson: Class, wrong: dict[str, Any]) -> None:
    answers = send(client, lesson, of(lesson, 0), item(**wrong), of(lesson, 1))
    assert outcomes(answers) == ["accepted", "malformed", "accepted"]


@ONE_ENGINE
@pytest.mark.parametrize("body", ["", "[]", "{", '{"items": 3}', '{"items": null}', "null", '"x"'])
def test_what_is_no_batch_is_refused(client: FlaskClient, lesson: Class, body: str) -> None:
    where = f"/checkin/sessions/{lesson.session.id}/scans"
    assert client.post(where, data=body, content_type="application/json").status_code == 400


@ONE_ENGINE
def test_too_many_and_too_much_are_refused_in_words(client: FlaskClient, lesson: Class) -> None:
    where = f"/checkin/sessions/{lesson.session.id}/scans"
    assert client.post(where, json={"items": [of(lesson, 0)] * 201}).status_code == 413
    assert client.post(where, json={"items": [item(code="A" * 300_000)]}).status_code == 413


@ONE_ENGINE
def test_what_a_page_sends_for_whoever_was_signed_in_before_is_sent_back(client: FlaskClient, lesson: Class) -> None:
    where, body = f"/checkin/sessions/{lesson.session.id}/scans", {"items": [of(lesson, 0)]}
    before = client.get("/checkin/ping").json["who"]  # type: ignore[index]
    sign_in(client, make_account(roles=[Role.CLERK]))
    others: list[object] = [before, "", None, 7, []]
    for name in others:
        assert client.post(where, json={**body, "who": name}).status_code == 400
    assert row_of(lesson, 0) is None
    now = client.get("/checkin/ping").json["who"]  # type: ignore[index]
    assert client.post(where, json={**body, "who": now}).status_code == 200
    assert row_of(lesson, 0) is not None


@ONE_ENGINE
def test_a_token_is_needed_and_may_come_in_the_header(client: FlaskClient, lesson: Class) -> None:
    where, body = f"/checkin/sessions/{lesson.session.id}/scans", {"items": [of(lesson, 0)]}
    script = {"Sec-Fetch-Mode": "cors"}
    assert client.post(where, json=body, headers=script, csrf=False).status_code == 400
    assert row_of(lesson, 0) is None
    csrf = client.get("/checkin/ping").json["csrf"]  # type: ignore[index]
    assert client.post(where, json=body, headers={**script, "X-CSRFToken": csrf}, csrf=False).status_code == 200
    assert row_of(lesson, 0) is not None


def test_two_hundred_items_are_taken_once_however_often_they_are_sent(client: FlaskClient, lesson: Class) -> None:
    items = [of(lesson, number % 3, sequence=number) for number in range(200)]
    first, again = outcomes(send(client, lesson, *items)), outcomes(send(client, lesson, *items))
    assert first == again
    assert first.count("accepted") == 3
    assert db.session.scalar(select(func.count()).select_from(AttendanceEvent)) == 200


def test_a_number_that_comes_back_with_something_else_is_told_apart(client: FlaskClient, lesson: Class) -> None:
    said = of(lesson, 0)
    other = {**of(lesson, 1), "nonce": said["nonce"]}
    assert outcomes(send(client, lesson, said, other)) == ["accepted", "conflict"]
    assert row_of(lesson, 1) is None


@ONE_ENGINE
def test_of_two_devices_the_earliest_arrival_counts(client: FlaskClient, lesson: Class) -> None:
    at = clock.now()
    clock.start_at(at + timedelta(minutes=30))
    late = of(lesson, 0, device_at=(at + timedelta(minutes=5)).isoformat())
    early = of(lesson, 0, device_at=(at + timedelta(minutes=2)).isoformat())
    assert outcomes(send(client, lesson, late)) == ["accepted"]
    assert outcomes(send(client, lesson, early)) == ["duplicate"]
    row = row_of(lesson, 0)
    assert row is not None
    assert row.arrived_at == at + timedelta(minutes=2)


@ONE_ENGINE
@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(days=-9_800), timedelta(days=30)])
def test_a_wrong_clock_is_put_right_by_how_far_it_was_off(client: FlaskClient, lesson: Class, wrong: timedelta) -> None:
    at = clock.now()
    clock.start_at(at + timedelta(minutes=30))
    said = of(lesson, 0, device_at=(at + wrong).isoformat(), offset_ms=int(-wrong / timedelta(milliseconds=1)))
    [answer] = send(client, lesson, said)
    row = row_of(lesson, 0)
    assert row is not None
    if abs(wrong) < timedelta(days=400):
        assert row.arrived_at == at
    else:  # no phone is that far off: it was so when it reached us
        assert answer["outcome"] == "accepted"
        assert answer["why"] == Why.CLOCK


@ONE_ENGINE
def test_cards_come_as_digests_and_the_unknown_waits_for_somebody(client: FlaskClient, lesson: Class) -> None:
    with transaction():
        old = cards.issue(lesson.people[0], by=lesson.lead, now=clock.now())
        cards.issue(lesson.people[0], by=lesson.lead, now=clock.now())
        live = cards.issue(lesson.people[1], by=lesson.lead, now=clock.now())
    items = [item(card=each, how="card") for each in (cards.hash_of(old), cards.hash_of(live), DIGEST_OF_NOBODY)]
    assert outcomes(send(client, lesson, *items)) == ["needs_review", "accepted", "needs_review"]


@ONE_ENGINE
def test_who_stands_there_can_be_asked_and_who_was_told_cannot_be_turned_away(
    client: FlaskClient, lesson: Class
) -> None:
    stranger = make_person()
    with transaction():
        digest = cards.hash_of(cards.issue(stranger, by=lesson.lead, now=clock.now()))
    live, stored = item(card=digest, how="card", stored=False), item(card=digest, how="card")
    answers = send(client, lesson, live, stored)
    assert outcomes(answers) == ["refused", "needs_review"]
    assert {each["answer"] for each in answers} == {"not_signed_up"}
    assert outcomes(send(client, lesson, item(card=digest, how="card", verb="walk_in"))) == ["accepted"]


@ONE_ENGINE
def test_whoever_gave_their_place_up_meanwhile_is_here_all_the_same(client: FlaskClient, lesson: Class) -> None:
    said = of(lesson, 0)
    with transaction():
        cancel(lesson.sign_ups[0], by=lesson.lead, now=clock.now(), as_staff=True)
    [answer] = send(client, lesson, said)
    assert (answer["outcome"], answer["why"]) == ("accepted", Why.CANCELLED)


@ONE_ENGINE
def test_a_register_that_was_closed_meanwhile_keeps_it_for_its_lead(client: FlaskClient, lesson: Class) -> None:
    said = of(lesson, 0)
    with transaction():
        registers.close(lesson.session, by=lesson.lead, now=clock.now())
    [answer] = send(client, lesson, said)
    assert (answer["outcome"], answer["why"]) == ("needs_review", Why.CLOSED)
    row = row_of(lesson, 0)
    assert row is not None
    assert row.status is Status.ABSENT


def test_a_slip_is_taken_back_in_the_same_batch(client: FlaskClient, lesson: Class) -> None:
    said = of(lesson, 0, sequence=1)
    undone = of(lesson, 0, sequence=2, verb="undone", undoes=said["nonce"])
    assert outcomes(send(client, lesson, undone, said)) == ["accepted", "accepted"]
    assert row_of(lesson, 0) is None


@ONE_ENGINE
def test_a_revoked_device_hands_in_what_it_stored(app: Flask, lesson: Class) -> None:
    browser, device = paired(app, Post(session=lesson.session))
    before = of(lesson, 0)
    clock.start_at(clock.now() + timedelta(minutes=1))
    revoke(device)
    clock.start_at(clock.now() + timedelta(minutes=1))
    after = of(lesson, 1)
    answers = send(browser, lesson, before, after)
    assert outcomes(answers) == ["accepted", "needs_review"]
    assert answers[1]["why"] == Why.REVOKED
    assert (answers[0]["name"] != "", answers[1]["name"]) == (True, "")
    assert browser.get(f"/checkin/sessions/{lesson.session.id}/snapshot").status_code == 410


@ONE_ENGINE
def test_a_device_hands_in_nothing_of_what_was_not_its_duty(app: Flask, lesson: Class) -> None:
    browser, _device = paired(app, Post(session=make_class().session))
    assert browser.post(f"/checkin/sessions/{lesson.session.id}/scans", json={"items": []}).status_code == 404


@ONE_ENGINE
def test_a_device_may_hand_in_tomorrow_what_it_stored_today(app: Flask, lesson: Class) -> None:
    browser, _device = paired(app, Post(session=lesson.session))
    said = of(lesson, 0)
    clock.start_at(clock.now() + timedelta(days=1))
    [answer] = send(browser, lesson, said)
    assert answer["outcome"] in {"accepted", "needs_review"}


@ONE_ENGINE
def test_the_list_holds_no_more_than_a_door_needs(client: FlaskClient, lesson: Class) -> None:
    with transaction():
        digest = cards.hash_of(cards.issue(lesson.people[0], by=lesson.lead, now=clock.now()))
    answer = client.get(f"/checkin/sessions/{lesson.session.id}/snapshot")
    assert "no-store" in answer.headers["Cache-Control"]
    told: dict[str, Any] = answer.get_json()
    assert set(told) == {"session", "expires_at", "is_open", "people"}
    assert datetime.fromisoformat(told["expires_at"]) == lesson.session.ends_at + TAKES_UNTIL
    assert {name for each in told["people"] for name in each} == {"key", "name", "status", "since", "card", "code"}
    for person, signed in zip(lesson.people, lesson.sign_ups, strict=True):
        assert person.name not in answer.text
        assert signed.reference not in answer.text
    plain = lesson.sign_ups[0].reference.replace("-", "")
    first = next(each for each in told["people"] if each["card"])
    assert (first["card"], first["code"]) == (digest, hashlib.sha256(plain.encode()).hexdigest())


@ONE_ENGINE
def test_two_of_one_masked_name_are_told_apart(client: FlaskClient, lesson: Class) -> None:
    with transaction() as session:
        for person, name in zip(lesson.people, ("王小英", "王大英", "李四"), strict=True):
            session.get_one(type(person), person.id).name = name
    told: dict[str, Any] = client.get(f"/checkin/sessions/{lesson.session.id}/snapshot").get_json()
    names = [each["name"] for each in told["people"]]
    assert len(set(names)) == 3
    assert "李*" in names


@ONE_ENGINE
def test_what_waits_is_kept_with_the_number_that_was_read(client: FlaskClient, lesson: Class) -> None:
    send(client, lesson, item(code="2222-2222", how="sign_up"))
    event = db.session.scalars(select(AttendanceEvent)).one()
    assert (event.outcome, event.code) == (Outcome.NEEDS_REVIEW, "2222-2222")
