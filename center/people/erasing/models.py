"""That a person was erased: the number, when, by whom, and how much was kept of what."""

import json
from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, UtcDateTime


class Erasure(Base):
    """A person was erased; once. Whoever restores an older backup erases them there again by these rows."""

    __tablename__ = "erasures"

    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    person_since: Mapped[datetime] = mapped_column(UtcDateTime)  # since when the centre knew whoever had this number
    erased_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int | None]  # a person, who may be erased by now
    kept: Mapped[str] = mapped_column(Text, default="{}")  # how many rows stayed, by table

    @property
    def kept_rows(self) -> dict[str, int]:
        """How many rows stayed, by table."""
        found: dict[str, int] = json.loads(self.kept)
        return found
