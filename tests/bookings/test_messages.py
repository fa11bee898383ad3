"""What people are told of their bookings: the words, to whom, and reminders."""

import re
from datetime import timedelta
from operator import attrgetter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions, news
from center.bookings.changing import moving
from center.bookings.models import Booking, BookingStatus
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import speaking
from center.kernel.spans import Span
from center.notices import kinds
from center.notices.models import Delivery, DeliveryState, Notice, OutgoingAddress, Preferred, Purpose, Way
from center.people.models import Person
from center.reminders.words import BOOKING_SOON, BOOKING_TOMORROW
from center.rooms.models import Approval
from tests.bookings.test_actions import book, request
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    move_booking,
)
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import prefer
from tests.reminders import of_bookings as reminders

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]

OF_NO_BOOKING = {news.LIMITED, news.LIMIT_LIFTED}
ALL_KINDS = sorted(
    {*kinds.kinds_in(vars(news)), BOOKING_TOMORROW, BOOKING_SOON} - OF_NO_BOOKING, key=attrgetter("code")
)


def notices(person: Person | None = None) -> list[Notice]:
    db.session.rollback()
    query = select(Notice).order_by(Notice.id)
    return list(db.session.scalars(query.where(Notice.person_id == person.id) if person else query))


def deliveries() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.code)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_words_use_the_facts_of_their_kind_only(kind: Any, language: str) -> None:
    with speaking(language):
        words = f"{kind.subject}\n{kind.body}"
        assert set(kinds.PLACEHOLDER.findall(words)) <= kind.facts
        said = kinds.say(kind, {name: f"<{name}>" for name in kind.facts})
    assert "%(" not in said.subject + said.body
    assert ("<what>" if kind is news.HANDED_ON else "<room>") in said.subject


@pytest.mark.parametrize("kind", ALL_KINDS, ids=lambda kind: kind.code)
def test_words_say_which_booking_they_are_about(kind: Any) -> None:
    """What is handed on says it in the words of what was to be heard, which are the subject of another kind."""
    said = {"what"} if kind is news.HANDED_ON else {"room", "when"}
    with speaking("en"):
        assert said <= set(kinds.PLACEHOLDER.findall(f"{kind.subject}\n{kind.body}"))


def test_a_booking_tells_its_person_in_the_transaction_that_makes_it() -> None:
    person = make_person(name="王秀英")
    make_account(person, locale="en")
    booking = book(make_room(name_en="Calligraphy room"), person)
    (notice,) = notices()
    assert (notice.person_id, notice.kind) == (person.id, "booking.confirmed")
    assert notice.key == f"booking:{booking.reference}:confirmed:0"
    assert notice.subject.startswith("Booked: Calligraphy room, ")
    assert booking.reference in notice.body
    assert notice.path == f"/bookings/{booking.reference}"
    assert deliveries() == []


def test_the_whole_is_named_with_its_part() -> None:
    hall = make_room(name="多功能厅", name_en="Hall")
    part = make_room(parent=hall, name="东半间", name_en="East half")
    with speaking("en"):
        assert db.session.merge(part).full_name == "Hall · East half"


def test_an_organisations_booking_tells_whoever_answers_for_it() -> None:
    lead, other = make_person(), make_person()
    book(make_room(), lead, organisation=make_organisation(leads=[lead, other]), by=other)
    assert [notice.person_id for notice in notices()] == [lead.id]


def test_a_refusal_says_why_and_what_to_do_and_is_rung_up() -> None:
    make_centre(desk_phone="027-0000-0000")
    person = make_person()
    booking = book(make_room(approval=Approval.ALWAYS), person)
    decide(booking, actions.decline, reason="那天有演出")
    _asked, declined = notices(person)
    assert declined.kind == "booking.declined"
    assert "那天有演出" in declined.body
    assert "027-0000-0000" in declined.body
    (call,) = deliveries()
    assert (call.way, call.address, call.drop_at) == (Way.CALL, person.phone, booking.starts_at)


def test_what_staff_cancel_is_rung_up_although_there_is_an_account() -> None:
    person = make_person()
    make_account(person)
    booking = book(make_room(), person)
    decide(booking, actions.cancel, reason="漏水", as_staff=True)
    assert [notice.kind for notice in notices()] == ["booking.confirmed", "booking.cancelled_by_staff"]
    assert [delivery.way for delivery in deliveries()] == [Way.CALL]


def test_what_one_cancels_oneself_rings_nobody() -> None:
    person = make_person()
    booking = book(make_room(), person)
    with transaction():
        actions.cancel(db.session.get_one(Booking, booking.id), by=person, now=clock.now())
    assert [notice.kind for notice in notices()] == ["booking.confirmed", "booking.cancelled"]
    assert deliveries() == []


def test_a_call_that_approves_is_not_made_once_the_booking_is_cancelled() -> None:
    booking = book(make_room(approval=Approval.ALWAYS), make_person())
    decide(booking, actions.approve)
    decide(booking, actions.cancel, reason="漏水", as_staff=True)
    approval, cancellation = deliveries()
    assert (approval.state, cancellation.state) == (DeliveryState.DROPPED, DeliveryState.DUE)


def test_deciding_twice_tells_once() -> None:
    booking = book(make_room(approval=Approval.ALWAYS), make_person())
    decide(booking, actions.approve)
    decide(booking, actions.approve)
    assert [notice.kind for notice in notices()] == ["booking.requested", "booking.approved"]


def test_a_refused_booking_tells_nothing() -> None:
    room, person = make_room(), make_person()
    book(room, person, request())
    with pytest.raises(Exception, match=r"."):
        book(room, make_person(), request())
    assert len(notices()) == 1


def test_staff_groups_hear_of_a_request_without_a_name() -> None:
    with transaction() as session:
        session.add(OutgoingAddress(purpose=Purpose.GROUP, name="群", url="json://localhost", changed_at=clock.now()))
    person = make_person(name="王秀英")
    book(make_room(approval=Approval.ALWAYS), person)
    waits = next(notice for notice in notices() if notice.person_id is None)
    assert waits.path == "/desk/requests"
    assert not re.search("王秀英", waits.subject + waits.body)
    assert [delivery.way for delivery in deliveries()] == [Way.GROUP]


def test_tomorrows_bookings_are_reminded_of_once_in_the_evening(app: Flask) -> None:
    person = make_person()
    prefer(person, preferred=Preferred.CALL)
    booking = old_booking(person=person)
    assert reminders.due_for_tomorrow(at(17, 59, days=0)) == []
    assert reminders.due_for_tomorrow(at(21, days=0)) == []
    now = at(18, days=0)
    assert reminders.due_for_tomorrow(now) == [booking.id]
    for _ in range(2):
        reminders.remind(booking.id, now)
    (notice,) = notices(person)
    assert notice.kind == "booking.reminder_day"
    assert [delivery.way for delivery in deliveries()] == [Way.CALL]
    assert reminders.due_for_tomorrow(at(18, 1, days=0)) == []


def test_tomorrows_bookings_without_an_account_stand_on_a_list_from_the_morning_and_once() -> None:
    with_account = make_person()
    make_account(with_account)
    old_booking(person=with_account)
    booking = old_booking()
    assert reminders.due_for_rounds(at(7, 59, days=0)) == []
    assert reminders.due_for_rounds(at(8, days=0)) == [booking.id]
    reminders.remind(booking.id, at(8, days=0))
    assert [(each.way, each.drop_at) for each in deliveries()] == [(Way.VISIT, booking.starts_at)]
    assert reminders.due_for_rounds(at(9, days=0)) == []
    assert booking.id not in reminders.due_for_tomorrow(at(18, days=0))


def test_no_reminder_and_no_change_of_details_drops_the_call_about_a_move() -> None:
    booking = old_booking()
    decide(booking, moving.move_by_staff, room=booking.room, span=Span(at(9), at(10)), reason="停电", agreed=True)
    decide(booking, move_booking, room=booking.room, span=Span(at(9), at(10)), people=6, as_staff=True)
    reminders.remind(booking.id, at(18, days=0))
    due = [each.notice.kind for each in deliveries() if each.state is DeliveryState.DUE]
    assert due[0] == "booking.moved_by_staff"


def test_what_begins_soon_is_reminded_of_but_rings_nobody() -> None:
    booking = old_booking()
    assert reminders.due_soon(at(7, 50)) == []
    now = at(8, 0)
    assert reminders.due_soon(now) == [booking.id]
    reminders.remind_soon(booking.id, now)
    assert [notice.kind for notice in notices()] == ["booking.reminder_soon"]
    assert deliveries() == []
    assert reminders.due_soon(at(8, 1)) == []


@pytest.mark.parametrize("status", [s for s in BookingStatus if s is not BookingStatus.CONFIRMED])
def test_nobody_is_reminded_of_what_does_not_stand(status: Any) -> None:
    booking = old_booking(status=status)
    assert reminders.due_for_tomorrow(at(18, days=0)) == []
    reminders.remind(booking.id, at(18, days=0))
    assert notices() == []


def test_nobody_is_reminded_of_what_they_just_booked() -> None:
    old_booking(changed_at=at(17, days=0))
    assert reminders.due_for_tomorrow(at(18, days=0)) == []
    make_booking(starts_at=at(14), changed_at=at(11))
    assert reminders.due_soon(at(12)) == []


def test_a_booking_cancelled_after_it_was_found_due_is_not_reminded_of() -> None:
    booking = old_booking()
    assert reminders.due_for_tomorrow(at(18, days=0)) == [booking.id]
    with transaction():
        actions.cancel(db.session.get_one(Booking, booking.id), by=booking.person, now=clock.now())
    reminders.remind(booking.id, at(18, days=0))
    assert [notice.kind for notice in notices()] == ["booking.cancelled"]


def test_a_booking_moved_to_another_day_is_reminded_of_again() -> None:
    booking = old_booking()
    reminders.remind(booking.id, at(18, days=0))
    with transaction() as session:
        moved = session.get_one(Booking, booking.id)
        moved.starts_at, moved.ends_at, moved.clear_at = (
            moment + timedelta(days=1) for moment in (moved.starts_at, moved.ends_at, moved.clear_at)
        )
    assert reminders.due_for_tomorrow(at(18, 5, days=0)) == []
    reminders.remind(booking.id, at(18))
    assert [notice.kind for notice in notices()] == ["booking.reminder_day"] * 2


def old_booking(**facts: Any) -> Booking:
    """A booking of tomorrow at ten, made long ago."""
    return make_booking(**{"changed_at": at(10, days=-5), **facts})


def decide(booking: Booking, action: Any, **more: Any) -> None:
    clerk = make_person()
    with transaction():
        action(db.session.get(Booking, booking.id), by=clerk, now=clock.now(), **more)
