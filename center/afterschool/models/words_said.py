"""What a guardian said to staff, who wrote it down: on paper, on the phone, or standing there."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.consents import ChildConsent
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class Spoke(enum.StrEnum):
    """How a guardian said it, and so how staff made sure that it is them."""

    IN_PERSON = "in_person"
    PAPER = "paper"  # signed
    PHONE = "phone"  # and was rung back


class WordOn(enum.StrEnum):
    """What a guardian's word was about."""

    CHILD_PHOTO_DELETED = "child_photo_deleted"
    CHILD_PHOTO_KEPT = "child_photo_kept"
    COLLECTOR_NAMED = "collector_named"
    COLLECTOR_REVOKED = "collector_revoked"
    CONSENT_GIVEN = "consent_given"
    CONSENT_REVOKED = "consent_revoked"
    LEFT = "left"
    ORDER = "order"  # of calling
    PAUSED = "paused"
    REASON_NAMED = "reason_named"
    REASON_WITHDRAWN = "reason_withdrawn"
    RESUMED = "resumed"
    SCHOOL = "school"  # or class there, or mark
    WEEK = "week"


class GuardianWord(Base):
    """One thing that a guardian said to staff, and what it came to. Altered by nobody."""

    __tablename__ = "guardian_words"
    __table_args__ = (
        CheckConstraint("how <> 'phone' OR rang_back <> ''", name="phone"),
        CheckConstraint("how <> 'paper' OR paper <> ''", name="paper"),
        Index("ix_guardian_words_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    what: Mapped[WordOn] = mapped_column(enum_type(WordOn, "guardian_word_what"))
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolments.id"))
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("child_consents.id"), index=True)  # with its version
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("collectors.id"), index=True)
    guardian_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    how: Mapped[Spoke] = mapped_column(enum_type(Spoke, "guardian_word_how"))
    paper: Mapped[str] = mapped_column(String(60), default="")  # what the paper is found by
    rang_from: Mapped[str] = mapped_column(String(20), default="")
    rang_back: Mapped[str] = mapped_column(String(20), default="")  # a number that is on record

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    guardian: Mapped[Person] = relationship(foreign_keys=[guardian_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    enrolment: Mapped[Enrolment | None] = relationship()
    consent: Mapped[ChildConsent | None] = relationship()
    collector: Mapped[Collector | None] = relationship()
