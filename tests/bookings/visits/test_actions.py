"""Checking in, giving unclaimed rooms to others, missed visits and what staff decide about them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.bookings import sweeps
from center.bookings.actions import cancel, request_booking
from center.bookings.history import events_of
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel
from center.bookings.models.visits import Missed, NoShow, WelfareCall
from center.bookings.rulebook.facts import Party, ProposedUse, Rule
from center.bookings.rulebook.judging import judge, limited_until
from center.bookings.rulebook.refusals import rule_of
from center.bookings.visits import actions as presence
from center.bookings.visits import limits, welfare
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.spans import Span
from center.people.models import Person, Role
from center.rooms.models import Occupancy
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.there import there

MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk(app: Flask) -> Person:
    return make_account(roles=[Role.CLERK]).person


def act(action: Any, *args: Any, **kwargs: Any) -> Any:
    with transaction():
        return action(*args, **kwargs)


def check_in(booking: Booking, clerk: Person, now: datetime) -> None:
    act(presence.check_in, booking, by=clerk, now=now)


def release(booking: Booking, now: datetime) -> None:
    sweeps.release(booking.id, now)
    db.session.expire_all()


def changes(booking: Booking) -> Any:
    return [event.what for event in events_of(booking)]


def missed(person: Person, times: int, *, now: datetime | None = None, **facts: Any) -> Any:
    """So many missed visits of a person, a day apart, the latest an hour ago."""
    made = []
    room = make_room(live_limit=0)
    clerk = make_person()
    latest = (now or clock.now()) - timedelta(hours=1)
    for n in range(times):
        start = latest - timedelta(days=times - 1 - n)
        booking = make_booking(room=room, person=person, starts_at=start, minutes=30, **facts)
        act(presence.mark_missed, booking, by=clerk, now=start + 31 * MINUTE)
        made.append(booking)
    return made


def test_checking_in_twice_is_checking_in_once(app: Flask, clerk: Person) -> None:
    booking = make_booking()
    check_in(booking, clerk, at(10))
    check_in(booking, clerk, at(10, 5))
    assert booking.checked_in_at == at(10)
    assert changes(booking) == [BookingChange.CHECKED_IN]


@ONE_ENGINE
def test_a_check_in_can_be_undone_and_done_again(app: Flask, clerk: Person) -> None:
    booking = make_booking()
    check_in(booking, clerk, at(10))
    for _ in range(2):
        act(presence.undo_check_in, booking, by=clerk, now=at(10, 1))
    check_in(booking, clerk, at(10, 2))
    assert booking.checked_in_at == at(10, 2)
    kinds = [BookingChange.CHECKED_IN, BookingChange.CHECK_IN_UNDONE, BookingChange.CHECKED_IN]
    assert changes(booking) == kinds


@ONE_ENGINE
@pytest.mark.parametrize("now", [(9, 29), (11, 0)], ids=["half an hour before", "after the end"])
def test_nobody_is_checked_in_at_other_times(app: Flask, clerk: Person, now: tuple[int, int]) -> None:
    booking = make_booking()
    with pytest.raises(RuleBroken):
        check_in(booking, clerk, at(*now))
    assert booking.checked_in_at is None


@ONE_ENGINE
def test_an_unclaimed_room_goes_to_others(app: Flask, clerk: Person) -> None:
    booking = make_booking(room=make_room(release_minutes=15))
    assert presence.unclaimed_ids(at(10, 14)) == []
    assert presence.unclaimed_ids(at(10, 15)) == [booking.id]
    release(booking, at(10, 15))
    assert booking.status is BookingStatus.RELEASED
    assert booking.sequence == 1
    assert db.session.scalars(select(Occupancy)).all() == []
    events = events_of(booking)
    assert [(event.what, event.by_id) for event in events] == [
        (BookingChange.RELEASED, None),
        (BookingChange.NO_SHOW, None),
    ]
    assert there(presence.find_no_show(booking)).meaning is Missed.COUNTS
    with pytest.raises(RuleBroken):
        check_in(booking, clerk, at(10, 16))


@ONE_ENGINE
def test_whoever_was_checked_in_meanwhile_keeps_the_room(app: Flask, clerk: Person) -> None:
    booking = make_booking(room=make_room(release_minutes=15))
    [due] = presence.unclaimed_ids(at(10, 15))
    check_in(booking, clerk, at(10, 15))
    sweeps.release(due, at(10, 15))
    db.session.expire_all()
    assert booking.status is BookingStatus.CONFIRMED
    assert db.session.scalars(select(NoShow)).all() == []


def test_releasing_twice_records_one_missed_visit(app: Flask) -> None:
    booking = make_booking(room=make_room(release_minutes=15))
    release(booking, at(10, 15))
    release(booking, at(10, 16))
    assert len(changes(booking)) == 2
    assert len(db.session.scalars(select(NoShow)).all()) == 1


def test_rooms_without_release_are_never_released(app: Flask) -> None:
    booking = make_booking(room=make_room())
    release(booking, at(10, 50))
    assert booking.status is BookingStatus.CONFIRMED


def test_an_undone_check_in_leaves_time_to_come(app: Flask, clerk: Person) -> None:
    booking = make_booking(room=make_room(release_minutes=15))
    check_in(booking, clerk, at(10, 20))
    act(presence.undo_check_in, booking, by=clerk, now=at(10, 30))
    assert presence.unclaimed_ids(at(10, 44)) == []
    assert presence.unclaimed_ids(at(10, 45)) == [booking.id]


@ONE_ENGINE
def test_a_cancelled_booking_was_not_missed(app: Flask, clerk: Person) -> None:
    booking = make_booking()
    act(cancel, booking, by=booking.person, now=at(9, days=0))
    with pytest.raises(RuleBroken):
        act(presence.mark_missed, booking, by=clerk, now=at(10, 10))


@ONE_ENGINE
def test_a_visit_marked_as_missed_frees_what_is_left(app: Flask, clerk: Person) -> None:
    booking = make_booking()
    act(presence.mark_missed, booking, by=clerk, now=at(10, 20))
    assert booking.status is BookingStatus.RELEASED
    assert db.session.scalars(select(Occupancy)).all() == []
    assert changes(booking) == [BookingChange.RELEASED, BookingChange.NO_SHOW]


@ONE_ENGINE
def test_a_visit_can_be_marked_as_missed_after_its_end(app: Flask, clerk: Person) -> None:
    booking = make_booking()
    for _ in range(2):
        act(presence.mark_missed, booking, by=clerk, now=at(12))
    assert booking.status is BookingStatus.CONFIRMED
    assert changes(booking) == [BookingChange.NO_SHOW]


@ONE_ENGINE
def test_an_organisations_missed_visit_counts_for_nobody(app: Flask, clerk: Person) -> None:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    for booking in missed(lead, 3, organisation=organisation):
        assert there(presence.find_no_show(booking)).meaning is Missed.ORGANISATION
    assert limits.proposals(now=clock.now()) == []


def test_who_lives_alone_is_asked_how_they_are_and_never_limited(app: Flask, clerk: Person) -> None:
    alone = make_person(lives_alone=True)
    missed(alone, 3)
    assert limits.proposals(now=clock.now()) == []
    calls = welfare.open_calls()
    assert [call.person_id for call in calls] == [alone.id] * 3
    act(welfare.tick_off, calls[0], found="在女儿家", by=clerk, now=clock.now())
    act(welfare.tick_off, calls[0], found="在女儿家", by=clerk, now=clock.now())
    with pytest.raises(Conflict):
        act(welfare.tick_off, calls[0], found="别的", by=clerk, now=clock.now())
    assert welfare.count_open_calls() == 2
    assert [call.found for call in welfare.done_calls()] == ["在女儿家"]


def test_three_missed_visits_propose_a_limit_and_two_do_not(app: Flask) -> None:
    missed(make_person(), 2)
    person = make_person()
    made = missed(person, 3)
    [proposal] = limits.proposals(now=clock.now())
    assert proposal.person.id == person.id
    assert [each.booking_id for each in proposal.missed] == [booking.id for booking in made]
    assert limits.count_proposals(now=clock.now()) == 1
    assert limited_until(person.id, now=clock.now()) is None, "nothing is decided by the site"


def test_an_excused_visit_proposes_nothing(app: Flask, clerk: Person) -> None:
    person = make_person()
    first = missed(person, 3)[0]
    for _ in range(2):
        act(presence.excuse, presence.find_no_show(first), reason="住院", by=clerk, now=clock.now())
    assert limits.proposals(now=clock.now()) == []
    assert limits.visit_record_of(person.id, now=clock.now()).counted == 2


@ONE_ENGINE
def test_old_missed_visits_fall_out_of_the_window(app: Flask) -> None:
    missed(make_person(), 3, now=clock.now() - timedelta(days=89))
    assert limits.proposals(now=clock.now()) == []


@ONE_ENGINE
def test_a_confirmed_limit_refuses_online_and_never_at_the_desk(app: Flask, clerk: Person) -> None:
    person = make_person()
    missed(person, 3)
    now = clock.now()
    act(limits.limit, person, reason="三次没来", by=clerk, now=now)
    until = limited_until(person.id, now=now)
    assert until == now + timedelta(days=30)
    room = make_room()
    for party, rules in ((Party.PERSON, [Rule.LIMITED.value]), (Party.STAFF, [])):
        wish = ProposedUse(Span(at(10), at(11)), 5, party)
        verdict = judge(room, wish, person=person, organisation=None, now=now)
        assert [rule_of(error) for error in verdict.refusals] == rules
    wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key="1", channel=Channel.DESK)
    booking = act(request_booking, room, wanted, person=person, by=clerk, party=Party.STAFF, now=now)
    assert booking.status is BookingStatus.CONFIRMED


def test_a_limit_ends_by_itself_and_can_be_lifted(app: Flask, clerk: Person) -> None:
    person = make_person()
    missed(person, 3)
    now = clock.now()
    decided = act(limits.limit, person, reason="三次没来", by=clerk, now=now)
    assert limited_until(person.id, now=now + timedelta(days=30)) is None
    for _ in range(2):
        act(limits.lift, decided, reason="说清楚了", by=clerk, now=now)
    assert limited_until(person.id, now=now) is None
    assert limits.limits_in_force(now=now) == []


@ONE_ENGINE
@pytest.mark.parametrize("decide", [limits.limit, limits.dismiss], ids=["limited", "dismissed"])
def test_what_was_decided_on_proposes_nothing_again(app: Flask, clerk: Person, decide: Any) -> None:
    person = make_person()
    missed(person, 3)
    now = clock.now()
    act(decide, person, reason="看过了", by=clerk, now=now)
    assert limits.proposals(now=now) == []
    for again in (limits.limit, limits.dismiss):
        with pytest.raises(Conflict):
            act(again, person, reason="再来", by=clerk, now=now)


@ONE_ENGINE
def test_a_limit_does_not_keep_anybody_from_moving_what_they_have(app: Flask, clerk: Person) -> None:
    person = make_person()
    missed(person, 3)
    room = make_room()
    booking = make_booking(room=room, person=person)
    now = clock.now()
    act(limits.limit, person, reason="三次没来", by=clerk, now=now)
    wish = ProposedUse(Span(at(12), at(13)), 5, Party.PERSON)
    verdict = judge(room, wish, person=person, organisation=None, now=now, instead_of=booking)
    assert list(verdict.refusals) == []


def test_released_time_can_be_booked_at_once(app: Flask, clerk: Person) -> None:
    room, person = make_room(release_minutes=15), make_person()
    booking, now = make_booking(room=room), at(10, 15)
    wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key="1")
    with time_machine.travel(now, tick=False):
        release(booking, now)
        again = act(request_booking, room, wanted, person=person, by=clerk, party=Party.STAFF, now=now)
    assert again.status is BookingStatus.CONFIRMED
    assert db.session.scalars(select(Booking.status).order_by(Booking.id)).all() == [
        BookingStatus.RELEASED,
        BookingStatus.CONFIRMED,
    ]
    assert db.session.scalars(select(WelfareCall)).all() == []
