"""Ordered reads of works, sale days and what they came to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import OFFERED, Sale, SaleDay, SaleDayState, Work, WorkPhoto
from center.troupes.works.rules import Totals

SIZES = ("large", "small")
NO_WORK = _l("There is no such work.")
NO_DAY = _l("There is no such sale day.")


def works_of(troupe: Troupe) -> Sequence[Work]:
    """All works of a studio with maker, photograph and sale day, the latest first."""
    query = select(Work).where(Work.troupe_id == troupe.id).options(*_whole())
    return db.session.scalars(query.order_by(Work.number.desc())).all()


def works_on(day: SaleDay) -> Sequence[Work]:
    """The works of a sale day, by number."""
    query = select(Work).where(Work.sale_day_id == day.id).options(*_whole())
    return db.session.scalars(query.order_by(Work.number)).all()


def offered(troupe: Troupe, *, now: datetime) -> Sequence[Work]:
    """What everybody may see: works of approved sale days that are not over, by number."""
    query = select(Work).join(Work.sale_day).where(Work.troupe_id == troupe.id, Work.state.in_(OFFERED))
    query = query.where(SaleDay.state == SaleDayState.APPROVED, SaleDay.ends_at > now).options(*_whole())
    return db.session.scalars(query.order_by(Work.number)).all()


def get_work(troupe: Troupe, number: int) -> Work:
    """The work of a studio under this number; raises NotFound."""
    query = select(Work).where(Work.troupe_id == troupe.id, Work.number == number).options(*_whole())
    return must_find(db.session.scalar(query), NO_WORK)


def works_numbered(troupe: Troupe, numbers: Collection[int]) -> Sequence[Work]:
    """The works of a studio under these numbers."""
    query = select(Work).where(Work.troupe_id == troupe.id, Work.number.in_(sorted(numbers)))
    return db.session.scalars(query.order_by(Work.id)).all()


def get_photo(name: str, size: str) -> WorkPhoto:
    """The photograph of this name, with the bytes of one size; raises NotFound."""
    wanted = size if size in SIZES else "small"
    query = select(WorkPhoto).where(WorkPhoto.name == name).options(undefer(getattr(WorkPhoto, wanted)))
    return must_find(db.session.scalar(query) if size in SIZES else None, NO_WORK)


def days_of(troupe: Troupe) -> Sequence[SaleDay]:
    """The sale days of a studio, the latest first."""
    query = select(SaleDay).where(SaleDay.troupe_id == troupe.id)
    return db.session.scalars(query.order_by(SaleDay.starts_at.desc(), SaleDay.id.desc())).all()


def public_days(troupe: Troupe) -> Sequence[SaleDay]:
    """Those that were approved, the latest first."""
    return [day for day in days_of(troupe) if day.state is SaleDayState.APPROVED]


def get_day(day_id: int, troupe: Troupe | None = None) -> SaleDay:
    """A sale day, of this studio where one is given; raises NotFound."""
    query = select(SaleDay).where(SaleDay.id == day_id)
    query = query if troupe is None else query.where(SaleDay.troupe_id == troupe.id)
    return must_find(db.session.scalar(query.options(joinedload(SaleDay.troupe))), NO_DAY)


def days_for_staff(*, now: datetime) -> Sequence[SaleDay]:
    """What waits for a decision or lies ahead or was just over, the first first."""
    of_now = or_(SaleDay.state == SaleDayState.REQUESTED, SaleDay.ends_at > now)
    query = select(SaleDay).where(of_now, SaleDay.state != SaleDayState.WITHDRAWN)
    query = query.options(joinedload(SaleDay.troupe), joinedload(SaleDay.requested_by), joinedload(SaleDay.decided_by))
    return db.session.scalars(query.order_by(SaleDay.starts_at, SaleDay.id)).all()


def count_waiting_days(*, now: datetime) -> int:
    """How many sale days wait for staff."""
    query = select(func.count()).select_from(SaleDay)
    return db.session.scalar(query.where(SaleDay.state == SaleDayState.REQUESTED, SaleDay.ends_at > now)) or 0


def sales_on(day: SaleDay) -> Sequence[Sale]:
    """What was sold on a day, in order."""
    query = select(Sale).where(Sale.sale_day_id == day.id).options(joinedload(Sale.work).joinedload(Work.maker))
    return db.session.scalars(query.order_by(Sale.at, Sale.id)).all()


def totals(days: Collection[SaleDay]) -> Mapping[int, Totals]:
    """What each of these days came to: the sums of what was sold, by day."""
    query = select(
        Sale.sale_day_id,
        func.count(),
        func.sum(Sale.price_fen),
        func.sum(Sale.maker_fen),
        func.sum(Sale.charity_fen),
    ).where(Sale.sale_day_id.in_([day.id for day in days]))
    found = {row[0]: Totals(*row[1:]) for row in db.session.execute(query.group_by(Sale.sale_day_id))}
    return {day.id: found.get(day.id, Totals(0, 0, 0, 0)) for day in days}


def _whole() -> tuple[ORMOption, ...]:
    return (joinedload(Work.maker), joinedload(Work.photo), joinedload(Work.sale_day))
