"""What a guardian agreed to and what not, each by its own text; and a child's health, which only agreement lets in."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedText
from center.kernel.unreadable import Unreadable
from center.people.models import Person


class Purpose(enum.StrEnum):
    """What a consent is for. Each is asked apart and can be refused and taken back."""

    CARE = "care"
    COLLECTOR_PHOTO = "collector_photo"  # whoever collects is asked themselves; the others are a guardian's
    HEALTH = "health"
    PHOTOS = "photos"
    WALKING_ALONE = "walking_alone"


class Means(enum.StrEnum):
    """How a guardian said it."""

    ACCOUNT = "account"
    PAPER = "paper"  # signed at the desk


class ConsentText(Base):
    """One version of what a guardian reads and agrees to. Altered by nobody."""

    __tablename__ = "consent_texts"
    __table_args__ = (UniqueConstraint("purpose", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "consent_purpose"))
    version: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text, default="")
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChildConsent(Base):
    """That a guardian agreed or refused for a child. Taken back, it has an end; nothing else of it ever changes."""

    __tablename__ = "child_consents"
    __table_args__ = (
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        CheckConstraint("purpose IN ('care', 'health', 'photos', 'walking_alone')", name="child_consent_purpose"),
        Index(
            "uq_child_consents_live",
            "child_id",
            "purpose",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_child_consents_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    purpose: Mapped[Purpose] = mapped_column(enum_type(Purpose, "child_consent_purpose", is_checked=False))
    text_id: Mapped[int] = mapped_column(ForeignKey("consent_texts.id"))
    is_given: Mapped[bool]  # False: refused
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # the guardian
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    means: Mapped[Means] = mapped_column(enum_type(Means, "child_consent_means"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    text: Mapped[ConsentText] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class AlertLevel(enum.StrEnum):
    """How much has to be done at once."""

    EMERGENCY = "emergency"  # life at risk: ring 120
    WATCH = "watch"
    NOTE = "note"


class HealthNote(Base):
    """What is to be known of a child's health, encrypted. The database lets it in only by a consent that stands."""

    __tablename__ = "health_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    consent_id: Mapped[int] = mapped_column(ForeignKey("child_consents.id"), index=True)
    trigger: Mapped[str | Unreadable] = mapped_column(
        EncryptedText("health_notes.trigger", owner="child_id")
    )  # peanuts
    reaction: Mapped[str | Unreadable] = mapped_column(EncryptedText("health_notes.reaction", owner="child_id"))
    what_to_do: Mapped[str | Unreadable] = mapped_column(EncryptedText("health_notes.what_to_do", owner="child_id"))
    level: Mapped[str | Unreadable] = mapped_column(
        EncryptedText("health_notes.level", owner="child_id")
    )  # an AlertLevel
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    consent: Mapped[ChildConsent] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class ChildPhoto(Base):
    """A child's photo, encrypted. The database lets it in only by a consent that stands."""

    __tablename__ = "child_photos"
    __table_args__ = (UniqueConstraint("child_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    consent_id: Mapped[int] = mapped_column(ForeignKey("child_consents.id"), index=True)
    picture: Mapped[str | Unreadable] = mapped_column(
        EncryptedText("child_photos.picture", owner="child_id"), deferred=True
    )  # a JPEG of 640 points, in base 64
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
