"""The pages of bookings: what people see, and what happens to bad input."""

import re
from datetime import time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from center.bookings.models import Booking, BookingStatus
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account
from center.rooms import closures
from center.rooms.models import Approval, Room
from tests import walking
from tests.builders import ZONE, at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.walking import go_on, opened

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}


@pytest.fixture
def resident(app: Flask, client: FlaskClient) -> Account:
    account = make_account()
    sign_in(client, account)
    return account


def answers(**changes: Any) -> dict[str, Any]:
    known = {
        "date": at(10).date().isoformat(),
        "start": "10:00",
        "minutes": "60",
        "people": "5",
        "purpose": "读书会 📚",
        "party": "self",
        "request_key": "7e0b7f60-5b1d-4f0e-9d0c-0a4b0a3f6f11",
        "stage": "book",
    }
    return {**known, **changes}


def book(client: FlaskClient, room: Room, query: dict[str, Any] | None = None, **changes: Any) -> TestResponse:
    asked = {**ENGLISH, **(query or {})}
    return walking.book(client, f"/bookings/new/{room.code}?{urlencode(asked)}", answers(**changes))


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Booking)) or 0


def text_of(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def test_the_confirm_page_books_nothing(client: FlaskClient, resident: Account) -> None:
    answer = book(client, make_room(), stage="check")
    assert answer.status_code == 200
    assert "Nothing is booked yet" in text_of(answer)
    assert count() == 0


def test_a_confirmed_form_books_and_shows_the_reference(client: FlaskClient, resident: Account) -> None:
    answer = book(client, make_room())
    assert answer.status_code == 303
    page = text_of(client.get(answer.location + "&lang=en"))
    assert re.search(r"Booking [2-9A-Z]{4}-[2-9A-Z]{4}", page)
    assert "读书会 📚" in page


def test_the_form_suggests_a_time_that_can_be_booked(client: FlaskClient, resident: Account) -> None:
    room = make_room(step_minutes=30)
    make_booking(room=room, starts_at=at(8, 30), minutes=12 * 60 - 60)
    page = text_of(
        opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "date": at(10).date().isoformat()})
    )
    assert '<option selected value="19:30">' in page
    assert '<option selected value="60">' in page
    page = text_of(opened(client, f"/bookings/new/{room.code}?date={at(10).date()}&start=08:00&lang=en"))
    assert '<option selected value="30">' in page


def test_a_double_click_makes_one_booking(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    first, second = book(client, room), book(client, room)
    assert first.location == second.location
    assert count() == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"minutes": "-60"}, "choose how long", id="ends before it starts"),
        pytest.param({"minutes": "999999999999"}, "choose how long", id="absurdly long"),
        pytest.param({"minutes": "600"}, "lasts at most 2 hours", id="too long"),
        pytest.param({"start": "05:00"}, "not open for all of this time", id="outside hours"),
        pytest.param({"start": "25:99"}, "choose when to start", id="no such time"),
        pytest.param({"date": "2001-01-01"}, "choose a day from", id="past date"),
        pytest.param({"date": "2026-02-30"}, "write a day such as", id="no such date"),
        pytest.param({"date": "9999-12-31"}, "Please choose a day from", id="end of time"),
        pytest.param({"people": "21"}, "holds 20 people", id="too many people"),
        pytest.param({"people": "0"}, "from 1 to 9999", id="nobody"),
        pytest.param({"people": "many"}, "write a whole number", id="people in words"),
        pytest.param({"people": "9" * 40}, "from 1 to 9999", id="a number no database holds"),
        pytest.param({"purpose": ""}, "fill this in", id="no purpose"),
        pytest.param({"purpose": "x" * 81}, "At most 80 characters", id="overlong purpose"),
        pytest.param({"purpose": "a\x00b"}, "cannot be stored", id="control character"),
        pytest.param({"purpose": "a\u202eb"}, "cannot be stored", id="text that runs backwards"),
        pytest.param({"party": "organisation-1"}, "choose one of these", id="somebody else's organisation"),
        pytest.param({"party": "x" * 3000}, "choose one of these", id="for nobody known"),
    ],
)
def test_bad_input_is_named_on_its_field_and_nothing_typed_is_lost(
    client: FlaskClient, resident: Account, changes: dict[str, Any], message: str
) -> None:
    answer = book(client, make_room(), **{"note": "我们会自己打扫", **changes})
    page = text_of(answer)
    assert answer.status_code == 422
    assert message in page
    assert "我们会自己打扫" in page
    assert 'aria-invalid="true"' in page or 'is-wrong"' in page
    assert count() == 0


def test_an_expired_form_is_shown_again_as_it_was_typed(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    answer = client.post(f"/bookings/new/{room.code}/check", data=answers(), query_string=ENGLISH, csrf=False)
    assert answer.status_code == 422
    assert "open for too long" in text_of(answer)
    assert "读书会 📚" in text_of(answer)
    assert count() == 0


def test_a_forged_request_key_is_replaced(client: FlaskClient, resident: Account) -> None:
    assert book(client, make_room(), request_key="x" * 5000).status_code == 303


def test_a_taken_time_names_three_nearby_free_times(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10))
    answer = book(client, room)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "The room is taken at this time" in page
    assert len(re.findall(r'name="pick"', page)) == 3


def test_picking_a_free_time_keeps_everything_else_and_asks_for_confirmation(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room()
    picked = f"{at(15).date()}T15:00/60"
    page = text_of(book(client, room, stage="", pick=picked))
    assert "Nothing is booked yet" in page
    assert "15:00–16:00" in page
    assert "读书会 📚" in page


def test_elder_mode_asks_one_question_a_page(client: FlaskClient, resident: Account) -> None:
    room, elder = make_room(), {"elder": "1"}
    page = opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, **elder})
    assert "Question 1 of 5" in page.text
    page = go_on(client, page, date=at(10).date().isoformat())
    assert "Question 2 of 5" in page.text
    page = go_on(client, page)
    assert "Question 2 of 5" in page.text
    assert "Please choose" in page.text
    check = text_of(book(client, room, elder, stage=""))
    assert "Nothing is booked yet" in check
    assert book(client, room, elder).status_code == 303


def test_elder_mode_asks_for_no_start_and_no_length_that_cannot_be_had(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(11))
    page = opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "elder": "1"})
    page = go_on(client, page, date=at(10).date().isoformat())
    starts = radios(page.text)
    assert {"10:00", "12:00"} <= set(starts)
    assert "11:00" not in starts
    page = go_on(client, page, start="10:00")
    assert max(int(minutes) for minutes in radios(page.text)) == 60


def radios(page: str) -> list[str]:
    return re.findall(r'<input[^>]*type="radio"[^>]*value="([^"]+)"', page)


def test_elder_mode_goes_back_to_the_question_of_the_start_where_a_link_names_a_taken_one(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(11))
    link = {"date": at(10).date().isoformat(), **ENGLISH, "elder": "1"}
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**link, "start": "11:00"}))
    assert "Question 2 of 5" in page
    assert "11:00 AM is taken or cannot be had" in page.replace("\u202f", " ")
    assert "10:00" in radios(page)
    assert "11:00" not in radios(page)
    free = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**link, "start": "10:00"}))
    assert "Question 3 of 5" in free
    assert max(map(int, radios(free))) == 60


def test_elder_mode_goes_back_to_the_start_that_was_taken_while_the_person_thought(
    client: FlaskClient, resident: Account
) -> None:
    room, link = make_room(), {"date": at(10).date().isoformat(), "start": "10:00"}
    page = opened(client, f"/bookings/new/{room.code}", query_string={**link, **ENGLISH, "elder": "1"})
    make_booking(room=room, starts_at=at(10))
    answer = go_on(client, page, minutes="60")
    assert answer.status_code == 422
    assert "Question 2 of 5" in text_of(answer)
    assert "10:00" not in radios(text_of(answer))


def test_elder_mode_asks_for_the_day_again_where_nothing_is_free_on_it(client: FlaskClient, resident: Account) -> None:
    room, day = make_room(), at(10).date().isoformat()
    make_booking(room=room, starts_at=at(0), minutes=24 * 60)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={"date": day, **ENGLISH, "elder": "1"}))
    assert "Question 1 of 5" in page
    assert "Nothing is free any more on" in page
    assert day not in radios(page)


def test_elder_mode_asks_an_unanswered_first_question_again(client: FlaskClient, resident: Account) -> None:
    page = opened(client, f"/bookings/new/{make_room().code}", query_string={"elder": "1", **ENGLISH})
    assert "Question 1 of 5" in text_of(go_on(client, page))


def test_an_unconfirmed_account_can_look_but_not_book(app: Flask, client: FlaskClient) -> None:
    sign_in(client, make_account(is_confirmed=False))
    answer = book(client, make_room())
    assert answer.status_code == 403
    assert "desk must confirm" in text_of(answer)
    assert count() == 0


def test_a_lead_books_for_their_organisation_only(client: FlaskClient, resident: Account) -> None:
    mine = make_organisation(leads=[resident.person])
    others = make_organisation()
    room = make_room(residents_may_book=False)
    assert book(client, room, party="self").status_code == 422
    assert book(client, room, party=f"organisation-{others.id}").status_code == 422
    assert book(client, room, party=f"organisation-{mine.id}").status_code == 303


def test_staff_book_for_anybody_by_phone_or_at_the_desk(client: FlaskClient, clerk: Account) -> None:
    person = make_person(name="李奶奶")
    answer = book(client, make_room(approval=Approval.ALWAYS), {"person": person.id, "channel": "phone"})
    assert answer.status_code == 303
    booking = db.session.scalars(select(Booking)).one()
    assert (booking.person_id, booking.channel, booking.status) == (person.id, "phone", BookingStatus.CONFIRMED)


@pytest.mark.parametrize("person", ["999999", "0", "-1", "abc", "9" * 30, "1; DROP TABLE people"])
def test_a_forged_person_is_not_found(client: FlaskClient, clerk: Account, person: str) -> None:
    assert book(client, make_room(), {"person": person}).status_code == 404


def test_a_resident_cannot_book_in_anothers_name(client: FlaskClient, resident: Account) -> None:
    assert book(client, make_room(), {"person": make_person().id}).status_code == 404
    assert count() == 0


def test_a_room_that_does_not_exist_is_not_found(client: FlaskClient, resident: Account) -> None:
    assert client.get("/bookings/new/R99").status_code == 404
    assert client.get("/bookings/new/%00").status_code == 404


@pytest.mark.parametrize("page", ["", "/slip", "/calendar.ics", "/cancel"])
def test_somebody_elses_booking_is_not_found(client: FlaskClient, resident: Account, page: str) -> None:
    booking = make_booking()
    assert client.get(f"/bookings/{booking.reference}{page}").status_code == 404
    assert client.post(f"/bookings/{booking.reference}/cancel", data={}).status_code == 404


def test_cancelling_takes_two_taps(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person, starts_at=at(10, days=3))
    page = text_of(client.get(f"/bookings/{booking.reference}/cancel", query_string=ENGLISH))
    assert "Yes, cancel it" in page
    answer = client.post(f"/bookings/{booking.reference}/cancel", data={}, follow_redirects=True, query_string=ENGLISH)
    assert "Cancelled" in text_of(answer)
    assert "<title>The booking is cancelled." in answer.text  # what was done is heard first


def test_cancelling_too_late_says_until_when_and_whom_to_call(client: FlaskClient, resident: Account) -> None:
    room = make_room(cancel_minutes=7 * 24 * 60)
    booking = make_booking(room=room, person=resident.person, starts_at=at(10))
    answer = client.post(f"/bookings/{booking.reference}/cancel", data={}, query_string=ENGLISH)
    assert answer.status_code == 422
    assert "call the desk" in text_of(answer)


def test_a_resident_cannot_approve_even_their_own(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person, status=BookingStatus.REQUESTED)
    assert client.post(f"/desk/bookings/{booking.reference}/approve").status_code == 403
    assert client.post(f"/desk/bookings/{booking.reference}/decline", data={"reason": "x"}).status_code == 403


def test_declining_needs_a_reason(client: FlaskClient, clerk: Account) -> None:
    booking = make_booking(status=BookingStatus.REQUESTED)
    answer = client.post(f"/desk/bookings/{booking.reference}/decline", data={"reason": "  "}, query_string=ENGLISH)
    assert answer.status_code == 422
    assert "choose a reason, or write one" in text_of(answer)
    answer = client.post(f"/desk/bookings/{booking.reference}/decline", data={"reason": "音响在修"})
    assert answer.status_code == 303


def test_my_bookings_show_what_is_mine_and_what_i_lead(client: FlaskClient, resident: Account) -> None:
    mine = make_booking(person=resident.person, purpose="我的聚会")
    organisation = make_organisation(leads=[resident.person])
    ours = make_booking(organisation=organisation, purpose="团队排练", starts_at=at(14))
    other = make_booking(purpose="别人的事", starts_at=at(16))
    page = text_of(client.get("/me", query_string=ENGLISH))
    assert mine.purpose in page
    assert ours.purpose in page
    assert other.purpose not in page


def test_the_calendar_file_is_stable_and_names_the_room(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    first = client.get(f"/bookings/{booking.reference}/calendar.ics")
    second = client.get(f"/bookings/{booking.reference}/calendar.ics")
    assert first.mimetype == "text/calendar"
    assert first.data == second.data
    lines = first.data.decode().replace("\r\n ", "")
    start = at(10).strftime("%Y%m%dT%H%M%S")
    assert f"DTSTART;TZID=Asia/Shanghai:{start}" in lines
    assert "BEGIN:VTIMEZONE" in lines
    assert "STATUS:CONFIRMED" in lines
    assert max(len(line) for line in first.data.split(b"\r\n")) <= 75


def test_the_slip_carries_a_code_and_no_phone_number(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person)
    page = text_of(client.get(f"/bookings/{booking.reference}/slip"))
    assert "<svg" in page
    assert booking.reference in page
    assert (resident.person.phone or "none") not in page


def test_a_booking_that_has_begun_cannot_be_cancelled_by_its_owner(client: FlaskClient, resident: Account) -> None:
    booking = make_booking(person=resident.person, starts_at=at(0, days=-1) + timedelta(hours=10))
    answer = client.post(f"/bookings/{booking.reference}/cancel", data={}, query_string=ENGLISH)
    assert answer.status_code == 422


def test_the_list_of_my_bookings_costs_the_same_however_many_rooms_they_are_in(
    client: FlaskClient, resident: Account
) -> None:
    costs = []
    for n in range(2):
        for day in range(1, 4):
            make_booking(person=resident.person, starts_at=at(10, days=day + 5 * n))
        with selects() as seen:
            client.get("/me")
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_what_was_to_be_booked_at_once_is_asked_again_where_somebody_must_agree_now(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room()
    shown = text_of(book(client, room, stage="check"))
    seen = re.findall(r'name="seen"[^>]*value="([^"]+)"', shown)[0]
    with transaction() as session:
        session.get_one(Room, room.id).approval = Approval.ALWAYS
    again = book(client, room, seen=seen)
    assert again.status_code == 409
    assert re.search(r"<del>.*booked at once.*</del>\s*<ins>.*must agree", text_of(again))
    assert count() == 0
    seen = re.findall(r'name="seen"[^>]*value="([^"]+)"', text_of(again))[0]
    with transaction() as session:
        session.get_one(Room, room.id).approval = Approval.NEVER
    assert "changed since" not in text_of(book(client, room, stage="check", seen=seen)), "another time, another answer"
    with transaction() as session:
        session.get_one(Room, room.id).approval = Approval.ALWAYS
    answers = [book(client, room, seen=seen) for _twice in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert count() == 1


def offered_in(page: str, field: str = "start") -> list[str]:
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.S)
    assert select
    return re.findall(r"<option[^>]*>([^<]*)</option>", select.group())


def test_the_form_marks_starts_that_are_taken(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10), minutes=60)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "date": at(10).date()}))
    offered = offered_in(page)
    assert {"09:30", "10:00 (taken)", "10:30 (taken)", "11:00"} <= set(offered)
    assert offered[-1] == "20:30"  # the room closes at 21:00


def test_the_form_offers_no_start_that_a_rule_or_a_closure_forbids(client: FlaskClient, resident: Account) -> None:
    room = make_room(windows=[(time(9), time(12)), (time(14), time(18))], notice_minutes=60)
    with transaction():
        closures.close(
            room, starts_at=at(15), ends_at=at(16), reason="粉刷", reason_en="", by=resident.person, now=clock.now()
        )
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "date": at(10).date()}))
    hours = {each[:2] for each in offered_in(page)}
    assert hours == {"09", "10", "11", "14", "16", "17"}


def test_a_start_that_was_typed_and_a_rule_forbids_is_kept_and_marked(client: FlaskClient, resident: Account) -> None:
    room = make_room(windows=[(time(14), time(18))])
    page = text_of(book(client, room, stage="check"))
    assert offered_in(page)[0] == "10:00 (not possible)"
    assert '<option selected value="10:00"' in page


def test_the_form_offers_only_lengths_that_fit_somewhere_in_the_day(client: FlaskClient, resident: Account) -> None:
    room = make_room(min_minutes=60)
    for start, minutes in ((8, 60), (10, 180), (14, 420)):
        make_booking(room=room, starts_at=at(start), minutes=minutes)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "date": at(10).date()}))
    assert offered_in(page, "minutes") == ["1 hour"]


def test_a_day_without_free_time_says_so_first(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(8), minutes=13 * 60)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string={**ENGLISH, "date": at(10).date()}))
    assert offered_in(page)[:2] == ["No free time", "08:00 (taken)"]


def test_the_form_ends_at_the_askers_horizon(client: FlaskClient, resident: Account) -> None:
    room = make_room(horizon_days=5)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string=ENGLISH))
    assert f'max="{(clock.now() + timedelta(days=5)).astimezone(ZONE).date().isoformat()}"' in page


def test_the_change_form_offers_the_bookings_own_time_and_no_taken_one(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10), minutes=60, person=resident.person)
    make_booking(room=room, starts_at=at(14), minutes=60)
    page = text_of(opened(client, f"/bookings/{booking.reference}/change", query_string=ENGLISH))
    offered = offered_in(page)
    assert "10:00" in offered
    assert "14:00 (taken)" in offered


def test_the_change_form_calls_the_time_that_is_there_already_the_present_one(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room(horizon_days=5)
    booking = make_booking(room=room, starts_at=at(10, days=9), minutes=60, person=resident.person)
    page = text_of(opened(client, f"/bookings/{booking.reference}/change", query_string=ENGLISH))
    assert "10:00 (as now)" in offered_in(page)


def test_a_lead_is_told_first_which_organisation_is_at_its_limit(client: FlaskClient, resident: Account) -> None:
    room = make_room(org_live_limit=1)
    full = make_organisation(name="满额社", name_en="Full Club", leads=[resident.person])
    make_organisation(name="有余社", name_en="Free Club", leads=[resident.person])
    make_booking(room=room, starts_at=at(10), minutes=60, person=resident.person, organisation=full)
    page = text_of(opened(client, f"/bookings/new/{room.code}", query_string=ENGLISH))
    assert re.search(r"<p>Full Club: You have 1 of 1 bookings ahead", page)
    assert "Free Club:" not in page
