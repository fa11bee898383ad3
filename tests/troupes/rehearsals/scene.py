"""What tests of rehearsals do again and again. The clock stands at Monday 23 November 2026, 09:00 in the morning."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from center.bookings.series.date_plans import BOOK
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.kernel.spans import Span, span_of
from center.people.models import Person
from center.rooms.models import Noise, Room
from center.signups.posting.plans import Preview
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import TroupeKind, TroupeMember
from center.troupes.rehearsals import actions, planning, queries
from center.troupes.rehearsals.models import Rehearsal
from tests.builders import ZONE, make_organisation, make_person, make_room
from tests.troupes.builders import make_leader, make_member, make_season, make_troupe

MORNING = datetime(2026, 11, 23, 9, tzinfo=ZONE)
TUE, THU = 1, 3
TUESDAYS = [date(2026, 11, 24), date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 15)]
HALF_PAST_TWO = time(14, 30)


@dataclass(frozen=True)
class Drums:
    """A drum troupe with a season, its leader, two members, and a room where drums may be beaten."""

    season: Season
    room: Room
    leader: Person
    members: Sequence[TroupeMember]


def drums(**of_room: Any) -> Drums:
    """A drum troupe on the Monday morning of its season, which lasts until 20 December."""
    leader = make_person(name="万德山")
    troupe = make_troupe(organisation=make_organisation(), name="鼓韵", name_en="Drum beat", kind=TroupeKind.DRUM)
    members = [make_leader(troupe, leader), make_member(troupe), make_member(troupe)]
    season = make_season(troupe, members=members, starts_on=MORNING.date(), ends_on=date(2026, 12, 20))
    room = make_room(**{"noise": Noise.LOUD, "windows": [(HALF_PAST_TWO, time(17, 30))], **of_room})
    return Drums(season, room, leader, members)


def spans(*weekdays: int, starts: time = HALF_PAST_TWO, minutes: int = 120) -> list[Span]:
    """Such times until the season ends."""
    first, last = date(2026, 11, 24), date(2026, 12, 20)
    rule = Repeat(frequency=Frequency.WEEKLY, weekdays=weekdays or (TUE,), first_on=first, until=last)
    return [span_of(day, starts, minutes, ZONE) for day in dates_of(rule)]


def look(scene: Drums, *weekdays: int, choices: Mapping[date, str] | None = None, **more: Any) -> Preview:
    """How the dates of a term stand."""
    given = {"by": scene.leader, "now": clock.now(), **more}
    return planning.look(scene.season, spans(*weekdays), scene.room, choices or {}, **given)


def plan(scene: Drums, *weekdays: int, choices: Mapping[date, str] | None = None) -> list[Rehearsal]:
    """Plan a term: every date that can be, but for what `choices` say."""
    shown = look(scene, *weekdays, choices=choices)
    with transaction():
        return actions.plan_term(scene.season, planning.chosen_of(shown), by=scene.leader, now=clock.now())


def all_of(scene: Drums) -> Sequence[Rehearsal]:
    """All rehearsals as they are in the database now."""
    db.session.rollback()
    return queries.rehearsals_of(db.session.get_one(Season, scene.season.id))


def on(scene: Drums, day: date) -> Rehearsal:
    """The rehearsal that was planned for a date."""
    return next(each for each in all_of(scene) if each.on_date == day)


def each_day(days: Sequence[date], choice: str = BOOK) -> dict[date, str]:
    """One choice for all of these."""
    return dict.fromkeys(days, choice)


def later(**how_much: float) -> datetime:
    """A moment after the morning of the tests."""
    return MORNING + timedelta(**how_much)
