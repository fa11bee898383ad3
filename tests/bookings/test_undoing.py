"""A slip of the hand at the desk: what it has just booked is as if it had never been, for ten minutes."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from center.bookings import actions, undoing
from center.bookings.models import Booking, BookingStatus, Channel
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.undoing import UNDONE_WITHIN
from center.notices.actions import read_all
from center.people.models import Person
from center.rooms.models import Approval
from tests.bookings.test_actions import book, request, rows_of
from tests.builders import make_person, make_room
from tests.engines import ONE_ENGINE
from tests.signups.test_taking_back import told

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture
def clerk() -> Person:
    return make_person()


def made(clerk: Person, channel: Channel = Channel.DESK, **room: Any) -> Booking:
    return book(make_room(**room), make_person(), replace(request(), channel=channel), by=clerk)


def undo(booking: Booking, by: Person, *, later: timedelta = timedelta(0)) -> None:
    with transaction():
        undoing.undo(booking, by=by, now=clock.now() + later)


def status(booking: Booking) -> BookingStatus:
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True).status


def test_after_ten_minutes_it_takes_a_cancellation(clerk: Person) -> None:
    booking = made(clerk)
    with pytest.raises(RuleBroken, match="十分钟"):
        undo(booking, clerk, later=UNDONE_WITHIN)
    assert status(booking) is BookingStatus.CONFIRMED
    assert undoing.just_made([booking], by=clerk, now=clock.now() + UNDONE_WITHIN) == []


@pytest.mark.parametrize("whose", ["a colleague's", "their own", "the clerk's own", "online"])
def test_what_the_clerk_did_not_book_for_somebody_stays(clerk: Person, whose: str) -> None:
    makers = {
        "a colleague's": lambda: made(make_person()),
        "their own": lambda: book(make_room()),
        "the clerk's own": lambda: book(make_room(), clerk, replace(request(), channel=Channel.DESK)),
        "online": lambda: made(clerk, Channel.ONLINE),
    }
    booking = makers[whose]()
    with pytest.raises(Conflict):
        undo(booking, clerk)
    assert status(booking) is BookingStatus.CONFIRMED
    assert undoing.just_made([booking], by=clerk, now=clock.now()) == []


def test_what_was_decided_or_used_since_stays(clerk: Person) -> None:
    booking, colleague = made(clerk, approval=Approval.ALWAYS), make_person()
    with transaction():
        actions.approve(booking, by=colleague, now=clock.now())
    with pytest.raises(Conflict):
        undo(booking, clerk)
    assert status(booking) is BookingStatus.CONFIRMED


@pytest.mark.parametrize("channel", [Channel.DESK, Channel.PHONE])
def test_the_room_is_free_again_and_nobody_hears_of_either(clerk: Person, channel: Channel) -> None:
    booking = made(clerk, channel)
    room, person = booking.room, booking.person
    assert undoing.just_made([booking], by=clerk, now=clock.now()) == [booking]
    assert told(person) == ["confirmed"]
    for _ in range(2):
        undo(booking, clerk)
    assert status(booking) is BookingStatus.CANCELLED
    assert (told(person), rows_of(booking)) == ([], [])
    assert book(room).status is BookingStatus.CONFIRMED
    assert ledger_findings() == []


def test_whom_it_has_reached_is_told_that_it_does_not_stand(clerk: Person) -> None:
    booking = made(clerk)
    with transaction():
        read_all(booking.person, now=clock.now())
    undo(booking, clerk)
    assert told(booking.person) == ["confirmed", "cancelled_by_staff"]


def test_a_request_that_waits_is_taken_back_as_well(clerk: Person) -> None:
    booking = made(clerk, approval=Approval.ALWAYS)
    assert booking.status is BookingStatus.REQUESTED
    undo(booking, clerk)
    assert status(booking) is BookingStatus.CANCELLED
