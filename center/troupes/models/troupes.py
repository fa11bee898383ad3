"""Troupes, the parts that are sung, played or danced in them, their members and offices."""

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
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.organisations.models import Organisation
from center.people.models import Person


class TroupeKind(enum.StrEnum):
    """What a troupe does."""

    CHOIR = "choir"
    DANCE = "dance"
    DRUM = "drum"
    OTHER = "other"
    PAPER_CUT = "paper_cut"
    RED_CULTURE = "red_culture"


class PartKind(enum.StrEnum):
    """What a part is: of a choir, of a band, of a play or a workshop."""

    INSTRUMENT = "instrument"  # 乐器
    ROLE = "role"  # 行当
    VOICE = "voice"  # 声部


class MemberState(enum.StrEnum):
    """How somebody stands in a troupe."""

    ACTIVE = "active"  # 在队
    APPLIED = "applied"  # 申请
    LEFT = "left"  # 离队
    RESTING = "resting"  # 休整
    TRIAL = "trial"  # 试训


class Office(enum.StrEnum):
    """What somebody answers for in a troupe."""

    DEPUTY = "deputy"
    LEADER = "leader"


LIVE = text("state <> 'left'")
# From where to where a member can go; the empty one is the application itself. The database holds the same.
STEPS = (
    ("", "applied"),
    ("applied", "trial"),
    ("applied", "active"),
    ("applied", "left"),
    ("trial", "active"),
    ("trial", "left"),
    ("active", "resting"),
    ("resting", "active"),
    ("active", "left"),
    ("resting", "left"),
)
_ALLOWED = ", ".join(f"'{was}>{became}'" for was, became in STEPS)


class Troupe(Base):
    """A troupe of an organisation."""

    __tablename__ = "troupes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(code_point_text(200), default="")
    kind: Mapped[TroupeKind] = mapped_column(enum_type(TroupeKind, "troupe_kind"))
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    joining: Mapped[str] = mapped_column(String(300), default="")  # how one joins, as everybody may read
    joining_en: Mapped[str] = mapped_column(String(400), default="")
    is_open_to_join: Mapped[bool] = mapped_column(default=True)
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)

    organisation: Mapped[Organisation] = relationship()
    parts: Mapped[list["TroupePart"]] = relationship(
        back_populates="troupe", order_by="(TroupePart.position, TroupePart.id)"
    )


class TroupePart(Base):
    """A voice, an instrument or a role of a troupe."""

    __tablename__ = "troupe_parts"
    __table_args__ = (UniqueConstraint("troupe_id", "name"), UniqueConstraint("id", "troupe_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    kind: Mapped[PartKind] = mapped_column(enum_type(PartKind, "part_kind"))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)

    troupe: Mapped[Troupe] = relationship(back_populates="parts")


class TroupeMember(Base):
    """Somebody in a troupe, or who asks to be. State and dates are written by the database, from what happened."""

    __tablename__ = "troupe_members"
    __table_args__ = (
        CheckConstraint("(state = 'left') = (left_on IS NOT NULL)", name="left"),
        UniqueConstraint("id", "troupe_id"),
        Index(
            "uq_troupe_members_live",
            "troupe_id",
            "person_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[MemberState] = mapped_column(enum_type(MemberState, "member_state"), default=MemberState.APPLIED)
    applied_on: Mapped[date] = mapped_column(Date)
    joined_on: Mapped[date | None] = mapped_column(Date)  # first in the troupe
    left_on: Mapped[date | None] = mapped_column(Date)
    trial_until: Mapped[date | None] = mapped_column(Date)
    back_on: Mapped[date | None] = mapped_column(Date)  # until when they rest, as far as they know
    words: Mapped[str] = mapped_column(String(300), default="")  # what they wrote when they asked
    is_by_lead: Mapped[bool] = mapped_column(default=False)  # entered for somebody without a phone

    troupe: Mapped[Troupe] = relationship()
    person: Mapped[Person] = relationship()
    parts: Mapped[list["MemberPart"]] = relationship(order_by="MemberPart.is_main.desc()", cascade="all, delete-orphan")


class MemberPart(Base):
    """That a member can sing, play or dance a part; one of theirs is the main one."""

    __tablename__ = "troupe_member_parts"
    __table_args__ = (
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        ForeignKeyConstraint(["part_id", "troupe_id"], ["troupe_parts.id", "troupe_parts.troupe_id"]),
        Index(
            "uq_troupe_member_parts_main",
            "member_id",
            unique=True,
            sqlite_where=text("is_main"),
            postgresql_where=text("is_main"),
        ),
    )

    member_id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    troupe_id: Mapped[int]
    is_main: Mapped[bool] = mapped_column(default=False)

    part: Mapped[TroupePart] = relationship(
        primaryjoin="MemberPart.part_id == TroupePart.id", foreign_keys=[part_id], viewonly=True
    )


class MemberEvent(Base):
    """One step of a member: from which state to which, by whom and why. The only way a state changes; never altered."""

    __tablename__ = "troupe_member_events"
    __table_args__ = (
        CheckConstraint(f"coalesce(was, '') || '>' || became IN ({_ALLOWED})", name="step"),
        Index("ix_troupe_member_events_member", "member_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("troupe_members.id"))
    was: Mapped[MemberState | None] = mapped_column(enum_type(MemberState, "member_was"))
    became: Mapped[MemberState] = mapped_column(enum_type(MemberState, "member_became"))
    on_date: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[TroupeMember] = relationship()
    by: Mapped[Person] = relationship()


class TroupeOffice(Base):
    """That a member leads a troupe, or stands in for whoever does, from a day until (and including) another."""

    __tablename__ = "troupe_offices"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        ForeignKeyConstraint(["member_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        Index(
            "uq_troupe_offices_leader",
            "troupe_id",
            unique=True,
            sqlite_where=text("office = 'leader' AND ends_on IS NULL"),
            postgresql_where=text("office = 'leader' AND ends_on IS NULL"),
        ),
        Index(
            "uq_troupe_offices_live",
            "member_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"), index=True)
    member_id: Mapped[int] = mapped_column(index=True)
    office: Mapped[Office] = mapped_column(enum_type(Office, "troupe_office"))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    named_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)

    member: Mapped[TroupeMember] = relationship(
        primaryjoin="TroupeOffice.member_id == TroupeMember.id", foreign_keys=[member_id], viewonly=True
    )


class Handover(Base):
    """The sheet that one leader hands to the next: what was open that day, and what each of them says of it."""

    __tablename__ = "troupe_handovers"
    __table_args__ = (
        ForeignKeyConstraint(["from_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        ForeignKeyConstraint(["to_id", "troupe_id"], ["troupe_members.id", "troupe_members.troupe_id"]),
        Index("ix_troupe_handovers_troupe", "troupe_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    from_id: Mapped[int | None]
    to_id: Mapped[int]
    on_date: Mapped[date] = mapped_column(Date)
    sheet: Mapped[str] = mapped_column(Text)  # what was open, as JSON: it stays as it was that day; nobody's name
    keys: Mapped[str] = mapped_column(String(300), default="")
    notes: Mapped[str] = mapped_column(String(500), default="")
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when the new leader said that they have it


class TroupeEnding(Base):
    """That a troupe ended: on which day, by whom and why; and who took that back. One counts at a time."""

    __tablename__ = "troupe_endings"
    __table_args__ = (
        CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name="back"),
        CheckConstraint("trim(reason) <> ''", name="reason"),
        Index(
            "uq_troupe_endings_live",
            "troupe_id",
            unique=True,
            sqlite_where=text("back_at IS NULL"),
            postgresql_where=text("back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    on_date: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(String(200))  # as its members read it
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    by: Mapped[Person] = relationship(foreign_keys=[by_id])
