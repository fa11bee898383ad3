"""Terms are agreed and extended; seats and lockers are let and given back; keys are given out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError

from center.incubator.agreements import queries, rules
from center.incubator.models.agreements import (
    Agreement,
    AgreementPaper,
    HandOverAct,
    HandOverWay,
    KeyGiven,
    LeftKind,
    Seat,
    SeatKind,
    SeatLetting,
)
from center.incubator.models.incubations import DocumentKind, Incubation, IncubationDocument, IncubationStage
from center.incubator.stages import papers
from center.kernel.acts import Act
from center.kernel.db import db, is_violation, lock, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person

TAKEN = _l("This one is let on some of these days already. Choose another, or other days.")
OUTSIDE = _l("These days lie outside the term of the agreement.")
SAME_TERM = _l("Another term of this organisation counts on some of these days.")


@dataclass(frozen=True, kw_only=True)
class TermFacts:
    """What is agreed."""

    starts_on: date
    ends_on: date
    room_hours: int
    reason: str = ""
    document: IncubationDocument | None = None


def agree(incubation: Incubation, facts: TermFacts, *, by: Person, now: datetime) -> Agreement:
    """Enter an agreement, or the extension of one, which says why; seats and lockers go on with it.

    Raises RuleBroken for what the rules refuse, Conflict for a term that overlaps another or an organisation that is
    not in the house.
    """
    lock(incubation)
    if incubation.stage not in rules.IN_THE_HOUSE or incubation.stage is IncubationStage.WITHDRAWING:
        raise Conflict(_l("This organisation is not at a stage at which anything is agreed."))
    before = queries.latest_agreement(incubation.id)
    broken_rules(
        rules.term_faults(
            starts_on=facts.starts_on,
            ends_on=facts.ends_on,
            last=before.ends_on if before else None,
            reason=facts.reason,
            is_extension=before is not None,
        )
    )
    agreement = Agreement(
        incubation_id=incubation.id,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        room_hours=facts.room_hours,
        is_extension=before is not None,
        reason=facts.reason.strip(),
        document_id=facts.document.id if facts.document else None,
        entered_by_id=by.id,
        entered_at=now,
    )
    _write(agreement, {"incubation_agreements_once": SAME_TERM})
    if before is not None and before.ends_on + timedelta(days=1) == agreement.starts_on:
        _keep_seats(before, agreement, by=by, now=now)
    note(Act.AGREEMENT_ENTERED, incubation.organisation, by=by, reason=agreement.reason)
    return agreement


def sign(agreement: Agreement, *, name: str, content: bytes, by: Person, now: datetime) -> IncubationDocument:
    """Keep the paper on which it is signed, encrypted as all papers are; another one is the next version."""
    incubation = agreement.incubation
    lock(incubation)
    kind = DocumentKind.AGREEMENT
    document = papers.add(incubation, kind, name=name, content=content, by=by, by_staff=True, now=now)
    if db.session.get(AgreementPaper, (agreement.id, document.id)) is None:
        db.session.add(AgreementPaper(agreement_id=agreement.id, document_id=document.id))
        db.session.flush()
        note(Act.AGREEMENT_SIGNED, incubation.organisation, by=by, reason=document.name)
    return document


def let(seat: Seat, agreement: Agreement, *, starts_on: date, ends_on: date, by: Person, now: datetime) -> SeatLetting:
    """Let a seat or a locker within the term; raises Conflict where it is another's on one of these days."""
    lock(agreement)
    lock(seat)
    term = (agreement.starts_on, agreement.ends_on)
    broken_rules(rules.letting_faults(starts_on=starts_on, ends_on=ends_on, term=term))
    if seat.is_retired:
        raise RuleBroken(_l("This one is not let any more."), field="seat")
    letting = SeatLetting(
        seat_id=seat.id,
        agreement_id=agreement.id,
        starts_on=starts_on,
        ends_on=ends_on,
        let_by_id=by.id,
        let_at=now,
    )
    _write(letting, {"seat_lettings_once": TAKEN, "seat_lettings_in_term": OUTSIDE})
    note(Act.SEAT_LET, agreement.incubation.organisation, by=by, reason=seat.code)
    return letting


def take_back(letting: SeatLetting, *, by: Person, now: datetime) -> None:
    """A seat or a locker is empty again; it can be let from the day after."""
    lock(letting)
    today = local_date(now)
    if letting.given_back_on is not None:
        raise Conflict(_l("This was given back already."))
    letting.given_back_on, letting.taken_back_by_id = today, by.id
    letting.ends_on = max(letting.starts_on, min(letting.ends_on, today))
    note_act(letting.agreement.incubation_id, LeftKind.SEAT, letting.seat.code, by=by, now=now)
    note(Act.SEAT_TAKEN_BACK, letting.agreement.incubation.organisation, by=by, reason=letting.seat.code)


def give_key(incubation: Incubation, person: Person, *, what: str, by: Person, now: datetime) -> KeyGiven:
    """Write down that somebody has a key."""
    lock(incubation)
    if incubation.stage not in rules.IN_THE_HOUSE:
        raise Conflict(_l("This organisation is not in the house."))
    if any(each.what == what and each.returned_on is None for each in queries.keys_of(incubation.id)):
        raise Conflict(_l("This key is out already."), field="what")
    key = KeyGiven(
        incubation_id=incubation.id, what=what, person_id=person.id, given_on=local_date(now), given_by_id=by.id
    )
    db.session.add(key)
    note(Act.KEY_GIVEN, incubation.organisation, by=by, person_id=person.id, reason=what)
    return key


def take_key(key: KeyGiven, incubation: Incubation, *, by: Person, now: datetime) -> None:
    """A key is back."""
    lock(key)
    if key.returned_on is not None:
        raise Conflict(_l("This was given back already."))
    key.returned_on, key.taken_by_id = local_date(now), by.id
    note_act(incubation.id, LeftKind.KEY, key.what, by=by, now=now)
    note(Act.KEY_TAKEN, incubation.organisation, by=by, person_id=key.person_id, reason=key.what)


def add_seat(kind: SeatKind, code: str, *, by: Person) -> Seat:
    """One more seat or locker; raises Conflict where its number is taken."""
    if any(each.code == code for each in queries.seats(with_retired=True)):
        raise Conflict(_l("There is one with this number already."), field="code")
    seat = Seat(kind=kind, code=code)
    db.session.add(seat)
    note(Act.SEATS_CHANGED, code, by=by)
    return seat


def retire_seat(seat: Seat, *, is_retired: bool, by: Person, now: datetime) -> None:
    """Let a seat no more, or again; raises Conflict while somebody has it."""
    lock(seat)
    if is_retired and queries.is_let(seat.id, since=local_date(now)):
        raise Conflict(_l("Somebody has this one. It is given back first."))
    seat.is_retired = is_retired
    note(Act.SEATS_CHANGED, seat.code, by=by)


def note_act(incubation_id: int, kind: LeftKind, what: str, *, by: Person, now: datetime) -> None:
    """Write down that something came back."""
    way = HandOverWay.RETURNED
    db.session.add(HandOverAct(incubation_id=incubation_id, kind=kind, what=what, way=way, by_id=by.id, at=now))
    db.session.flush()


def _keep_seats(before: Agreement, agreement: Agreement, *, by: Person, now: datetime) -> None:
    """What was let until the end of the term before goes on until the end of this one."""
    for letting in queries.lettings_of([before.id]):
        if letting.given_back_on is None and letting.ends_on == before.ends_on:
            letting.given_back_on, letting.taken_back_by_id = before.ends_on, by.id
            db.session.flush()
            dates = {"starts_on": agreement.starts_on, "ends_on": agreement.ends_on}
            followed = SeatLetting(
                seat_id=letting.seat_id, agreement_id=agreement.id, let_by_id=by.id, let_at=now, **dates
            )
            _write(followed, {"seat_lettings_once": TAKEN})


def _write(row: Agreement | SeatLetting, refusals: dict[str, object]) -> None:
    try:
        with part_of_transaction():
            db.session.add(row)
            db.session.flush()
    except IntegrityError as error:
        for constraint, words in refusals.items():
            if is_violation(error, constraint=constraint):
                raise Conflict(words, field="starts_on") from error
        raise
