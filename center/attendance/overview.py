"""Registers of many sessions at once: how many are here, which were never closed, and who is in the house."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.attendance.models import HERE, Attendance, Register
from center.attendance.queries import head_counts, here_now, running, without_register
from center.attendance.rules import OPENS_BEFORE, TAKES_UNTIL
from center.kernel.db import db
from center.rooms.models import Room
from center.signups.attendee_lists.queries import count_held
from center.signups.public.filters import LONGEST_SESSION

NAGS_FOR = timedelta(days=14)  # so long after its end a session is listed whose register nobody closed


@dataclass(frozen=True)
class Unclosed:
    """A session that is over and whose register was never closed: `register` is None where it was not even opened."""

    session: Session
    register: Register | None
    expected: int
    here: int


@dataclass(frozen=True)
class InTheHouse:
    """Who is at a session in one of the centre's rooms now; `expected` is how many have a place at it."""

    session: Session
    here: Sequence[Attendance]
    expected: int
    is_over: bool

    @property
    def is_unknown(self) -> bool:
        """Whether it is on and nobody was written down, so that nobody knows who is there."""
        return not self.here


def count_here(session_ids: Collection[int]) -> dict[int, int]:
    """How many people are at each of these sessions now, by its id; those with nobody are left out."""
    query = select(Attendance.session_id, func.count()).where(
        Attendance.session_id.in_(sorted(session_ids)), Attendance.status.in_(HERE)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Attendance.session_id))}


def unclosed(*, now: datetime) -> list[Unclosed]:
    """The sessions of the last days whose register nobody closed, the oldest first."""
    sessions = without_register(since=now - NAGS_FOR, now=now)
    if not sessions:
        return []
    registers = select(Register).where(Register.session_id.in_(sorted(each.id for each in sessions)))
    by_session = {each.session_id: each for each in db.session.scalars(registers)}
    counts = head_counts(sessions)
    return [
        Unclosed(each, by_session.get(each.id), counts[each.id].expected, counts[each.id].here) for each in sessions
    ]


def in_the_house(*, now: datetime) -> list[InTheHouse]:
    """Who is at each session in the house: those that are on, soon begin, or are over and were not left by all.

    Nobody leaves a list by the clock alone: whoever was not said to have left is still in the house until somebody has
    closed the register of what is over.
    """
    since, until = now - TAKES_UNTIL, now + OPENS_BEFORE
    sessions = [*running(since=since, until=until), *_called_off(since=since, until=until)]
    sessions = [each for each in sessions if each.room_id is not None]
    rows: dict[int, list[Attendance]] = {}
    for row in here_now(sessions):
        rows.setdefault(row.session_id, []).append(row)
    expected = count_held(sessions)
    found = [
        InTheHouse(each, rows.get(each.id, []), expected.get(each.id, 0), is_over=each.ends_at <= now)
        for each in sessions
    ]
    signed = _closed_among(each.session.id for each in found if each.is_over or not each.session.is_scheduled)
    return [
        each
        for each in found
        if each.session.id not in signed and (each.here or each.session.starts_at <= now < each.session.ends_at)
    ]


def _called_off(*, since: datetime, until: datetime) -> Sequence[Session]:
    """The sessions of this time that were cancelled once people had come: they may be in the house still."""
    here = exists().where(Attendance.session_id == Session.id, Attendance.status.in_(HERE))
    overlap = Session.starts_at < until, Session.ends_at > since, Session.starts_at > since - LONGEST_SESSION
    query = select(Session).where(Session.state == SessionState.CANCELLED, *overlap, here)
    whole = query.options(joinedload(Session.room).joinedload(Room.parent), joinedload(Session.activity))
    return db.session.scalars(whole.order_by(Session.starts_at, Session.id)).all()


def _closed_among(session_ids: Iterable[int]) -> set[int]:
    """Those of these sessions whose register somebody has closed."""
    query = select(Register.session_id).where(
        Register.session_id.in_(sorted(session_ids)), Register.closed_at.is_not(None)
    )
    return set(db.session.scalars(query))
