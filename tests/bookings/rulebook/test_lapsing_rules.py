"""When offers end, and when a use that ran out no longer keeps anybody out."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.bookings.models import BookingStatus
from center.bookings.rulebook.availability import is_over
from center.bookings.rulebook.deciding import LEAST_BEFORE_START, OFFER_LASTS, offer_ends
from center.kernel.waking import HOURS
from tests.builders import ZONE, at

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
LATER, EARLIER = NOW + timedelta(minutes=1), NOW - timedelta(minutes=1)


@pytest.mark.parametrize(
    ("facts", "over"),
    [
        pytest.param({}, False, id="a use of another kind"),
        pytest.param({"held_until": LATER}, False, id="a hold that runs"),
        pytest.param({"held_until": NOW}, True, id="a hold at its end"),
        pytest.param({"held_until": EARLIER}, True, id="a hold after its end"),
        pytest.param({"status": BookingStatus.REQUESTED}, False, id="a request without a deadline"),
        pytest.param({"status": BookingStatus.REQUESTED, "expires_at": LATER}, False, id="a request in time"),
        pytest.param({"status": BookingStatus.REQUESTED, "expires_at": NOW}, True, id="a request too late"),
        pytest.param({"status": BookingStatus.CONFIRMED, "expires_at": EARLIER}, False, id="decided in time"),
    ],
)
def test_what_ran_out_keeps_nobody_out(facts: dict[str, Any], over: bool) -> None:
    assert is_over(NOW, **facts) is over


def clock(hour: int, minute: int = 0, *, day: int = 23) -> datetime:
    return at(hour, minute, day=date(2026, 11, day))


@pytest.mark.parametrize(
    ("now", "starts_at", "ends"),
    [
        pytest.param(clock(10), clock(18), clock(10, 30), id="half an hour by day"),
        pytest.param(clock(7), clock(18), clock(8, 30), id="from waking on"),
        pytest.param(clock(22), clock(18, day=24), clock(8, 30, day=24), id="not in the night"),
        pytest.param(clock(20, 50), clock(18, day=24), clock(8, 20, day=24), id="the rest of it in the morning"),
        pytest.param(clock(20, 30), clock(18, day=24), clock(21), id="until the evening's end"),
        pytest.param(clock(10), clock(10, 35), clock(10, 25), id="ten minutes before the start at the latest"),
        pytest.param(clock(10), clock(10, 20), clock(10, 10), id="ten minutes to answer at least"),
        pytest.param(clock(10), clock(10, 19), None, id="too late to offer"),
        pytest.param(clock(10), clock(9), None, id="begun already"),
        pytest.param(clock(6), clock(8), clock(7, 50), id="an early start is not lost to the morning"),
    ],
)
def test_an_offer_leaves_time_to_answer(now: datetime, starts_at: datetime, ends: datetime | None) -> None:
    assert offer_ends(now, starts_at, zone=ZONE) == ends


@given(st.integers(0, 5000), st.integers(0, 20_000))
def test_an_offer_always_ends_before_its_time_begins(minute: Any, ahead: Any) -> None:
    now = NOW + timedelta(minutes=minute)
    starts_at = now + timedelta(minutes=ahead)
    ends = offer_ends(now, starts_at, zone=ZONE)
    if ends is None:
        assert starts_at - now < LEAST_BEFORE_START
        return
    assert now < ends < starts_at
    latest = now + OFFER_LASTS + timedelta(hours=24) - (HOURS.on(NOW.date(), ZONE).length)
    assert ends <= latest
