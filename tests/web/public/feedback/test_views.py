"""Answering by a link, without signing in, and reading what the director answered."""

from datetime import datetime

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.feedback import complaints
from center.feedback.models import Complaint, FeedbackAnswer
from center.kernel.db import db, transaction
from center.kernel.sent import SentForm
from tests.attendance.conftest import Class
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after, make_asked, round_of, say, tickets_of

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]
GOOD = {"liking": "good", "following": "yes", "words": "热闹"}


@pytest.fixture
def asked() -> Class:
    return make_asked()


def link(lesson: Class, n: int = 0) -> str:
    return f"/feedback/{tickets_of(lesson)[n].number}"


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(FeedbackAnswer)) or 0


def at_that_time(lesson: Class) -> datetime:
    return after(lesson.session)


def test_a_link_that_is_none_leads_nowhere(client: FlaskClient) -> None:
    for page in ("/feedback/K7QM-2F9D", "/feedback/x", "/feedback/answers/x", "/feedback/x/director"):
        assert client.get(page).status_code == 404


def test_a_question_that_was_not_answered_is_asked_again_and_nothing_is_lost(client: FlaskClient, asked: Class) -> None:
    with time_machine.travel(at_that_time(asked), tick=False):
        answer = client.post(link(asked), data={"following": "no", "words": "太暗"})
    assert answer.status_code == 422
    assert "太暗" in answer.text
    assert count() == 0


def test_whoever_has_the_link_answers_once_without_signing_in(client: FlaskClient, asked: Class) -> None:
    page = link(asked)
    with time_machine.travel(at_that_time(asked), tick=False):
        assert client.post(page, data=GOOD).status_code == 303
        thanks = client.get(page)
        assert "您已回答" in thanks.text or "You have answered" in thanks.text
        assert "liking" not in thanks.text
        again = client.post(page, data=GOOD)
    assert again.status_code == 422
    assert count() == 1
    assert thanks.headers["Cache-Control"] == "private, no-store"


def test_once_the_time_is_over_nothing_is_taken(client: FlaskClient, asked: Class) -> None:
    with time_machine.travel(round_of(asked).closes_at, tick=False):
        assert "liking" not in client.get(link(asked)).text
        assert client.post(link(asked), data=GOOD).status_code == 422
    assert count() == 0


def test_who_is_signed_in_finds_what_they_may_answer_until_they_did(client: FlaskClient, asked: Class) -> None:
    account = make_account(asked.people[0])
    with time_machine.travel(at_that_time(asked), tick=False):
        sign_in(client, account)
        assert link(asked) in client.get("/me/feedback").text
        assert link(asked, 1) not in client.get("/me/feedback").text
        say(tickets_of(asked)[0])
        assert link(asked) not in client.get("/me/feedback").text


def test_a_complaint_by_the_link_is_sent_once_without_a_name_and_answered_under_its_number(
    client: FlaskClient, asked: Class
) -> None:
    form = {"words": "没有轮椅坡道", "request_key": "1" * 36}
    with time_machine.travel(at_that_time(asked), tick=False):
        for _twice in range(2):
            sent = client.post(f"{link(asked)}/director", data=form)
            assert sent.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(SentForm)) == 0  # it would say when this was sent
    [made] = db.session.scalars(select(Complaint)).all()
    assert (made.person_id, made.organisation_id) == (None, asked.session.activity.organisation_id)
    assert sent.headers["Location"].endswith(f"/feedback/answers/{made.number}")
    director = make_person()
    with transaction():
        complaints.answer(db.session.get_one(Complaint, made.id), "下周装好。", by=director, now=at_that_time(asked))
    assert "下周装好。" in client.get(f"/feedback/answers/{made.number}").text
    assert tickets_of(asked)[0].is_spent is False


def test_under_a_name_where_it_is_wished(client: FlaskClient, asked: Class) -> None:
    sign_in(client, make_account(asked.people[0]))
    form = {"organisation": str(asked.session.activity.organisation_id), "words": "太吵", "is_named": "y"}
    assert client.post("/me/feedback/director", data=form).status_code == 303
    assert db.session.scalars(select(Complaint.person_id)).all() == [asked.people[0].id]
    assert client.post("/me/feedback/director", data={**form, "organisation": "999999"}).status_code == 422
