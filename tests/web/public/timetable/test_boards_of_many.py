"""The board is drawn once for all who are signed in and may do the same. What is one person's own is on theirs only,
and what ends for one of them has ended with the next page.
"""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import delete

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices import accounts
from center.people import sessions
from center.people.models import Account, Role, RoleGrant
from tests.builders import ZONE, make_account, make_centre, make_person, make_room, sign_in
from tests.conftest import make_app
from tests.engines import dispose

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)
BOARD = "public/timetable/board.html"


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        make_room()
        yield


@pytest.fixture
def there(app: Flask) -> Iterator[Flask]:
    """Another process."""
    other = make_app(db.engine.url.render_as_string(hide_password=False))
    try:
        yield other
    finally:
        dispose(other)


def signed_in_at(app: Flask, account: Account) -> FlaskClient:
    client = app.test_client()
    sign_in(client, account)
    assert "/sign-out" in client.get("/board").text  # which notes that the account was seen
    return client


def drawn(app: Flask, client: FlaskClient) -> tuple[str, bool]:
    """The board, and whether it was drawn for this."""
    seen: list[str] = []
    note = lambda _app, template, **_more: seen.append(template.name)  # noqa: E731
    with template_rendered.connected_to(note, app):
        page = client.get("/board").text
    return page, BOARD in seen


def test_two_residents_are_shown_one_drawing_each_with_their_own_token(app: Flask) -> None:
    one, other = (signed_in_at(app, make_account(make_person(name=name))) for name in ("张甲", "李乙"))
    with other.session_transaction() as session:
        session["csrf_token"] = "f" * 40
    (first, _was), (second, was_drawn) = drawn(app, one), drawn(app, other)
    tokens = [re.findall('name="csrf_token" value="([^"]*)"', page) for page in (first, second)]
    assert not was_drawn
    assert all(tokens)
    assert tokens[0] != tokens[1]
    assert not re.search("张甲|李乙", first + second)
    assert one.post("/sign-out", data={"csrf_token": tokens[0][0]}).status_code == 303
    assert other.post("/sign-out", data={"csrf_token": tokens[1][0]}).status_code == 303


def test_what_was_done_is_said_to_one_reader_only(app: Flask) -> None:
    one, other = (signed_in_at(app, make_account()) for _n in range(2))
    with one.session_transaction() as session:
        session["_flashes"] = [("ok", "only for you")]
    assert "only for you" in drawn(app, one)[0]
    assert "only for you" not in drawn(app, other)[0]
    assert "only for you" not in drawn(app, one)[0]


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["the same process", "another process"])
def test_a_session_that_was_ended_shows_the_page_of_a_visitor(app: Flask, there: Flask, is_elsewhere: bool) -> None:
    account = make_account()
    client = signed_in_at(there if is_elsewhere else app, account)
    with transaction():
        sessions.end_all(account.id, now=clock.now())
    assert "/sign-out" not in client.get("/board").text


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["the same process", "another process"])
def test_a_role_that_was_taken_away_leads_to_the_desk_no_more(app: Flask, there: Flask, is_elsewhere: bool) -> None:
    account = make_account(roles=[Role.CLERK])
    client = signed_in_at(there if is_elsewhere else app, account)
    assert "/desk/day" in client.get("/board").text
    with transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == account.person_id))
    page = client.get("/board").text
    assert "/desk" not in page
    assert "/for-whom" not in page


@pytest.mark.parametrize("is_elsewhere", [False, True], ids=["the same process", "another process"])
def test_a_new_message_is_counted_for_whom_it_is(app: Flask, there: Flask, is_elsewhere: bool) -> None:
    told, other = make_account(), make_account()
    clients = [signed_in_at(there if is_elsewhere else app, each) for each in (told, other)]
    assert not any('class="count"' in client.get("/board").text for client in clients)
    with transaction():
        accounts.tell_confirmed(told, clock.now())
    assert ['class="count"' in client.get("/board").text for client in clients] == [True, False]
