"""The register (备案) of community organisations, and what they report of each quarter."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime
from center.kernel.trail import Trailed
from center.organisations.models import Organisation
from center.people.models import Person


class Registration(Trailed, Base):
    """That an organisation is filed with the subdistrict: under which number, from when until (and including) when."""

    trail_only = frozenset({"number", "starts_on", "valid_until", "founders", "members", "premises", "ended_on", "why"})
    __tablename__ = "registrations"
    __table_args__ = (
        CheckConstraint("valid_until >= starts_on", name="dates"),
        CheckConstraint("founders >= 2", name="founders"),
        CheckConstraint("members >= 10", name="members"),
        CheckConstraint("(ended_on IS NULL) = (trim(why) = '')", name="ended"),
        UniqueConstraint("number"),
        UniqueConstraint("organisation_id", "starts_on"),
        Index("ix_registrations_until", "valid_until", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    number: Mapped[str] = mapped_column(String(40))
    starts_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    founders: Mapped[int]
    members: Mapped[int]
    premises: Mapped[str] = mapped_column(String(200), default="")  # where it is to be found
    entered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    entered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_on: Mapped[date | None] = mapped_column(Date)  # taken off the register before its time
    why: Mapped[str] = mapped_column(String(200), default="")
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # that it is to be renewed

    organisation: Mapped[Organisation] = relationship()
    entered_by: Mapped[Person] = relationship(foreign_keys=[entered_by_id])


class QuarterReport(Base):
    """What an organisation reported of a quarter: counts of its records at that moment, and what it adds in words."""

    __tablename__ = "quarter_reports"
    __table_args__ = (
        CheckConstraint("quarter BETWEEN 1 AND 4", name="quarter"),
        CheckConstraint("members >= 0 AND activities >= 0 AND sessions >= 0", name="counts"),
        CheckConstraint("visits >= 0 AND people >= 0 AND minutes >= 0", name="people"),
        UniqueConstraint("organisation_id", "year", "quarter"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    members: Mapped[int]
    activities: Mapped[int]
    sessions: Mapped[int]
    visits: Mapped[int]
    people: Mapped[int]
    minutes: Mapped[int]  # of volunteers, certified
    note: Mapped[str] = mapped_column(Text, default="")
    sent_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    sent_by: Mapped[Person] = relationship(foreign_keys=[sent_by_id])


class QuarterReminder(Base):
    """That the leads of an organisation were reminded of a quarter's report."""

    __tablename__ = "quarter_reminders"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "quarter"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"))
    year: Mapped[int]
    quarter: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
