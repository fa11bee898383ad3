"""What a device sends at once, perhaps hours later: every item is answered, none spoils the others. Never commits."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from center.activities.models import Session
from center.attendance import roll_actions
from center.attendance.answers import Answer
from center.attendance.codes import Code
from center.attendance.models import AttendanceEvent, How, Outcome, Verb, Why
from center.attendance.models.devices import Device
from center.attendance.queries import find_by_nonce
from center.attendance.recording import Said, Sent, note, standing_of
from center.attendance.scans import ANSWERS, DONE, Asked, By, Verdict, scan
from center.kernel.db import db, lock
from center.kernel.errors import DomainError
from center.kernel.logs import log
from center.people.models import Person

MOST_ITEMS = 200
LONGEST_OFFSET = timedelta(days=400)


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing that a device sends, checked for shape only."""

    nonce: str
    device_at: datetime
    sequence: int
    offset: timedelta = timedelta(0)
    verb: Verb = Verb.ARRIVED
    code: Code | None = None
    person_id: int | None = None  # whose name was tapped
    how: How = How.ROLL
    takes_place: bool = False
    is_late: bool | None = None
    undoes: str | None = None  # the number of what is taken back
    is_stored: bool = True

    @property
    def digest(self) -> str:
        """What was sent under the number, whenever it is sent again."""
        told = {name: str(value) for name, value in asdict(self).items() if name not in {"offset", "is_stored"}}
        told["code"] = repr(getattr(self.code, "code", None) or getattr(self.code, "reference", None) or "")
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What an item is answered; `is_conflict`: its number was used before, for something else."""

    nonce: str
    verdict: Verdict | None = None
    is_conflict: bool = False


def take(
    session: Session, items: Sequence[Item], *, by: Person, device: Device | None = None, now: datetime
) -> list[Answered]:
    """Take what a device sends, in the device's own order, and answer each item in the order in which it was sent."""
    assert len(items) <= MOST_ITEMS
    lock(session)
    persons = _persons(items)
    answered: dict[int, Answered] = {}
    for place in sorted(range(len(items)), key=lambda each: (items[each].sequence, each)):
        answered[place] = _take_one(session, items[place], persons, by=by, device=device, now=now)
    return [answered[place] for place in range(len(items))]


def _take_one(
    session: Session, item: Item, persons: dict[int, Person], *, by: Person, device: Device | None, now: datetime
) -> Answered:
    if known := find_by_nonce(item.nonce):
        return _again(session, known, item, by=by, device=device, now=now)
    sent = Sent(
        nonce=item.nonce,
        device_at=item.device_at,
        sequence=item.sequence,
        digest=item.digest,
        is_stored=item.is_stored,
    )
    asking = By(person=by, now=now, device=device, sent=sent, offset=item.offset)
    try:
        with db.session.begin_nested():
            verdict = (
                _undo(session, item, asking) if item.verb is Verb.UNDONE else _scan(session, item, persons, asking)
            )
            return Answered(nonce=item.nonce, verdict=verdict)
    except DomainError:
        return Answered(nonce=item.nonce, verdict=_kept(session, item, persons, asking))


def _scan(session: Session, item: Item, persons: dict[int, Person], asking: By) -> Verdict:
    asked = Asked(
        verb=item.verb,
        code=item.code,
        person=persons.get(item.person_id) if item.person_id is not None else None,
        how=item.how,
        takes_place=item.takes_place,
        is_late=item.is_late,
    )
    return scan(session, asked, asking)


def _undo(session: Session, item: Item, asking: By) -> Verdict:
    done = find_by_nonce(item.undoes or "")
    if done is None or done.session_id != session.id:
        return _kept(session, item, {}, asking)
    if done.outcome is not Outcome.ACCEPTED:  # it had changed nothing
        said = Said(verb=done.verb, how=done.how, by=asking.person, now=asking.now, at=asking.now, sent=asking.sent)
        event = note(session, done.person_id, said, done.outcome, why=done.why)
        return Verdict(answer=None, outcome=event.outcome, event=event, person=done.person, why=done.why)
    event = roll_actions.undo(done, by=asking.person, now=asking.now, sent=asking.sent)
    return Verdict(answer=None, outcome=Outcome.ACCEPTED, event=event, person=done.person)


def _kept(session: Session, item: Item, persons: dict[int, Person], asking: By) -> Verdict:
    """What could not be taken, kept until somebody decides."""
    person = persons.get(item.person_id) if item.person_id is not None else None
    verb = Verb.ARRIVED if item.verb is Verb.UNDONE else item.verb
    said = Said(
        verb=verb, how=item.how, by=asking.person, now=asking.now, at=asking.now, device=asking.device, sent=asking.sent
    )  # fmt: skip
    why = Why.UNKNOWN
    outcome = Outcome.NEEDS_REVIEW if item.is_stored else Outcome.REFUSED
    event = note(session, person.id if person else None, said, outcome, why=why)
    return Verdict(answer=ANSWERS[why], outcome=outcome, event=event, person=person, why=why)


def _again(
    session: Session, known: AttendanceEvent, item: Item, *, by: Person, device: Device | None, now: datetime
) -> Answered:
    """The same once more is answered as before; something else under the same number is refused, and written down."""
    if known.digest == item.digest and known.session_id == session.id:
        return Answered(nonce=item.nonce, verdict=_as_before(session, known))
    log.warning("check_in_number_used_again", session=session.id, by=by.id, entry=known.id)
    said = Said(verb=item.verb if item.verb is not Verb.UNDONE else known.verb, how=item.how, by=by, now=now, at=now)
    note(session, known.person_id, said, Outcome.REFUSED, why=Why.REPLAYED)
    return Answered(nonce=item.nonce, is_conflict=True)


def _as_before(session: Session, known: AttendanceEvent) -> Verdict:
    answer: Answer | None
    if known.outcome in {Outcome.NEEDS_REVIEW, Outcome.REFUSED}:
        answer = ANSWERS.get(known.why) if known.why else None
    elif known.outcome is Outcome.DUPLICATE and known.verb is Verb.ARRIVED:
        answer = Answer.ALREADY
    else:
        answer = DONE.get(known.verb)
    since = None
    if answer is Answer.ALREADY and known.person_id:
        since = standing_of(session, known.person_id)[1].arrived_at
    return Verdict(
        answer=answer, outcome=known.outcome, event=known, person=known.person, why=known.why, since=since
    )  # fmt: skip


def _persons(items: Sequence[Item]) -> dict[int, Person]:
    ids = {item.person_id for item in items if item.person_id is not None}
    return {each: person for each in sorted(ids) if (person := db.session.get(Person, each)) is not None}
