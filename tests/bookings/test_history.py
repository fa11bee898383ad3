"""The history of bookings: every change of a booking is written down with it, and nobody rewrites it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from center.bookings import actions, history
from center.bookings.models import Booking, BookingChange, BookingEvent, Channel
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.spans import Span
from center.people.models import Person, Role
from center.rooms.models import Approval, Room
from tests.builders import at, make_account, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE


def book(room: Room, person: Person, *, by: Person | None = None, hour: int = 10, **request: object) -> Booking:
    span = Span(at(hour), at(hour + 1))
    asked = BookingRequest(span=span, people=2, purpose="象棋", request_key=f"{room.id}-{hour}", **request)  # type: ignore[arg-type]
    with transaction():
        return actions.request_booking(
            room, asked, person=person, by=by or person, party=Party.STAFF if by else Party.PERSON, now=clock.now()
        )


def told(booking: Booking) -> list[tuple[BookingChange, int | None, Channel | None, str]]:
    return [(event.what, event.by_id, event.channel, event.reason) for event in history.events_of(booking)]


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(BookingEvent)) or 0


@ONE_ENGINE
def test_every_change_is_written_down_with_who_made_it_and_how(app: Flask) -> None:
    person, clerk = make_person(), make_person()
    hall = make_room(approval=Approval.ALWAYS)
    booking = book(hall, person)
    with transaction():
        actions.approve(booking, by=clerk, now=clock.now())
    with transaction():
        actions.cancel(booking, by=person, now=clock.now(), reason="下雨")
    assert told(booking) == [
        (BookingChange.REQUESTED, person.id, Channel.ONLINE, ""),
        (BookingChange.APPROVED, clerk.id, Channel.DESK, ""),
        (BookingChange.CANCELLED, person.id, Channel.ONLINE, "下雨"),
    ]


@ONE_ENGINE
def test_what_the_desk_does_is_told_apart(app: Flask) -> None:
    person, clerk = make_person(), make_person()
    booking = book(make_room(), person, by=clerk, channel=Channel.PHONE)
    with transaction():
        actions.cancel(booking, by=clerk, now=clock.now(), as_staff=True)
    assert told(booking) == [
        (BookingChange.CONFIRMED, clerk.id, Channel.PHONE, ""),
        (BookingChange.CANCELLED, clerk.id, Channel.DESK, ""),
    ]


@ONE_ENGINE
def test_a_decline_keeps_its_reason(app: Flask) -> None:
    person, clerk = make_person(), make_person()
    booking = book(make_room(approval=Approval.ALWAYS), person)
    with transaction():
        actions.decline(booking, reason="请先交安全预案", by=clerk, now=clock.now())
    assert told(booking)[-1] == (BookingChange.DECLINED, clerk.id, Channel.DESK, "请先交安全预案")


def test_what_is_refused_or_done_twice_leaves_no_event(app: Flask) -> None:
    person, clerk, room = make_person(), make_person(), make_room(approval=Approval.ALWAYS)
    booking = book(room, person)
    assert book(room, person).id == booking.id  # the same form sent again
    with pytest.raises(DomainError), transaction():
        actions.approve(booking, by=clerk, now=at(10))
    for _again in range(2):
        with transaction():
            actions.decline(booking, reason="不行", by=clerk, now=clock.now())
    with pytest.raises(DomainError), transaction():
        actions.cancel(booking, by=person, now=clock.now())
    assert count() == 2


def test_an_action_that_rolls_back_leaves_no_event(app: Flask) -> None:
    person, room = make_person(), make_room()
    booking = book(room, person)
    with pytest.raises(ZeroDivisionError), transaction():
        actions.cancel(booking, by=person, now=clock.now())
        raise ZeroDivisionError
    db.session.expire_all()
    assert count() == 1
    assert booking.is_live


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE booking_events SET by_id = NULL",
        "UPDATE booking_events SET reason = 'x' WHERE id = (SELECT max(id) FROM booking_events)",
        "DELETE FROM booking_events",
        "INSERT OR REPLACE INTO booking_events (id, booking_id, at, what, reason) "
        "SELECT id, booking_id, at, what, 'x' FROM booking_events",
        "TRUNCATE booking_events",
    ],
)
def test_the_database_refuses_to_rewrite_the_trail(app: Flask, statement: str) -> None:
    engine = db.engine.dialect.name
    if ("REPLACE" in statement and engine != "sqlite") or ("TRUNCATE" in statement and engine != "postgresql"):
        return  # the other engine has no such words
    booking = book(make_room(), make_person())
    before = told(booking)
    with pytest.raises(IntegrityError, match="booking_events_append_only"), transaction() as session:
        session.execute(text(statement))
    assert told(booking) == before


def test_a_booking_with_a_history_cannot_be_removed_under_it(app: Flask) -> None:
    book(make_room(), make_person())
    with pytest.raises(IntegrityError), transaction() as session:
        session.execute(text("DELETE FROM bookings"))


def test_the_owner_reads_what_and_when_and_staff_read_who(app: Flask, client: FlaskClient) -> None:
    owner, clerk = make_account(), make_account(make_person(name="周敏"), roles=[Role.CLERK])
    booking = book(make_room(approval=Approval.ALWAYS), owner.person)
    with transaction():
        actions.approve(booking, by=clerk.person, now=clock.now())
    address = f"/bookings/{booking.reference}?lang=en"
    sign_in(client, owner)
    page = client.get(address).get_data(as_text=True)
    assert "History" in page
    assert "Approved" in page
    assert "周敏" not in page
    sign_in(client, clerk)
    assert "周敏" in client.get(address).get_data(as_text=True).partition("History")[2]
