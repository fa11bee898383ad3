"""Ordered reads of volunteers' shifts."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from center.activities.models import Activity, Session
from center.attendance.hours.rules import FORGOTTEN_AFTER, is_long
from center.attendance.models.hours import COUNTING, Shift, ShiftState
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.people.models import Person
from center.signups.attendee_lists.queries import coming_to
from center.signups.models import Audience

KEPT = tuple(state for state in ShiftState if state not in {ShiftState.REPLACED, ShiftState.UNDONE})
MOST = 400  # of what waits for one organisation

Day = tuple[int, date]  # whose, and which


def volunteers_of(session: Session) -> list[Person]:
    """Who helps at a session: whoever has, or had while it took place, a place among its volunteers; by name."""
    return [each.person for each in coming_to(session, audience=Audience.VOLUNTEERS)]


def shifts_at(session: Session) -> Sequence[Shift]:
    """The shifts at a session that still say something, by person, the latest last."""
    query = _whole().where(Shift.session_id == session.id, Shift.state.in_(KEPT))
    return db.session.scalars(query.order_by(Shift.person_id, Shift.in_at, Shift.id)).all()


def get_shift(shift_id: int) -> Shift:
    """A shift with its session and person; raises NotFound."""
    return must_find(db.session.scalar(_whole().where(Shift.id == shift_id)), _l("There are no such hours."))


def shifts_among(ids: Collection[int], organisation_id: int) -> Sequence[Shift]:
    """Those of these shifts that are an organisation's, by whose they are."""
    query = _whole().where(Shift.id.in_(sorted(ids)), Activity.organisation_id == organisation_id)
    return db.session.scalars(query.order_by(Shift.person_id, Shift.in_at, Shift.id)).all()


def open_shift_of(person_id: int) -> Shift | None:
    """The one at which somebody is signed in, if they are."""
    return db.session.scalar(_whole().where(Shift.person_id == person_id, Shift.state == ShiftState.OPEN))


def overlapping(person_id: int, in_at: datetime, out_at: datetime, *, but: int | None = None) -> Shift | None:
    """Another shift of somebody's at that time."""
    query = _whole().where(
        Shift.person_id == person_id,
        Shift.state.in_(COUNTING),
        Shift.id != (but or 0),
        Shift.in_at < out_at,
        func.coalesce(Shift.out_at, Session.ends_at) > in_at,
    )
    return db.session.scalars(query.order_by(Shift.in_at, Shift.id).limit(1)).first()


def waiting_for(organisation_id: int, *, now: datetime) -> Sequence[Shift]:
    """What waits for those who run an organisation, the oldest first: forgotten ends, and what is not certified."""
    query = _whole().where(Activity.organisation_id == organisation_id, _waits(now))
    return db.session.scalars(query.order_by(Shift.in_at, Shift.id).limit(MOST)).all()


def counts_waiting(*, now: datetime) -> list[tuple[Organisation, int]]:
    """How many shifts wait for each organisation that has any, by its name."""
    count = func.count(Shift.id)
    query = (
        select(Organisation, count)
        .join(Activity, Activity.organisation_id == Organisation.id)
        .join(Session, Session.activity_id == Activity.id)
        .join(Shift, Shift.session_id == Session.id)
        .where(_waits(now))
        .group_by(Organisation.id)
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def month_of(organisation_id: int, first: date, last: date) -> Sequence[Shift]:
    """An organisation's shifts between two days, by the volunteer's name and the day."""
    query = _whole().where(
        Activity.organisation_id == organisation_id,
        Shift.state.in_(KEPT),
        Shift.day >= first,
        Shift.day <= last,
    )
    return db.session.scalars(query.order_by(Person.sort_key, Person.id, Shift.in_at, Shift.id)).all()


def shifts_of(person_id: int, *, organisation_id: int | None = None) -> Sequence[Shift]:
    """Somebody's shifts, or those with one organisation, the latest first."""
    query = _whole().where(Shift.person_id == person_id, Shift.state.in_(KEPT))
    if organisation_id is not None:
        query = query.where(Activity.organisation_id == organisation_id)
    return db.session.scalars(query.order_by(Shift.in_at.desc(), Shift.id.desc())).all()


def certified_of(person_id: int, first: date, last: date, organisation_id: int | None) -> Sequence[Shift]:
    """Somebody's certified shifts between two days, in order: with one organisation, or with all."""
    which = [Shift.person_id == person_id, Shift.state == ShiftState.CERTIFIED, Shift.day >= first, Shift.day <= last]
    if organisation_id is not None:
        which.append(Activity.organisation_id == organisation_id)
    return db.session.scalars(_whole().where(*which).order_by(Shift.in_at, Shift.id)).all()


def long_days(days: Iterable[Day]) -> set[Day]:
    """Which of these days of people are longer than eight hours, whichever organisations they helped."""
    wanted = sorted(set(days))
    if not wanted:
        return set()
    query = select(Shift.person_id, Shift.day, Shift.in_at, func.coalesce(Shift.out_at, Session.ends_at)).join(
        Session, Session.id == Shift.session_id
    )
    rows = db.session.execute(
        query.where(
            Shift.person_id.in_({person_id for person_id, _day in wanted}),
            tuple_(Shift.person_id, Shift.day).in_(wanted),
            Shift.state.in_(COUNTING),
        )
    )
    lengths: dict[Day, list[timedelta]] = defaultdict(list)
    for person_id, day, in_at, out_at in rows:
        lengths[person_id, day].append(max(out_at - in_at, timedelta()))
    return {day for day, found in lengths.items() if is_long(found)}


def count_to_review() -> int:
    """How many days of more than eight hours nobody has looked at yet."""
    query = select(Shift.person_id, Shift.day).where(Shift.state == ShiftState.DONE, Shift.reviewed_by_id.is_(None))
    return len(long_days((row.person_id, row.day) for row in db.session.execute(query.distinct())))


def _waits(now: datetime) -> Any:
    is_late = and_(Shift.state == ShiftState.OPEN, Session.ends_at < now - FORGOTTEN_AFTER)
    return or_(Shift.state.in_((ShiftState.DONE, ShiftState.FORGOTTEN)), is_late)


def _whole() -> Select[Shift]:
    """Shifts with whose they are and where."""
    return (
        select(Shift)
        .join(Shift.session)
        .join(Session.activity)
        .join(Shift.person)
        .options(
            contains_eager(Shift.session).contains_eager(Session.activity).joinedload(Activity.organisation),
            contains_eager(Shift.person),
            joinedload(Shift.certified_by),
            joinedload(Shift.reviewed_by),
            joinedload(Shift.refused_by),
        )
    )
