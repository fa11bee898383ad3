"""How one person stands at the sessions they have places at: what the desk may write down of them now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.activities.models import Session
from center.attendance.models import CAME, HERE, Attendance, AttendanceEvent, Outcome, Register, Status, Verb
from center.attendance.rules import Timing, timing
from center.kernel import undoing
from center.kernel.db import db


@dataclass(frozen=True, kw_only=True)
class AtSession:
    """Somebody at one session."""

    session: Session
    status: Status
    since: datetime | None  # since when they are here
    is_open: bool  # its register still takes what is said
    timing: Timing
    just_said: AttendanceEvent | None  # can still be undone

    @property
    def may_arrive(self) -> bool:
        """Whether the desk can check them in now."""
        return self.is_open and self.timing is Timing.NOW and self.status in {Status.EXPECTED, Status.ON_LEAVE}

    @property
    def may_be_on_leave(self) -> bool:
        """Whether it can be written down that they do not come."""
        return self.is_open and self.status is Status.EXPECTED

    @property
    def is_here(self) -> bool:
        """Whether they have come, and not left."""
        return self.status in HERE


def at_sessions(person_id: int, sessions: Sequence[Session], *, now: datetime) -> list[AtSession]:
    """How somebody stands at each of these sessions, in their order."""
    if not sessions:
        return []
    ids = sorted(each.id for each in sessions)
    theirs = Attendance.person_id == person_id, Attendance.session_id.in_(ids)
    rows = {each.session_id: each for each in db.session.scalars(select(Attendance).where(*theirs))}
    registers = {
        each.session_id: each for each in db.session.scalars(select(Register).where(Register.session_id.in_(ids)))
    }
    said = _just_said(person_id, ids, now=now)
    return [_at(each, rows.get(each.id), registers.get(each.id), said, now=now) for each in sessions]


def _at(
    session: Session,
    row: Attendance | None,
    register: Register | None,
    said: Mapping[int, AttendanceEvent],
    *,
    now: datetime,
) -> AtSession:
    return AtSession(
        session=session,
        status=row.status if row else Status.EXPECTED,
        since=row.arrived_at if row and row.status in CAME else None,
        is_open=session.is_scheduled and (register is None or register.is_open),
        timing=timing(session.starts_at, session.ends_at, at=now),
        just_said=said.get(session.id) if register is not None and register.is_open else None,
    )


def _just_said(person_id: int, session_ids: Sequence[int], *, now: datetime) -> dict[int, AttendanceEvent]:
    """By session, the last thing that was written down of somebody, if that can still be undone."""
    of = AttendanceEvent
    query = select(of).where(
        of.person_id == person_id,
        of.session_id.in_(session_ids),
        of.outcome == Outcome.ACCEPTED,
        of.recorded_at > now - undoing.UNDONE_WITHIN,
    )
    last = {each.session_id: each for each in db.session.scalars(query.order_by(of.id))}
    return {key: each for key, each in last.items() if each.verb is not Verb.UNDONE}
