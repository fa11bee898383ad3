"""Pages about rooms know who asks: nobody is led to a room, a day or a time that their rules refuse."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.people.models import Role
from center.rooms.models import Room
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_centre,
    make_organisation,
    make_people_group,
    make_priority,
    make_quota,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.incubator.agreement_builders import make_agreement
from tests.incubator.builders import make_incubation
from tests.statements import selects
from tests.walking import book, opened
from tests.web.public.timetable.test_finding import close

pytestmark = ONE_ENGINE

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)
LEAD, RESIDENT, VISITOR, CLERK = "lead", "resident", "visitor", "clerk"


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def comes_as(client: FlaskClient, who: str) -> None:
    if who == VISITOR:
        return
    account = make_account(roles=[Role.CLERK] if who == CLERK else [])
    if who == LEAD:
        make_organisation(leads=[account.person])
    sign_in(client, account)


def offered(client: FlaskClient, address: str, room: Room) -> list[str]:
    """The starts that a page leads to in a room."""
    page = html.unescape(opened(client, address).text)
    form = rf"/(?:bookings/new/{room.code}|desk/rooms/{room.code}/for-whom)"
    return re.findall(rf'href="{form}\?date=([\d-]+&start=\d\d:\d\d(?:&party=organisation)?)"', page)


def said(client: FlaskClient, address: str) -> str:
    answer = opened(client, address + ("&" if "?" in address else "?") + "lang=en")
    assert answer.status_code == 200
    main = answer.text[answer.text.index("<main") : answer.text.index("</main")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        (VISITOR, []),
        (RESIDENT, []),
        (LEAD, ["2026-11-24&start=08:00&party=organisation"]),
        (CLERK, ["2026-11-24&start=08:00"]),
    ],
)
@pytest.mark.parametrize("page", ["/board?date=2026-11-24", "/rooms/{code}/week?date=2026-11-24"])
def test_a_room_for_organisations_is_offered_to_leads_and_staff_only(
    client: FlaskClient, who: str, expected: list[str], page: str
) -> None:
    room = make_room(residents_may_book=False, hours=[(1, time(8), time(21))])
    comes_as(client, who)
    assert offered(client, page.format(code=room.code), room) == expected


def test_hours_kept_for_others_are_not_offered_but_to_those_they_are_kept_for(client: FlaskClient) -> None:
    room, account = make_room(), make_account()
    weavers = make_people_group(account.person)
    make_priority(room, opens=time(8), closes=time(15), group_id=weavers.id)
    assert offered(client, "/board?date=2026-11-24", room) == ["2026-11-24&start=15:00"]
    sign_in(client, account)
    assert offered(client, "/board?date=2026-11-24", room) == ["2026-11-24&start=08:00"]


@pytest.mark.parametrize(("who", "free"), [(RESIDENT, False), (LEAD, True), (CLERK, True)])
def test_a_month_says_opens_later_beyond_the_readers_own_horizon(client: FlaskClient, who: str, free: bool) -> None:
    room = make_room(horizon_days=5, org_horizon_days=20)
    comes_as(client, who)
    text = said(client, f"/rooms/{room.code}/month")
    assert re.search(r"28 Sat 28 Nov 1 free time ", text)
    assert bool(re.search(r"29 Sun 29 Nov 1 free time ", text)) is free
    assert bool(re.search(r"29 Sun 29 Nov Opens later", text)) is not free


def test_a_quota_that_is_used_up_leaves_nothing_to_offer_that_day(client: FlaskClient) -> None:
    room, account = make_room(), make_account()
    make_quota(most_bookings=1)
    make_booking(room=make_room(capacity=1), person=account.person, starts_at=at(9))
    assert offered(client, "/board?date=2026-11-24", room)
    sign_in(client, account)
    week = at(9).isocalendar().week
    assert all(datetime.fromisoformat(each[:10]).isocalendar().week != week
               for each in offered(client, f"/rooms/{room.code}/week?date=2026-11-24", room))  # fmt: skip


@pytest.mark.parametrize(
    "page", ["/board", "/rooms/{code}/week", "/rooms/{code}/month", "/find", "/bookings/new/{code}"]
)
def test_the_personal_limit_is_said_first(client: FlaskClient, page: str) -> None:
    room, account = make_room(live_limit=2), make_account()
    for hour in (15, 18):
        make_booking(room=room, person=account.person, starts_at=at(hour))
    sign_in(client, account)
    text = said(client, page.format(code=room.code))
    assert "You have 2 of 2 bookings ahead. You can book again after Tue 24 Nov 2026 16:00" in text
    assert offered(client, page.format(code=room.code), room) == []


@pytest.mark.parametrize("page", ["/board", "/rooms/{code}/week", "/find"])
def test_a_lead_is_told_first_which_of_their_organisations_is_at_its_limit(client: FlaskClient, page: str) -> None:
    room, account = make_room(org_live_limit=1), make_account()
    full = make_organisation(name_en="Full Club", leads=[account.person])
    make_organisation(name_en="Free Club", leads=[account.person])
    make_booking(room=room, person=account.person, organisation=full, starts_at=at(15))
    sign_in(client, account)
    text = said(client, page.format(code=room.code))
    assert "Full Club: You have 1 of 1 bookings ahead." in text
    assert "Free Club:" not in text


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"residents_may_book": False}, "Organisations can book this room; their leads do it."),
        (
            {"residents_may_book": False, "organisations_may_book": False},
            "The desk books this room; please call or visit the desk.",
        ),
    ],
    ids=["organisations", "desk"],
)
def test_who_may_not_book_a_room_is_told_before_the_form(
    client: FlaskClient, facts: dict[str, Any], words: str
) -> None:
    room = make_room(**facts)
    comes_as(client, RESIDENT)
    page = opened(client, f"/bookings/new/{room.code}?lang=en").text
    assert words in page
    assert 'name="purpose"' not in page


def test_a_lead_at_their_own_limit_is_offered_their_organisation_only(client: FlaskClient) -> None:
    room, account = make_room(live_limit=1), make_account()
    team = make_organisation(leads=[account.person])
    make_booking(room=room, person=account.person, starts_at=at(9))
    sign_in(client, account)
    page = opened(client, f"/bookings/new/{room.code}?lang=en").text
    assert f'name="party" value="organisation-{team.id}"' in page or f'value="organisation-{team.id}"' in page
    assert 'value="self"' not in page


def test_the_week_offers_nobody_to_wait_for_their_own_booking(client: FlaskClient) -> None:
    room, account = make_room(), make_account()
    make_booking(room=room, person=account.person, starts_at=at(9))
    make_booking(room=room, starts_at=at(14))
    sign_in(client, account)
    page = html.unescape(client.get(f"/rooms/{room.code}/week?date=2026-11-24&lang=en").text)
    assert re.findall(r"/waiting/new/\w+\?date=2026-11-24&start=(\d\d:\d\d)", page) == ["14:00"]
    assert "Your booking" in page


def test_a_closure_refuses_with_its_reason_and_end_and_no_queue(client: FlaskClient) -> None:
    room = make_room()
    close(room, at(13), at(16), "修屏幕")
    comes_as(client, RESIDENT)
    sent = {"date": "2026-11-24", "start": "14:00", "minutes": "60", "people": "5", "purpose": "下棋", "party": "self"}
    answer = book(client, f"/bookings/new/{room.code}?lang=en", {**sent, "stage": "check"})
    assert answer.status_code == 422
    assert "The room is closed until 16:00: 修屏幕." in answer.text
    assert "Tell me when it is free" not in answer.text


def test_the_finder_begins_with_a_time_that_can_be_had_and_no_longer_than_may_be(client: FlaskClient) -> None:
    make_room(windows=[(time(9), time(11))], max_minutes=120)
    make_room(residents_may_book=False, org_max_minutes=480)
    page = client.get("/find").text
    assert re.search(r'<option selected[^>]*value="10:00"', page)
    assert re.search(r'<option[^>]*value="120"', page)
    assert not re.search(r'<option[^>]*value="180"', page)


def test_the_home_page_says_how_many_rooms_residents_book_themselves(client: FlaskClient) -> None:
    make_room()
    for _n in range(2):
        make_room(residents_may_book=False)
    text = said(client, "/")
    assert "3 rooms are free right now" in text
    assert "residents can book 1 of them themselves" in text
    assert "Residents book 1 of 3 rooms themselves" in text


def test_no_room_is_no_number_in_the_title(client: FlaskClient) -> None:
    make_room(capacity=2)
    page = client.get("/find?date=2026-11-24&start=14:00&minutes=60&people=9&party=person").text
    assert "0" not in page[page.index("<title>") : page.index("</title>")]


def test_who_is_signed_in_costs_the_board_a_fixed_number_of_queries(client: FlaskClient) -> None:
    def fill(rooms: int) -> int:
        for _n in range(rooms):
            make_booking(room=make_room(), person=account.person, starts_at=at(9))
        with selects(anew=False) as sent:
            assert client.get("/board?date=2026-11-25").status_code == 200
        return len(sent)

    account = make_account()
    make_organisation(leads=[account.person])
    sign_in(client, account)
    client.get("/board")
    few = fill(1)
    assert fill(5) == few
    with selects(anew=False) as sent:
        client.get("/board?date=2026-11-25")
    assert len(sent) == 2  # whether anything was written, of the rooms and at all: who it is and what is new is known


def test_an_organisation_that_looks_for_a_room_reads_how_many_agreed_hours_are_left(client: FlaskClient) -> None:
    account = make_account()
    organisation = make_organisation(leads=[account.person], name_en="Chess friends")
    make_agreement(make_incubation(organisation=organisation), room_hours=20)
    make_booking(organisation=organisation, person=account.person, starts_at=at(10, days=2), minutes=90)
    make_room()
    sign_in(client, account)
    asked = "/find?date=2026-11-26&start=14:00&minutes=60&people=5&party="
    hours = "Chess friends has 18 hours 30 minutes left of the 20 hours of rooms agreed for November 2026."
    assert hours in said(client, f"{asked}organisation")
    assert "agreed" not in said(client, f"{asked}person")
