"""What planning rehearsals would do, date by date: clashes with holidays, closures and others' uses, and what is free.

Nothing is written here. One answer can be given for all dates that cannot be as they were asked for.
"""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from center.activities.clashes import SessionPlan
from center.bookings.places import FURTHEST, Place
from center.bookings.series.date_plans import SKIP, DateState, PlannedDate
from center.kernel.i18n import centre_zone, format_day, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.people.models import Person
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import calendar_days
from center.rooms.models import Noise, Room
from center.rooms.queries import all_rooms
from center.signups.posting.plans import Preview, preview
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeKind
from center.troupes.rehearsals.actions import TermPlan, clashes, expected_of
from center.troupes.rehearsals.models import Skipped

LOUD = frozenset({TroupeKind.DRUM})
WHY: Mapping[DateState, Skipped] = {
    DateState.CLASH: Skipped.TAKEN,
    DateState.CLOSED: Skipped.CLOSED,
    DateState.HOLIDAY: Skipped.HOLIDAY,
    DateState.OK: Skipped.CHOSEN,
    DateState.QUOTA: Skipped.RULE,
    DateState.RULE: Skipped.RULE,
}


class ForAll(enum.StrEnum):
    """One answer for all dates that cannot be as they were asked for."""

    ROOM = "room"
    SKIP = "skip"
    TIME = "time"


def look(
    season: Season,
    spans: Sequence[Span],
    room: Room,
    choices: Mapping[date, str],
    *,
    by: Person,
    now: datetime,
    is_final: bool = False,
) -> Preview:
    """How every date stands, with what was chosen for it; at the end (`is_final`) nothing is chosen for anybody."""
    shown = preview(
        spans,
        room,
        choices,
        expected=expected_of(season),
        organisation=season.troupe.organisation,
        by=by,
        now=now,
        beside=season.activity.sessions if season.activity else (),
        is_final=is_final,
    )
    if shown.dates:
        _say_holidays(season, shown, room, by=by, now=now)
    return shown


def answered(shown: Preview, how: ForAll) -> dict[date, str]:
    """The choice for each date that cannot be as it was asked for: another room, another time, or to skip it.

    No two dates are given the same time.
    """
    taken = [each.place.span for each in shown.dates if each.is_ok and each.chosen]
    choices = {}
    for each in shown.dates:
        if not each.is_ok:
            place = _answer(each, how, taken)
            choices[each.on] = place.token if place else SKIP
            taken += [place.span] if place else []
    return choices


def chosen_of(shown: Preview) -> TermPlan:
    """What a plan comes to: the rehearsals as they were chosen, and what is skipped, with why."""
    return TermPlan(
        chosen=[(each.on, each.chosen) for each in shown.dates if each.chosen],
        skipped=[(each.place, WHY[each.state]) for each in shown.with_choice(SKIP)],
    )


def rooms_for(troupe: Troupe, people: int) -> list[Room]:
    """The rooms in which a troupe can rehearse: large enough, and for drums such as bear the noise."""
    loud = troupe.kind in LOUD
    able = [
        room
        for room in all_rooms()
        if room.organisations_may_book
        and not room.is_confidential
        and room.capacity >= people
        and (room.noise is Noise.LOUD or not loud)
    ]
    return sorted(able, key=lambda room: (room.noise is not Noise.LOUD, room.capacity, room.position, room.code))


def _answer(each: PlannedDate[SessionPlan], how: ForAll, taken: Sequence[Span]) -> Place | None:
    """What is free instead of a date, on the same day rather than on another; None where it is skipped."""
    asked = each.place.room
    if how is ForAll.SKIP or asked is None:
        return None
    fitting = [
        place
        for place in each.others
        if (place.room.id != asked.id) == (how is ForAll.ROOM)
        and not any(place.until_cleared.overlaps(Span(span.start, span.end + _clearing(asked))) for span in taken)
    ]
    return next(iter(sorted(fitting, key=lambda place: local_date(place.span.start) != each.on)), None)


def _clearing(room: Room) -> timedelta:
    return timedelta(minutes=room.buffer_minutes)


def _say_holidays(season: Season, shown: Preview, room: Room, *, by: Person, now: datetime) -> None:
    """Name the holiday of a date, and offer the day that is worked instead of it, where that is free."""
    days = [each.on for each in shown.dates]
    calendar = calendar_days(min(days) - FURTHEST, max(days) + FURTHEST)
    for each in shown.dates:
        named = calendar.get(each.on)
        if named is None or named.kind is not DayKind.HOLIDAY:
            continue
        name = in_language(named.name, named.name_en)
        if name and name not in each.words:
            each.words = " ".join(filter(None, [_("Public holiday: %(name)s", name=name), each.words]))
        worked = _worked_instead(each.on, calendar)
        if worked is not None and not each.is_ok and season.starts_on <= worked <= season.ends_on:
            _offer(each, worked, season, room, by=by, now=now)


def _worked_instead(day: date, calendar: Mapping[date, NamedDay]) -> date | None:
    """The day on which what lies on a holiday is worked: the nearest that counts as its weekday."""
    found = [
        other
        for other, named in calendar.items()
        if named.kind is DayKind.WORKING and named.counts_as == day.weekday() and abs(other - day) <= FURTHEST
    ]
    return min(found, key=lambda other: (abs(other - day), other), default=None)


def _offer(
    each: PlannedDate[SessionPlan], worked: date, season: Season, room: Room, *, by: Person, now: datetime
) -> None:
    zone, moved = centre_zone(), worked - each.on
    start, end = (
        moment.astimezone(zone) + timedelta(days=moved.days) for moment in (each.place.span.start, each.place.span.end)
    )
    place = Place(room, Span(start, end))
    each.words += " " + _("This day is worked on %(day)s instead.", day=format_day(worked))
    against = clashes(season, [replace(each.place, span=place.span)], by=by, now=now)
    if not against and place not in each.others:
        each.others.insert(0, place)
