"""The rehearsals of a season as they were planned: each has its session, or was skipped and can be put back."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.rooms.models import Room
from center.troupes.models.seasons import Season


class Skipped(enum.StrEnum):
    """Why a planned rehearsal does not take place."""

    CHOSEN = "chosen"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    RULE = "rule"  # something else about the room is against it
    TAKEN = "taken"


class Rehearsal(Base):
    """One planned rehearsal of a season: when and where it was to be, and its session, if it has one."""

    __tablename__ = "rehearsals"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("(session_id IS NULL) = (skipped IS NOT NULL)", name="skipped"),
        CheckConstraint("makes_up_for_id IS NULL OR makes_up_for_id <> id", name="makes_up"),
        UniqueConstraint("season_id", "starts_at"),
        UniqueConstraint("session_id"),
        UniqueConstraint("id", "season_id"),
        ForeignKeyConstraint(["makes_up_for_id", "season_id"], ["rehearsals.id", "rehearsals.season_id"]),
        Index("ix_rehearsals_makes_up_for", "makes_up_for_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    season_id: Mapped[int] = mapped_column(ForeignKey("seasons.id"))
    on_date: Mapped[date] = mapped_column(Date)  # of the plan; the session may have been moved since
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    skipped: Mapped[Skipped | None] = mapped_column(enum_type(Skipped, "rehearsal_skipped"))
    makes_up_for_id: Mapped[int | None]  # the rehearsal of this season instead of which it takes place (补排)
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    planned_at: Mapped[datetime] = mapped_column(UtcDateTime)

    season: Mapped[Season] = relationship()
    room: Mapped[Room] = relationship()
    session: Mapped[Session | None] = relationship()
    planned_by: Mapped[Person] = relationship()
    makes_up_for: Mapped["Rehearsal | None"] = relationship(
        primaryjoin="foreign(Rehearsal.makes_up_for_id) == remote(Rehearsal.id)", viewonly=True
    )

    @property
    def takes_place(self) -> bool:
        """Whether it has a session that was not called off."""
        return self.session is not None and self.session.cancelled_at is None
