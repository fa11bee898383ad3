"""Photos of signed sheets, kept with their registers as evidence."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime
from center.people.models import Person


class SheetPhoto(Base):
    """A photo of a sheet that people signed, drawn anew before it was kept. Only those who run the session see it."""

    __tablename__ = "sheet_photos"

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("registers.session_id"), index=True)
    name: Mapped[str] = mapped_column(String(32), unique=True)
    width: Mapped[int]
    height: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))  # SHA-256 of the picture as it is kept
    picture: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    added_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    removed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    removed_reason: Mapped[str] = mapped_column(String(200), default="")

    added_by: Mapped[Person] = relationship(foreign_keys=[added_by_id])
