"""An organisation's way through the incubator: its stage, the decisions that led there, its application and papers.

A decision is the move: the database writes the stage when a decision comes in, and refuses to write it otherwise.
"""

import enum
from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedBytes
from center.kernel.unreadable import Unreadable
from center.organisations.models import Organisation
from center.people.models import Person


class IncubationStage(enum.StrEnum):
    """Where an organisation stands, from its application to its leaving."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"  # 补正
    SCREENING = "screening"  # 初审
    REVIEW = "review"  # 评审
    PUBLISHED = "published"  # 公示
    SIGNING = "signing"  # 签约
    INCUBATING = "incubating"
    MID_REVIEW = "mid_review"
    EXTENDED = "extended"
    GRADUATED = "graduated"
    WITHDRAWING = "withdrawing"  # 退出交接
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"  # 不予入驻
    RECONSIDERED = "reconsidered"  # 复核


ENDED = (IncubationStage.GRADUATED, IncubationStage.WITHDRAWN, IncubationStage.REFUSED)
_IS_LIVE = "stage NOT IN ('graduated', 'withdrawn', 'refused')"


class IncubationForm(enum.StrEnum):
    """Whether it has a place in the house."""

    REAL = "real"  # 实体
    VIRTUAL = "virtual"


class DocumentKind(enum.StrEnum):
    """What a paper of an organisation is."""

    AGREEMENT = "agreement"
    APPLICATION_FORM = "application_form"
    CHARTER = "charter"
    HAND_OVER = "hand_over"
    MEMBER_ROLL = "member_roll"
    MINUTES = "minutes"
    OTHER = "other"
    PLAN = "plan"
    PREMISES = "premises"
    REGISTRATION = "registration"
    REPORT = "report"


class Incubation(Base):
    """One way of an organisation through the incubator. At most one of an organisation is under way."""

    __tablename__ = "incubations"
    __table_args__ = (
        CheckConstraint("step >= 0", name="step"),
        Index(
            "uq_incubations_live",
            "organisation_id",
            unique=True,
            sqlite_where=text(_IS_LIVE),
            postgresql_where=text(_IS_LIVE),
        ),
        Index("ix_incubations_stage", "stage", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # 2026-014
    stage: Mapped[IncubationStage] = mapped_column(
        enum_type(IncubationStage, "incubation_stage"), default=IncubationStage.DRAFT
    )
    step: Mapped[int] = mapped_column(default=0)  # how many decisions led here
    form: Mapped[IncubationForm] = mapped_column(enum_type(IncubationForm, "incubation_form"))
    applicant_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # whose turn it is, of the staff
    due_on: Mapped[date | None] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)

    organisation: Mapped[Organisation] = relationship()
    applicant: Mapped[Person] = relationship(foreign_keys=[applicant_id])
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    decisions: Mapped[list["IncubationDecision"]] = relationship(
        order_by="IncubationDecision.step", back_populates="incubation"
    )


class IncubationTransition(Base):
    """A move that is allowed. The migrations fill this table; nothing else writes it."""

    __tablename__ = "incubation_transitions"
    __table_args__ = ({"info": {"filled_by_migrations": True}},)

    from_stage: Mapped[IncubationStage] = mapped_column(
        enum_type(IncubationStage, "incubation_transition_from"), primary_key=True
    )
    to_stage: Mapped[IncubationStage] = mapped_column(
        enum_type(IncubationStage, "incubation_transition_to"), primary_key=True
    )
    by_applicant: Mapped[bool]  # the applicant's own move; all others are staff's
    needs_free: Mapped[bool]  # whoever decides it has no interest in the organisation
    needs_reason: Mapped[bool]


class IncubationDecision(Base):
    """One move: who, when, why, resting on which paper, by which letter. Altered by nobody."""

    __tablename__ = "incubation_decisions"
    __table_args__ = (
        UniqueConstraint("incubation_id", "step"),
        UniqueConstraint("letter_year", "letter_number"),
        CheckConstraint("(letter_year IS NULL) = (letter_number IS NULL)", name="letter"),
        CheckConstraint("(document_id IS NULL) = (document_sha256 = '')", name="document"),
        ForeignKeyConstraint(
            ["from_stage", "to_stage"],
            ["incubation_transitions.from_stage", "incubation_transitions.to_stage"],
            name="fk_incubation_decisions_allowed",
        ),
        ForeignKeyConstraint(
            ["incubation_id", "by_id", "by_is_free"],
            ["eligibilities.incubation_id", "eligibilities.person_id", "eligibilities.is_free"],
            name="fk_incubation_decisions_free",
            onupdate="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    step: Mapped[int]
    from_stage: Mapped[IncubationStage] = mapped_column(enum_type(IncubationStage, "incubation_decision_from"))
    to_stage: Mapped[IncubationStage] = mapped_column(enum_type(IncubationStage, "incubation_decision_to"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_is_free: Mapped[bool | None]  # of interests; None for an applicant's own move
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    document_id: Mapped[int | None] = mapped_column(ForeignKey("incubation_documents.id"))
    document_sha256: Mapped[str] = mapped_column(String(64), default="", server_default="")
    letter_year: Mapped[int | None]
    letter_number: Mapped[int | None]
    next_owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who has it from now on
    next_due_on: Mapped[date | None] = mapped_column(Date)

    incubation: Mapped[Incubation] = relationship(back_populates="decisions", foreign_keys=[incubation_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    document: Mapped["IncubationDocument | None"] = relationship(foreign_keys=[document_id])
    papers: Mapped[list["DecisionPaper"]] = relationship(order_by="DecisionPaper.document_id")


class DecisionPaper(Base):
    """A paper as it was when a decision was made, so that another put in its place is seen."""

    __tablename__ = "incubation_decision_papers"

    decision_id: Mapped[int] = mapped_column(ForeignKey("incubation_decisions.id"), primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("incubation_documents.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64))

    document: Mapped["IncubationDocument"] = relationship()


class IncubationDocument(Base):
    """A paper of an organisation. Another of the same kind is a new version; what was there stays."""

    __tablename__ = "incubation_documents"
    __table_args__ = (
        UniqueConstraint("incubation_id", "kind", "version"),
        CheckConstraint("size > 0", name="size"),
        CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    kind: Mapped[DocumentKind] = mapped_column(enum_type(DocumentKind, "incubation_document_kind"))
    version: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | Unreadable] = mapped_column(
        EncryptedBytes("incubation_documents.content", owner="incubation_id"), deferred=True
    )
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    by_staff: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship()


class IncubationApplication(Base):
    """What an organisation says of itself when it applies; open to change only before it is under review."""

    __tablename__ = "incubation_applications"
    __table_args__ = (
        CheckConstraint("founders >= 0 AND members >= 0 AND seats >= 0 AND room_hours >= 0", name="numbers"),
    )

    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(Text, default="", server_default="")
    serves: Mapped[str] = mapped_column(Text, default="", server_default="")  # whom it is for
    plan: Mapped[str] = mapped_column(Text, default="", server_default="")
    money: Mapped[str] = mapped_column(Text, default="", server_default="")  # what it lives on
    premises: Mapped[str] = mapped_column(String(200), default="", server_default="")
    founders: Mapped[int] = mapped_column(default=0)
    members: Mapped[int] = mapped_column(default=0)
    seats: Mapped[int] = mapped_column(default=0)  # wished for
    room_hours: Mapped[int] = mapped_column(default=0)  # a week, wished for


class LetterCount(Base):
    """The last number of a letter in a year; whoever takes the next holds this row until they commit."""

    __tablename__ = "letter_counts"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
