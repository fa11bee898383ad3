"""What staff change beside bookings, written with the change: rooms, rules, closures, settings, roles, accounts.

Whatever changes a `Trailed` row says by `note` what it was; the old and new values are gathered from the session by
themselves. A request that changes such a row and notes nothing is refused, so no action can forget it.
"""

import enum
import json
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, ClassVar, Protocol

from sqlalchemy import Column, ForeignKey, Index, String, Text, event, inspect
from sqlalchemy.orm import Mapped, Mapper, ORMExecuteState, Session, mapped_column, object_session

from center.kernel import clock
from center.kernel.acts import Act
from center.kernel.db import Base, UtcDateTime, db, hear_statement
from center.kernel.logs import log, press_now

UNTOLD = {
    "id",
    "sort_key",
    "changed_at",
    "changed_by_id",
    "sequence",
    "request_key",
    "use_id",
    "taken",
    "file_uid",
    "file_sequence",
    "file_recurrence",
}
HIDDEN = "•••"
ORDER = ("removed", "changed", "added")  # in which changes are told


class UntoldChange(RuntimeError):
    """A request changed what the trail is kept of, and said nothing of it."""


class Doer(Protocol):
    """A person, as those know them who lie below the people: whoever does something."""

    @property
    def id(self) -> int: ...


class Trailed:
    """A row whose changes are noted: `trail_only` names the columns that count, `trail_hides` those kept secret."""

    trail_only: ClassVar[frozenset[str]] = frozenset()
    trail_hides: ClassVar[frozenset[str]] = frozenset()


class StaffEvent(Base):
    """One change by staff, in words that stay true. The database refuses to alter or remove a row."""

    __tablename__ = "staff_events"
    __table_args__ = (
        Index("ix_staff_events_at", "at", "id"),
        Index("ix_staff_events_by_at", "by_id", "at"),
        Index("ix_staff_events_area_at", "area", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None]  # a person, who may be gone by now; None: on the command line
    act: Mapped[str] = mapped_column(String(40))
    area: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(200), default="")  # as it was called then; nobody's name
    subject_en: Mapped[str] = mapped_column(String(200), default="")
    person_id: Mapped[int | None]  # whom it is about, who may be gone as well
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    details: Mapped[str] = mapped_column(Text, default="[]")
    press: Mapped[str | None] = mapped_column(String(16), default=press_now, index=True)

    @property
    def changes(self) -> list[dict[str, Any]]:
        """What it changed: of which table, how, and each field as it was and as it is."""
        found: list[dict[str, Any]] = json.loads(self.details)
        return found


@dataclass
class _Change:
    row: Any
    how: str
    fields: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def note(
    act: Act,
    subject: object = None,
    *,
    by: Doer | None,
    person_id: int | None = None,
    room: Any = None,
    reason: str = "",
) -> None:
    """Write down what somebody did, or nobody in person, with all that it changed since the last note."""
    db.session.flush()
    by_id = by.id if by else None
    changes = _told(db.session().info.pop("trail", []), beside=[subject, room])
    db.session.add(
        StaffEvent(
            at=clock.now(),
            by_id=by_id,
            act=act.value,
            area=act.area.value,
            subject=_name(subject, "name")[:200],
            subject_en=_name(subject, "name_en")[:200],
            person_id=person_id,
            room_id=room.id if room is not None else None,
            reason=reason[:200],
            details=json.dumps(changes, ensure_ascii=False),
        )
    )
    db.session.flush()
    log.info(act.value, by=by_id, person=person_id, id=getattr(subject, "id", None))


def _name(subject: object, column: str) -> str:
    if subject is None or isinstance(subject, str):
        return (subject or "") if column == "name" else ""
    return str(getattr(subject, column, "") or "")


def _told(pending: list[_Change], *, beside: list[object]) -> list[dict[str, Any]]:
    """The gathered changes as they are kept. What was removed and put back the same is no change."""
    told: list[dict[str, Any]] = []
    for change in sorted(pending, key=lambda each: ORDER.index(each.how)):
        fields = {
            name: [_plain(change.row, name, value) for value in values]
            for name, values in change.fields.items()
            if not _points_at(change.row, name, values, beside)
        }
        entry = {"of": change.row.__tablename__, "how": change.how, "fields": fields}
        opposite = {
            "of": entry["of"],
            "how": {"added": "removed", "removed": "added"}.get(change.how),
            "fields": {name: values[::-1] for name, values in fields.items()},
        }
        if opposite in told:
            told.remove(opposite)
        elif fields or change.how != "changed":
            told.append(entry)
    return told


def _points_at(row: Any, name: str, values: tuple[Any, Any], beside: list[object]) -> bool:
    """Whether a column only says that the row belongs to what the note is about."""
    target = _TARGETS.get((type(row), name))
    return any(target is type(each) and getattr(each, "id", None) in values for each in beside if each is not None)


def _plain(row: Any, name: str, value: Any) -> Any:
    """A value as it can be kept and read years later: what it points at by its name, people by their number alone."""
    if name in type(row).trail_hides:
        return HIDDEN if value else value
    target = _TARGETS.get((type(row), name))
    if target is not None and value is not None:
        if target.__tablename__ == "people":
            return {"person": value}
        pointed = db.session.get(target, value)
        return str(getattr(pointed, "name", "") or getattr(pointed, "code", "") or value)
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | str | list) else str(value)


_TARGETS: dict[tuple[type, str], Any] = {}  # (table, column): what the column points at


@event.listens_for(Mapper, "after_configured")
def _know_tables() -> None:
    """Let every change of a trailed column know the value before it, and find what foreign keys point at."""
    by_table = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    for mapper in Base.registry.mappers:
        if not issubclass(mapper.class_, Trailed):
            continue
        hear_statement[mapper.class_] = _gather_statement
        for prop in mapper.column_attrs:
            event.listen(getattr(mapper.class_, prop.key), "set", _heard, active_history=True)
            column = prop.columns[0]
            if isinstance(column, Column) and column.foreign_keys:
                _TARGETS[mapper.class_, prop.key] = by_table.get(next(iter(column.foreign_keys)).column.table)


def _heard(*_all: object) -> None:
    """Only that it is listened to makes SQLAlchemy read the old value."""


@event.listens_for(Trailed, "after_delete", propagate=True)
def _gather_removed(_mapper: object, _connection: object, row: Any) -> None:
    _gather(row, "removed")


@event.listens_for(Trailed, "after_update", propagate=True)
def _gather_changed(_mapper: object, _connection: object, row: Any) -> None:
    _gather(row, "changed")


@event.listens_for(Trailed, "after_insert", propagate=True)
def _gather_added(_mapper: object, _connection: object, row: Any) -> None:
    _gather(row, "added")


def _gather_statement(state: ORMExecuteState) -> None:
    if state.bind_mapper:
        _keep(state.session, _Change(state.bind_mapper.class_(), "changed"))


def _gather(row: Any, how: str) -> None:
    session = object_session(row)
    if session and (change := _change_of(row, how)):
        _keep(session, change)


def _keep(session: Session, change: _Change) -> None:
    """Keep a change for the note that tells of it."""
    session.info.setdefault("trail", []).append(change)
    session.info["check before commit"] = _refuse_untold


def _change_of(row: Any, how: str) -> _Change | None:
    """What happens to one row; None where nothing does that counts."""
    state, counts = inspect(row), type(row).trail_only
    names = [p.key for p in state.mapper.column_attrs if p.key not in UNTOLD and (not counts or p.key in counts)]
    if how == "changed":
        fields = {**_changed_fields(state, names), **_changed_sets(state)}
        return _Change(row, how, fields) if fields else None
    values = {name: value for name in names if (value := state.dict.get(name)) not in (None, "", False)}
    if how == "removed":
        return _Change(row, how, {name: (value, None) for name, value in values.items()})
    return _Change(row, how, {**{name: (None, value) for name, value in values.items()}, **_changed_sets(state)})


def _changed_fields(state: Any, names: list[str]) -> dict[str, tuple[Any, Any]]:
    fields = {}
    for name in names:
        history = state.attrs[name].history
        was, now_is = (next(iter(part or ()), None) for part in (history.deleted, history.added))
        if history.has_changes() and was != now_is:
            fields[name] = (was, now_is)
    return fields


def _changed_sets(state: Any) -> dict[str, tuple[Any, Any]]:
    """Which others a row is bound to through a table between them, where that changes."""
    fields = {}
    for prop in state.mapper.relationships:
        if prop.secondary is not None and prop.key in state.dict:
            history = state.attrs[prop.key].history
            if history.added or history.deleted:
                was, now_is = [*history.unchanged, *history.deleted], [*history.unchanged, *history.added]
                fields[prop.key] = (sorted(map(_name_of, was)), sorted(map(_name_of, now_is)))
    return fields


def _name_of(row: object) -> str:
    return _name(row, "name")


def _refuse_untold(session: Session) -> None:
    pending = session.info.get("trail", [])
    if pending and press_now():
        raise UntoldChange(f"changed without a note: {sorted({each.row.__tablename__ for each in pending})}")
