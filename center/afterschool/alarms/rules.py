"""When something has to be answered by a person, and who is told of it how soon. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from center.afterschool.models.care import LAST, AlarmAnswer, AlarmKind
from center.afterschool.models.custody import WITH_US, CustodyEvent, Holder

STEP = timedelta(minutes=15)  # after each the next ones are told
UNSEEN_AFTER = timedelta(minutes=10)  # a change of today that nobody has acknowledged for so long
WATCH_BEFORE = timedelta(hours=1)  # before the room opens nobody is there to acknowledge anything
IN_A_ROW = 3
AT_ONCE = {AlarmKind.BARRED: LAST, AlarmKind.CONFLICT: LAST, AlarmKind.CODE_TRIED: 1, AlarmKind.RATIO: 1}
TASKS = frozenset({AlarmKind.ABSENT_OFTEN})  # wait for somebody without pressing
# What says that it is over by what the ledger says; nothing else it is answered with is.
BY_LEDGER = frozenset({AlarmAnswer.ARRIVED, AlarmAnswer.COLLECTED})
NEEDS_GUARDIAN = frozenset({AlarmAnswer.ON_LEAVE, AlarmAnswer.WITH_GUARDIAN})
NEEDS_WORDS = frozenset({AlarmAnswer.FOUND, AlarmAnswer.OTHER})
ANSWERS: dict[AlarmKind, tuple[AlarmAnswer, ...]] = {
    AlarmKind.MISSING: (AlarmAnswer.WITH_GUARDIAN, AlarmAnswer.ON_LEAVE, AlarmAnswer.FOUND, AlarmAnswer.OTHER),
    AlarmKind.NOT_COLLECTED: (AlarmAnswer.OTHER,),
}


@dataclass(frozen=True, kw_only=True)
class ChildNow:
    """What is so of one child of a day: expected or not, from when, and who holds them by what was said that day."""

    child_id: int
    comes: bool
    due_at: datetime | None
    holder: Holder | None = None  # None: nobody has said anything that day
    until_at: datetime | None = None  # by when they go home; None: when the programme closes


@dataclass(frozen=True, kw_only=True)
class ChangeNow:
    """A change of the day, and when it was said."""

    change_id: int
    child_id: int
    at: datetime
    is_acknowledged: bool


@dataclass(frozen=True)
class SchoolNow:
    """What was said today of when a school ends, and nobody has acknowledged yet."""

    change_id: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class DayNow:
    """What is so for everybody on a day: from when the room is open, until when, after how long an alarm begins."""

    opens_at: datetime
    closes_at: datetime
    alarm_after: timedelta


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What a person answered to an alarm of the day before."""

    kind: AlarmKind
    subject: str
    at: datetime
    found: AlarmAnswer


@dataclass(frozen=True, kw_only=True)
class AlarmDue:
    """An alarm that has to be there: since when, and whom it is about."""

    kind: AlarmKind
    subject: str
    since: datetime
    child_id: int | None = None
    change_id: int | None = None


def wanted(
    day: DayNow,
    children: Iterable[ChildNow],
    changes: Iterable[ChangeNow],
    answers: Sequence[Answered],
    now: datetime,
    *,
    schools: Iterable[SchoolNow] = (),
) -> list[AlarmDue]:
    """The alarms that time alone brings about on a day, whether or not anybody has written them down."""
    found = [_of_child(day, each) for each in children] + [_of_change(day, each) for each in changes]
    found += [_of_school(day, each) for each in schools]
    again = [_again(each, answers, day) for each in found if each is not None]
    return [each for each in again if each is not None and each.since <= now]


def level_at(kind: AlarmKind, since: datetime, now: datetime) -> int:
    """Who is told by now: 0 the owner of the day, 1 whoever is responsible as well, 2 the director as well."""
    if kind in TASKS:
        return 0
    return min(AT_ONCE.get(kind, 0) + max(0, (now - since) // STEP), LAST)


def answers_to(kind: AlarmKind) -> tuple[AlarmAnswer, ...]:
    """What a person can answer to an alarm of this kind."""
    return ANSWERS.get(kind, (AlarmAnswer.SETTLED, AlarmAnswer.OTHER))


def is_over_by(kind: AlarmKind, holder: Holder) -> AlarmAnswer | None:
    """What an entry of the ledger, which a person made, answers to an alarm of a child; None where nothing."""
    if kind is AlarmKind.MISSING and holder is not Holder.SCHOOL:
        return AlarmAnswer.ARRIVED if holder in WITH_US else AlarmAnswer.COLLECTED
    if kind is AlarmKind.NOT_COLLECTED and holder not in {*WITH_US, Holder.SCHOOL}:
        return AlarmAnswer.COLLECTED
    return None


def child_subject(child_id: int) -> str:
    """How an alarm of a child is named."""
    return f"child:{child_id}"


def barred_subject(event: CustodyEvent) -> str:
    """How an alarm of a barred adult is named: a second one who comes for the same child is an alarm of their own."""
    if event.collector_id:
        whom = f"collector:{event.collector_id}"
    elif event.other_name:
        whom = f"name:{crc32(event.other_name.encode()):08x}"  # no name stands in what an alarm is found by
    else:
        whom = f"guardian:{event.approved_by_id}"
    return f"{child_subject(event.child_id)}:{whom}"


def _of_child(day: DayNow, child: ChildNow) -> AlarmDue | None:
    subject = child_subject(child.child_id)
    if child.holder in WITH_US:
        since = child.until_at or day.closes_at
        return AlarmDue(kind=AlarmKind.NOT_COLLECTED, subject=subject, since=since, child_id=child.child_id)
    if child.holder in {None, Holder.SCHOOL} and child.comes and child.due_at is not None:
        since = child.due_at + day.alarm_after
        return AlarmDue(kind=AlarmKind.MISSING, subject=subject, since=since, child_id=child.child_id)
    return None


def _of_change(day: DayNow, change: ChangeNow) -> AlarmDue | None:
    if change.is_acknowledged:
        return None
    since = max(change.at, day.opens_at - WATCH_BEFORE) + UNSEEN_AFTER
    subject = f"change:{change.change_id}"
    facts = {"child_id": change.child_id, "change_id": change.change_id}
    return AlarmDue(kind=AlarmKind.UNSEEN_CHANGE, subject=subject, since=since, **facts)


def school_subject(change_id: int) -> str:
    """How an alarm of what was said of a school is named."""
    return f"school:{change_id}"


def _of_school(day: DayNow, change: SchoolNow) -> AlarmDue:
    since = max(change.at, day.opens_at - WATCH_BEFORE) + UNSEEN_AFTER
    return AlarmDue(kind=AlarmKind.UNSEEN_CHANGE, subject=school_subject(change.change_id), since=since)


def _again(each: AlarmDue, answers: Sequence[Answered], day: DayNow) -> AlarmDue | None:
    """What was answered and is still not right is asked again after a while: an answer brings no child home."""
    mine = [
        one.at
        for one in answers
        if one.kind is each.kind and one.subject == each.subject and one.found not in BY_LEDGER
    ]
    if not mine:
        return each
    if each.kind is AlarmKind.UNSEEN_CHANGE:
        return None
    facts = {"child_id": each.child_id, "change_id": each.change_id}
    since = max(each.since, max(mine) + max(day.alarm_after, STEP))
    return AlarmDue(kind=each.kind, subject=each.subject, since=since, **facts)
