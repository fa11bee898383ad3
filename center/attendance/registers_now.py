"""How the registers of an organisation stand: what is on, what was not taken, who is missing at this moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.attendance.models import Attendance, Register
from center.attendance.queries import HeadCount, head_counts, still_expected, takes_place
from center.attendance.rules import OPENS_BEFORE
from center.kernel.db import db
from center.people.models import Person
from center.rooms.models import Room

ASKED_FOR = timedelta(days=14)  # how long a register that nobody closed is asked for
MOST = 30


@dataclass(frozen=True, kw_only=True)
class RegisterNow:
    """One session and its register as it stands now."""

    session: Session
    register: Register | None
    count: HeadCount
    walk_ins: int
    missing: Sequence[Person]  # expected and not here, once it has begun and until it is over

    @property
    def is_closed(self) -> bool:
        """Whether it was signed."""
        return self.register is not None and not self.register.is_open


def registers_now(organisation_id: int, *, now: datetime) -> list[RegisterNow]:
    """What is on or about to begin, then what is over and was not signed, the latest first."""
    sessions = _sessions(organisation_id, now)
    registers, counts = registers_of(sessions), head_counts(sessions)
    walk_ins = _walk_ins([each.id for each in sessions])
    return [
        RegisterNow(
            session=each,
            register=registers.get(each.id),
            count=counts[each.id],
            walk_ins=walk_ins.get(each.id, 0),
            missing=missing_at(each, now=now),
        )
        for each in sessions
    ]


def missing_at(session: Session, *, now: datetime) -> list[Person]:
    """Who is expected and not here while a session is on, by name."""
    if not session.starts_at <= now < session.ends_at:
        return []
    return [each.person for each in still_expected(session)]


def registers_of(sessions: Sequence[Session]) -> dict[int, Register]:
    """The registers of these sessions that were opened, by the session's id."""
    query = select(Register).where(Register.session_id.in_([each.id for each in sessions]))
    return {each.session_id: each for each in db.session.scalars(query.order_by(Register.session_id))}


def _sessions(organisation_id: int, now: datetime) -> Sequence[Session]:
    signed = select(Register.session_id).where(Register.closed_at.is_not(None), Register.session_id == Session.id)
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Activity.organisation_id == organisation_id,
            Session.starts_at <= now + OPENS_BEFORE,
            Session.ends_at > now - ASKED_FOR,
            or_(Session.ends_at > now, ~signed.exists()),
            *takes_place(),
            ~Activity.is_confined,
        )
        .options(joinedload(Session.activity), joinedload(Session.room).joinedload(Room.parent))
    )
    return db.session.scalars(query.order_by(Session.starts_at.desc(), Session.id).limit(MOST)).all()


def _walk_ins(session_ids: Sequence[int]) -> dict[int, int]:
    query = select(Attendance.session_id, func.count()).where(
        Attendance.session_id.in_(session_ids), Attendance.is_walk_in
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Attendance.session_id))}
