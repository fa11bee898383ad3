"""Performances, their programmes in versions, who plays what, and when somebody is on a stage.

A state changes by its event alone; a version that was published stays as it is; positions have no gaps, since each but
the first follows one that is there; nobody is on two stages at once. The database holds all of that.
"""

import enum
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe, TroupeMember, TroupePart


class PerformanceState(enum.StrEnum):
    """How far a performance is."""

    CANCELLED = "cancelled"  # 取消
    CAST_SET = "cast_set"  # 定人
    PERFORMED = "performed"  # 已演
    PIECES_SET = "pieces_set"  # 定曲
    PREPARING = "preparing"  # 筹备
    PUBLISHED = "published"  # 公布


# From where to where a performance can go; the empty one is its beginning. The database holds the same.
STEPS = (
    ("", "preparing"),
    ("preparing", "pieces_set"),
    ("pieces_set", "preparing"),
    ("pieces_set", "cast_set"),
    ("cast_set", "pieces_set"),
    ("cast_set", "published"),
    ("published", "performed"),
    *((was, "cancelled") for was in ("preparing", "pieces_set", "cast_set", "published")),
)
_ALLOWED = ", ".join(f"'{was}>{became}'" for was, became in STEPS)
IN_PREPARATION = (PerformanceState.CAST_SET, PerformanceState.PIECES_SET, PerformanceState.PREPARING)
AHEAD = (*IN_PREPARATION, PerformanceState.PUBLISHED)
DRAFT = text("published_at IS NULL")


class Performance(Base):
    """That a troupe performs at a session of an activity. Its state is written by the database, from its events."""

    __tablename__ = "performances"
    __table_args__ = (
        CheckConstraint("slot_seconds BETWEEN 60 AND 43200", name="slot"),
        CheckConstraint("change_seconds BETWEEN 0 AND 3600", name="change"),
        UniqueConstraint("session_id", "troupe_id"),
        UniqueConstraint("id", "troupe_id"),
        UniqueConstraint("id", "session_id"),
        ForeignKeyConstraint(["season_id", "troupe_id"], ["seasons.id", "seasons.troupe_id"]),
        Index("ix_performances_troupe", "troupe_id", "id"),
        Index("ix_performances_state_replies", "state", "reminded_at", "reply_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    season_id: Mapped[int | None]  # None: all who are active in the troupe are asked
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    state: Mapped[PerformanceState] = mapped_column(
        enum_type(PerformanceState, "performance_state"), default=PerformanceState.PREPARING
    )
    call_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when everybody is to be there
    slot_seconds: Mapped[int]  # how long the troupe may be on stage
    change_seconds: Mapped[int] = mapped_column(default=60)  # between two pieces, where nothing else is said
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the members were asked whether they come
    reply_until: Mapped[date | None] = mapped_column(Date)
    reminded_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    troupe: Mapped[Troupe] = relationship()
    session: Mapped[Session] = relationship()
    season: Mapped[Season | None] = relationship(
        primaryjoin="Performance.season_id == Season.id", foreign_keys="Performance.season_id", viewonly=True
    )


class PerformanceEvent(Base):
    """One step of a performance: from which state to which, by whom and why. Never altered."""

    __tablename__ = "performance_events"
    __table_args__ = (
        CheckConstraint(f"coalesce(was, '') || '>' || became IN ({_ALLOWED})", name="step"),
        Index("ix_performance_events_performance", "performance_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    performance_id: Mapped[int] = mapped_column(ForeignKey("performances.id"))
    was: Mapped[PerformanceState | None] = mapped_column(enum_type(PerformanceState, "performance_was"))
    became: Mapped[PerformanceState] = mapped_column(enum_type(PerformanceState, "performance_became"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site, since it is over
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person | None] = relationship()


class Programme(Base):
    """One version of what is played. Once it is published nothing of it changes: a change makes the next one."""

    __tablename__ = "programmes"
    __table_args__ = (
        CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name="published"),
        CheckConstraint(
            "(allowed_seconds IS NULL) = (allowed_by_id IS NULL) AND (allowed_seconds IS NULL) = (allowed_at IS NULL)"
            " AND (allowed_seconds IS NULL OR trim(allowed_why) <> '')",
            name="allowed",
        ),
        UniqueConstraint("performance_id", "number"),
        UniqueConstraint("id", "performance_id"),
        UniqueConstraint("id", "troupe_id"),
        ForeignKeyConstraint(["performance_id", "troupe_id"], ["performances.id", "performances.troupe_id"]),
        Index("uq_programmes_draft", "performance_id", unique=True, sqlite_where=DRAFT, postgresql_where=DRAFT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    performance_id: Mapped[int]
    troupe_id: Mapped[int]
    number: Mapped[int]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    allowed_seconds: Mapped[int | None]  # it may be as long as this although the slot is shorter: by whom and why
    allowed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    allowed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    allowed_why: Mapped[str] = mapped_column(String(200), default="")

    performance: Mapped[Performance] = relationship(
        primaryjoin="Programme.performance_id == Performance.id", foreign_keys="Programme.performance_id", viewonly=True
    )
    allowed_by: Mapped[Person | None] = relationship(foreign_keys=[allowed_by_id])
    items: Mapped[list["ProgrammeItem"]] = relationship(order_by="ProgrammeItem.position", viewonly=True)


class ProgrammeItem(Base):
    """One place of a programme: a piece, or a word of welcome. Each but the first follows the one before it."""

    __tablename__ = "programme_items"
    __table_args__ = (
        CheckConstraint("seconds BETWEEN 1 AND 10800", name="seconds"),
        CheckConstraint("change_seconds BETWEEN 0 AND 3600", name="change"),
        CheckConstraint("piece_id IS NOT NULL OR trim(title) <> ''", name="what"),
        CheckConstraint("position >= 1 AND coalesce(follows, 0) = position - 1", name="follows"),
        UniqueConstraint("programme_id", "position"),
        UniqueConstraint("programme_id", "piece_id"),
        UniqueConstraint("id", "programme_id"),
        ForeignKeyConstraint(["programme_id", "troupe_id"], ["programmes.id", "programmes.troupe_id"]),
        ForeignKeyConstraint(["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"]),
        ForeignKeyConstraint(
            ["programme_id", "follows"],
            ["programme_items.programme_id", "programme_items.position"],
            name="fk_programme_items_no_gap",
            deferrable=True,
            initially="DEFERRED",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int]
    troupe_id: Mapped[int]
    position: Mapped[int]
    follows: Mapped[int | None]
    piece_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(80), default="")  # of what is no piece
    seconds: Mapped[int]
    change_seconds: Mapped[int]  # of the stage, after it
    call_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: with everybody

    piece: Mapped[Piece | None] = relationship(
        primaryjoin="ProgrammeItem.piece_id == Piece.id", foreign_keys="ProgrammeItem.piece_id", viewonly=True
    )
    performers: Mapped[list["Performer"]] = relationship(order_by="Performer.id", viewonly=True)


class Appearance(Base):
    """When somebody is taken up by a session on whose stage they are. Nobody is on two stages at once."""

    __tablename__ = "appearances"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("ix_appearances_person", "person_id", "starts_at"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True)  # two troupes may share it
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_live: Mapped[bool] = mapped_column(default=True)  # else in no programme that counts: it takes no time


class Performer(Base):
    """That a member plays in a place of a programme, once; or stands in there (替补) should somebody not come."""

    __tablename__ = "programme_performers"
    __table_args__ = (
        UniqueConstraint("item_id", "member_id"),
        ForeignKeyConstraint(["item_id", "programme_id"], ["programme_items.id", "programme_items.programme_id"]),
        ForeignKeyConstraint(["programme_id", "performance_id"], ["programmes.id", "programmes.performance_id"]),
        ForeignKeyConstraint(["performance_id", "session_id"], ["performances.id", "performances.session_id"]),
        ForeignKeyConstraint(["session_id", "person_id"], ["appearances.session_id", "appearances.person_id"]),
        ForeignKeyConstraint(["part_id", "troupe_id"], ["troupe_parts.id", "troupe_parts.troupe_id"]),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        Index("ix_programme_performers_member", "member_id", "performance_id"),
        Index("ix_programme_performers_person", "person_id", "session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int]
    programme_id: Mapped[int] = mapped_column(index=True)
    performance_id: Mapped[int]
    session_id: Mapped[int]
    troupe_id: Mapped[int]
    member_id: Mapped[int]
    person_id: Mapped[int]
    part_id: Mapped[int | None]  # None: whichever of their parts is needed
    is_stand_in: Mapped[bool] = mapped_column(default=False)

    member: Mapped[TroupeMember] = relationship(
        primaryjoin="Performer.member_id == TroupeMember.id", foreign_keys="Performer.member_id", viewonly=True
    )
    part: Mapped[TroupePart | None] = relationship(
        primaryjoin="Performer.part_id == TroupePart.id", foreign_keys="Performer.part_id", viewonly=True
    )


class RehearsalPiece(Base):
    """That a piece is rehearsed at a session before a performance: which one it is there, and for how long."""

    __tablename__ = "rehearsal_pieces"
    __table_args__ = (
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("minutes BETWEEN 5 AND 480", name="minutes"),
        UniqueConstraint("performance_id", "session_id", "piece_id"),
        ForeignKeyConstraint(["performance_id", "troupe_id"], ["performances.id", "performances.troupe_id"]),
        ForeignKeyConstraint(["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"]),
        Index("uq_rehearsal_pieces_position", "performance_id", "session_id", "position", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    performance_id: Mapped[int]
    troupe_id: Mapped[int]
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    piece_id: Mapped[int]
    position: Mapped[int]
    minutes: Mapped[int]
