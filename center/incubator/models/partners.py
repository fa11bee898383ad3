"""Partners of the centre: member units and teams of departments, what they offer, and their days of service."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person


class PartnerKind(enum.StrEnum):
    """What a partner is."""

    TEAM = "team"  # a team of a department (工作队)
    UNIT = "unit"  # a member unit (成员单位)


class Partner(Trailed, Base):
    """A unit or a team that serves the community with us."""

    trail_only = frozenset({"name", "name_en", "kind", "contact", "offers", "offers_en", "is_retired"})
    __tablename__ = "partners"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[PartnerKind] = mapped_column(enum_type(PartnerKind, "partner_kind"))
    name: Mapped[str] = mapped_column(String(80), unique=True)
    name_en: Mapped[str] = mapped_column(String(120), default="")
    sort_key: Mapped[str] = mapped_column(code_point_text(200), default="")
    contact: Mapped[str] = mapped_column(String(120), default="")  # an office, not somebody's own number
    offers: Mapped[str] = mapped_column(String(300), default="")
    offers_en: Mapped[str] = mapped_column(String(400), default="")
    is_retired: Mapped[bool] = mapped_column(default=False)


class ServiceDay(Base):
    """One day on which a partner served: what was offered, where, and how many it reached."""

    __tablename__ = "service_days"
    __table_args__ = (
        CheckConstraint("reached >= 0", name="reached"),
        UniqueConstraint("partner_id", "on_date", "what"),
        Index("ix_service_days_partner_on", "partner_id", "on_date", "id"),
        Index("ix_service_days_on", "on_date", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    on_date: Mapped[date] = mapped_column(Date)
    what: Mapped[str] = mapped_column(String(120))
    place: Mapped[str] = mapped_column(String(120), default="")
    reached: Mapped[int] = mapped_column(default=0)  # residents who were helped, as counted that day
    # Whose register says how many were reached; then the number above says nothing.
    session_id: Mapped[int | None] = mapped_column(ForeignKey("sessions.id"), index=True)
    written_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)

    partner: Mapped[Partner] = relationship()
    session: Mapped[Session | None] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])


class ServiceTurn(Base):
    """That somebody of a partner came on a day of service, and for how long."""

    __tablename__ = "service_turns"
    __table_args__ = (
        UniqueConstraint("day_id", "person_id"),
        CheckConstraint("minutes BETWEEN 1 AND 720", name="minutes"),
        Index("ix_service_turns_person", "person_id", "day_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("service_days.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    minutes: Mapped[int]

    day: Mapped[ServiceDay] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
