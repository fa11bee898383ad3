"""What a device sends at once, perhaps hours later: every item is answered, none spoils the others."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.activities.models import Session
from center.attendance import roll_actions
from center.attendance.answers import Answer
from center.attendance.codes import Code, SignUpReference
from center.attendance.known import Known, presence_of
from center.attendance.models import AttendanceEvent, How, Outcome, Verb, Why
from center.attendance.models.devices import Device
from center.attendance.queries import find_register
from center.attendance.recording import Said, Sent, note
from center.attendance.scan_reads import (
    by_reference,
    cards_with,
    hold_session,
    holds_place_at,
    opening_of,
    rows_of_some,
    standings_of,
)
from center.attendance.scans import ANSWERS, DONE, Asked, By, Verdict, digest_of, scan
from center.kernel.db import db, is_violation, part_of_transaction, transaction
from center.kernel.errors import DomainError
from center.kernel.logs import log
from center.people.models import Person
from center.signups.models import SignUp

MOST_ITEMS = 200
Act = Callable[[Session, "Item", "_Batch", By], Verdict]
NONCE, NONCE_COLUMN = "uq_attendance_events_nonce", "attendance_events.nonce"
LONGEST_OFFSET = timedelta(days=400)
NOT_TOLD = {"offset", "is_stored"}  # what may be otherwise when the same is sent again
READ = ("code", "digest", "reference")  # of a code, whichever it is


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
        told = {each.name: str(getattr(self, each.name)) for each in fields(self) if each.name not in NOT_TOLD}
        told["code"] = repr(next((read for name in READ if (read := getattr(self.code, name, ""))), ""))
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What an item is answered; `is_conflict`: its number was used before, for something else."""

    nonce: str
    verdict: Verdict | None = None
    is_conflict: bool = False


class _NotTogetherError(Exception):
    """One of several items could not be taken with the others."""


def take(
    session: Session, items: Sequence[Item], *, by: Person, device: Device | None = None, now: datetime
) -> list[Answered]:
    """Take what a device sends, in the device's own order, and answer each item in the order in which it was sent.

    Opens its own transactions: all is written together, and where that cannot be each is taken anew for itself, so that
    none spoils the others.
    """
    try:
        return _take(session, items, by=by, device=device, now=now, one_by_one=False)
    except _NotTogetherError:
        return _take(session, items, by=by, device=device, now=now, one_by_one=True)


def _take(
    session: Session, items: Sequence[Item], *, by: Person, device: Device | None, now: datetime, one_by_one: bool
) -> list[Answered]:
    assert len(items) <= MOST_ITEMS
    answered: dict[int, Answered] = {}
    with transaction():
        hold_session(session)
        batch = _Batch(session, items, device, one_by_one=one_by_one)
        try:
            for place in sorted(range(len(items)), key=lambda each: (items[each].sequence, each)):
                answered[place] = _take_one(session, items[place], batch, by=by, device=device, now=now)
            batch.known.write()
        except (DomainError, IntegrityError) as error:
            if one_by_one:
                raise
            raise _NotTogetherError from error
    return [answered[place] for place in range(len(items))]


class _Batch:
    """What is known of a session and of what was sent, read at once since the session is held."""

    def __init__(self, session: Session, items: Sequence[Item], device: Device | None, *, one_by_one: bool) -> None:
        ids = {item.person_id for item in items if item.person_id is not None}
        people = db.session.scalars(select(Person).where(Person.id.in_(sorted(ids)))) if ids else ()
        self.people = {each.id: each for each in people}
        self.known = Known(writes_at_once=one_by_one)
        nonces = {nonce for item in items for nonce in (item.nonce, item.undoes) if nonce}
        self.known.register, self.sent = opening_of(session, device, nonces)
        if slips := {item.code.reference for item in items if isinstance(item.code, SignUpReference)}:
            self.known.numbered = by_reference(slips)
        if digests := {digest for item in items if (digest := digest_of(item.code))}:
            self.known.cards = cards_with(digests)
        shown = {each.person_id: each for each in self.known.numbered.values() if each is not None}
        owners = {each.person_id for each in self.known.cards.values() if each is not None}
        self._read(session, ids | set(shown) | owners, shown)

    def _read(self, session: Session, wanted: set[int], shown: Mapping[int, SignUp]) -> None:
        """How these people stand, and by what right they are here, as far as no number that was shown says it."""
        placed = {who: each for who, each in shown.items() if holds_place_at(each, session)}
        if wanted > set(placed):
            self.known.rows, self.known.sign_ups = standings_of(session, wanted)
        else:
            self.known.rows = {**dict.fromkeys(wanted), **rows_of_some(session, wanted)}
        self.known.sign_ups |= placed

    def person_of(self, item: Item) -> Person | None:
        """Whose name was tapped."""
        return self.people.get(item.person_id) if item.person_id is not None else None


def _take_one(
    session: Session, item: Item, batch: _Batch, *, by: Person, device: Device | None, now: datetime
) -> Answered:
    sent = Sent(
        nonce=item.nonce,
        device_at=item.device_at,
        sequence=item.sequence,
        digest=item.digest,
        is_stored=item.is_stored,
    )
    asking = By(person=by, now=now, device=device, sent=sent, offset=item.offset)
    if known := batch.sent.get(item.nonce):
        return _again(session, known, item, batch, asking)
    act = _undo if item.verb is Verb.UNDONE else _scan
    if not batch.known.writes_at_once:
        verdict = act(session, item, batch, asking)
    elif (alone := _alone(session, item, batch, asking, act)) is None:
        return Answered(nonce=item.nonce, is_conflict=True)
    else:
        verdict = alone
    batch.sent[item.nonce] = verdict.event
    return Answered(nonce=item.nonce, verdict=verdict)


def _alone(session: Session, item: Item, batch: _Batch, asking: By, act: Act) -> Verdict | None:
    """Take an item as a part that may fail without the others; None where its number was used for something else."""
    try:
        with part_of_transaction():
            return act(session, item, batch, asking)
    except DomainError:
        batch.known.forget(item.person_id)
        return _kept(session, item, batch, asking)
    except IntegrityError as error:
        if not is_violation(error, constraint=NONCE, columns=NONCE_COLUMN):
            raise
        db.session.expire_all()  # a device sends the same to two sessions at once
        return None


def _scan(session: Session, item: Item, batch: _Batch, asking: By) -> Verdict:
    asked = Asked(
        verb=item.verb,
        code=item.code,
        person=batch.person_of(item),
        how=item.how,
        takes_place=item.takes_place,
        is_late=item.is_late,
    )
    return scan(session, asked, asking, known=batch.known)


def _undo(session: Session, item: Item, batch: _Batch, asking: By) -> Verdict:
    done = batch.sent.get(item.undoes or "")
    if done is None or done.session_id != session.id:
        return _kept(session, item, batch, asking)
    if done.outcome is not Outcome.ACCEPTED:  # it had changed nothing
        verb = done.verb if done.outcome is Outcome.DUPLICATE else Verb.UNDONE
        said = Said(
            verb=verb, how=done.how, by=asking.person, now=asking.now, at=asking.now, device=asking.device,
            sent=asking.sent,
        )  # fmt: skip
        event = note(session, done.person_id, said, done.outcome, why=done.why)
        return Verdict(answer=None, outcome=event.outcome, event=event, person=done.person, why=done.why)
    batch.known.write()
    batch.known.forget(done.person_id)
    event = roll_actions.undo(done, by=asking.person, now=asking.now, sent=asking.sent)
    return Verdict(answer=None, outcome=Outcome.ACCEPTED, event=event, person=done.person)


def _kept(session: Session, item: Item, batch: _Batch, asking: By) -> Verdict:
    """What could not be taken, kept until somebody decides."""
    done, register = batch.sent.get(item.undoes or ""), find_register(session.id)
    person = done.person if done is not None and done.session_id == session.id else batch.person_of(item)
    said = Said(
        verb=item.verb, how=item.how, by=asking.person, now=asking.now, at=asking.now, device=asking.device,
        sent=asking.sent,
    )  # fmt: skip
    why = Why.CLOSED if register is not None and not register.is_open else Why.UNKNOWN
    outcome = Outcome.NEEDS_REVIEW if item.is_stored else Outcome.REFUSED
    event = note(session, person.id if person else None, said, outcome, why=why)
    return Verdict(answer=ANSWERS[why], outcome=outcome, event=event, person=person, why=why)


def _again(session: Session, known: AttendanceEvent, item: Item, batch: _Batch, asking: By) -> Answered:
    """The same once more is answered as before; something else under the same number is refused, and written down."""
    batch.known.write()
    if known.digest == item.digest and known.session_id == session.id:
        return Answered(nonce=item.nonce, verdict=_as_before(session, known))
    log.warning("check_in_number_used_again", session=session.id, by=asking.person.id, entry=known.id)
    said = Said(verb=item.verb, how=item.how, by=asking.person, now=asking.now, at=asking.now)
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
        since = presence_of(session, known.person_id)[1].arrived_at
    person = None if known.why is Why.REVOKED else known.person
    return Verdict(
        answer=answer, outcome=known.outcome, event=known, person=person, why=known.why, since=since
    )  # fmt: skip
