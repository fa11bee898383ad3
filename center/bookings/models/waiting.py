"""Wishes for times that are taken: who waits for what, in order, and what came of it."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.bookings.models import Booking, Channel
from center.kernel.db import Base, UtcDateTime, enum_type
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import AccessFeature, Room, RoomUse


class WishState(enum.StrEnum):
    """Where a wish for a time stands. One that has ended never comes back."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"  # the offer ran out unanswered
    LAPSED = "lapsed"  # the time came and was never free
    OFFERED = "offered"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class SlotWish(Base):
    """Somebody waits for a time of a room. While it is offered to them, `use` holds it in the ledger for them."""

    __tablename__ = "slot_wishes"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("state <> 'offered' OR (use_id IS NOT NULL AND offer_ends_at IS NOT NULL)", name="offer"),
        CheckConstraint("(state = 'accepted') = (booking_id IS NOT NULL)", name="accepted"),
        Index("ix_slot_wishes_room_state_starts", "room_id", "state", "starts_at"),
        Index("ix_slot_wishes_state_offer_ends", "state", "offer_ends_at"),
        Index("ix_slot_wishes_person_state", "person_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who would answer for the booking
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "wish_channel"))
    state: Mapped[WishState] = mapped_column(enum_type(WishState, "wish_state"))
    purpose: Mapped[str] = mapped_column(String(80))
    note: Mapped[str] = mapped_column(Text, default="")
    set_up: Mapped[str] = mapped_column(String(300), default="")
    needs: Mapped[str] = mapped_column(String(200), default="")  # access features, separated by commas
    people: Mapped[int]
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purposes.id"))  # which kind of use it would be
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    offered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from then on the offer is over, tidied or not
    clear_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    use_id: Mapped[int | None] = mapped_column(ForeignKey("room_uses.id"), unique=True)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), unique=True)

    room: Mapped[Room] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    use: Mapped[RoomUse | None] = relationship()
    booking: Mapped[Booking | None] = relationship()

    @property
    def needed(self) -> frozenset[AccessFeature]:
        """The access features that the use would need of its room."""
        return frozenset(AccessFeature(value) for value in self.needs.split(",") if value)
