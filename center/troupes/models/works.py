"""Paper-cut works of a studio, the days on which they may be sold, and what was sold. Nothing is sold twice."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person
from center.troupes.models.troupes import Troupe


class SaleDayState(enum.StrEnum):
    """Where a sale day stands."""

    APPROVED = "approved"
    DECLINED = "declined"
    REQUESTED = "requested"
    WITHDRAWN = "withdrawn"  # the studio called it off


class WorkState(enum.StrEnum):
    """Where a work stands (登记, 待批, 在售, 预订, 已售, 撤回)."""

    ON_SALE = "on_sale"
    PENDING = "pending"
    REGISTERED = "registered"
    RESERVED = "reserved"
    SOLD = "sold"
    WITHDRAWN = "withdrawn"


OFFERED = (WorkState.ON_SALE, WorkState.RESERVED, WorkState.SOLD)  # what only an approved sale day allows


class SaleDay(Trailed, Base):
    """A time at which a studio may sell, once staff have approved it."""

    __tablename__ = "sale_days"
    trail_only = frozenset({"state", "reason", "published_at"})
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="times"),
        CheckConstraint("state NOT IN ('approved', 'declined') OR decided_by_id IS NOT NULL", name="decided"),
        CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint("decided_by_id IS NULL OR decided_by_id <> requested_by_id", name="not_oneself"),
        CheckConstraint("published_at IS NULL OR state = 'approved'", name="published"),
        UniqueConstraint("id", "troupe_id", name="uq_sale_days_id_troupe_id"),  # what a work points at
        Index("ix_sale_days_troupe_starts", "troupe_id", "starts_at"),
        Index("ix_sale_days_state_starts", "state", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(120), default="")
    purpose: Mapped[str] = mapped_column(String(200))  # what the charity share is for, as everybody reads it
    purpose_en: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[SaleDayState] = mapped_column(enum_type(SaleDayState, "sale_day_state"))
    requested_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")  # why it was declined or called off
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # from then on its totals stay as they are

    troupe: Mapped[Troupe] = relationship()
    requested_by: Mapped[Person] = relationship(foreign_keys=[requested_by_id])
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id])
    works: Mapped[list["Work"]] = relationship(back_populates="sale_day", order_by="Work.number")


class Work(Base):
    """One work: who made it, what it costs, and how that is shared. Money is in fen (1/100 yuan)."""

    __tablename__ = "works"
    __table_args__ = (
        CheckConstraint("maker_fen + charity_fen = price_fen", name="shares"),
        CheckConstraint("price_fen > 0 AND maker_fen >= 0 AND charity_fen >= 0", name="price"),
        CheckConstraint("(state = 'reserved') = (reserved_until IS NOT NULL)", name="reserved"),
        CheckConstraint("reserved_for = '' OR state = 'reserved'", name="reserved_for"),
        CheckConstraint("state IN ('registered', 'withdrawn') OR sale_day_id IS NOT NULL", name="sale_day"),
        ForeignKeyConstraint(
            ["sale_day_id", "troupe_id"], ["sale_days.id", "sale_days.troupe_id"], name="fk_works_sale_day"
        ),
        UniqueConstraint("troupe_id", "number", name="uq_works_troupe_id_number"),
        Index("ix_works_sale_day_id", "sale_day_id"),
        Index("ix_works_state_reserved_until", "state", "reserved_until"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    troupe_id: Mapped[int] = mapped_column(ForeignKey("troupes.id"))
    number: Mapped[int]  # within the studio, on its label
    title: Mapped[str] = mapped_column(String(60))
    title_en: Mapped[str] = mapped_column(String(100), default="")
    maker_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    maker_shown: Mapped[str] = mapped_column(String(40), default="")  # as they want to be named; empty: not at all
    price_fen: Mapped[int]
    maker_fen: Mapped[int]
    charity_fen: Mapped[int]
    state: Mapped[WorkState] = mapped_column(enum_type(WorkState, "work_state"))
    sale_day_id: Mapped[int | None] = mapped_column()
    reserved_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reserved_for: Mapped[str] = mapped_column(String(40), default="")  # forgotten with the reservation
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime)

    troupe: Mapped[Troupe] = relationship(overlaps="works,sale_day")
    maker: Mapped[Person] = relationship(foreign_keys=[maker_id])
    sale_day: Mapped[SaleDay | None] = relationship(
        back_populates="works", primaryjoin="Work.sale_day_id == SaleDay.id", foreign_keys=[sale_day_id]
    )
    photo: Mapped["WorkPhoto | None"] = relationship(back_populates="work")


class WorkPhoto(Base):
    """The photograph of a work, in two sizes. Its bytes are read only where they are sent."""

    __tablename__ = "work_photos"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="size"),)

    work_id: Mapped[int] = mapped_column(ForeignKey("works.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)  # made up: another photo has another one
    alt: Mapped[str] = mapped_column(String(200))
    alt_en: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int]
    height: Mapped[int]
    large: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    work: Mapped[Work] = relationship(back_populates="photo")


class Sale(Base):
    """A work that was sold, at its price of then. One a work."""

    __tablename__ = "sales"
    __table_args__ = (
        CheckConstraint("maker_fen + charity_fen = price_fen", name="shares"),
        CheckConstraint("price_fen > 0 AND maker_fen >= 0 AND charity_fen >= 0", name="price"),
        Index("uq_sales_work", "work_id", unique=True),
        Index("ix_sales_sale_day_id", "sale_day_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id"))
    sale_day_id: Mapped[int] = mapped_column(ForeignKey("sale_days.id"))
    price_fen: Mapped[int]
    maker_fen: Mapped[int]
    charity_fen: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    work: Mapped[Work] = relationship()
    by: Mapped[Person] = relationship()
