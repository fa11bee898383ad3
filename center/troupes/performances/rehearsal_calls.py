"""Which pieces are rehearsed when before a performance, so that only those come whom they need. Never commits."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.kernel.db import change_rows, db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.performances import queries
from center.troupes.performances.holding import hold
from center.troupes.performances.models import AHEAD, Performance, Programme, RehearsalPiece
from center.troupes.performances.rearranging import Move, from_text, rearranged
from center.troupes.performances.rehearsing import LEAST, Piece, Plan, laid, minutes_for, plan

MOST = 12  # rehearsals that a plan is spread over


def rehearsals_before(performance: Performance, *, now: datetime) -> Sequence[Session]:
    """The rehearsals of its season still ahead and before it, the last dozen, in order."""
    if performance.season is None or performance.season.activity_id is None:
        return []
    query = (
        select(Session)
        .where(
            Session.activity_id == performance.season.activity_id,
            Session.state == SessionState.SCHEDULED,
            Session.starts_at > now,
            Session.ends_at <= performance.session.starts_at,
        )
        .options(joinedload(Session.room), joinedload(Session.activity))
    )
    found = db.session.scalars(query.order_by(Session.starts_at.desc(), Session.id).limit(MOST)).all()
    return list(reversed(found))


def propose(programme: Programme, sessions: Sequence[Session]) -> Plan:
    """How the pieces of a programme would best be spread over rehearsals."""
    return plan(list(pieces_of(programme).values()), {each.id: _minutes(each) for each in sessions})


def write_plan(performance: Performance, proposed: Plan) -> None:
    """Write a plan down in place of the one there was. Raises Conflict for what is over."""
    hold(performance)
    if performance.state not in AHEAD:
        raise Conflict(_l("This performance is over or called off."))
    if not any(each.slots for each in proposed.rehearsals):
        raise RuleBroken(_l("There is nothing to rehearse yet, or no rehearsal before the performance."))
    change_rows(delete(RehearsalPiece).where(RehearsalPiece.performance_id == performance.id))
    for rehearsal in proposed.rehearsals:
        for n, slot in enumerate(rehearsal.slots, start=1):
            row = RehearsalPiece(
                performance_id=performance.id,
                troupe_id=performance.troupe_id,
                session_id=rehearsal.session_id,
                piece_id=slot.piece.item_id,
                position=n,
                minutes=slot.piece.minutes,
            )
            db.session.add(row)
    db.session.flush()


def rearrange(performance: Performance, move: Move, piece_id: int, session_id: int, *, now: datetime) -> Plan:
    """Move one piece of the plan, the one that is written down or else that is proposed; the plan as it was before.

    Raises Conflict where it has changed meanwhile or the performance is over, RuleBroken where there is no time.
    """
    hold(performance)
    before = plan_for(performance, now=now)
    write_plan(performance, rearranged(before, move, piece_id, session_id))
    return before


def restore(performance: Performance, text: str, *, now: datetime) -> None:
    """Write down again what the plan was before. Raises Conflict where that cannot be any more."""
    hold(performance)
    before = from_text(text, plan_for(performance, now=now))
    if before is None:
        raise Conflict(_l("The plan has changed meanwhile. Please look at it again."))
    write_plan(performance, before)


def plan_for(performance: Performance, *, now: datetime) -> Plan:
    """The plan that is written down; where there is none, the one that is proposed."""
    programme, sessions = queries.newest_of(performance.id), rehearsals_before(performance, now=now)
    found = kept(performance, programme, sessions)
    return found if any(each.slots for each in found.rehearsals) else propose(programme, sessions)


def kept(performance: Performance, programme: Programme, sessions: Sequence[Session]) -> Plan:
    """The plan that was written down, with the people who are in the pieces now."""
    known = pieces_of(programme)
    query = select(RehearsalPiece).where(RehearsalPiece.performance_id == performance.id)
    held: dict[int, list[Piece]] = {each.id: [] for each in sessions}
    for row in db.session.scalars(query.order_by(RehearsalPiece.session_id, RehearsalPiece.position)):
        if row.session_id in held and row.piece_id in known:
            held[row.session_id].append(Piece(row.piece_id, row.minutes, known[row.piece_id].members))
    rehearsals = tuple(laid(held[each.id], each.id, _minutes(each)) for each in sessions)
    placed = {piece.item_id for pieces in held.values() for piece in pieces}
    return Plan(rehearsals, tuple(each for piece_id, each in known.items() if piece_id not in placed))


def pieces_of(programme: Programme) -> Mapping[int, Piece]:
    """What is to be rehearsed of a programme, by the pieces' ids: stand-ins rehearse, too."""
    return {
        each.piece_id: Piece(
            each.piece_id, minutes_for(each.seconds), frozenset(who.member_id for who in each.performers)
        )
        for each in programme.items
        if each.piece_id is not None
    }


def calls_of(found: Plan, sessions: Sequence[Session], member_id: int) -> list[tuple[Session, datetime, datetime]]:
    """When one member is needed at which rehearsal."""
    calls, by_id = found.calls_of(member_id), {each.id: each for each in sessions}
    return [
        (
            by_id[session_id],
            by_id[session_id].starts_at + timedelta(minutes=begins),
            by_id[session_id].starts_at + timedelta(minutes=ends),
        )
        for session_id, (begins, ends) in calls.items()
    ]


def _minutes(session: Session) -> int:
    return max(int((session.ends_at - session.starts_at).total_seconds() // 60), LEAST)
