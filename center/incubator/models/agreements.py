"""What an organisation agrees with the centre, and what goes with it: seats, lockers, keys, reviews, leaving."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.incubator.models.incubations import Incubation, IncubationDocument
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.trail import Trailed
from center.organisations.models import Organisation
from center.people.models import Person


class SeatKind(enum.StrEnum):
    """What is let."""

    LOCKER = "locker"
    SEAT = "seat"


class Seat(Trailed, Base):
    """A seat at a desk of the incubator, or a locker."""

    trail_only = frozenset({"kind", "code", "is_retired"})
    __tablename__ = "incubator_seats"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SeatKind] = mapped_column(enum_type(SeatKind, "seat_kind"))
    code: Mapped[str] = mapped_column(String(20), unique=True)
    is_retired: Mapped[bool] = mapped_column(default=False)


class Agreement(Base):
    """From when until (and including) when an organisation is here, and how many hours a month it may use rooms.

    An extension is a row of its own that follows; the database lets no two of one incubation count on a day.
    """

    __tablename__ = "incubation_agreements"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("room_hours >= 0", name="room_hours"),
        CheckConstraint("NOT is_extension OR trim(reason) <> ''", name="reason"),
        Index("ix_incubation_agreements_term", "incubation_id", "starts_on"),
        Index("ix_incubation_agreements_until", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    room_hours: Mapped[int] = mapped_column(default=0)  # a month
    is_extension: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(200), default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("incubation_documents.id"))
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that it runs out

    incubation: Mapped[Incubation] = relationship()
    document: Mapped[IncubationDocument | None] = relationship()
    entered_by: Mapped[Person] = relationship(foreign_keys=[entered_by_id])


class AgreementPaper(Base):
    """A paper on which an agreement is signed: of the same organisation, and an agreement, as the database holds.

    Another that is signed later is the next version; nobody takes one away.
    """

    __tablename__ = "agreement_papers"

    agreement_id: Mapped[int] = mapped_column(ForeignKey("incubation_agreements.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("incubation_documents.id"), primary_key=True, index=True)

    document: Mapped[IncubationDocument] = relationship()


class SeatLetting(Base):
    """That a seat or a locker is an organisation's, within the term of its agreement. No two at a time."""

    __tablename__ = "seat_lettings"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("(given_back_on IS NULL) = (taken_back_by_id IS NULL)", name="given_back"),
        Index("ix_seat_lettings_seat", "seat_id", "ends_on"),
        Index("ix_seat_lettings_agreement", "agreement_id", "seat_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("incubator_seats.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("incubation_agreements.id"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    let_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    let_at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_back_on: Mapped[date | None] = mapped_column(Date)
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    seat: Mapped[Seat] = relationship()
    agreement: Mapped[Agreement] = relationship()


class KeyGiven(Base):
    """That somebody of an organisation has a key of the house."""

    __tablename__ = "incubation_keys"
    __table_args__ = (
        CheckConstraint("(returned_on IS NULL) = (taken_by_id IS NULL)", name="returned"),
        CheckConstraint("returned_on IS NULL OR returned_on >= given_on", name="dates"),
        Index("ix_incubation_keys_incubation", "incubation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    what: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    given_on: Mapped[date] = mapped_column(Date)
    given_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    returned_on: Mapped[date | None] = mapped_column(Date)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class CheckWay(enum.StrEnum):
    """How somebody looked whether a report is so."""

    CALL = "call"
    VISIT = "visit"


class MidResult(enum.StrEnum):
    """What a mid-term review came to."""

    EXTENDED = "extended"
    GOES_ON = "goes_on"
    GRADUATES = "graduates"
    LEAVES = "leaves"


class MidReview(Base):
    """A mid-term review: the organisation reports, staff read it, check it by a call or a visit, and it has a result.

    No step stands without the one before it, and at most one of an incubation is open.
    """

    __tablename__ = "mid_reviews"
    __table_args__ = (
        CheckConstraint("(report_at IS NULL) = (trim(report) = '')", name="report"),
        CheckConstraint("opinion_at IS NULL OR report_at IS NOT NULL", name="opinion_after_report"),
        CheckConstraint("(opinion_at IS NULL) = (trim(opinion) = '')", name="opinion"),
        CheckConstraint("checked_on IS NULL OR opinion_at IS NOT NULL", name="check_after_opinion"),
        CheckConstraint("(checked_on IS NULL) = (check_way IS NULL)", name="check"),
        CheckConstraint("closed_at IS NULL OR checked_on IS NOT NULL", name="result_after_check"),
        CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name="result"),
        Index(
            "uq_mid_reviews_open",
            "incubation_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"), index=True)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    report: Mapped[str] = mapped_column(Text, default="")
    report_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    report_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    opinion: Mapped[str] = mapped_column(Text, default="")
    opinion_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    opinion_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_way: Mapped[CheckWay | None] = mapped_column(enum_type(CheckWay, "check_way"))
    check_words: Mapped[str] = mapped_column(Text, default="")
    checked_on: Mapped[date | None] = mapped_column(Date)
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    result: Mapped[MidResult | None] = mapped_column(enum_type(MidResult, "mid_result"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    incubation: Mapped[Incubation] = relationship()
    report_by: Mapped[Person | None] = relationship(foreign_keys=[report_by_id])
    opinion_by: Mapped[Person | None] = relationship(foreign_keys=[opinion_by_id])
    checked_by: Mapped[Person | None] = relationship(foreign_keys=[checked_by_id])


class CardMoment(enum.StrEnum):
    """When a capability card is written."""

    ENTRY = "entry"
    EXIT = "exit"


class CapabilityCard(Base):
    """What an organisation can do when it comes and when it leaves, in words: no points, no order among them."""

    __tablename__ = "capability_cards"
    __table_args__ = (UniqueConstraint("incubation_id", "moment"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    moment: Mapped[CardMoment] = mapped_column(enum_type(CardMoment, "card_moment"))
    team: Mapped[str] = mapped_column(Text)  # 团队
    money: Mapped[str] = mapped_column(Text)  # 财务
    projects: Mapped[str] = mapped_column(Text)  # 项目
    party: Mapped[str] = mapped_column(Text)  # 党建
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])


class LeftKind(enum.StrEnum):
    """What an organisation that leaves may still have."""

    ACTIVITY = "activity"
    BOOKING = "booking"
    KEY = "key"
    SEAT = "seat"
    SERIES = "series"


class HandOverWay(enum.StrEnum):
    """What became of it."""

    CANCELLED = "cancelled"
    HANDED = "handed"  # to another organisation
    RETURNED = "returned"


class HandOverAct(Base):
    """One thing that was seen to when an organisation left. Altered by nobody."""

    __tablename__ = "hand_over_acts"
    __table_args__ = (
        CheckConstraint("(way = 'handed') = (to_organisation_id IS NOT NULL)", name="handed"),
        Index("ix_hand_over_acts_incubation", "incubation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    kind: Mapped[LeftKind] = mapped_column(enum_type(LeftKind, "left_kind"))
    what: Mapped[str] = mapped_column(String(200))  # as it was called then
    way: Mapped[HandOverWay] = mapped_column(enum_type(HandOverWay, "hand_over_way"))
    to_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    to_organisation: Mapped[Organisation | None] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
