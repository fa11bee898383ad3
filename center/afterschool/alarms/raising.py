"""Alarms: something that a person must answer. Time raises them and ends none; who is told is told in the same go.

Called inside one `transaction()`; never commits.
"""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import select, text
from sqlalchemy.dialects import postgresql, sqlite

from center.afterschool.alarms import news, rules
from center.afterschool.alarms.about import say_title
from center.afterschool.alarms.rules import (
    NEEDS_GUARDIAN,
    NEEDS_WORDS,
    answers_to,
    barred_subject,
    child_subject,
    level_at,
)
from center.afterschool.collectors import bars
from center.afterschool.custody import ledger, messages
from center.afterschool.models.care import Alarm, AlarmAnswer, AlarmKind, Ring
from center.afterschool.models.custody import GONE, CustodyEvent, Holder, Outcome
from center.afterschool.models.plans import PlanChange
from center.afterschool.rights import on_call
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import format_clock, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices import outbox
from center.people import phones
from center.people.acting import is_guardian
from center.people.models import Person

BARRED = frozenset({"barred", "deny"})  # why somebody was not given a child: of `ledger.refuse`


@dataclass(frozen=True, kw_only=True)
class AlarmFound:
    """What somebody found to be so; a guardian's word with the number on which they were reached."""

    found: AlarmAnswer
    words: str = ""
    guardian: Person | None = None
    number: str = ""


def raise_alarm(
    kind: AlarmKind,
    subject: str,
    *,
    on_date: date,
    now: datetime,
    since: datetime | None = None,
    child: Person | None = None,
    event: CustodyEvent | None = None,
    change: PlanChange | None = None,
) -> Alarm:
    """Raise an alarm and tell whoever has to hear of it; one that is there already stays and is returned.

    `subject` names what it is about, one of a kind at a time: "child:12", "class:3".
    """
    of = {"on_date": on_date, "kind": kind, "subject": subject}
    since = since or now
    facts = {
        "child_id": child.id if child else None,
        "event_id": event.id if event else None,
        "change_id": change.id if change else None,
        "raised_at": since,
        "level": level_at(kind, since, now),
        "escalated_at": now,
        "answer": "",
    }
    insert = (sqlite if db.session.get_bind().dialect.name == "sqlite" else postgresql).insert(Alarm)
    row = insert.values(**of, **facts).on_conflict_do_nothing(
        index_elements=list(of), index_where=text("ended_at IS NULL")
    )
    made = db.session.scalars(row.returning(Alarm)).one_or_none()
    if made is None:
        return must_find(db.session.scalar(select(Alarm).filter_by(**of, ended_at=None)), _l("There is no such alarm."))
    _tell(made, now=now)
    return made


def raise_of(kind: AlarmKind, event: CustodyEvent) -> Alarm:
    """Raise the alarm that what was said of a child is."""
    child = db.session.get_one(Person, event.child_id)
    subject = barred_subject(event) if kind is AlarmKind.BARRED else child_subject(child.id)
    return raise_alarm(kind, subject, on_date=event.on_date, now=event.recorded_at, child=child, event=event)


def escalate(alarm: Alarm, *, now: datetime) -> None:
    """Tell the next ones where it is time; twice is once."""
    lock(alarm)
    level = level_at(alarm.kind, alarm.raised_at, now)
    if alarm.ended_at is None and level > alarm.level:
        alarm.level, alarm.escalated_at = level, now
        db.session.flush()
        _tell(alarm, now=now)


def answer(alarm: Alarm, said: AlarmFound, *, by: Person, now: datetime) -> None:
    """Say what is so, which ends the alarm. That a child is with a guardian is written into the ledger as well.

    Raises Conflict where somebody else has answered it, RuleBroken where something is missing that makes it sure.
    """
    if alarm.child is not None:
        ledger.hold(alarm.child)  # before the alarm, as whoever says something of the child does
    lock(alarm)
    if alarm.ended_at is not None:
        raise Conflict(_l("Somebody has answered this alarm already: %(answer)s", answer=alarm.answer or "–"))
    _check(alarm, said, now=now)
    words = " ".join(said.words.split())
    _end(alarm, said.found, words, by_id=by.id, now=now)
    if said.found in NEEDS_GUARDIAN and alarm.child is not None:
        told = ledger.HolderSaid(
            holder=Holder.GUARDIAN,
            by=by,
            at=now,
            now=now,
            on_date=alarm.on_date,
            day=on_call.day_of(alarm),
            approved_by=said.guardian,
            approved_on=phones.normalise(said.number),
        )
        event = ledger.record(alarm.child, told)
        if event.outcome is Outcome.ACCEPTED:
            messages.tell_left(event, now=now)
        if told.approved_by is not None and bars.is_kept_away(told.approved_by, alarm.child, now=now):
            raise_of(AlarmKind.BARRED, event)


def settle(kind: AlarmKind, subject: str, *, on_date: date, by: Person, now: datetime, words: str = "") -> None:
    """What an alarm was about is right again by what somebody did; nothing where there is none."""
    query = select(Alarm).where(Alarm.on_date == on_date, Alarm.kind == kind, Alarm.subject == subject)
    for alarm in db.session.scalars(query.where(Alarm.ended_at.is_(None))).all():
        lock(alarm)
        if alarm.ended_at is None:
            _end(alarm, AlarmAnswer.SETTLED, words, by_id=by.id, now=now)


def ring(
    alarm: Alarm, guardian: Person, *, number: str, is_reached: bool, by: Person, now: datetime, said: str = ""
) -> Ring:
    """Write down that a guardian was rung, and what came of it."""
    if alarm.child is None or not is_guardian(guardian, alarm.child, local_date(now)):
        raise RuleBroken(_l("This person is no guardian of the child."), field="guardian")
    row = Ring(
        alarm_id=alarm.id,
        guardian_id=guardian.id,
        number=phones.normalise(number),
        is_reached=is_reached,
        said=" ".join(said.split()),
        by_id=by.id,
        at=now,
    )
    db.session.add(row)
    db.session.flush()
    return row


def about(alarm: Alarm) -> str:
    """How the outbox names an alarm."""
    return f"care_alarm:{alarm.id}"


def _check(alarm: Alarm, said: AlarmFound, *, now: datetime) -> None:
    if said.found not in answers_to(alarm.kind):
        raise RuleBroken(_l("Choose one of the answers."), field="found")
    if said.found in NEEDS_WORDS and not said.words.strip():
        raise RuleBroken(_l("Say in a few words what is so."), field="words")
    if said.found in NEEDS_GUARDIAN:
        if said.guardian is None or alarm.child is None or not is_guardian(said.guardian, alarm.child, local_date(now)):
            raise RuleBroken(_l("Say which guardian said so."), field="guardian")
        if not said.number.strip():
            raise RuleBroken(_l("Say on which number they were reached."), field="number")


def _end(alarm: Alarm, found: AlarmAnswer, words: str, *, by_id: int, now: datetime) -> None:
    alarm.found, alarm.answer, alarm.ended_at, alarm.ended_by_id = found, words, now, by_id
    db.session.flush()
    outbox.forget([about(alarm)], now=now)  # whoever was still to be rung about it need not be


def _tell(alarm: Alarm, *, now: datetime) -> None:
    day, today = on_call.day_of(alarm), local_date(now)
    for each in on_call.named(day, level=alarm.level, on=today):
        facts = {
            "what": partial(say_title, alarm),
            "when": lambda: format_clock(alarm.raised_at),
            "role": each.role,
        }
        outbox.tell(
            each.person, news.RAISED, key=f"{about(alarm)}:{each.person.id}", facts=facts, about=about(alarm),
            path=path_to("classroom.alarm", alarm_id=alarm.id), now=now,
        )  # fmt: skip


def _hear(event: CustodyEvent) -> None:
    """What was said of a child may answer an alarm, or be one: in the same transaction, whoever said it."""
    if event.outcome is Outcome.CONFLICT:
        raise_of(AlarmKind.CONFLICT, event)
    elif event.outcome is Outcome.REFUSED and event.why in BARRED:
        raise_of(AlarmKind.BARRED, event)
    elif event.outcome is Outcome.ACCEPTED:
        query = select(Alarm).where(Alarm.child_id == event.child_id, Alarm.ended_at.is_(None))
        for alarm in db.session.scalars(query.order_by(Alarm.id)).all():
            found = rules.is_over_by(alarm.kind, event.holder)
            lock(alarm)
            if found is not None and alarm.ended_at is None and alarm.on_date <= event.on_date:
                _end(alarm, found, "", by_id=event.by_id, now=event.recorded_at)
        if (event.holder in GONE and _is_against_later(event)) or _is_after_closing(event):
            raise_of(AlarmKind.CONFLICT, event)


def _is_against_later(event: CustodyEvent) -> bool:
    """Whether what was so before is heard of only now, and what was taken as so until now cannot be so as well."""
    return any(each.at >= event.at for each in ledger.story_of(event.child_id, event.on_date).conflicts)


def _is_after_closing(event: CustodyEvent) -> bool:
    """Whether a device sent it after the day was closed: its register is written, and says nothing of this."""
    return event.is_offline and event.day is not None and event.day.closed_at is not None


ledger.after_said.append(_hear)
