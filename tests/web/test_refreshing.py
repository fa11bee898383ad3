"""Pages that show anew by themselves what changed: nobody asked for it, so it keeps nobody signed in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel.db import db, transaction
from center.people.models import Role, RoleGrant
from center.people.session_models import UserSession
from tests.builders import ZONE, at, make_account, make_booking, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
BY_ITSELF = {"X-Refresh": "1"}


@pytest.fixture(autouse=True)
def travel() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def seen_at() -> datetime:
    db.session.rollback()
    return db.session.scalars(select(UserSession.seen_at)).one()


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in_and_then_shows_nothing_more(
    client: FlaskClient, travel: Any
) -> None:
    make_booking(room=make_room(), person=make_person(name="李秀英"), starts_at=at(14, days=0))
    sign_in(client, make_account(roles=[Role.CLERK]))
    for _half_hour in range(3):
        travel.shift(timedelta(minutes=30))
        shown = client.get("/desk", headers=BY_ITSELF)
        assert shown.status_code == 200
        assert "李秀英" in shown.text
    assert seen_at() == MONDAY
    travel.shift(timedelta(minutes=30))
    ended = client.get("/desk?lang=en", headers=BY_ITSELF)
    assert ended.status_code == 401
    assert "You are signed out" in ended.text
    assert "/sign-in?next=" in ended.text
    assert "李秀英" not in ended.text
    assert "HX-Reswap" not in ended.headers  # it takes the place of what stood there


def test_whoever_uses_the_page_stays_signed_in(client: FlaskClient, travel: Any) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    travel.shift(timedelta(minutes=90))
    client.get("/desk")
    assert seen_at() == MONDAY + timedelta(minutes=90)


def test_a_form_counts_as_use_whatever_it_calls_itself(client: FlaskClient, travel: Any) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    travel.shift(timedelta(minutes=90))
    client.post("/desk/people/new", data={"name": ""}, headers=BY_ITSELF)
    assert seen_at() == MONDAY + timedelta(minutes=90)


def test_only_the_part_that_changes_is_answered_and_nothing_in_it_is_read_out(client: FlaskClient) -> None:
    make_room()
    sign_in(client, make_account(roles=[Role.CLERK]))
    whole, part = client.get("/desk?lang=en").text, client.get("/desk?lang=en", headers=BY_ITSELF).text
    assert part.strip() in whole
    assert part.lstrip().startswith("<div hx-ignore>")
    assert "As of 10:00" in part
    for never in ("<html", '<input type="search"', "aria-live", 'role="status"', 'role="alert"', "autofocus"):
        assert never not in part


def test_whoever_may_no_longer_look_sees_that_in_place_of_it(client: FlaskClient) -> None:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    with transaction() as session:
        session.query(RoleGrant).filter_by(person_id=account.person_id).update({"ends_on": at(9, days=-1).date()})
    ended = client.get("/desk?lang=en", headers=BY_ITSELF)
    assert ended.status_code == 403
    assert "data-refresh-ended" in ended.text
    assert "<html" not in ended.text


@pytest.mark.parametrize("address", ["/sign-in", "/nowhere", "/board"])
def test_any_other_answer_leaves_the_page_as_it_is(client: FlaskClient, address: str) -> None:
    assert client.get(address, headers=BY_ITSELF).headers["HX-Reswap"] == "none"
    assert "HX-Reswap" not in client.get(address).headers


def test_the_screen_at_a_door_keeps_nobody_signed_in_either(client: FlaskClient) -> None:
    room = make_room()
    assert 'hx-headers=\'{"X-Refresh": "1"}\'' in client.get(f"/rooms/{room.code}/door").text
    answer = client.get(f"/rooms/{room.code}/door", headers=BY_ITSELF)
    assert "HX-Reswap" not in answer.headers
