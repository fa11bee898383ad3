"""Cover photos: two sizes of one picture, drawn by the site itself, and what it shows in words."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Activity
from center.kernel.db import Base, UtcDateTime


class ActivityPhoto(Base):
    """The cover photo of one activity. Its bytes are read only where they are sent."""

    __tablename__ = "activity_photos"
    __table_args__ = (CheckConstraint("width > 0 AND height > 0", name="size"),)

    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)  # made up: another photo has another one
    alt: Mapped[str] = mapped_column(String(200))  # what it shows, for whoever does not see it
    alt_en: Mapped[str] = mapped_column(String(300), default="")
    width: Mapped[int]
    height: Mapped[int]
    large: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # who says that whoever is in it agreed
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    activity: Mapped[Activity] = relationship()
