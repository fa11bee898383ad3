"""Who looks after the children: what they had to show, on which day, in which role; and who else may see children."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.terms import CareClass, Half, TermDay
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person


class CheckKind(enum.StrEnum):
    """What somebody who looks after children has to show."""

    FIRST_AID = "first_aid"
    RECORD = "record"  # no record of offences; every year, with their consent


class StaffCheck(Trailed, Base):
    """That somebody has shown it: when it was made, until (and including) when it counts."""

    trail_only = frozenset({"kind", "made_on", "valid_until", "revoked_at"})
    __tablename__ = "staff_checks"
    __table_args__ = (
        CheckConstraint("valid_until >= made_on", name="dates"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        CheckConstraint("kind <> 'record' OR consented_on IS NOT NULL", name="consent"),
        Index("ix_staff_checks_person", "person_id", "kind", "valid_until"),
        Index(
            "ix_staff_checks_until",
            "valid_until",
            sqlite_where=text("warned_on IS NULL AND revoked_at IS NULL"),
            postgresql_where=text("warned_on IS NULL AND revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[CheckKind] = mapped_column(enum_type(CheckKind, "staff_check"))
    made_on: Mapped[date] = mapped_column(Date)
    valid_until: Mapped[date] = mapped_column(Date)
    consented_on: Mapped[date | None] = mapped_column(Date)  # when they agreed to being checked
    document: Mapped[str] = mapped_column(String(120), default="")  # its number; what it says stays on paper
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    warned_on: Mapped[date | None] = mapped_column(Date)  # that it runs out

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    recorded_by: Mapped[Person] = relationship(foreign_keys=[recorded_by_id])


class DutyRole(enum.StrEnum):
    """As what somebody is there."""

    GUARD = "guard"  # 安保
    RESPONSIBLE = "responsible"  # 负责人
    TEACHER = "teacher"  # 班主任
    VOLUNTEER = "volunteer"


class CareDuty(Trailed, Base):
    """That somebody is on duty on a day, in a role and (but for guards) a class. One owns the day's list.

    Of a whole day in the holidays it may be a half.
    """

    trail_only = frozenset({"role", "class_id", "half", "is_owner"})
    __tablename__ = "care_duties"
    __table_args__ = (
        UniqueConstraint("day_id", "person_id"),
        Index(
            "uq_care_duties_owner",
            "day_id",
            unique=True,
            sqlite_where=text("is_owner"),
            postgresql_where=text("is_owner"),
        ),
        CheckConstraint("NOT is_owner OR role IN ('responsible', 'teacher')", name="owner"),
        Index("ix_care_duties_person", "person_id", "day_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("term_days.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("care_classes.id"), index=True)
    role: Mapped[DutyRole] = mapped_column(enum_type(DutyRole, "duty_role"))
    half: Mapped[Half | None] = mapped_column(enum_type(Half, "duty_half"))  # None: as long as the day lasts
    is_owner: Mapped[bool] = mapped_column(default=False)  # 当日名单负责人
    set_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    set_at: Mapped[datetime] = mapped_column(UtcDateTime)

    day: Mapped[TermDay] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    care_class: Mapped[CareClass | None] = relationship()


class Staffing(Base):
    """One change of who is in the room: an adult came or went, or a child did. Altered by nobody.

    `adults` (but for guards) and `children` are how many are there after it. A guard comes to every class of the day.
    """

    __tablename__ = "staffing_events"
    __table_args__ = (
        CheckConstraint("adults >= 0 AND children >= 0", name="counts"),
        CheckConstraint("(person_id IS NULL) = (role IS NULL) AND (role IS NULL) = (is_in IS NULL)", name="who"),
        Index("ix_staffing_events_day", "day_id", "class_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("term_days.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("care_classes.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: of a child
    role: Mapped[DutyRole | None] = mapped_column(enum_type(DutyRole, "staffing_role"))
    is_in: Mapped[bool | None]
    why: Mapped[str] = mapped_column(String(80), default="")  # "to the gate"
    adults: Mapped[int]
    children: Mapped[int]
    is_enough: Mapped[bool]  # by the quota and the ratio of that moment

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class ChildAccess(Trailed, Base):
    """That the director lets somebody see the children's records for a reason and a time, without being on duty."""

    __tablename__ = "child_accesses"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("trim(reason) <> ''", name="reason"),
        CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name="revoked"),
        Index("ix_child_accesses_person", "person_id", "ends_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    reason: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    granted_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    granted_by: Mapped[Person] = relationship(foreign_keys=[granted_by_id])
