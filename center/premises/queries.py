"""Reads of the centre's facts and its calendar, and how the library's days and staff's make one calendar."""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from itertools import takewhile
from typing import Any

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import make_transient_to_detached

from center.kernel.caching.json_rows import Listing
from center.kernel.caching.read_cache import kinds_of, while_settings_stand, while_unchanged
from center.kernel.db import db
from center.kernel.i18n import centre
from center.premises.library import NamedDay, last_published_year, library_days
from center.premises.models import CalendarDay, CentreFacts, DayKind

LOOK_AHEAD = timedelta(days=60)  # how early staff are told that next year's calendar is missing
AROUND = timedelta(days=10)  # a holiday that reaches into the days asked for begins and ends within these
SATURDAY = 5
A_DAY = timedelta(days=1)
_SAYS_A_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # "休息日（由 2026-02-14 调休）" names one moved day and no other

_FACTS = select(*CentreFacts.__table__.c)
_around = CalendarDay.on_date.between(bindparam("first_around"), bindparam("last_around"))
STAFF_DAYS = Listing(select(*CalendarDay.__table__.c).where(_around))  # to be read with the values of `around`


def centre_facts() -> CentreFacts:
    """The centre's facts to be changed; unsaved defaults where nobody has entered any yet."""
    return db.session.get(CentreFacts, 1) or no_facts()


def known_centre() -> CentreFacts:
    """The centre's facts to be shown, not changed: the object is shared by all who read the same."""
    row = while_unchanged("centre", lambda: db.session.connection().execute(_FACTS).first(), of=kinds_of(_FACTS))
    return _detached_facts(row) if row else unknown_centre()


@lru_cache(maxsize=8)
def _detached_facts(row: Row[Any]) -> CentreFacts:
    facts = CentreFacts(**row._asdict())
    make_transient_to_detached(facts)
    return facts


@lru_cache
def unknown_centre() -> CentreFacts:
    """What a page says of the centre when its facts are not known, or cannot be read just now; shared as well."""
    return no_facts()


def no_facts() -> CentreFacts:
    """A centre of which nothing has been entered yet."""
    return CentreFacts(**{column.key: column.default.arg for column in CentreFacts.__table__.c if column.default})


def staff_days(first: date, last: date) -> Sequence[Any]:
    """The rows of the days staff set by hand, in order; to be shown, not changed."""
    years = range(first.year, last.year + 1)
    return [day for year in years for day in _staff_days_of(year) if first <= day.on_date <= last]


def _staff_days_of(year: int) -> Sequence[Any]:
    def read() -> Sequence[Any]:
        in_year = CalendarDay.on_date.between(date(year, 1, 1), date(year, 12, 31))
        query = select(*CalendarDay.__table__.c).where(in_year).order_by(CalendarDay.on_date)
        return db.session.connection().execute(query).all()

    return while_settings_stand(("staff days", year), read)


def find_staff_day(day: date) -> CalendarDay | None:
    """What staff set for this day by hand."""
    return db.session.get(CalendarDay, day)


def published_days(first: date, last: date) -> dict[date, NamedDay]:
    """What the holidays library says of these days."""
    country = centre().holiday_country
    return {
        day: named
        for year in range(first.year, last.year + 1)
        for day, named in library_days(country, year).items()
        if first <= day <= last
    }


def calendar_days(first: date, last: date) -> Mapping[date, NamedDay]:
    """The days between two dates (both included) that differ from their weekday: staff's over the library's.

    A weekend between two days of a holiday belongs to it, so the days around are looked at as well.
    """
    return while_settings_stand(
        ("calendar", centre().holiday_country, first, last),
        lambda: combined_days(first, last, staff_days(*around(first, last).values())),
    )


def around(first: date, last: date) -> dict[str, date]:
    """The days around these that may say something of them, by the names that STAFF_DAYS takes."""
    return {"first_around": first - AROUND, "last_around": last + AROUND}


def combined_days(first: date, last: date, by_staff: Iterable[Any]) -> dict[date, NamedDay]:
    """Like `calendar_days`, of rows that are read already."""
    begin, end = around(first, last).values()
    ours = {row.on_date: NamedDay(row.kind, row.name, row.name_en, row.counts_as) for row in by_staff}
    counts = with_weekends_between(combine_days(published_days(begin, end), ours), by_hand=ours)
    return {day: named for day, named in counts.items() if first <= day <= last}


def last_known_year() -> int:
    """The last year whose moved days the holidays library really knows for the centre's country."""
    return last_published_year(centre().holiday_country)


@dataclass(frozen=True)
class CalendarLine:
    """One line of the year's calendar: what the library says, what staff say, and what counts.

    Neither says anything of a weekend day within a holiday.
    """

    day: date
    library: NamedDay | None
    staff: Any  # the row of that day
    counts: NamedDay | None


def year_of_days(year: int) -> list[CalendarLine]:
    """Every day of the year that the library or staff say anything of, and the weekends within its holidays."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    library, staff = published_days(first, last), {row.on_date: row for row in staff_days(first, last)}
    counts = calendar_days(first, last)
    said = sorted({*library, *staff, *counts})
    return [CalendarLine(day, library.get(day), staff.get(day), counts.get(day)) for day in said]


def find_calendar_gap(today: date) -> int | None:
    """The first year within two months whose moved days neither the library holds nor staff have entered."""
    for year in unknown_years(today, today + LOOK_AHEAD, last_known_year=last_known_year()):
        days = staff_days(date(year, 1, 1), date(year, 12, 31))
        if not any(row.kind is DayKind.WORKING for row in days):
            return year
    return None


def combine_days(library: dict[date, NamedDay], staff: dict[date, NamedDay]) -> dict[date, NamedDay]:
    """The days that differ from their weekday, in order: staff's over the library's; a name staff left out is kept."""
    combined: dict[date, NamedDay] = {}
    for day in sorted({*library, *staff}):
        ours, theirs = staff.get(day), library.get(day)
        named = _both(ours, theirs) if ours and theirs and ours.kind is theirs.kind else ours or theirs
        if named and named.kind is not DayKind.ORDINARY:
            combined[day] = named
    return combined


def _both(ours: NamedDay, theirs: NamedDay) -> NamedDay:
    """What staff say of a day that is the same by the public calendar; what they left open, that says."""
    named = ours if ours.name else theirs
    counts_as = theirs.counts_as if ours.counts_as is None else ours.counts_as
    return replace(named, counts_as=counts_as)


def with_weekends_between(counts: Mapping[date, NamedDay], *, by_hand: Container[date] = ()) -> dict[date, NamedDay]:
    """The same days, and with them each weekend day that lies between two holidays: it is one of the holiday too.

    The public calendar leaves these out, since nobody moved them. What staff said of a day by hand stays as it is, and
    a make-up working day is no weekend day.
    """
    filled = dict(counts)
    for last_before, gap in _weekends_between(counts):
        name, name_en = _name_of_holiday(last_before, counts)
        filled.update((day, NamedDay(DayKind.HOLIDAY, name, name_en)) for day in gap if day not in by_hand)
    return dict(sorted(filled.items()))


def _weekends_between(counts: Mapping[date, NamedDay]) -> Iterator[tuple[date, list[date]]]:
    """Each holiday that is followed by weekend days and then by another holiday, with the weekend days."""
    for day in counts:
        following = (day + n * A_DAY for n in range(1, 4))
        gap = list(takewhile(lambda each: each.weekday() >= SATURDAY and each not in counts, following))
        if gap and _is_holiday(day, counts) and _is_holiday(gap[-1] + A_DAY, counts):
            yield day, gap


def _name_of_holiday(day: date, counts: Mapping[date, NamedDay]) -> tuple[str, str]:
    """The latest name of the holiday up to this day; a name that speaks of another day is passed over."""
    while _is_holiday(day, counts):
        if counts[day].name and not _SAYS_A_DATE.search(counts[day].name):
            return counts[day].name, counts[day].name_en
        day -= A_DAY
    return "", ""


def _is_holiday(day: date, counts: Mapping[date, NamedDay]) -> bool:
    return day in counts and counts[day].kind is DayKind.HOLIDAY


def unknown_years(first: date, last: date, *, last_known_year: int) -> list[int]:
    """The years between two dates whose make-up working days nobody has published yet."""
    return [year for year in range(first.year, last.year + 1) if year > last_known_year]
