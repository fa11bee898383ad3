"""The best weekly times on the forms that ask for a term: what they are ranked by, and taking one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from werkzeug.datastructures import MultiDict

from center.bookings.rulebook.quotas import Asker
from center.bookings.series.best_times import TermWish, WeeklyTime, best_times, free_counts, weekly_time
from center.bookings.series.weekly_ranking import Week
from center.bookings.series.words import of_dates_words
from center.kernel.clock import can_be_shown
from center.kernel.i18n import format_clock, local_date
from center.kernel.recurrence import Frequency, dates_of
from center.rooms.models import Room
from center.web.bookings.flow import Applicant
from center.web.bookings.series_forms import RepeatForm

PICK = "weekly"  # what the button that takes a weekly time is called
TERM = timedelta(weeks=16)  # looked at where no end is known yet
MOST_A_WEEK = 5


def picked(values: Mapping[str, str]) -> "MultiDict[str, str]":
    """What was sent; a weekly time that was pressed takes the place of the weekdays and the start typed before."""
    sent = MultiDict(values)
    days, _at, start = (values.get(PICK) or "").partition("T")
    weekdays = [each for each in days.split(",") if each in {"0", "1", "2", "3", "4", "5", "6"}]
    if weekdays and start:
        sent.setlist("weekdays", weekdays)
        sent["start"], sent["frequency"] = start, Frequency.WEEKLY.value
    return sent


def is_picked() -> bool:
    """Whether a weekly time was pressed."""
    return PICK in request.form


def ranked(room: Room, form: RepeatForm, who: Applicant, *, now: datetime, most: int = 3) -> Sequence[WeeklyTime]:
    """The best weekly times for what the form says so far; none for what does not come every week."""
    if form.frequency.data not in {None, Frequency.WEEKLY.value} or not form.length:
        return []
    return best_times([room], _wish(form, who, now=now), now=now, most=most)


def better(room: Room, form: RepeatForm, who: Applicant, *, now: datetime) -> Sequence[WeeklyTime]:
    """The weekly times on the same weekdays of which more dates are free than of what the form asks for."""
    if form.start.data is None or not form.weekdays.data:
        return []
    found = ranked(room, form, who, now=now)
    if not found:
        return []
    asked = weekly_time(room, _wish(form, who, now=now), form.start.data, now=now)
    return [each for each in found if each.free > asked.free]


def mark_starts(room: Room, form: RepeatForm, who: Applicant, *, now: datetime) -> None:
    """Say beside each start on how many of the dates it is free, and leave out those that are free on none."""
    repeat = form.repeat
    dates = dates_of(repeat) if repeat else []
    if not dates or not form.length:
        return
    wish = replace(_wish(form, who, now=now), only=frozenset(dates), first=dates[0], last=dates[-1])
    counts, number = free_counts(room, wish, now=now)
    starts = sorted({*counts, *([form.start.data] if form.start.data else [])})
    form.start.choices = [
        (start.strftime("%H:%M"), f"{format_clock(start)} · {of_dates_words(counts.get(start, 0), number)}")
        for start in starts
    ] or form.start.choices


def _wish(form: RepeatForm, who: Applicant, *, now: datetime) -> TermWish:
    organisation = who.organisation(form.party.data or "")
    chosen = tuple(sorted(set(form.weekdays.data or ())))
    first, last = _term(form, now=now)
    week = Week(
        weekdays=chosen or tuple(range(7)),
        times=len(chosen) or a_week(form.times.data),
        minutes=form.length or 60,
        near=form.start.data if isinstance(form.start.data, time) else None,
    )
    asker = Asker(who.person, organisation)
    return TermWish(first=first, last=last, week=week, party=who.footing(organisation), asker=asker)


def _term(form: RepeatForm, *, now: datetime) -> tuple[date, date]:
    """From the first day on the form to its last; where it has none, for some months."""
    first = form.date.data if can_be_shown(form.date.data) else local_date(now) + timedelta(days=1)
    first = max(first, local_date(now))
    until = form.until.data if can_be_shown(form.until.data) else None
    if until is None and form.count.data and (repeat := form.repeat):
        until = max(dates_of(repeat), default=None)
    return first, max(first, until or first + TERM)


def a_week(typed: Any) -> int:
    """How many days a week are wanted, where none is chosen by name."""
    return min(MOST_A_WEEK, max(1, typed)) if isinstance(typed, int) else 2
