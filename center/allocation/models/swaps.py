"""Swaps: two organisations exchange room times, once both agree."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.kernel.db import Base, UtcDateTime, enum_type
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room


class SwapState(enum.StrEnum):
    """Where a swap stands. That one of its times has changed meanwhile is seen when it is read."""

    DONE = "done"
    EXPIRED = "expired"  # nobody answered in time
    PROPOSED = "proposed"
    REFUSED = "refused"  # by the other organisation, or by staff
    TAKEN_BACK = "taken_back"  # done, and undone within the minutes for a slip
    WAITING = "waiting"  # both agree, and a room asks for the agreement of staff
    WITHDRAWN = "withdrawn"


LIVE_SWAPS = (SwapState.PROPOSED, SwapState.WAITING)


class Swap(Base):
    """One organisation offers times of its own for times of another one."""

    __tablename__ = "room_swaps"
    __table_args__ = (
        CheckConstraint("from_organisation_id <> to_organisation_id", name="two"),
        CheckConstraint("(from_series_id IS NULL) = (to_series_id IS NULL)", name="series"),
        CheckConstraint("state <> 'refused' OR length(reason) > 0", name="reason"),
        CheckConstraint("state NOT IN ('done', 'taken_back') OR done_at IS NOT NULL", name="done"),
        Index("ix_room_swaps_state_expires", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    state: Mapped[SwapState] = mapped_column(enum_type(SwapState, "swap_state"))
    from_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    to_organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    from_series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"), index=True)
    to_series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"), index=True)
    note: Mapped[str] = mapped_column(String(200), default="")  # what the one says to the other
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # of staff, where a room asks for them

    from_organisation: Mapped[Organisation] = relationship(foreign_keys=[from_organisation_id])
    to_organisation: Mapped[Organisation] = relationship(foreign_keys=[to_organisation_id])
    from_series: Mapped[BookingSeries | None] = relationship(foreign_keys=[from_series_id])
    to_series: Mapped[BookingSeries | None] = relationship(foreign_keys=[to_series_id])
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
    pairs: Mapped[list["SwapPair"]] = relationship(back_populates="swap", order_by="SwapPair.id")

    def state_at(self, now: datetime) -> SwapState:
        """Where it stands at a moment: what nobody answered in time is over, tidied away or not."""
        return SwapState.EXPIRED if self.state in LIVE_SWAPS and self.expires_at <= now else self.state

    @property
    def is_of_series(self) -> bool:
        """Whether the whole of two series is exchanged, from now on."""
        return self.from_series_id is not None


class SwapPair(Base):
    """Two times that would change places, with where each was and how often it had changed by then.

    Each is a booking, or a session of an activity.
    """

    __tablename__ = "room_swap_pairs"
    __table_args__ = (
        CheckConstraint("(from_booking_id IS NULL) <> (from_session_id IS NULL)", name="from"),
        CheckConstraint("(to_booking_id IS NULL) <> (to_session_id IS NULL)", name="to"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    swap_id: Mapped[int] = mapped_column(ForeignKey("room_swaps.id"), index=True)
    from_booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    to_booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), index=True)
    from_session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    to_session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    from_room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    from_starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    to_starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    to_ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    from_seen: Mapped[int]
    to_seen: Mapped[int]

    swap: Mapped[Swap] = relationship(back_populates="pairs")
    from_booking: Mapped[Booking | None] = relationship(foreign_keys=[from_booking_id])
    to_booking: Mapped[Booking | None] = relationship(foreign_keys=[to_booking_id])
    from_session: Mapped[Session | None] = relationship(foreign_keys=[from_session_id])
    to_session: Mapped[Session | None] = relationship(foreign_keys=[to_session_id])
    from_room: Mapped[Room] = relationship(foreign_keys=[from_room_id])
    to_room: Mapped[Room] = relationship(foreign_keys=[to_room_id])

    @property
    def offered(self) -> Booking | Session:
        """What is offered."""
        found = self.from_booking or self.from_session
        assert found is not None  # the database lets neither be
        return found

    @property
    def asked_for(self) -> Booking | Session:
        """What is asked for."""
        found = self.to_booking or self.to_session
        assert found is not None
        return found
