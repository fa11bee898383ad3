"""The page of the audit trail."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center import clock
from center.bookings import actions, trail
from center.bookings.models import Booking, BookingChange
from center.bookings.rulebook.rules import Party
from center.db import transaction
from center.people.models import Person, Role
from center.rooms.models import Room
from center.spans import Span
from tests.builders import ZONE, at, make_account, make_person, make_room, sign_in


def book(room: Room, person: Person | None = None) -> Booking:
    person = person or make_person()
    asked = actions.BookingRequest(span=Span(at(10), at(11)), people=2, purpose="象棋", request_key="key")
    with transaction():
        return actions.request_booking(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())


@pytest.mark.parametrize(
    ("role", "status"), [(Role.DIRECTOR, 200), (Role.AUDITOR, 200), (Role.CLERK, 403), (Role.GRID_WORKER, 403)]
)
def test_directors_and_auditors_read_the_trail(app: Flask, client: FlaskClient, role: Role, status: int) -> None:
    sign_in(client, make_account(roles=[role]))
    assert client.get("/desk/trail").status_code == status
    desk = client.get("/desk").get_data(as_text=True)
    assert ("/desk/trail" in desk) is (status == 200)


def test_the_trail_can_be_narrowed_and_says_when_there_is_nothing(app: Flask, client: FlaskClient) -> None:
    here, there = book(make_room(code="R1"), make_person(name="李桂兰")), book(make_room(code="R2"))
    sign_in(client, make_account(roles=[Role.AUDITOR]))

    def page(query: str) -> str:
        return client.get(f"/desk/trail?lang=en&{query}").get_data(as_text=True)

    assert here.reference in page("")
    assert there.reference in page("")
    assert there.reference not in page("room=R1")
    assert here.reference in page(f"who={here.person.name}")
    assert there.reference not in page(f"who={here.person.phone}")
    assert "Nobody was found" in page("who=zzzzzz")
    assert "No changes found" in page("first=2099-01-01")
    today = clock.today(ZONE)
    assert here.reference in page(f"first={today}&last={today}")


@pytest.mark.parametrize(
    "query", ["first=0001-01-01", "last=9999-12-31", "first=x", "room=nowhere", "room=%00", "who=%00&before=-1"]
)
def test_nonsense_is_refused_in_words_and_shows_no_other_list(app: Flask, client: FlaskClient, query: str) -> None:
    booking = book(make_room())
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    answer = client.get(f"/desk/trail?lang=en&{query}")
    assert answer.status_code in {200, 422}
    assert booking.reference not in answer.get_data(as_text=True)


def test_a_long_trail_goes_on_on_the_next_page(app: Flask, client: FlaskClient) -> None:
    first, second = book(make_room()), book(make_room())
    with transaction():
        for _change in range(trail.PAGE):
            trail.note(second, BookingChange.APPROVED, by=None, now=clock.now())
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    page = client.get("/desk/trail?lang=en").get_data(as_text=True)
    assert first.reference not in page
    older = re.search(r'href="([^"]*before=[^"]*)"', page)
    assert older
    assert first.reference in client.get(unescape(older[1])).get_data(as_text=True)
