"""What members answer to a performance, links that answer without signing in, and names that may be published."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.troupes.models.troupes import TroupeMember
from center.troupes.performances.models import Performance
from center.troupes.performances.readiness import Answer

LIVE = text("revoked_at IS NULL")


class SaidBy(enum.StrEnum):
    """How an answer came."""

    ACCOUNT = "account"
    LEAD = "lead"  # 代答: a leader wrote down what a member said
    LINK = "link"


class Reply(Base):
    """Whether a member comes to a performance, as they said last. It is of the time that the performance had then."""

    __tablename__ = "performance_replies"
    __table_args__ = (
        CheckConstraint("(how = 'link') = (by_id IS NULL)", name="by"),
        UniqueConstraint("performance_id", "member_id"),
        ForeignKeyConstraint(["performance_id", "troupe_id"], ["performances.id", "performances.troupe_id"]),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        Index("ix_performance_replies_member", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    performance_id: Mapped[int]
    member_id: Mapped[int]
    troupe_id: Mapped[int]
    answer: Mapped[Answer] = mapped_column(enum_type(Answer, "reply_answer"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    how: Mapped[SaidBy] = mapped_column(enum_type(SaidBy, "reply_how"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: by the link
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    of_starts_at: Mapped[datetime] = mapped_column(UtcDateTime)  # moved since: it is no answer any more

    by: Mapped[Person | None] = relationship()


class ReplyLink(Base):
    """A link that answers for one member without signing in. Only its digest is kept; one counts at a time."""

    __tablename__ = "reply_links"
    __table_args__ = (
        UniqueConstraint("digest"),
        ForeignKeyConstraint(["performance_id", "troupe_id"], ["performances.id", "performances.troupe_id"]),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        Index(
            "uq_reply_links_live",
            "performance_id",
            "member_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        Index("ix_reply_links_member", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    performance_id: Mapped[int]
    member_id: Mapped[int]
    troupe_id: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    performance: Mapped[Performance] = relationship(
        primaryjoin="ReplyLink.performance_id == Performance.id", foreign_keys="ReplyLink.performance_id", viewonly=True
    )
    member: Mapped[TroupeMember] = relationship(
        primaryjoin="ReplyLink.member_id == TroupeMember.id", foreign_keys="ReplyLink.member_id", viewonly=True
    )


class StageName(Base):
    """Under which name a member agrees to stand in programmes that everybody reads. Without one they are counted."""

    __tablename__ = "stage_names"
    __table_args__ = (CheckConstraint("trim(name) <> ''", name="name"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("troupe_members.id"), primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    said_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # themselves, or a lead to whom they said so
    said_at: Mapped[datetime] = mapped_column(UtcDateTime)
