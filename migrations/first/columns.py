"""The words in which the first tables are written down, and the names of their constraints."""

from typing import Any, Literal

from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    Enum,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    text,
)
from sqlalchemy.sql.elements import ColumnElement, TextClause
from sqlalchemy.types import TypeEngine

tables = MetaData(
    naming_convention={
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)
Moment = DateTime(timezone=True)
Kind = TypeEngine[Any] | type[TypeEngine[Any]] | ForeignKey


def table(name: str, *parts: Column[Any] | CheckConstraint | UniqueConstraint | Index) -> None:
    """A table with its columns, constraints and indexes."""
    Table(name, tables, *parts)


def key() -> Column[Any]:
    """The number by which a row is known."""
    return Column("id", Integer, primary_key=True)


def in_key(name: str, kind: Kind, *, autoincrement: bool | Literal["auto"] = "auto") -> Column[Any]:
    """A column of the primary key."""
    return Column(name, kind, primary_key=True, autoincrement=autoincrement)


def required(
    name: str, kind: Kind, *, server_default: str | TextClause | ColumnElement[Any] | None = None
) -> Column[Any]:
    """A column that every row fills."""
    return Column(name, kind, nullable=False, server_default=server_default)


def optional(name: str, kind: Kind) -> Column[Any]:
    """A column that may be NULL."""
    return Column(name, kind)


def to(name: str, *, ondelete: str | None = None) -> ForeignKey:
    """That a column holds the id of a row of another table."""
    return ForeignKey(f"{name}.id", ondelete=ondelete)


def one_of(name: str, values: str) -> Enum:
    """A word out of these, which a check of this name holds it to."""
    return Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=32)


def code_point(length: int) -> String:
    """Text that is sorted by code point on either engine."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


def check(name: str, holds: str) -> CheckConstraint:
    """What must hold of every row."""
    return CheckConstraint(holds, name=name)


def unique(*columns: str) -> UniqueConstraint:
    """That no two rows have the same values here."""
    return UniqueConstraint(*columns)


def index(name: str, *columns: str, unique: bool = False, where: str = "") -> Index:
    """An index, over some rows only where it says which."""
    some = text(where) if where else None
    return Index(name, *columns, unique=unique, sqlite_where=some, postgresql_where=some)
