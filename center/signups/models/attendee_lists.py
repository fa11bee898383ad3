"""Who had a place when: from it follows who was at a session that is over."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime
from center.people.models import Person


class PlaceHeld(Base):
    """Since when somebody had a place, and until when. Whoever had one at a session was at it, whatever came later.

    The database lets an end be written once, and nothing be taken away.
    """

    __tablename__ = "places_held"
    __table_args__ = (
        CheckConstraint("until_at IS NULL OR until_at >= from_at", name="until"),
        Index("ix_places_held_sign_up", "sign_up_id", "from_at"),
        Index(
            "uq_places_held_now",
            "sign_up_id",
            unique=True,
            sqlite_where=text("until_at IS NULL"),
            postgresql_where=text("until_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"))
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: they have it still


class Driver(Base):
    """Who picks people up for a session: beside staff the only one who reads where they live."""

    __tablename__ = "drivers"
    __table_args__ = (UniqueConstraint("session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    session: Mapped[Session] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
