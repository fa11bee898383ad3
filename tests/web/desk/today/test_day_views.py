"""The staff's day board: a free time asks for whom, a booking leads to itself, a session to its roll."""

import html
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel.db import db
from center.people import names
from center.people.models import Person, Role
from tests.activity_builders import make_activity, make_roster
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_building,
    make_hall,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)


@pytest.fixture(autouse=True)
def _monday_morning() -> Iterator[Any]:
    with time_machine.travel(MONDAY, tick=False):
        yield


def as_role(client: FlaskClient, role: Role = Role.CLERK) -> None:
    sign_in(client, make_account(roles=[role]))


def known(name: str, **facts: Any) -> Person:
    key = names.sort_key(name)
    return make_person(name=name, sort_key=key, initials=names.initials_of_key(key), **facts)


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


@pytest.mark.parametrize("role", [None, Role.GRID_WORKER, Role.TUTOR])
@pytest.mark.parametrize("address", ["/desk/day", "/desk/rooms/R02/for-whom"])
def test_the_board_to_work_on_is_for_staff(client: FlaskClient, role: Role | None, address: str) -> None:
    make_room(code="R02")
    sign_in(client, make_account(roles=[role] if role else []))
    assert client.get(address).status_code == 403


@pytest.mark.parametrize("date", ["", "x", "2026-13-45", "0001-01-01", "2099-01-01"])
def test_a_day_that_cannot_be_meant_is_today(client: FlaskClient, date: str) -> None:
    as_role(client)
    assert "Today's board" in said(client.get("/desk/day", query_string={"date": date, "lang": "en"}).text).replace(
        "&#39;", "'"
    )


def test_a_free_time_asks_for_whom_with_the_room_and_the_time(client: FlaskClient) -> None:
    make_room(code="R02")
    as_role(client)
    for address in ("/desk/day?date=2026-11-24", "/board?date=2026-11-24"):
        assert "/desk/rooms/R02/for-whom?date=2026-11-24&amp;start=08:00" in client.get(address).text


def test_a_booking_says_for_whom_it_is_and_leads_to_itself_to_checking_in_and_to_moving_it(
    client: FlaskClient,
) -> None:
    guest = known("李秀英")
    team = make_organisation(name="大鼓队", name_en="Drum team")
    room = make_room(code="R02")
    own = make_booking(room=room, person=guest, starts_at=at(10, 15, days=0), purpose="写春联")
    theirs = make_booking(room=room, organisation=team, starts_at=at(14, days=0), purpose="排练")
    as_role(client)
    page = client.get("/desk/day?lang=en").text
    for booking in (own, theirs):
        assert page.count(f'href="/bookings/{booking.reference}"') == 2  # on the drawing, and in the list
        assert f"/bookings/{booking.reference}/change" in page
    assert f"/desk/bookings/{own.reference}/check-in" in page
    assert "写春联 · 李秀英" in page
    assert "Drum team" in page


def test_checking_in_leads_back_to_the_board(client: FlaskClient) -> None:
    booking = make_booking(room=make_room(), starts_at=at(10, 15, days=0))
    as_role(client)
    answer = client.post(f"/desk/bookings/{booking.reference}/check-in", data={"back": "day"})
    assert answer.location == "/desk/day?date=2026-11-23#day-list"
    assert "Here since 10:00" in client.get("/desk/day?lang=en").text


def test_a_session_leads_to_its_roll_from_its_room_from_the_whole_and_from_the_parts(client: FlaskClient) -> None:
    hall, left, _right = make_hall()
    in_hall = make_activity(starts=[at(14, days=0)], room=hall, title_en="Concert")
    in_part = make_activity(starts=[at(17, days=0)], room=left, title_en="Chess")
    make_roster(in_hall, capacity=30)
    as_role(client)
    page = client.get("/desk/day?lang=en").text
    roll = "/workspace/activities/{}/sessions/{}/register"
    drawing, by_time = page.split('id="day-list"')
    assert drawing.count(roll.format(in_hall.slug, in_hall.sessions[0].id)) == 3
    assert drawing.count(roll.format(in_part.slug, in_part.sessions[0].id)) == 2
    assert by_time.count(f'href="{roll.format(in_hall.slug, in_hall.sessions[0].id)}"') == 1
    assert "0 of 30 places" in said(by_time)


def test_whoever_only_looks_reads_who_and_is_offered_nothing_to_do(client: FlaskClient) -> None:
    booking = make_booking(room=make_room(code="R02"), person=known("李秀英"), starts_at=at(10, 15, days=0))
    make_activity(starts=[at(14, days=0)], room=make_room())
    as_role(client, Role.AUDITOR)
    page = client.get("/desk/day?lang=en").text
    assert "李秀英" in page
    assert f'href="/bookings/{booking.reference}"' in page
    for offered in ("for-whom", "check-in", "/change", "/register", "/walk-in"):
        assert offered not in page


def test_what_is_over_stands_apart(client: FlaskClient) -> None:
    make_booking(room=make_room(), starts_at=at(8, days=0), purpose="Early")
    make_booking(room=make_room(), starts_at=at(15, days=0), purpose="Later")
    as_role(client)
    ahead, over = client.get("/desk/day?lang=en").text.split('id="day-list"')[1].split("<details")
    assert "Later" in ahead
    assert "Early" not in ahead
    assert "Early" in over


def test_once_a_person_is_found_the_booking_form_is_filled_in(client: FlaskClient) -> None:
    someone = known("李秀英", phone="19900005678")
    make_room(code="R02")
    as_role(client)
    address = "/desk/rooms/R02/for-whom?date=2026-11-24&start=14:00"
    answer = client.get(f"{address}&q=5678&channel=phone")
    assert answer.location == f"/bookings/new/R02?date=2026-11-24&start=14:00&person={someone.id}&channel=phone"
    form = client.get(answer.location, follow_redirects=True).text
    assert "李秀英" in form
    assert 'value="2026-11-24"' in form
    assert re.search(r'<option selected value="14:00"', form)


def test_of_several_people_each_leads_to_the_form_and_the_first_has_the_focus(client: FlaskClient) -> None:
    first, second = known("李秀英", phone="19900005678"), known("李雪云")
    make_room(code="R02", name_en="Painting room")
    as_role(client)
    page = client.get("/desk/rooms/R02/for-whom?date=2026-11-24&start=14:00&q=lxy&lang=en").text
    for person in (first, second):
        link = f"/bookings/new/R02?date=2026-11-24&amp;start=14:00&amp;person={person.id}&amp;channel=desk"
        assert link in page
    assert "Painting room · Tue 24 Nov 2026 · from 14:00" in said(page)
    assert page.count("autofocus") == 1
    assert "19900005678" not in page
    assert '/bookings/new/R02?date=2026-11-24&amp;start=14:00"' in page  # for the centre itself


def test_somebody_new_is_written_down_and_the_form_is_filled_in_for_them(client: FlaskClient) -> None:
    make_room(code="R02")
    as_role(client)
    page = client.get("/desk/rooms/R02/for-whom?date=2026-11-24&start=14:00&channel=phone&q=单秀英").text
    [link] = re.findall(r'href="(/desk/people/new[^"]*)"', page)
    answer = client.post(html.unescape(link), data={"name": "单秀英"})
    form = "/bookings/new/R02?person={}&date=2026-11-24&start=14:00&channel=phone"
    someone = db.session.scalars(select(Person).where(Person.name == "单秀英")).one()
    assert answer.location == form.format(someone.id)


def test_somebody_new_who_walks_in_is_found_at_once(client: FlaskClient) -> None:
    session_id = make_activity(starts=[at(10, 30, days=0)]).sessions[0].id
    as_role(client)
    page = client.get(f"/desk/sessions/{session_id}/walk-in?q=单秀英").text
    [link] = re.findall(r'href="(/desk/people/new[^"]*)"', page)
    answer = client.post(html.unescape(link), data={"name": "单秀英"}, follow_redirects=True)
    assert answer.request.path == f"/desk/sessions/{session_id}/walk-in"
    assert 'class="button button--primary" autofocus' in answer.text


@pytest.mark.parametrize("asked", ["", "date=x&start=y", "date=0000-00-00&start=99:99", "q=%00", "q=" + "9" * 300])
def test_odd_addresses_still_ask_for_whom(client: FlaskClient, asked: str) -> None:
    make_room(code="R02")
    as_role(client)
    answer = client.get(f"/desk/rooms/R02/for-whom?lang=en&{asked}")
    assert answer.status_code == 200
    assert "For whom?" in answer.text


def test_a_room_that_is_nobodys_any_more_is_a_404(client: FlaskClient) -> None:
    make_room(code="R02", is_retired=True)
    as_role(client)
    assert client.get("/desk/rooms/R02/for-whom").status_code == 404
    assert client.get("/desk/rooms/R99/for-whom").status_code == 404


@pytest.mark.parametrize("address", ["/desk/day", "/desk/rooms/R02/for-whom?q=lxy"])
def test_cost_does_not_grow_with_what_is_shown(client: FlaskClient, address: str) -> None:
    make_room(code="R02")
    as_role(client)

    def add(count: int) -> None:
        for n in range(count):
            known("李秀英", building=make_building(), door=f"{n}01")
            make_activity(starts=[at(18, days=0)], room=make_room())
            make_booking(room=make_room(), organisation=make_organisation(), starts_at=at(15, days=0))

    def cost() -> int:
        db.session.rollback()
        with selects() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    add(2)
    few = cost()
    add(6)
    assert cost() == few
