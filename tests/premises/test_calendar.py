"""The centre's calendar: what a day is, and which years are really known."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.errors import RuleBroken
from center.premises.actions import check_zone
from center.premises.library import NamedDay, countries, last_published_year, library_days
from center.premises.models import DayKind
from center.premises.queries import combine_days, unknown_years, with_weekends_between

DAY = date(2026, 10, 1)
HOLIDAY = NamedDay(DayKind.HOLIDAY, "国庆节", "National Day")


@pytest.mark.parametrize(
    ("override", "library", "expected"),
    [
        pytest.param(None, None, DayKind.ORDINARY, id="nobody says anything"),
        pytest.param(None, DayKind.HOLIDAY, DayKind.HOLIDAY, id="the library's holiday"),
        pytest.param(DayKind.ORDINARY, DayKind.HOLIDAY, DayKind.ORDINARY, id="staff take a holiday away"),
        pytest.param(DayKind.WORKING, None, DayKind.WORKING, id="staff add a make-up day"),
        pytest.param(DayKind.HOLIDAY, DayKind.WORKING, DayKind.HOLIDAY, id="staff over the library"),
    ],
)
def test_staff_go_over_the_library(override: DayKind | None, library: DayKind | None, expected: DayKind) -> None:
    assert kind_of(DAY, staff=override, library=library) is expected


def kind_of(day: date, *, staff: DayKind | None, library: DayKind | None) -> DayKind:
    """What a day is in the one calendar of which these say it is that."""
    said = [{day: NamedDay(kind)} if kind else {} for kind in (library, staff)]
    combined = combine_days(*said)
    return combined[day].kind if day in combined else DayKind.ORDINARY


@pytest.mark.parametrize(
    ("library", "staff", "expected"),
    [
        pytest.param({DAY: HOLIDAY}, {}, {DAY: HOLIDAY}, id="library only"),
        pytest.param({DAY: HOLIDAY}, {DAY: NamedDay(DayKind.ORDINARY)}, {}, id="an ordinary day differs from nothing"),
        pytest.param({DAY: HOLIDAY}, {DAY: NamedDay(DayKind.HOLIDAY)}, {DAY: HOLIDAY}, id="a name left out is kept"),
        pytest.param(
            {DAY: HOLIDAY},
            {DAY: NamedDay(DayKind.HOLIDAY, "社区节")},
            {DAY: NamedDay(DayKind.HOLIDAY, "社区节")},
            id="a name of one's own",
        ),
        pytest.param(
            {DAY: HOLIDAY},
            {DAY: NamedDay(DayKind.WORKING)},
            {DAY: NamedDay(DayKind.WORKING)},
            id="a working day does not take the holiday's name",
        ),
    ],
)
def test_the_two_calendars_become_one(library: Any, staff: Any, expected: Any) -> None:
    assert combine_days(library, staff) == expected


kinds = st.builds(NamedDay, st.sampled_from(DayKind), st.sampled_from(["", "节"]))
calendars = st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 1, 20)), kinds, max_size=10)


@given(calendars, calendars)
def test_every_day_is_what_its_rule_says(library: Any, staff: Any) -> None:
    combined = combine_days(library, staff)
    assert list(combined) == sorted(combined)
    for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(20)):
        ours, theirs = staff.get(day), library.get(day)
        kind = ours.kind if ours else theirs.kind if theirs else DayKind.ORDINARY
        assert (combined[day].kind if day in combined else DayKind.ORDINARY) is kind


THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 2, 19) + timedelta(days=n) for n in range(5))
FEAST, MOVED = NamedDay(DayKind.HOLIDAY, "春节"), NamedDay(DayKind.HOLIDAY, "休息日（由 2026-02-14 调休）")
WORKED = NamedDay(DayKind.WORKING)


@pytest.mark.parametrize(
    ("counts", "by_hand", "filled"),
    [
        pytest.param({FRIDAY: FEAST, MONDAY: FEAST}, (), {SATURDAY, SUNDAY}, id="a weekend between"),
        pytest.param({SATURDAY: FEAST, MONDAY: FEAST}, (), {SUNDAY}, id="a Sunday between"),
        pytest.param({FRIDAY: FEAST, SUNDAY: FEAST}, (), {SATURDAY}, id="a Saturday between"),
        pytest.param({FRIDAY: FEAST}, (), set(), id="a weekend after"),
        pytest.param({MONDAY: FEAST}, (), set(), id="a weekend before"),
        pytest.param({THURSDAY: FEAST, MONDAY: FEAST}, (), set(), id="a working Friday between as well"),
        pytest.param({FRIDAY: FEAST, SATURDAY: WORKED, MONDAY: FEAST}, (), set(), id="the Saturday is worked"),
        pytest.param({FRIDAY: FEAST, MONDAY: WORKED}, (), set(), id="the Monday is worked"),
        pytest.param({FRIDAY: FEAST, MONDAY: FEAST}, {SATURDAY}, {SUNDAY}, id="staff say that Saturday is ordinary"),
        pytest.param({}, (), set(), id="nothing"),
    ],
)
def test_a_weekend_within_a_holiday_is_holiday_too(counts: Any, by_hand: Any, filled: Any) -> None:
    after = with_weekends_between(counts, by_hand=by_hand)
    assert list(after) == sorted(after)
    assert {day: after[day] for day in counts} == counts
    assert {day: named for day, named in after.items() if day not in counts} == dict.fromkeys(filled, FEAST)


def test_a_weekend_takes_the_name_of_the_feast_and_not_of_a_moved_day() -> None:
    after = with_weekends_between({THURSDAY: FEAST, FRIDAY: MOVED, MONDAY: MOVED})
    assert after[SATURDAY] == after[SUNDAY] == FEAST
    assert with_weekends_between({FRIDAY: MOVED, MONDAY: MOVED})[SUNDAY] == NamedDay(DayKind.HOLIDAY)


@given(calendars)
def test_filling_weekends_twice_changes_nothing_more(calendar: Any) -> None:
    once = with_weekends_between(calendar)
    assert with_weekends_between(once) == once


def test_the_library_knows_holidays_and_make_up_days_in_both_languages() -> None:
    days = library_days("CN", 2026)
    assert days[date(2026, 2, 17)] == NamedDay(DayKind.HOLIDAY, "春节", "Chinese New Year (Spring Festival)")
    assert days[date(2026, 10, 10)].kind is DayKind.WORKING
    assert days[date(2026, 1, 4)].kind is DayKind.WORKING
    assert date(2026, 11, 23) not in days


def test_a_make_up_day_may_lie_in_the_year_before() -> None:
    assert library_days("CN", 2005)[date(2005, 12, 31)].kind is DayKind.WORKING


def test_no_day_is_said_for_another_year() -> None:
    assert {day.year for year in range(2004, 2030) for day in library_days("CN", year) if day.year != year} == set()


def test_a_year_counts_as_known_only_once_its_moved_days_are_published() -> None:
    known = last_published_year("CN")
    assert known >= 2026
    assert any(day.kind is DayKind.WORKING for day in library_days("CN", known).values())
    assert not any(day.kind is DayKind.WORKING for day in library_days("CN", known + 1).values())


def test_a_country_that_moves_no_days_is_always_known() -> None:
    assert last_published_year("DE") == 2100


def test_of_an_unknown_country_nothing_is_known() -> None:
    assert last_published_year("XX") == 0
    assert library_days("XX", 2026) == {}


def test_every_country_on_offer_has_a_calendar_with_names() -> None:
    for country in countries():
        for named in library_days(country, 2026).values():
            assert named.kind is DayKind.WORKING or (named.name and named.name_en), country


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param(date(2026, 11, 1), date(2026, 12, 31), [], id="this year is known"),
        pytest.param(date(2026, 11, 1), date(2027, 1, 1), [2027], id="next year is not"),
        pytest.param(date(2027, 5, 1), date(2028, 5, 1), [2027, 2028], id="neither is"),
    ],
)
def test_unknown_years_are_told(first: date, last: date, expected: Any) -> None:
    assert unknown_years(first, last, last_known_year=2026) == expected


@pytest.mark.parametrize("name", sorted(available_timezones())[::40])
def test_every_real_zone_is_accepted(name: Any) -> None:
    assert check_zone(name).key == name


@pytest.mark.parametrize("name", ["", "Mars/Base", "../../etc/passwd", "/etc/localtime", "UTC\x00", "Asia", "😀"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(RuleBroken):
        check_zone(name)
