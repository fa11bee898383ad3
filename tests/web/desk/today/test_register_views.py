"""Lists for the desk from the registers: those that nobody closed, and who is in the house."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.models import Activity
from center.attendance import registers, roll_actions
from center.attendance.models import How
from center.bookings.visits import actions as presence
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.people.models import Person, Role
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import ZONE, at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def activity(start: datetime, *people: Person, capacity: int = 9, **facts: Any) -> Activity:
    """An activity that was announced before, and whom the desk signed up for it."""
    made = make_activity(starts=[start], now=at(8, days=-30), **facts)
    roster = make_roster(made, capacity=capacity)
    for person in people:
        sign_up(roster, person, by=make_person(), as_staff=True, now=at(8, days=-30))
    return made


def arrive(made: Activity, person: Person, now: datetime = MONDAY) -> None:
    by = make_person()
    with transaction():
        roll_actions.arrive(made.sessions[0], person, how=How.ROLL, by=by, now=now)


def said(client: FlaskClient, address: str) -> str:
    answer = client.get(address + "?lang=en")
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text)).replace(" ,", ",")


@pytest.mark.parametrize("address", ["/desk/registers", "/desk/here-now"])
@pytest.mark.parametrize("role", [None, Role.GRID_WORKER, Role.TUTOR, Role.AUDITOR])
def test_registers_of_all_are_for_the_desk_alone(client: FlaskClient, address: str, role: Role | None) -> None:
    sign_in(client, make_account(roles=[role] if role else []))
    assert client.get(address).status_code == 403


def test_a_register_that_nobody_closed_is_listed_with_who_leads_and_one_press_to_the_roll(client: FlaskClient) -> None:
    lead = make_person(name="万德山")
    team = make_organisation(name="大鼓队", name_en="Drum team", leads=[lead])
    guest = make_person()
    never = activity(at(14, days=-3), guest, title_en="Drums", organisation=team)
    begun = activity(at(9, days=-1), guest, title_en="Film")
    arrive(begun, guest, now=at(9, days=-1))
    closed = activity(at(9, days=-2), guest, title_en="Chess")
    with transaction():
        registers.close(closed.sessions[0], remark="", by=lead, now=at(11, days=-2))
    activity(at(9, days=-20), title_en="Long ago")
    activity(at(9, 30, days=0), title_en="On now")
    sign_in(client, make_account(roles=[Role.CLERK]))
    shown = said(client, "/desk/registers")
    assert re.search(r"Drums .{,60}Never opened Drum team 万德山 1 Open the roll", shown)
    assert re.search(r"Film .{,60}Not closed 1 here", shown)
    for title in ("Chess", "Long ago", "On now"):
        assert title not in shown
    roll = f"/workspace/activities/{never.slug}/sessions/{never.sessions[0].id}/register"
    assert f'href="{roll}"' in client.get("/desk/registers").text
    assert "2 registers not closed" in said(client, "/desk")


def test_where_all_are_closed_the_page_says_so(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "No register is left open" in said(client, "/desk/registers")
    assert "not closed" not in said(client, "/desk")


def test_who_is_in_the_house_is_listed_by_room_with_counts_and_the_look_is_written_down(client: FlaskClient) -> None:
    here, away, booked = make_person(name="李秀英"), make_person(name="周桂珍"), make_person(name="查卫国")
    hall, music = make_room(name_en="Hall", position=1), make_room(name_en="Music room", position=2)
    film = activity(at(9, 30, days=0), here, away, title_en="Film", room=hall)
    arrive(film, here)
    activity(at(9, days=0), title_en="Chess", room=make_room(name_en="Chess room"), minutes=120)
    visit = make_booking(room=music, person=booked, starts_at=at(9, 45, days=0), people=4)
    make_booking(room=make_room(name_en="Nobody came here"), starts_at=at(9, 45, days=0))
    with transaction():
        presence.check_in(visit, by=booked, now=clock.now())
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    shown = said(client, "/desk/here-now")
    assert "5 people · " in shown
    assert re.search(r"Hall · 1 person Film 09:30–10:30 李秀英", shown)
    assert re.search(r"Music room · 4 people .{,10}查卫国 · 4 people", shown)
    assert re.search(r"Chess room · 0 people .{,40}No roll was taken yet", shown)
    assert "周桂珍" not in shown
    assert "Nobody came here" not in shown
    db.session.rollback()
    seen = db.session.scalars(select(AccessEvent).where(AccessEvent.kind == Kind.ROLL)).all()
    assert {each.person_id for each in seen} == {here.id, booked.id}
    assert {each.by_id for each in seen} == {clerk.person_id}


def test_whoever_was_not_said_to_have_left_stays_on_the_list(client: FlaskClient) -> None:
    guest = make_person(name="李秀英")
    film = activity(at(8, 30, days=0), guest, title_en="Film", room=make_room())
    arrive(film, guest, now=at(8, 30, days=0))
    sign_in(client, make_account(roles=[Role.CLERK]))
    shown = said(client, "/desk/here-now")
    assert "李秀英" in shown
    assert "nobody has written down that these people left, nor closed the register" in shown


def test_an_empty_house_says_so(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "Nobody is written down as being here." in said(client, "/desk/here-now")


def test_the_desks_first_page_counts_who_is_here(client: FlaskClient) -> None:
    guest = make_person()
    film = activity(at(9, 30, days=0), guest, make_person(), capacity=5, title_en="Film", room=make_room())
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert re.search(r"Film .{,80}2 of 5 0 3", said(client, "/desk"))
    arrive(film, guest)
    assert re.search(r"Film .{,80}2 of 5 1 3", said(client, "/desk"))
    assert re.search(r"2 of 5 places 1 here", said(client, "/desk/day"))


@pytest.mark.parametrize("address", ["/desk/registers", "/desk/here-now"])
def test_the_cost_does_not_grow_with_what_is_listed(client: FlaskClient, address: str) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))

    def add(count: int) -> None:
        for _ in range(count):
            guest = make_person()
            arrive(activity(at(9, 30, days=0), guest, room=make_room()), guest)
            activity(at(9, days=-1), guest, organisation=make_organisation(leads=[make_person()]), room=make_room())
            visit = make_booking(room=make_room(), starts_at=at(9, 45, days=0))
            with transaction():
                presence.check_in(visit, by=guest, now=clock.now())

    def cost() -> int:
        db.session.rollback()
        with selects() as seen:
            assert client.get(address).status_code == 200
        return len([sql for sql, _values in seen if "access_events" not in sql])

    add(2)
    client.get(address)
    few = cost()
    add(4)
    assert cost() == few
