"""What was changed of a roster after it was made."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.signups.models import Roster


class RosterChange(enum.StrEnum):
    """What happened to a roster."""

    CAPACITY_CHANGED = "capacity_changed"
    DRAWN = "drawn"
    EDITED = "edited"
    POOL_ADDED = "pool_added"
    REMOVED = "removed"
    WANTED_AGAIN = "wanted_again"


class RosterEvent(Base):
    """One change of a roster: who, when, from what to what. The database refuses to alter or remove a row."""

    __tablename__ = "roster_events"
    __table_args__ = (Index("ix_roster_events_roster_at", "roster_id", "at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    roster_id: Mapped[int] = mapped_column(ForeignKey("rosters.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # None: the site itself, by a rule
    what: Mapped[RosterChange] = mapped_column(enum_type(RosterChange, "roster_change"))
    details: Mapped[str] = mapped_column(Text, default="{}")  # JSON: each thing by name, as it was and as it is

    roster: Mapped[Roster] = relationship()
    by: Mapped[Person | None] = relationship()
