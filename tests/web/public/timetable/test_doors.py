"""The screen at a room's door, as somebody who stands before it reads it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.kernel.db import transaction
from center.rooms import closures
from center.rooms.models import Room
from tests.builders import ZONE, at, make_booking, make_centre, make_hall, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture
def travel(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 11, 23, 10, 7, tzinfo=ZONE), tick=False) as traveller:
        make_centre()
        yield traveller


@pytest.fixture(autouse=True)
def _monday_morning(travel: time_machine.Traveller) -> None:
    """Every test here is on a Monday at 10:07."""


def screen(client: FlaskClient, room: Room) -> str:
    """What the screen says, without its markup."""
    answer = client.get(f"/rooms/{room.code}/door")
    assert answer.status_code == 200
    main = answer.text.partition("<main")[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", "<" + main))


def test_a_free_room_says_until_when_in_both_languages_and_what_is_next(client: FlaskClient) -> None:
    room = make_room(name="书画室", name_en="Painting room")
    team = make_organisation(name="书画社", name_en="Painters")
    make_booking(room=room, organisation=team, starts_at=at(14, days=0), purpose="读书")
    said = screen(client, room)
    for words in ("书画室 Painting room", "10:07", "空闲", "Free until 14:00", "14:00–15:00", "书画社 · 读书"):
        assert words in said
    assert "door--free" in client.get(f"/rooms/{room.code}/door").text


def test_a_room_in_use_says_whose_it_is_and_until_when(client: FlaskClient) -> None:
    room = make_room()
    team = make_organisation(name="书画社", name_en="Painters")
    make_booking(room=room, organisation=team, starts_at=at(9, 30, days=0), purpose="读书")
    said = screen(client, room)
    assert "使用中" in said
    assert "In use until 10:30" in said
    assert "书画社 · 读书" in said
    assert "Painters · 读书" in said


def test_a_persons_own_booking_shows_no_name_and_no_purpose(client: FlaskClient) -> None:
    room, person = make_room(), make_person(name="李测试")
    make_booking(room=room, person=person, starts_at=at(10, days=0), purpose="家庭聚会")
    make_booking(room=room, person=person, starts_at=at(15, days=0), purpose="家庭聚会")
    said = screen(client, room)
    assert "In use until 11:00" in said
    assert "15:00–16:00" in said
    for secret in ("李测试", "家庭聚会"):
        assert secret not in said


def test_a_confidential_room_shows_only_whether_it_is_in_use(
    client: FlaskClient, travel: time_machine.Traveller
) -> None:
    room = make_room(is_confidential=True, buffer_minutes=30)
    make_booking(room=room, organisation=make_organisation(name="调解队"), starts_at=at(10, days=0), purpose="纠纷")
    make_booking(room=room, starts_at=at(15, days=0))
    in_use = screen(client, room)
    travel.move_to(at(11, 10, days=0))
    clearing = screen(client, room)
    travel.move_to(at(12, days=0))
    free = screen(client, room)
    for said, state in ((in_use, "In use"), (clearing, "In use"), (free, "Free")):
        assert state in said
        for more in ("until", "调解队", "纠纷", "15:00", "Next", "cleared"):
            assert more not in said


def test_while_a_room_is_cleared_the_screen_says_so(client: FlaskClient) -> None:
    room = make_room(buffer_minutes=15)
    make_booking(room=room, starts_at=at(9, days=0))
    assert "Being cleared until 10:15" in screen(client, room)


def test_before_opening_and_after_closing_the_screen_says_so(
    client: FlaskClient, travel: time_machine.Traveller
) -> None:
    room = make_room()
    travel.move_to(at(7, days=0))
    assert "Closed opens at 08:00" in screen(client, room)
    travel.move_to(at(22, days=0))
    said = screen(client, room)
    assert "Closed" in said
    assert "opens at" not in said


def test_a_closure_is_shown_with_its_reason(client: FlaskClient) -> None:
    room = make_room()
    facts: dict[str, Any] = {"reason": "粉刷", "reason_en": "Painting", "by": make_person(), "now": at(9, days=0)}
    with transaction():
        closures.close(room, starts_at=at(9, days=0), ends_at=at(12, days=0), **facts)
    said = screen(client, room)
    assert "Closed until 12:00" in said
    assert "粉刷" in said
    assert "Painting" in said


def test_a_hall_is_in_use_while_a_part_is(client: FlaskClient) -> None:
    hall, left, right = make_hall()
    make_booking(room=left, starts_at=at(10, days=0))
    assert "In use" in screen(client, hall)
    assert "Free" in screen(client, right)


def test_the_screen_has_a_code_refreshes_itself_and_leads_nowhere_else(client: FlaskClient) -> None:
    room = make_room()
    page = client.get(f"/rooms/{room.code}/door").text
    assert "<svg" in page
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in page
    assert f'hx-get="/rooms/{room.code}/door?lang=zh"' in page
    assert "<a " not in page
    assert "<form" not in page


def test_a_centre_of_one_language_shows_one(client: FlaskClient) -> None:
    make_centre(language_list="zh")
    said = screen(client, make_room())
    assert "空闲" in said
    assert "Free" not in said
