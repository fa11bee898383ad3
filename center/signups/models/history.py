"""What happened to sign-ups and rosters, written with each change and altered by nobody."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.signups.models import Channel, Roster, SignUp, SignUpState


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


class RosterChange(enum.StrEnum):
    """What happened to a roster."""

    CAPACITY_CHANGED = "capacity_changed"
    DRAWN = "drawn"
    EDITED = "edited"
    POOL_ADDED = "pool_added"
    REMOVED = "removed"
    WANTED_AGAIN = "wanted_again"


class RosterEvent(Base):
    """One change of a roster: who, when, from what to what. The database refuses to alter or remove a row."""

    __tablename__ = "roster_events"
    __table_args__ = (Index("ix_roster_events_roster_at", "roster_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, by a rule
    what: Mapped[RosterChange] = mapped_column(enum_type(RosterChange, "roster_change"))
    details: Mapped[str] = mapped_column(Text, default="{}")  # JSON: each thing by name, as it was and as it is

    roster: Mapped[Roster] = relationship()
    by: Mapped[Person | None] = relationship()
