"""Rehearsals that a holiday or a closure hits which was entered after they were planned: they stay until whoever leads
moves or skips them, one by one or all with one answer. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.activities import owners
from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.bookings.places import Place
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.people.models import Person
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import calendar_days
from center.rooms import ledger
from center.rooms.models import Closure, Room
from center.rooms.queries import Schedule, load_schedule
from center.signups.posting.plans import others_for
from center.troupes.models.seasons import Season
from center.troupes.rehearsals import actions, messages, queries
from center.troupes.rehearsals.models import Rehearsal
from center.troupes.rehearsals.planning import ForAll

LEAVE, SKIP = "leave", "skip"


@dataclass(frozen=True)
class Hit:
    """A rehearsal that lies in a holiday or a closure now: which, in the reader's words, and what is free instead."""

    rehearsal: Rehearsal
    why: str
    others: Sequence[Place] = ()

    @property
    def session(self) -> Session:
        """Its date."""
        assert self.rehearsal.session is not None
        return self.rehearsal.session


@dataclass(frozen=True)
class Shut:
    """What shuts rooms over some days: read at once, however many rehearsals there are."""

    holidays: Mapping[date, NamedDay]
    schedule: Schedule
    closures: Sequence[Closure]

    def why(self, room: Room, span: Span) -> str:
        """The holiday or the closure that shuts a room in a span, by its name; "" where nothing does."""
        day = local_date(span.start)
        is_open = any(opened.covers(span) for opened in self.schedule.open_spans(room, day))
        named = self.holidays.get(day)
        if named is not None and named.kind is DayKind.HOLIDAY and not is_open:
            return _("Public holiday: %(name)s", name=in_language(named.name, named.name_en))
        rooms = {room.id, *([room.parent_id] if room.parent_id else []), *(each.id for each in room.leaves)}
        for each in self.closures:
            if each.starts_at < span.end and each.ends_at > span.start and each.room_id in {None, *rooms}:
                return _("Closed: %(reason)s", reason=in_language(each.reason, each.reason_en))
        return "" if is_open else _("The room is not open then.")


def shut_between(rooms: Sequence[Room], first: datetime, last: datetime) -> Shut:
    """What shuts these rooms between two moments."""
    days = local_date(first), local_date(last)
    query = select(Closure).where(Closure.starts_at < last, Closure.ends_at > first, Closure.lifted_at.is_(None))
    return Shut(
        calendar_days(*days),
        load_schedule(rooms, *days, zone=centre_zone()),
        db.session.scalars(query.order_by(Closure.starts_at, Closure.id)).all(),
    )


def hit(season: Season, *, by: Person | None, now: datetime) -> list[Hit]:
    """The rehearsals ahead that are hit, in order; with `by`, what is free for them instead."""
    ahead = [
        (each, each.session, each.session.room, Span(each.session.starts_at, each.session.ends_at))
        for each in queries.ahead(queries.rehearsals_of(season), now=now)
        if each.session is not None and each.session.room is not None and each.session.starts_at > now
    ]
    if not ahead:
        return []
    rooms = list({room.id: room for _each, _session, room, _span in ahead}.values())
    shut = shut_between(rooms, min(each[3].start for each in ahead), max(each[3].end for each in ahead))
    return [
        Hit(rehearsal, why, _others(season, session, span, by, now) if by else ())
        for rehearsal, session, room, span in ahead
        if (why := shut.why(room, span))
    ]


def answered(found: Sequence[Hit], how: ForAll) -> dict[int, str]:
    """One answer for all of them: skipped, or held at what is free, on the same day rather than another, none twice."""
    choices: dict[int, str] = {}
    taken: list[Span] = []
    for each in found:
        room = each.session.room
        fitting = [
            place
            for place in each.others
            if room is not None
            and (place.room.id != room.id) == (how is ForAll.ROOM)
            and not any(place.until_cleared.overlaps(span) for span in taken)
        ]
        fitting.sort(key=lambda place: local_date(place.span.start) != local_date(each.session.starts_at))
        place = next(iter(fitting), None) if how is not ForAll.SKIP else None
        choices[each.rehearsal.id] = place.token if place else SKIP
        taken += [place.until_cleared] if place else []
    return choices


def answer(
    season: Season, choices: Mapping[int, SessionPlan | None], *, by: Person, now: datetime
) -> tuple[list[Rehearsal], list[Rehearsal]]:
    """Move each of these rehearsals as chosen, or skip it (None), with the holiday or closure as the reason.

    All or nothing. Returns what was moved and what was skipped. Raises SessionsClash, Conflict for what is not hit.
    """
    ledger.line_up()
    known = {each.rehearsal.id: each for each in hit(season, by=None, now=now)}
    if not choices.keys() <= known.keys():
        raise Conflict(_l("Something has changed meanwhile. Please look at the dates again."))
    moved, skipped = [], []
    for rehearsal_id, plan in choices.items():
        each = known[rehearsal_id]
        if plan is None:
            actions.skip(each.rehearsal, reason=each.why, by=by, now=now)
            skipped.append(each.rehearsal)
        else:
            actions.move(each.rehearsal, plan, reason=each.why, by=by, now=now)
            moved.append(each.rehearsal)
    return moved, skipped


def tell(session: Session, reason: str, now: datetime) -> bool:
    """Whoever leads hears that one of their rehearsals is hit, and by what; False for what is no rehearsal."""
    rehearsal = queries.find_rehearsal_of(session)
    if rehearsal is None or session.room is None:
        return False
    room, span = session.room, Span(session.starts_at, session.ends_at)
    messages.tell_hit(rehearsal, lambda: shut_between([room], span.start, span.end).why(room, span) or reason, now=now)
    return True


def _others(season: Season, session: Session, span: Span, by: Person, now: datetime) -> list[Place]:
    plan = SessionPlan(span=span, room=session.room)
    expected, organisation = actions.expected_of(season), season.troupe.organisation
    found = others_for(plan, expected=expected, organisation=organisation, by=by, now=now)
    return [each for each in found if season.starts_on <= local_date(each.span.start) <= season.ends_on]


owners.when_shut.append(tell)
