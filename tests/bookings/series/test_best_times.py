"""The best weekly times of a term: hours, windows, holidays, closures and others' uses, in a few statements."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from center.bookings.models import BookingStatus
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import judge
from center.bookings.series.best_times import TermWants, WeeklyTime, best_times, free_counts, weekly_time
from center.bookings.series.weekly_ranking import Lack, Week
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.spans import span_of
from center.premises.models import CalendarDay, DayKind
from center.rooms.closures import close
from center.rooms.models import Room
from tests.bookings.series.scene import MORNING, THU, TUE, troupe
from tests.builders import ZONE, at, make_booking, make_hall, make_person, make_priority, make_room
from tests.engines import ONE_ENGINE
from tests.statements import selects

FIRST, LAST = date(2026, 11, 24), date(2026, 12, 20)  # four Tuesdays, four Thursdays
ALL_DAY = [(weekday, time(8), time(20)) for weekday in range(7)]
pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def wish(*, last: date = LAST, weekdays: Sequence[int] = (TUE, THU), minutes: int = 120, **more: Any) -> TermWants:
    week = Week(weekdays=tuple(weekdays), times=len(weekdays), minutes=minutes, near=time(14, 30))
    return TermWants(first=FIRST, last=last, week=week, **more)


def best(*rooms: Room, **asked: Any) -> list[WeeklyTime]:
    return best_times(rooms, wish(**asked), now=clock.now())


def drum_room(**facts: Any) -> Room:
    """Drums are beaten from 14:30 to 17:30 only."""
    return make_room(**{"hours": ALL_DAY, "windows": [(time(14, 30), time(17, 30))], **facts})


def test_a_time_outside_the_windows_or_over_the_quiet_hours_is_never_named() -> None:
    quiet = [(weekday, opens, closes) for weekday in range(7) for opens, closes in ((8, 12), (14, 18))]
    calm = make_room(hours=[(weekday, time(opens), time(closes)) for weekday, opens, closes in quiet])
    assert {each.starts for each in best(drum_room(), minutes=180)} == {time(14, 30)}
    assert all(each.starts >= time(14) or each.starts <= time(10) for each in best(calm))


def test_what_is_taken_closed_or_a_holiday_is_counted_each_with_its_reason() -> None:
    room = drum_room(hours=[*ALL_DAY])
    with transaction() as session:
        session.merge(CalendarDay(on_date=date(2026, 12, 1), kind=DayKind.HOLIDAY, name="社区节"))
    make_booking(room=room, starts_at=at(15, day=date(2026, 12, 3)))
    close_day(room, date(2026, 12, 8))
    [first, *_others] = best(room)
    assert (first.starts, first.free, len(first.dates)) == (time(14, 30), 5, 8)
    assert first.lacking == {
        date(2026, 12, 1): Lack.HOLIDAY,
        date(2026, 12, 3): Lack.TAKEN,
        date(2026, 12, 8): Lack.CLOSED,
    }


def close_day(room: Room, day: date) -> None:
    by = make_person()
    with transaction():
        close(
            room, starts_at=at(8, day=day), ends_at=at(20, day=day), reason="检修", reason_en="Repairs", by=by,
            now=clock.now(),
        )  # fmt: skip


def test_a_request_that_ran_out_keeps_nobody_out_and_one_that_waits_does() -> None:
    room = drum_room()
    waits = make_booking(room=room, starts_at=at(14, 30, day=date(2026, 12, 3)), status=BookingStatus.REQUESTED)
    with transaction() as session:
        session.merge(waits).expires_at = at(9, day=date(2026, 11, 25))
    assert weekly_time(room, wish(), time(14, 30), now=clock.now()).free == 7
    with time_machine.travel(at(10, day=date(2026, 11, 25)), tick=False):
        # The first Tuesday is over by then, and so is the time to decide.
        late = weekly_time(room, wish(), time(14, 30), now=clock.now())
        assert late.lacking == {FIRST: Lack.UNBOOKABLE}


def test_a_part_that_is_taken_keeps_the_whole_hall_from_being_named_free() -> None:
    hall, east, _west = make_hall()
    make_booking(room=east, starts_at=at(14, 30, day=date(2026, 12, 3)))
    counts, dates = free_counts(hall, wish(), list(wish().dates), now=clock.now())
    assert (counts[time(14, 30)], dates) == (7, 8)


def test_hours_that_are_kept_for_others_are_not_free_but_to_staff() -> None:
    room = drum_room()
    make_priority(room)
    assert weekly_time(room, wish(), time(14, 30), now=clock.now()).free == 0
    assert best(room, party=Party.STAFF)[0].free == 8


def test_dates_further_ahead_than_a_series_reaches_are_said_to_be() -> None:
    room = drum_room(series_weeks=6, org_horizon_days=10)
    far = weekly_time(room, wish(last=date(2027, 1, 31)), time(14, 30), now=clock.now())
    assert far.lacks(Lack.UNBOOKABLE) == len(far.dates) - far.free > 0


def test_a_free_date_is_one_that_the_rule_book_lets_be_booked() -> None:
    room, whose = drum_room(), troupe()
    for n, hour, minute in ((24, 15, 0), (26, 16, 30), (27, 14, 30)):
        make_booking(room=room, starts_at=at(hour, minute, day=date(2026, 11, n)))
    asked = wish(last=date(2026, 12, 6), weekdays=range(7))
    for starts in (time(14, 30), time(15), time(15, 30)):
        known = weekly_time(room, asked, starts, now=clock.now())
        for day in known.dates:
            proposed = ProposedUse(span_of(day, starts, 120, ZONE), 12, Party.ORGANISATION)
            verdict = judge(
                room, replace(proposed, in_series=True), person=whose.person, organisation=whose.organisation,
                now=clock.now(),
            )  # fmt: skip
            assert (not verdict.refusals) == (day not in known.lacking), (day, starts)


def test_a_year_of_all_rooms_takes_as_many_statements_as_a_month_of_one() -> None:
    rooms = [drum_room() for _n in range(4)]
    for room in rooms:
        for n in range(1, 20):
            make_booking(room=room, starts_at=at(15, days=n))
    with selects() as few:
        best(rooms[0])
    with selects() as many:
        best(*rooms, last=FIRST + timedelta(days=365))
    assert len(many) <= len(few) + 1  # the exceptions of one more calendar year
    assert len(many) < 24  # with all that staff have set, which is read anew here
