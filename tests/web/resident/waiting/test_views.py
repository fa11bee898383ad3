"""Waiting for a taken time on the site: the button, the place in line, the offer."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from center.bookings.actions import cancel
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from center.rooms.models import Approval, Room
from tests import walking
from tests.builders import at, make_account, make_booking, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}
WAIT = 'name="stage" value="wait"'


@pytest.fixture(autouse=True)
def noon(app: Flask) -> Iterator[Traveller]:
    with time_machine.travel(at(12, days=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def resident(app: Flask, client: FlaskClient) -> Account:
    account = make_account()
    sign_in(client, account)
    return account


def asked(**changes: Any) -> dict[str, Any]:
    known = {
        "date": at(10).date().isoformat(),
        "start": "10:00",
        "minutes": "60",
        "people": "5",
        "purpose": "读书会",
        "note": "要投影仪",
        "party": "self",
        "request_key": "7e0b7f60-5b1d-4f0e-9d0c-0a4b0a3f6f11",
    }
    return {**known, **changes}


def page(client: FlaskClient, address: str, **query: Any) -> str:
    return client.get(address, query_string={**ENGLISH, **query}).get_data(as_text=True)


def press(client: FlaskClient, address: str, form: dict[str, Any] | None = None, **query: Any) -> TestResponse:
    asked = {**ENGLISH, **query}
    if address.startswith("/bookings/new/"):
        answer = walking.book(client, address, form or {}, query_string=asked)
    elif address.startswith("/waiting/new/"):
        answer = walking.sent(client, address, form or {}, query_string=asked)
    else:
        answer = client.post(address, data=form or {}, query_string=asked)
    db.session.expire_all()
    return answer


def wait(client: FlaskClient, room: Room, **changes: Any) -> Any:
    answer = press(client, f"/waiting/new/{room.code}/answers", asked(**changes))
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return db.session.scalars(select(SlotWish).order_by(SlotWish.id.desc())).first()


def give_back(booking: Booking) -> None:
    with transaction():
        cancel(booking, by=booking.person, now=clock.now())
    db.session.expire_all()


def test_a_refusal_because_the_time_is_taken_offers_to_wait(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    address = f"/bookings/new/{booking.room.code}"
    refused = press(client, address, asked(stage="book"))
    assert refused.status_code == 409
    assert WAIT in refused.text
    too_many = press(client, address, asked(stage="book", people="99"))
    assert WAIT not in too_many.text, "waiting would not help"
    asking = walking.go_on(client, refused, **asked(stage="wait", purpose="棋"))
    assert asking.status_code == 303
    assert db.session.scalars(select(SlotWish.purpose)).all() == ["棋"]
    assert client.get(refused.request.full_path).location == asking.location, "Back leads to what one waits for"


def test_elder_mode_offers_to_wait_too(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    refused = press(client, f"/bookings/new/{booking.room.code}", asked(stage="book", step="4"), elder="1")
    assert WAIT in refused.text
    assert walking.go_on(client, refused, start="10:00", stage="wait").status_code == 303
    [wish] = db.session.scalars(select(SlotWish)).all()
    assert (wish.purpose, wish.people, wish.starts_at) == ("读书会", 5, at(10))


def test_waiting_says_where_one_stands_and_lists_it(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    with transaction() as session:
        other = make_other(booking)
        session.add(other)
    wish = wait(client, booking.room)
    shown = page(client, f"/waiting/{wish.id}", new=1)
    assert "You are on the list" in shown
    assert "1 person" in shown
    assert f"/waiting/{wish.id}" in page(client, "/me")
    assert (wish.note, wish.channel) == ("要投影仪", Channel.ONLINE)
    assert wait(client, booking.room).id == wish.id, "sending it again is asking once"


def make_other(booking: Booking) -> SlotWish:
    times = {"starts_at": booking.starts_at, "ends_at": booking.ends_at, "asked_at": clock.now()}
    who = {"room_id": booking.room_id, "person_id": booking.person_id, "asked_by_id": booking.person_id}
    return SlotWish(state=WishState.WAITING, channel=Channel.ONLINE, purpose="棋", people=2, **who, **times)


def test_a_free_time_is_booked_instead_with_all_that_was_typed(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    answer = press(client, f"/waiting/new/{room.code}/answers", asked())
    assert answer.location.startswith(f"/bookings/new/{room.code}?")
    text = walking.opened(client, answer.location).text
    assert "Is this right?" in text
    assert "读书会" in text
    assert db.session.scalars(select(SlotWish)).all() == []


def test_what_the_rules_refuse_is_refused_and_nothing_typed_is_lost(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    answer = press(client, f"/waiting/new/{booking.room.code}/answers", asked(people="99"))
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "holds" in text
    assert "要投影仪" in text
    assert answer.request.method == "GET", "a reload sends nothing"
    assert "<title>Error: Wait for a time" in text


def test_the_week_of_a_room_leads_to_waiting_for_those_signed_in(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    link = f"/waiting/new/{booking.room.code}?date={at(10).date().isoformat()}&amp;start=10:00&amp;minutes=60"
    week = f"/rooms/{booking.room.code}/week"
    assert link in page(client, week, date=at(10).date().isoformat())
    client.delete_cookie("center")
    assert "/waiting" not in page(client, week, date=at(10).date().isoformat())


def test_an_offer_is_taken_with_a_tap_and_a_confirmation(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    wish = wait(client, booking.room)
    give_back(booking)
    assert "Take it or leave it" in page(client, "/me")
    offered = page(client, f"/waiting/{wish.id}")
    assert "Held for you until" in offered
    for _ in range(2):
        answer = press(client, f"/waiting/{wish.id}/accept")
        assert answer.status_code == 303
        assert f"/bookings/{wish.booking.reference}" in answer.location
    assert len(db.session.scalars(select(Booking)).all()) == 2
    assert wish.booking.note == "要投影仪"
    assert wish.booking.reference in page(client, f"/waiting/{wish.id}")


def test_accepting_too_late_says_so_and_what_is_free(client: FlaskClient, resident: Account, noon: Traveller) -> None:
    booking = make_booking()
    wish = wait(client, booking.room)
    give_back(booking)
    noon.shift(31 * 60)
    answer = press(client, f"/waiting/{wish.id}/accept")
    assert answer.status_code == 409
    text = answer.get_data(as_text=True)
    assert "This offer is over" in text
    assert f"/bookings/new/{booking.room.code}?date=" in text
    assert db.session.scalars(select(Booking.status)).all() == [BookingStatus.CANCELLED]


def test_declining_and_withdrawing_say_what_happened(client: FlaskClient, resident: Account) -> None:
    booking, other = make_booking(), make_booking()
    declined, withdrawn = wait(client, booking.room), wait(client, other.room)
    give_back(booking)
    for wish, state in ((declined, WishState.DECLINED), (withdrawn, WishState.WITHDRAWN)):
        for _ in range(2):
            assert press(client, f"/waiting/{wish.id}/give-up").status_code == 303
        assert wish.state is state
        assert client.get(f"/waiting/{wish.id}").status_code == 200
    assert "Waiting for a free time" not in page(client, "/me")


def test_somebody_elses_wish_is_not_there(client: FlaskClient, resident: Account) -> None:
    booking = make_booking()
    with transaction() as session:
        other = make_other(booking)
        session.add(other)
    assert client.get(f"/waiting/{other.id}").status_code == 404
    for act in ("accept", "give-up"):
        assert press(client, f"/waiting/{other.id}/{act}").status_code == 404
    assert other.state is WishState.WAITING


def test_the_desk_waits_and_answers_for_somebody(client: FlaskClient, app: Flask) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    booking, neighbour = make_booking(), make_account().person
    for_them = {"person": neighbour.id, "channel": "desk"}
    refused = press(client, f"/bookings/new/{booking.room.code}", asked(stage="book"), **for_them)
    assert WAIT in refused.text
    assert walking.go_on(client, refused, **asked(stage="wait")).status_code == 303
    [wish] = db.session.scalars(select(SlotWish)).all()
    assert (wish.person_id, wish.channel) == (neighbour.id, Channel.DESK)
    for listed in ("/desk/waiting", f"/desk/people/{neighbour.id}"):
        assert f"/waiting/{wish.id}" in page(client, listed)
    assert "/desk/waiting" in page(client, "/desk")
    shown = page(client, f"/waiting/{wish.id}", new=1)
    assert f"{neighbour.name} is on the list" in shown
    assert "You are on the list" not in shown
    give_back(booking)
    answer = press(client, f"/waiting/{wish.id}/accept")
    assert answer.status_code == 303
    assert (there(wish.booking).person_id, there(wish.booking).channel) == (neighbour.id, Channel.DESK)


def test_an_unconfirmed_account_cannot_wait(client: FlaskClient, app: Flask) -> None:
    sign_in(client, make_account(is_confirmed=False))
    booking = make_booking()
    assert press(client, f"/waiting/new/{booking.room.code}/answers", asked()).status_code == 403
    assert press(client, f"/bookings/new/{booking.room.code}", asked(stage="wait")).status_code == 403
    assert db.session.scalars(select(SlotWish)).all() == []


def test_an_offer_is_shown_again_where_somebody_must_agree_to_it_now(client: FlaskClient, resident: Account) -> None:
    room = make_room()
    taken = make_booking(room=room)
    wish = wait(client, room)
    give_back(taken)
    seen = re.findall(r'name="seen" value="([^"]*)"', page(client, f"/waiting/{wish.id}"))[0]
    with transaction():
        db.session.merge(room).approval = Approval.ALWAYS
    answer = press(client, f"/waiting/{wish.id}/accept", {"seen": seen})
    assert answer.status_code == 409
    assert wish.state is WishState.OFFERED
    seen = re.findall(r'name="seen" value="([^"]*)"', answer.get_data(as_text=True))[0]
    assert press(client, f"/waiting/{wish.id}/accept", {"seen": seen}).status_code == 303
    assert wish.booking.status is BookingStatus.REQUESTED


def test_a_room_that_one_may_not_book_says_so_before_one_fills_in_what_to_wait_for(
    client: FlaskClient, resident: Account
) -> None:
    room = make_room(residents_may_book=False)
    page = client.get(f"/waiting/new/{room.code}", query_string=ENGLISH).text
    assert "The desk can help you find another." in page
    assert 'name="purpose"' not in page
    assert 'name="purpose"' in walking.opened(client, f"/waiting/new/{make_room().code}").text
