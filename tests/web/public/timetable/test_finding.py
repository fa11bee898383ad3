"""Find me a room: from a time to the rooms that are free and suit, or to the nearest times."""

import html
import re
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from center.bookings.rulebook.facts import Party, ProposedUse
from center.kernel.db import transaction
from center.kernel.spans import Span
from center.people.models import Role
from center.rooms import ledger
from center.rooms.models import AccessFeature, Closure, Room, RoomFeature, UseKind
from center.rooms.queries import all_rooms
from center.rooms.wants import Wants
from center.timetable.finding import Found, find_rooms
from tests.builders import (
    ZONE,
    at,
    make_account,
    make_booking,
    make_centre,
    make_hall,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.walking import opened, sent

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)
ASKED = {"date": "2026-11-24", "start": "14:00", "minutes": "60", "people": "5", "party": "person"}


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def address(**changes: Any) -> str:
    values = {**ASKED, **changes}
    return "/find?" + urlencode({"lang": "en", **{k: v for k, v in values.items() if v is not None}}, doseq=True)


def said(client: FlaskClient, where: str, status: int = 200) -> str:
    answer = client.get(where)
    assert answer.status_code == status, answer.text
    main = answer.text[answer.text.index("<main") : answer.text.index("</main")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main)))


def links(client: FlaskClient, where: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'href="(/bookings/new/[^"?]+\?[^"]+)"', client.get(where).text)]


def found(start: datetime, *, minutes: int = 60, people: int = 5, party: Party = Party.PERSON, **facts: Any) -> Found:
    span = Span(start, datetime.fromtimestamp(start.timestamp() + minutes * 60, ZONE))
    wants = Wants(features=facts.pop("needs", frozenset()), **facts.pop("wants", {}))
    return find_rooms(all_rooms(), ProposedUse(span, people, party), wants, now=MONDAY_TEN, **facts)


def codes(rooms: Any) -> list[str]:
    return [each.room.code for each in rooms]


def close(room: Room, start: datetime, end: datetime, reason: str) -> None:
    with transaction() as session:
        use = ledger.take(UseKind.CLOSURE, room, starts_at=start, clear_at=end, zone=ZONE)
        session.add(Closure(use_id=use.id, room_id=room.id, starts_at=start, ends_at=end, reason=reason))


def furnish(room: Room, *features: AccessFeature) -> None:
    with transaction() as session:
        session.add_all(RoomFeature(room_id=room.id, feature=feature) for feature in features)


@ONE_ENGINE
def test_rooms_that_are_free_and_suit_come_smallest_first(app: Flask) -> None:
    make_room(code="BIG", capacity=50)
    make_room(code="SMALL", capacity=8)
    make_room(code="TINY", capacity=4)
    answer = found(at(14))
    assert codes(answer.fits) == ["SMALL", "BIG"]
    assert codes(answer.misses) == ["TINY"]
    assert answer.others == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"capacity": 4}, "This room holds 4 people."),
        ({"min_people": 6}, "This room is for groups of 6 people or more."),
        ({"max_minutes": 30, "min_minutes": 30}, "at most 30 minutes"),
        ({"min_minutes": 90}, "at least 1 hour 30 minutes"),
        ({"notice_minutes": 2 * 1440}, "at least 2 days ahead"),
        ({"horizon_days": 0}, "can be booked until Mon 23 Nov 2026"),
        ({"residents_may_book": False}, "their leads do it"),
        ({"hours": ()}, "Closed on Tuesdays"),
        ({"hours": [(1, time(8), time(14, 30))]}, "not open for all of this time"),
        ({"windows": [(time(9), time(11))]}, "09:00–11:00"),
        ({"capacity": 4, "min_minutes": 90}, "at least 1 hour 30 minutes"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_each_rule_of_a_room_keeps_it_out_with_its_reason(
    client: FlaskClient, facts: dict[str, Any], reason: str
) -> None:
    make_room(name_en="Tea room", **facts)
    text = said(client, address())
    assert "free and suit" not in text
    assert reason in text.partition("Tea room")[2].partition("See all rooms")[0]


@ONE_ENGINE
def test_a_use_keeps_its_room_out_until_it_is_cleared(app: Flask) -> None:
    room = make_room(buffer_minutes=15)
    make_booking(room=room, starts_at=at(13), minutes=60)
    assert codes(found(at(14)).misses) == [room.code]
    assert codes(found(at(14, 30)).fits) == [room.code]


@ONE_ENGINE
def test_the_clearing_up_after_the_wish_must_fit_as_well(app: Flask) -> None:
    room = make_room(buffer_minutes=30)
    make_booking(room=room, starts_at=at(15), minutes=60)
    assert codes(found(at(14)).misses) == [room.code]
    assert codes(found(at(13, 30)).fits) == [room.code]


@ONE_ENGINE
def test_half_a_hall_that_is_taken_keeps_the_whole_out(app: Flask) -> None:
    hall, left, right = make_hall()
    make_booking(room=left, starts_at=at(14))
    answer = found(at(14))
    assert codes(answer.fits) == [right.code]
    assert codes(answer.misses) == [hall.code, left.code]


@ONE_ENGINE
def test_access_needs_must_all_be_met(app: Flask, client: FlaskClient) -> None:
    loop, plain = make_room(name_en="Loop room"), make_room(name_en="Plain room")
    furnish(loop, AccessFeature.HEARING_LOOP, AccessFeature.STEP_FREE)
    furnish(plain, AccessFeature.STEP_FREE)
    text = said(client, address(access=["hearing_loop", "step_free"]))
    assert "1 room is free and suits you." in text
    assert "Plain room Missing here: Hearing loop." in text


def test_places_for_wheelchairs_and_companions_and_hours_off_work_count_as_in_the_list_of_rooms(
    app: Flask, client: FlaskClient
) -> None:
    make_room(name_en="Wide room", wheelchair_places=2, companion_places=2)
    make_room(name_en="Narrow room", wheelchair_places=1)
    make_room(
        name_en="Day room",
        wheelchair_places=2,
        companion_places=1,
        hours=[(day, time(8), time(17)) for day in range(5)],
    )
    text = said(client, address(wheelchair="2", companion="1", when=["evening", "weekend"]))
    assert "1 room is free and suits you." in text
    assert "Narrow room Missing here: 2 wheelchair places (it has 1), 1 companion seat (it has 0)." in text
    assert "Day room Missing here: In the evening, At the weekend." in text


@ONE_ENGINE
def test_a_closure_is_named(client: FlaskClient) -> None:
    close(make_room(name_en="Dance room"), at(13), at(16), "修灯")
    assert "Dance room The room is closed until 16:00: 修灯." in said(client, address())


@ONE_ENGINE
def test_what_a_confidential_room_is_closed_or_used_for_is_not_said(client: FlaskClient) -> None:
    room = make_room(name_en="Mediation room", is_confidential=True)
    make_booking(room=room, organisation=make_organisation(name_en="Mediators"), starts_at=at(14), purpose="邻里纠纷")
    other = make_room(name_en="Listening room", is_confidential=True)
    close(other, at(13), at(16), "秘密检查")
    text = said(client, address())
    assert "Mediators" not in text
    assert "邻里纠纷" not in text
    assert "秘密检查" not in text


@ONE_ENGINE
def test_rooms_for_organisations_are_explained_to_residents_and_offered_to_organisations(client: FlaskClient) -> None:
    room = make_room(name_en="Incubator", residents_may_book=False)
    assert "Incubator Organisations can book this room; their leads do it." in said(client, address())
    assert links(client, address()) == []
    (link,) = links(client, address(party="organisation"))
    assert link.startswith(f"/bookings/new/{room.code}?")
    assert "party=organisation" in link


@ONE_ENGINE
def test_a_retired_room_is_not_spoken_of(client: FlaskClient) -> None:
    make_room(name_en="Old room", is_retired=True)
    assert "Old room" not in said(client, address())


@ONE_ENGINE
def test_when_none_is_free_the_three_nearest_times_are_one_press_away(client: FlaskClient) -> None:
    room = make_room(hours=[(n, time(13), time(16)) for n in range(8)], step_minutes=60)
    make_booking(room=room, starts_at=at(14))
    text = said(client, address())
    assert "No room is free for this. These are the nearest times:" in text
    starts = [re.findall(r"date=([\d-]+)&start=(\d\d%3A\d\d|\d\d:\d\d)", link)[0] for link in links(client, address())]
    assert [(day, clock.replace("%3A", ":")) for day, clock in starts] == [
        ("2026-11-23", "15:00"),
        ("2026-11-24", "13:00"),
        ("2026-11-24", "15:00"),
    ]


@ONE_ENGINE
def test_other_times_are_for_rooms_that_suit_only(app: Flask) -> None:
    busy = make_room(code="BUSY")
    make_room(code="SMALL", capacity=2)
    make_booking(room=busy, starts_at=at(14))
    assert set(codes(found(at(14)).others)) == {"BUSY"}


@ONE_ENGINE
def test_a_wish_too_long_for_every_room_is_offered_the_longest_there_is(app: Flask) -> None:
    make_room(max_minutes=90)
    answer = found(at(14), minutes=240)
    assert len(answer.others) == 3
    assert {option.span.length.total_seconds() for option in answer.others} == {90 * 60}


@ONE_ENGINE
def test_nothing_is_offered_where_no_room_could_ever_suit(client: FlaskClient) -> None:
    make_room(capacity=10)
    assert "No room can be had like this" in said(client, address(people="9999"))


def test_without_any_room_the_page_still_answers(client: FlaskClient) -> None:
    assert "No room is free for this." in said(client, address())


@ONE_ENGINE
def test_a_resident_at_the_limit_is_told_before_and_not_after(client: FlaskClient) -> None:
    account = make_account()
    make_room(name_en="Tea room", live_limit=1)
    make_booking(room=make_room(capacity=1), person=account.person, starts_at=at(18))
    assert "1 room is free" in said(client, address())
    sign_in(client, account)
    text = said(client, address())
    told = "You have 1 of 1 bookings ahead. You can book again after Tue 24 Nov 2026 19:00, when one of them is over."
    assert told in text.partition("Rooms that do not fit")[0]
    assert "You cannot book another room just now." in text
    assert "No room is free" not in text
    assert links(client, address()) == []


def test_a_wish_across_midnight_is_judged_on_both_days(app: Flask) -> None:
    all_day = [(n, time(0), time(0)) for n in range(8)]
    free, taken = make_room(code="FREE", hours=all_day), make_room(code="TAKEN", hours=all_day)
    make_booking(room=taken, starts_at=at(0, days=2), minutes=30)
    answer = found(at(23), minutes=90)
    assert codes(answer.fits) == [free.code]
    assert codes(answer.misses) == [taken.code]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"date": "soon"}, "Day: Please write a day such as 2026-11-24."),
        ({"date": ""}, "Day: Please choose a day, such as 2026-11-24."),
        ({"date": "2026-11-22"}, "Day: This time has already passed."),
        ({"date": "2098-01-01"}, "Day: Please choose a day from"),
        ({"date": "9999-12-31"}, "One thing needs your attention Day: Please choose a day from "),
        ({"date": "2026-11-23", "start": "09:00"}, "From: This time has already passed."),
        ({"start": "25:00"}, "From: Please choose when to start."),
        ({"minutes": "-5"}, "For how long: Please choose how long."),
        ({"minutes": "99999999999"}, "For how long: Please choose how long."),
        ({"people": ""}, "How many people come: Please write how many people come, as a number."),
        ({"people": "0"}, "How many people come: A number from 1 to 9999, please."),
        ({"people": "lots"}, "One thing needs your attention How many people come: Please write a whole number."),
        ({"party": "king"}, "For whom: Please choose one of these."),
        ({"access": "wings"}, "What you need: Please choose one of these."),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_meant_is_said_on_its_field(client: FlaskClient, wrong: dict[str, str], message: str) -> None:
    make_room()
    text = said(client, address(**wrong), 422)
    assert message in text
    assert "free and suit" not in text


@ONE_ENGINE
def test_what_was_typed_is_kept(client: FlaskClient) -> None:
    page = client.get(address(people="lots", date="next week", minutes="45", access="lift")).text
    assert 'value="lots"' in page
    assert 'value="next week"' in page
    assert re.search(r"<option selected[^>]*value=\"45\"", page)
    assert re.search(r"<input checked[^>]*value=\"lift\"", page)


@ONE_ENGINE
def test_the_form_begins_with_tomorrow_and_finds_nothing_wrong(client: FlaskClient) -> None:
    page = client.get("/find?lang=en").text
    assert 'value="2026-11-24"' in page
    assert "needs your attention" not in page
    assert 'value="2026-12-01"' in client.get("/find?date=2026-12-01").text


@ONE_ENGINE
def test_a_room_that_is_found_is_booked_with_everything_filled_in(client: FlaskClient) -> None:
    room = make_room()
    sign_in(client, make_account())
    (link,) = links(client, address(people="7", minutes="90"))
    page = opened(client, link + "&lang=en").text
    assert re.search(r'value="2026-11-24"', page)
    assert re.search(r'<option selected[^>]*value="14:00"', page)
    assert re.search(r'<option selected[^>]*value="90"', page)
    assert re.search(r'name="people"[^>]*value="7"', page)
    assert link.startswith(f"/bookings/new/{room.code}?")


@ONE_ENGINE
@pytest.mark.parametrize("junk", ["minutes=x&people=-1", "minutes=99999999&people=%00", "minutes=٣&people=1.5"])
def test_the_booking_form_takes_no_nonsense_from_an_address(client: FlaskClient, junk: str) -> None:
    room = make_room()
    sign_in(client, make_account())
    page = opened(client, f"/bookings/new/{room.code}?date=2026-11-24&start=14:00&{junk}")
    assert page.status_code == 200
    assert re.search(r'<option selected[^>]*value="60"', page.text)


@ONE_ENGINE
def test_a_lead_who_asked_for_an_organisation_books_for_it(client: FlaskClient) -> None:
    account = make_account()
    organisation = make_organisation(leads=[account.person])
    make_room()
    sign_in(client, account)
    (link,) = links(client, address(party="organisation"))
    assert re.search(rf'<input checked[^>]*value="organisation-{organisation.id}"', opened(client, link).text)


@ONE_ENGINE
def test_the_desk_finds_a_room_for_somebody_and_stays_with_them(client: FlaskClient) -> None:
    clerk, neighbour = make_account(roles=[Role.CLERK]), make_person(name="张桂芳")
    make_room(notice_minutes=7 * 1440, residents_may_book=False, organisations_may_book=False)
    sign_in(client, clerk)
    where = address(person=str(neighbour.id), channel="phone", date="2026-11-23", start="10:00")
    assert "You are booking for 张桂芳." in said(client, where)
    (link,) = links(client, where)
    assert f"person={neighbour.id}" in link
    assert "channel=phone" in link
    assert "张桂芳" in opened(client, link).text
    assert f'name="person" value="{neighbour.id}"' in client.get(where).text


@ONE_ENGINE
def test_nobody_else_learns_whom_a_number_stands_for(client: FlaskClient) -> None:
    neighbour = make_person()
    where = address(person=str(neighbour.id))
    assert client.get(where).status_code == 404
    sign_in(client, make_account())
    assert client.get(where).status_code == 404
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert client.get(address(person="99999999999999")).status_code == 404


ANSWERED = (
    ("Which day?", "date", "2026-11-24"),
    ("From what time?", "start", "14:00"),
    ("For how long?", "minutes", "60"),
    ("How many people come", "people", "5"),
    ("Do you need any of these?", "when", ""),
)


def elder(client: FlaskClient, **answers: str) -> TestResponse:
    """The page to which finding a room with these answers leads in elder mode."""
    return opened(client, "/find?" + urlencode({"elder": "1", "lang": "en", **answers}))


@ONE_ENGINE
def test_elder_mode_asks_one_question_a_page(client: FlaskClient) -> None:
    make_room(name_en="Tea room")
    page = elder(client)
    for n, (question, name, value) in enumerate(ANSWERED, start=1):
        assert f"<title>{question} · Question {n} of 5 · Find me a room" in page.text
        assert 'type="hidden" name="date"' not in page.text, "the answers are the address"
        page = sent(client, page.request.full_path, {name: value} if value else {})
    found = opened(client, page.location).text
    assert "1 room is free and suits you." in found
    assert "It is for an organisation" in found


@ONE_ENGINE
def test_one_step_back_asks_again_with_the_answer_and_loses_none_after_it(client: FlaskClient) -> None:
    make_room(name_en="Tea room")
    page, shown = elder(client, date="2026-11-24", start="14:00", minutes="60"), {"people": "7"}
    assert "<title>How many people come · Question 4 of 5 · Find me a room" in page.text
    asked = (("3 of 5", "minutes", "60"), ("2 of 5", "start", "14:00"), ("1 of 5", "date", "2026-11-24"))
    for question, name, answer in asked:
        page = sent(client, page.request.full_path, {**shown, "stage": "back"})
        assert f"Question {question}" in page.text
        assert re.search(rf'checked[^>]*value="{answer}"', page.text)
        shown = {name: answer}
    again = sent(client, page.request.full_path, {"date": "2026-11-25"})
    assert "people=7" in again.request.full_path, "what was typed and not sent yet is there"
    assert "minutes=60" in again.request.full_path, "what was answered later is there"


@ONE_ENGINE
def test_what_elder_mode_asks_is_found_in_the_other_mode_with_its_answers(client: FlaskClient) -> None:
    make_room()
    asked = elder(client, date="2026-11-24", start="14:00").request.full_path
    page = opened(client, f"{asked}&elder=0").text
    assert re.search(r'name="date"[^>]*value="2026-11-24"', page)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("known", "step", "answer", "words"),
    [
        ({}, "day", {}, "Please choose a day."),
        ({}, "day", {"date": "soon"}, "Please choose a day."),
        ({}, "day", {"date": "2026-11-22"}, "already passed"),
        ({"date": "2026-11-24"}, "start", {"start": "25:00"}, "Please choose when to start."),
        ({"date": "2026-11-24", "start": "14:00", "minutes": "60"}, "people", {"people": "no"}, "whole number"),
    ],
)
def test_elder_mode_names_what_is_wrong_and_asks_it_again(
    client: FlaskClient, known: dict[str, str], step: str, answer: dict[str, str], words: str
) -> None:
    make_room()
    elder(client)
    wrong = sent(client, f"/find/{step}?" + urlencode(known), answer)
    assert (wrong.status_code, wrong.request.path) == (422, f"/find/{step}")
    assert words in wrong.text
    assert "<title>Error: " in wrong.text


@ONE_ENGINE
@pytest.mark.parametrize(
    ("changes", "path", "status"),
    [
        ({}, "/find", 200),
        ({"party": "?"}, "/find", 200),
        ({"access": "?"}, "/find", 200),
        ({"date": "2026-11-22"}, "/find/day", 422),
        ({"minutes": ""}, "/find/length", 422),
        ({"wheelchair": "99999"}, "/find/needs", 422),
    ],
)
def test_an_address_asks_for_what_is_wrong_in_it(
    client: FlaskClient, changes: dict[str, str], path: str, status: int
) -> None:
    make_room()
    whole = {"date": "2026-11-24", "start": "14:00", "minutes": "60", "people": "2"}
    page = elder(client, **{**whole, **changes})
    assert (page.request.path, page.status_code) == (path, status)


@ONE_ENGINE
def test_elder_mode_offers_no_time_that_is_over(client: FlaskClient) -> None:
    make_room()
    page = elder(client, date="2026-11-23").text
    assert 'value="10:00"' not in page
    assert 'value="11:00"' in page


@pytest.mark.parametrize("clash", [False, True], ids=["found", "none free"])
def test_the_number_of_queries_does_not_grow(client: FlaskClient, clash: bool) -> None:
    def fill(rooms: int) -> int:
        for _n in range(rooms):
            room = make_room()
            for hour in (9, 14 if clash else 11, 16):
                make_booking(room=room, organisation=make_organisation(), starts_at=at(hour))
                make_booking(room=room, starts_at=at(hour, days=3))
        client.get(address())
        with selects() as statements:
            assert client.get(address()).status_code == 200
        return len(statements)

    few = fill(1)
    assert fill(6) == few


def test_the_pages_lead_to_it(client: FlaskClient) -> None:
    room = make_room()
    assert 'href="/find"' in client.get("/").text
    assert 'href="/find"' in client.get("/rooms").text
    assert 'href="/find?date=2026-11-24"' in client.get("/board?date=2026-11-24").text
    clerk, neighbour = make_account(roles=[Role.CLERK]), make_person()
    sign_in(client, clerk)
    assert f'href="/find?person={neighbour.id}&amp;' in client.get(f"/desk/people/{neighbour.id}/book").text
    assert f'href="/rooms/{room.code}/month"' in client.get(f"/rooms/{room.code}").text
