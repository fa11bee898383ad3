"""The desk's first page: what is on and next, with places taken and free, and one press to each thing."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from center.activities.models import Activity
from center.kernel.db import db
from center.people.models import Role
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import ZONE, at, make_account, make_booking, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def activity(*, start: datetime, **facts: Any) -> Activity:
    """An activity that was announced yesterday."""
    return make_activity(starts=[start], now=at(8, days=-1), **facts)


def said(client: FlaskClient, address: str = "/desk?lang=en") -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).text))


def test_sessions_of_today_say_how_many_places_are_taken_and_free(client: FlaskClient) -> None:
    film = activity(title_en="Film", start=at(9, 30, days=0), room=make_room(name_en="Hall"))
    sign_up(make_roster(film, capacity=5), make_person(), by=make_person(), as_staff=True, now=at(9, days=-1))
    activity(title_en="Chess", start=at(14, days=0))
    activity(title_en="Tomorrow's talk", start=at(14, days=1))
    activity(title_en="Only a draft", start=at(14, days=0), is_published=False)
    activity(title_en="Morning tea", start=at(8, days=0))
    sign_in(client, make_account(roles=[Role.CLERK]))
    shown = said(client)
    assert re.search(r"09:30–10:30 On now Film Hall · .{,60}1 of 5 0 4 Take the roll", shown)
    assert re.search(r"14:00–15:00 Next Chess .{,60}no sign-up", shown)
    assert "1 activity is over" in shown
    assert "Tomorrow's talk" not in shown
    assert "Only a draft" not in shown


def test_one_press_leads_from_a_session_to_its_roll_to_a_walk_in_and_to_the_roll_on_paper(client: FlaskClient) -> None:
    room = make_room()
    film = activity(title_en="Film", start=at(9, 30, days=0), room=room)
    sign_in(client, make_account(roles=[Role.CLERK]))
    page, session_id = client.get("/desk?lang=en").text, film.sessions[0].id
    session = f"/workspace/activities/{film.slug}/sessions/{session_id}"
    assert page.count(f'href="{session}/register"') == 2  # from the activity, and from the room
    walk_in = f"/desk/sessions/{session_id}/walk-in"
    for address in (f"{session}/register", f"{session}/roll/print", walk_in):
        assert f'href="{address}"' in page
        assert client.get(address).status_code == 200


def test_whoever_only_looks_is_offered_no_roll(client: FlaskClient) -> None:
    activity(title_en="Film", start=at(9, 30, days=0), room=make_room())
    sign_in(client, make_account(roles=[Role.AUDITOR]))
    page = client.get("/desk?lang=en").text
    assert "Film" in page
    for offered in ("/register", "/roll", "/walk-in"):
        assert offered not in page


def test_the_desk_sees_who_has_come_to_the_room_they_booked(client: FlaskClient) -> None:
    make_booking(room=make_room(), starts_at=at(9, 30, days=0), people=6)
    here = make_booking(room=make_room(), starts_at=at(9, 30, days=0))
    sign_in(client, make_account(roles=[Role.CLERK]))
    client.post(f"/desk/bookings/{here.reference}/check-in", data={"back": "board"})
    shown = said(client)
    assert "6 people Not here yet" in shown
    assert "Here since 10:00" in shown


def test_a_day_without_activities_says_so(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "No activities today." in said(client)


@pytest.mark.parametrize("headers", [{}, {"X-Refresh": "1"}], ids=["the page", "what changes on it"])
def test_the_cost_does_not_grow_with_what_is_on(client: FlaskClient, headers: dict[str, str]) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))

    def add(count: int) -> None:
        for n in range(count):
            film = activity(start=at(9 + n, days=0), room=make_room())
            make_roster(film)
            make_booking(room=make_room(), starts_at=at(9, 30, days=0))

    def cost() -> int:
        db.session.rollback()
        with selects() as seen:
            assert client.get("/desk", headers=headers).status_code == 200
        return len(seen)

    add(2)
    few = cost()
    add(5)
    assert cost() == few
