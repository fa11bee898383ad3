"""What is promised of a thing, read from the ledger of loans, and which promises are called off."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from center.kernel.db import db
from center.kernel.spans import Span
from center.troupes.lending.rules import Promise, free_in, not_kept
from center.troupes.models.lending import LIVE, LineState, LoanLine, Thing, ThingUnit, UnitState

LATE_AT_LEAST = timedelta(days=1)  # nobody knows when it comes back


def promises_of(thing_ids: Collection[int]) -> Mapping[int, Sequence[LoanLine]]:
    """The live lines of these things, by thing, in the order in which they were promised."""
    query = select(LoanLine).where(LoanLine.thing_id.in_(sorted(thing_ids)), LoanLine.state.in_(LIVE))
    found: dict[int, list[LoanLine]] = {thing_id: [] for thing_id in thing_ids}
    for line in db.session.scalars(query.order_by(LoanLine.id)) if thing_ids else ():
        found[line.thing_id].append(line)
    return found


def as_promises(lines: Collection[LoanLine], *, now: datetime | None = None) -> list[Promise]:
    """Lines as the rules know them; with `now`, what is late is with whoever has it for another day at least."""
    return [
        Promise(line.id, Span(line.starts_at, _until(line, now)), line.quantity, line.state is LineState.OUT)
        for line in lines
    ]


def free_pieces(thing: Thing, lines: Collection[LoanLine], span: Span, *, now: datetime) -> int:
    """How many pieces of a kind can still be promised for a time."""
    return free_in(thing.quantity, as_promises(lines, now=now), span)


def free_units(thing: Thing, lines: Collection[LoanLine], span: Span, *, now: datetime) -> list[ThingUnit]:
    """The numbered pieces that can still be promised for a time."""
    taken = {line.unit_id for line in lines if line.starts_at < span.end and _until(line, now) > span.start}
    return [unit for unit in thing.units if unit.state is UnitState.FIT and unit.id not in taken]


def pieces_here(thing: Thing, lines: Collection[LoanLine]) -> int:
    """How many pieces that can be lent are with the troupe, whoever they are promised to."""
    out = sum(line.quantity for line in lines if line.state is LineState.OUT)
    fit = sum(unit.state is UnitState.FIT for unit in thing.units) if thing.is_numbered else thing.quantity
    return fit - out


def late_pieces(lines: Collection[LoanLine], *, now: datetime) -> int:
    """How many pieces are out beyond their time."""
    return sum(line.quantity for line in lines if line.state is LineState.OUT and line.ends_at <= now)


def call_off_unit(unit: ThingUnit) -> list[int]:
    """Call off what was promised of a numbered piece; the ids of the lines."""
    query = select(LoanLine).where(LoanLine.unit_id == unit.id, LoanLine.state == LineState.RESERVED)
    return _call_off(db.session.scalars(query.order_by(LoanLine.id)).all())


def call_off_beyond(thing: Thing, quantity: int) -> list[int]:
    """Call off what cannot be kept with so many pieces; the ids of the lines."""
    lines = promises_of([thing.id])[thing.id]
    broken = {each.id for each in not_kept(quantity, as_promises(lines))}
    return _call_off([line for line in lines if line.id in broken])


def _call_off(lines: Sequence[LoanLine]) -> list[int]:
    for line in lines:
        line.state = LineState.CANCELLED
    db.session.flush()
    return [line.id for line in lines]


def _until(line: LoanLine, now: datetime | None) -> datetime:
    if now is None or line.state is not LineState.OUT:
        return line.ends_at
    return max(line.ends_at, now + LATE_AT_LEAST)
