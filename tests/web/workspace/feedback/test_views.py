"""What those who lead an activity see of what people said: totals from five on, no name, no complaint."""

import pytest
import time_machine
from flask.testing import FlaskClient

from center.feedback import complaints
from center.kernel.db import transaction
from center.people.models import Role
from tests.attendance.conftest import Class
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after, make_asked, say, tickets_of

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture
def asked() -> Class:
    return make_asked(5)


def page_of(lesson: Class) -> str:
    return f"/workspace/activities/{lesson.session.activity.slug}/feedback"


def sheets_of(lesson: Class) -> str:
    return f"/workspace/activities/{lesson.session.activity.slug}/sessions/{lesson.session.id}/feedback"


def test_nobody_but_who_leads_it_sees_anything(client: FlaskClient, asked: Class) -> None:
    sign_in(client, make_account(make_person()))
    for page in (page_of(asked), sheets_of(asked), f"{sheets_of(asked)}/print"):
        assert client.get(page).status_code == 404


def test_four_answers_show_nothing_and_five_show_totals_and_words_without_names(
    client: FlaskClient, asked: Class
) -> None:
    sign_in(client, make_account(asked.lead))
    first, *others = tickets_of(asked)
    for ticket in others:
        say(ticket, words="鼓声太大", is_named=True)
    page = client.get(f"{page_of(asked)}?lang=en").text
    assert "Fewer than five answers" in page
    assert "鼓声太大" not in page
    say(first, words="挺好")
    page = client.get(f"{page_of(asked)}?lang=en").text
    assert "5 answers are counted" in page
    assert "鼓声太大" in page
    assert not [each.name for each in asked.people if each.name in page]


def test_a_lead_never_sees_a_complaint(client: FlaskClient, asked: Class) -> None:
    with transaction():
        made = complaints.complain(asked.session, "收了红包", person=asked.people[0], now=after(asked.session))
    sign_in(client, make_account(asked.lead))
    assert "收了红包" not in client.get(page_of(asked)).text
    assert client.get(f"/desk/feedback/complaints/{made.id}").status_code == 403


def test_a_director_who_belongs_to_the_organisation_does_not_read_it_and_another_answers(
    client: FlaskClient, asked: Class
) -> None:
    with transaction():
        made = complaints.complain(asked.session, "收了红包", person=asked.people[0], now=after(asked.session))
    page = f"/desk/feedback/complaints/{made.id}"
    sign_in(client, make_account(asked.lead, roles=[Role.DIRECTOR]))
    assert client.get(page).status_code == 404
    assert client.post(page, data={"words": "没有的事"}).status_code == 404
    assert "收了红包" not in client.get("/desk/feedback/complaints").text
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.get("/desk/feedback/complaints").status_code == 403
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert "收了红包" in client.get(page).text
    assert client.post(page, data={"words": "已退回。"}).status_code == 303


def test_sheets_are_printed_and_typed_in_at_the_desk_once(client: FlaskClient, asked: Class) -> None:
    with time_machine.travel(after(asked.session), tick=False):
        sign_in(client, make_account(asked.lead))
        assert client.post(sheets_of(asked), data={"sheets": "99"}).status_code == 422
        assert client.post(sheets_of(asked), data={"sheets": "2"}).status_code == 303
        number = tickets_of(asked)[-1].number
        assert number in client.get(f"{sheets_of(asked)}/print").text
        sign_in(client, make_account(roles=[Role.CLERK]))
        found = client.get(f"/desk/feedback?number={number.lower()}")
        assert found.headers["Location"].endswith(f"/desk/feedback/{number}")
        assert client.get("/desk/feedback?number=nothing").status_code == 422
        for status in (303, 422):
            sent = client.post(f"/desk/feedback/{number}", data={"liking": "so_so", "following": "partly"})
            assert sent.status_code == status
