"""Whether somebody who collects agrees to a photo of themselves, and the photo, which only agreement lets in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.consents import ConsentText, Means
from center.afterschool.models.plans import Collector
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedText
from center.kernel.unreadable import Unreadable
from center.people.models import Person


class CollectorAgreement(Base):
    """That a collector agreed to a photo of themselves or did not, as a guardian says or they signed.

    Taken back, it has an end; nothing else of it ever changes.
    """

    __tablename__ = "collector_agreements"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        Index(
            "uq_collector_agreements_live",
            "collector_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collectors.id"), index=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_texts.id"))
    is_given: Mapped[bool]  # False: refused
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # the guardian who showed them the text
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    means: Mapped[Means] = mapped_column(enum_type(Means, "collector_agreement_means"))  # on paper: they signed it
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    collector: Mapped[Collector] = relationship()
    text: Mapped[ConsentText] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class CollectorPhoto(Base):
    """A collector's photo, encrypted. The database lets it in only by an agreement of theirs that stands."""

    __tablename__ = "collector_photos"
    __table_args__ = (UniqueConstraint("collector_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    collector_id: Mapped[int] = mapped_column(ForeignKey("collectors.id"))
    agreement_id: Mapped[int] = mapped_column(ForeignKey("collector_agreements.id"), index=True)
    picture: Mapped[str | Unreadable] = mapped_column(
        EncryptedText("collector_photos.picture", owner="collector_id"), deferred=True
    )  # a JPEG of 640 points, in base 64
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
