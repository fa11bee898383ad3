"""Cards that people show, and the devices that read them."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.rooms.models import Room


class Card(Base):
    """A person's card. Only the digest of its code is kept; a new card ends the one before at once."""

    __tablename__ = "cards"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        Index(
            "uq_cards_live",
            "person_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of 128 random bits
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class Duty(enum.StrEnum):
    """The one thing a device may do."""

    ENTRANCE = "entrance"  # whatever is on today
    ROOM = "room"  # what is on in one room
    SESSION = "session"


class Device(Base):
    """A device that may check people in: waits for its code, then is paired, then revoked, then known to be wiped."""

    __tablename__ = "devices"
    __table_args__ = (
        CheckConstraint("(duty = 'session') = (session_id IS NOT NULL)", name="session"),
        CheckConstraint("(duty = 'room') = (room_id IS NOT NULL)", name="room"),
        CheckConstraint("(paired_at IS NULL) = (token_hash IS NULL)", name="paired"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        CheckConstraint("wiped_at IS NULL OR revoked_at IS NOT NULL", name="wiped"),
        Index(
            "ix_devices_live",
            "expires_at",
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    duty: Mapped[Duty] = mapped_column(enum_type(Duty, "device_duty"))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who answers for what it sends
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    paired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)  # after this it may do nothing more
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    wiped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # it has asked since and was told to forget all

    session: Mapped[Session | None] = relationship()
    room: Mapped[Room | None] = relationship()
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])

    def may_send(self, now: datetime) -> bool:
        """Whether what it sends is believed at this moment."""
        return self.paired_at is not None and self.revoked_at is None and now < self.expires_at
