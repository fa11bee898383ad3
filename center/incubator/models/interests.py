"""Who has an interest in which organisation, and who may therefore not score it nor decide about it."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.organisations.models import Organisation
from center.people.models import Person


class InterestKind(enum.StrEnum):
    """How somebody is bound to an organisation."""

    FAMILY = "family"
    FOUNDER = "founder"
    FUNDED = "funded"
    MEMBER = "member"


class DeclaredInterest(Base):
    """That somebody has an interest in an organisation, as they said themselves or the register knows."""

    __tablename__ = "declared_interests"
    __table_args__ = (
        CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="dates"),
        Index("ix_declared_interests_whose", "organisation_id", "person_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[InterestKind] = mapped_column(enum_type(InterestKind, "interest_kind"))
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)
    counts_until: Mapped[date | None] = mapped_column(Date)  # None: for ever
    note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    declared_on: Mapped[date] = mapped_column(Date)  # by the centre's calendar
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation] = relationship()


class Eligibility(Base):
    """Whether somebody is free of interests in an incubation: what a score and a decision stand on.

    Once not free, never free again. Rows that stand on it follow by their foreign keys, whatever happens at once.
    """

    __tablename__ = "eligibilities"
    __table_args__ = (UniqueConstraint("incubation_id", "person_id", "is_free"),)

    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    is_free: Mapped[bool]
    since_on: Mapped[date] = mapped_column(Date)  # since when it has been asked
