"""For what reasons a child has a place before others, and in which order the rules of a term let them count."""

import enum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, enum_type


class Priority(enum.StrEnum):
    """For what reason a child has a place before others."""

    BOTH_WORK = "both_work"
    HARDSHIP = "hardship"  # 困难家庭
    LEFT_BEHIND = "left_behind"  # 留守儿童
    NEW_EMPLOYMENT = "new_employment"  # 新就业群体: riders, couriers, drivers
    SIBLING = "sibling"  # of a child who has a place


class RulePriority(Base):
    """One reason in the published order of a version of the rules; what is not in it does not count. Never altered."""

    __tablename__ = "rule_priorities"
    __table_args__ = (
        UniqueConstraint("rules_id", "position"),
        UniqueConstraint("rules_id", "reason"),
        CheckConstraint("position > 0", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("term_rules.id"))
    position: Mapped[int]  # the first counts before all others
    reason: Mapped[Priority] = mapped_column(enum_type(Priority, "rule_priority"))
