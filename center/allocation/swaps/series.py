"""Two series that change places: the dates that moved go on under the other's rule, the rest stays as it is."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import update

from center.allocation.swaps.pairing import Pair
from center.allocation.swaps.slots import Slot
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series.actions import write_series
from center.bookings.series.planning import SeriesFacts
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.people.models import Person

FAR = timedelta(days=40_000)  # beyond every date of a series, for a moment


@dataclass(frozen=True)
class _Rule:
    """How a series was before either changed."""

    facts: SeriesFacts
    weekdays: tuple[int, ...]


def change_places(
    ours: BookingSeries, theirs: BookingSeries, pairs: Sequence[Pair], *, by: Person, now: datetime
) -> tuple[BookingSeries, BookingSeries]:
    """Let the dates whose bookings have changed places follow the other's rule; the series they belong to now."""
    rules = _rule_for(ours, theirs), _rule_for(theirs, ours)
    ours_now = _go_on(ours, rules[0], _bookings(each.ours for each in pairs), by=by, now=now)
    theirs_now = _go_on(theirs, rules[1], _bookings(each.theirs for each in pairs), by=by, now=now)
    return ours_now, theirs_now


def _bookings(slots: Iterable[Slot]) -> list[Booking]:
    return [each for each in slots if isinstance(each, Booking)]


def _rule_for(series: BookingSeries, other: BookingSeries) -> _Rule:
    """The place and time of the other one, with what this one is for."""
    facts = SeriesFacts(
        room=other.room,
        starts=other.starts,
        minutes=other.minutes,
        people=series.people,
        purpose=series.purpose,
        note=series.note,
    )
    return _Rule(facts, other.repeat.weekdays)


def _go_on(series: BookingSeries, rule: _Rule, moved: Sequence[Booking], *, by: Person, now: datetime) -> BookingSeries:
    days = {each.id: local_date(each.starts_at) for each in moved}
    rest = [each.on_date for each in series.dates if each.booking_id not in days]
    repeat = replace(
        series.repeat, weekdays=rule.weekdays, first_on=min(days.values()), until=max(days.values()), count=None
    )
    if rest:
        now_in = write_series(
            rule.facts,
            person=series.person,
            organisation=series.organisation,
            request_key=str(uuid.uuid4()),
            channel=series.channel,
            repeat=repeat,
            purpose_id=series.purpose_id,
            split_from=series,
            by=by,
            now=now,
        )
        series.until_on, series.times = max(rest), None
    else:
        now_in = series
        for name, value in rule.facts.columns.items():
            setattr(series, name, value)
        series.repeat = repeat
    series.changed_at = now
    db.session.flush()
    _date_anew(now_in, days)
    for each in {series, now_in}:
        db.session.refresh(each, ["dates"])
    return now_in


def _date_anew(series: BookingSeries, days: dict[int, date]) -> None:
    """Put dates under a series, by their bookings; by a detour, since no two may have one day at any moment."""
    for shift in (FAR, timedelta(0)):
        for booking_id, day in days.items():
            row = update(SeriesDate).where(SeriesDate.booking_id == booking_id)
            db.session.execute(row.values(series_id=series.id, on_date=day + shift))
    db.session.flush()
