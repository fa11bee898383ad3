"""What volunteers gave of their time: shifts, the hours that somebody else has certified, and certificates of them."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.kernel.db import Base, UtcDateTime, enum_type
from center.organisations.models import Organisation
from center.people.models import Person


class ShiftState(enum.StrEnum):
    """Where a volunteer's shift stands."""

    CERTIFIED = "certified"
    DONE = "done"  # signed in and out, waits for somebody who certifies it
    FORGOTTEN = "forgotten"  # not signed out: its end is proposed, and somebody must say so
    OPEN = "open"
    REPLACED = "replaced"  # put right by a later row
    REFUSED = "refused"
    UNDONE = "undone"  # signed in by mistake, and taken back at once


WAITING = (ShiftState.DONE, ShiftState.FORGOTTEN)  # for somebody who decides
COUNTING = (ShiftState.CERTIFIED, ShiftState.DONE, ShiftState.FORGOTTEN, ShiftState.OPEN)  # no two at the same time
LIMIT_OF_A_DAY = 8  # hours; beyond it somebody else looks at the day before it is certified


class Shift(Base):
    """From when until when a volunteer helped at a session. A correction is a new row that names the old one."""

    __tablename__ = "volunteer_shifts"
    __table_args__ = (
        CheckConstraint("state NOT IN ('open', 'forgotten', 'undone') OR out_at IS NULL", name="open"),
        CheckConstraint("state NOT IN ('done', 'certified') OR out_at IS NOT NULL", name="done"),
        CheckConstraint("out_at IS NULL OR out_at > in_at", name="times"),
        CheckConstraint("(state = 'certified') <= (certified_by_id IS NOT NULL)", name="certified"),
        CheckConstraint("(certified_by_id IS NULL) = (certified_at IS NULL)", name="certified_at"),
        CheckConstraint("(out_at IS NULL) = (out_by_id IS NULL)", name="out_by"),
        CheckConstraint("(out_at IS NULL) = (out_said_at IS NULL)", name="out_said"),
        CheckConstraint("(refused_by_id IS NULL) = (refused_at IS NULL)", name="refused_at"),
        CheckConstraint("state <> 'refused' OR refused_by_id IS NOT NULL", name="refused"),
        CheckConstraint("refused_by_id IS NULL OR refused_by_id <> person_id", name="not_refused_by_oneself"),
        CheckConstraint("certified_by_id IS NULL OR certified_by_id <> person_id", name="not_oneself"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> person_id", name="not_reviewed_by_oneself"),
        CheckConstraint("reviewed_by_id IS NULL OR reviewed_by_id <> certified_by_id", name="second"),
        Index(
            "uq_volunteer_shifts_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_volunteer_shifts_person", "person_id", "in_at"),
        Index("ix_volunteer_shifts_session", "session_id", "person_id"),
        Index("ix_volunteer_shifts_state", "state", "in_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    state: Mapped[ShiftState] = mapped_column(enum_type(ShiftState, "shift_state"))
    in_at: Mapped[datetime] = mapped_column(UtcDateTime)
    day: Mapped[date]  # on which it began, on the centre's calendar
    out_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    out_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who said that end, and when
    out_said_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # of a day of more than eight hours
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    certified_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    certified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="")  # of another end, a correction or a refusal
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer_shifts.id"), unique=True)

    session: Mapped[Session] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    certified_by: Mapped[Person | None] = relationship(foreign_keys=[certified_by_id])
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id])
    refused_by: Mapped[Person | None] = relationship(foreign_keys=[refused_by_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class HourCertificate(Base):
    """A printed certificate of hours (志愿服务时长证明): which shifts it sums up. The database lets nobody alter it."""

    __tablename__ = "hour_certificates"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="days"),
        CheckConstraint("minutes > 0", name="minutes"),
        Index("ix_hour_certificates_person", "person_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)  # 100 random bits: whoever has it may check it
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))  # None: of all of them
    first_on: Mapped[date]
    last_on: Mapped[date]
    minutes: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    lines: Mapped[list["CertifiedShift"]] = relationship(order_by="CertifiedShift.shift_id")


class CertifiedShift(Base):
    """That a shift is among those of a certificate. It holds for as long as each of them is certified."""

    __tablename__ = "hour_certificate_shifts"

    certificate_id: Mapped[int] = mapped_column(
        ForeignKey("hour_certificates.id"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[int] = mapped_column(
        ForeignKey("volunteer_shifts.id"), primary_key=True, autoincrement=False, index=True
    )

    shift: Mapped[Shift] = relationship()
