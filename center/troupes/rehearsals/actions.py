"""Rehearsals of a season: planned in one form, skipped, put back, made up for and moved. Never commits.

All of a plan is done or nothing of it. Each rehearsal is a session of the season's activity, so its room's time is in
the ledger, and whoever comes hears of every change. Rows are held in the order of sessions: the line of those who
change room time, the season, its activity.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from center.activities import actions as activities
from center.activities import sessions
from center.activities.clashes import Clash, SessionPlan, also_against, clashes_of
from center.activities.models import Activity, ActivityState, Session
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger
from center.troupes.models.seasons import Season
from center.troupes.policy import refuse_ended
from center.troupes.rehearsals import messages, on_register, queries
from center.troupes.rehearsals.activity_words import activity_words
from center.troupes.rehearsals.models import Rehearsal, Skipped

OVER = frozenset({ActivityState.CANCELLED, ActivityState.HELD})


@dataclass(frozen=True, kw_only=True)
class TermPlan:
    """The rehearsals of a term as they were chosen, each for its date; and those that are skipped, each with why."""

    chosen: Sequence[tuple[date, SessionPlan]]
    skipped: Sequence[tuple[SessionPlan, Skipped]] = field(default=())


def plan_term(season: Season, plan: TermPlan, *, by: Person, now: datetime, tells: bool = True) -> list[Rehearsal]:
    """Take the rooms' time for all rehearsals of a term, and keep in mind what was skipped. The members are told.

    The same plan sent again makes nothing. Raises SessionsClash with what is in the way, RuleBroken where nothing is
    left or a date lies outside the season.
    """
    ledger.line_up()
    lock(season)
    there = {each.starts_at: each for each in queries.rehearsals_of(season)}
    if made_before := _made_before(plan, there):
        return made_before
    _refuse_outside(season, [each for _on, each in plan.chosen])
    if not plan.chosen:
        raise RuleBroken(_l("Every date is skipped. Please keep at least one."))
    made = _take(season, [each for _on, each in plan.chosen], by=by, now=now)
    on_dates = {each.span.start: on for on, each in plan.chosen}
    rows = [_write(season, each, there, on=on_dates[each.starts_at], by=by, now=now) for each in made]
    for each, why in plan.skipped:
        if each.span.start not in there and each.room is not None:
            db.session.add(_row(season, each, by=by, now=now, skipped=why))
    db.session.flush()
    _let_people_come(season, by=by, now=now)
    if tells:
        messages.tell_planned(season, made, by=by, now=now)
    return rows


def add(
    season: Season,
    plan: SessionPlan,
    *,
    by: Person,
    now: datetime,
    makes_up_for: Rehearsal | None = None,
    tells: bool = True,
) -> Rehearsal:
    """One more rehearsal, perhaps making up for one that was skipped (补排). Twice is once. Raises SessionsClash."""
    ledger.line_up()
    lock(season)
    there = {each.starts_at: each for each in queries.rehearsals_of(season)}
    known = there.get(plan.span.start)
    if known is not None and known.takes_place:
        return known
    if makes_up_for is not None and makes_up_for.takes_place:
        raise RuleBroken(_l("That rehearsal takes place, so nothing makes up for it."), field="makes_up_for")
    _refuse_outside(season, [plan])
    [session] = _take(season, [plan], by=by, now=now)
    row = _write(season, session, there, on=local_date(plan.span.start), by=by, now=now)
    row.makes_up_for_id = makes_up_for.id if makes_up_for is not None and makes_up_for.id != row.id else None
    db.session.flush()
    _let_people_come(season, by=by, now=now)
    if tells:
        messages.tell_added(row, by=by, now=now)
    return row


def put_back(rehearsal: Rehearsal, *, by: Person, now: datetime, plan: SessionPlan | None = None) -> Rehearsal:
    """A skipped rehearsal takes place after all, as planned or elsewhere. Twice is once. Raises SessionsClash."""
    ledger.line_up()
    lock(rehearsal.season)
    lock(rehearsal)
    if rehearsal.takes_place:
        return rehearsal
    plan = plan or planned(rehearsal)
    _refuse_outside(rehearsal.season, [plan])
    [session] = _take(rehearsal.season, [plan], by=by, now=now)
    rehearsal.session_id, rehearsal.skipped = session.id, None
    db.session.flush()
    db.session.expire(rehearsal, ["session"])
    _let_people_come(rehearsal.season, by=by, now=now)
    messages.tell_added(rehearsal, by=by, now=now)
    return rehearsal


def skip(rehearsal: Rehearsal, *, reason: str, by: Person, now: datetime) -> None:
    """Skip one rehearsal: its room is free, and whoever comes is told, with the reason. Twice is once."""
    if rehearsal.session is None:
        return
    if not reason.strip():
        raise RuleBroken(_l("Please say why. The members read it."), field="reason")
    sessions.cancel_session(rehearsal.session, reason=reason.strip()[:200], by=by, now=now)


def move(rehearsal: Rehearsal, plan: SessionPlan, *, reason: str, by: Person, now: datetime) -> None:
    """Hold one rehearsal at another time or in another room; whoever comes is told. Raises SessionsClash."""
    if rehearsal.session is None:
        raise RuleBroken(_l("This rehearsal is skipped. Put it back instead."))
    _refuse_outside(rehearsal.season, [plan])
    sessions.move_session(rehearsal.session, plan, reason=reason.strip()[:200], by=by, now=now)


def planned(rehearsal: Rehearsal) -> SessionPlan:
    """Where and when a rehearsal was to be."""
    return SessionPlan(span=Span(rehearsal.starts_at, rehearsal.ends_at), room=rehearsal.room)


def clashes(
    season: Season, plans: Sequence[SessionPlan], *, by: Person, now: datetime, instead_of: Session | None = None
) -> list[Clash]:
    """What stands against such rehearsals as things are now; nothing is written."""
    return clashes_of(
        plans,
        expected=expected_of(season),
        organisation=season.troupe.organisation,
        by=by,
        now=now,
        beside=season.activity.sessions if season.activity else (),
        instead_of=instead_of,
    )


def expected_of(season: Season) -> int:
    """How many people the rooms of its rehearsals must hold."""
    return max(1, len(queries.coming_of(season)))


def _take(season: Season, plans: Sequence[SessionPlan], *, by: Person, now: datetime) -> list[Session]:
    lock(season.troupe, shared=True)
    refuse_ended(season.troupe)
    activity = _activity_of(season, by=by, now=now)
    return sessions.add_sessions(activity, plans, by=by, now=now)


def _activity_of(season: Season, *, by: Person, now: datetime) -> Activity:
    """The activity whose sessions the rehearsals are: one that is over is followed by another."""
    activity = season.activity
    if activity is not None and activity.state not in OVER:
        return activity
    made = activities.create(
        season.troupe.organisation, activity_words(season, expected=expected_of(season), by=by), by=by, now=now
    )
    season.activity_id = made.id
    db.session.flush()
    db.session.expire(season, ["activity"])
    return made


def _let_people_come(season: Season, *, by: Person, now: datetime) -> None:
    """Publish the rehearsals, or ask staff to where a room needs it; members then stand on the registers."""
    activity = season.activity
    assert activity is not None
    db.session.expire(activity, ["sessions"])
    if queries.roster_of(season) is None:
        on_register.make_places(season, activity, by=by)
    if activity.state in {ActivityState.DRAFT, ActivityState.RETURNED}:
        if activities.needs_agreement(activity):
            activities.submit(activity, by=by, now=now)
        else:
            activities.publish(activity, by=by, now=now, as_staff=True)
    on_register.bring_up_to_date(season, by=by, now=now)


def _write(
    season: Season, session: Session, there: Mapping[datetime, Rehearsal], *, on: date, by: Person, now: datetime
) -> Rehearsal:
    """The row of a rehearsal that has its session; one that was skipped before is the same one."""
    row = there.get(session.starts_at)
    if row is None:
        plan = SessionPlan(span=Span(session.starts_at, session.ends_at), room=session.room)
        row = _row(season, plan, by=by, now=now, session=session)
        db.session.add(row)
    row.on_date, row.session_id, row.skipped, row.session = on, session.id, None, session
    db.session.flush()
    return row


def _row(
    season: Season,
    plan: SessionPlan,
    *,
    by: Person,
    now: datetime,
    skipped: Skipped | None = None,
    session: Session | None = None,
) -> Rehearsal:
    assert plan.room is not None
    return Rehearsal(
        season_id=season.id,
        on_date=local_date(plan.span.start),
        starts_at=plan.span.start,
        ends_at=plan.span.end,
        room_id=plan.room.id,
        session_id=session.id if session else None,
        skipped=skipped,
        planned_by_id=by.id,
        planned_at=now,
    )


def _made_before(plan: TermPlan, there: Mapping[datetime, Rehearsal]) -> list[Rehearsal]:
    """What the same form made when it was sent before: every chosen date takes place already."""
    found = [there.get(each.span.start) for _on, each in plan.chosen]
    made = [each for each in found if each is not None and each.takes_place]
    return made if made and len(made) == len(found) else []


def _refuse_outside(season: Season, plans: Sequence[SessionPlan]) -> None:
    if any(_is_outside(season, each) for each in plans):
        raise _outside_season()
    if any(each.room is None for each in plans):
        raise RuleBroken(_l("Please choose a room."), field="room")


def _is_outside(season: Season, plan: SessionPlan) -> bool:
    return not season.starts_on <= local_date(plan.span.start) <= season.ends_on


def _outside_season() -> RuleBroken:
    return RuleBroken(_l("This day is not within the season."), field="date")


def _against_leaving_season(session: Session, plan: SessionPlan) -> Iterator[RuleBroken]:
    """A rehearsal stays within its season, whoever moves it: its troupe, staff, or a swap."""
    season = db.session.scalars(select(Season).where(Season.activity_id == session.activity_id)).one_or_none()
    if season is not None and _is_outside(season, plan):
        yield _outside_season()


also_against.append(_against_leaving_season)
