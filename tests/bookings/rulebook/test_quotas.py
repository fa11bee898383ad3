"""How quotas add up, on plain values."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.bookings.rulebook.quotas import QuotaTerms, QuotaUses, Tally, period_of, states, tally
from center.kernel.spans import LocalSpan, Span, intersect
from center.rooms.rule_models import Period, Whose

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
EVENING = LocalSpan(time(18), time(21))
WORKDAYS = frozenset(range(5))


def use(day: int, start: int, minutes: int) -> Span:
    """A use so many days after the Monday, from an hour on."""
    begins = datetime.combine(MONDAY + timedelta(days=day), time(start), ZONE)
    return Span(begins, begins + timedelta(minutes=minutes))


def terms(**facts: Any) -> QuotaTerms:
    return QuotaTerms(**{"id": 1, "whose": Whose.PERSON, "per": Period.WEEK, **facts})


def weekday(day: date) -> int:
    return day.weekday()


@pytest.mark.parametrize(
    ("day", "per", "expected"),
    [
        pytest.param(MONDAY, Period.DAY, (MONDAY, MONDAY), id="a day is itself"),
        pytest.param(MONDAY, Period.WEEK, (MONDAY, date(2026, 11, 29)), id="a week begins on Monday"),
        pytest.param(date(2026, 11, 29), Period.WEEK, (MONDAY, date(2026, 11, 29)), id="Sunday ends its week"),
        pytest.param(date(2027, 1, 1), Period.WEEK, (date(2026, 12, 28), date(2027, 1, 3)), id="over the new year"),
        pytest.param(date(2028, 2, 10), Period.MONTH, (date(2028, 2, 1), date(2028, 2, 29)), id="a leap February"),
        pytest.param(date(2026, 12, 31), Period.MONTH, (date(2026, 12, 1), date(2026, 12, 31)), id="December"),
    ],
)
def test_a_period_is_a_day_a_week_from_monday_or_a_month(day: date, per: Period, expected: tuple[date, date]) -> None:
    assert period_of(day, per) == expected


@pytest.mark.parametrize(
    ("counted", "facts", "expected"),
    [
        pytest.param([use(0, 9, 60), use(6, 9, 90)], {}, Tally(2, 150), id="all of the week counts"),
        pytest.param([use(-1, 9, 60), use(7, 9, 60)], {}, Tally(0, 0), id="the weeks around do not"),
        pytest.param([use(0, 17, 120)], {"hours": EVENING}, Tally(1, 60), id="only what lies inside the hours"),
        pytest.param([use(0, 16, 120)], {"hours": EVENING}, Tally(0, 0), id="a use that ends as the hours begin"),
        pytest.param([use(5, 9, 60), use(4, 9, 60)], {"weekdays": WORKDAYS}, Tally(1, 60), id="working days only"),
        pytest.param([use(6, 23, 120)], {}, Tally(1, 60), id="over midnight into the next week"),
        pytest.param([use(-1, 23, 120)], {}, Tally(1, 60), id="over midnight from the week before"),
        pytest.param([use(0, 22, 240)], {"per": Period.DAY}, Tally(1, 120), id="a day ends at midnight"),
    ],
)
def test_what_counts_in_the_week(counted: list[Span], facts: dict[str, Any], expected: Tally) -> None:
    asked = terms(most_bookings=1, **facts)
    assert tally(counted, asked, period_of(MONDAY, asked.per), kind_of=weekday, zone=ZONE) == expected


def test_a_public_holiday_is_no_working_day() -> None:
    asked = terms(most_bookings=1, weekdays=WORKDAYS)
    assert tally([use(0, 9, 60)], asked, period_of(MONDAY, Period.WEEK), kind_of=lambda _day: 7, zone=ZONE) == Tally()


@pytest.mark.parametrize(
    ("facts", "uses", "wish", "kept"),
    [
        pytest.param({"most_bookings": 2}, [use(0, 9, 60)], use(1, 9, 60), [True], id="the last unit may be had"),
        pytest.param({"most_bookings": 1}, [use(0, 9, 60)], use(1, 9, 60), [False], id="one more than allowed"),
        pytest.param({"most_minutes": 120}, [use(0, 9, 60)], use(1, 9, 60), [True], id="hours to the minute"),
        pytest.param({"most_minutes": 119}, [use(0, 9, 60)], use(1, 9, 60), [False], id="a minute over"),
        pytest.param({"most_bookings": 0}, [], use(1, 9, 60), [False], id="nothing is allowed"),
        pytest.param({"most_bookings": 1, "hours": EVENING}, [use(0, 19, 60)], use(1, 9, 60), [], id="not concerned"),
        pytest.param(
            {"most_bookings": 1, "per": Period.DAY}, [use(1, 9, 60)], use(0, 23, 120), [True, False], id="over midnight"
        ),
    ],
)
def test_a_wish_is_held_against_every_period_it_touches(
    facts: dict[str, Any], uses: Any, wish: Span, kept: Any
) -> None:
    found = states(wish, [QuotaUses(terms(**facts), tuple(uses))], kind_of=weekday, zone=ZONE)
    assert [state.is_kept for state in found] == kept


uses_of_november = st.builds(
    lambda day, minute, length: Span(
        datetime.combine(MONDAY, time(0), ZONE) + timedelta(days=day, minutes=minute),
        datetime.combine(MONDAY, time(0), ZONE) + timedelta(days=day, minutes=minute + length),
    ),
    st.integers(-40, 40),
    st.integers(0, 1439),
    st.integers(1, 1500),
)
some_terms = st.builds(
    lambda per, weekdays, hours: terms(per=per, most_minutes=600, weekdays=weekdays, hours=hours),
    st.sampled_from(Period),
    st.frozensets(st.integers(0, 6), min_size=1),
    st.sampled_from([None, EVENING, LocalSpan(time(8), time(0))]),
)


@given(st.lists(uses_of_november, max_size=6), some_terms)
def test_the_periods_add_up_to_all_that_counts_and_nothing_counts_twice(uses: Any, asked: Any) -> None:
    periods = {period_of(MONDAY + timedelta(days=n), asked.per) for n in range(-80, 80)}
    total = sum((tally(uses, asked, each, kind_of=weekday, zone=ZONE).minutes for each in periods), 0)
    counted = [piece for one in uses for _day, piece in asked.counted(one, kind_of=weekday, zone=ZONE)]
    assert total == sum(int(piece.length.total_seconds()) // 60 for piece in counted)
    assert all(intersect([piece], uses) == [piece] for piece in counted)


@given(st.lists(uses_of_november, max_size=6), uses_of_november, some_terms)
def test_a_wish_that_keeps_a_quota_keeps_it_once_it_is_booked(uses: Any, wish: Any, asked: Any) -> None:
    quota = [QuotaUses(asked, tuple(uses))]
    for state in states(wish, quota, kind_of=weekday, zone=ZONE):
        after = tally([*uses, wish], asked, (state.first, state.last), kind_of=weekday, zone=ZONE)
        assert after == state.used + state.wanted
        assert state.is_kept is asked.allows(after)
