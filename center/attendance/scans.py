"""What becomes of one scan: whose it is, whether it can be taken, and what is answered. Never commits.

Whoever stands at the door and is refused can do something about it. What a device has stored cannot be turned away any
more: it is taken, or it waits until somebody decides.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from center.activities.models import Session, SessionState
from center.attendance import cards, recording, roll_actions
from center.attendance.answers import Answer
from center.attendance.codes import CardCode, CardDigest, Code, SignUpReference
from center.attendance.duties import is_its_duty
from center.attendance.hours.actions import sign_in, sign_out
from center.attendance.hours.queries import volunteers_of
from center.attendance.known import Known
from center.attendance.models import CAME, Admitted, AttendanceEvent, How, Outcome, Verb, Why
from center.attendance.models.devices import Device
from center.attendance.places_elsewhere import place_elsewhere, was_given_up
from center.attendance.recording import Place, Said, Sent
from center.attendance.rules import Timing, believed, check_in_span, refusal, timing
from center.attendance.scan_reads import by_reference
from center.kernel.db import lock, part_of_transaction
from center.kernel.errors import DomainError, Full
from center.kernel.spans import Span
from center.people import queries as people
from center.people.models import Person
from center.signups.models import SignUp

ANSWERS = {
    Why.CANCELLED: Answer.CANCELLED,
    Why.CLOCK: Answer.NOT_ALLOWED,
    Why.CLOSED: Answer.OVER,
    Why.FULL: Answer.FULL,
    Why.NOT_ALLOWED: Answer.NOT_ALLOWED,
    Why.NOT_HERE: Answer.NOT_SIGNED_UP,
    Why.NOT_SIGNED_UP: Answer.NOT_SIGNED_UP,
    Why.OLD_CARD: Answer.OLD_CARD,
    Why.OVER: Answer.OVER,
    Why.REPLAYED: Answer.NOT_ALLOWED,
    Why.REVOKED: Answer.NOT_ALLOWED,
    Why.TOO_EARLY: Answer.TOO_EARLY,
    Why.UNKNOWN: Answer.UNKNOWN,
    Why.WRONG_SESSION: Answer.WRONG_SESSION,
}
DONE = {Verb.ARRIVED: Answer.CHECKED_IN, Verb.LEFT: Answer.LEFT}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is asked: of whom (a code that was read, or somebody's name that was tapped), and what."""

    verb: Verb = Verb.ARRIVED
    code: Code | None = None
    person: Person | None = None
    how: How = How.ROLL
    takes_place: bool = False  # whoever has none takes one: a walk-in
    is_late: bool | None = None


@dataclass(frozen=True, kw_only=True)
class By:
    """Who asks, when and with what."""

    person: Person
    now: datetime
    device: Device | None = None
    sent: Sent | None = None
    offset: timedelta = timedelta(0)

    @property
    def is_stored(self) -> bool:
        """Whether it waited on a device, which said to whoever stood there that it is kept."""
        return self.sent is not None and self.sent.is_stored


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What is answered: `why` where it was not taken as it came, `since` when they are here already, and `other`."""

    answer: Answer | None
    outcome: Outcome
    event: AttendanceEvent
    person: Person | None = None
    why: Why | None = None
    since: datetime | None = None
    other: Session | None = None


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Whom a code means, or why nobody; of a sign-up's number, that sign-up."""

    person: Person | None = None
    how: How = How.ROLL
    why: Why | None = None
    sign_up: SignUp | None = None
    reference: str = ""  # the number that was read, whether or not there is such a sign-up


def scan(session: Session, asked: Asked, by: By, *, known: Known | None = None) -> Verdict:
    """Take a scan if it can be taken, and say what is to be answered. It is written down in any case.

    `known`: the session is held already, and so much was read of it since.
    """
    if known is None:
        lock(session)
        known = Known()
    whose = whose_is(asked, known)
    moment = believed(by.sent.device_at, offset=by.offset, now=by.now, span=_span(session)) if by.sent else None
    said = Said(
        verb=asked.verb,
        how=whose.how,
        by=by.person,
        now=by.now,
        at=moment.at if moment else by.now,
        why=moment.why if moment else None,
        is_late=asked.is_late,
        device=by.device,
        sent=by.sent,
    )
    if why := _stands_against(session, whose, said, known):
        return _refused(session, whose, said, why, by, known)
    assert whose.person is not None
    known.register = recording.hold(session, by=by.person, now=by.now, known=known)
    try:
        place, flag = _place(session, whose, asked, by, known)
    except Full:
        return _refused(session, whose, said, Why.FULL, by, known)
    except DomainError:
        return _refused(session, whose, said, Why.NOT_SIGNED_UP, by, known)
    if place is None:
        if helping := _as_volunteer(session, whose.person, said):
            return helping
        why, other = _no_place(session, whose)
        return _refused(session, whose, said, why, by, known, other=other)
    return _taken(session, whose, replace(said, why=flag or said.why), place, by, known)


def _as_volunteer(session: Session, person: Person, said: Said) -> Verdict | None:
    """Whoever helps here signs in or out by the same scan; their shift is no attendance. None for anybody else."""
    if said.verb not in DONE or person not in volunteers_of(session):
        return None
    act = sign_in if said.verb is Verb.ARRIVED else sign_out
    try:
        shift = act(session, person, by=said.by, now=said.at)
    except DomainError:
        return None
    event = recording.note(session, person.id, said, Outcome.DUPLICATE, why=Why.VOLUNTEER)
    was_in = said.verb is Verb.ARRIVED and shift.in_at != said.at
    answer, since = (Answer.ALREADY, shift.in_at) if was_in else (DONE[said.verb], None)
    return Verdict(
        answer=answer, outcome=event.outcome, event=event, person=person, why=Why.VOLUNTEER, since=since
    )  # fmt: skip


def _taken(session: Session, whose: Whose, said: Said, place: Place, by: By, known: Known) -> Verdict:
    assert whose.person is not None
    _, before = known.presence_of(session, whose.person.id)
    if why := refusal(said.verb, before, at=said.at):
        return _refused(session, whose, said, why, by, known)
    event = recording.record(session, whose.person, said, place=place, known=known)
    is_known = event.outcome is Outcome.DUPLICATE
    answer = Answer.ALREADY if is_known and said.verb is Verb.ARRIVED else DONE.get(said.verb)
    since = before.arrived_at if is_known else None
    return Verdict(
        answer=answer, outcome=event.outcome, event=event, person=whose.person, why=event.why, since=since
    )  # fmt: skip


def whose_is(asked: Asked, known: Known | None = None) -> Whose:
    """Whom a code or a name means, or why nobody."""
    known = known or Known()
    if asked.person is not None and asked.person.erased_at is None:
        return Whose(person=people.behind_double(asked.person), how=asked.how)
    match asked.code:
        case CardCode() | CardDigest():
            card = known.card_with(digest_of(asked.code))
            return _whose_card(cards.found(card) if card is not None else None)
        case SignUpReference(reference):
            numbered = known.numbered if reference in known.numbered else by_reference([reference])
            signed = numbered[reference]
            if signed is None or signed.person.erased_at is not None:
                return Whose(how=How.SIGN_UP, why=Why.UNKNOWN, reference=reference)
            person = people.behind_double(signed.person)
            return Whose(person=person, how=How.SIGN_UP, sign_up=signed, reference=reference)
        case _:
            return Whose(how=asked.how, why=Why.UNKNOWN)


def digest_of(code: Code | None) -> str:
    """What is kept of a card that was read; "" where it was none."""
    match code:
        case CardCode(secret):
            return cards.hash_of(secret)
        case CardDigest(digest):
            return digest
        case _:
            return ""


def _whose_card(found: cards.Found | None) -> Whose:
    if found is None or found.person is None:
        return Whose(how=How.CARD, why=Why.UNKNOWN)
    return Whose(person=found.person, how=How.CARD, why=None if found.counts else Why.OLD_CARD)


def _stands_against(session: Session, whose: Whose, said: Said, known: Known) -> Why | None:
    """What keeps anybody from being checked in like this, whoever they are; then what is wrong with the code."""
    device = said.device
    if device is not None and device.revoked_at is not None and device.revoked_at <= said.at:
        return Why.REVOKED
    if device is not None and (said.at >= device.expires_at or not is_its_duty(device, session, said.at)):
        return Why.NOT_ALLOWED
    if session.state is SessionState.CANCELLED:
        return Why.CANCELLED
    register = known.register_of(session)
    if register is not None and not register.is_open:
        return Why.CLOSED
    when = timing(session.starts_at, session.ends_at, at=said.at)
    if when is Timing.TOO_EARLY and said.verb is not Verb.ON_LEAVE:
        return Why.CLOCK if said.why is Why.CLOCK else Why.TOO_EARLY
    if when is Timing.OVER:
        return Why.CLOCK if said.why is Why.CLOCK else Why.OVER
    return whose.why


def _place(session: Session, whose: Whose, asked: Asked, by: By, known: Known) -> tuple[Place | None, Why | None]:
    """By what right they are here; a place is taken for who walks in, and for who came before they knew it was gone."""
    person = whose.person
    assert person is not None
    if held := roll_actions.place_held(session, person.id, known=known):
        return held, None
    row, before = known.presence_of(session, person.id)
    if row is not None and (before.status in CAME or asked.verb is not Verb.ARRIVED):  # and gave their place up since
        return Place(), None
    if asked.takes_place:
        known.write()
        return roll_actions.take_place(session, person, by=by.person, now=by.now), None
    if by.is_stored and asked.verb is Verb.ARRIVED and was_given_up(session, person.id):
        return _retake(session, person, by), Why.CANCELLED
    return None, None


def _retake(session: Session, person: Person, by: By) -> Place:
    """Whoever was let in where nobody could know that their place was gone: another one, or none and it is said so."""
    try:
        with part_of_transaction():
            return roll_actions.take_place(session, person, by=by.person, now=by.now)
    except DomainError:
        admission = roll_actions.admit(session, person, Admitted.CANCELLED, reason="", by=by.person, now=by.now)
        return Place(admission_id=admission.id, is_walk_in=True)


def _no_place(session: Session, whose: Whose) -> tuple[Why, Session | None]:
    assert whose.person is not None
    if was_given_up(session, whose.person.id):
        return Why.CANCELLED, None
    if other := place_elsewhere(session, whose.person.id, sign_up=whose.sign_up):
        return Why.WRONG_SESSION, other
    return Why.NOT_SIGNED_UP, None


def _refused(
    session: Session, whose: Whose, said: Said, why: Why, by: By, known: Known, *, other: Session | None = None
) -> Verdict:
    outcome = Outcome.NEEDS_REVIEW if by.is_stored else Outcome.REFUSED
    person = whose.person
    person_id, is_last = person.id if person else None, known.writes_at_once
    event = recording.note(session, person_id, said, outcome, why=why, code=whose.reference, is_last=is_last)
    told = None if why is Why.REVOKED else person  # a device that was shut out learns nobody's name any more
    return Verdict(answer=ANSWERS[why], outcome=outcome, event=event, person=told, why=why, other=other)


def _span(session: Session) -> Span:
    return check_in_span(session.starts_at, session.ends_at)
