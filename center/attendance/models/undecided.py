"""Which events nobody has decided yet, so that asking for them costs the same however many were decided before."""

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base


class UndecidedEvent(Base):
    """That an event waits for somebody's decision. The database alone writes it with the event, and removes it with
    the review.
    """

    __tablename__ = "undecided_events"
    __table_args__ = (Index("ix_undecided_events_session", "session_id", "event_id"),)

    event_id: Mapped[int] = mapped_column(ForeignKey("attendance_events.id"), primary_key=True, autoincrement=False)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
