"""When visits are checked in, when a room goes to others, and what a missed visit means."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.visits import Missed
from center.bookings.rulebook.missed_visits import (
    Visit,
    is_unclaimed,
    may_be_marked_missed,
    meaning_of,
    visit_of,
)
from center.rooms.models import Room
from tests.builders import ZONE

START = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
END = START + timedelta(hours=1)
CONFIRMED = BookingStatus.CONFIRMED


def booking(**facts: Any) -> Booking:
    known = {"status": CONFIRMED, "starts_at": START, "ends_at": END, "changed_at": START - timedelta(days=2)}
    return Booking(**{**known, **facts})


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@pytest.mark.parametrize(
    ("status", "checked_in", "now", "visit"),
    [
        pytest.param(CONFIRMED, None, START - minutes(31), Visit.TOO_EARLY, id="too early"),
        pytest.param(CONFIRMED, None, START - minutes(30), Visit.AWAITED, id="half an hour before"),
        pytest.param(CONFIRMED, None, END - minutes(1), Visit.AWAITED, id="until its end"),
        pytest.param(CONFIRMED, None, END, Visit.OVER, id="at its end"),
        pytest.param(CONFIRMED, START, START, Visit.HERE, id="here"),
        pytest.param(CONFIRMED, START, END, Visit.OVER, id="was here"),
        pytest.param(BookingStatus.REQUESTED, None, START, Visit.NONE, id="not agreed to"),
        pytest.param(BookingStatus.RELEASED, None, START, Visit.NONE, id="given to others"),
        pytest.param(BookingStatus.CANCELLED, None, START, Visit.NONE, id="cancelled"),
    ],
)
def test_where_a_visit_stands(status: BookingStatus, checked_in: datetime | None, now: datetime, visit: Visit) -> None:
    assert visit_of(booking(status=status, checked_in_at=checked_in), now=now) is visit


@pytest.mark.parametrize(
    ("facts", "now", "unclaimed"),
    [
        pytest.param({}, START + minutes(14), False, id="still time to come"),
        pytest.param({}, START + minutes(15), True, id="time is up"),
        pytest.param({}, END, False, id="over: left alone"),
        pytest.param({"release_minutes": 0}, START + minutes(50), False, id="a room that is never released"),
        pytest.param({"checked_in_at": START}, START + minutes(50), False, id="they are here"),
        pytest.param({"status": BookingStatus.REQUESTED}, START + minutes(50), False, id="not agreed to"),
        pytest.param({"status": BookingStatus.RELEASED}, START + minutes(50), False, id="released already"),
        pytest.param({"changed_at": START + minutes(5)}, START + minutes(19), False, id="a walk-in has as long"),
        pytest.param({"changed_at": START + minutes(5)}, START + minutes(20), True, id="from when it was booked"),
        pytest.param({"release_minutes": 60}, END, False, id="never after its end"),
    ],
)
def test_when_a_room_goes_to_others(facts: dict[str, Any], now: datetime, unclaimed: bool) -> None:
    room = Room(release_minutes=facts.get("release_minutes", 15))
    known = {name: value for name, value in facts.items() if name != "release_minutes"}
    assert is_unclaimed(booking(room=room, **known), now=now) is unclaimed


@pytest.mark.parametrize(
    ("status", "checked_in", "now", "may"),
    [
        pytest.param(CONFIRMED, None, START - minutes(1), False, id="before the start"),
        pytest.param(CONFIRMED, None, START, True, id="from the start"),
        pytest.param(CONFIRMED, None, END + timedelta(days=6), True, id="days later"),
        pytest.param(CONFIRMED, None, END + timedelta(days=7), False, id="when nobody remembers"),
        pytest.param(CONFIRMED, START, END, False, id="they came"),
        pytest.param(BookingStatus.CANCELLED, None, END, False, id="cancelled"),
        pytest.param(BookingStatus.REQUESTED, None, END, False, id="never agreed to"),
    ],
)
def test_when_staff_may_say_that_nobody_came(
    status: BookingStatus, checked_in: datetime | None, now: datetime, may: bool
) -> None:
    assert may_be_marked_missed(booking(status=status, checked_in_at=checked_in), now=now) is may


@pytest.mark.parametrize(
    ("is_organisations", "lives_alone", "meaning"),
    [
        pytest.param(False, False, Missed.COUNTS, id="their own"),
        pytest.param(True, False, Missed.ORGANISATION, id="an organisation's counts for nobody"),
        pytest.param(False, True, Missed.WELFARE, id="who lives alone is asked how they are"),
        pytest.param(True, True, Missed.WELFARE, id="a lead who lives alone, too"),
    ],
)
def test_what_a_missed_visit_means(is_organisations: bool, lives_alone: bool, meaning: Missed) -> None:
    assert meaning_of(is_organisations=is_organisations, lives_alone=lives_alone) is meaning
