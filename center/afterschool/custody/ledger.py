"""The ledger of custody: the only code that writes `custody_events` and `custody`.

Whoever says something of a child holds the child's record first, so that everybody comes in an order; the database
refuses a second holder all the same. Nothing that a person saw is ever refused for a reason of set-up, schedule or
connection: it is written down, and what is wrong with it is a flag, a conflict or an alarm that somebody answers.
Called inside one `transaction()`; never commits.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from center.afterschool.custody import story
from center.afterschool.models.consents import ChildConsent
from center.afterschool.models.custody import CheckedBy, Custody, CustodyEvent, Flag, Holder, Holding, Outcome
from center.afterschool.models.plans import Collector
from center.afterschool.models.terms import CareClass, TermDay
from center.attendance.models.devices import Device
from center.kernel import undoing
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

NOT_SAID = (Outcome.REFUSED, Outcome.UNDONE)
after_said: list[Callable[[CustodyEvent], None]] = []  # what has to hear of everything that is said: alarms


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a device says of something it sends: its number, its own time, a digest of all of it."""

    nonce: str
    device_at: datetime | None = None
    device: Device | None = None
    is_offline: bool = False
    digest: str = ""


@dataclass(frozen=True, kw_only=True)
class HolderSaid:
    """Who holds a child from a moment on, by whom it is said, and how it was made sure."""

    holder: Holder
    by: Person
    at: datetime
    now: datetime
    on_date: date
    day: TermDay | None = None
    care_class: CareClass | None = None
    with_person: Person | None = None  # staff on the way; an elder sibling
    collector: Collector | None = None
    other_name: str = ""  # who collects and is on no list
    brought_by: str = ""
    bus: str = ""
    consent: ChildConsent | None = None  # to walking alone
    checked_by: CheckedBy | None = None
    child_agreed: bool = False
    second: Person | None = None
    approved_by: Person | None = None  # the guardian who was rung
    approved_on: str = ""  # on which number
    flag: Flag | None = None
    sent: Sent | None = None


def hold(child: Person) -> None:
    """Let nobody else say anything of this child before this transaction ends."""
    lock(child)


def now_holding(child_id: int) -> Custody | None:
    """The last row of a child's chain: who holds them."""
    query = select(Custody).join(Holding, Holding.custody_id == Custody.id).where(Holding.child_id == child_id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def record(child: Person, said: HolderSaid) -> CustodyEvent:
    """Write down who holds a child. Sent twice under one number, it is written once.

    Its outcome says what came of it: accepted; a duplicate of what is so already; a conflict with what somebody said
    before. Raises Conflict where something else was sent under its number.
    """
    hold(child)
    if said.sent and (earlier := find_sent(said.sent.nonce)):
        if earlier.digest != said.sent.digest or earlier.child_id != child.id:
            raise Replayed
        return earlier
    before = _read(child.id, since=said.on_date)
    event = _event(child, said, Outcome.ACCEPTED)
    event.outcome = _outcome(before, event)
    db.session.add(event)
    db.session.flush()
    _extend(child.id, before, before.also(as_said(event)), now=said.now)
    _let_hear(event)
    return event


def refuse(child: Person, said: HolderSaid, *, why: str) -> CustodyEvent:
    """Write down that somebody was not given a child, and why."""
    hold(child)
    event = _event(child, said, Outcome.REFUSED)
    event.why = why
    db.session.add(event)
    db.session.flush()
    _let_hear(event)
    return event


def undo(event: CustodyEvent, *, by: Person, now: datetime, sent: Sent | None = None) -> CustodyEvent:
    """Take back what was said a moment ago; twice is once.

    Raises RuleBroken after ten minutes: then what is right is said instead.
    """
    child = event.child
    hold(child)
    if done := db.session.scalar(select(CustodyEvent).where(CustodyEvent.undoes_id == event.id)):
        return done
    if event.outcome in NOT_SAID:
        raise Conflict(_l("This was not written down as so, so there is nothing to take back."))
    if not undoing.may_undo(event.recorded_at, now=now):
        raise RuleBroken(_l("It can be undone for ten minutes, and they have passed. Say what is right instead."))
    before = _read(child.id, since=event.on_date)
    if before.told.held and before.told.held[0].id == event.id and before.last is None:
        raise Conflict(_l("Nobody is known to have held the child before this. Say who holds them instead."))
    back = CustodyEvent(
        child_id=child.id,
        on_date=event.on_date,
        day_id=event.day_id,
        class_id=event.class_id,
        holder=event.holder,
        at=now,
        recorded_at=now,
        by_id=by.id,
        nonce=sent.nonce if sent else str(uuid4()),
        digest=sent.digest if sent else "",
        device_id=sent.device.id if sent and sent.device else None,
        is_offline=bool(sent and sent.is_offline),
        outcome=Outcome.UNDONE,
        undoes_id=event.id,
    )
    db.session.add(back)
    db.session.flush()
    _extend(child.id, before, before.without(event.id), now=now)
    _let_hear(back)
    return back


class Replayed(Conflict):
    """Something else was sent under this number before."""

    def __init__(self) -> None:
        super().__init__(_l("Something else was sent under this number before. Nothing was changed."))


def find_sent(nonce: str) -> CustodyEvent | None:
    """What was sent under this number."""
    return db.session.scalar(select(CustodyEvent).where(CustodyEvent.nonce == nonce))


def story_of(child_id: int, on: date) -> story.Story:
    """The story of one day of a child."""
    return story.story_of(_said(CustodyEvent.child_id == child_id, CustodyEvent.on_date == on))


def as_said(event: CustodyEvent) -> story.StorySaid:
    """An event as the story knows it."""
    if event.holder is Holder.COLLECTOR:
        mark = f"{event.collector_id or ''}:{event.other_name}"
    elif event.holder is Holder.ROOM:
        mark = str(event.day_id or "")  # of two terms of a date, whose staff have the child
    else:
        mark = str(event.with_id or "")
    return story.StorySaid(
        id=event.id, holder=event.holder, at=event.at, on_date=event.on_date, nonce=event.nonce, mark=mark
    )


def _let_hear(event: CustodyEvent) -> None:
    for hear in after_said:
        hear(event)


@dataclass(frozen=True, kw_only=True)
class _Read:
    """What was said of a child on a day and after it, and who held them at the end of the days before."""

    events: tuple[story.StorySaid, ...]
    last: story.StorySaid | None

    @property
    def told(self) -> story.Story:
        """What follows from it."""
        return story.story_of(self.events, before=self.last)

    def also(self, event: story.StorySaid) -> "_Read":
        """The same, with one thing more."""
        return replace(self, events=(*self.events, event))

    def without(self, event_id: int) -> "_Read":
        """The same, with one thing taken back."""
        return replace(self, events=tuple(each for each in self.events if each.id != event_id))


def _read(child_id: int, *, since: date) -> _Read:
    events = _said(CustodyEvent.child_id == child_id, CustodyEvent.on_date >= since)
    return _Read(events=tuple(events), last=_last_before(child_id, since))


def _outcome(before: _Read, event: CustodyEvent) -> Outcome:
    """What comes of something that is said now, by all that was said before."""
    after = before.also(as_said(event)).told
    if any(each.nonce == event.nonce for each in after.repeated):
        return Outcome.DUPLICATE
    if any(each.nonce == event.nonce for each in after.conflicts):
        return Outcome.CONFLICT
    return Outcome.ACCEPTED


def _said(*where: ColumnElement[bool]) -> list[story.StorySaid]:
    back = aliased(CustodyEvent)
    is_taken_back = select(back.id).where(back.undoes_id == CustodyEvent.id).exists()
    query = (
        select(CustodyEvent)
        .where(*where, CustodyEvent.outcome.not_in(NOT_SAID), ~is_taken_back)
        .order_by(CustodyEvent.id)
    )
    return [as_said(each) for each in db.session.scalars(query)]


def _last_before(child_id: int, day: date) -> story.StorySaid | None:
    """Who held the child at the end of the days before."""
    query = (
        select(CustodyEvent)
        .join(Custody, Custody.event_id == CustodyEvent.id)
        .where(Custody.child_id == child_id, CustodyEvent.on_date < day)
        .order_by(Custody.id.desc())
        .limit(1)
    )
    event = db.session.scalar(query)
    return as_said(event) if event else None


def _extend(child_id: int, before: _Read, after: _Read, *, now: datetime) -> None:
    """Let the chain say what the story says: from where they part on, row by row."""
    was, held = before.told.held, after.told.held
    kept = story.shared(was, held)
    rows = held[kept:]
    if not rows and len(held) < len(was):  # something was taken back: whoever held them before holds them again
        rows = held[-1:] or [each for each in (after.last,) if each]
    last = now_holding(child_id)
    for each in rows:
        row = Custody(
            child_id=child_id,
            prev_id=last.id if last else None,
            event_id=each.id,
            holder=each.holder,
            since_at=each.at,
            is_correction=last is not None and (each.at < last.since_at or kept < len(was)),
            recorded_at=now,
        )
        db.session.add(row)
        db.session.flush()
        last = row


def _event(child: Person, said: HolderSaid, outcome: Outcome) -> CustodyEvent:
    sent = said.sent
    return CustodyEvent(
        child_id=child.id,
        on_date=said.on_date,
        day_id=said.day.id if said.day else None,
        class_id=said.care_class.id if said.care_class else None,
        holder=said.holder,
        with_id=said.with_person.id if said.with_person else None,
        collector_id=said.collector.id if said.collector else None,
        other_name=said.other_name,
        brought_by=said.brought_by,
        bus=said.bus,
        consent_id=said.consent.id if said.consent else None,
        checked_by=said.checked_by,
        child_agreed=said.child_agreed,
        second_id=said.second.id if said.second else None,
        approved_by_id=said.approved_by.id if said.approved_by else None,
        approved_on=said.approved_on,
        at=said.at,
        recorded_at=said.now,
        by_id=said.by.id,
        device_id=sent.device.id if sent and sent.device else None,
        device_at=sent.device_at if sent else None,
        is_offline=bool(sent and sent.is_offline),
        nonce=sent.nonce if sent else str(uuid4()),
        digest=sent.digest if sent else "",
        outcome=outcome,
        flag=said.flag,
    )
