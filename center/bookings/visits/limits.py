"""Limits on booking online: missed visits propose one, a member of staff decides, and can lift it at any time.

The desk books for everybody, limit or not. Nothing here is ever decided by the site itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from center.bookings import news
from center.bookings.messages import tell
from center.bookings.models import Booking
from center.bookings.models.visits import BookingLimit, Missed, NoShow, PresenceSettings
from center.bookings.rulebook.judging import in_force
from center.bookings.rulebook.missed_visits import settings
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True)
class Proposal:
    """Somebody whose missed visits propose a limit, with the visits."""

    person: Person
    missed: Sequence[NoShow]


@dataclass(frozen=True)
class VisitRecord:
    """What a person sees of their own missed visits: those of the window, and the limit in force, if there is one."""

    missed: Sequence[NoShow]
    limit: BookingLimit | None
    policy: PresenceSettings

    @property
    def counted(self) -> int:
        """How many of them count."""
        return sum(1 for each in self.missed if each.meaning is Missed.COUNTS and each.excused_at is None)


def change_settings(numbers: Mapping[str, int], *, by: Person) -> None:
    """Enter the centre's numbers."""
    known = db.session.merge(settings())
    for name, number in numbers.items():
        setattr(known, name, number)
    db.session.flush()
    note(Act.PRESENCE_SETTINGS_CHANGED, by=by)


def proposals(*, now: datetime) -> list[Proposal]:
    """Whose missed visits propose a limit that nobody has decided on yet, in the order in which they came up."""
    rules = settings()
    ids = db.session.scalars(_enough(now, rules).order_by(func.max(NoShow.recorded_at), NoShow.person_id)).all()
    missed = _missed(_counted(now, rules), NoShow.person_id.in_(ids)) if ids else []
    found = ([each for each in missed if each.person_id == person_id] for person_id in ids)
    return [Proposal(visits[0].person, visits) for visits in found]


def count_proposals(*, now: datetime) -> int:
    """How many people wait for a decision."""
    return db.session.scalar(select(func.count()).select_from(_enough(now, settings()).subquery())) or 0


def limit(person: Person, *, reason: str, by: Person, now: datetime) -> BookingLimit:
    """Confirm a proposal: for a time the person books through the desk only. Raises Conflict where there is none."""
    proposal = _get_proposal(person, now=now)
    ends_at = now + timedelta(days=settings().limit_days)
    decided = _decide(person, reason=reason, by=by, now=now, ends_at=ends_at)
    tell(proposal.missed[-1].booking, news.LIMITED, now=now, reason=reason)
    note(Act.BOOKING_LIMITED, person_id=person.id, by=by, reason=reason)
    return decided


def dismiss(person: Person, *, reason: str, by: Person, now: datetime) -> BookingLimit:
    """Decide against a limit; the visits that proposed it propose none again. Raises Conflict as `limit` does."""
    _get_proposal(person, now=now)
    decided = _decide(person, reason=reason, by=by, now=now, ends_at=None)
    note(Act.BOOKING_LIMIT_DISMISSED, person_id=person.id, by=by, reason=reason)
    return decided


def lift(decided: BookingLimit, *, reason: str, by: Person, now: datetime) -> None:
    """End a limit before its time; lifting twice is lifting once."""
    lock(decided)
    if not is_in_force(decided, now=now):
        return
    decided.lifted_at, decided.lifted_by_id, decided.lift_reason = now, by.id, reason
    db.session.flush()
    latest = _missed(NoShow.person_id == decided.person_id, NoShow.meaning == Missed.COUNTS)
    if latest:
        tell(latest[-1].booking, news.LIMIT_LIFTED, now=now, reason=reason)
    note(Act.BOOKING_LIMIT_LIFTED, person_id=decided.person_id, by=by, reason=reason)


def is_in_force(decided: BookingLimit, *, now: datetime) -> bool:
    """Whether it keeps its person from booking online now."""
    return decided.ends_at is not None and decided.lifted_at is None and now < decided.ends_at


def limits_in_force(*, now: datetime) -> Sequence[BookingLimit]:
    """Every limit that holds now, the one that ends soonest first."""
    query = select(BookingLimit).where(*in_force(now)).order_by(BookingLimit.ends_at, BookingLimit.id)
    return db.session.scalars(query.options(*_people_of_limit())).all()


def get_limit(limit_id: int) -> BookingLimit:
    """The limit with this id; raises NotFound."""
    query = select(BookingLimit).where(BookingLimit.id == limit_id, BookingLimit.ends_at.is_not(None))
    return must_find(db.session.scalar(query.options(*_people_of_limit())), _l("There is no such limit."))


def visit_record_of(person_id: int, *, now: datetime) -> VisitRecord:
    """What the centre keeps of a person's missed visits, to the person and to the desk."""
    rules = settings()
    query = select(BookingLimit).where(BookingLimit.person_id == person_id, *in_force(now))
    held = db.session.scalars(query.options(*_people_of_limit()).order_by(BookingLimit.ends_at.desc())).first()
    missed = _missed(NoShow.person_id == person_id, NoShow.missed_at > now - rules.window)
    return VisitRecord(missed, held, rules)


def _get_proposal(person: Person, *, now: datetime) -> Proposal:
    """The proposal about this person, once nobody else can decide on it."""
    lock(person)
    rules = settings()
    missed = _missed(_counted(now, rules), NoShow.person_id == person.id)
    if len(missed) < rules.missed_visits:
        raise Conflict(_l("There is nothing to decide here any more: somebody has decided, or excused a visit."))
    return Proposal(person, missed)


def _decide(person: Person, *, reason: str, by: Person, now: datetime, ends_at: datetime | None) -> BookingLimit:
    decided = BookingLimit(person_id=person.id, decided_at=now, decided_by_id=by.id, reason=reason, ends_at=ends_at)
    db.session.add(decided)
    db.session.flush()
    return decided


def _enough(now: datetime, rules: PresenceSettings) -> Select[int]:
    """The people with so many that a limit is proposed."""
    counted = select(NoShow.person_id).where(_counted(now, rules)).group_by(NoShow.person_id)
    return counted.having(func.count() >= rules.missed_visits)


def _counted(now: datetime, rules: PresenceSettings) -> ColumnElement[bool]:
    """Missed visits that can propose a limit: lately, excused by nobody, and not decided on before."""
    decided = (
        select(BookingLimit.id)
        .where(BookingLimit.person_id == NoShow.person_id, BookingLimit.decided_at >= NoShow.recorded_at)
        .exists()
    )
    counts = (NoShow.meaning == Missed.COUNTS) & NoShow.excused_at.is_(None)
    return counts & (NoShow.missed_at > now - rules.window) & (NoShow.missed_at <= now) & ~decided


def _missed(*conditions: ColumnElement[bool]) -> Sequence[NoShow]:
    """Missed visits with their bookings, the earliest first."""
    query = select(NoShow).where(*conditions).order_by(NoShow.missed_at, NoShow.id)
    of_booking = joinedload(NoShow.booking)
    rooms = of_booking.joinedload(Booking.room).joinedload(Room.parent)
    organisations = joinedload(NoShow.booking).joinedload(Booking.organisation)
    return db.session.scalars(query.options(rooms, organisations, joinedload(NoShow.person))).all()


def _people_of_limit() -> tuple[Any, ...]:
    return joinedload(BookingLimit.person), joinedload(BookingLimit.decided_by)
