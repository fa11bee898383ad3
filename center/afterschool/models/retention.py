"""What is kept for how long, and what becomes of it: deletions that guardians ask for, and proofs that name nobody."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedText
from center.kernel.trail import Trailed
from center.kernel.unreadable import Unreadable
from center.people.models import Person


class DeletionAsk(Base):
    """That a guardian asks to delete what the programme keeps of a child; the director decides."""

    __tablename__ = "deletion_asks"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="granted"),
        Index(
            "uq_deletion_asks_open",
            "child_id",
            unique=True,
            sqlite_where=text("decided_at IS NULL"),
            postgresql_where=text("decided_at IS NULL"),
        ),
        Index("ix_deletion_asks_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # the guardian
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(String(200), default="")
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_granted: Mapped[bool | None]
    why: Mapped[str] = mapped_column(String(200), default="")

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class Dispute(Base):
    """That a child's guardians disagree, in words for the director alone; altered by nobody, settled once."""

    __tablename__ = "guardian_disputes"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled"),
        Index("ix_guardian_disputes_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    words: Mapped[str | Unreadable] = mapped_column(EncryptedText("guardian_disputes.words", owner="child_id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class LegalHold(Base):
    """That what is kept of a child stays although its time is over, since it is needed: by whom, and why."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted"),
        Index(
            "uq_legal_holds_open",
            "child_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str | Unreadable] = mapped_column(EncryptedText("legal_holds.why", owner="child_id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class RetentionPeriod(Trailed, Base):
    """How many days one kind is kept, where the director has set another number than the centre's first one."""

    __tablename__ = "retention_periods"
    __table_args__ = (CheckConstraint("days > 0", name="days"),)
    trail_only = frozenset({"days"})

    kind: Mapped[str] = mapped_column(String(40), primary_key=True)  # a code of `retention_kinds`
    days: Mapped[int]


class CareCount(Base):
    """How many there were of something that was deleted for its time: figures stay without names."""

    __tablename__ = "care_counts"
    __table_args__ = (CheckConstraint("how_many > 0", name="how_many"), Index("ix_care_counts_what", "what", "year"))

    id: Mapped[int] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(String(40))  # a constant of `retention.counts`
    year: Mapped[int]
    term_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"), index=True)
    how_many: Mapped[int]


class DeletedWhy(enum.StrEnum):
    """Why something was deleted."""

    ASKED = "asked"  # a guardian asked, and the director agreed
    TIME = "time"  # its time was over


class DeletionProof(Base):
    """That so many rows of a kind were deleted, when and why. It names nobody and is altered by nobody.

    What was deleted for its time is deleted by its proof: of the ledgers the database lets nothing go but what a proof
    before it covers. `digest` is over the proof and the digest of the one before it, so none is missing or made up.
    """

    __tablename__ = "deletion_proofs"
    __table_args__ = (
        CheckConstraint("how_many > 0", name="how_many"),
        Index("ix_deletion_proofs_at", "at", "id"),
        Index("ix_deletion_proofs_kind", "kind", "older_than"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(40))  # what it was: a code of `retention_kinds`, or a table
    why: Mapped[DeletedWhy] = mapped_column(enum_type(DeletedWhy, "deleted_why"))
    older_than: Mapped[date | None] = mapped_column(Date)  # what was deleted for its time was from before this date
    how_many: Mapped[int]
    period_days: Mapped[int | None]  # how long that kind was kept when it was deleted
    digest: Mapped[str] = mapped_column(String(64), default="", server_default="")  # "": from before there were any
