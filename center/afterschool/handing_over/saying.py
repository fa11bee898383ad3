"""What every word about a child has in common: by whom it is said, of which day, under which number.

Whatever was so is written down: nothing here asks for room, a connection, a register or a schedule.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select

from center.afterschool.alarms import raising
from center.afterschool.collectors import bars
from center.afterschool.custody import ledger
from center.afterschool.custody.ledger import HolderSaid, Sent
from center.afterschool.handing_over.answers import Answer, answer_of
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import CustodyEvent, Flag, Holder, Outcome
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar
from center.afterschool.models.terms import Term, TermDay, TermState
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.kernel import clock
from center.kernel.db import db, lock
from center.people.models import Person

ALARMS = {
    Answer.ASK_DIRECTOR: AlarmKind.BARRED,
    Answer.BARRED: AlarmKind.BARRED,
    Answer.CONFLICT: AlarmKind.CONFLICT,
    Answer.NO_TRIES: AlarmKind.CODE_TRIED,
    Answer.UNKNOWN_ADULT: AlarmKind.CONFLICT,
    Answer.UNSURE: AlarmKind.CONFLICT,
}


@dataclass(frozen=True, kw_only=True)
class Saying:
    """By whom, of which day and when something is said; `at`: when it was so, where that is not now."""

    by: Person
    now: datetime
    on: date
    day: TermDay | None = None
    at: datetime | None = None
    sent: Sent | None = None
    is_paper: bool = False

    @property
    def when(self) -> datetime:
        """When it was so."""
        return self.at or self.now

    @property
    def was_so(self) -> bool:
        """Whether it happened out of our sight, on paper or without a connection: then nothing can be refused."""
        return self.is_paper or bool(self.sent and self.sent.is_offline)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is answered, what was written down for it, and who has the child where somebody else said so before."""

    answer: Answer
    event: CustodyEvent | None = None
    before: CustodyEvent | None = None
    tries_left: int = 0


def hold(children: Iterable[Person], saying: Saying) -> None:
    """Let nobody else say anything of these children meanwhile; the day first, then the children in one order."""
    if saying.day is not None:
        lock(saying.day)
    for child in sorted(children, key=lambda each: each.id):
        ledger.hold(child)


def said_before(child: Person, saying: Saying) -> Verdict | None:
    """What was answered to the same thing when it was sent before; raises Conflict where it was something else."""
    earlier = ledger.find_sent(saying.sent.nonce) if saying.sent else None
    if earlier is None or saying.sent is None:
        return None
    if earlier.child_id != child.id or earlier.digest != saying.sent.digest:
        raise ledger.Replayed
    if is_undone(earlier):
        return Verdict(answer=Answer.TAKEN_BACK, event=earlier)
    return Verdict(answer=answer_of(earlier), event=earlier)


def is_undone(event: CustodyEvent) -> bool:
    """Whether it was taken back."""
    return db.session.scalar(select(CustodyEvent.id).where(CustodyEvent.undoes_id == event.id)) is not None


def numbered(saying: Saying, child: Person) -> Saying:
    """The same said of one of several children: under a number that follows from that of all."""
    if saying.sent is None:
        return saying
    nonce = str(uuid5(UUID(saying.sent.nonce), f"child:{child.id}"))
    return replace(saying, sent=replace(saying.sent, nonce=nonce))


def find_enrolment(child: Person, saying: Saying) -> Enrolment | None:
    """The child's row in the day's term; without such a day, the latest there is, also if it has ended."""
    query = select(Enrolment).join(Enrolment.term).where(Enrolment.child_id == child.id)
    if saying.day is not None:
        return db.session.scalar(query.where(Enrolment.term_id == saying.day.term_id))
    return db.session.scalar(query.where(Term.state != TermState.DRAFT).order_by(Enrolment.id.desc()).limit(1))


def expected_of(child: Person, saying: Saying) -> Expected | None:
    """What the day's plan says of a child; None where the day or the child has none."""
    enrolment = find_enrolment(child, saying)
    return day_plans.expected_of(enrolment, saying.day) if enrolment and saying.day else None


def written(child: Person, said: HolderSaid) -> Verdict:
    """Write down who holds a child, and say who held them before.

    Where nothing was ever said of the child, their school had them until then: so a slip can be taken back.
    """
    before = ledger.now_holding(child.id)
    if before is None:
        ledger.record(child, _from_school(said))
    event = ledger.record(child, said)
    return Verdict(answer=answer_of(event), event=event, before=before.event if before else None)


def _from_school(said: HolderSaid) -> HolderSaid:
    return HolderSaid(
        holder=Holder.SCHOOL,
        by=said.by,
        at=said.at - timedelta(seconds=1),
        now=said.now,
        on_date=said.on_date,
        day=said.day,
        care_class=said.care_class,
    )


def refused(child: Person, said: HolderSaid, answer: Answer, *, before: CustodyEvent | None = None) -> Verdict:
    """Write down that somebody was not given the child, and why; what the director has to hear of is an alarm."""
    event = ledger.refuse(child, said, why=answer.value)
    raise_alarm(answer, event)
    return Verdict(answer=answer, event=event, before=before)


def raise_alarm(answer: Answer, event: CustodyEvent) -> None:
    """The alarm that an answer raises, if it does; it tells whoever has to hear of it at once."""
    if kind := ALARMS.get(answer):
        raising.raise_of(kind, event)


def said_of(child: Person, saying: Saying, holder: Holder) -> HolderSaid:
    """The beginning of everything that is said of a child."""
    enrolment = find_enrolment(child, saying)
    return HolderSaid(
        holder=holder,
        by=saying.by,
        at=saying.when,
        now=saying.now,
        on_date=saying.on,
        day=saying.day,
        care_class=enrolment.care_class if enrolment else None,
        sent=saying.sent,
    )


def bars_of(child: Person, saying: Saying) -> list[Bar]:
    """The bars that stand now, though they were set while this waited, and those that stood when it was so: that
    moment is only what a device or paper says."""
    then = bars.bars_of(child, saying.when) if saying.was_so else []
    return [*then, *bars.bars_of(child, max(saying.now, clock.now()))]


def is_denied(guardian: Person, child: Person, saying: Saying) -> bool:
    """Whether a guardian may not collect the child themselves, so that their word on the phone is not enough."""
    return bars.denies(bars_of(child, saying), guardian)


def flag_of(saying: Saying, *flags: Flag | None) -> Flag | None:
    """The first of these that is so; what was typed in from paper is marked as that where nothing else is."""
    return next((each for each in flags if each), Flag.PAPER if saying.is_paper else None)


def is_new(verdict: Verdict) -> bool:
    """Whether it was written down as so just now, so that others are told of it."""
    return verdict.event is not None and verdict.event.outcome is Outcome.ACCEPTED
