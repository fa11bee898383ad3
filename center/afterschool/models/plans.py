"""How a child goes home: who may collect and who may not, the fixed week, and what is different on one day."""

import enum
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.consents import ChildConsent
from center.afterschool.models.enrolments import Enrolment
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class Collector(Base):
    """An adult who may collect a child (接送人), from one date until (and including) another. They see nothing."""

    __tablename__ = "collectors"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name="verified"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        Index("ix_collectors_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    name: Mapped[str] = mapped_column(String(60))
    relation: Mapped[str] = mapped_column(String(20))
    phone: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # a guardian, or known otherwise
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date, index=True)  # the same as starts_on: for one day
    named_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    named_at: Mapped[datetime] = mapped_column(UtcDateTime)
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # staff saw who this is
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    named_by: Mapped[Person] = relationship(foreign_keys=[named_by_id])


class BarLevel(enum.StrEnum):
    """How strongly somebody is kept from collecting a child."""

    ALERT = "alert"  # 提醒: the director decides when they come
    DENY = "deny"  # 禁止接走: by a document, and the director


class Bar(Base):
    """That somebody may not collect a child (禁止接走), or that the director is asked first (提醒)."""

    __tablename__ = "collection_bars"
    __table_args__ = (
        CheckConstraint("level <> 'deny' OR trim(document) <> ''", name="document"),
        CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name="lifted"),
        Index("ix_collection_bars_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    level: Mapped[BarLevel] = mapped_column(enum_type(BarLevel, "bar_level"))
    name: Mapped[str] = mapped_column(String(60))  # whom it keeps away
    looks: Mapped[str] = mapped_column(String(120), default="")  # how to know them
    phone: Mapped[str] = mapped_column(String(20), default="")
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    document: Mapped[str] = mapped_column(String(120), default="")  # court and number of the paper
    reason: Mapped[str] = mapped_column(String(200), default="")
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lifted_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    lifted_why: Mapped[str] = mapped_column(String(200), default="")

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    set_by: Mapped[Person] = relationship(foreign_keys=[set_by_id])


class Right(enum.StrEnum):
    """What a bar can take from a guardian beyond collecting."""

    DECISIONS = "decisions"  # to decide about the child's place, record and consents
    WHEREABOUTS = "whereabouts"  # to read where the child is, and will be


class BarredRight(Base):
    """That a bar takes a right from a guardian, too, by a paper that says so; until the director gives it back."""

    __tablename__ = "barred_rights"
    __table_args__ = (
        CheckConstraint("trim(document) <> ''", name="document"),
        CheckConstraint("(given_back_at IS NULL) = (given_back_by_id IS NULL)", name="given_back"),
        Index(
            "uq_barred_rights_live",
            "bar_id",
            "what",
            unique=True,
            sqlite_where=text("given_back_at IS NULL"),
            postgresql_where=text("given_back_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    bar_id: Mapped[int] = mapped_column(ForeignKey("collection_bars.id", ondelete="CASCADE"))
    what: Mapped[Right] = mapped_column(enum_type(Right, "barred_right"))
    document: Mapped[str] = mapped_column(String(120))  # court and number of the paper that takes it
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    given_back_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    given_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    bar: Mapped[Bar] = relationship()


class Way(enum.StrEnum):
    """How a child goes home."""

    ALONE = "alone"  # by a signed form, at an hour
    BUS = "bus"
    COLLECTED = "collected"
    SIBLING = "sibling"  # with an elder brother or sister


class Stay(enum.StrEnum):
    """For which part of a whole day in the holidays (托管) a child comes, and whether it eats lunch there."""

    AFTERNOON = "afternoon"
    AFTERNOON_LUNCH = "afternoon_lunch"  # comes for lunch, and stays
    MORNING = "morning"
    MORNING_LUNCH = "morning_lunch"  # goes home after lunch
    WHOLE = "whole"
    WHOLE_NO_LUNCH = "whole_no_lunch"  # brings something to eat


class WayHome(Base):
    """The fixed plan of one weekday; no row: the child does not come that day."""

    __tablename__ = "ways_home"
    __table_args__ = (
        UniqueConstraint("enrolment_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("way <> 'alone' OR (consent_id IS NOT NULL AND leaves IS NOT NULL)", name="alone"),
        CheckConstraint("(way = 'sibling') = (sibling_id IS NOT NULL)", name="sibling"),
        CheckConstraint("way <> 'bus' OR trim(bus) <> ''", name="bus"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    weekday: Mapped[int]  # 0: Monday; of what a day counts as
    way: Mapped[Way] = mapped_column(enum_type(Way, "way_home"))
    leaves: Mapped[time | None] = mapped_column(Time)  # when they go alone, or usually
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("child_consents.id"), index=True)  # to walking alone
    sibling_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    bus: Mapped[str] = mapped_column(String(60), default="")
    stay: Mapped[Stay] = mapped_column(enum_type(Stay, "stay"), default=Stay.WHOLE)  # says nothing after school

    enrolment: Mapped[Enrolment] = relationship()
    consent: Mapped[ChildConsent | None] = relationship()
    sibling: Mapped[Person | None] = relationship()


class Different(enum.StrEnum):
    """What is different on one day."""

    ALONE = "alone"
    BUS = "bus"
    COLLECTOR = "collector"  # somebody in particular collects
    COMES = "comes"  # although it is not one of their days; or for another part of the day (`stay`)
    LEAVE = "leave"
    SIBLING = "sibling"
    USUAL = "usual"  # as the fixed plan says, after all


class PlanChange(Base):
    """What a guardian said of one day. The latest of a day counts; each is acknowledged by whoever holds the list."""

    __tablename__ = "plan_changes"
    __table_args__ = (
        CheckConstraint("(what = 'collector') = (collector_id IS NOT NULL)", name="collector"),
        CheckConstraint("what <> 'alone' OR leaves IS NOT NULL", name="alone"),
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged"),
        CheckConstraint("NOT is_after_cut_off OR trim(rang_back) <> '' OR by_id = recorded_by_id", name="rang_back"),
        Index("ix_plan_changes_day", "on_date", "enrolment_id", "id"),
        Index("ix_plan_changes_enrolment", "enrolment_id", "on_date", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    on_date: Mapped[date] = mapped_column(Date)
    what: Mapped[Different] = mapped_column(enum_type(Different, "plan_change"))
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("collectors.id"), index=True)
    sibling_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    bus: Mapped[str] = mapped_column(String(60), default="")
    leaves: Mapped[time | None] = mapped_column(Time)
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("child_consents.id"), index=True)
    stay: Mapped[Stay | None] = mapped_column(enum_type(Stay, "stay"))  # None: it says nothing of that
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # the guardian whose word it is
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    is_after_cut_off: Mapped[bool] = mapped_column(default=False)
    rang_from: Mapped[str] = mapped_column(String(20), default="")  # the number that rang
    rang_back: Mapped[str] = mapped_column(String(20), default="")  # the number on record that was rung back
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # 已知晓
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    enrolment: Mapped[Enrolment] = relationship()
    collector: Mapped[Collector | None] = relationship()
    sibling: Mapped[Person | None] = relationship(foreign_keys=[sibling_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])
    acknowledged_by: Mapped[Person | None] = relationship(foreign_keys=[acknowledged_by_id])


class PickUpCode(Base):
    """The code of one child for one day: whoever shows it is known by it, if they are on the list. Consumed once."""

    __tablename__ = "pick_up_codes"
    __table_args__ = (
        UniqueConstraint("child_id", "on_date"),
        UniqueConstraint("on_date", "code_hash"),
        CheckConstraint("tries BETWEEN 0 AND 3", name="tries"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_date: Mapped[date] = mapped_column(Date)
    code_hash: Mapped[str] = mapped_column(String(64))  # keyed with the site's secret
    salt: Mapped[str] = mapped_column(String(32))  # of the slow digest in the list of a device
    slow_hash: Mapped[str] = mapped_column(String(64))  # PBKDF2, for a device without a connection
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    tries: Mapped[int] = mapped_column(default=0)  # wrong ones
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
