"""Costumes and props of a troupe, and who has them when. The database lets nothing be in two hands at once."""

import enum
from datetime import date, datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.i18n import local_date
from center.organisations.models import Organisation
from center.people.models import Person
from center.troupes.models.troupes import Troupe


class ThingKind(enum.StrEnum):
    """What a thing is."""

    COSTUME = "costume"
    INSTRUMENT = "instrument"
    OTHER = "other"
    PROP = "prop"


class UnitState(enum.StrEnum):
    """Whether a numbered piece can be lent."""

    DAMAGED = "damaged"
    FIT = "fit"
    LOST = "lost"
    RETIRED = "retired"


class LineState(enum.StrEnum):
    """Where a line of a loan stands (预留, 借出, 归还验收, 损坏, 遗失, 取消)."""

    CANCELLED = "cancelled"
    DAMAGED = "damaged"
    LOST = "lost"
    OUT = "out"
    RESERVED = "reserved"
    RETURNED = "returned"


class StockChange(enum.StrEnum):
    """What became of pieces of a thing."""

    ADDED = "added"
    DAMAGED = "damaged"
    FOUND = "found"
    LOST = "lost"
    REMOVED = "removed"
    REPAIRED = "repaired"


LIVE = (LineState.RESERVED, LineState.OUT)  # what keeps others from having it
JUST_BEFORE = timedelta(seconds=1)
_LIVE_UNIT = sql("unit_id IS NOT NULL AND state = 'out'")


class Thing(Base):
    """A costume or prop: numbered pieces (`units`), or so many of one kind (`quantity`, those fit to be lent)."""

    __tablename__ = "things"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("damaged >= 0", name="damaged"),
        CheckConstraint("lost >= 0", name="lost"),
        CheckConstraint("NOT is_numbered OR quantity + damaged + lost = 0", name="numbered"),
        UniqueConstraint("troupe_id", "name", name="uq_things_troupe_id_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    kind: Mapped[ThingKind] = mapped_column(enum_type(ThingKind, "thing_kind"))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    kept_at: Mapped[str] = mapped_column(String(80), default="")  # which cupboard
    is_numbered: Mapped[bool]
    quantity: Mapped[int] = mapped_column(default=0)
    damaged: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False)  # lent no more

    troupe: Mapped[Troupe] = relationship()
    units: Mapped[list["ThingUnit"]] = relationship(back_populates="thing", order_by="ThingUnit.position, ThingUnit.id")


class ThingUnit(Base):
    """One numbered piece of a thing."""

    __tablename__ = "thing_units"
    __table_args__ = (
        UniqueConstraint("thing_id", "label", name="uq_thing_units_thing_id_label"),
        UniqueConstraint("id", "thing_id", name="uq_thing_units_id_thing_id"),  # what a line points at
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("things.id"))
    position: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(20))
    state: Mapped[UnitState] = mapped_column(enum_type(UnitState, "unit_state"), default=UnitState.FIT)
    note: Mapped[str] = mapped_column(String(200), default="")

    thing: Mapped[Thing] = relationship(back_populates="units")


class Loan(Base):
    """What somebody has together, from when until when: one slip of paper."""

    __tablename__ = "loans"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="borrower"),
        CheckConstraint("due_at > starts_at", name="times"),
        Index("ix_loans_troupe_id_due", "troupe_id", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(120), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    troupe: Mapped[Troupe] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    lines: Mapped[list["LoanLine"]] = relationship(back_populates="loan", order_by="LoanLine.id")

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return local_date(self.starts_at)

    @property
    def last_day(self) -> date:
        """The day by whose end it is to be back."""
        return local_date(self.due_at - JUST_BEFORE)


class LoanLine(Base):
    """One piece, or so many of one kind, in a loan. Live ones are the ledger of who has what."""

    __tablename__ = "loan_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0 AND (unit_id IS NULL OR quantity = 1)", name="quantity"),
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("damaged >= 0 AND lost >= 0 AND damaged + lost <= quantity", name="came_back"),
        CheckConstraint("(state IN ('reserved', 'cancelled')) = (out_at IS NULL)", name="out"),
        CheckConstraint("(state IN ('returned', 'damaged', 'lost')) = (back_at IS NOT NULL)", name="back"),
        CheckConstraint("(out_at IS NULL) = (out_by_id IS NULL)", name="out_by"),
        CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name="back_by"),
        ForeignKeyConstraint(
            ["unit_id", "thing_id"], ["thing_units.id", "thing_units.thing_id"], name="fk_loan_lines_unit"
        ),
        Index("ix_loan_lines_thing_ends", "thing_id", "ends_at"),
        Index("ix_loan_lines_unit_ends", "unit_id", "ends_at"),
        Index("ix_loan_lines_state_ends", "state", "ends_at"),
        Index("uq_loan_lines_out", "unit_id", unique=True, sqlite_where=_LIVE_UNIT, postgresql_where=_LIVE_UNIT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    loan_id: Mapped[int] = mapped_column(ForeignKey("loans.id"), index=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("things.id"))
    unit_id: Mapped[int | None] = mapped_column()
    quantity: Mapped[int] = mapped_column(default=1)
    state: Mapped[LineState] = mapped_column(enum_type(LineState, "loan_line_state"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    out_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    damaged: Mapped[int] = mapped_column(default=0)
    lost: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    # When the borrower was told that it is due, that it is late, and the beginning of the show they were told of last.
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_of_show_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    loan: Mapped[Loan] = relationship(back_populates="lines")
    thing: Mapped[Thing] = relationship()
    unit: Mapped[ThingUnit | None] = relationship(
        primaryjoin="LoanLine.unit_id == ThingUnit.id", foreign_keys=[unit_id], viewonly=True
    )

    @property
    def first_day(self) -> date:
        """The day on which it begins."""
        return local_date(self.starts_at)

    @property
    def last_day(self) -> date:
        """The day by whose end it is to be back."""
        return local_date(self.ends_at - JUST_BEFORE)


class LoanUndoing(Base):
    """That it was a slip to write that a line came back: written before it is out again, within ten minutes."""

    __tablename__ = "loan_undoings"
    __table_args__ = (UniqueConstraint("line_id", "back_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"))
    back_at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    undone_at: Mapped[datetime] = mapped_column(UtcDateTime)
    undone_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))


class DamagePhoto(Base):
    """What was broken when it came back, for those who lend alone."""

    __tablename__ = "damage_photos"

    line_id: Mapped[int] = mapped_column(ForeignKey("loan_lines.id"), primary_key=True)
    picture: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    line: Mapped[LoanLine] = relationship()


class ThingEvent(Base):
    """One change of what there is of a thing. The database refuses to alter or remove a row."""

    __tablename__ = "thing_events"
    __table_args__ = (CheckConstraint("count > 0", name="count"), Index("ix_thing_events_thing_at", "thing_id", "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    thing_id: Mapped[int] = mapped_column(ForeignKey("things.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("thing_units.id"))
    what: Mapped[StockChange] = mapped_column(enum_type(StockChange, "stock_change"))
    count: Mapped[int]
    note: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship()
    unit: Mapped[ThingUnit | None] = relationship()
