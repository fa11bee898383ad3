"""What an incubated organisation files of an activity ahead of it, and writes of it afterwards."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Activity
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class FilingState(enum.StrEnum):
    """Where a filing stands with the staff."""

    FILED = "filed"
    RETURNED = "returned"  # with a reason: something is missing
    SEEN = "seen"


class ActivityFiling(Base):
    """What an organisation filed of an activity: what it is, how many come, and how their safety is seen to."""

    __tablename__ = "activity_filings"
    __table_args__ = (
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("people < 50 OR trim(safety_plan) <> ''", name="safety_plan"),
        CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state <> 'returned' OR trim(reason) <> ''", name="reason"),
        Index("ix_activity_filings_state", "state", "filed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    first_on: Mapped[date] = mapped_column(Date)  # its first date, as it was filed
    what: Mapped[str] = mapped_column(Text)
    people: Mapped[int]
    answers: Mapped[str] = mapped_column(String(120))  # who answers for it there, and how to reach them
    safety_plan: Mapped[str] = mapped_column(Text, default="")
    late_because: Mapped[str] = mapped_column(String(200), default="")
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    filed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[FilingState] = mapped_column(enum_type(FilingState, "filing_state"), default=FilingState.FILED)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")

    dates: Mapped[list["FilingDate"]] = relationship(cascade="all, delete-orphan", order_by="FilingDate.on_date")
    activity: Mapped[Activity] = relationship()
    filed_by: Mapped[Person] = relationship(foreign_keys=[filed_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])


class FilingDate(Base):
    """A date that a filing is of. One that is added to the activity later is filed anew."""

    __tablename__ = "filing_dates"

    filing_id: Mapped[int] = mapped_column(ForeignKey("activity_filings.id"), primary_key=True)
    on_date: Mapped[date] = mapped_column(Date, primary_key=True)


class ActivitySummary(Base):
    """What an organisation wrote of a date once it was over, with the counts of its registers at that moment."""

    __tablename__ = "activity_summaries"
    __table_args__ = (
        CheckConstraint("sessions >= 0 AND visits >= 0 AND people >= 0", name="counts"),
        UniqueConstraint("activity_id", "on_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    on_date: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(Text)
    to_do_better: Mapped[str] = mapped_column(Text, default="")
    sessions: Mapped[int]  # 场次
    visits: Mapped[int]  # 人次
    people: Mapped[int]  # 人数
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    activity: Mapped[Activity] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])


class FilingStep(enum.StrEnum):
    """Of what somebody was reminded."""

    FILING = "filing"
    FILING_LATE = "filing_late"
    SUMMARY = "summary"
    SUMMARY_LATE = "summary_late"


class FilingReminder(Base):
    """That the leads of an organisation were reminded of a date, once of each."""

    __tablename__ = "filing_reminders"
    __table_args__ = (UniqueConstraint("activity_id", "on_date", "step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"))
    on_date: Mapped[date] = mapped_column(Date)
    step: Mapped[FilingStep] = mapped_column(enum_type(FilingStep, "filing_step"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
