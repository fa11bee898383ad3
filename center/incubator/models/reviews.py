"""Reviews of organisations: criteria as versions, a panel, and what each of it gave, signed once."""

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

from center.incubator.models.incubations import Incubation
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class CriteriaVersion(Base):
    """The criteria as they were from a day on. A published version stays as it is; a new one takes its place."""

    __tablename__ = "criteria_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    criteria: Mapped[list["Criterion"]] = relationship(order_by="Criterion.position", back_populates="version")


class Criterion(Base):
    """What an organisation is looked at for, and how much of a hundred it weighs."""

    __tablename__ = "criteria"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("criteria_versions.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="", server_default="")
    weight: Mapped[int]

    version: Mapped[CriteriaVersion] = relationship(back_populates="criteria")


class Reviewer(Base):
    """Somebody of the pool from which panels are made up, from one date until another."""

    __tablename__ = "reviewers"
    __table_args__ = (
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="dates"),
        Index(
            "uq_reviewers_live",
            "person_id",
            unique=True,
            sqlite_where=text("ends_on IS NULL"),
            postgresql_where=text("ends_on IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    field: Mapped[str] = mapped_column(String(80), default="", server_default="")  # 社会工作, 财务
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class PanelWay(enum.StrEnum):
    """How a panel came about."""

    DRAWN = "drawn"
    NAMED = "named"


class IncubationReview(Base):
    """A round of review of one organisation. A re-review is another round, with a panel of its own."""

    __tablename__ = "incubation_reviews"
    __table_args__ = (
        UniqueConstraint("incubation_id", "round"),
        UniqueConstraint("id", "incubation_id"),
        CheckConstraint("(minutes_at IS NULL) = (minutes_by_id IS NULL)", name="minutes"),
        CheckConstraint("(how = 'drawn') = (seed <> '')", name="seed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    incubation_id: Mapped[int] = mapped_column(ForeignKey("incubations.id"))
    round: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("criteria_versions.id"))
    how: Mapped[PanelWay] = mapped_column(enum_type(PanelWay, "panel_way"))
    seed: Mapped[str] = mapped_column(String(64), default="", server_default="")
    pool: Mapped[str] = mapped_column(Text, default="", server_default="")  # the numbers drawn from, with spaces
    size: Mapped[int]
    due_on: Mapped[date] = mapped_column(Date)
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    minutes: Mapped[str] = mapped_column(Text, default="", server_default="")
    minutes_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from then on nobody scores any more
    minutes_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    incubation: Mapped[Incubation] = relationship()
    version: Mapped[CriteriaVersion] = relationship()
    seats: Mapped[list["PanelSeat"]] = relationship(order_by="PanelSeat.position", back_populates="review")


class PanelSeat(Base):
    """That somebody sits on a panel. Their eligibility is followed by the database: it decides whether they count."""

    __tablename__ = "panel_seats"
    __table_args__ = (
        UniqueConstraint("review_id", "person_id"),
        UniqueConstraint("review_id", "person_id", "is_free"),
        ForeignKeyConstraint(
            ["review_id", "incubation_id"],
            ["incubation_reviews.id", "incubation_reviews.incubation_id"],
            name="fk_panel_seats_review",
        ),
        ForeignKeyConstraint(
            ["incubation_id", "person_id", "is_free"],
            ["eligibilities.incubation_id", "eligibilities.person_id", "eligibilities.is_free"],
            name="fk_panel_seats_free",
            onupdate="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    incubation_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    is_free: Mapped[bool]
    position: Mapped[int]
    seated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    declared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when they said that they have no interest

    review: Mapped[IncubationReview] = relationship(
        back_populates="seats",
        primaryjoin="PanelSeat.review_id == IncubationReview.id",
        foreign_keys="PanelSeat.review_id",
    )
    person: Mapped[Person] = relationship(foreign_keys=[person_id])


class ReviewScore(Base):
    """One reviewer's sheet: a draft until it is signed, and the same for ever afterwards. A voided one stays to see."""

    __tablename__ = "review_scores"
    __table_args__ = (
        UniqueConstraint("review_id", "person_id"),
        ForeignKeyConstraint(
            ["review_id", "person_id", "is_free"],
            ["panel_seats.review_id", "panel_seats.person_id", "panel_seats.is_free"],
            name="fk_review_scores_seat",
            onupdate="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    is_free: Mapped[bool]  # False: voided, since an interest was declared
    is_for: Mapped[bool | None]  # None: undecided
    remark: Mapped[str] = mapped_column(Text, default="", server_default="")
    kept_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    points: Mapped[list["ScorePoint"]] = relationship(order_by="ScorePoint.criterion_id")


class ScorePoint(Base):
    """What a reviewer gave for one criterion."""

    __tablename__ = "score_points"
    __table_args__ = (CheckConstraint("points BETWEEN 0 AND 10", name="points"),)

    score_id: Mapped[int] = mapped_column(ForeignKey("review_scores.id"), primary_key=True)
    criterion_id: Mapped[int] = mapped_column(ForeignKey("criteria.id"), primary_key=True)
    points: Mapped[int]
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
