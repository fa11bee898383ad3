"""A copy of everything that is known of a person: as a file for programs, and as lines to read."""

import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from flask import current_app
from sqlalchemy import Table, select

from center.kernel.db import db
from center.kernel.i18n import format_clock, format_day, format_moment
from center.kernel.i18n import gettext as _
from center.kernel.texts import said
from center.people.models import Person
from center.people.parts import Part, Parts

CALLED = ("reference", "title", "name", "subject", "code", "words", "purpose")  # what a row of another table is called
LEADS = ("activity_id", "roster_id", "session_id", "booking_id", "sign_up_id", "notice_id", "delivery_id")
REASONS = frozenset({"answer", "cancel_reason", "decision_reason", "reason"})  # may begin with a ready one's code
AT_ONCE = 500


@dataclass(frozen=True)
class Section:
    """What one table holds of somebody."""

    part: Part
    rows: Sequence[Mapping[str, Any]]

    @property
    def lines(self) -> list[list[tuple[Any, str]]]:
        """Each row as labels and values, without what is empty."""
        says = self.part.says.items()
        shown = [[(label, self._value(name, row.get(name))) for name, label in says] for row in self.rows]
        return [[(label, value) for label, value in line if value] for line in shown]

    def _value(self, name: str, value: Any) -> str:
        if value is None or value == "":
            return ""
        if name in self.part.words:
            return str(self.part.words[name].get(value, value))
        if name in REASONS:
            return said(value)
        return _readable(value)


@dataclass(frozen=True)
class Copy:
    """Everything that is known of somebody."""

    person: Person
    made_at: datetime
    sections: Sequence[Section]
    acts: Mapping[str, int]  # in how many rows of others they stand as whoever did something

    @property
    def shown(self) -> list[Section]:
        """What there is to read."""
        return [section for section in self.sections if section.rows]

    def to_json(self) -> str:
        """The same for programs; tables and columns are called as in the database."""
        tables = {each.part.table.name: [_plain(row) for row in each.rows] for each in self.sections}
        whole = {"made_at": self.made_at.isoformat(), "tables": tables, "acted_in_rows_of_others": self.acts}
        return json.dumps(whole, ensure_ascii=False, indent=2)


def copy_of(person: Person, *, now: datetime) -> Copy:
    """Everything that is known of somebody, gathered from every part's tables."""
    parts: Parts = current_app.extensions["own_data"]
    sections = [_section(part, parts, person.id) for part in parts.all]
    return Copy(person, now, [each for each in sections if each is not None], parts.acts(person.id))


def _section(part: Part, parts: Parts, person_id: int) -> Section | None:
    theirs = parts.whose(part, person_id)
    if theirs is None:
        return None
    columns = [column for column in part.table.columns if column.name not in part.withheld]
    query = select(*columns).where(theirs).order_by(*part.table.primary_key.columns)
    rows = [dict(row) for row in db.session.execute(query).mappings()]
    people = {*part.mine, *part.acted} - {"id"}
    for column in columns:
        target = next((key.column.table for key in column.foreign_keys), None)
        if column.name in people:
            _name_people(rows, column.name, person_id, is_named=column.name in part.named)
        elif target is not None:
            names = _names(target, {row[column.name] for row in rows})
            for row in rows:
                row[column.name] = names.get(row[column.name], row[column.name])
    return Section(part, rows)


def _name_people(rows: Sequence[dict[str, Any]], name: str, person_id: int, *, is_named: bool) -> None:
    """Put a name where whoever asks knows it, otherwise only whether it was themselves."""
    known = _names(Person.__table__, {row[name] for row in rows}) if is_named else {}  # type: ignore[arg-type]
    for row in rows:
        if row[name] is not None:
            row[name] = known.get(row[name]) or (_("themselves") if row[name] == person_id else _("somebody else"))


def _names(table: Table, ids: set[Any]) -> dict[Any, str]:
    """What these rows are called; those of a table without names are called as what they belong to."""
    key = next(iter(table.primary_key.columns))
    called = next((table.c[name] for name in CALLED if name in table.c), None)
    leads = [table.c[name] for name in LEADS if name in table.c]
    found: dict[Any, str] = {}
    wanted = sorted(each for each in ids if each is not None)
    for first in range(0, len(wanted), AT_ONCE):
        some = key.in_(wanted[first : first + AT_ONCE])
        if called is not None:
            found.update({row[0]: row[1] for row in db.session.execute(select(key, called).where(some))})
            continue
        for lead in leads:
            pairs = {row[0]: row[1] for row in db.session.execute(select(key, lead).where(some, lead.is_not(None)))}
            above = _names(next(iter(lead.foreign_keys)).column.table, set(pairs.values()))
            found.update({number: above[leads_to] for number, leads_to in pairs.items() if leads_to in above})
    return found


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _for_programs(value) for name, value in row.items()}


def _for_programs(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    return value.isoformat() if isinstance(value, date | time) else value


def _readable(value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, time):
        return format_clock(value)
    return str(value)
