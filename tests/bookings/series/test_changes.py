"""Changing series: what moves, stays and goes; edits of single dates survive, and history stays."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from center.bookings import actions, history
from center.bookings.models import Booking, BookingChange, BookingStatus
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import DatesRefused, cancel_dates, footing_in
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK, CANCEL, CHANGE, KEEP, DateState, Kind
from center.bookings.series.moves import change_series
from center.bookings.series.planning import ChangePlan, SeriesChange, plan_change
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person
from center.rooms.models import Approval, Occupancy, Room
from tests.bookings.series.scene import MORNING, THU, TUE, TUESDAYS, all_of, asked, book, troupe
from tests.builders import ZONE, at, make_booking, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.there import there


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def to(series: BookingSeries, **other: Any) -> SeriesChange:
    """A change of the series: all as it is but for what is named."""
    now_is = {name: getattr(series, name) for name in ("room", "starts", "minutes", "people", "purpose", "note")}
    return SeriesChange(**{**now_is, **other})


def plan(
    series: BookingSeries,
    change: SeriesChange,
    *,
    from_date: date = TUESDAYS[0],
    only: bool = False,
    choices: Any = None,
) -> ChangePlan:
    db.session.expire_all()
    return plan_change(
        series,
        change,
        choices or {},
        from_date=from_date,
        only=only,
        whose=footing_in(series, as_staff=False),
        as_staff=False,
        now=clock.now(),
        is_final=choices is not None,
    )


def do(
    series: BookingSeries,
    change: SeriesChange,
    *,
    from_date: date = TUESDAYS[0],
    only: bool = False,
    by: Person | None = None,
    **choices: Any,
) -> BookingSeries:
    looked = plan(series, change, from_date=from_date, only=only)
    chosen = {each.on: each.choice for each in looked.dates}
    chosen |= {date(*map(int, name[1:].split("_"))): value for name, value in choices.items()}
    with transaction():
        return change_series(
            series,
            change,
            chosen,
            from_date=from_date,
            only=only,
            by=by or series.person,
            as_staff=False,
            now=clock.now(),
        )


def starts(series: Any = None) -> list[str]:
    db.session.rollback()
    query = select(Booking).order_by(Booking.starts_at)
    return [f"{each.starts_at.astimezone(ZONE):%m-%d %H:%M}" for each in db.session.scalars(query) if each.is_live]


@ONE_ENGINE
def test_changing_all_moves_every_date_and_keeps_the_references() -> None:
    series = book(asked(make_room()), troupe())
    references = [there(each.booking).reference for each in series.dates]
    kept = do(series, to(series, starts=time(15)))
    assert kept.id == series.id
    assert starts() == ["11-24 15:00", "12-01 15:00", "12-08 15:00", "12-15 15:00"]
    assert [there(each.booking).reference for each in kept.dates] == references
    assert [there(each.booking).sequence for each in kept.dates] == [1] * 4
    moved = history.events_of(there(kept.dates[0].booking))[-1]
    assert (moved.what, moved.was_starts_at) == (BookingChange.MOVED, at(14, 30, day=TUESDAYS[0]))


def test_times_may_overlap_their_own_old_ones() -> None:
    series = book(asked(make_room(buffer_minutes=15)), troupe())
    do(series, to(series, starts=time(14), minutes=180))
    assert starts()[0] == "11-24 14:00"


def test_a_series_in_progress_is_split_and_keeps_its_history() -> None:
    series = book(asked(make_room()), troupe())
    with time_machine.travel(MORNING + timedelta(days=9)):  # Wednesday 2 December
        kept = do(series, to(series, starts=time(16)), from_date=TUESDAYS[2])
        assert kept.id != series.id
        assert kept.split_from_id == series.id
        assert [each.on_date for each in series.dates] == TUESDAYS[:2]
        assert [each.on_date for each in kept.dates] == TUESDAYS[2:]
        assert (series.starts, series.until_on) == (time(14, 30), date(2026, 12, 7))
        assert (kept.starts, kept.until_on) == (time(16), TUESDAYS[3])
        assert starts() == ["11-24 14:30", "12-01 14:30", "12-08 16:00", "12-15 16:00"]


def test_what_has_begun_is_never_touched_whatever_is_asked() -> None:
    series = book(asked(make_room()), troupe())
    with time_machine.travel(MORNING + timedelta(days=9)):
        do(series, to(series, starts=time(16)), from_date=TUESDAYS[0])
        assert starts() == ["11-24 14:30", "12-01 14:30", "12-08 16:00", "12-15 16:00"]


def test_a_change_that_leaves_the_time_does_not_split() -> None:
    series = book(asked(make_room()), troupe())
    kept = do(series, to(series, purpose="演出", people=15), from_date=TUESDAYS[2])
    assert kept.id == series.id
    purposes = [there(each.booking).purpose for each in kept.dates]
    assert purposes == ["鼓队排练", "鼓队排练", "演出", "演出"]
    assert history.events_of(there(kept.dates[2].booking))[-1].what is BookingChange.EDITED
    assert history.events_of(there(kept.dates[0].booking))[-1].what is BookingChange.CONFIRMED


@ONE_ENGINE
def test_a_date_that_clashes_at_the_new_time_is_told_and_kept() -> None:
    room = make_room()
    series = book(asked(room), troupe())
    make_booking(room=room, starts_at=at(17, day=TUESDAYS[1]))
    looked = plan(series, to(series, starts=time(16)))
    clash = looked.dates[1]
    assert (clash.state, clash.choice, clash.kind) == (DateState.CLASH, KEEP, Kind.MOVES)
    assert clash.others
    do(series, to(series, starts=time(16)))
    assert starts() == ["11-24 16:00", "12-01 14:30", "12-01 17:00", "12-08 16:00", "12-15 16:00"]


@ONE_ENGINE
def test_a_clash_that_comes_between_the_look_and_the_change_changes_nothing() -> None:
    room = make_room()
    series = book(asked(room), troupe())
    make_booking(room=room, starts_at=at(17, day=TUESDAYS[1]))
    with pytest.raises(DatesRefused) as refused:
        do(series, to(series, starts=time(16)), d2026_12_01=CHANGE)
    assert [each.on for each in refused.value.plan.problems] == [TUESDAYS[1]]
    assert [each for each in starts() if each.endswith("14:30")] == [f"{day:%m-%d} 14:30" for day in TUESDAYS]


@ONE_ENGINE
def test_a_date_edited_by_itself_survives_a_change_of_the_series() -> None:
    series = book(asked(make_room()), troupe())
    do(series, to(series, starts=time(9), on=TUESDAYS[1]), from_date=TUESDAYS[1], only=True)
    assert series.dates[1].is_own_way
    looked = plan(series, to(series, starts=time(16)))
    assert (looked.dates[1].kind, looked.dates[1].choice) == (Kind.OWN, KEEP)
    do(series, to(series, starts=time(16)))
    assert starts() == ["11-24 16:00", "12-01 09:00", "12-08 16:00", "12-15 16:00"]


@ONE_ENGINE
def test_a_date_edited_by_itself_may_be_brought_back_in_line() -> None:
    series = book(asked(make_room()), troupe())
    do(series, to(series, starts=time(9), on=TUESDAYS[1]), from_date=TUESDAYS[1], only=True)
    do(series, to(series, starts=time(16)), d2026_12_01=CHANGE)
    assert starts()[1] == "12-01 16:00"


@ONE_ENGINE
def test_one_date_may_move_to_another_day() -> None:
    series = book(asked(make_room()), troupe())
    do(series, to(series, on=date(2026, 12, 2)), from_date=TUESDAYS[1], only=True)
    assert starts()[1] == "12-02 14:30"
    assert (series.starts, len(series.dates)) == (time(14, 30), 4)


@ONE_ENGINE
def test_what_is_free_instead_is_looked_up_on_the_day_to_which_a_date_moves() -> None:
    room = make_room()
    series, day = book(asked(room), troupe()), date(2026, 12, 22)
    make_booking(room=room, starts_at=at(15, day=day))
    change = to(series, on=day)
    looked = plan(series, change, from_date=TUESDAYS[1], only=True).dates[0]
    assert (looked.on, looked.state) == (TUESDAYS[1], DateState.CLASH)
    assert {other.span.start.astimezone(ZONE).date() for other in looked.others} == {day}
    do(series, change, from_date=TUESDAYS[1], only=True, d2026_12_01=looked.others[0].token)
    assert f"{looked.others[0].span.start.astimezone(ZONE):%m-%d %H:%M}" in starts()


def test_cancelled_and_skipped_dates_never_come_back() -> None:
    room, whose = make_room(), troupe()
    request = asked(room)
    series = book(request, whose, all_of(request, d2026_12_08="skip"))
    with transaction():
        cancel_dates(series, [TUESDAYS[1]], by=whose.person, now=clock.now(), as_staff=False)
    do(series, to(series, starts=time(16), until=date(2026, 12, 29)))
    assert starts() == ["11-24 16:00", "12-15 16:00", "12-22 16:00", "12-29 16:00"]


@ONE_ENGINE
def test_a_booking_cancelled_on_its_own_page_does_not_come_back_either() -> None:
    series = book(asked(make_room()), troupe())
    with transaction():
        actions.cancel(there(series.dates[0].booking), by=series.person, now=clock.now())
    do(series, to(series, starts=time(16)))
    assert len(starts()) == 3


@ONE_ENGINE
def test_an_earlier_end_cancels_what_lies_behind_it_and_says_so() -> None:
    series = book(asked(make_room()), troupe())
    change = to(series, until=TUESDAYS[1])
    looked = plan(series, change)
    assert [each.choice for each in looked.dates] == [CHANGE, CHANGE, CANCEL, CANCEL]
    do(series, change)
    assert starts() == ["11-24 14:30", "12-01 14:30"]
    assert db.session.scalar(select(func.count()).select_from(Occupancy)) == 2


@ONE_ENGINE
def test_a_later_end_books_more_dates_and_tells_which_cannot_be() -> None:
    room = make_room()
    series = book(asked(room, weekdays=(TUE, THU), count=4), troupe())
    make_booking(room=room, starts_at=at(15, day=date(2026, 12, 8)))
    change = to(series, until=date(2026, 12, 10))
    looked = plan(series, change)
    assert [(each.on.day, each.choice) for each in looked.dates if each.kind is Kind.COMES] == [
        (8, "skip"),
        (10, CHANGE),
    ]
    do(series, change)
    assert starts()[-1] == "12-10 14:30"
    assert series.until_on == date(2026, 12, 10)


def test_a_change_to_another_room_moves_the_ledger_with_it() -> None:
    room, other = make_room(), make_room()
    series = book(asked(room), troupe())
    do(series, to(series, room=other))
    rooms = db.session.scalars(select(Occupancy.room_id).distinct()).all()
    assert rooms == [other.id]


@ONE_ENGINE
def test_another_room_in_which_the_organisation_has_a_series_is_refused() -> None:
    room, other, whose = make_room(), make_room(), troupe()
    series = book(asked(room), whose)
    book(asked(other, starts=time(9)), whose)
    with pytest.raises(RuleBroken):
        do(series, to(series, room=other))


def test_moved_dates_wait_again_where_staff_must_agree_but_shorter_ones_do_not() -> None:
    room = make_room()
    series = book(asked(room), troupe())
    with transaction():
        room.approval = Approval.ALWAYS
    do(series, to(series, minutes=60))
    assert {there(each.booking).status for each in series.dates} == {BookingStatus.CONFIRMED}
    do(series, to(series, starts=time(16)))
    assert {there(each.booking).status for each in series.dates} == {BookingStatus.REQUESTED}


@ONE_ENGINE
def test_nothing_can_be_changed_once_all_is_over() -> None:
    series = book(asked(make_room()), troupe())
    with time_machine.travel(MORNING + timedelta(days=60)), pytest.raises(RuleBroken):
        do(series, to(series, starts=time(16)), from_date=date.max)


@ONE_ENGINE
def test_staff_change_a_series_past_the_limits_of_its_people() -> None:
    room, whose = make_room(org_max_minutes=180), troupe()
    series = book(asked(room), whose)
    clerk = make_person()
    change = to(series, starts=time(9), minutes=300)
    chosen = dict.fromkeys(TUESDAYS, CHANGE)
    with pytest.raises(DatesRefused), transaction():
        change_series(
            series, change, chosen, from_date=TUESDAYS[0], only=False, by=clerk, as_staff=False, now=clock.now()
        )
    with transaction():
        change_series(
            series,
            change,
            chosen,
            from_date=TUESDAYS[0],
            only=False,
            by=clerk,
            as_staff=True,
            now=clock.now(),
            override_reason="说明",
        )
    assert starts()[0] == "11-24 09:00"


@ONE_ENGINE
def test_a_series_that_staff_made_for_a_person_is_theirs_to_change() -> None:
    room, person, clerk = make_room(), make_person(), make_person()
    series = book(asked(room), OnBehalf(person, None, Party.STAFF), by=clerk, why="书记请求")
    change, chosen = to(series, starts=time(10)), dict.fromkeys(TUESDAYS, CHANGE)
    with transaction():
        change_series(
            series,
            change,
            chosen,
            from_date=TUESDAYS[0],
            only=False,
            by=clerk,
            as_staff=True,
            now=clock.now(),
            override_reason="说明",
        )
    assert starts()[0] == "11-24 10:00"


def test_what_splits_twice_stays_one_chain() -> None:
    series = book(asked(make_room()), troupe())
    second = do(series, to(series, starts=time(16)), from_date=TUESDAYS[1])
    third = do(second, to(second, starts=time(9)), from_date=TUESDAYS[2])
    assert [third.split_from_id, second.split_from_id] == [second.id, series.id]
    assert starts() == ["11-24 14:30", "12-01 16:00", "12-08 09:00", "12-15 09:00"]
    assert db.session.scalar(select(func.count()).select_from(BookingSeries)) == 3


@ONE_ENGINE
def test_the_constants_of_choices_are_what_forms_send() -> None:
    assert (BOOK, CHANGE, KEEP, CANCEL) == ("book", "change", "keep", "cancel")


@ONE_ENGINE
def test_the_morning_is_a_monday() -> None:
    assert datetime(2026, 11, 23).weekday() == 0
    assert (TUE, THU) == (1, 3)


def test_clearing_up_grows_where_there_is_space_as_it_does_when_one_booking_is_changed() -> None:
    """And nobody is refused for it who only gives time back."""
    series = book(asked(make_room(), count=2), troupe())
    room = series.room
    ends = [there(each.booking).ends_at for each in series.dates]
    make_booking(room=room, starts_at=ends[0], organisation=series.organisation)
    with transaction() as session:
        session.get_one(Room, room.id).buffer_minutes = 45
    kept = do(series, to(series, minutes=series.minutes - 30))
    assert [there(each.booking).ends_at for each in kept.dates] == [end - timedelta(minutes=30) for end in ends]
    assert [there(each.booking).clear_at for each in kept.dates] == [ends[0], ends[1] + timedelta(minutes=15)]
    assert [history.events_of(there(each.booking))[-1].what for each in kept.dates] == [BookingChange.MOVED] * 2
