"""How long what is kept of children lasts, and deleting it on time. The whole table stands here and on a page.

What the ledger of custody, alarms and incidents say stays until the child's record is erased: by whoever asks, or once
nobody needs it; the database lets nobody take it out before. Everything else goes by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from center.afterschool import deletions
from center.afterschool.models.care import DayNote
from center.afterschool.models.collector_photos import CollectorPhoto
from center.afterschool.models.consents import ChildPhoto, HealthNote
from center.afterschool.models.enrolments import CallOrder, Enrolment, PriorityClaim
from center.afterschool.models.keeping import DeletedWhy
from center.afterschool.models.plans import Bar, Collector, PickUpCode, WayHome
from center.afterschool.models.terms import Term
from center.kernel.db import Base, db, transaction
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

SOME = 200
EVERY = 600.0  # seconds
LOOKED_BACK = timedelta(days=800)  # so that a long time without a worker loses nothing


@dataclass(frozen=True)
class Period:
    """How long one kind lasts, counted from what; how its rows that are over are found."""

    kind: str
    title: Any
    days: int
    counted_from: Any
    model: type[Base]
    is_over: Callable[[date], ColumnElement[bool]]


AFTER_TERM, AFTER_DAY = _l("the last day of the child's last term"), _l("the day itself")
AFTER_LIST, PHOTO_OF_COLLECTOR = _l("the collector's last day on the list"), _l("Photo of whoever collects")


def _ended(before: date) -> Select[int]:
    """Children's enrolments in the terms that ended before this day. What ended longer ago is gone already."""
    ended = db.session.scalars(select(Term.id).where(Term.last_on < before, Term.last_on >= before - LOOKED_BACK)).all()
    return select(Enrolment.id).where(Enrolment.term_id.in_(ended))


def _after_last_term(child_id: InstrumentedAttribute[int]) -> Callable[[date], ColumnElement[bool]]:
    """Of rows of a child: a term of theirs has ended, and none goes on until this day or later."""

    def is_over(before: date) -> ColumnElement[bool]:
        later = exists().where(Enrolment.child_id == child_id, Term.id == Enrolment.term_id, Term.last_on >= before)
        return child_id.in_(_ended(before).with_only_columns(Enrolment.child_id)) & ~later

    return is_over


def _after_the_term(enrolment_id: InstrumentedAttribute[int]) -> Callable[[date], ColumnElement[bool]]:
    """Of rows of an enrolment: its term ended before this day."""
    return lambda before: enrolment_id.in_(_ended(before))


def _over_for(before: date) -> ColumnElement[bool]:
    """Of photos of collectors: their time on the list ended before this day."""
    over = select(Collector.id).where(Collector.ends_on < before, Collector.ends_on >= before - LOOKED_BACK)
    return CollectorPhoto.collector_id.in_(over)


def _child_gone(before: date) -> ColumnElement[bool]:
    """Of photos of collectors: the last term of the child whom they collect ended before this day."""
    of_child = select(Collector.id).where(_after_last_term(Collector.child_id)(before))
    return CollectorPhoto.collector_id.in_(of_child)


PERIODS = (
    Period("health_notes", _l("Health"), 30, AFTER_TERM, HealthNote, _after_last_term(HealthNote.child_id)),
    Period("child_photos", _l("Photo"), 30, AFTER_TERM, ChildPhoto, _after_last_term(ChildPhoto.child_id)),
    Period("collector_photos", PHOTO_OF_COLLECTOR, 30, AFTER_TERM, CollectorPhoto, _child_gone),
    Period("collector_photos", PHOTO_OF_COLLECTOR, 1, AFTER_LIST, CollectorPhoto, _over_for),
    Period("pick_up_codes", _l("Codes of the day"), 30, AFTER_DAY, PickUpCode, lambda day: PickUpCode.on_date < day),
    Period(
        "day_notes", _l("Homework, snack and remarks"), 365, AFTER_TERM, DayNote, _after_the_term(DayNote.enrolment_id)
    ),
    Period(
        "priority_claims", _l("Reasons for priority"), 365, AFTER_TERM, PriorityClaim,
        _after_the_term(PriorityClaim.enrolment_id),
    ),
    Period("ways_home", _l("Ways home"), 365, AFTER_TERM, WayHome, _after_the_term(WayHome.enrolment_id)),
    Period("call_orders", _l("Who is rung first"), 365, AFTER_TERM, CallOrder, _after_the_term(CallOrder.enrolment_id)),
    Period("collection_bars", _l("Who may not collect"), 365, AFTER_TERM, Bar, _after_last_term(Bar.child_id)),
)  # fmt: skip


def is_due(period: Period, now: datetime) -> bool:
    """Whether something of this kind is over."""
    query = select(_id(period)).where(period.is_over(_before(period, now)))
    return db.session.scalar(query.limit(1)) is not None


def delete_some(period: Period, now: datetime) -> int:
    """Delete some of what is over of a kind, and prove it; returns how many."""
    before = _before(period, now)
    ids = db.session.scalars(select(_id(period)).where(period.is_over(before)).order_by(_id(period)).limit(SOME)).all()
    if not ids:
        return 0
    db.session.execute(delete(period.model).where(_id(period).in_(ids)))
    deletions.prove([(period.kind, len(ids))], why=DeletedWhy.TIME, now=now, older_than=before)
    return len(ids)


def _before(period: Period, now: datetime) -> date:
    return local_date(now) - timedelta(days=period.days)


def _id(period: Period) -> Any:
    return period.model.__table__.c.id


def _due(now: datetime) -> list[int]:
    return [n for n, period in enumerate(PERIODS) if is_due(period, now)]


def _settle(number: int, now: datetime) -> None:
    with transaction():
        delete_some(PERIODS[number], now)


SWEEPS = (Sweep("what is kept of children long enough", _due, _settle, every=EVERY),)
