"""What volunteers gave of their time: shifts, and the hours that somebody else has certified."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class ShiftState(enum.StrEnum):
    """Where a volunteer's shift stands."""

    CERTIFIED = "certified"
    DONE = "done"  # signed in and out, waits for somebody who certifies it
    FORGOTTEN = "forgotten"  # not signed out: its end is proposed, and somebody must say so
    OPEN = "open"
    REPLACED = "replaced"  # put right by a later row
    REFUSED = "refused"


class Shift(Base):
    """From when until when a volunteer helped at a session. A correction is a new row that names the old one."""

    __tablename__ = "volunteer_shifts"
    __table_args__ = (
        CheckConstraint("(state = 'open') <= (out_at IS NULL)", name="open"),
        CheckConstraint("state NOT IN ('done', 'certified') OR out_at IS NOT NULL", name="done"),
        CheckConstraint("out_at IS NULL OR out_at > in_at", name="times"),
        CheckConstraint("(state = 'certified') <= (certified_by_id IS NOT NULL)", name="certified"),
        CheckConstraint("(certified_by_id IS NULL) = (certified_at IS NULL)", name="certified_at"),
        CheckConstraint("certified_by_id IS NULL OR certified_by_id <> person_id", name="not_oneself"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> person_id", name="not_reviewed_by_oneself"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> certified_by_id", name="second"),
        Index(
            "uq_volunteer_shifts_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_volunteer_shifts_person", "person_id", "in_at"),
        Index("ix_volunteer_shifts_session", "session_id", "person_id"),
        Index("ix_volunteer_shifts_state", "state", "in_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[ShiftState] = mapped_column(enum_type(ShiftState, "shift_state"))
    in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # of a day of more than eight hours
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    certified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")  # of a correction or a refusal
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer_shifts.id"), unique=True)

    session: Mapped[Session] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    certified_by: Mapped[Person | None] = relationship(foreign_keys=[certified_by_id])
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id])
