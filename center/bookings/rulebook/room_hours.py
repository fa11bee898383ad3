"""How many hours an organisation may use rooms in a month, and has: asked of the parts that agree on that with it.

Whoever writes room time stands in one line (docs/decisions/0014), so no two count the same hours at once.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from center.bookings.models import Booking
from center.bookings.rulebook.facts import MonthHours
from center.kernel.db import once
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.organisations.models import Organisation

# By organisation and first day of a month; what waits for a decision now counts as used. Nothing agreed: not there.
Hours = Mapping[tuple[int, date], MonthHours]
Source = Callable[[Collection[int], Collection[date], datetime], Hours]
_SOURCES: list[Source] = []


def add_source(source: Source) -> None:
    """Let a part say what is agreed."""
    _SOURCES.append(source)


def hours_of(
    organisation: Organisation | None,
    at: datetime,
    agreed: Hours,
    *,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
) -> MonthHours | None:
    """What counts for an organisation in the month of a moment: `planned` uses count as used, `instead_of` does not."""
    if organisation is None:
        return None
    month = month_of(at)
    found = agreed.get((organisation.id, month))
    if found is None:
        return None
    more = sum(_minutes(each) for each in planned if month_of(each.start) == month)
    return without(replace(found, used=found.used + more), organisation.id, month, instead_of)


def agreed_hours(organisation_ids: Collection[int], months: Collection[date], now: datetime) -> Hours:
    """The same of several organisations and months, in a number of reads that grows with neither."""
    ids, firsts = tuple(sorted(set(organisation_ids))), tuple(sorted(set(months)))
    if not ids:
        return {}

    def read() -> Hours:
        return {key: hours for source in _SOURCES for key, hours in source(ids, firsts, now).items()}

    return once(("agreed hours", ids, firsts, now), read)


def months_of(first: date, last: date) -> list[date]:
    """The first days of the months in which these days lie."""
    count = (last.year - first.year) * 12 + last.month - first.month
    numbers = (first.year * 12 + first.month - 1 + n for n in range(count + 1))
    return [date(n // 12, n % 12 + 1, 1) for n in numbers]


def without(hours: MonthHours, organisation_id: int, month: date, booking: Booking | None) -> MonthHours:
    """The hours without a booking that is counted among them."""
    if booking is None or booking.organisation_id != organisation_id or month_of(booking.starts_at) != month:
        return hours
    return replace(hours, used=max(0, hours.used - _minutes(booking.span)))


def month_of(moment: datetime) -> date:
    """The first day of a moment's month."""
    return local_date(moment).replace(day=1)


def _minutes(span: Span) -> int:
    return int(span.length.total_seconds()) // 60
