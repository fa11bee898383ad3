"""At the table: reserved, released, sold, and a slip taken back. Called inside a `transaction()`; never commits."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from center.kernel import metrics
from center.kernel.db import change_rows, db, is_violation, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.undoing import may_undo
from center.people.models import Person
from center.troupes.models.works import Sale, SaleDay, SaleDayState, Work, WorkState
from center.troupes.works.catalogue import become
from center.troupes.works.rules import sold_when, stands

ONCE, ONCE_COLUMNS = "uq_sales_work", "sales.work_id"
LONGEST = timedelta(days=14)
GONE = _l("This work is reserved or sold already.")


class SoldAlready(Conflict):
    """Somebody else was faster."""


def reserve(work: Work, until: datetime, *, whom: str = "", now: datetime) -> None:
    """Keep a work for somebody until a moment, at most until its sale day ends. Raises RuleBroken, SoldAlready."""
    day = _hold(work)
    if stands(work.state, work.reserved_until, now=now) is not WorkState.ON_SALE:
        raise SoldAlready(GONE)
    if not now < until <= min(day.ends_at, now + LONGEST):
        raise RuleBroken(_l("Please choose a time between now and the end of the sale day."), field="until")
    if work.state is WorkState.RESERVED:
        become(work, WorkState.ON_SALE)  # that reservation is over
    become(work, WorkState.RESERVED, reserved_until=until, reserved_for=whom)


def release(work: Work) -> None:
    """A work is kept for nobody any more. Raises Conflict."""
    _hold(work)
    if work.state is not WorkState.RESERVED:
        raise Conflict(_l("This work is not reserved."))
    become(work, WorkState.ON_SALE)


def release_over(work_id: int, *, now: datetime) -> None:
    """Tidy a reservation that is over; it has kept nobody out since."""
    work = db.session.get_one(Work, work_id)
    lock(work)
    if work.state is WorkState.RESERVED and stands(work.state, work.reserved_until, now=now) is WorkState.ON_SALE:
        become(work, WorkState.ON_SALE)


def sell(work: Work, *, by: Person, now: datetime) -> Sale:
    """It was sold at the table, for the price on its label. Raises RuleBroken, SoldAlready."""
    day = _hold(work)
    if work.state not in (WorkState.ON_SALE, WorkState.RESERVED):
        raise SoldAlready(_l("This work is sold already.") if work.state is WorkState.SOLD else GONE)
    if day.published_at is not None:
        raise Conflict(_l("The totals of this sale day are published already."))
    money = {"price_fen": work.price_fen, "maker_fen": work.maker_fen, "charity_fen": work.charity_fen}
    at = sold_when(day.starts_at, day.ends_at, now=now)
    sale = Sale(work_id=work.id, sale_day_id=day.id, at=at, by_id=by.id, **money)
    db.session.add(sale)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint=ONCE, columns=ONCE_COLUMNS):
            metrics.count_ledger_refusal()
            raise SoldAlready(_l("This work is sold already.")) from error
        raise
    become(work, WorkState.SOLD)
    return sale


def take_back(work: Work, *, by: Person, now: datetime) -> None:
    """It was a slip: it is not sold. Whoever pressed it, within ten minutes, before totals are out. Raises Conflict."""
    day = _hold(work)
    sale = find_sale(work)
    if sale is None or sale.by_id != by.id or day.published_at is not None or not may_undo(sale.at, now=now):
        raise Conflict(_l("It is too late to take this back."))
    change_rows(delete(Sale).where(Sale.id == sale.id))
    db.session.expunge(sale)
    become(work, WorkState.ON_SALE)


def find_sale(work: Work) -> Sale | None:
    """How a work was sold, if it was."""
    return db.session.scalar(select(Sale).where(Sale.work_id == work.id))


def _hold(work: Work) -> SaleDay:
    """Hold the sale day first, as whoever decides about it does, then the work. Raises Conflict."""
    day = work.sale_day
    if day is None:
        raise Conflict(_l("This work is not on sale."))
    lock(day, shared=True)
    lock(work)
    if work.sale_day_id != day.id or day.state is not SaleDayState.APPROVED:
        raise Conflict(_l("This work is not on sale."))
    return day
