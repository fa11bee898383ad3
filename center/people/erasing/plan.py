"""What becomes of each table's rows when a person is erased, as their `Part`s declare it: counted, and done."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app
from sqlalchemy import Boolean, Column, ColumnElement, delete, func, or_, select, update

from center.kernel.db import db
from center.people.parts import Part, Parts


@dataclass(frozen=True)
class TableCount:
    """How many rows of one table are somebody's."""

    part: Part
    count: int


@dataclass(frozen=True)
class Plan:
    """What is deleted, and what stays without its words."""

    goes: Sequence[TableCount]
    stays: Sequence[TableCount]

    @property
    def kept(self) -> dict[str, int]:
        """How many rows stay, by table."""
        return {line.part.table.name: line.count for line in self.stays}


def parts() -> Parts:
    """Every table that holds something of a person."""
    found: Parts = current_app.extensions["own_data"]
    return found


def plan_for(ids: Collection[int]) -> Plan:
    """What of these people's rows goes and what stays; tables with nothing of theirs are left out."""
    known = parts()
    lines = [TableCount(part, _count(known, part, ids)) for part in known.all if part.erasing is not None]
    found = [line for line in lines if line.count]
    goes = [line for line in found if line.part.erasing is not None and line.part.erasing.is_deleted]
    return Plan(goes, [line for line in found if line not in goes])


def carry_out(ids: Collection[int]) -> None:
    """Empty what stays, beginning with whose it is, and then delete what goes, beginning with what hangs on others."""
    known = parts()
    in_order = [part for part in known.all_sorted if part.erasing is not None]
    for part in in_order:
        assert part.erasing is not None
        if part.erasing.empties:
            values = {name: nothing(part.table.c[name]) for name in part.erasing.empties}
            values |= dict.fromkeys(part.erasing.dashes, "–")
            which = (_theirs(known, part, ids), _has_something(part, values))
            db.session.execute(update(part.table).where(*which).values(values))
    for part in reversed(in_order):
        assert part.erasing is not None
        if part.erasing.is_deleted:
            db.session.execute(delete(part.table).where(_theirs(known, part, ids)))


def _count(known: Parts, part: Part, ids: Collection[int]) -> int:
    assert part.erasing is not None
    whose = _theirs(known, part, ids, personal=part.erasing.is_deleted)
    return db.session.scalar(select(func.count()).select_from(part.table).where(whose)) or 0


def _theirs(known: Parts, part: Part, ids: Collection[int], *, personal: bool = True) -> ColumnElement[bool]:
    found = [theirs for each in ids if (theirs := known.whose(part, each, personal=personal)) is not None]
    return or_(*found)


def nothing(column: Column[Any]) -> Any:
    """What stands in a column once it is emptied."""
    if column.nullable:
        return None
    return False if isinstance(column.type, Boolean) else ""


def _has_something(part: Part, values: dict[str, Any]) -> ColumnElement[bool]:
    """Of a row: whether there is anything to empty; what the database lets nobody change is left alone where not."""
    return or_(*(part.table.c[name].is_distinct_from(value) for name, value in values.items()))
