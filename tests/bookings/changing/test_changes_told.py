"""What the desk changes of a booking is a call for whoever has no account, which nothing that reaches nobody takes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.bookings import actions, messages
from center.bookings.approvals import undoing
from center.bookings.changing import moving
from center.bookings.models import Booking, BookingStatus
from center.bookings.writing import shape_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.notices.models import Delivery, DeliveryState, Notice, Way
from center.people.models import Account, Person, Role
from center.reminders.words import BOOKING_TOMORROW
from tests.builders import at, make_account, make_booking, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import sent

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
MORE_PEOPLE = {"people": 9}


@pytest.fixture
def clerk() -> Account:
    return make_account(roles=[Role.CLERK])


def change(booking: Booking, by: Person, *, hours: int = 0, **facts: Any) -> None:
    was, later = shape_of(booking), timedelta(hours=hours)
    to = replace(was, span=Span(was.span.start + later, was.span.end + later), **facts)
    with transaction():
        moving.change(booking, to, by=by, now=clock.now(), as_staff=True)


def calls_to(person: Person) -> list[str]:
    query = select(Notice.kind).join(Delivery).where(Notice.person_id == person.id)
    query = query.where(Delivery.state == DeliveryState.DUE, Delivery.way == Way.CALL)
    return [each.partition(".")[2] for each in db.session.scalars(query.order_by(Notice.id))]


@pytest.mark.parametrize(
    ("start", "people", "kind"), [("15:00", "7", "moved_by_desk"), ("10:00", "9", "edited_by_staff")]
)
def test_the_page_says_who_will_be_rung_before_and_after(
    client: FlaskClient, clerk: Account, start: str, people: str, kind: str
) -> None:
    booking = make_booking(starts_at=at(10, days=3), people=7, purpose="象棋")
    sign_in(client, clerk)
    form = {
        "room": booking.room.code,
        "date": at(10, days=3).date().isoformat(),
        "start": start,
        "minutes": "60",
        "people": people,
        "purpose": "象棋",
        "seen": "0",
    }
    address = f"/bookings/{booking.reference}/change"
    assert "1 by phone, from the desk" in sent(client, f"{address}/answers?lang=en", form).text
    assert client.post(f"{address}/check", data=form).location == f"/bookings/{booking.reference}"
    assert calls_to(booking.person) == [kind]
    assert "1 still to tell" in client.get(f"/bookings/{booking.reference}?lang=en").text
    assert booking.person.name in client.get("/desk/to-tell?lang=en").text


def test_no_reminder_and_no_word_about_details_takes_the_call_about_a_move(clerk: Account) -> None:
    booking = make_booking(starts_at=at(10, days=3), people=7)
    change(booking, clerk.person, hours=5)
    change(booking, clerk.person, **MORE_PEOPLE)
    with transaction():
        messages.tell(booking, BOOKING_TOMORROW, now=clock.now())
    assert calls_to(booking.person) == ["moved_by_desk", "edited_by_staff"]
    change(booking, clerk.person, hours=-5)
    assert calls_to(booking.person) == ["edited_by_staff", "moved_by_desk"], "the newer place is said, once"


def test_of_a_cancelled_booking_nothing_else_is_to_be_said(clerk: Account) -> None:
    booking = make_booking(starts_at=at(10, days=3), people=7)
    change(booking, clerk.person, hours=5)
    change(booking, clerk.person, **MORE_PEOPLE)
    with transaction():
        actions.cancel(booking, by=clerk.person, now=clock.now(), as_staff=True)
    assert calls_to(booking.person) == ["cancelled_by_staff"]


def test_taking_a_refusal_back_lets_the_desk_ring_about_the_details_again(clerk: Account) -> None:
    booking = make_booking(starts_at=at(10, days=3), status=BookingStatus.REQUESTED, people=7)
    change(booking, clerk.person, **MORE_PEOPLE)
    with transaction():
        actions.decline(booking, reason="x", by=clerk.person, now=clock.now())
    assert calls_to(booking.person) == ["declined"]
    with transaction():
        undoing.take_back([booking], by=clerk.person, now=clock.now())
    assert calls_to(booking.person) == ["edited_by_staff"]


def test_who_leads_the_organisation_and_works_at_the_desk_did_it_themselves(clerk: Account) -> None:
    other = make_person()
    organisation = make_organisation(leads=[clerk.person, other])
    booking = make_booking(person=clerk.person, organisation=organisation, starts_at=at(10, days=3))
    change(booking, clerk.person, hours=5)
    assert db.session.scalars(select(Notice.kind).where(Notice.person_id == clerk.person_id)).all() == ["booking.moved"]
    booking = make_booking(person=other, organisation=make_organisation(leads=[other]), starts_at=at(18, days=3))
    change(booking, clerk.person, hours=-9)
    assert calls_to(other) == ["moved_by_desk"]
