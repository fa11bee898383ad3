"""Notices, their deliveries, how each person wants to be told, and the addresses that staff gave for sending.

A notice is recorded once, in the transaction of the change it tells of, and stays in the person's inbox. What must be
done so that it reaches them is one delivery for each way out: docs/decisions/0006 says how those are never lost.
"""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.sealed import Encrypted
from center.kernel.trail import Trailed
from center.people.models import Person


class Way(enum.StrEnum):
    """A way out of the house for a notice."""

    CALL = "call"  # somebody rings
    EMAIL = "email"
    GROUP = "group"  # a chat group of staff
    IN_PERSON = "in_person"  # told when they are met: they want no messages and no calls
    SLIP = "slip"  # printed, and handed over
    VISIT = "visit"  # by the grid worker at the door, else by the desk


_ERASURE_WAITS = text("what = 'erasure' AND settled_at IS NULL")
BY_MACHINE = (Way.EMAIL, Way.GROUP)
BY_HAND = (Way.CALL, Way.IN_PERSON, Way.SLIP, Way.VISIT)


class DeliveryState(enum.StrEnum):
    """Where a delivery stands."""

    DONE_BY_HAND = "done_by_hand"
    DROPPED = "dropped"  # not needed any more: read, overtaken, too late, or staff said so
    DUE = "due"
    FAILED = "failed"  # a dead letter: tried as often as makes sense, or refused for good
    HANDING_OVER = "handing_over"
    SENT = "sent"


class Preferred(enum.StrEnum):
    """How somebody asked to be told."""

    AUTOMATIC = "automatic"  # by whatever is there
    CALL = "call"
    EMAIL = "email"
    INBOX = "inbox"  # in the account only
    SLIP = "slip"


class Purpose(enum.StrEnum):
    """What an outgoing address is for."""

    EMAIL = "email"  # the gateway that takes e-mail
    GROUP = "group"  # a chat group or another program that hears what staff should know


class Notice(Base):
    """Something that a person, or (with no person) the staff, was told. The words are those of when it happened."""

    __tablename__ = "notices"
    __table_args__ = (
        Index("ix_notices_person_recorded", "person_id", "recorded_at", "id"),
        Index("ix_notices_person_read", "person_id", "read_at"),
        Index("ix_notices_about_kind", "about", "kind", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(160), unique=True)  # telling the same thing twice records it once
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    about: Mapped[str] = mapped_column(String(80), default="")  # what it is about, such as booking:K7QM-2F9D
    locale: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    gist: Mapped[str] = mapped_column(Text, default="", server_default="")  # what changed, in a line or two
    path: Mapped[str] = mapped_column(String(300), default="")  # of the page to go on to, on this site
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of what they did themselves: at once
    press: Mapped[str | None] = mapped_column(String(16), index=True)  # with what it was told, as the trail names it

    person: Mapped[Person | None] = relationship()
    deliveries: Mapped[list["Delivery"]] = relationship(back_populates="notice", order_by="Delivery.id")


class NoticeTopic(Base):
    """What else a notice is about, where it tells of the things of several people at once."""

    __tablename__ = "notice_topics"
    __table_args__ = (Index("ix_notice_topics_about", "about", "notice_id"),)

    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(String(80), primary_key=True)


class OutgoingAddress(Trailed, Base):
    """Where e-mail or staff news is handed over: an Apprise address set by a director. It holds secrets."""

    trail_hides = frozenset({"url"})
    __tablename__ = "outgoing_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "outgoing_purpose"))
    name: Mapped[str] = mapped_column(String(60))
    url: Mapped[str] = mapped_column(Encrypted)  # empty where it was sealed with another key
    is_on: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class Delivery(Base):
    """One notice on one way to one address."""

    __tablename__ = "notice_deliveries"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'handing_over') = (leased_until IS NOT NULL)", name="lease"),
        Index("ix_notice_deliveries_state_due", "state", "way", "due_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"), index=True)
    way: Mapped[Way] = mapped_column(enum_type(Way, "delivery_way"))
    address: Mapped[str] = mapped_column(String(254), default="")  # e-mail or phone, as it was when it was used
    outgoing_id: Mapped[int | None] = mapped_column(ForeignKey("outgoing_addresses.id", ondelete="SET NULL"))
    message_id: Mapped[str] = mapped_column(String(120), unique=True)  # the same however often it is handed over
    state: Mapped[DeliveryState] = mapped_column(enum_type(DeliveryState, "delivery_state"))
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    drop_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from then on it would tell nobody anything new
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(200), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # sent, done, dropped or given up
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who ticked it off or dropped it

    @property
    def present_address(self) -> str:
        """The e-mail address or phone number to use now: the person's own as it is today, else what was known then."""
        person = self.notice.person
        own = (
            {Way.EMAIL: person.email, Way.CALL: person.phone, Way.VISIT: person.phone}.get(self.way) if person else None
        )
        return own or self.address

    notice: Mapped[Notice] = relationship(back_populates="deliveries")
    outgoing: Mapped[OutgoingAddress | None] = relationship()
    settled_by: Mapped[Person | None] = relationship()


class AskedFor(enum.StrEnum):
    """What somebody asks of the desk: when they are told something at their door, or about their own data."""

    CALL = "call"  # that the desk rings them
    CANNOT_COME = "cannot_come"
    CORRECTION = "correction"  # something that the centre knows of them is wrong
    ERASURE = "erasure"  # that the centre forgets them
    OTHER = "other"
    PICK_UP = "pick_up"  # to be fetched


ABOUT_DATA = (AskedFor.CORRECTION, AskedFor.ERASURE)


class Ask(Base):
    """What somebody asked for, for the desk to settle; and what came of it.

    It hangs on what they were told when they asked, or, where it is about their own data, on themselves.
    """

    __tablename__ = "notice_asks"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name="settled"),
        CheckConstraint("(person_id IS NULL) <> (delivery_id IS NULL)", name="whose"),
        CheckConstraint("(person_id IS NULL) = (what NOT IN ('correction', 'erasure'))", name="about_data"),
        Index("ix_notice_asks_settled", "settled_at", "asked_at", "id"),
        Index(
            "uq_notice_asks_erasure",
            "person_id",
            unique=True,
            sqlite_where=_ERASURE_WAITS,
            postgresql_where=_ERASURE_WAITS,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("notice_deliveries.id", ondelete="CASCADE"), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    what: Mapped[AskedFor] = mapped_column(enum_type(AskedFor, "asked_for"))
    note: Mapped[str] = mapped_column(String(300), default="")
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who was told, or the person themselves
    is_refused: Mapped[bool] = mapped_column(default=False, server_default=false())  # `answer` says why
    answer: Mapped[str] = mapped_column(String(300), default="")
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    delivery: Mapped[Delivery | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    asked_by: Mapped[Person] = relationship(foreign_keys=[asked_by_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])


class ContactPreference(Base):
    """How a person asked to be told. Without a row: by whatever is there, in the language of their account."""

    __tablename__ = "contact_preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    preferred: Mapped[Preferred] = mapped_column(enum_type(Preferred, "preferred_way"))
    locale: Mapped[str | None] = mapped_column(String(8))
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # consent to be written to or rung up
    tells_helpers: Mapped[bool] = mapped_column(default=False)  # who may act for them hears what they hear
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class EmailToVerify(Base):
    """An address that somebody gave for a person and nobody has proved: nothing but a code goes there."""

    __tablename__ = "emails_to_verify"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(String(254))
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)  # when a code was sent last; it is made of it


class OwnWords(Trailed, Base):
    """The centre's own words for one kind of news in one language. Without a row the house's words are said."""

    __tablename__ = "own_words"

    kind: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200))  # with {fields} in it
    body: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    changed_by: Mapped[Person | None] = relationship()
