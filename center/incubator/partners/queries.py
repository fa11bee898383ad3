"""Partners, their days of service, and the statements made from them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.activities.models import NOT_CANCELLED, Activity, Session
from center.attendance.models import CAME, Attendance
from center.incubator.models.partners import Partner, PartnerKind, ServiceDay, ServiceTurn
from center.incubator.partners.rules import Period
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Record:
    """What a partner did in a period: how many days, how many came (each day once), how long, how many it reached."""

    days: int = 0
    turns: int = 0
    minutes: int = 0
    reached: int = 0
    last_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class DayLine:
    """A day of service with those who came."""

    day: ServiceDay
    turns: Sequence[ServiceTurn]
    reached: int  # by the register, where one is linked; else as it was typed

    @property
    def minutes(self) -> int:
        """What all of them gave together."""
        return sum(each.minutes for each in self.turns)


def partners(*, with_retired: bool = False) -> Sequence[Partner]:
    """Units, then teams, by name."""
    query = select(Partner).order_by(Partner.kind.desc(), Partner.sort_key, Partner.id)
    return db.session.scalars(query if with_retired else query.where(~Partner.is_retired)).all()


def get_partner(partner_id: int) -> Partner:
    """A partner; raises NotFound."""
    return must_find(db.session.get(Partner, partner_id), _l("There is no such partner."))


def get_service_day(day_id: int) -> ServiceDay:
    """A day of service; raises NotFound."""
    query = select(ServiceDay).where(ServiceDay.id == day_id).options(joinedload(ServiceDay.partner))
    return must_find(db.session.scalar(query), _l("There is no such day of service."))


def get_turn(day_id: int, turn_id: int) -> ServiceTurn:
    """That somebody came on this day; raises NotFound."""
    query = select(ServiceTurn).where(ServiceTurn.id == turn_id, ServiceTurn.day_id == day_id)
    return must_find(db.session.scalar(query), _l("There is no such entry."))


def days_of(partner_id: int, first_on: date, last_on: date) -> list[DayLine]:
    """A partner's days of a period with those who came, in order."""
    query = select(ServiceDay).where(ServiceDay.partner_id == partner_id, ServiceDay.on_date.between(first_on, last_on))
    days = db.session.scalars(query.order_by(ServiceDay.on_date, ServiceDay.id)).all()
    turns, came = turns_on([each.id for each in days]), came_to([each.session_id for each in days])
    return [
        DayLine(day=each, turns=turns.get(each.id, ()), reached=came.get(each.session_id or 0, each.reached))
        for each in days
    ]


def came_to(session_ids: Collection[int | None]) -> dict[int, int]:
    """How many people came to these sessions, as their registers say."""
    ids = sorted({each for each in session_ids if each is not None})
    if not ids:
        return {}
    query = select(Attendance.session_id, func.count(Attendance.person_id.distinct()))
    query = query.where(Attendance.session_id.in_(ids), Attendance.status.in_(CAME)).group_by(Attendance.session_id)
    return dict.fromkeys(ids, 0) | {row[0]: row[1] for row in db.session.execute(query)}


def sessions_on(day: date) -> Sequence[Session]:
    """The sessions whose register may say whom a day of service reached, by their time."""
    begins = datetime.combine(day, time(), centre_zone())
    during = (Session.starts_at >= begins, Session.starts_at < begins + timedelta(days=1))
    query = select(Session).join(Session.activity).where(*during, Session.state.in_(NOT_CANCELLED))
    query = query.options(joinedload(Session.activity).joinedload(Activity.organisation), joinedload(Session.room))
    found = db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()
    return [each for each in found if not each.activity.is_confined]


def turns_on(day_ids: Collection[int]) -> dict[int, list[ServiceTurn]]:
    """Who came on these days, by name."""
    found: dict[int, list[ServiceTurn]] = {}
    query = select(ServiceTurn).where(ServiceTurn.day_id.in_(sorted(day_ids))).join(ServiceTurn.person)
    query = query.options(joinedload(ServiceTurn.person))
    for each in db.session.scalars(query.order_by(ServiceTurn.day_id, Person.sort_key, ServiceTurn.id)):
        found.setdefault(each.day_id, []).append(each)
    return found


def served_of(partner_id: int, period: Period) -> list[tuple[Person, int, int]]:
    """Who of a partner came in a period: on how many days, for how many minutes; by name."""
    query = (
        select(Person, func.count(ServiceTurn.id), func.sum(ServiceTurn.minutes))
        .join(ServiceTurn, ServiceTurn.person_id == Person.id)
        .join(ServiceTurn.day)
        .where(ServiceDay.partner_id == partner_id, ServiceDay.on_date.between(period.first_on, period.last_on))
        .group_by(Person.id)
        .order_by(Person.sort_key, Person.id)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def days_served(person_id: int, period: Period) -> Sequence[ServiceTurn]:
    """When somebody served in a period, with whichever partner, in order."""
    query = (
        select(ServiceTurn)
        .join(ServiceTurn.day)
        .where(ServiceTurn.person_id == person_id, ServiceDay.on_date.between(period.first_on, period.last_on))
        .options(joinedload(ServiceTurn.day).joinedload(ServiceDay.partner))
    )
    return db.session.scalars(query.order_by(ServiceDay.on_date, ServiceTurn.id)).all()


def records(period: Period) -> dict[int, Record]:
    """What each partner did in a period, by its id; in a few queries, however many there are."""
    within = ServiceDay.on_date.between(period.first_on, period.last_on)
    days = select(
        ServiceDay.partner_id, func.count(ServiceDay.id), func.sum(ServiceDay.reached), func.max(ServiceDay.on_date)
    )
    counted = db.session.execute(days.where(within).group_by(ServiceDay.partner_id)).all()
    linked = select(ServiceDay.partner_id, ServiceDay.session_id, ServiceDay.reached)
    by_register = db.session.execute(linked.where(within, ServiceDay.session_id.is_not(None))).all()
    registers, more = came_to([row.session_id for row in by_register]), dict[int, int]()
    for row in by_register:  # instead of what was typed
        more[row.partner_id] = more.get(row.partner_id, 0) + registers[row.session_id] - row.reached
    turns = select(ServiceDay.partner_id, func.count(ServiceTurn.id), func.sum(ServiceTurn.minutes))
    came = {
        row[0]: (row[1], row[2])
        for row in db.session.execute(turns.join(ServiceTurn.day).where(within).group_by(ServiceDay.partner_id))
    }
    return {
        row[0]: Record(
            days=row[1],
            reached=row[2] + more.get(row[0], 0),
            last_on=row[3],
            turns=came.get(row[0], (0, 0))[0],
            minutes=came.get(row[0], (0, 0))[1],
        )
        for row in counted
    }


def counts() -> dict[PartnerKind, int]:
    """How many partners there are of each kind."""
    query = select(Partner.kind, func.count()).where(~Partner.is_retired).group_by(Partner.kind)
    return {row[0]: row[1] for row in db.session.execute(query)}
