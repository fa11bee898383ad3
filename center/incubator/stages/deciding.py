"""The one way on: a decision, which the database turns into the stage. Never commits."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import (
    DecisionPaper,
    Incubation,
    IncubationDecision,
    IncubationDocument,
    IncubationStage,
    IncubationTransition,
    LetterCount,
)
from center.incubator.stages import interests, papers
from center.incubator.stages.clock import due_of
from center.kernel.acts import Act
from center.kernel.db import db, is_violation, lock, part_of_transaction
from center.kernel.errors import Conflict, Forbidden, RuleBroken
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.organisations.models import Stage
from center.people.models import Person
from center.rooms import ledger

MOVED = _l("Somebody else has moved it on meanwhile. Please look at where it stands now.")
LEFT = _l("It still has bookings, activities, seats or keys. See to each of them first.")
NOT_FROM_HERE = _l("This cannot be done from where it stands.")
WHY = _l("Please say why.")
PANEL = _l("A result needs the signed sheets of at least three reviewers without an interest, and the minutes.")
STILL_OPEN = _l("Its publication has not ended yet, or an objection is not answered.")
LEAVES = (IncubationStage.WITHDRAWING, IncubationStage.WITHDRAWN)
# The organisation's own word for where it stands follows.
COARSE = {
    IncubationStage.INCUBATING: Stage.INCUBATING,
    IncubationStage.MID_REVIEW: Stage.MID_REVIEW,
    IncubationStage.EXTENDED: Stage.EXTENDED,
    IncubationStage.GRADUATED: Stage.GRADUATED,
    IncubationStage.WITHDRAWING: Stage.INCUBATING,
    IncubationStage.WITHDRAWN: Stage.WITHDRAWN,
    IncubationStage.REFUSED: Stage.WITHDRAWN,
}


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What is decided: where it leads from which step, why, on which paper, who has it then and until when."""

    to_stage: IncubationStage
    step: int  # how many decisions there were when whoever decides looked
    reason: str = ""
    document: IncubationDocument | None = None
    owner_id: int | None = None
    due_on: date | None = None  # None: as the stage asks for
    has_letter: bool = False


def decide(incubation: Incubation, ruling: Ruling, *, by: Person, now: datetime) -> IncubationDecision:
    """Move an organisation on. Raises Conflict where somebody else did, Forbidden over an interest, RuleBroken."""
    if ruling.to_stage in LEAVES:
        ledger.line_up()  # nobody takes time for it meanwhile
    lock(incubation)
    if incubation.step != ruling.step:
        raise Conflict(MOVED)
    move = db.session.get(IncubationTransition, (incubation.stage, ruling.to_stage))
    if move is None:
        raise RuleBroken(NOT_FROM_HERE)
    if move.needs_reason and not ruling.reason:
        raise RuleBroken(WHY, field="reason")
    if move.needs_free:
        interests.be_free(incubation, by, now=now)
    today, document = local_date(now), ruling.document
    decision = IncubationDecision(
        incubation_id=incubation.id,
        step=ruling.step + 1,
        from_stage=incubation.stage,
        to_stage=ruling.to_stage,
        by_id=by.id,
        by_is_free=True if move.needs_free else None,
        at=now,
        reason=ruling.reason,
        document_id=document.id if document else None,
        document_sha256=document.sha256 if document else "",
        letter_year=today.year if ruling.has_letter else None,
        letter_number=_next_letter(today.year) if ruling.has_letter else None,
        next_owner_id=ruling.owner_id or (incubation.owner_id if not move.by_applicant else None),
        next_due_on=ruling.due_on or due_of(ruling.to_stage, today),
    )
    _write(decision)
    db.session.refresh(incubation)
    for paper in papers.latest_of(incubation):
        db.session.add(DecisionPaper(decision_id=decision.id, document_id=paper.id, sha256=paper.sha256))
    db.session.flush()
    _follow(incubation, by=by, is_staff=not move.by_applicant, now=now)
    return decision


def hand_to(incubation: Incubation, owner: Person, *, due_on: date | None, by: Person) -> None:
    """Say whose turn it is, and until when where that changes."""
    lock(incubation)
    incubation.owner_id = owner.id
    if due_on is not None:
        incubation.due_on = due_on
        if incubation.stage is IncubationStage.WITHDRAWING:
            incubation.organisation.uses_until = _end_of(due_on)
    db.session.flush()
    note(Act.INCUBATION_HANDED, incubation.organisation, person_id=owner.id, by=by)


def moves_from(stage: IncubationStage, *, by_applicant: bool) -> list[IncubationTransition]:
    """What may be decided from a stage, by the applicant or by staff, in the order of the stages."""
    query = select(IncubationTransition).where(
        IncubationTransition.from_stage == stage, IncubationTransition.by_applicant.is_(by_applicant)
    )
    order = list(IncubationStage)
    return sorted(db.session.scalars(query), key=lambda move: order.index(move.to_stage))


def _write(decision: IncubationDecision) -> None:
    try:
        with part_of_transaction():
            db.session.add(decision)
            db.session.flush()
    except IntegrityError as error:
        refusals = {
            "incubation_decisions_free": Forbidden(interests.BOUND),
            "incubation_decisions_left": Conflict(LEFT),
            "incubation_decisions_next": Conflict(MOVED),
            "incubation_decisions_panel": RuleBroken(PANEL),
            "incubation_decisions_published": RuleBroken(STILL_OPEN),
            "fk_incubation_decisions_free": Forbidden(interests.BOUND),
            "uq_incubation_decisions_incubation_id_step": Conflict(MOVED),
        }
        for constraint, refusal in refusals.items():
            if is_violation(error, constraint=constraint):
                raise refusal from error
        raise


def _next_letter(year: int) -> int:
    """The next number of a letter; whoever takes it holds the count of its year."""
    # Two who write the first letter of a year at once find one row all the same.
    db.session.execute(
        text("INSERT INTO letter_counts (year, last) VALUES (:year, 0) ON CONFLICT DO NOTHING"), {"year": year}
    )
    count = db.session.get_one(LetterCount, year)
    lock(count)
    count.last += 1
    db.session.flush()
    return count.last


def _uses_until(incubation: Incubation, *, now: datetime) -> datetime | None:
    """Whoever leaves uses rooms until the last day of the hand-over, whoever has left from now on none."""
    if incubation.stage is IncubationStage.WITHDRAWING and incubation.due_on is not None:
        return _end_of(incubation.due_on)
    if incubation.stage is IncubationStage.WITHDRAWN:
        return min(now, incubation.organisation.uses_until or now)
    return None


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), centre_zone())


def _follow(incubation: Incubation, *, by: Person, is_staff: bool, now: datetime) -> None:
    """The organisation's own stage says the same in fewer words; one that was taken in is listed for all."""
    organisation, coarse = incubation.organisation, COARSE.get(incubation.stage, Stage.APPLIED)
    is_applicant = incubation.stage is not IncubationStage.INCUBATING and not organisation.is_listed
    was = (organisation.stage, organisation.is_listed, organisation.uses_until)
    organisation.stage = coarse
    organisation.is_listed = not is_applicant
    organisation.uses_until = _uses_until(incubation, now=now)
    if is_staff or was != (organisation.stage, organisation.is_listed, organisation.uses_until):
        note(Act.INCUBATION_MOVED, organisation, by=by)
