"""The repertoire of a troupe: its pieces, the parts they need, who knows which, and their scores and recordings."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedBytes
from center.kernel.unreadable import Unreadable
from center.people.models import Person
from center.troupes.models.troupes import Troupe, TroupeMember, TroupePart


class PieceKind(enum.StrEnum):
    """What a piece is."""

    DANCE = "dance"
    DRUM = "drum"
    INSTRUMENTAL = "instrumental"
    OPERA = "opera"
    OTHER = "other"
    PAPER_CUT = "paper_cut"
    RECITATION = "recitation"
    SONG = "song"


class Level(enum.StrEnum):
    """How well a member knows a part of a piece."""

    KNOWS = "knows"  # 会唱
    LEARNING = "learning"  # 在学
    NOT_YET = "not_yet"  # 未学


class FileKind(enum.StrEnum):
    """What a file of a piece is."""

    RECORDING = "recording"
    SCORE = "score"


class Piece(Base):
    """Something that a troupe performs."""

    __tablename__ = "pieces"
    __table_args__ = (
        CheckConstraint("seconds BETWEEN 1 AND 10800", name="seconds"),
        UniqueConstraint("troupe_id", "title"),
        UniqueConstraint("id", "troupe_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    title: Mapped[str] = mapped_column(String(80))
    title_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[PieceKind] = mapped_column(enum_type(PieceKind, "piece_kind"))
    seconds: Mapped[int]
    notes: Mapped[str] = mapped_column(Text, default="")
    is_retired: Mapped[bool] = mapped_column(default=False)

    troupe: Mapped[Troupe] = relationship()
    parts: Mapped[list["PiecePart"]] = relationship(cascade="all, delete-orphan", order_by="PiecePart.part_id")


class PiecePart(Base):
    """A part that a piece needs, and how many at least."""

    __tablename__ = "piece_parts"
    __table_args__ = (
        CheckConstraint("heads BETWEEN 1 AND 200", name="heads"),
        ForeignKeyConstraint(["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"]),
        ForeignKeyConstraint(["part_id", "troupe_id"], ["troupe_parts.id", "troupe_parts.troupe_id"]),
    )

    piece_id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    troupe_id: Mapped[int]
    heads: Mapped[int]

    part: Mapped[TroupePart] = relationship(
        primaryjoin="PiecePart.part_id == TroupePart.id", foreign_keys=[part_id], viewonly=True
    )


class PieceKnowledge(Base):
    """How well a member knows a part of a piece, as they say themselves, or a lead for them."""

    __tablename__ = "piece_knowledge"
    __table_args__ = (
        UniqueConstraint("piece_id", "part_id", "member_id"),
        ForeignKeyConstraint(["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"]),
        ForeignKeyConstraint(["part_id", "troupe_id"], ["troupe_parts.id", "troupe_parts.troupe_id"]),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int]
    part_id: Mapped[int] = mapped_column(index=True)
    member_id: Mapped[int] = mapped_column(index=True)
    troupe_id: Mapped[int]
    level: Mapped[Level] = mapped_column(enum_type(Level, "knowledge_level"))
    is_by_lead: Mapped[bool] = mapped_column(default=False)
    said_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[TroupeMember] = relationship(
        primaryjoin="PieceKnowledge.member_id == TroupeMember.id", foreign_keys=[member_id], viewonly=True
    )


class PieceFile(Base):
    """A score or a recording of a piece: for the members of its troupe alone. Its bytes are read where sent."""

    __tablename__ = "piece_files"
    __table_args__ = (
        CheckConstraint("size > 0", name="size"),
        UniqueConstraint("piece_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(ForeignKey("pieces.id"))
    kind: Mapped[FileKind] = mapped_column(enum_type(FileKind, "piece_file_kind"))
    name: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | Unreadable] = mapped_column(
        EncryptedBytes("piece_files.content", owner="piece_id"), deferred=True
    )
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    piece: Mapped[Piece] = relationship()
    added_by: Mapped[Person] = relationship()
