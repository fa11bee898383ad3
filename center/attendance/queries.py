"""Ordered reads of registers: who is expected, who is here, what waits for a decision."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import NOT_CANCELLED, Activity, ActivityState, Session
from center.attendance.models import (
    HERE,
    Admission,
    Amendment,
    Attendance,
    AttendanceEvent,
    Outcome,
    Register,
    Status,
    Verb,
)
from center.attendance.models.undecided import UndecidedEvent
from center.attendance.scan_reads import places_of
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.models import Room
from center.signups.attendee_lists.queries import coming_to, count_held
from center.signups.models import SignUp
from center.signups.public.filters import LONGEST_SESSION


@dataclass(frozen=True)
class RegisterLine:
    """One person in a register, with what whoever takes it may do about them."""

    person: Person
    status: Status
    sign_up: SignUp | None = None
    row: Attendance | None = None
    admission: Admission | None = None

    @property
    def is_here(self) -> bool:
        """Whether they have come and not left."""
        return self.status in HERE

    @property
    def is_walk_in(self) -> bool:
        """Whether they came without having been expected."""
        return self.row is not None and self.row.is_walk_in


@dataclass(frozen=True)
class HeadCount:
    """How many people a session has: who has a place, who is here (arrived and not left), and the others."""

    expected: int = 0  # with a place, whatever was said of them
    here: int = 0
    left: int = 0
    on_leave: int = 0
    absent: int = 0

    @property
    def came(self) -> int:
        """How many have come, whether they left or not."""
        return self.here + self.left


def find_register(session_id: int) -> Register | None:
    """The register of a session, if it was opened."""
    query = select(Register).where(Register.session_id == session_id)
    return db.session.scalar(query.options(joinedload(Register.closed_by)))


def roll_of(session: Session) -> list[RegisterLine]:
    """Everybody in a register, by name: those with a place, and those who were let in.

    Once it is closed, whoever stood in it then, whatever became of their sign-ups since. Nobody of a confined activity:
    its programme reads them for itself.
    """
    if session.activity.is_confined:
        return []
    rows = {each.person_id: each for each in rows_of(session)}
    admissions = {each.person_id: each for each in admissions_of(session)}
    register = find_register(session.id)
    lines = [
        RegisterLine(each.person, each.status, each.sign_up, each, admissions.get(each.person_id))
        for each in rows.values()
    ]
    if register is None or register.is_open:
        coming = [each for each in coming_to(session) if each.person_id not in rows]
        lines += [RegisterLine(each.person, Status.EXPECTED, each) for each in coming]
    return sorted(lines, key=lambda each: (each.person.sort_key, each.person.name, each.person.id))


def rows_of(session: Session) -> Sequence[Attendance]:
    """What the register of a session says, by name."""
    query = (
        select(Attendance)
        .join(Attendance.person)
        .where(Attendance.session_id == session.id)
        .options(joinedload(Attendance.person).joinedload(Person.building))
        .options(joinedload(Attendance.sign_up).selectinload(SignUp.answers))
    )
    return db.session.scalars(query.order_by(Person.sort_key, Person.name, Person.id)).all()


def admissions_of(session: Session) -> Sequence[Admission]:
    """Who was let in without a place, in the order in which they were."""
    query = select(Admission).where(Admission.session_id == session.id).options(joinedload(Admission.by))
    return db.session.scalars(query.order_by(Admission.id)).all()


def amendments_of(session: Session) -> Sequence[Amendment]:
    """What was put right in a register, the latest first."""
    query = select(Amendment).where(Amendment.session_id == session.id)
    query = query.options(joinedload(Amendment.by), joinedload(Amendment.person))
    return db.session.scalars(query.order_by(Amendment.id.desc())).all()


def admission_of(session: Session, person_id: int) -> Admission | None:
    """That somebody was let in to a session without a place; the latest."""
    query = select(Admission).where(Admission.session_id == session.id, Admission.person_id == person_id)
    return db.session.scalars(query.order_by(Admission.id.desc()).limit(1)).first()


def sign_up_at(session: Session, person_id: int) -> SignUp | None:
    """The sign-up by which somebody has a place at a session now."""
    return places_of(session, [person_id]).get(person_id)


def still_expected(session: Session) -> list[SignUp]:
    """Who has a place at a session and of whom nothing was said, by name; nobody of a confined activity."""
    if session.activity.is_confined:
        return []
    said = {each.person_id for each in rows_of(session) if each.status is not Status.EXPECTED}
    return [each for each in coming_to(session) if each.person_id not in said]


def head_counts(sessions: Collection[Session]) -> dict[int, HeadCount]:
    """How many are expected, here and gone at each of these sessions, by its id, in two queries however many."""
    if not sessions:
        return {}
    ids = sorted(each.id for each in sessions)
    expected = count_held(sessions)
    query = select(Attendance.session_id, Attendance.status, func.count())
    query = query.where(Attendance.session_id.in_(ids)).group_by(Attendance.session_id, Attendance.status)
    counted: dict[tuple[int, Status], int] = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    return {each: _head_count(expected.get(each, 0), each, counted) for each in ids}


def here_now(sessions: Collection[Session]) -> Sequence[Attendance]:
    """Who is at these sessions at this moment, by session and name; nobody of a confined activity."""
    query = (
        select(Attendance)
        .join(Attendance.person)
        .where(
            Attendance.session_id.in_(sorted(each.id for each in sessions if not each.activity.is_confined)),
            Attendance.status.in_(HERE),
        )
        .options(joinedload(Attendance.person), joinedload(Attendance.sign_up))
    )
    return db.session.scalars(query.order_by(Attendance.session_id, Person.sort_key, Person.id)).all()


def running(*, since: datetime, until: datetime) -> Sequence[Session]:
    """The sessions of public activities that overlap this time, in order, with what a list shows of them."""
    overlap = Session.starts_at < until, Session.ends_at > since, Session.starts_at > since - LONGEST_SESSION
    query = (
        select(Session)
        .join(Session.activity)
        .where(*overlap, *takes_place())
        .options(
            joinedload(Session.room).joinedload(Room.parent),
            joinedload(Session.activity).joinedload(Activity.organisation),
        )
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()


def without_register(*, since: datetime, now: datetime) -> Sequence[Session]:
    """Sessions that ended since then and of which no register was closed, the oldest first."""
    query = (
        select(Session)
        .join(Session.activity)
        .where(*_is_unclosed(since, now))
        .options(
            joinedload(Session.room).joinedload(Room.parent),
            joinedload(Session.activity).joinedload(Activity.organisation),
        )
    )
    return db.session.scalars(query.order_by(Session.ends_at, Session.id)).all()


def count_without_register(*, since: datetime, now: datetime) -> int:
    """How many of them there are."""
    query = select(func.count()).select_from(Session).join(Session.activity).where(*_is_unclosed(since, now))
    return db.session.scalar(query) or 0


def to_review(session_ids: Collection[int] | None = None, *, limit: int = 200) -> Sequence[AttendanceEvent]:
    """What came in and could not be taken as it was, and of which nobody has decided yet, the oldest first."""
    query = select(AttendanceEvent).join(UndecidedEvent, UndecidedEvent.event_id == AttendanceEvent.id)
    if session_ids is not None:
        query = query.where(UndecidedEvent.session_id.in_(sorted(session_ids)))
    return db.session.scalars(query.options(*_whole_event()).order_by(UndecidedEvent.event_id).limit(limit)).all()


def count_to_review() -> int:
    """How many of them there are."""
    return db.session.scalar(select(func.count()).select_from(UndecidedEvent)) or 0


def get_event(session: Session, event_id: int) -> AttendanceEvent:
    """An event of this session; raises NotFound."""
    return _event(AttendanceEvent.id == event_id, AttendanceEvent.session_id == session.id)


def get_any_event(event_id: int) -> AttendanceEvent:
    """An event of any session; raises NotFound."""
    return _event(AttendanceEvent.id == event_id)


def events_of(session: Session, *, limit: int = 500) -> Sequence[AttendanceEvent]:
    """What was said at a session, the latest first."""
    query = select(AttendanceEvent).where(AttendanceEvent.session_id == session.id).options(*_whole_event())
    return db.session.scalars(query.order_by(AttendanceEvent.id.desc()).limit(limit)).all()


def last_said(session: Session, *, since: datetime) -> dict[int, AttendanceEvent]:
    """The latest event of each person that can still be taken back, by the person's id."""
    of = AttendanceEvent
    undone = select(of.undoes_id).where(of.undoes_id.is_not(None), of.session_id == session.id)
    query = select(of).where(
        of.session_id == session.id,
        of.outcome == Outcome.ACCEPTED,
        of.verb != Verb.UNDONE,
        of.recorded_at > since,
        of.id.not_in(undone),
    )
    return {each.person_id: each for each in db.session.scalars(query.order_by(of.id)) if each.person_id}


def _event(*which: ColumnElement[bool]) -> AttendanceEvent:
    query = select(AttendanceEvent).where(*which).options(*_whole_event())
    return must_find(db.session.scalar(query), _l("There is no such entry."))


def _is_unclosed(since: datetime, now: datetime) -> tuple[ColumnElement[bool], ...]:
    closed = select(Register.session_id).where(Register.closed_at.is_not(None), Register.session_id == Session.id)
    return Session.ends_at > since, Session.ends_at <= now, *takes_place(), ~closed.exists(), ~Activity.is_confined


def takes_place() -> tuple[ColumnElement[bool], ...]:
    """Sessions of public activities that were not called off."""
    held = ActivityState.PUBLISHED, ActivityState.HELD
    return Session.state.in_(NOT_CANCELLED), Activity.state.in_(held)


def _head_count(expected: int, session_id: int, counted: Mapping[tuple[int, Status], int]) -> HeadCount:
    def of(*statuses: Status) -> int:
        return sum(counted.get((session_id, status), 0) for status in statuses)

    return HeadCount(expected, of(*HERE), of(Status.LEFT), of(Status.ON_LEAVE), of(Status.ABSENT))


def _whole_event() -> tuple[_AbstractLoad, ...]:
    of = AttendanceEvent
    session = joinedload(of.session)
    return (
        joinedload(of.person),
        joinedload(of.by),
        joinedload(of.device),
        joinedload(of.review),
        session.joinedload(Session.activity).joinedload(Activity.organisation),
        session.joinedload(Session.room),
    )
