"""Of whom an alert warns (提醒), the director decides: this adult, this child, this day, with a reason that stays."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.custody.ledger import HolderSaid
from center.afterschool.handing_over.answers import Answer
from center.afterschool.models.custody import BarDecision, CustodyEvent, Outcome
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def find(child: Person, said: HolderSaid) -> BarDecision | None:
    """What was decided of this adult today."""
    mark = said.collector.id if said.collector else None
    return next(
        (
            each
            for each in decided(child, said.on_date)
            if each.event.collector_id == mark and each.event.other_name == said.other_name
        ),
        None,
    )


def decided(child: Person, on: date) -> list[BarDecision]:
    """What was decided of a child's adults on a day, the latest first."""
    query = (
        select(BarDecision)
        .join(BarDecision.event)
        .where(CustodyEvent.child_id == child.id, CustodyEvent.on_date == on)
        .options(joinedload(BarDecision.event), joinedload(BarDecision.by))
        .order_by(BarDecision.id.desc())
    )
    return list(db.session.scalars(query))


def asked(child: Person, on: date) -> list[CustodyEvent]:
    """What the director was asked of a child on a day and has not decided yet, the latest of each adult."""
    query = (
        select(CustodyEvent)
        .where(
            CustodyEvent.child_id == child.id,
            CustodyEvent.on_date == on,
            CustodyEvent.outcome == Outcome.REFUSED,
            CustodyEvent.why == Answer.ASK_DIRECTOR.value,
        )
        .options(joinedload(CustodyEvent.collector), joinedload(CustodyEvent.by))
        .order_by(CustodyEvent.id)
    )
    known = {_who(each.event) for each in decided(child, on)}
    return list({_who(each): each for each in db.session.scalars(query) if _who(each) not in known}.values())


def decide(event: CustodyEvent, *, is_allowed: bool, why: str, by: Person, now: datetime) -> BarDecision:
    """The director says yes or no; twice the same is once. Raises Conflict where the other was said before."""
    lock(event.child)
    if not why.strip():
        raise RuleBroken(_l("Say why: it stays with the decision."), field="why")
    before = db.session.scalar(select(BarDecision).where(BarDecision.event_id == event.id))
    if before is not None:
        if before.is_allowed is not is_allowed:
            raise Conflict(_l("This was decided already: %(why)s", why=before.why))
        return before
    decision = BarDecision(event_id=event.id, is_allowed=is_allowed, why=why.strip()[:200], by_id=by.id, at=now)
    db.session.add(decision)
    db.session.flush()
    return decision


def _who(event: CustodyEvent) -> tuple[int | None, str]:
    return event.collector_id, event.other_name
