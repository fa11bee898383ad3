"""The days of a room as whoever fills in the form may have them, each planned once a request."""

from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from center.bookings.rulebook.applicants import Applicant
from center.bookings.rulebook.availability import RoomDay, opened_and_taken, plan_days
from center.bookings.rulebook.facts import Party, RoomRules
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.times import free_stretches
from center.kernel.clock import can_be_shown
from center.kernel.db import once
from center.kernel.i18n import format_day, local_date, ngettext
from center.kernel.spans import days
from center.rooms.models import Room
from center.web.bookings.forms import BookingForm

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=6)


def day_of(form: BookingForm) -> date | None:
    """The day that the form speaks of; None until one is chosen."""
    day = form.date.data
    return day if can_be_shown(day) else None


def chosen_day(room: Room, who: Applicant, form: BookingForm, *, now: datetime) -> RoomDay | None:
    """That day, with what is free on it for the applicant."""
    day = day_of(form)
    if day is None:
        return None
    key = _key_of_day(room, who, form, day, now)
    return once(key, lambda: next(_plans(room, day, day, who, form, now=now)))


def _plans(
    room: Room, first: date, last: date, who: Applicant, form: BookingForm, *, now: datetime
) -> Iterator[RoomDay]:
    """The days with what staff have set for them, so that nobody is offered time that is kept for others; each is
    planned when it is asked for."""
    schedule, uses = opened_and_taken([room], first, last, now=now)
    terms = load_terms([room], first, last, asker=asker_of(who, form), now=now)[room.id]
    for day in days(first, last):
        plan = plan_days([room], day, day, schedule, uses, now=now)[0]
        yield replace(plan, facts=replace(plan.facts, terms=terms))


def _key_of_day(room: Room, who: Applicant, form: BookingForm, day: date, now: datetime) -> Hashable:
    return "planned", room.id, day, who.person.id, form.party.data or "", now


def free_days(
    room: Room, rules: RoomRules, footing: Party, who: Applicant, form: BookingForm, *, now: datetime
) -> Iterator[tuple[date, int]]:
    """The days with a free time, soonest first, each with how many. Those after a week are read when they are asked
    for: mostly the first that is free is all that is wanted."""
    today = local_date(now)
    last = today + timedelta(days=min(rules.horizon(footing), 30))
    soon = min(last, today + A_WEEK)
    parts = [(today, soon), *([(soon + A_DAY, last)] if soon < last else [])]
    for plan in (plan for part in parts for plan in _plans(room, *part, who, form, now=now)):
        if count := len(free_stretches(footing, plan.rules, plan.facts)):
            once(_key_of_day(room, who, form, plan.day, now), lambda plan=plan: plan)  # type: ignore[misc]
            yield plan.day, count


def asker_of(who: Applicant, form: BookingForm) -> Asker:
    return Asker(who.person, who.organisation(form.party.data or ""))


def say_free(day: date, count: int) -> tuple[str, str]:
    times = ngettext("%(num)d free time", "%(num)d free times", count)
    return day.isoformat(), f"{format_day(day, with_year=False)} · {times}"
