"""Rules where they bite: on the form, on the confirm page, for staff who override, and on the page that says why."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from center.bookings.models import Booking, BookingEvent
from center.bookings.rulebook.facts import Rule
from center.bookings.rulebook.rule_words import NAMES
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from center.rooms.models import Room
from center.rooms.rule_models import ApprovalHours, Period, PurposeRule, Whose
from tests import walking
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_building,
    make_organisation,
    make_person,
    make_priority,
    make_purpose,
    make_quota,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.web.resident.bookings.test_views import answers, text_of

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}


@pytest.fixture
def resident(app: Flask, client: FlaskClient) -> Account:
    account = make_account(make_person(name="王秀英", building=make_building(), unit="1", door="301"))
    sign_in(client, account)
    return account


@pytest.fixture
def clerk(app: Flask, client: FlaskClient) -> Account:
    account = make_account(make_person(name="周敏"), roles=[Role.CLERK])
    sign_in(client, account)
    return account


def book(client: FlaskClient, room: Room, query: dict[str, Any] | None = None, **changes: Any) -> TestResponse:
    data = answers(**changes)
    return walking.book(client, f"/bookings/new/{room.code}", data, query_string={**ENGLISH, **(query or {})})


def count() -> int:
    db.session.rollback()
    return len(db.session.scalars(select(Booking)).all())


def test_a_refusal_names_the_quota_and_how_much_of_it_is_used(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_quota(whose=Whose.HOUSEHOLD, per=Period.DAY, most_bookings=1)
    make_booking(room=room, person=resident.person, starts_at=at(15))
    answer = book(client, room)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "Each household can have at most 1 booking a day in all rooms together." in page
    assert "1 of 1 bookings" in page
    assert "ask the desk" in page
    assert count() == 1


def test_kept_hours_are_named_and_not_offered(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_priority(room, name_en="After-school programme")
    page = text_of(book(client, room, start="16:00"))
    assert "15:30–18:30 is kept for After-school programme" in page
    assert 'value="' + at(16).date().isoformat() + "T16:00" not in page
    query = {"date": at(16).date(), "start": "16:00", "minutes": 60, "people": 2, **ENGLISH}
    assert "is kept for After-school programme" in text_of(client.get("/find", query_string=query))


def test_the_kind_of_use_is_chosen_and_kept_and_says_what_becomes_of_it(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    tea = make_purpose(name_en="Tea")
    selling = make_purpose(name_en="Selling", rule=PurposeRule.NOT_ALLOWED)
    cutting = make_purpose(name_en="Paper-cuttings", rule=PurposeRule.APPROVAL)
    page = text_of(walking.opened(client, f"/bookings/new/{room.code}", query_string=ENGLISH))
    assert "Selling (not allowed in this room)" in page
    assert "Paper-cuttings (the desk must approve)" in page
    refused = book(client, room, kind=selling.id)
    assert refused.status_code == 422
    assert "“Selling” is not allowed in this room." in text_of(refused)
    assert book(client, room, kind="999").status_code == 422
    confirm = text_of(book(client, room, kind=cutting.id, stage="check"))
    assert "For this purpose the desk must approve." in confirm
    assert book(client, room, kind=tea.id).status_code == 303
    assert db.session.scalars(select(Booking)).one().purpose_id == tea.id


def test_the_confirm_page_says_why_a_booking_waits(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    with transaction() as session:
        session.add(ApprovalHours(room_id=room.id, weekdays=255, opens=at(12).time(), closes=at(18).time()))
    page = text_of(book(client, room, stage="check"))
    assert "At this time of day the desk must approve." in page
    assert "Send the request" in page


def test_elder_mode_asks_the_kind_of_use_with_the_purpose(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_purpose(name_en="Tea")
    typed = {"stage": "", "step": "3"}
    page = text_of(book(client, room, {"elder": "1"}, **typed))
    assert "What kind of use is it?" in page


def test_staff_see_a_rule_once_and_book_all_the_same_with_a_reason(client: FlaskClient, clerk: Account) -> None:
    room, person = make_room(), make_person(name="李奶奶")
    make_quota(per=Period.DAY, most_bookings=0)
    who = {"person": person.id, "channel": "desk"}
    asked = book(client, room, who)
    page = text_of(asked)
    assert asked.status_code == 200
    assert "This is against a rule" in page
    assert "at most 0 bookings a day" in page
    assert count() == 0
    again = book(client, room, who, asked="1")
    assert again.status_code == 422
    assert "Say why you book it all the same." in text_of(again)
    made = book(client, room, who, asked="1", override_reason="丧事")
    assert made.status_code == 303
    events = db.session.scalars(select(BookingEvent).order_by(BookingEvent.id)).all()
    assert [event.what for event in events] == ["confirmed", "overridden"]
    assert events[-1].reason == "Quota · 丧事"
    shown = text_of(client.get(f"{made.location}&lang=en"))
    assert "Booked against a rule" in shown


def test_a_walk_in_against_no_rule_costs_staff_no_page_more(client: FlaskClient, clerk: Account) -> None:
    answer = book(client, make_room(notice_minutes=1440), {"person": make_person().id, "channel": "desk"})
    assert answer.status_code == 303


def test_a_resident_cannot_override_anything(client: FlaskClient, resident: Account) -> None:
    make_quota(per=Period.DAY, most_bookings=0)
    answer = book(client, make_room(), asked="1", override_reason="求求你们")
    assert answer.status_code == 422
    assert count() == 0


def test_staff_still_cannot_take_what_is_taken_from_the_confirm_page(client: FlaskClient, clerk: Account) -> None:
    room = make_room()
    make_quota(per=Period.DAY, most_bookings=0)
    make_booking(room=room, starts_at=at(10))
    answer = book(client, room, {"person": make_person().id}, asked="1", override_reason="x")
    assert answer.status_code == 409
    assert count() == 1


def test_finding_a_room_for_somebody_shows_staff_what_is_against_a_rule(client: FlaskClient, clerk: Account) -> None:
    make_room(residents_may_book=False, name_en="Guild room")
    query = {"date": at(10).date(), "start": "10:00", "minutes": 60, "people": 2, "person": make_person().id}
    page = text_of(client.get("/find", query_string={**query, **ENGLISH}))
    assert "Guild room" in page
    assert "Against a rule" in page


def test_the_why_page_lists_every_rule_with_its_verdict_and_numbers(client: FlaskClient, clerk: Account) -> None:
    room, person = make_room(live_limit=2), make_person(name="刘叔")
    make_quota(per=Period.WEEK, most_bookings=2, most_minutes=240)
    for hour in (9, 11):
        make_booking(room=room, person=person, starts_at=at(hour))
    query = {
        "person": person.id,
        "room": room.code,
        "date": at(14).date(),
        "start": "14:00",
        "minutes": 60,
        "people": 5,
    }
    page = text_of(client.get("/desk/why", query_string={**query, **ENGLISH}))
    assert set(NAMES) == set(Rule)
    assert page.count('class="rule-line"') == len(Rule) + 1  # and approval
    assert "2 of 2 bookings, 2 hours of 4 hours" in page
    assert "5 of at most 20 people" in page
    assert "Stops it" in page
    assert "Approval" in page


def test_the_why_page_finds_the_person_first_and_knows_their_organisations(client: FlaskClient, clerk: Account) -> None:
    person = make_person(name="刘叔", initials="ls")
    organisation = make_organisation(leads=[person], name_en="Drummers")
    assert "Why can" in text_of(client.get("/desk/why", query_string=ENGLISH))
    page = text_of(client.get("/desk/why", query_string={"q": there(person.phone)[-4:], **ENGLISH}))
    assert "刘叔" in page
    room = make_room(residents_may_book=False)
    query = {"person": person.id, "room": room.code, "date": at(14).date(), "start": "14:00", "minutes": 60}
    page = text_of(client.get("/desk/why", query_string={**query, "people": 5, **ENGLISH}))
    assert "rule stops it" in page
    query["party"] = f"organisation-{organisation.id}"
    page = text_of(client.get("/desk/why", query_string={**query, "people": 5, **ENGLISH}))
    assert "They can book it" in page


@pytest.mark.parametrize("person", ["999999", "0", "abc", "9" * 30])
def test_the_why_page_of_nobody_is_not_found(client: FlaskClient, clerk: Account, person: str) -> None:
    assert client.get("/desk/why", query_string={"person": person}).status_code == 404


@pytest.mark.parametrize(
    "bad",
    [
        {"date": "x"},
        {"start": "99:99"},
        {"minutes": "-5"},
        {"people": "0"},
        {"room": "R404"},
        {"party": "organisation-9"},
    ],
)
def test_the_why_page_says_what_it_does_not_understand(
    client: FlaskClient, clerk: Account, bad: dict[str, Any]
) -> None:
    room = make_room()
    query = {"person": make_person().id, "room": room.code, "date": at(14).date(), "start": "14:00", "minutes": 60}
    answer = client.get("/desk/why", query_string={**query, "people": 5, **bad, **ENGLISH})
    assert answer.status_code == 422


def test_residents_do_not_see_the_why_page(client: FlaskClient, resident: Account) -> None:
    assert client.get("/desk/why").status_code == 403
