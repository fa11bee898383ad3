"""Rounds of allocation: the weekly times of a term, what counts, what organisations wish, and who got what."""

import enum
import json
from datetime import date, datetime, time, timedelta

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    Time,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.allocation.matching.points import Criterion
from center.bookings.models.series import BookingSeries
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.spans import LocalSpan
from center.kernel.trail import Trailed
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.rule_models import Purpose


class RoundState(enum.StrEnum):
    """Where a round stands. Whether wishes can still be named is decided by its times, whatever a sweep has done."""

    DRAFT = "draft"
    MATCHED = "matched"  # a result lies before staff, and nobody else reads it yet
    OPEN = "open"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class AllocationRound(Trailed, Base):
    """The weekly times of one term, given to those who wish for them."""

    __tablename__ = "allocation_rounds"
    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="term"),
        CheckConstraint("closes_at > opens_at", name="window"),
        CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    opens_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seed: Mapped[str] = mapped_column(String(32))  # fixed with the round; only its sum is shown before the result
    state: Mapped[RoundState] = mapped_column(enum_type(RoundState, "allocation_round_state"))
    matched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    trail_only = frozenset(
        {"slug", "name", "name_en", "starts_on", "ends_on", "opens_at", "closes_at", "state"}
    )  # what comes of it has acts of its own, and nobody reads the seed before the result

    times: Mapped[list["WeeklyTime"]] = relationship(back_populates="round", order_by="WeeklyTime.id")
    criteria: Mapped[list["RoundCriterion"]] = relationship(
        cascade="all, delete-orphan", order_by="RoundCriterion.weight.desc(), RoundCriterion.criterion"
    )

    def takes_wishes(self, now: datetime) -> bool:
        """Whether wishes can be named and changed."""
        return self.state is RoundState.OPEN and self.opens_at <= now < self.closes_at

    def is_closed(self, now: datetime) -> bool:
        """Whether the time for wishes is over."""
        return self.state in {RoundState.OPEN, RoundState.MATCHED} and self.closes_at <= now

    @property
    def weights(self) -> dict[Criterion, int]:
        """How much each criterion counts."""
        return {each.criterion: each.weight for each in self.criteria}


class WeeklyTime(Trailed, Base):
    """A room at the same hours of one weekday, all through the term: what is given to one wish."""

    __tablename__ = "weekly_times"
    __table_args__ = (
        UniqueConstraint("round_id", "room_id", "weekday", "starts"),
        UniqueConstraint("id", "round_id"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
        CheckConstraint("minutes BETWEEN 15 AND 720", name="minutes"),
    )

    trail_only = frozenset({"room_id", "weekday", "starts", "minutes"})

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    weekday: Mapped[int]
    starts: Mapped[time] = mapped_column(Time)
    minutes: Mapped[int]

    round: Mapped[AllocationRound] = relationship(back_populates="times")
    room: Mapped[Room] = relationship()

    @property
    def hours(self) -> LocalSpan:
        """From when until when, on the centre's wall."""
        end = datetime.combine(date(2001, 1, 1), self.starts) + timedelta(minutes=self.minutes)
        return LocalSpan(self.starts, end.time())

    @property
    def place_key(self) -> tuple[int, int, time, int]:
        """By what the same time is found again in another round."""
        return self.room_id, self.weekday, self.starts, self.minutes


class RoundCriterion(Trailed, Base):
    """How much a criterion counts in a round."""

    __tablename__ = "round_criteria"
    __table_args__ = (CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),)

    trail_only = frozenset({"criterion", "weight"})

    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"), primary_key=True)
    criterion: Mapped[Criterion] = mapped_column(enum_type(Criterion, "criterion"), primary_key=True)
    weight: Mapped[int]


class TermWish(Base):
    """What an organisation wants a room for, once a week through the term, with the times it would take."""

    __tablename__ = "term_wishes"
    __table_args__ = (
        CheckConstraint("people > 0", name="people"),
        CheckConstraint("position > 0", name="position"),
        UniqueConstraint("id", "round_id"),
        Index(
            "uq_term_wishes_position",
            "round_id",
            "organisation_id",
            "position",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id"), index=True)
    position: Mapped[int]  # which of its wishes it is: the first matters most to it
    purpose: Mapped[str] = mapped_column(String(80))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purposes.id"))
    people: Mapped[int]
    needs: Mapped[str] = mapped_column(Text, default="[]")  # names of equipment, as rooms have it
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)  # who answers for the series
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    round: Mapped[AllocationRound] = relationship()
    organisation: Mapped[Organisation] = relationship()
    person: Mapped[Person] = relationship()
    kind_of_use: Mapped[Purpose | None] = relationship()
    choices: Mapped[list["TermWishChoice"]] = relationship(
        back_populates="wish", cascade="all, delete-orphan", order_by="TermWishChoice.rank"
    )

    @property
    def needed(self) -> frozenset[str]:
        """The equipment that it needs, by name."""
        return frozenset(json.loads(self.needs))


class TermWishChoice(Base):
    """One time that a wish would take, and what it had there when the result was worked out."""

    __tablename__ = "term_wish_choices"
    __table_args__ = (UniqueConstraint("wish_id", "time_id"),)

    wish_id: Mapped[int] = mapped_column(ForeignKey("term_wishes.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True)
    time_id: Mapped[int] = mapped_column(ForeignKey("weekly_times.id"), index=True)
    points: Mapped[int | None]
    shares: Mapped[str] = mapped_column(Text, default="{}")

    wish: Mapped[TermWish] = relationship(back_populates="choices")
    time: Mapped[WeeklyTime] = relationship()

    @property
    def by_criterion(self) -> dict[str, int]:
        """What it has by each criterion, from 0 to 100."""
        found: dict[str, int] = json.loads(self.shares)
        return found


class Award(Base):
    """A time given to a wish. Held once on either side by the database, and altered by nobody once published."""

    __tablename__ = "allocation_awards"
    __table_args__ = (
        ForeignKeyConstraint(
            ["wish_id", "round_id"], ["term_wishes.id", "term_wishes.round_id"], name="fk_awards_wish"
        ),
        ForeignKeyConstraint(
            ["time_id", "round_id"], ["weekly_times.id", "weekly_times.round_id"], name="fk_awards_time"
        ),
        UniqueConstraint("wish_id"),
        UniqueConstraint("time_id"),
        UniqueConstraint("series_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"), index=True)
    wish_id: Mapped[int]
    time_id: Mapped[int]
    is_adjusted: Mapped[bool] = mapped_column(default=False)  # by staff; the adjustment says why
    series_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"))

    wish: Mapped[TermWish] = relationship(overlaps="time")
    time: Mapped[WeeklyTime] = relationship(overlaps="wish")
    series: Mapped[BookingSeries | None] = relationship()


class Adjustment(Base):
    """Staff gave a wish another time than the rules did, or none, and why. The database refuses to alter a row."""

    __tablename__ = "allocation_adjustments"
    __table_args__ = (CheckConstraint("length(reason) > 0", name="reason"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("allocation_rounds.id"), index=True)
    wish_id: Mapped[int] = mapped_column(ForeignKey("term_wishes.id"), index=True)
    from_time_id: Mapped[int | None] = mapped_column(ForeignKey("weekly_times.id"))
    to_time_id: Mapped[int | None] = mapped_column(ForeignKey("weekly_times.id"))
    reason: Mapped[str] = mapped_column(String(200))  # read by everybody
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    wish: Mapped[TermWish] = relationship()
    by: Mapped[Person] = relationship()
    from_time: Mapped[WeeklyTime | None] = relationship(foreign_keys=[from_time_id])
    to_time: Mapped[WeeklyTime | None] = relationship(foreign_keys=[to_time_id])
