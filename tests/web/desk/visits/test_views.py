"""The desk's pages on who has come, and what people see of it themselves."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.visits import BookingLimit, PresenceSettings
from center.bookings.rulebook.judging import limited_until
from center.bookings.rulebook.missed_visits import settings
from center.bookings.visits import actions as presence
from center.bookings.visits import limits, welfare
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account, Person, Role
from tests import walking
from tests.builders import at, make_account, make_booking, make_building, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = ONE_ENGINE

ENGLISH = {"lang": "en"}


@pytest.fixture
def noon(app: Flask) -> Iterator[Traveller]:
    with time_machine.travel(at(12, days=0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def clerk(app: Flask, client: FlaskClient, noon: Traveller) -> Account:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    return account


def page(client: FlaskClient, address: str) -> str:
    return client.get(address, query_string=ENGLISH).get_data(as_text=True)


def press(client: FlaskClient, address: str, **form: Any) -> TestResponse:
    if address.startswith("/bookings/new/"):
        answer = walking.book(client, address, form, query_string=ENGLISH)
    else:
        answer = client.post(address, data=form, query_string=ENGLISH)
    db.session.expire_all()
    return answer


def running(**facts: Any) -> Booking:
    """A booking that begins now."""
    return make_booking(starts_at=clock.now(), **facts)


def miss(person: Person, times: int = 3) -> Booking:
    for days in range(times, 0, -1):
        start = at(10, days=-days)
        booking = make_booking(room=make_room(), person=person, starts_at=start, minutes=30)
        with transaction():
            presence.mark_missed(booking, by=person, now=start + timedelta(hours=1))
    return booking


def test_the_desk_checks_in_at_a_press_and_undoes_it(client: FlaskClient, clerk: Account) -> None:
    booking = running()
    address = f"/desk/bookings/{booking.reference}/check-in"
    for where in ("/desk", f"/bookings/{booking.reference}", f"/desk/people/{booking.person_id}"):
        assert address in page(client, where)
    for _ in range(2):
        answer = press(client, address, back="board")
        assert answer.status_code == 303
        assert answer.location.endswith("/desk#todays-bookings")
    assert booking.checked_in_at == clock.now()
    board = page(client, "/desk")
    assert "Here since" in board
    assert f"{address}/undo" in board
    undone = press(client, f"{address}/undo", back="person")
    assert undone.location.endswith(f"/desk/people/{booking.person_id}#check-in-{booking.reference}")
    assert booking.checked_in_at is None


def test_after_a_check_in_the_desk_goes_on_at_the_next_one_who_is_awaited(client: FlaskClient, clerk: Account) -> None:
    first, second, third = (running(room=make_room()) for _n in range(3))
    for booking, following in ((second, third), (third, first)):
        answer = press(client, f"/desk/bookings/{booking.reference}/check-in", back="board")
        assert answer.location.endswith(f"/desk#check-in-{following.reference}")
        assert f'id="check-in-{following.reference}"' in page(client, "/desk")
    answer = press(client, f"/desk/bookings/{first.reference}/check-in", back="board")
    assert answer.location.endswith("/desk#todays-bookings")


def test_the_button_is_there_only_while_it_works(client: FlaskClient, clerk: Account) -> None:
    early, over = make_booking(starts_at=at(13, days=0)), make_booking(starts_at=at(10, days=0))
    asked = make_booking(starts_at=clock.now(), status=BookingStatus.REQUESTED)
    board = page(client, "/desk")
    for booking in (early, over, asked):
        assert f"/desk/bookings/{booking.reference}/check-in" not in board
    answer = press(client, f"/desk/bookings/{early.reference}/check-in")
    assert answer.location.endswith(f"/bookings/{early.reference}")
    assert "too early" in page(client, answer.location)


def test_a_visit_can_be_marked_as_missed_and_excused(client: FlaskClient, clerk: Account) -> None:
    booking = running()
    address, missing = f"/bookings/{booking.reference}", f"/desk/bookings/{booking.reference}/missed"
    assert missing in page(client, address)
    press(client, missing)
    assert booking.status is BookingStatus.RELEASED
    missed = presence.find_no_show(booking)
    excuse = f"/desk/missed/{there(missed).id}/excuse"
    assert excuse in page(client, address)
    assert excuse in page(client, f"/desk/people/{booking.person_id}")
    assert press(client, excuse, reason="").status_code == 422
    assert press(client, excuse, reason="住院").status_code == 303
    assert there(missed).excuse == "住院"
    assert "Excused: 住院" in page(client, f"/desk/people/{booking.person_id}")


def test_residents_and_auditors_do_none_of_it(client: FlaskClient, app: Flask, noon: Traveller) -> None:
    booking = running()
    for roles in ([], [Role.AUDITOR]):
        sign_in(client, make_account(roles=roles))
        for act in ("check-in", "check-in/undo", "missed"):
            assert press(client, f"/desk/bookings/{booking.reference}/{act}").status_code == 403
        for listed in ("/desk/calls", "/desk/limits"):
            assert client.get(listed).status_code == 403
    assert booking.checked_in_at is None


def test_who_lives_alone_is_on_the_list_of_calls(client: FlaskClient, clerk: Account) -> None:
    building = make_building(code="7栋")
    alone = make_person(name="周桂珍", lives_alone=True, building=building, unit="1", door="502")
    miss(alone, 1)
    assert "/desk/calls" in page(client, "/desk")
    listed = page(client, "/desk/calls")
    assert "周桂珍" in listed
    assert "7栋-1-502" in listed
    [call] = welfare.open_calls()
    address = f"/desk/calls/{call.id}"
    assert press(client, address, found=" ").status_code == 422
    assert press(client, address, found="在女儿家").status_code == 303
    assert press(client, address, found="在女儿家").status_code == 303
    again = press(client, address, found="别的话")
    assert again.status_code == 422
    assert "别的话" in again.get_data(as_text=True), "nothing typed is lost"
    assert "/desk/calls" not in page(client, "/desk")
    assert "在女儿家" in page(client, "/desk/calls")


def test_nothing_to_do_is_not_shown(client: FlaskClient, clerk: Account) -> None:
    board = page(client, "/desk")
    for address in ("/desk/calls", "/desk/limits", "/desk/waiting"):
        assert address not in board
        assert client.get(address).status_code == 200


def test_a_person_decides_about_a_limit_and_it_can_be_lifted(client: FlaskClient, clerk: Account) -> None:
    person = make_person(name="吴迟到")
    booking = miss(person)
    assert "/desk/limits" in page(client, "/desk")
    listed = page(client, "/desk/limits")
    assert booking.reference in listed, "with the evidence"
    address = f"/desk/people/{person.id}/limit"
    assert address in listed
    assert press(client, address, decision="limit", reason="").status_code == 422
    assert press(client, address, decision="limit", reason="三次没来").status_code == 303
    again = press(client, address, decision="limit", reason="再来一次")
    assert again.status_code == 422
    assert "再来一次" in again.get_data(as_text=True)
    [held] = db.session.scalars(select(BookingLimit)).all()
    assert held.decided_by_id == clerk.person_id
    assert "Books through the desk until" in page(client, f"/desk/people/{person.id}")
    assert press(client, f"/desk/limits/{held.id}/lift", reason="说清楚了").status_code == 303
    assert limited_until(person.id, now=clock.now()) is None


def test_dismissing_needs_a_reason_too_and_limits_nobody(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    miss(person)
    address = f"/desk/people/{person.id}/limit"
    assert press(client, address, decision="dismiss", reason="").status_code == 422
    assert press(client, address, decision="dismiss", reason="都说过了").status_code == 303
    assert limited_until(person.id, now=clock.now()) is None
    assert limits.count_proposals(now=clock.now()) == 0


def test_a_limited_person_is_told_the_rule_and_sees_why(client: FlaskClient, app: Flask, noon: Traveller) -> None:
    account, clerk = make_account(), make_person()
    miss(account.person)
    with transaction():
        limits.limit(account.person, reason="三次都没有来", by=clerk, now=clock.now())
    sign_in(client, account)
    room = make_room()
    form = {"date": at(10).date().isoformat(), "start": "10:00", "minutes": "60", "people": "5"}
    answer = press(client, f"/bookings/new/{room.code}", **form, purpose="棋", party="self", stage="book")
    assert answer.status_code == 422
    text = answer.get_data(as_text=True)
    assert "The desk stays open to you" in text
    assert "/wait" not in text, "waiting is no way around it"
    own = page(client, "/me/account")
    assert "三次都没有来" in own
    assert "Is something wrong here" in own


def test_who_missed_nothing_reads_nothing_about_it(client: FlaskClient, app: Flask, noon: Traveller) -> None:
    sign_in(client, make_account())
    assert "Missed visits" not in page(client, "/me/account")


def test_rooms_that_are_released_say_so_before_and_after_booking(
    client: FlaskClient, app: Flask, noon: Traveller
) -> None:
    account, room = make_account(), make_room(release_minutes=15)
    sign_in(client, account)
    says = "Please tell the desk that you are there"
    assert says in page(client, f"/rooms/{room.code}")
    form = {"date": at(10).date().isoformat(), "start": "10:00", "minutes": "60", "people": "5"}
    answer = press(client, f"/bookings/new/{room.code}", **form, purpose="棋", party="self", stage="check")
    assert says in answer.get_data(as_text=True)
    booking = make_booking(room=room, person=account.person)
    for address in (f"/bookings/{booking.reference}", f"/bookings/{booking.reference}/slip"):
        assert says in page(client, address)
    assert says not in page(client, f"/rooms/{make_room().code}")


def test_the_director_sets_the_numbers(client: FlaskClient, app: Flask) -> None:
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    numbers = {"missed_visits": 4, "within_days": 60, "limit_days": 14, "wish_limit": 3, "offer_minutes": 45}
    assert press(client, "/settings/presence", **{**numbers, "limit_days": 0}).status_code == 422
    for _ in range(2):
        assert press(client, "/settings/presence", **numbers).status_code == 303
    known = db.session.get(PresenceSettings, 1)
    assert {name: getattr(known, name) for name in numbers} == numbers
    assert settings().missed_visits == 4
