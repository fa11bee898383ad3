"""What is made known before an organisation is taken in, what is objected, and the letters that say decisions."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.incubator.models.incubations import Incubation, IncubationDecision
from center.kernel.db import Base, UtcDateTime, enum_type


class Publication(Base):
    """A result made known to all (公示): from one moment until another; within it anybody may object."""

    __tablename__ = "publications"
    __table_args__ = (
        UniqueConstraint("incubation_id", "round"),
        CheckConstraint("ends_at > starts_at", name="dates"),
        Index("ix_publications_ends_at", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    decision_id: Mapped[int] = mapped_column(ForeignKey("incubation_decisions.id"), unique=True)
    round: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))  # of the organisation, as it was
    words: Mapped[str] = mapped_column(Text)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)  # the end of its last day
    last_on: Mapped[date] = mapped_column(Date)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    incubation: Mapped[Incubation] = relationship()
    objections: Mapped[list["Objection"]] = relationship(order_by="Objection.id", back_populates="publication")


class ObjectionWay(enum.StrEnum):
    """How an objection came in."""

    DESK = "desk"
    SITE = "site"


class Objection(Base):
    """What somebody has against it, with their name and how to reach them, and what was answered with which reason."""

    __tablename__ = "objections"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (is_upheld IS NULL)", name="upheld"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int] = mapped_column(ForeignKey("publications.id"), index=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)  # by which whoever objected can ask
    way: Mapped[ObjectionWay] = mapped_column(enum_type(ObjectionWay, "objection_way"))
    name: Mapped[str] = mapped_column(String(60))
    contact: Mapped[str] = mapped_column(String(120))
    words: Mapped[str] = mapped_column(Text)
    paper: Mapped[str] = mapped_column(String(60), default="", server_default="")  # where the paper lies
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # who was signed in
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # at the desk
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    is_upheld: Mapped[bool | None]
    answer: Mapped[str] = mapped_column(Text, default="", server_default="")

    publication: Mapped[Publication] = relationship(back_populates="objections")


class IncubationLetter(Base):
    """The letter that says a decision, in the words in which it was sent. Altered by nobody."""

    __tablename__ = "incubation_letters"

    decision_id: Mapped[int] = mapped_column(ForeignKey("incubation_decisions.id"), primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    addressee: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)

    decision: Mapped[IncubationDecision] = relationship()
