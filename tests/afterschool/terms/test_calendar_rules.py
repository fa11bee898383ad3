"""On which days a term takes place by the calendar: holidays, make-up days, schools without school, unknown years."""

from datetime import date

from center.afterschool.terms.calendar_rules import Off, differences_of, planned_days
from center.premises.library import NamedDay, library_days
from center.premises.models import DayKind

WEEK = frozenset(range(5))
WEDNESDAY, SATURDAY, SUNDAY = date(2026, 10, 7), date(2026, 10, 10), date(2026, 9, 20)
CALENDAR = library_days("CN", 2026)


def plan(first: date, last: date, **facts: object) -> dict[date, object]:
    known = {"calendar": CALENDAR, "weekdays": WEEK, **facts}
    return {each.on: each for each in planned_days(first, last, **known)}  # type: ignore[arg-type]


def test_a_make_up_saturday_counts_as_the_wednesday_that_it_makes_up_for() -> None:
    found = plan(date(2026, 10, 1), date(2026, 10, 11))
    assert found[SATURDAY].counts_as == 2  # type: ignore[attr-defined]
    assert found[SATURDAY].takes_place  # type: ignore[attr-defined]
    assert found[WEDNESDAY].off is Off.HOLIDAY  # type: ignore[attr-defined]
    assert plan(SUNDAY, SUNDAY)[SUNDAY].counts_as == 1  # type: ignore[attr-defined]


def test_a_make_up_day_is_no_day_of_a_term_whose_schools_have_none_on_that_weekday() -> None:
    assert SATURDAY not in plan(SATURDAY, SATURDAY, weekdays={0, 1})


def test_of_a_make_up_day_that_nobody_says_anything_of_nothing_is_guessed() -> None:
    calendar = {SATURDAY: NamedDay(DayKind.WORKING)}
    found = plan(SATURDAY, SATURDAY, calendar=calendar)[SATURDAY]
    assert (found.counts_as, found.off) == (None, Off.NOT_SAID)  # type: ignore[attr-defined]


def test_weekends_are_neither_days_nor_left_out() -> None:
    assert list(plan(date(2026, 11, 7), date(2026, 11, 8))) == []


def test_a_day_without_school_anywhere_is_left_out() -> None:
    day = date(2026, 11, 4)
    assert plan(day, day, no_school={day})[day].off is Off.NO_SCHOOL  # type: ignore[attr-defined]


def test_days_of_a_year_that_nobody_has_published_are_not_sure() -> None:
    found = plan(date(2026, 12, 31), date(2027, 1, 4), unknown_years=[2027])
    assert {day: each.is_sure for day, each in found.items()} == {  # type: ignore[attr-defined]
        date(2026, 12, 31): True,
        date(2027, 1, 1): False,
        date(2027, 1, 4): False,
    }


def test_the_calendar_differs_where_a_day_became_a_holiday_or_counts_otherwise() -> None:
    planned = planned_days(date(2026, 10, 5), date(2026, 10, 12), calendar=CALENDAR, weekdays=WEEK)
    held = {WEDNESDAY: 2, SATURDAY: 3, date(2026, 10, 8): 3, date(2026, 10, 9): 4}
    found = differences_of(planned, held, called_off=(), decided=(), after=date(2026, 10, 1))
    assert [(each.on, each.is_now, each.counts_as) for each in found] == [
        (WEDNESDAY, 2, None),
        (SATURDAY, 3, 2),
        (date(2026, 10, 12), None, 0),
    ]


def test_what_staff_decided_or_called_off_and_what_is_over_differs_no_more() -> None:
    planned = planned_days(date(2026, 10, 5), date(2026, 10, 12), calendar=CALENDAR, weekdays=WEEK)
    found = differences_of(
        planned,
        {WEDNESDAY: 2},
        called_off={date(2026, 10, 8)},
        decided={(WEDNESDAY, "off"), (SATURDAY, "2")},
        after=date(2026, 10, 9),
    )
    assert [each.on for each in found] == [date(2026, 10, 12)]


def test_a_decision_about_one_weekday_does_not_hold_for_another() -> None:
    planned = planned_days(SATURDAY, SATURDAY, calendar=CALENDAR, weekdays=WEEK)
    found = differences_of(planned, {}, called_off=(), decided={(SATURDAY, "3")}, after=date(2026, 10, 1))
    assert [each.on for each in found] == [SATURDAY]
