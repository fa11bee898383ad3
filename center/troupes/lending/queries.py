"""Ordered reads of things and loans."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.lending import LIVE, Loan, LoanLine, Thing, ThingEvent, ThingUnit
from center.troupes.models.troupes import Troupe

PAST = 50


def things_of(troupe: Troupe, *, also_retired: bool = False) -> Sequence[Thing]:
    """The things of a troupe with their pieces, by kind and name."""
    query = select(Thing).where(Thing.troupe_id == troupe.id).options(selectinload(Thing.units))
    query = query if also_retired else query.where(~Thing.is_retired)
    return db.session.scalars(query.order_by(Thing.kind, Thing.name, Thing.id)).all()


def get_thing(troupe: Troupe, thing_id: int) -> Thing:
    """A thing of this troupe; raises NotFound."""
    query = select(Thing).where(Thing.id == thing_id, Thing.troupe_id == troupe.id)
    return must_find(db.session.scalar(query), _l("There is no such thing in this troupe."))


def get_unit(thing: Thing, unit_id: int) -> ThingUnit:
    """A numbered piece of a thing; raises NotFound."""
    query = select(ThingUnit).where(ThingUnit.id == unit_id, ThingUnit.thing_id == thing.id)
    return must_find(db.session.scalar(query), _l("There is no such thing in this troupe."))


def events_of(thing: Thing) -> Sequence[ThingEvent]:
    """What became of its pieces, the latest first."""
    query = select(ThingEvent).where(ThingEvent.thing_id == thing.id)
    query = query.options(joinedload(ThingEvent.by), joinedload(ThingEvent.unit))
    return db.session.scalars(query.order_by(ThingEvent.at.desc(), ThingEvent.id.desc()).limit(PAST)).all()


def lines_of(thing: Thing) -> Sequence[LoanLine]:
    """Who has or had it, the latest first."""
    query = select(LoanLine).where(LoanLine.thing_id == thing.id).options(*_whole_line())
    return db.session.scalars(query.order_by(LoanLine.starts_at.desc(), LoanLine.id.desc()).limit(PAST)).all()


def open_loans(troupe: Troupe) -> Sequence[Loan]:
    """Loans of which something is out or kept, first due first."""
    query = select(Loan).where(Loan.troupe_id == troupe.id, _is_open()).options(*_whole())
    return db.session.scalars(query.order_by(Loan.due_at, Loan.id)).all()


def past_loans(troupe: Troupe) -> Sequence[Loan]:
    """Loans that are over, the latest first."""
    query = select(Loan).where(Loan.troupe_id == troupe.id, ~_is_open()).options(*_whole())
    return db.session.scalars(query.order_by(Loan.due_at.desc(), Loan.id.desc()).limit(PAST)).all()


def loans_with(person_id: int) -> Sequence[Loan]:
    """What somebody has borrowed or is promised now, first due first."""
    query = select(Loan).where(Loan.person_id == person_id, _is_open()).options(*_whole(), joinedload(Loan.troupe))
    return db.session.scalars(query.order_by(Loan.due_at, Loan.id)).all()


def find_line(loan: Loan, line_id: int) -> LoanLine | None:
    """A line of this loan, if there is one."""
    return next((line for line in loan.lines if line.id == line_id), None)


def _is_open() -> ColumnElement[bool]:
    return exists().where(LoanLine.loan_id == Loan.id, LoanLine.state.in_(LIVE)).correlate(Loan)


def _whole() -> tuple[ORMOption, ...]:
    lines = selectinload(Loan.lines)
    return (
        lines.joinedload(LoanLine.thing),
        lines.joinedload(LoanLine.unit),
        joinedload(Loan.person),
        joinedload(Loan.organisation),
    )


def _whole_line() -> tuple[ORMOption, ...]:
    loan = joinedload(LoanLine.loan)
    return (loan.joinedload(Loan.person), loan.joinedload(Loan.organisation), joinedload(LoanLine.unit))
