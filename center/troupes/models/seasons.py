"""Seasons of a troupe: from when until when, who is on the roster, what is played, and the dates of its rehearsals."""

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Activity
from center.kernel.db import Base
from center.troupes.models.pieces import Piece
from center.troupes.models.troupes import Troupe, TroupeMember


class Season(Base):
    """A season of a troupe. Its rehearsals are the dates of one activity, once there are any."""

    __tablename__ = "seasons"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        UniqueConstraint("troupe_id", "name"),
        UniqueConstraint("id", "troupe_id"),
        UniqueConstraint("activity_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    activity_id: Mapped[int | None] = mapped_column(ForeignKey("activities.id"))
    notes: Mapped[str] = mapped_column(String(500), default="")

    troupe: Mapped[Troupe] = relationship()
    activity: Mapped[Activity | None] = relationship()


class SeasonMember(Base):
    """That a member is on the roster of a season."""

    __tablename__ = "season_members"
    __table_args__ = (
        ForeignKeyConstraint(["season_id", "troupe_id"], ["seasons.id", "seasons.troupe_id"]),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
    )

    season_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    troupe_id: Mapped[int]

    member: Mapped[TroupeMember] = relationship(
        primaryjoin="SeasonMember.member_id == TroupeMember.id", foreign_keys=[member_id], viewonly=True
    )


class SeasonPiece(Base):
    """That a piece is played in a season."""

    __tablename__ = "season_pieces"
    __table_args__ = (
        ForeignKeyConstraint(["season_id", "troupe_id"], ["seasons.id", "seasons.troupe_id"]),
        ForeignKeyConstraint(["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"]),
    )

    season_id: Mapped[int] = mapped_column(primary_key=True)
    piece_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    troupe_id: Mapped[int]

    piece: Mapped[Piece] = relationship(
        primaryjoin="SeasonPiece.piece_id == Piece.id", foreign_keys=[piece_id], viewonly=True
    )
