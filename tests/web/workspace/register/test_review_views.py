"""Entries that were not clear: listed for lead and desk, adopted in one press, given to somebody else, or rejected."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.attendance.models import AttendanceEvent, How, Outcome, Review, Status, Verb, Why
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person, Role
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.workspace.register.conftest import Lesson

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def entry(lesson: Lesson, person: Person | None, why: Why = Why.OLD_CARD) -> int:
    with transaction() as session:
        event = AttendanceEvent(
            session_id=lesson.session.id, person_id=person.id if person else None, verb=Verb.ARRIVED, how=How.CARD,
            at=clock.now(), recorded_at=clock.now(), by_id=lesson.lead.person_id, outcome=Outcome.NEEDS_REVIEW, why=why,
        )  # fmt: skip
        session.add(event)
        session.flush()
        return event.id


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(client, make_account(roles=[Role.CLERK]))
    return client


def test_one_press_adopts_what_came_in(lesson: Lesson) -> None:
    first = lesson.people[0]
    number = entry(lesson, first)
    page = lesson.get("/to-review").text
    assert "The card had been replaced" in page
    assert "1 entry waits for a decision" in lesson.get().text
    typed = {"decision": "adopt", "person": first.id, "reason": "I saw them there"}
    assert lesson.post(f"/to-review/{number}", **typed).status_code == 303
    assert lesson.status(first) is Status.PRESENT
    assert "Nothing waits for a decision" in lesson.get("/to-review").text
    assert "Adopted by 李建国: I saw them there" in lesson.get("/register/written").text


def test_it_may_have_been_somebody_else(lesson: Lesson) -> None:
    first, second, _third = lesson.people
    number = entry(lesson, first)
    lesson.post(f"/to-review/{number}", decision="adopt", person=second.id, reason="拿错卡了")
    assert (lesson.status(first), lesson.status(second)) == (None, Status.PRESENT)


def test_without_a_reason_or_a_person_nothing_is_decided(lesson: Lesson) -> None:
    number = entry(lesson, None, Why.UNKNOWN)
    no_reason = lesson.post(f"/to-review/{number}", decision="reject", person=0, reason="")
    nobody = lesson.post(f"/to-review/{number}", decision="adopt", person=0, reason="来了")
    stranger = lesson.post(f"/to-review/{number}", decision="adopt", person=make_person().id, reason="来了")
    assert [each.status_code for each in (no_reason, nobody, stranger)] == [422, 422, 422]
    assert db.session.query(Review).count() == 0
    assert lesson.post(f"/to-review/{number}", decision="reject", person=0, reason="别处的码").status_code == 303
    assert "别处的码" in lesson.get(f"/to-review/{number}").text


def test_an_entry_of_another_session_is_not_found(lesson: Lesson, desk: FlaskClient) -> None:
    number = entry(lesson, lesson.people[0])
    assert lesson.get(f"/to-review/{number + 99}").status_code == 404
    assert desk.get(f"/desk/to-review/{number + 99}").status_code == 404


def test_the_desk_decides_for_all_sessions_and_finds_anybody(lesson: Lesson, desk: FlaskClient) -> None:
    walker = make_person(name="路人丁", phone="19900004444")
    number = entry(lesson, None, Why.UNKNOWN)
    assert "1</strong> register entry to decide" in desk.get("/desk?lang=en").text
    assert f"/desk/to-review/{number}" in desk.get("/desk/to-review?lang=en").text
    assert "路人丁" in desk.get(f"/desk/to-review/{number}?lang=en&q=4444").text
    typed = {"decision": "adopt", "person": walker.id, "reason": "在门口看到"}
    assert desk.post(f"/desk/to-review/{number}", data=typed).status_code == 303
    assert lesson.status(walker) is Status.PRESENT


def test_the_desk_rejects_what_nobody_knows_the_person_of(lesson: Lesson, desk: FlaskClient) -> None:
    number = entry(lesson, None, Why.UNKNOWN)
    address = f"/desk/to-review/{number}"
    nobody = desk.post(address, data={"decision": "adopt", "person": "0", "reason": "来了"})
    odd = [desk.post(address, data={"decision": "adopt", "person": each, "reason": "来了"}) for each in ("²", "9" * 30)]
    assert [each.status_code for each in (nobody, *odd)] == [422, 422, 422]
    assert desk.post(address, data={"decision": "reject", "person": "0", "reason": "别处的码"}).status_code == 303
    assert db.session.query(Review).one().is_adopted is False
