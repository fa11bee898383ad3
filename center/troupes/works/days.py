"""Sale days: asked for by the studio, approved or declined by staff, and what they came to, published."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select

from center.kernel import trail
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, Forbidden, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.undoing import may_undo
from center.people.models import Person
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import OFFERED, SaleDay, SaleDayState, Work, WorkState
from center.troupes.policy import refuse_ended
from center.troupes.works import messages, news
from center.troupes.works.catalogue import become
from center.troupes.works.rules import DAY_STEPS, check_times

CHANGED = _l("The sale day stands otherwise by now. Please look at it again.")


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """When and where a studio wants to sell, and what the charity share is for."""

    name: str
    name_en: str = ""
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    purpose: str
    purpose_en: str = ""


def request(troupe: Troupe, facts: DayFacts, *, by: Person, now: datetime) -> SaleDay:
    """Ask staff for a sale day. Raises RuleBroken, Conflict."""
    check_times(facts.starts_at, facts.ends_at, now=now)
    lock(troupe)
    refuse_ended(troupe)
    _check_free(troupe.id, facts)
    asked = {"state": SaleDayState.REQUESTED, "requested_by_id": by.id, "requested_at": now}
    day = SaleDay(troupe_id=troupe.id, **asdict(facts), **asked)
    db.session.add(day)
    trail.note(Act.SALE_DAY_REQUESTED, day, by=by)
    return day


def change(day: SaleDay, facts: DayFacts, *, by: Person, now: datetime) -> None:
    """Ask for it otherwise, before staff have looked at it; one that was declined is asked for anew."""
    lock(day)
    if day.state not in (SaleDayState.REQUESTED, SaleDayState.DECLINED):
        raise Conflict(_l("Staff have approved it as it is. Call it off and ask for another one."))
    check_times(facts.starts_at, facts.ends_at, now=now)
    _check_free(day.troupe_id, facts, beside=day.id)
    if day.state is SaleDayState.DECLINED:
        _become(day, SaleDayState.REQUESTED, decided_by_id=None, decided_at=None, reason="")
    for name, value in asdict(facts).items():
        setattr(day, name, value)
    day.requested_by_id, day.requested_at = by.id, now
    trail.note(Act.SALE_DAY_REQUESTED, day, by=by)


def approve(day: SaleDay, *, by: Person, now: datetime) -> None:
    """Staff let the studio sell: what it put forward is on sale. Raises Conflict, Forbidden, RuleBroken."""
    _check_other(day, by)
    lock(day)
    if day.ends_at <= now:
        raise RuleBroken(_l("This sale day is over."))
    _become(day, SaleDayState.APPROVED, decided_by_id=by.id, decided_at=now, reason="")
    for work in _works(day, WorkState.PENDING):
        become(work, WorkState.ON_SALE)
    trail.note(Act.SALE_DAY_APPROVED, day, by=by)
    messages.tell(day, news.APPROVED, now=now)


def decline(day: SaleDay, *, reason: str, by: Person, now: datetime) -> None:
    """Staff do not let the studio sell, and say why. Raises Conflict, Forbidden, RuleBroken."""
    _check_other(day, by)
    if not reason:
        raise RuleBroken(_l("Please fill this in."), field="reason")
    lock(day)
    _become(day, SaleDayState.DECLINED, decided_by_id=by.id, decided_at=now, reason=reason)
    for work in _works(day, WorkState.PENDING):
        become(work, WorkState.REGISTERED, sale_day_id=None)
    trail.note(Act.SALE_DAY_DECLINED, day, by=by, reason=reason)
    messages.tell(day, news.DECLINED, now=now)


def undo(day: SaleDay, *, by: Person, now: datetime) -> None:
    """Take back one's own decision within ten minutes, unless something was reserved or sold. Raises Conflict."""
    lock(day)
    if day.decided_by_id != by.id or day.decided_at is None or not may_undo(day.decided_at, now=now):
        raise Conflict(_l("It is too late to take this back, or it was somebody else's decision."))
    works = _works(day, *OFFERED)
    if any(work.state is not WorkState.ON_SALE for work in works):
        raise Conflict(_l("Something is reserved or sold already."))
    for work in works:
        become(work, WorkState.PENDING)
    _become(day, SaleDayState.REQUESTED, decided_by_id=None, decided_at=None, reason="")
    trail.note(Act.SALE_DAY_UNDONE, day, by=by)
    messages.tell(day, news.TAKEN_BACK, now=now)


def call_off(day: SaleDay, *, reason: str, by: Person, now: datetime) -> None:
    """The studio does not sell on this day; what was reserved is free. Raises Conflict."""
    lock(day)
    works = _works(day, WorkState.PENDING, *OFFERED)
    if any(work.state is WorkState.SOLD for work in works):
        raise Conflict(_l("Something was sold on it, so it took place."))
    for work in works:
        if work.state is WorkState.RESERVED:
            become(work, WorkState.ON_SALE)
        become(work, WorkState.REGISTERED, sale_day_id=None)
    _become(day, SaleDayState.WITHDRAWN, reason=reason)
    trail.note(Act.SALE_DAY_CALLED_OFF, day, by=by, reason=reason)


def publish(day: SaleDay, *, by: Person, now: datetime) -> None:
    """Let everybody read what it came to; from then on nothing of it changes. Raises Conflict."""
    lock(day)
    if day.state is not SaleDayState.APPROVED or day.ends_at > now:
        raise Conflict(_l("Its totals can be published once it is over."))
    if day.published_at is not None:
        raise Conflict(_l("Its totals are published already."))
    for work in _works(day, WorkState.RESERVED):
        become(work, WorkState.ON_SALE)
    day.published_at = now
    trail.note(Act.SALE_DAY_PUBLISHED, day, by=by)


def _check_free(troupe_id: int, facts: DayFacts, *, beside: int = 0) -> None:
    """A studio sells at one place at a time."""
    at_once = select(SaleDay.id).where(
        SaleDay.troupe_id == troupe_id,
        SaleDay.id != beside,
        SaleDay.state.in_((SaleDayState.REQUESTED, SaleDayState.APPROVED)),
        SaleDay.starts_at < facts.ends_at,
        SaleDay.ends_at > facts.starts_at,
    )
    if db.session.scalar(at_once.limit(1)) is not None:
        raise Conflict(_l("There is a sale day of this studio at that time already."), field="date")


def _check_other(day: SaleDay, by: Person) -> None:
    if day.requested_by_id == by.id:
        raise Forbidden(_l("Somebody else decides what you asked for yourself."))


def _works(day: SaleDay, *states: WorkState) -> list[Work]:
    """The works of a day that stand like this, held in one order."""
    query = select(Work).where(Work.sale_day_id == day.id, Work.state.in_(states)).order_by(Work.id)
    return list(db.session.scalars(query.with_for_update().execution_options(populate_existing=True)))


def _become(day: SaleDay, state: SaleDayState, **more: object) -> None:
    if (day.state, state) not in DAY_STEPS:
        raise Conflict(CHANGED)
    for name, value in {**more, "state": state}.items():
        setattr(day, name, value)
    db.session.flush()
