"""What a troupe is to have done in a year, where the centre's director has set another number than the rule's."""

import enum

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, enum_type
from center.kernel.trail import Trailed


class Counted(enum.StrEnum):
    """What is counted of a year."""

    ACTIVITIES = "activities"
    BRAND_EVENTS = "brand_events"
    HOURS = "hours"
    MEMBERS = "members"
    PHOTOGRAPHS = "photographs"


class YearlyTarget(Trailed, Base):
    """How many there are to be in a year, and which rule says so."""

    __tablename__ = "yearly_targets"
    __table_args__ = (CheckConstraint("least BETWEEN 0 AND 10000", name="least"),)

    counted: Mapped[Counted] = mapped_column(enum_type(Counted, "yearly_counted"), primary_key=True)
    least: Mapped[int]
    source: Mapped[str] = mapped_column(String(200), default="")
