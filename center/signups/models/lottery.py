"""Lotteries: the seed of each, when it was drawn, and every lot with what it drew."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime
from center.signups.models import Pool, Roster, SignUp

_UNTOLD = text("told_to < entries")


class Draw(Base):
    """A roster's lottery. Its seed is fixed before anybody signs up; the database lets it be drawn once, for good."""

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("(drawn_at IS NULL) = (entries IS NULL)", name="entries"),
        CheckConstraint("(drawn_at IS NULL) = (places IS NULL)", name="places"),
        Index("ix_draws_untold", "drawn_at", sqlite_where=_UNTOLD, postgresql_where=_UNTOLD),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"), unique=True)
    seed: Mapped[str] = mapped_column(String(32))  # nobody sees it before the draw, only its sum
    drawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, when it was due
    entries: Mapped[int | None]  # how many people took part
    places: Mapped[int | None]  # how many places there were to draw for
    others_wait: Mapped[bool] = mapped_column(default=True)  # who was not drawn waits, in the order drawn
    told_to: Mapped[int] = mapped_column(default=0)  # everybody up to this number was told of it

    roster: Mapped[Roster] = relationship()
    lots: Mapped[list["Lot"]] = relationship(back_populates="draw", order_by="Lot.rank")
    pools: Mapped[list["DrawPool"]] = relationship(order_by="DrawPool.pool_id")

    @property
    def is_drawn(self) -> bool:
        """Whether its result is known, after which nothing of it changes."""
        return self.drawn_at is not None


class DrawPool(Base):
    """How many places of a pool there were to draw for."""

    __tablename__ = "draw_pools"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id"), primary_key=True)
    places: Mapped[int]
    is_beside: Mapped[bool] = mapped_column(default=False)  # companion seats

    pool: Mapped[Pool] = relationship()


class Lot(Base):
    """One person in a draw: as which number they were drawn, and from which pool they have a place."""

    __tablename__ = "lots"

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    rank: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sign_up_id: Mapped[int] = mapped_column(ForeignKey("sign_ups.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(12))
    unit: Mapped[str] = mapped_column(String(12))  # the first reference of friends who stay together, or one's own
    precedence: Mapped[int] = mapped_column(default=0, server_default="0")  # the higher were drawn before the others
    fits: Mapped[str] = mapped_column(String(200), default="")  # the pools that could give a place, best first
    wants_companion: Mapped[bool] = mapped_column(default=False)
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id"))  # None: not drawn

    draw: Mapped[Draw] = relationship(back_populates="lots")
    sign_up: Mapped[SignUp] = relationship()
