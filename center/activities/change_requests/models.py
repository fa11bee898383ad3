"""Proposals: new words, photos and questions of a public activity, beside those that everybody sees."""

import enum
import json
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Activity
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class ChangeRequestKind(enum.StrEnum):
    """What is to be said or shown anew."""

    PHOTO = "photo"
    QUESTION = "question"
    WORDS = "words"


class ChangeRequestState(enum.StrEnum):
    """Where a proposal stands."""

    ACCEPTED = "accepted"
    RETURNED = "returned"  # with a reason
    REPLACED = "replaced"  # by a later one, or taken back
    WAITING = "waiting"


class ChangeRequest(Base):
    """One thing that an activity is to say or show. Of one thing only one proposal waits; a later one replaces it."""

    __tablename__ = "activity_proposals"
    __table_args__ = (
        CheckConstraint("(large IS NULL) = (small IS NULL)", name="picture"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided"),
        CheckConstraint(
            "kept_until IS NOT NULL OR (before IS NULL AND (large IS NULL OR state = 'waiting'))", name="kept"
        ),
        Index(
            "uq_activity_proposals_waiting",
            "activity_id",
            "kind",
            "target",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_activity_proposals_state_at", "state", "proposed_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), index=True)
    kind: Mapped[ChangeRequestKind] = mapped_column(enum_type(ChangeRequestKind, "kind"))
    target: Mapped[str] = mapped_column(String(80), default="")  # which question
    wanted: Mapped[str] = mapped_column(Text)  # what it is to say, field by field
    reason: Mapped[str] = mapped_column(String(200), default="")  # for those who signed up
    # The picture that waits, or was sent back; of an accepted one the picture before it.
    large: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    width: Mapped[int | None]
    height: Mapped[int | None]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    proposed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    state: Mapped[ChangeRequestState] = mapped_column(enum_type(ChangeRequestState, "state"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answer: Mapped[str] = mapped_column(String(200), default="")  # why it was returned
    before: Mapped[str | None] = mapped_column(Text)  # what stood before it was accepted
    # Until when the decision can be taken back; a sweep then forgets `before` and the picture.
    kept_until: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    activity: Mapped[Activity] = relationship()
    proposed_by: Mapped[Person] = relationship(foreign_keys=[proposed_by_id])

    @property
    def values(self) -> dict[str, Any]:
        """What it is to say, field by field."""
        found: dict[str, Any] = json.loads(self.wanted)
        return found

    @property
    def stood_before(self) -> dict[str, Any]:
        """What stood before it was accepted, as long as that is kept."""
        found: dict[str, Any] = json.loads(self.before or "{}")
        return found
