"""Booking step by step: every step has its address, which Back and a reload show again with what was typed."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from center.people.models import Account, Role
from center.rooms.models import Room
from tests.builders import at, make_account, make_booking, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import go_on, number_of, opened

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def walk() -> tuple[dict[str, str], ...]:
    """What is answered on each page of elder mode."""
    named = {"purpose": "读书会", "party": "self"}
    return ({"date": day()}, {"start": "10:00"}, {"minutes": "60"}, {"people": "5"}, named)


def day() -> str:
    return at(10).date().isoformat()


@pytest.fixture
def resident(client: FlaskClient) -> Account:
    account = make_account()
    sign_in(client, account)
    client.set_cookie("lang", "en")
    return account


def walked(client: FlaskClient, room: Room) -> list[TestResponse]:
    """Every page of booking in elder mode."""
    client.set_cookie("elder", "1")
    pages = [opened(client, f"/bookings/new/{room.code}")]
    for typed in walk():
        pages.append(go_on(client, pages[-1], **typed))
    return pages


def test_back_and_reload_show_every_step_again_with_its_answer(client: FlaskClient, resident: Account) -> None:
    pages = walked(client, make_room())
    assert "Is this right?" in pages[-1].text
    for page, typed in zip(reversed(pages[:-1]), reversed(walk()), strict=True):
        again = client.get(page.request.full_path)
        assert (again.status_code, number_of(again.text)) == (200, number_of(page.text))
        answer = next(iter(typed.values()))
        assert re.search(rf'checked[^>]*value="{answer}"|value="{answer}"[^>]*checked|value="{answer}"', again.text)
    assert client.get(pages[-1].request.full_path).status_code == 200


def test_one_answer_is_changed_from_the_end_and_leads_back_to_it(client: FlaskClient, resident: Account) -> None:
    check = walked(client, make_room())[-1]
    change = re.search(r'href="([^"]*/people[^"]*change=1)"', check.text)
    assert change
    again = go_on(client, client.get(unescape(change[1])), people="7")
    assert "Is this right?" in again.text
    assert "7" in again.text


def test_what_was_taken_meanwhile_is_asked_again_from_whatever_step_one_comes(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room()
    check = walked(client, room)[-1]
    make_booking(room=room, starts_at=at(10))
    taken = opened(client, check.request.full_path)
    assert taken.status_code == 422
    assert number_of(taken.text) == "2 of 5"
    assert "is taken or cannot be had" in taken.text


def test_the_page_of_all_questions_keeps_what_is_typed_and_a_reload_sends_nothing(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room()
    page = opened(client, f"/bookings/new/{room.code}")
    asked = {"date": day(), "start": "10:00", "minutes": "60", "people": "5", "party": "self"}
    wrong = go_on(client, page, **asked, purpose="", note="带茶")
    assert (wrong.status_code, wrong.request.method) == (422, "GET")
    assert "<title>Error: " in wrong.text
    assert "带茶" in wrong.text
    check = go_on(client, wrong, **asked, purpose="读书会", note="带茶")
    assert "Is this right?" in check.text
    assert "带茶" in client.get(page.request.full_path).text
    made = go_on(client, check, stage="book")
    assert made.status_code == 303
    for before in (page, check):
        assert client.get(before.request.full_path).location == made.location, "Back leads to what was booked"


def test_what_the_desk_books_for_somebody_stays_theirs_on_every_step(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    client.set_cookie("lang", "en")
    person = make_account().person
    page = opened(client, f"/bookings/new/{make_room().code}?person={person.id}&channel=phone")
    asked = {"date": day(), "start": "10:00", "minutes": "60", "people": "5", "party": "self", "purpose": "茶"}
    check = go_on(client, page, **asked, stage="check")
    assert f"person={person.id}" in check.request.full_path
    assert "channel=phone" in check.request.full_path
    assert person.name in check.text
