"""The best weekly times on the forms that ask for a term: what they are ranked by, and taking one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.quotas import NOBODY, Asker
from center.bookings.series.best_times import TermWants, WeeklyTime, best_times, free_counts, weekly_time
from center.bookings.series.weekly_ranking import Week
from center.bookings.series.words import of_dates_words
from center.kernel.clock import can_be_shown
from center.kernel.i18n import format_clock, local_date
from center.kernel.recurrence import Frequency, dates_of
from center.rooms.models import Room
from center.web.bookings.flow import Applicant
from center.web.bookings.forms import MOST_A_WEEK
from center.web.bookings.series_forms import RepeatForm

PICK = "weekly"  # what the button that takes a weekly time is called
TERM = timedelta(weeks=16)  # looked at where no end is known yet
WEEKDAYS = frozenset("0123456")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a form says of a term so far; what it does not say is left open. `dates` are those that it would give."""

    first: date
    last: date
    minutes: int
    weekdays: tuple[int, ...] = ()
    times: int = 2  # days a week, where none is chosen by name
    start: time | None = None
    dates: tuple[date, ...] = ()
    is_weekly: bool = True
    party: Party = Party.ORGANISATION
    asker: Asker = NOBODY

    @property
    def wish(self) -> TermWants:
        """The same as it is ranked."""
        week = Week(
            weekdays=self.weekdays or tuple(range(7)),
            times=len(self.weekdays) or self.times,
            minutes=self.minutes,
            near=self.start,
        )
        return TermWants(first=self.first, last=self.last, week=week, party=self.party, asker=self.asker)


def picked(values: Mapping[str, str]) -> "MultiDict[str, str]":
    """What was sent; a weekly time that was pressed takes the place of the room, weekdays and start typed before."""
    sent = MultiDict(values)
    code, _slash, rest = (values.get(PICK) or "").partition("/")
    days, _at, start = rest.partition("T")
    weekdays = [each for each in days.split(",") if each in WEEKDAYS]
    if weekdays and start:
        sent.setlist("weekdays", weekdays)
        sent["room"], sent["start"], sent["frequency"] = code, start, Frequency.WEEKLY.value
    return sent


def is_picked() -> bool:
    """Whether a weekly time was pressed."""
    return PICK in request.form


def of_series(form: RepeatForm, who: Applicant, *, now: datetime) -> Asked | None:
    """What the form of a series says; None before it has a length."""
    if not form.length:
        return None
    organisation = who.organisation(form.party.data or "")
    first, last = term_of(form.date.data, form.until.data, now=now)
    repeat = form.repeat
    dates = tuple(dates_of(repeat)) if repeat else ()
    if form.until.data is None and form.count.data and dates:
        last = max(dates)
    return Asked(
        first=first,
        last=last,
        minutes=form.length,
        weekdays=tuple(sorted(set(form.weekdays.data or ()))),
        times=a_week(form.times.data),
        start=form.start.data if isinstance(form.start.data, time) else None,
        dates=dates,
        is_weekly=form.frequency.data in {None, Frequency.WEEKLY.value},
        party=who.footing(organisation),
        asker=Asker(who.person, organisation),
    )


def ranked(rooms: Sequence[Room], asked: Asked | None, *, now: datetime, most: int = 3) -> Sequence[WeeklyTime]:
    """The best weekly times of these rooms for what was said so far; none for what does not come every week."""
    return best_times(rooms, asked.wish, now=now, most=most) if asked and asked.is_weekly else []


def better(room: Room, asked: Asked | None, *, now: datetime) -> Sequence[WeeklyTime]:
    """The weekly times on the same weekdays of which more dates are free than of what was asked for."""
    if asked is None or not asked.is_weekly or asked.start is None or not asked.weekdays:
        return []
    own = weekly_time(room, asked.wish, asked.start, now=now)
    return [each for each in ranked([room], asked, now=now) if each.free > own.free]


def start_choices(room: Room, asked: Asked | None, *, now: datetime) -> list[tuple[str, str]]:
    """The starts at which any of the dates is free, each with on how many of them; none before there are dates."""
    if asked is None or not asked.dates:
        return []
    counts, number = free_counts(room, asked.wish, asked.dates, now=now)
    starts = sorted({*counts, *([asked.start] if asked.start else [])})
    return [
        (start.strftime("%H:%M"), f"{format_clock(start)} · {of_dates_words(counts.get(start, 0), number)}")
        for start in starts
    ]


def term_of(first: date | None, last: date | None, *, now: datetime) -> tuple[date, date]:
    """From the first day on a form to its last; where it has none, for some months."""
    begins = max(first if first and can_be_shown(first) else local_date(now) + timedelta(days=1), local_date(now))
    ends = last if last and can_be_shown(last) else begins + TERM
    return begins, max(begins, ends)


def a_week(typed: Any) -> int:
    """How many days a week are wanted, where none is chosen by name."""
    return min(MOST_A_WEEK, max(1, typed)) if isinstance(typed, int) else 2
