"""That a child is to be looked after for a term, for what reasons first, and what became of it.

The place itself is a sign-up on the roster of the term's activity: asked for, waiting, offered, had or given up. What
is here is what a child needs beyond a place.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import CareClass, Paragraph, School, Term
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.signups.models import Channel, SignUp


class Enrolment(Base):
    """A child in a term: one row, whoever asks and however often."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("term_id", "child_id"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended"),
        CheckConstraint("NOT is_refused OR ended_paragraph_id IS NOT NULL", name="refused"),
        CheckConstraint("paused_until IS NULL OR paused_from IS NOT NULL", name="paused"),
        Index("ix_enrolments_child", "child_id", "term_id"),
        Index("ix_enrolments_class", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), unique=True)  # the latest
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    school_class: Mapped[str] = mapped_column(String(20))  # at school: 三(2)班
    mark: Mapped[str] = mapped_column(String(12), default="")  # tells children of one name apart: 高, 红书包
    class_id: Mapped[int | None] = mapped_column(ForeignKey("care_classes.id"))
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # the guardian
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # the same, or staff
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "enrolment_channel"))
    rules_id: Mapped[int] = mapped_column(ForeignKey("term_rules.id"))  # the version that was read
    paused_from: Mapped[date | None] = mapped_column(Date)
    paused_until: Mapped[date | None] = mapped_column(Date)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    ended_paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("rule_paragraphs.id"))
    ended_reason: Mapped[str] = mapped_column(String(200), default="")
    is_refused: Mapped[bool] = mapped_column(default=False, server_default=false())  # not eligible, by the paragraph

    term: Mapped[Term] = relationship()
    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    sign_up: Mapped[SignUp] = relationship()
    school: Mapped[School] = relationship()
    care_class: Mapped[CareClass | None] = relationship()
    applied_by: Mapped[Person] = relationship(foreign_keys=[applied_by_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    ended_paragraph: Mapped[Paragraph | None] = relationship()
    claims: Mapped[list["PriorityClaim"]] = relationship(back_populates="enrolment", order_by="PriorityClaim.reason")
    callers: Mapped[list["CallOrder"]] = relationship(order_by="CallOrder.position")


class EnrolmentChange(enum.StrEnum):
    """What happened to an enrolment."""

    APPLIED = "applied"
    CLASS_SET = "class_set"
    EDITED = "edited"
    ENDED = "ended"
    NOT_ELIGIBLE = "not_eligible"
    PAUSED = "paused"
    PRIORITY_DECIDED = "priority_decided"
    RESUMED = "resumed"
    WITHDRAWN = "withdrawn"


class EnrolmentEvent(Base):
    """One change of an enrolment: who, when, why, by which paragraph. Altered by nobody."""

    __tablename__ = "enrolment_events"
    __table_args__ = (Index("ix_enrolment_events_enrolment", "enrolment_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    what: Mapped[EnrolmentChange] = mapped_column(enum_type(EnrolmentChange, "enrolment_change"))
    paragraph_id: Mapped[int | None] = mapped_column(ForeignKey("rule_paragraphs.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")

    by: Mapped[Person] = relationship()
    paragraph: Mapped[Paragraph | None] = relationship()


class PriorityClaim(Base):
    """That a guardian names a reason for priority, and what staff decided of it, with why."""

    __tablename__ = "priority_claims"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "reason"),
        CheckConstraint("(is_accepted IS NULL) = (decided_at IS NULL)", name="decided"),
        CheckConstraint("(decided_at IS NULL) = (decided_by_id IS NULL)", name="decided_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    reason: Mapped[Priority] = mapped_column(enum_type(Priority, "priority"))
    is_accepted: Mapped[bool | None]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_why: Mapped[str] = mapped_column(String(200), default="")

    enrolment: Mapped[Enrolment] = relationship(back_populates="claims")
    decided_by: Mapped[Person | None] = relationship()


class CallOrder(Base):
    """Which guardian of a child is rung first, second and so on."""

    __tablename__ = "call_orders"
    __table_args__ = (UniqueConstraint("enrolment_id", "position"), UniqueConstraint("enrolment_id", "guardian_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))  # 妈妈
    position: Mapped[int]

    guardian: Mapped[Person] = relationship()
