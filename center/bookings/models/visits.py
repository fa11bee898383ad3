"""Who came and who did not: missed visits, calls to see whether somebody is well, and limits on booking online."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.bookings.models import Booking
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person


class Missed(enum.StrEnum):
    """What a missed visit means for the person."""

    COUNTS = "counts"
    ORGANISATION = "organisation"  # it was an organisation's: it counts for nobody
    WELFARE = "welfare"  # they live alone: somebody asks whether they are well, and it never counts


class NoShow(Base):
    """A visit to which nobody came. One to a booking; staff may excuse it, and then it counts no more."""

    __tablename__ = "no_shows"
    __table_args__ = (
        CheckConstraint("(excused_at IS NULL) = (excused_by_id IS NULL)", name="excused"),
        Index("ix_no_shows_person_missed", "person_id", "missed_at"),
        Index("ix_no_shows_missed", "missed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    meaning: Mapped[Missed] = mapped_column(enum_type(Missed, "meaning"))
    missed_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when the visit should have begun
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself
    excused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    excused_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    excuse: Mapped[str] = mapped_column(String(200), default="")

    booking: Mapped[Booking] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class WelfareCall(Base):
    """A call to somebody who lives alone and did not come, until somebody has found out how they are.

    They had booked a room, or were expected at a session of an activity: one of the two.
    """

    __tablename__ = "welfare_calls"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done"),
        CheckConstraint("(booking_id IS NULL) <> (session_id IS NULL)", name="missed"),
        UniqueConstraint("session_id", "person_id"),
        Index("ix_welfare_calls_done_opened", "done_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), unique=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    found: Mapped[str] = mapped_column(String(300), default="")

    booking: Mapped[Booking | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    done_by: Mapped[Person | None] = relationship(foreign_keys=[done_by_id])


class BookingLimit(Trailed, Base):
    """What a member of staff decided when missed visits proposed a limit: a limit on booking online, or none."""

    __tablename__ = "booking_limits"
    __table_args__ = (
        CheckConstraint("ends_at IS NOT NULL OR lifted_at IS NULL", name="lifted"),
        Index("ix_booking_limits_person_decided", "person_id", "decided_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(200))
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: the proposal was dismissed
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lift_reason: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    decided_by: Mapped[Person] = relationship(foreign_keys=[decided_by_id])


class PresenceSettings(Trailed, Base):
    """The centre's numbers for missed visits and offers of freed time: one row, edited by staff in the site."""

    __tablename__ = "presence_settings"
    __table_args__ = (
        CheckConstraint("id = 1", name="one_row"),
        CheckConstraint("missed_visits > 0 AND within_days > 0 AND limit_days > 0", name="missed"),
        CheckConstraint("wish_limit > 0 AND offer_minutes > 0", name="offers"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    missed_visits: Mapped[int] = mapped_column(default=3)  # so many within `within_days` propose a limit
    within_days: Mapped[int] = mapped_column(default=90)
    limit_days: Mapped[int] = mapped_column(default=30)
    wish_limit: Mapped[int] = mapped_column(default=5)  # for how many times one person may wait at once
    offer_minutes: Mapped[int] = mapped_column(default=30)  # how long an offer holds its time, by day

    @property
    def window(self) -> timedelta:
        """For how long a missed visit counts."""
        return timedelta(days=self.within_days)
