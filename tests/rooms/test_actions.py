"""Editing rooms under guard of the ledger: hours, exceptions, closures, parts, retiring."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import LocalSpan
from center.premises.actions import clear_day, set_day
from center.premises.models import DayKind
from center.premises.queries import find_staff_day
from center.rooms import actions, closures, ledger, opening, parts
from center.rooms.models import Closure, HoursException, Noise, Occupancy, OpeningHours, Room, UseKind
from center.rooms.queries import all_rooms, get_room
from center.rooms.rules import BookingRules, NewPart, RoomFacts
from center.rooms.uses import InUse, live_uses
from tests.builders import ZONE, at, make_booking, make_hall, make_room, somebody
from tests.engines import ONE_ENGINE
from tests.there import there

MORNING = [LocalSpan(time(8), time(12))]
ALWAYS = [[LocalSpan(time(8), time(21))]] * 8
TWO_PARTS = [NewPart(1, "HA", "东区", "East", 50), NewPart(2, "HB", "西区", "West", 40)]


def do(action: Any, *args: Any, **kwargs: Any) -> Any:
    """The action in a transaction of its own, as a view would do it; rooms are read anew."""
    with transaction() as session:
        fresh = [session.get_one(type(arg), arg.id) if isinstance(arg, Room | Closure) else arg for arg in args]
        return action(*fresh, by=somebody(), **kwargs)


def timed(action: Any, *args: Any, **kwargs: Any) -> Any:
    return do(action, *args, now=clock.now(), **kwargs)


def rows_of(room: Room) -> Any:
    db.session.rollback()
    query = select(Occupancy).where(Occupancy.room_id == room.id).order_by(Occupancy.starts_at)
    return db.session.scalars(query).all()


def refused(error: Any) -> Any:
    return [(use.room.code, use.kind, use.starts_at) for use in error.value.uses]


def tomorrow() -> date:
    return at(0).date()


def exception(room: Room | None, hours: list[LocalSpan], *, day: date | None = None, reason: str = "停电") -> Any:
    return timed(opening.add_exception, room, day or tomorrow(), hours, reason=reason, reason_en="")


def close(room: Room | None, start: datetime, end: datetime) -> Any:
    return timed(closures.close, room, starts_at=start, ends_at=end, reason="维修", reason_en="Repairs")


# Hours


def test_hours_are_replaced_as_a_whole(app: Flask) -> None:
    room = make_room()
    timed(opening.set_hours, room, [MORNING, *[[]] * 7])
    db.session.rollback()
    assert [(row.weekday, row.opens, row.closes) for row in get_room(room.code).hours] == [(0, time(8), time(12))]
    assert db.session.scalar(select(db.func.count()).select_from(OpeningHours)) == 1


@ONE_ENGINE
def test_hours_that_would_shut_out_a_booking_are_refused_with_the_list(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(14))
    make_booking(room=room, starts_at=at(9))
    with pytest.raises(InUse) as error:
        timed(opening.set_hours, room, [MORNING] * 8)
    assert refused(error) == [(room.code, UseKind.BOOKING, booking.starts_at)]
    db.session.rollback()
    assert len(get_room(room.code).hours) == 8, "nothing was half-written"


@ONE_ENGINE
def test_time_that_was_not_open_before_is_not_lost(app: Flask) -> None:
    room = make_room(buffer_minutes=30)
    make_booking(room=room, starts_at=at(20), minutes=60)  # clears up until 21:30, after closing
    timed(opening.set_hours, room, ALWAYS)


def test_a_booking_of_the_whole_is_heeded_when_a_part_changes_its_hours(app: Flask) -> None:
    hall, left, _right = make_hall()
    make_booking(room=hall, starts_at=at(14))
    with pytest.raises(InUse) as error:
        timed(opening.set_hours, left, [MORNING] * 8)
    assert [code for code, _kind, _start in refused(error)] == [hall.code]


@ONE_ENGINE
def test_a_past_booking_is_in_nobodys_way(app: Flask) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(14, days=-7))
    timed(opening.set_hours, room, [[]] * 8)


# Exceptions


@ONE_ENGINE
def test_an_exception_is_refused_while_bookings_lie_in_the_hours_it_takes(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(14))
    with pytest.raises(InUse) as error:
        exception(room, MORNING)
    assert refused(error) == [(room.code, UseKind.BOOKING, booking.starts_at)]
    assert error.value.field == "on_date"
    exception(room, [LocalSpan(time(13), time(16))])


@ONE_ENGINE
def test_an_exception_of_the_centre_asks_every_room(app: Flask) -> None:
    make_room()
    make_booking(room=make_room(), starts_at=at(14))
    with pytest.raises(InUse):
        exception(None, [])
    exception(None, [], day=at(0, days=2).date())


@ONE_ENGINE
def test_an_exception_of_the_centre_spares_a_room_that_has_its_own(app: Flask) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(14))
    exception(room, [LocalSpan(time(14), time(16))])
    exception(None, [])


@ONE_ENGINE
def test_a_day_has_one_exception_per_owner(app: Flask) -> None:
    room = make_room()
    for owner in (room, None):
        exception(owner, MORNING)
        with pytest.raises(RuleBroken):
            exception(owner, [])


def test_the_database_itself_refuses_a_second_exception_of_the_centre(app: Flask) -> None:
    with pytest.raises(IntegrityError), transaction() as session:
        session.add_all([HoursException(on_date=tomorrow()), HoursException(on_date=tomorrow())])


@ONE_ENGINE
def test_a_day_that_has_passed_gets_no_exception(app: Flask) -> None:
    with pytest.raises(RuleBroken):
        exception(make_room(), [], day=at(0, days=-1).date())


@ONE_ENGINE
def test_removing_longer_hours_is_refused_while_somebody_uses_them(app: Flask) -> None:
    room = make_room()
    added = exception(room, [LocalSpan(time(6), time(23))])
    make_booking(room=room, starts_at=at(22))
    with transaction() as session, pytest.raises(InUse):
        opening.remove_exception(session.get_one(HoursException, added.id), by=somebody(), now=clock.now())


def test_a_removed_exception_leaves_nothing(app: Flask) -> None:
    added = exception(make_room(), MORNING)
    with transaction() as session:
        opening.remove_exception(session.get_one(HoursException, added.id), by=somebody(), now=clock.now())
    assert db.session.scalar(select(db.func.count()).select_from(HoursException)) == 0


# The centre's calendar


def test_a_holiday_over_a_booking_is_refused(app: Flask) -> None:
    room = make_room(hours=[(weekday, time(8), time(21)) for weekday in range(7)])
    do(set_day, tomorrow(), DayKind.ORDINARY, name="", name_en="")  # which it may not be by itself
    make_booking(room=room, starts_at=at(14))
    with pytest.raises(InUse) as error:
        do(set_day, tomorrow(), DayKind.HOLIDAY, name="", name_en="")
    assert error.value.field == "on_date"


def test_taking_back_a_working_day_over_a_booking_is_refused(app: Flask) -> None:
    room = make_room(hours=[(0, time(8), time(21))])
    saturday = at(0).date() + timedelta(days=(5 - at(0).weekday()) % 7 + 7)
    do(set_day, saturday, DayKind.WORKING, name="", name_en="")
    make_booking(room=room, starts_at=at(10, day=saturday))
    with pytest.raises(InUse), transaction():
        clear_day(there(find_staff_day(saturday)), by=somebody())


# Closures


@ONE_ENGINE
def test_a_closure_takes_the_room_and_its_parts(app: Flask) -> None:
    hall, left, right = make_hall()
    close(hall, at(8), at(18, days=3))
    assert [len(rows_of(part)) for part in (hall, left, right)] == [0, 3, 3]
    with pytest.raises(ledger.TimeTaken):
        make_booking(room=left, starts_at=at(10, days=2))


@ONE_ENGINE
def test_a_closure_that_meets_uses_is_refused_with_the_list(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    with pytest.raises(InUse) as error:
        close(room, at(8), at(18))
    assert refused(error) == [(room.code, UseKind.BOOKING, booking.starts_at)]
    close(room, at(11), at(18))
    close(room, at(17), at(19))  # a closure is in nobody's way


@ONE_ENGINE
def test_a_closure_of_the_centre_takes_every_room(app: Flask) -> None:
    rooms = [make_room(), *make_hall()]
    closed = close(None, at(8), at(18))
    assert closed.room_id is None
    assert [len(rows_of(room)) for room in rooms] == [1, 0, 1, 1]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        pytest.param((10, 1), (9, 1), "to_date", id="backwards"),
        pytest.param((10, -2), (12, -2), "to_date", id="in the past"),
        pytest.param((10, 1), (10, 400), "to_date", id="more than a year"),
    ],
)
def test_a_closure_that_means_nothing_is_refused(
    app: Flask, start: tuple[int, int], end: tuple[int, int], field: str
) -> None:
    with pytest.raises(RuleBroken) as error:
        close(make_room(), at(start[0], days=start[1]), at(end[0], days=end[1]))
    assert error.value.field == field


def test_a_lifted_closure_frees_what_is_left(app: Flask) -> None:
    room = make_room()
    closed = close(room, at(8), at(18, days=9))
    with transaction() as session:
        closures.lift(session.get_one(Closure, closed.id), by=somebody(), now=at(12, days=2))
    make_booking(room=room, starts_at=at(12, days=2))
    assert len(rows_of(room)) == 3
    with transaction() as session, pytest.raises(RuleBroken):
        closures.lift(session.get_one(Closure, closed.id), by=somebody(), now=at(13, days=2))


@ONE_ENGINE
def test_a_new_room_is_closed_with_the_centre(app: Flask) -> None:
    make_room()
    close(None, at(8), at(18))
    opened = timed(actions.open_room, "NEW1", facts())
    assert len(rows_of(opened)) == 1


# Parts


@ONE_ENGINE
def test_dividing_moves_every_use_onto_each_part(app: Flask) -> None:
    hall = make_room(capacity=100, max_minutes=90)
    booking = make_booking(room=hall, starts_at=at(10))
    make_booking(room=hall, starts_at=at(10, days=-5))
    made = do(parts.divide, hall, TWO_PARTS)
    assert [len(rows_of(room)) for room in (hall, *made)] == [0, 2, 2]
    assert {row.use_id for row in rows_of(made[0])} == {row.use_id for row in rows_of(made[1])}
    assert made[0].max_minutes == 90
    with pytest.raises(ledger.TimeTaken):
        make_booking(room=made[0], starts_at=booking.starts_at)
    make_booking(room=made[0], starts_at=at(15))
    db.session.rollback()
    assert [room.code for room in all_rooms()] == [hall.code, "HA", "HB"]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("changed", "field"),
    [
        pytest.param({"code": "HA"}, "code_2", id="the same code twice"),
        pytest.param({"code": "TAKEN"}, "code_2", id="another room's code"),
        pytest.param({"code": "a/b"}, "code_2", id="no code"),
        pytest.param({"capacity": 101}, "capacity_2", id="larger than the whole"),
    ],
)
def test_parts_that_cannot_be_are_refused(app: Flask, changed: dict[str, Any], field: str) -> None:
    make_room(code="TAKEN")
    hall = make_room(capacity=100)
    second = NewPart(**{"number": 2, "code": "HB", "name": "西区", "name_en": "", "capacity": 40, **changed})
    with pytest.raises(RuleBroken) as error:
        do(parts.divide, hall, [TWO_PARTS[0], second])
    assert field in {each.field for each in error.value.every}


@ONE_ENGINE
def test_a_divided_room_or_a_part_does_not_divide_again(app: Flask) -> None:
    hall, left, _right = make_hall()
    for room in (hall, left):
        with pytest.raises(RuleBroken):
            do(parts.divide, room, TWO_PARTS)


@ONE_ENGINE
def test_joining_gives_the_whole_its_uses_back(app: Flask) -> None:
    hall = make_room(capacity=100)
    make_booking(room=hall, starts_at=at(10))
    made = do(parts.divide, hall, TWO_PARTS)
    make_booking(room=made[0], starts_at=at(10, days=-3))
    timed(parts.join, hall)
    assert [len(rows_of(room)) for room in (hall, *made)] == [1, 1, 0]
    db.session.rollback()
    assert [room.code for room in all_rooms()] == [hall.code]
    with pytest.raises(ledger.TimeTaken):
        make_booking(room=get_room(hall.code), starts_at=at(10))


@ONE_ENGINE
def test_joining_is_refused_while_somebody_has_a_single_part(app: Flask) -> None:
    hall, left, _right = make_hall()
    make_booking(room=hall, starts_at=at(9))
    booking = make_booking(room=left, starts_at=at(10))
    with pytest.raises(InUse) as error:
        timed(parts.join, hall)
    assert refused(error) == [(left.code, UseKind.BOOKING, booking.starts_at)]


def test_a_former_parts_code_brings_it_back(app: Flask) -> None:
    hall = make_room(capacity=100)
    first = [room.id for room in do(parts.divide, hall, TWO_PARTS)]
    timed(parts.join, hall)
    make_booking(room=hall, starts_at=at(10))
    assert [room.id for room in do(parts.divide, hall, TWO_PARTS)] == first
    db.session.rollback()
    assert not get_room("HA").is_retired


# What a room is


def facts(**changes: Any) -> RoomFacts:
    known = dict.fromkeys(("name_en", "about", "about_en", "notice", "notice_en"), "")
    numbers = {"floor": 2, "position": 1, "capacity": 20, "wheelchair_places": 2}
    return RoomFacts(**{"name": "新室", "noise": Noise.QUIET, "is_confidential": False, **known, **numbers, **changes})


@ONE_ENGINE
def test_a_code_belongs_to_one_room(app: Flask) -> None:
    timed(actions.open_room, "R77", facts())
    with pytest.raises(RuleBroken) as error:
        timed(actions.open_room, "R77", facts())
    assert error.value.field == "code"


@ONE_ENGINE
def test_a_new_room_is_closed_until_it_has_hours(app: Flask) -> None:
    assert timed(actions.open_room, "R77", facts()).hours == []


@ONE_ENGINE
def test_more_wheelchair_places_than_places_are_refused(app: Flask) -> None:
    with pytest.raises(RuleBroken) as error:
        do(actions.change_facts, make_room(), facts(wheelchair_places=21))
    assert error.value.field == "wheelchair_places"


def test_changing_rules_leaves_bookings_as_they_are(app: Flask) -> None:
    room = make_room(max_minutes=120)
    booking = make_booking(room=room, starts_at=at(10), minutes=120)
    rules = {name: getattr(room, name) for name in BookingRules.__dataclass_fields__}
    tight = {"max_minutes": 60, "residents_may_book": False, "step_minutes": 60}
    do(actions.change_rules, room, BookingRules(**{**rules, **tight}))
    assert [(row.starts_at, row.clear_at) for row in rows_of(room)] == [(booking.starts_at, booking.clear_at)]


def test_rules_and_windows_are_copied_from_another_room(app: Flask) -> None:
    source = make_room(max_minutes=90, windows=[(time(9), time(11, 30))])
    room = make_room(windows=[(time(18), time(20))])
    do(actions.copy_rules, room, source)
    db.session.rollback()
    copied = get_room(room.code)
    assert copied.max_minutes == 90
    assert [(each.opens, each.closes) for each in copied.windows] == [(time(9), time(11, 30))]


@ONE_ENGINE
def test_a_room_with_uses_ahead_does_not_retire(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    with pytest.raises(InUse) as error:
        timed(actions.retire, room)
    assert refused(error) == [(room.code, UseKind.BOOKING, booking.starts_at)]


@ONE_ENGINE
def test_a_whole_retires_with_its_parts_and_comes_back_with_them(app: Flask) -> None:
    hall, _left, _right = make_hall()
    timed(actions.retire, hall)
    db.session.rollback()
    assert all_rooms() == []
    timed(actions.unretire, hall)
    db.session.rollback()
    assert len(all_rooms()) == 3


def test_a_use_of_several_days_and_parts_is_one_line(app: Flask) -> None:
    hall, _left, _right = make_hall()
    close(hall, at(8), at(18, days=3))
    (use,) = live_uses([get_room(hall.code)], after=clock.now())
    assert (use.room.code, use.starts_at, use.clear_at) == (hall.code, at(8), at(18, days=3))
    assert use.span.start.astimezone(ZONE).hour == 8
