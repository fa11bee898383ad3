"""The door of a session without JavaScript: a code is typed or a name pressed, and answered."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.attendance import cards
from center.attendance.answers import Answer
from center.attendance.devices import Post
from center.attendance.models import Attendance, Status
from center.attendance.snapshots import key_of
from center.kernel import clock
from center.kernel.db import db, transaction
from tests.attendance.conftest import Class, make_class
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.checkin.devices import paired, revoke

pytestmark = ONE_ENGINE


@pytest.fixture
def lesson(client: FlaskClient) -> Class:
    """A session that begins in half an hour, whose lead is signed in."""
    made = make_class()
    clock.start_at(made.session.starts_at)
    sign_in(client, make_account(made.lead))
    return made


def page_of(lesson: Class) -> str:
    return f"/checkin/sessions/{lesson.session.id}"


def answered(page: Any) -> str:
    """The sign that stands where answers stand."""
    found = re.search(r'data-answer="(\w+)"', page.text.partition("<form")[0].partition("data-verdict-place")[2])
    return found[1] if found else ""


def status_of(lesson: Class, number: int) -> Status | None:
    db.session.rollback()
    row = db.session.get(Attendance, (lesson.session.id, lesson.people[number].id), populate_existing=True)
    return row.status if row else None


def tap(lesson: Class, number: int, act: str) -> dict[str, str]:
    return {"tap": f"{act}:{key_of(lesson.session.id, lesson.people[number].id)}"}


def test_somebody_elses_session_is_not_there(app: Flask, lesson: Class) -> None:
    stranger = app.test_client()
    assert stranger.get(page_of(lesson)).status_code == 302
    sign_in(stranger, make_account())
    assert stranger.get(page_of(lesson)).status_code == 404
    assert stranger.post(page_of(lesson), data=tap(lesson, 0, "arrived")).status_code == 404
    assert stranger.get(page_of(lesson) + "/snapshot").status_code == 404
    assert status_of(lesson, 0) is None


@pytest.mark.parametrize(("typed", "answer"), [("2222-2222", Answer.UNKNOWN), ("你好", Answer.UNKNOWN)])
def test_what_nobody_knows_is_answered_so(client: FlaskClient, lesson: Class, typed: str, answer: Answer) -> None:
    assert answered(client.post(page_of(lesson), data={"code": typed})) == answer


def test_nothing_typed_is_refused_in_words(client: FlaskClient, lesson: Class) -> None:
    page = client.post(page_of(lesson), data={"code": ""})
    assert page.status_code == 422
    assert "error-summary" in page.text


def test_a_tap_that_nobody_drew_is_answered(client: FlaskClient, lesson: Class) -> None:
    for said in ("arrived:nobody", "burn:everything", "", "arrived"):
        assert client.post(page_of(lesson), data={"tap": said}).status_code in {200, 422}


def test_a_number_is_typed_and_once_more(client: FlaskClient, lesson: Class) -> None:
    typed = {"code": lesson.sign_ups[0].reference.lower()}
    assert answered(client.post(page_of(lesson), data=typed)) == Answer.CHECKED_IN
    assert answered(client.post(page_of(lesson), data=typed)) == Answer.ALREADY
    assert status_of(lesson, 0) is Status.PRESENT


def test_a_card_is_read_and_whoever_is_not_signed_up_may_be_let_in(client: FlaskClient, lesson: Class) -> None:
    her = make_person(name="王小英")
    with transaction():
        code = cards.issue(her, by=lesson.lead, now=clock.now())
    page = client.post(page_of(lesson), data={"code": code})
    assert answered(page) == Answer.NOT_SIGNED_UP
    assert "王*英" in page.text
    assert "王小英" not in page.text
    page = client.post(page_of(lesson), data={"code": code, "is_walk_in": "1"})
    assert answered(page) == Answer.CHECKED_IN


def test_names_are_pressed_and_the_slip_taken_back(client: FlaskClient, lesson: Class) -> None:
    client.post(page_of(lesson), data=tap(lesson, 0, "late"))
    client.post(page_of(lesson), data=tap(lesson, 1, "on_leave"))
    assert (status_of(lesson, 0), status_of(lesson, 1)) == (Status.LATE, Status.ON_LEAVE)
    client.post(page_of(lesson), data=tap(lesson, 0, "undone"))
    client.post(page_of(lesson), data=tap(lesson, 1, "arrived"))
    assert (status_of(lesson, 0), status_of(lesson, 1)) == (None, Status.PRESENT)
    page = client.post(page_of(lesson), data=tap(lesson, 1, "left"))
    assert answered(page) == Answer.LEFT
    assert status_of(lesson, 1) is Status.LEFT


def test_a_device_checks_people_in_until_it_is_revoked(app: Flask, lesson: Class) -> None:
    browser, device = paired(app, Post(session=lesson.session))
    typed = {"code": lesson.sign_ups[0].reference}
    assert answered(browser.post(page_of(lesson), data=typed)) == Answer.CHECKED_IN
    other = make_class()
    assert browser.get(page_of(other)).status_code == 404
    revoke(device)
    assert browser.post(page_of(lesson), data=typed).status_code == 410


def test_the_page_shows_no_more_than_it_must(client: FlaskClient, lesson: Class) -> None:
    page = client.get(page_of(lesson)).text
    for person in lesson.people:
        assert person.name not in page
        assert (person.phone or "-") not in page
