"""Ordered reads of rosters, pools and sign-ups."""

from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal_column, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Activity, Session, SessionState
from center.kernel.db import db, must_find
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.people import households
from center.people.models import Building, Person
from center.rooms.models import Room
from center.signups.models import (
    LIVE,
    Answer,
    Audience,
    Mode,
    Pool,
    PoolKind,
    Question,
    Roster,
    SignUp,
    SignUpGroup,
    SignUpState,
)
from center.signups.models.lottery import Draw
from center.signups.roster_state import RosterState, who_of_row
from center.signups.rules import Who


@dataclass(frozen=True)
class Counts:
    """How many places a roster has in all, and how many wait, for those who run it. Companion seats are not counted."""

    capacity: int
    taken: int
    waiting: int


def get_roster(roster_id: int) -> Roster:
    """The roster with this id, with its activity; raises NotFound."""
    roster = db.session.scalar(select(Roster).where(Roster.id == roster_id).options(joinedload(Roster.activity)))
    if roster is None or roster.removed_at is not None:
        raise NotFound(_l("There is no such roster."))
    return roster


def get_roster_of(activity: Activity, roster_id: int) -> Roster:
    """The roster of this activity with this id; raises NotFound."""
    roster = db.session.scalar(_roster_of(), {"id": roster_id, "activity_id": activity.id})
    if roster is None or roster.removed_at is not None:
        raise NotFound(_l("There is no such roster."))
    return roster


@cache
def _roster_of() -> Select[Roster]:
    """Made once, since every sign-up asks it."""
    return select(Roster).where(Roster.id == bindparam("id"), Roster.activity_id == bindparam("activity_id"))


def get_sign_up(reference: str) -> SignUp:
    """The sign-up with this reference, with everything its page shows; raises NotFound."""
    query = select(SignUp).where(SignUp.reference == reference.upper()).options(*whole_sign_up())
    return must_find(db.session.scalar(query), _l("There is no sign-up with this reference."))


def counts_of(roster_ids: Collection[int]) -> dict[int, Counts]:
    """How many places each of these rosters has, by id, in two queries however many there are."""
    pools = (
        select(Pool.roster_id, func.sum(Pool.capacity).label("capacity"), func.sum(Pool.taken).label("taken"))
        .where(Pool.roster_id.in_(sorted(roster_ids)), Pool.kind != PoolKind.COMPANION)
        .group_by(Pool.roster_id)
    )
    queue = count_on(roster_ids, SignUpState.WAITING)
    return {
        row.roster_id: Counts(row.capacity, row.taken, queue.get(row.roster_id, 0)) for row in db.session.execute(pools)
    }


def count_on(roster_ids: Collection[int], state: SignUpState) -> dict[int, int]:
    """How many sign-ups of a state each of these rosters has, by id; those that have any."""
    if not roster_ids:
        return {}
    query = select(SignUp.roster_id, func.count()).where(
        SignUp.roster_id.in_(sorted(roster_ids)), SignUp.state == state
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(SignUp.roster_id))}


def with_desk_places(roster_ids: Collection[int]) -> set[int]:
    """Which of these rosters have a place left that is kept for the desk and the phone."""
    kept = Pool.roster_id.in_(sorted(roster_ids)), Pool.kind == PoolKind.DESK, Pool.taken < Pool.capacity
    return set(db.session.scalars(select(Pool.roster_id).where(*kept)))


def asking_rosters(roster_ids: Collection[int]) -> set[int]:
    """Which of these rosters ask for more than who comes."""
    kinds = (PoolKind.WHEELCHAIR, PoolKind.COMPANION, PoolKind.NAMED)
    seats = select(Pool.id).where(Pool.roster_id == Roster.id, Pool.kind.in_(kinds)).exists()
    asks = select(Question.id).where(Question.roster_id == Roster.id, Question.retired_at.is_(None)).exists()
    drives = and_(Activity.has_pick_up, Roster.audience == Audience.PARTICIPANTS)
    query = select(Roster.id).join(Roster.activity).where(Roster.id.in_(sorted(roster_ids)))
    return set(db.session.scalars(query.where(or_(seats, asks, drives, Roster.access_need_only))))


def rosters_of_sessions(sessions: Collection[Session]) -> dict[int, Roster]:
    """The roster for participants of each session, by the session's id: its own, or its whole activity's."""
    activity_ids = sorted({session.activity_id for session in sessions})
    query = select(Roster).where(Roster.activity_id.in_(activity_ids), Roster.audience == Audience.PARTICIPANTS)
    found = db.session.scalars(query.options(selectinload(Roster.questions)).order_by(Roster.id)).all()
    own = {roster.session_id: roster for roster in found if roster.session_id is not None}
    whole = {roster.activity_id: roster for roster in found if roster.session_id is None}
    chosen = ((session.id, own.get(session.id) or whole.get(session.activity_id)) for session in sessions)
    return {session_id: roster for session_id, roster in chosen if roster is not None}


def is_date_of_roster(session: Any = Session) -> ColumnElement[bool]:
    """In a query of rosters: whether a session, an alias of them or one of them, is among a roster's dates."""
    is_of_it = or_(Roster.session_id.is_(None), Roster.session_id == session.id)
    return and_(Roster.activity_id == session.activity_id, is_of_it)


def rosters_with(activity: Activity, session: Session | None = None) -> Sequence[Roster]:
    """Those of an activity, or of one of its sessions, in the order of their ids, in which they are held."""
    which = is_date_of_roster(session) if session is not None else Roster.activity_id == activity.id
    return db.session.scalars(select(Roster).where(which).order_by(Roster.id)).all()


def references_of(roster: Roster, person_ids: Collection[int]) -> set[str]:
    """The numbers of these people's sign-ups on a roster, whatever became of them."""
    query = select(SignUp.reference).where(SignUp.roster_id == roster.id, SignUp.person_id.in_(sorted(person_ids)))
    return set(db.session.scalars(query))


def live_sign_ups(roster_ids: Collection[int], person_ids: Collection[int]) -> Sequence[SignUp]:
    """These people's sign-ups on these rosters that still count, one of each on each at most."""
    asked = {"roster_ids": sorted(roster_ids), "person_ids": sorted(person_ids)}
    return db.session.scalars(_live_sign_ups(), asked).all()


@cache
def _live_sign_ups() -> Select[SignUp]:
    """Made once, since every page of an activity and every sign-up asks it."""
    are_on = SignUp.roster_id.in_(bindparam("roster_ids", expanding=True))
    are_theirs = SignUp.person_id.in_(bindparam("person_ids", expanding=True))
    query = select(SignUp).where(are_on, are_theirs, SignUp.state.in_(LIVE))
    return query.options(joinedload(SignUp.person)).order_by(SignUp.id)


def in_order(roster_id: Any, *states: SignUpState, which: Sequence[ColumnElement[bool]] = ()) -> Select[SignUp]:
    """Those on a roster in these states, in the order of the queue, read anew; its id may be filled in later."""
    return (
        select(SignUp)
        .where(SignUp.roster_id == roster_id, SignUp.state.in_(states), *which)
        .order_by(SignUp.queue_order, SignUp.id)
        .execution_options(populate_existing=True)
    )


def on_roster(roster: Roster, *states: SignUpState) -> Sequence[SignUp]:
    """The same, all of them."""
    return db.session.scalars(in_order(roster.id, *states)).all()


def who_all_wait(roster_state: RosterState, *, now: datetime) -> Generator[tuple[Who, int | None], None, None]:
    """Everybody in the queue, in order, as far as it decides which pools they may have; read as asked.

    With each the id of the group that they stay together with; None for whoever comes alone.
    """
    query = (
        select(Person.birth_year, Building.id.label("building_id"), Building.grid_id)
        .add_columns(SignUp.uses_wheelchair, SignUp.wants_companion, SignUp.channel)
        .add_columns(case((SignUpGroup.stays_together, SignUp.group_id)).label("together"))
        .select_from(SignUp)
        .join(SignUp.group)
        .join(SignUp.person)
        .outerjoin(Building, households.is_building_of())
        .where(SignUp.roster_id == roster_state.roster.id, SignUp.state == SignUpState.WAITING)
        .order_by(SignUp.queue_order, SignUp.id)
    )
    year = roster_state.year(now)
    rows = db.session.execute(query.execution_options(yield_per=50))
    try:
        for row in rows:
            yield who_of_row(row, year), row.together
    finally:
        rows.close()


def place_in_queue(sign_up: SignUp) -> int | None:
    """Which place somebody has in the queue, from 1; None where they do not wait."""
    if sign_up.state is not SignUpState.WAITING:
        return None
    asked = {"roster_id": sign_up.roster_id, "queue_order": sign_up.queue_order, "id": sign_up.id}
    return 1 + db.session.connection().execute(_before_in_queue(), asked).scalar_one()


@cache
def _before_in_queue() -> Select[int]:
    """Made once, since in a rush whoever waits is told it. Two counts, so that each is read from an index alone."""
    queue = SignUp.roster_id == bindparam("roster_id"), SignUp.state == SignUpState.WAITING
    earlier = select(func.count()).where(*queue, SignUp.queue_order < bindparam("queue_order"))
    beside = select(func.count()).where(
        *queue, SignUp.queue_order == bindparam("queue_order"), SignUp.id < bindparam("id")
    )
    return select(earlier.scalar_subquery() + beside.scalar_subquery())


def find_draw(roster: Roster) -> Draw | None:
    """The lottery of a roster, drawn or not, read anew; None where there never was one."""
    query = select(Draw).where(Draw.roster_id == roster.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def is_drawn(roster: Roster) -> bool:
    """Whether a roster's places were drawn."""
    made = find_draw(roster)
    return made is not None and made.is_drawn


def awaits_draw(roster: Roster) -> bool:
    """Whether places are still to be drawn, so that nobody may have one yet."""
    return roster.mode is Mode.LOTTERY and not is_drawn(roster)


def sign_ups_of(
    person_ids: Collection[int], *, now: datetime, limit: int = 100, with_confined: bool = False
) -> Sequence[SignUp]:
    """What these people are signed up for and is not over, the one that starts first first.

    What is of a confined activity only `with_confined`: for them and those who answer for them.
    """
    next_start = (
        select(func.min(Session.starts_at))
        .where(
            is_date_of_roster(),
            Session.state == SessionState.SCHEDULED,
            Session.ends_at > now,
        )
        .correlate(Roster)
        .scalar_subquery()
    )
    query = (
        select(SignUp)
        .join(SignUp.roster)
        .where(SignUp.person_id.in_(sorted(person_ids)), SignUp.state.in_(LIVE), next_start.is_not(None))
        .options(*whole_sign_up())
        .order_by(next_start, SignUp.id)
        .limit(limit)
    )
    return db.session.scalars(query if with_confined else query.where(is_open_to_staff())).all()


def is_open_to_staff() -> ColumnElement[bool]:
    """Of a sign-up in a query: whether its activity's lists may be shown, which those of a confined one may not."""
    confined = select(Activity.id).where(Activity.is_confined)
    return SignUp.roster_id.not_in(select(Roster.id).where(Roster.activity_id.in_(confined)))


_OFFERED: ColumnElement[SignUpState] = literal_column(f"'{SignUpState.OFFERED}'", SignUp.state.type)


def offers_to(person_ids: Collection[int], *, now: datetime) -> Sequence[SignUp]:
    """Places that are offered to these people and can still be taken, the one that runs out first first."""
    query = select(SignUp).where(SignUp.person_id.in_(sorted(person_ids)), is_offered_at(now))
    return db.session.scalars(query.options(*whole_sign_up()).order_by(SignUp.offer_expires_at, SignUp.id)).all()


def is_offered_at(now: datetime) -> ColumnElement[bool]:
    """Of a sign-up in a query: whether a place is offered and can still be taken.

    The state is written out, as in the index of offers: SQLite plans a statement anew each time if it hangs on a value.
    """
    return and_(SignUp.state == _OFFERED, SignUp.offer_expires_at > now)


def whole_sign_up() -> tuple[_AbstractLoad, ...]:
    roster = joinedload(SignUp.roster)
    activity = roster.joinedload(Roster.activity)
    room = joinedload(Session.room).selectinload(Room.parent)
    return (
        joinedload(SignUp.person).joinedload(Person.building),
        joinedload(SignUp.signed_by),
        joinedload(SignUp.group),
        joinedload(SignUp.pool),
        selectinload(SignUp.answers).joinedload(Answer.question),
        activity.joinedload(Activity.organisation),
        activity.joinedload(Activity.kind),
        activity.selectinload(Activity.sessions).options(room),
        roster.joinedload(Roster.session).options(room),
    )
