"""Reads of the centre's facts and its calendar."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from center.db import db
from center.i18n import centre
from center.premises.library import last_published_year, library_days
from center.premises.models import CalendarDay, CentreFacts
from center.premises.rules import NamedDay, combine_days


def centre_facts() -> CentreFacts:
    """The centre's facts; unsaved defaults where nobody has entered any yet."""
    found = db.session.get(CentreFacts, 1)
    return found or CentreFacts(
        id=1,
        name="",
        name_en="",
        address="",
        address_en="",
        desk_phone="",
        desk_hours="",
        desk_hours_en="",
        welcome="",
        welcome_en="",
        zone_name="Asia/Shanghai",
        language_list="zh,en",
        holiday_country="CN",
    )


def staff_days(first: date, last: date) -> Sequence[CalendarDay]:
    """The days staff set by hand, in order."""
    query = select(CalendarDay).where(CalendarDay.on_date.between(first, last)).order_by(CalendarDay.on_date)
    return db.session.scalars(query).all()


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


def calendar_days(first: date, last: date) -> dict[date, NamedDay]:
    """The days between two dates (both included) that differ from their weekday: staff's over the library's."""
    ours = {row.on_date: NamedDay(row.kind, row.name, row.name_en) for row in staff_days(first, last)}
    return combine_days(published_days(first, last), ours)


def last_known_year() -> int:
    """The last year whose moved days the holidays library really knows for the centre's country."""
    return last_published_year(centre().holiday_country)
