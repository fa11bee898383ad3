"""Lending: promised, handed out, taken back. Called inside a `transaction()`; never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from center.activities.photos.images import Picture
from center.kernel import metrics
from center.kernel.db import change_rows, db, is_violation, lock
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import new_reference
from center.kernel.undoing import may_undo
from center.organisations.models import Organisation
from center.people.models import Person
from center.troupes.lending import messages, news, rules, stock
from center.troupes.models.lending import (
    DamagePhoto,
    LineState,
    Loan,
    LoanLine,
    LoanUndoing,
    Thing,
)
from center.troupes.models.troupes import Troupe
from center.troupes.policy import refuse_ended

# What of the ledger refuses that something is in two hands.
HELD_BY = ("loan_lines_no_overlap", "loan_lines_enough", "loan_lines_fit", "uq_loan_lines_out")
OUT_COLUMNS = "loan_lines.unit_id"


class Taken(Conflict):
    """Somebody else has it at that time."""


@dataclass(frozen=True, kw_only=True)
class LoanItem:
    """So many pieces of a thing, or one numbered piece."""

    thing_id: int
    count: int = 1
    unit_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Who gets it, from when until when, and what for."""

    person: Person | None = None
    organisation: Organisation | None = None
    starts_at: datetime
    due_at: datetime
    purpose: str = ""


def promise(troupe: Troupe, wanted: Sequence[LoanItem], terms: Terms, *, by: Person, now: datetime) -> Loan:
    """Keep pieces for somebody. After Taken the transaction is lost. Raises RuleBroken, NotFound, Taken."""
    rules.check_times(terms.starts_at, terms.due_at, now=now)
    if (terms.person is None) == (terms.organisation is None):
        raise RuleBroken(_l("Please choose a member, or an organisation."), field="person")
    if not wanted:
        raise RuleBroken(_l("Please choose at least one thing."), field="things")
    lock(troupe, shared=True)
    refuse_ended(troupe)
    _hold(troupe, {each.thing_id for each in wanted})
    loan = Loan(
        number=new_reference(),
        troupe_id=troupe.id,
        person_id=terms.person.id if terms.person else None,
        organisation_id=terms.organisation.id if terms.organisation else None,
        purpose=terms.purpose,
        starts_at=terms.starts_at,
        due_at=terms.due_at,
        made_by_id=by.id,
        made_at=now,
    )
    times = {"starts_at": terms.starts_at, "ends_at": terms.due_at, "state": LineState.RESERVED}
    loan.lines = [
        LoanLine(thing_id=each.thing_id, unit_id=each.unit_id, quantity=each.count, **times) for each in wanted
    ]
    db.session.add(loan)
    _write()
    return loan


def hand_out(loan: Loan, *, by: Person, now: datetime) -> None:
    """Whoever borrows takes it with them. What is still with somebody else is refused. Raises Conflict, Taken."""
    lines = _lines(loan, LineState.RESERVED)
    if not lines:
        raise Conflict(_l("It was handed out already, or called off."))
    if loan.due_at <= now:
        raise RuleBroken(_l("The day on which it comes back is over."))
    for line in lines:
        line.state, line.out_at, line.out_by_id = LineState.OUT, now, by.id
        line.starts_at = min(line.starts_at, now)
    loan.starts_at = min(loan.starts_at, now)
    _write()
    messages.tell(loan, news.HANDED_OUT, now=now)


def take_back(
    line: LoanLine, *, damaged: int = 0, lost: int = 0, words: str = "", by: Person, now: datetime
) -> LineState:
    """It is back and was looked at: as it was, damaged, or not all of it. Raises RuleBroken, Conflict."""
    lock(line.thing)
    db.session.refresh(line)
    if line.state is not LineState.OUT:
        raise Conflict(_l("Somebody has taken it back already."))
    rules.check_came_back(line.quantity, damaged, lost)
    line.state = rules.state_back(damaged, lost)
    line.back_at, line.back_by_id, line.note = now, by.id, words
    line.damaged, line.lost = damaged, lost
    db.session.flush()
    if damaged or lost:
        broken = stock.came_back_bad(
            line.thing, unit=line.unit, damaged=damaged, lost=lost, words=words, by=by, now=now
        )
        for line_id in broken:
            messages.tell_called_off(db.session.get_one(LoanLine, line_id), now=now)
    return line.state


def undo_back(line: LoanLine, *, by: Person, now: datetime) -> None:
    """It is not back after all: that was a slip, for ten minutes. What it made of the stock is undone with it.

    What others were promised and was called off since it came back damaged stays so: they were told. Raises Conflict
    where it is out again already or too late, Taken where somebody else has it meanwhile.
    """
    lock(line.thing)
    db.session.refresh(line)
    if line.back_at is None or line.back_by_id is None:
        raise Conflict(_l("This has changed meanwhile. Please look again."))
    if not may_undo(line.back_at, now=now):
        raise Conflict(_l("It came back more than ten minutes ago. Lend it anew."))
    known = {"line_id": line.id, "back_at": line.back_at, "back_by_id": line.back_by_id}
    db.session.add(LoanUndoing(undone_at=now, undone_by_id=by.id, **known))
    db.session.flush()
    if line.damaged or line.lost:
        stock.undo_bad(line.thing, unit=line.unit, damaged=line.damaged, lost=line.lost, by=by, now=now)
    change_rows(delete(DamagePhoto).where(DamagePhoto.line_id == line.id))
    line.state, line.back_at, line.back_by_id = LineState.OUT, None, None
    line.damaged, line.lost, line.note = 0, 0, ""
    _write()


def keep_photo(line: LoanLine, picture: Picture, *, by: Person, now: datetime) -> None:
    """Keep a photo of what is damaged, in place of the one before."""
    db.session.merge(DamagePhoto(line_id=line.id, picture=picture.large, by_id=by.id, at=now))
    db.session.flush()


def call_off(loan: Loan, *, now: datetime) -> None:
    """What was promised and not handed out yet is free again. Raises Conflict."""
    lines = _lines(loan, LineState.RESERVED)
    if not lines:
        raise Conflict(_l("It was handed out already, or called off."))
    for line in lines:
        line.state = LineState.CANCELLED
    db.session.flush()
    messages.tell(loan, news.CALLED_OFF, now=now)


def lend_longer(loan: Loan, due_at: datetime, *, now: datetime) -> None:
    """It may come back later, where nobody else has it then. Raises RuleBroken, Conflict, Taken."""
    lines = _lines(loan, LineState.RESERVED, LineState.OUT)
    if not lines:
        raise Conflict(_l("Nothing of this is out or promised any more."))
    if due_at <= loan.due_at:
        raise RuleBroken(_l("Please choose a later day than now."), field="due_on")
    rules.check_times(loan.starts_at, due_at, now=now)
    loan.due_at = due_at
    for line in lines:
        line.ends_at, line.reminded_at, line.told_late_at = due_at, None, None
    _write()
    messages.tell(loan, news.LONGER, now=now)


def get_loan(troupe: Troupe, number: str) -> Loan:
    """A loan of this troupe by the number on its slip; raises NotFound."""
    found = db.session.scalar(select(Loan).where(Loan.troupe_id == troupe.id, Loan.number == number))
    if found is None:
        raise NotFound(_l("There is no loan with this number."))
    return found


def _hold(troupe: Troupe, thing_ids: set[int]) -> None:
    """Hold the things, in one order, and look that they are this troupe's and lent at all."""
    query = select(Thing).where(Thing.id.in_(sorted(thing_ids)), Thing.troupe_id == troupe.id, ~Thing.is_retired)
    found = db.session.scalars(query.order_by(Thing.id).with_for_update(key_share=True)).all()
    if {each.id for each in found} != thing_ids:
        raise NotFound(_l("One of these things is not there any more. Please choose again."))


def _lines(loan: Loan, *states: LineState) -> list[LoanLine]:
    """The lines of a loan that stand like this, held and read anew."""
    query = select(LoanLine).where(LoanLine.loan_id == loan.id).order_by(LoanLine.id)
    ids = db.session.scalars(query.with_only_columns(LoanLine.thing_id)).all()
    _hold_things(ids)
    found = db.session.scalars(query.execution_options(populate_existing=True)).all()
    return [line for line in found if line.state in states]


def _hold_things(ids: Sequence[int]) -> None:
    query = select(Thing.id).where(Thing.id.in_(sorted(set(ids)))).order_by(Thing.id)
    db.session.execute(query.with_for_update(key_share=True)).all()


def _write() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if any(is_violation(error, constraint=each, columns=OUT_COLUMNS) for each in HELD_BY):
            metrics.count_ledger_refusal()
            words = _l("Somebody else has it at that time, or it is not back yet. Please look again what is free.")
            raise Taken(words, field="things") from error
        raise
