"""What people said of a session afterwards, and their complaints.

Nothing that is stored leads from an answer to whoever gave it without their name: a ticket says that somebody has
answered, and an answer says of which session it is, under a key that tells no order. The database lets a session have
no more answers than tickets that were spent on it. See docs/decisions/0059-anonymous-feedback.md.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.organisations.models import Organisation
from center.people.models import Person


class Liking(enum.StrEnum):
    """How somebody liked it."""

    VERY_GOOD = "very_good"
    GOOD = "good"
    SO_SO = "so_so"
    NOT_GOOD = "not_good"


class Following(enum.StrEnum):
    """Whether somebody could follow: see, hear, get in and get about."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class FeedbackRound(Base):
    """That people are asked about a session, and until when they may answer."""

    __tablename__ = "feedback_rounds"
    __table_args__ = (
        CheckConstraint("closes_at > opened_at", name="times"),
        Index(
            "ix_feedback_rounds_open",
            "closes_at",
            "session_id",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True, autoincrement=False)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # since then nobody knows any more who answered

    session: Mapped[Session] = relationship()


class FeedbackTicket(Base):
    """That one answer may be given: by a person who came, or on one sheet of paper. Once spent it stays so, until the
    round is closed and nobody knows any more who answered.
    """

    __tablename__ = "feedback_tickets"
    __table_args__ = (UniqueConstraint("session_id", "person_id"), UniqueConstraint("number"))

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("feedback_rounds.session_id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: a sheet of paper
    number: Mapped[str] = mapped_column(String(12))  # as it stands on the sheet
    is_spent: Mapped[bool | None] = mapped_column(default=False)  # None: not known any more

    round: Mapped[FeedbackRound] = relationship()
    person: Mapped[Person | None] = relationship()


class FeedbackAnswer(Base):
    """What somebody said of a session. It has no time and no order, so that it cannot be laid beside a log."""

    __tablename__ = "feedback_answers"
    __table_args__ = (Index("ix_feedback_answers_session", "session_id", "is_counted"), {"sqlite_with_rowid": False})

    key: Mapped[str] = mapped_column(String(32), primary_key=True)  # random
    session_id: Mapped[int] = mapped_column(ForeignKey("feedback_rounds.session_id"))
    liking: Mapped[Liking] = mapped_column(enum_type(Liking, "feedback_liking"))
    following: Mapped[Following] = mapped_column(enum_type(Following, "feedback_following"))
    words: Mapped[str] = mapped_column(Text, default="")
    # Whoever wished to be named: staff may come back to them, and nobody else reads it.
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    is_counted: Mapped[bool] = mapped_column(default=False)  # it stands in the totals, together with others

    person: Mapped[Person | None] = relationship()


class Complaint(Base):
    """What somebody says to the director alone. The number is a secret: whoever has it reads the answer."""

    __tablename__ = "complaints"
    __table_args__ = (
        CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered"),
        CheckConstraint("(answered_at IS NULL) = (answer = '')", name="answer"),
        Index("ix_complaints_sent", "sent_on", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: without a name
    words: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(String(120), default="")  # how they want to hear of it, as they wrote it
    sent_on: Mapped[date] = mapped_column(Date)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    session: Mapped[Session | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])
