"""The records of a troupe's year: who was in it, what took place, who came, and which photographs there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, undefer

from center.activities.models import NOT_CANCELLED, Activity, Session
from center.activities.photos.models import ActivityPhoto
from center.attendance.models import Attendance, Status
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.people.models import Person
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import MemberState, Troupe, TroupeMember
from center.troupes.models.works import Sale, SaleDay, SaleDayState, Work, WorkPhoto
from center.troupes.models.yearly import Counted, YearlyTarget
from center.troupes.performances.models import Performance, PerformanceState
from center.troupes.yearly.rules import Progress, progress_of, targets_of

CAME = (Status.PRESENT, Status.LATE, Status.LEFT)


@dataclass(frozen=True, kw_only=True)
class Held:
    """One date that took place."""

    session: Session
    is_performance: bool
    came: int  # by its register; none where no register was kept

    @property
    def minutes(self) -> int:
        """How long it was."""
        return int((self.session.ends_at - self.session.starts_at).total_seconds() // 60)


@dataclass(frozen=True, kw_only=True)
class Photograph:
    """A picture with what it shows."""

    name: str
    title: str
    alt: str
    picture: bytes


@dataclass(frozen=True, kw_only=True)
class YearRecord:
    """All that a yearly check asks of a troupe."""

    troupe: Troupe
    year: int
    members: Sequence[TroupeMember]
    held: Sequence[Held]
    sale_days: Sequence[SaleDay]
    photographs: int
    progress: Sequence[Progress]


def record_of(troupe: Troupe, year: int, *, now: datetime) -> YearRecord:
    """What the records say of a troupe's year until now."""
    members, held = members_in(troupe, year, now=now), held_in(troupe, year, now=now)
    days, pictures = sale_days_in(troupe, year, now=now), count_photographs(troupe, year, held)
    counts = {
        Counted.MEMBERS: len(members),
        Counted.ACTIVITIES: len(held),
        Counted.BRAND_EVENTS: sum(each.is_performance for each in held) + len(days),
        Counted.HOURS: sum(each.minutes for each in held) // 60,
        Counted.PHOTOGRAPHS: pictures,
    }
    today = local_date(now)
    progress = [progress_of(each, counts[each.counted], year=year, today=today) for each in targets_of(targets_set())]
    return YearRecord(
        troupe=troupe, year=year, members=members, held=held, sale_days=days, photographs=pictures, progress=progress
    )


def targets_set() -> Mapping[Counted, tuple[int, str]]:
    """What the director has set instead of the rules' numbers."""
    return {each.counted: (each.least, each.source) for each in db.session.scalars(select(YearlyTarget))}


def members_in(troupe: Troupe, year: int, *, now: datetime) -> Sequence[TroupeMember]:
    """Who was in the troupe on the last day of a year, or is today, by name."""
    last = min(date(year, 12, 31), local_date(now))
    query = (
        select(TroupeMember)
        .join(TroupeMember.person)
        .options(contains_eager(TroupeMember.person))
        .where(TroupeMember.troupe_id == troupe.id, TroupeMember.joined_on <= last)
        .where(or_(TroupeMember.left_on.is_(None), TroupeMember.left_on > last))
        .where(TroupeMember.state.not_in((MemberState.APPLIED, MemberState.TRIAL)))
    )
    return db.session.scalars(query.order_by(Person.sort_key, TroupeMember.id)).all()


def held_in(troupe: Troupe, year: int, *, now: datetime) -> Sequence[Held]:
    """What took place in a year, in order: dates of its seasons, and performances."""
    first, end = _bounds(year)
    shows = select(Performance.session_id).where(
        Performance.troupe_id == troupe.id, Performance.state != PerformanceState.CANCELLED
    )
    of_seasons = select(Season.activity_id).where(Season.troupe_id == troupe.id, Season.activity_id.is_not(None))
    query = (
        select(Session)
        .where(or_(Session.activity_id.in_(of_seasons), Session.id.in_(shows)))
        .where(Session.state.in_(NOT_CANCELLED))
        .where(Session.starts_at >= first, Session.starts_at < end, Session.ends_at <= now)
        .options(joinedload(Session.activity), joinedload(Session.room))
    )
    found = db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()
    played, came = set(db.session.scalars(shows)), _came([each.id for each in found])
    return [Held(session=each, is_performance=each.id in played, came=came.get(each.id, 0)) for each in found]


def sale_days_in(troupe: Troupe, year: int, *, now: datetime) -> Sequence[SaleDay]:
    """Sale days of a year on which something was sold, in order."""
    first, end = _bounds(year)
    query = select(SaleDay).where(
        SaleDay.troupe_id == troupe.id,
        SaleDay.state == SaleDayState.APPROVED,
        SaleDay.starts_at >= first,
        SaleDay.starts_at < end,
        SaleDay.ends_at <= now,
        SaleDay.id.in_(select(Sale.sale_day_id)),
    )
    return db.session.scalars(query.order_by(SaleDay.starts_at, SaleDay.id)).all()


def count_photographs(troupe: Troupe, year: int, held: Sequence[Held]) -> int:
    """How many photographs there are of what took place, and of works that were entered in the year."""
    activities = sorted({each.session.activity_id for each in held})
    of_activities = select(func.count()).select_from(ActivityPhoto).where(ActivityPhoto.activity_id.in_(activities))
    first, end = _bounds(year)
    of_works = select(func.count()).select_from(WorkPhoto).join(WorkPhoto.work)
    of_works = of_works.where(Work.troupe_id == troupe.id, WorkPhoto.added_at >= first, WorkPhoto.added_at < end)
    return (db.session.scalar(of_activities) or 0) + (db.session.scalar(of_works) or 0)


def photographs_in(troupe: Troupe, year: int, held: Sequence[Held]) -> list[Photograph]:
    """The photographs themselves, with what they show."""
    activities = sorted({each.session.activity_id for each in held})
    of_activities = select(ActivityPhoto, Activity.title).join(Activity, Activity.id == ActivityPhoto.activity_id)
    of_activities = of_activities.where(ActivityPhoto.activity_id.in_(activities)).options(undefer(ActivityPhoto.large))
    first, end = _bounds(year)
    of_works = select(WorkPhoto, Work.title).join(WorkPhoto.work).options(undefer(WorkPhoto.large))
    of_works = of_works.where(Work.troupe_id == troupe.id, WorkPhoto.added_at >= first, WorkPhoto.added_at < end)
    rows: list[tuple[ActivityPhoto | WorkPhoto, str]] = [
        *db.session.execute(of_activities.order_by(Activity.id)),
        *db.session.execute(of_works.order_by(Work.number)),
    ]
    return [Photograph(name=each.name, title=title, alt=each.alt, picture=each.large) for each, title in rows]


def _came(session_ids: Sequence[int]) -> dict[int, int]:
    query = select(Attendance.session_id, func.count()).where(
        Attendance.session_id.in_(session_ids), Attendance.status.in_(CAME)
    )
    return dict(db.session.execute(query.group_by(Attendance.session_id)).all())


def _bounds(year: int) -> tuple[datetime, datetime]:
    """A year on the centre's calendar."""
    zone = centre_zone()
    starts = [datetime.combine(date(each, 1, 1), time(0), zone).astimezone(UTC) for each in (year, year + 1)]
    return starts[0], starts[1]
