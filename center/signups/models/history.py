"""What happened to sign-ups, written with each change and altered by nobody."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.signups.models import Channel, SignUp, SignUpState


class SignUpChange(enum.StrEnum):
    """What happened to a sign-up."""

    APPROVED = "approved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    DECISION_UNDONE = "decision_undone"  # whoever approved or declined took it back at once
    DECLINED = "declined"
    DRAWN = "drawn"
    EDITED = "edited"
    OFFER_ACCEPTED = "offer_accepted"
    OFFER_EXPIRED = "offer_expired"
    OFFER_TURNED_DOWN = "offer_turned_down"
    OFFERED = "offered"
    PROMOTED = "promoted"  # from the waiting list straight to a place
    QUEUED = "queued"
    REQUESTED = "requested"
    SESSION_CANCELLED = "session_cancelled"
    TRANSFERRED = "transferred"


class SignUpEvent(Base):
    """One change of a sign-up: who, when, how. The database refuses to alter or remove a row."""

    __tablename__ = "sign_up_events"
    __table_args__ = (Index("ix_sign_up_events_by_at", "by_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, by a rule
    what: Mapped[SignUpChange] = mapped_column(enum_type(SignUpChange, "sign_up_change"))
    channel: Mapped[Channel | None] = mapped_column(enum_type(Channel, "sign_up_event_channel"))
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id"))  # the place it was about
    reason: Mapped[str] = mapped_column(String(200), default="")
    was: Mapped[SignUpState | None] = mapped_column(enum_type(SignUpState, "sign_up_was"))  # of a decision: before it

    sign_up: Mapped[SignUp] = relationship()
    by: Mapped[Person | None] = relationship()
