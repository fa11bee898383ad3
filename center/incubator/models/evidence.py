"""What an organisation can show of a time: photographs of its sessions, its spending, and packs made of all of it."""

import enum
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Date, ForeignKey, Index, String, Text, text
from sqlalchemy import UniqueConstraint as Unique
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedBytes
from center.kernel.unreadable import Unreadable
from center.organisations.models import Organisation
from center.people.models import Person


class EvidencePicture(Base):
    """A photograph of a session, drawn anew before it was kept. Only who leads the organisation and staff see it."""

    __tablename__ = "evidence_pictures"
    __table_args__ = (
        CheckConstraint("width > 0 AND height > 0 AND size > 0", name="size"),
        Unique("session_id", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), index=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    caption: Mapped[str] = mapped_column(String(200), default="")
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the picture as it is kept
    picture: Mapped[bytes | Unreadable] = mapped_column(
        EncryptedBytes("evidence_pictures.picture", owner="session_id"), deferred=True
    )
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who says that all in it agreed
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    session: Mapped[Session] = relationship()


class ReceiptKind(enum.StrEnum):
    """What a receipt is kept as."""

    JPEG = "jpeg"
    PDF = "pdf"


class SpendingEntry(Base):
    """Money that an organisation spent, with its receipt. What it says is altered by nobody; a wrong one is struck."""

    __tablename__ = "spending_entries"
    __table_args__ = (
        CheckConstraint("fen > 0", name="fen"),
        CheckConstraint("(receipt IS NULL) = (receipt_kind IS NULL)", name="receipt"),
        CheckConstraint("(receipt IS NULL) = (receipt_digest = '')", name="digest"),
        CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name="struck"),
        CheckConstraint("struck_at IS NULL OR trim(struck_reason) <> ''", name="struck_reason"),
        Index("ix_spending_entries_organisation_day", "organisation_id", "spent_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    spent_on: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(200))
    payee: Mapped[str] = mapped_column(String(120), default="")
    fen: Mapped[int] = mapped_column(BigInteger)  # a hundredth of a yuan
    receipt_kind: Mapped[ReceiptKind | None] = mapped_column(enum_type(ReceiptKind, "receipt_kind"))
    receipt_size: Mapped[int] = mapped_column(default=0)
    receipt_digest: Mapped[str] = mapped_column(String(64), default="")
    receipt: Mapped[bytes | Unreadable | None] = mapped_column(
        EncryptedBytes("spending_entries.receipt", owner="organisation_id"), deferred=True
    )
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    struck_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    struck_reason: Mapped[str] = mapped_column(String(200), default="")

    organisation: Mapped[Organisation] = relationship()
    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id])
    struck_by: Mapped[Person | None] = relationship(foreign_keys=[struck_by_id])


class PackState(enum.StrEnum):
    """Where a pack stands."""

    EXPIRED = "expired"  # its file is deleted
    FAILED = "failed"
    MAKING = "making"
    READY = "ready"
    WAITING = "waiting"


class EvidencePack(Base):
    """All that an organisation can show of a time in one file, which the worker makes. Whoever makes it is its `maker`:
    another one takes over once the lease is over, and the first can write nothing of it any more.
    """

    __tablename__ = "evidence_packs"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint("done >= 0 AND done <= total", name="progress"),
        CheckConstraint("(state = 'making') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("(state IN ('ready', 'expired')) = (made_at IS NOT NULL)", name="made"),
        CheckConstraint("(state = 'ready') = (file <> '')", name="file"),
        Index("ix_evidence_packs_organisation", "organisation_id", "id"),
        Index(
            "uq_evidence_packs_under_way",
            "organisation_id",
            unique=True,
            sqlite_where=text("state IN ('making', 'waiting')"),
            postgresql_where=text("state IN ('making', 'waiting')"),
        ),
        Index("ix_evidence_packs_state", "state", "expires_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    self_evaluation: Mapped[str] = mapped_column(Text, default="")
    locale: Mapped[str] = mapped_column(String(8))
    state: Mapped[PackState] = mapped_column(enum_type(PackState, "pack_state"))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    maker: Mapped[str] = mapped_column(String(32), default="")
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    file: Mapped[str] = mapped_column(String(60), default="")  # its name among the packs
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")  # SHA-256 of the whole file

    organisation: Mapped[Organisation] = relationship()
    asked_by: Mapped[Person] = relationship()


class EvidenceDownload(Base):
    """That somebody fetched a pack. Altered by nobody."""

    __tablename__ = "evidence_downloads"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("evidence_packs.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship()
