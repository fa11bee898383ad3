"""Series of bookings: all or nothing, and nothing lost on the way."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from center.bookings import history
from center.bookings.approvals import listing
from center.bookings.models import Booking, BookingChange, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import DatesRefused, cancel_dates, decide_series, hold_dates
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import DateState
from center.bookings.series.planning import TooManySeries, limit_refusals
from center.bookings.writing import NeedsReason
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.recurrence import Frequency
from center.premises.models import CalendarDay, CentreFacts, DayKind
from center.rooms.closures import close
from center.rooms.models import Approval, HoursException, Noise, Occupancy
from tests.bookings.series.scene import MORNING, THU, TUE, TUESDAYS, all_of, asked, book, look, troupe
from tests.builders import ZONE, at, make_booking, make_hall, make_organisation, make_person, make_room, somebody
from tests.engines import ONE_ENGINE
from tests.there import there


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def bookings() -> Any:
    db.session.rollback()
    return db.session.scalars(select(Booking).order_by(Booking.starts_at)).all()


def count(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model))


def test_all_dates_are_booked_at_once_with_their_ledger_rows_and_their_trail() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room, weekdays=(TUE, THU), count=16), whose)
    made = bookings()
    assert len(made) == 16
    assert {each.status for each in made} == {BookingStatus.CONFIRMED}
    assert count(Occupancy) == 16
    assert all(len(history.events_of(each)) == 1 for each in made)
    assert [each.on_date for each in series.dates] == [each.starts_at.astimezone(ZONE).date() for each in made]
    assert {each.starts_at.astimezone(ZONE).time() for each in made} == {time(14, 30)}


def test_a_taken_date_refuses_the_whole_series_and_names_the_date() -> None:
    room, whose = make_room(), troupe()
    make_booking(room=room, starts_at=at(15, day=TUESDAYS[2]))
    with pytest.raises(DatesRefused) as refused:
        book(asked(room), whose)
    [problem] = refused.value.plan.problems
    assert problem.on == TUESDAYS[2]
    assert problem.state is DateState.CLASH
    assert len(bookings()) == 1
    assert (count(BookingSeries), count(SeriesDate), count(Occupancy)) == (0, 0, 1)


@ONE_ENGINE
def test_a_date_for_which_nothing_was_chosen_is_neither_booked_nor_skipped() -> None:
    room, whose = make_room(), troupe()
    request = asked(room)
    choices = all_of(request)
    del choices[TUESDAYS[1]]
    with pytest.raises(DatesRefused):
        book(request, whose, choices)
    assert bookings() == []


@ONE_ENGINE
def test_a_skipped_date_is_kept_as_skipped() -> None:
    room, whose = make_room(), troupe()
    request = asked(room)
    series = book(request, whose, all_of(request, d2026_12_01="skip"))
    assert [each.on_date for each in series.dates if each.booking is None] == [TUESDAYS[1]]
    assert len(bookings()) == 3


@ONE_ENGINE
def test_a_series_without_any_date_is_refused() -> None:
    request = asked(make_room())
    with pytest.raises(RuleBroken):
        book(request, troupe(), dict.fromkeys(all_of(request), "skip"))


@ONE_ENGINE
def test_a_date_may_be_shifted_to_another_time_or_room() -> None:
    room, other, whose = make_room(), make_room(code="X77"), troupe()
    make_booking(room=room, starts_at=at(14, day=TUESDAYS[0]))
    make_booking(room=room, starts_at=at(14, day=TUESDAYS[1]))
    request = asked(room)
    elsewhere = {"d2026_11_24": f"{room.code}/2026-11-24T16:00/120", "d2026_12_01": "X77/2026-12-01T14:30/120"}
    series = book(request, whose, all_of(request, **elsewhere))
    shifted = [there(each.booking) for each in series.dates][:2]
    assert shifted[0].starts_at == at(16, day=TUESDAYS[0])
    assert shifted[1].room_id == other.id


@ONE_ENGINE
def test_two_dates_may_not_be_shifted_onto_each_other() -> None:
    room, whose = make_room(), troupe()
    request = asked(room, weekdays=(TUE, THU), count=2)
    with pytest.raises(DatesRefused) as refused:
        book(request, whose, all_of(request, d2026_11_26=f"{room.code}/2026-11-24T15:00/120"))
    assert [each.on for each in refused.value.plan.problems] == [date(2026, 11, 26)]


@ONE_ENGINE
@pytest.mark.parametrize(
    "token", ["", "nonsense", "X1/2026-11-24T14:30", "X1/x/120", "/2026-11-24T14:30/120", "X1/2027-11-24T14:30/120",
              "X1/2026-11-24T14:30/-5", "X1/2026-11-24T14:30/99999", "X1/2026-11-24T14:30/١٢"],
)  # fmt: skip
def test_an_absurd_choice_is_asked_again(token: str) -> None:
    room = make_room(code="X1")
    request = asked(room)
    with pytest.raises(DatesRefused):
        book(request, troupe(), all_of(request, d2026_11_24=token))
    assert bookings() == []


def test_sending_the_form_twice_makes_one_series() -> None:
    room, whose = make_room(), troupe()
    request = asked(room)
    assert book(request, whose).id == book(request, whose).id
    assert len(bookings()) == 4


@ONE_ENGINE
def test_the_preview_says_what_is_in_the_way_and_what_is_free_instead() -> None:
    with transaction() as session:
        session.merge(CentreFacts(id=1, holiday_country="CN"))
    room = make_room(hours=[(day, time(8), time(21)) for day in range(7)], org_live_limit=5)
    quiet, loud = make_room(capacity=40, noise=Noise.QUIET), make_room(capacity=40)
    whose = troupe()
    make_booking(room=room, starts_at=at(15, day=TUESDAYS[0]))
    with transaction() as session:
        session.add(HoursException(room_id=room.id, on_date=TUESDAYS[1], reason="消毒"))
        session.add(CalendarDay(on_date=TUESDAYS[2], kind=DayKind.HOLIDAY, name="冬节"))
        close(room, starts_at=at(8, day=TUESDAYS[3]), ends_at=at(20, day=TUESDAYS[3]), reason="粉刷", reason_en="",
              by=somebody(), now=clock.now())  # fmt: skip
    plan = look(asked(room, count=10), whose)
    states = [each.state for each in plan.dates]
    assert states[:4] == [DateState.CLASH, DateState.CLOSED, DateState.HOLIDAY, DateState.CLOSED]
    assert states[4:] == [DateState.OK] * 5 + [DateState.QUOTA]
    assert "消毒" in plan.dates[1].words
    assert "冬节" in plan.dates[2].words
    assert [each.choice for each in plan.dates] == ["skip"] * 4 + ["book"] * 5 + ["skip"]
    rooms = {place.room.id for place in plan.dates[0].others}
    assert loud.id in rooms
    assert quiet.id not in rooms
    assert any(place.room.id == room.id for place in plan.dates[0].others)
    assert plan.dates[2].others, "another day around the holiday"


@ONE_ENGINE
def test_a_date_against_a_rule_can_still_be_had_by_staff_once_another_place_was_chosen_for_it() -> None:
    room, person = make_room(org_max_minutes=60), troupe()
    by_staff = OnBehalf(person.person, person.organisation, Party.STAFF)
    request = asked(room)
    shorter = replace(request, minutes=60).place_on(TUESDAYS[1])
    plan = look(request, by_staff, {TUESDAYS[1]: shorter.token})
    assert [each.choice for each in plan.dates] == ["book", shorter.token, "book", "book"]
    assert [bool(each.notices) for each in plan.dates] == [True, False, True, True]
    assert all(each.may_be_had for each in plan.dates)


@ONE_ENGINE
def test_a_holiday_on_which_the_room_is_open_is_said() -> None:
    room = make_room()
    with transaction() as session:
        session.add(CalendarDay(on_date=TUESDAYS[1], kind=DayKind.HOLIDAY, name="社区日"))
    plan = look(asked(room), troupe())
    assert plan.dates[1].is_ok
    assert "社区日" in plan.dates[1].words


@ONE_ENGINE
def test_a_series_reaches_as_far_as_the_room_says_and_no_further() -> None:
    room, whose = make_room(org_horizon_days=30, series_weeks=8), troupe()
    plan = look(asked(room, count=10), whose)
    assert [each.is_ok for each in plan.dates] == [True] * 8 + [False] * 2
    assert plan.dates[-1].state is DateState.RULE


@ONE_ENGINE
def test_an_organisation_has_one_live_series_in_a_room() -> None:
    room, whose = make_room(), troupe()
    book(asked(room), whose)
    with pytest.raises(TooManySeries):
        book(asked(room, starts=time(9)), whose)
    book(asked(make_room()), whose)
    staff = OnBehalf(whose.person, whose.organisation, Party.STAFF)
    with pytest.raises(NeedsReason):
        book(asked(room, starts=time(9)), staff)
    book(asked(room, starts=time(9)), staff, why="第二支队伍")


@ONE_ENGINE
def test_a_series_that_is_over_makes_room_for_the_next() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room), whose)
    with transaction():
        cancel_dates(series, TUESDAYS, by=whose.person, now=clock.now(), as_staff=False)
    assert limit_refusals(room, whose.organisation, now=clock.now()) == []


@ONE_ENGINE
def test_the_whole_hall_takes_every_part_on_every_date() -> None:
    hall, part_a, _part_b = make_hall()
    whose = troupe()
    book(asked(hall), whose)
    assert count(Occupancy) == 8
    with pytest.raises(Conflict):
        book(asked(part_a), troupe())


@ONE_ENGINE
def test_where_approval_is_needed_all_dates_wait_together() -> None:
    room, whose = make_room(approval=Approval.FROM_PEOPLE, approval_from_people=10), troupe()
    series = book(asked(room), whose)
    assert {each.status for each in bookings()} == {BookingStatus.REQUESTED}
    [request] = listing.waiting(clock.now())
    assert (there(request.series).id, len(request.bookings)) == (series.id, 4)


@ONE_ENGINE
def test_the_desk_approves_a_series_as_one_thing_and_may_decline_single_dates() -> None:
    room, whose, clerk = make_room(approval=Approval.ALWAYS), troupe(), make_person()
    series = book(asked(room), whose)
    with pytest.raises(RuleBroken), transaction():
        decide_series(series, [TUESDAYS[1]], reason="", by=clerk, now=clock.now())
    with transaction():
        assert decide_series(series, [TUESDAYS[1]], reason="有讲座", by=clerk, now=clock.now()) == (3, 1)
    states = [each.status for each in bookings()]
    assert states == [BookingStatus.CONFIRMED, BookingStatus.DECLINED, BookingStatus.CONFIRMED, BookingStatus.CONFIRMED]
    assert count(Occupancy) == 3
    with transaction():
        assert decide_series(series, [], reason="", by=clerk, now=clock.now()) == (0, 0)


@ONE_ENGINE
def test_dates_that_have_begun_while_they_waited_are_not_agreed_to() -> None:
    room, whose = make_room(approval=Approval.ALWAYS), troupe()
    series, clerk = book(asked(room), whose), make_person()
    with time_machine.travel(MORNING + timedelta(days=1, hours=6)), transaction():
        assert decide_series(series, [], reason="", by=clerk, now=clock.now()) == (3, 0)


@ONE_ENGINE
def test_cancelling_this_and_later_frees_their_time_and_keeps_the_others() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room), whose)
    with transaction():
        assert cancel_dates(series, TUESDAYS[2:], by=whose.person, now=clock.now(), as_staff=False) == 2
    assert [each.status for each in bookings()] == [BookingStatus.CONFIRMED] * 2 + [BookingStatus.CANCELLED] * 2
    assert count(Occupancy) == 2
    with transaction():
        assert cancel_dates(series, TUESDAYS[2:], by=whose.person, now=clock.now(), as_staff=False) == 0


@ONE_ENGINE
def test_cancelling_is_all_or_nothing_past_the_deadline() -> None:
    room, whose = make_room(cancel_minutes=60 * 48), troupe()
    series = book(asked(room), whose)
    with pytest.raises(RuleBroken), transaction():
        cancel_dates(series, TUESDAYS, by=whose.person, now=clock.now(), as_staff=False)
    assert {each.status for each in bookings()} == {BookingStatus.CONFIRMED}


def test_clock_times_stay_when_the_clocks_change() -> None:
    with transaction() as session:
        session.merge(CentreFacts(id=1, zone_name="Europe/Berlin", holiday_country="DE"))
    room, whose = make_room(), troupe()
    with time_machine.travel(datetime(2026, 10, 19, 8, tzinfo=ZONE)):
        book(asked(room, first_on=date(2026, 10, 20), count=2), whose)
    first, second = bookings()
    assert second.starts_at - first.starts_at == timedelta(days=7, hours=1)


@ONE_ENGINE
def test_monthly_series_pass_months_without_a_fifth_weekday() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room, frequency=Frequency.MONTHLY, nth=5, count=2, first_on=date(2026, 11, 24)), whose)
    assert [each.on_date for each in series.dates] == [date(2026, 12, 29), date(2027, 3, 30)]


@ONE_ENGINE
def test_a_retired_room_takes_no_series() -> None:
    room, whose = make_room(), troupe()
    with transaction():
        room.is_retired = True
    with pytest.raises(NotFound):
        book(asked(room), whose)


@ONE_ENGINE
def test_holding_the_dates_reads_them_anew() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room), whose)
    with transaction():
        held = hold_dates(series)
        assert [each.on_date for each in held] == TUESDAYS
        assert all(there(each.booking).is_live for each in held)


@ONE_ENGINE
def test_another_organisation_is_not_bound_by_this_ones_series() -> None:
    room, whose = make_room(), troupe()
    book(asked(room), whose)
    other = make_person()
    book(asked(room, starts=time(9)), OnBehalf(other, make_organisation(leads=[other]), Party.ORGANISATION))
    assert len(bookings()) == 8


@ONE_ENGINE
def test_every_change_is_in_the_trail() -> None:
    room, whose = make_room(), troupe()
    series = book(asked(room), whose)
    with transaction():
        cancel_dates(series, TUESDAYS[:1], by=whose.person, now=clock.now(), as_staff=False, reason="下雨")
    [first, *_rest] = bookings()
    assert [event.what for event in history.events_of(first)] == [BookingChange.CONFIRMED, BookingChange.CANCELLED]
