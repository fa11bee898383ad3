"""Filtering rooms by places and by when working people are free, and saying what a room lacks."""

import html
import re
from datetime import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.kernel.db import transaction
from center.rooms.models import AccessFeature, Approval, Room, RoomFeature
from center.rooms.queries import get_room
from center.rooms.rule_models import ApprovalHours, PurposeRule, RoomAudience
from center.rooms.rulebook import book_sentences, room_book
from center.rooms.wants import OffHours, is_open_on
from tests.builders import make_people_group, make_purpose, make_room
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

MORNINGS = [(n, time(8), time(12)) for n in range(5)]
UNTIL_NINE = [(0, time(14), time(21))]
SATURDAYS = [(5, time(9), time(17))]


def read(client: FlaskClient, path: str) -> Any:
    page = client.get(path + ("&" if "?" in path else "?") + "lang=en").text
    main = page[page.index("<main") : page.index("</main")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


@pytest.mark.parametrize(
    ("hours", "windows", "evening", "weekend"),
    [
        (MORNINGS, (), False, False),
        (UNTIL_NINE, (), True, False),
        (UNTIL_NINE, [(time(14), time(17, 30))], False, False),
        (UNTIL_NINE, [(time(19), time(20))], True, False),
        ([(0, time(14), time(18, 30))], (), False, False),
        (SATURDAYS, (), False, True),
        ([(6, time(18), time(0))], (), False, True),
        ([(7, time(8), time(21))], (), False, False),
    ],
    ids=[
        "mornings",
        "until nine",
        "until nine, drums in the afternoon only",
        "drums in the evening",
        "half an hour of evening is none",
        "saturdays",
        "sunday night",
        "public holidays are neither",
    ],
)
def test_evenings_and_weekends_are_when_a_room_can_really_be_had(
    app: Flask, hours: Any, windows: Any, evening: bool, weekend: bool
) -> None:
    room = make_room(hours=hours, windows=windows)
    assert (is_open_on(room, OffHours.EVENING), is_open_on(room, OffHours.WEEKEND)) == (evening, weekend)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("wheelchair=2", "AB"),
        ("wheelchair=3", "B"),
        ("companion=1", "B"),
        ("when=evening", "AC"),
        ("when=weekend", "B"),
        ("when=evening&when=weekend", ""),
        ("wheelchair=1&when=evening", "A"),
        ("wheelchair=0&companion=0", "ABC"),
        ("when=midnight", "ABC"),
        ("wheelchair=many", "ABC"),
    ],
)
def test_rooms_are_filtered_by_wheelchair_and_companion_places_and_by_when(
    client: FlaskClient, asked: str, found: str
) -> None:
    make_room(code="A", wheelchair_places=2, hours=UNTIL_NINE)
    make_room(code="B", wheelchair_places=4, companion_places=2, hours=SATURDAYS)
    make_room(code="C", hours=UNTIL_NINE)
    page = client.get(f"/rooms?{asked}").text
    assert "".join(re.findall(r'class="card__title"><a href="/rooms/(\w)"', page)) == found


def test_no_room_that_suits_is_said_in_words_and_not_as_nought(client: FlaskClient) -> None:
    make_room()
    text = read(client, "/rooms?wheelchair=9")
    assert "No room has all of this" in text
    assert "0 rooms" not in text


def test_what_a_room_lacks_is_said_and_who_helps(client: FlaskClient) -> None:
    room = make_room(access_note="门口两级台阶", access_note_en="Two steps at the door")
    with transaction() as session:
        session.add(RoomFeature(room_id=room.id, feature=AccessFeature.LIFT))
    text = read(client, f"/rooms/{room.code}")
    assert "Two steps at the door" in text
    assert "Not here: Step-free, Accessible toilet" in text
    assert "No place is set up for wheelchairs." in text
    assert "The desk helps with what is missing." in text
    assert "Two steps at the door" in read(client, "/rooms")


def sentences(app: Flask, rows: Any = (), **facts: Any) -> list[str]:
    room = make_room(**facts)
    with transaction() as session:
        session.add_all(row(room) for row in rows)
    with app.test_request_context("/?lang=en"):
        fresh = get_room(room.code)
        return book_sentences(fresh, room_book(fresh))


def nine_to_six(room: Room) -> ApprovalHours:
    return ApprovalHours(room_id=room.id, weekdays=255, opens=time(9), closes=time(18))


def test_a_room_that_needs_approval_at_some_hours_is_not_confirmed_at_once_without_a_word(app: Flask) -> None:
    said = sentences(app, [nine_to_six], approval=Approval.NEVER)
    assert "A booking is confirmed at once." not in said
    at_other_times = said.index("At other times than 09:00–18:00 the desk must approve the booking.")
    assert said[at_other_times + 1] == "Every other booking is confirmed at once."


def test_a_room_that_always_needs_approval_names_no_hours_and_no_uses_that_do(app: Flask) -> None:
    make_purpose(rule=PurposeRule.APPROVAL)
    said = " ".join(sentences(app, [nine_to_six], approval=Approval.ALWAYS))
    assert said.count("must approve") == 1


def test_a_use_that_needs_approval_makes_the_others_be_confirmed_at_once(app: Flask) -> None:
    make_purpose(rule=PurposeRule.APPROVAL)
    said = sentences(app, approval=Approval.NEVER)
    assert "Every other booking is confirmed at once." in said
    assert "A booking is confirmed at once." not in said


def test_a_room_for_some_people_only_is_not_said_to_be_for_all(app: Flask) -> None:
    weavers = make_people_group()
    said = sentences(app, [lambda room: RoomAudience(room_id=room.id, group_id=weavers.id)])
    assert said[0] == "Only members of “Weavers” can book this room."
    assert not any("Residents and organisations can book" in each for each in said)
