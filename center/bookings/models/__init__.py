"""Bookings of rooms."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.logs import press_now
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import AccessFeature, Room, RoomUse
from center.rooms.rule_models import Purpose


class BookingStatus(enum.StrEnum):
    """Where a booking stands. Requested and confirmed ones are live: they, and no others, have rows in the ledger."""

    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    EXPIRED = "expired"
    RELEASED = "released"
    REQUESTED = "requested"


LIVE = (BookingStatus.REQUESTED, BookingStatus.CONFIRMED)


class Channel(enum.StrEnum):
    """How the booking came."""

    DESK = "desk"
    ONLINE = "online"
    PHONE = "phone"


class BookingChange(enum.StrEnum):
    """What happened to a booking."""

    APPROVED = "approved"
    CANCELLED = "cancelled"
    CHANGE_ASKED = "change_asked"  # staff asked for another time, room or size before they decide
    CHECK_IN_UNDONE = "check_in_undone"
    CHECKED_IN = "checked_in"
    CONFIRMED = "confirmed"  # booked, and needed nobody's approval
    DECISION_UNDONE = "decision_undone"  # whoever had decided took it back at once: it waits again
    DECLINED = "declined"
    EDITED = "edited"  # what it is for, how many come, what it needs
    EXPIRED = "expired"
    KEPT = "kept"  # a closure or a change of hours came over it, and it stays
    MOVED = "moved"  # to another time or room; the event says from where
    NO_SHOW = "no_show"
    OVERRIDDEN = "overridden"  # staff booked against a rule; the reason says why
    RELEASED = "released"
    REQUESTED = "requested"


def standing_at(booking: Any, now: datetime) -> BookingStatus:
    """Where a booking, or the row of one, stands at a moment; see `Booking.state_at`."""
    if booking.status is BookingStatus.REQUESTED and (booking.expires_at or booking.starts_at) <= now:
        return BookingStatus.EXPIRED
    status: BookingStatus = booking.status
    return status


class Booking(Base):
    """One use of a room by a person, for themselves or for an organisation."""

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at AND clear_at >= ends_at", name="span"),
        CheckConstraint("people > 0", name="people"),
        UniqueConstraint("booked_by_id", "request_key"),
        Index("ix_bookings_person_ends", "person_id", "ends_at"),
        Index("ix_bookings_organisation_ends", "organisation_id", "ends_at"),
        Index("ix_bookings_status_starts", "status", "starts_at"),
        Index("ix_bookings_room_starts", "room_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)  # what people read out: K7QM-2F9D
    use_id: Mapped[int] = mapped_column(ForeignKey("room_uses.id"), unique=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who answers for it
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who typed it in
    request_key: Mapped[str] = mapped_column(String(36))  # one per form shown: sending a form twice makes one booking
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "channel"))
    status: Mapped[BookingStatus] = mapped_column(enum_type(BookingStatus, "booking_status"))
    purpose: Mapped[str] = mapped_column(String(80))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purposes.id"), index=True)  # which kind of use it is
    note: Mapped[str] = mapped_column(Text, default="")
    set_up: Mapped[str] = mapped_column(String(300), default="")  # how the room should stand: "chairs in a circle"
    people: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clear_at: Mapped[datetime] = mapped_column(UtcDateTime)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decision_reason: Mapped[str] = mapped_column(String(200), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a request undecided by then is over
    change_wanted: Mapped[str] = mapped_column(String(200), default="")  # what staff ask to be changed first
    change_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    change_answer: Mapped[str] = mapped_column(String(200), default="")  # what the person says to that
    change_answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    moved_by_staff_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # its person may cancel until it starts
    move_agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its person said that the move is fine
    checked_in_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 SEQUENCE: counts changes told to calendars

    room: Mapped[Room] = relationship()
    use: Mapped[RoomUse] = relationship()
    kind_of_use: Mapped[Purpose | None] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    booked_by: Mapped[Person] = relationship(foreign_keys=[booked_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    cancelled_by: Mapped[Person | None] = relationship(foreign_keys=[cancelled_by_id])
    needs: Mapped[list["BookingNeed"]] = relationship(cascade="all, delete-orphan", order_by="BookingNeed.need")

    @property
    def is_live(self) -> bool:
        """Whether it has the room's time: confirmed, or asked for and not yet decided."""
        return self.status in LIVE

    @property
    def span(self) -> Span:
        """From when until when they use the room."""
        return Span(self.starts_at, self.ends_at)

    @property
    def until_cleared(self) -> Span:
        """The time that it takes of the room, clearing up included."""
        return Span(self.starts_at, self.clear_at)

    def state_at(self, now: datetime) -> BookingStatus:
        """Where it stands at a moment: a request that nobody decided in time is over, tidied away or not."""
        return standing_at(self, now)

    @property
    def awaits_answer(self) -> bool:
        """Whether it waits, staff have asked for a change, and the person has not answered yet."""
        is_asked = self.change_wanted_at is not None and self.change_answered_at is None
        return is_asked and self.status is BookingStatus.REQUESTED

    @property
    def needed(self) -> frozenset[AccessFeature]:
        """The access features that the booking needs of its room."""
        return frozenset(row.need for row in self.needs)


class BookingNeed(Base):
    """One access feature that a booking needs of its room."""

    __tablename__ = "booking_needs"

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    need: Mapped[AccessFeature] = mapped_column(enum_type(AccessFeature, "booking_need"), primary_key=True)


class RoomReady(Base):
    """A room was made ready for a booking, as it stood then: a move or another wish asks for it anew."""

    __tablename__ = "rooms_ready"

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    done_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    done_by: Mapped[Person] = relationship()


class CalendarLink(Base):
    """A person's secret calendar address. Only its hash is kept, so that nobody can read the address here."""

    __tablename__ = "calendar_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    person: Mapped[Person] = relationship()


class BookingEvent(Base):
    """One change of a booking: who changed it, when and how. The database refuses to alter or remove a row."""

    __tablename__ = "booking_events"
    __table_args__ = (
        Index("ix_booking_events_at", "at", "id"),
        Index("ix_booking_events_by_at", "by_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, by a rule
    what: Mapped[BookingChange] = mapped_column(enum_type(BookingChange, "booking_change"))
    channel: Mapped[Channel | None] = mapped_column(enum_type(Channel, "booking_event_channel"))
    reason: Mapped[str] = mapped_column(String(200), default="")  # nothing about people that the booking has not
    was_room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"))  # of a move: where and when it was before
    was_starts_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    press: Mapped[str | None] = mapped_column(String(16), default=press_now, index=True)

    booking: Mapped[Booking] = relationship()
    by: Mapped[Person | None] = relationship()
    was_room: Mapped[Room | None] = relationship()
