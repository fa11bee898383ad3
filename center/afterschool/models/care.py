"""What happens while children are there: alarms that a person ends, incidents, and what their guardians read."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.custody import CustodyEvent
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.encrypted import EncryptedText
from center.kernel.unreadable import Unreadable
from center.people.models import Person

LAST = 2  # the level at which the last ones are told


class AlarmKind(enum.StrEnum):
    """What an alarm is about."""

    ABSENT_OFTEN = "absent_often"  # three in a row: a task
    BARRED = "barred"  # somebody on the list of bars wanted to take a child
    CODE_TRIED = "code_tried"  # three wrong codes
    CONFLICT = "conflict"  # two say they hold a child
    MISSING = "missing"  # not here 15 minutes after they should be
    NOT_COLLECTED = "not_collected"  # still here at closing, +15, +30
    RATIO = "ratio"  # too few adults
    UNSEEN_CHANGE = "unseen_change"  # nobody has acknowledged a change


class AlarmAnswer(enum.StrEnum):
    """What a person found to be so, with which they ended an alarm."""

    ARRIVED = "arrived"  # they are with us: said by whoever wrote down the arrival
    COLLECTED = "collected"  # handed over, as whoever did it wrote down
    FOUND = "found"  # known where; not here yet
    ON_LEAVE = "on_leave"  # a guardian said so when rung
    OTHER = "other"
    SETTLED = "settled"  # what was wrong is right again
    WITH_GUARDIAN = "with_guardian"  # did not come; a guardian said so when rung


class Alarm(Base):
    """Something that somebody must answer. It stays until a person ends it and says what is so; time ends nothing."""

    __tablename__ = "care_alarms"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended"),
        CheckConstraint("(ended_at IS NULL) = (found IS NULL)", name="found"),
        CheckConstraint("level BETWEEN 0 AND 2", name="level"),
        Index(
            "uq_care_alarms_live",
            "on_date",
            "kind",
            "subject",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_care_alarms_day", "on_date", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    on_date: Mapped[date] = mapped_column(Date)
    kind: Mapped[AlarmKind] = mapped_column(enum_type(AlarmKind, "alarm_kind"))
    subject: Mapped[str] = mapped_column(String(40))  # "child:12", "class:3": one of a kind at a time
    child_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    event_id: Mapped[int | None] = mapped_column(ForeignKey("custody_events.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("plan_changes.id"), index=True)
    level: Mapped[int] = mapped_column(default=0)  # of a child not collected: 0 at closing, 1 after 15, 2 after 30
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    found: Mapped[AlarmAnswer | None] = mapped_column(enum_type(AlarmAnswer, "alarm_answer"))
    answer: Mapped[str] = mapped_column(String(200), default="")  # in words

    child: Mapped[Person | None] = relationship(foreign_keys=[child_id])
    event: Mapped[CustodyEvent | None] = relationship()
    change: Mapped[PlanChange | None] = relationship()
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])


class Ring(Base):
    """That somebody rang a guardian about an alarm, and what came of it. Altered by nobody."""

    __tablename__ = "alarm_rings"
    __table_args__ = (Index("ix_alarm_rings_alarm", "alarm_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    alarm_id: Mapped[int] = mapped_column(ForeignKey("care_alarms.id"))
    guardian_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    is_reached: Mapped[bool]
    said: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    guardian: Mapped[Person] = relationship(foreign_keys=[guardian_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class Incident(Base):
    """Something that happened to a child: what, where, what was done. What is told of it later are its steps."""

    __tablename__ = "incidents"
    __table_args__ = (Index("ix_incidents_child", "child_id", "id"), Index("ix_incidents_day", "on_date", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_date: Mapped[date] = mapped_column(Date)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(String(80), default="")
    what: Mapped[str | Unreadable] = mapped_column(EncryptedText("incidents.what", owner="child_id"))
    done: Mapped[str | Unreadable] = mapped_column(EncryptedText("incidents.done", owner="child_id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    steps: Mapped[list["IncidentStep"]] = relationship(order_by="IncidentStep.id")


class IncidentStage(enum.StrEnum):
    """What happened of an incident afterwards."""

    ACKNOWLEDGED = "acknowledged"  # by a guardian
    CLOSED = "closed"
    FOLLOW_UP = "follow_up"
    TOLD = "told"


class IncidentStep(Base):
    """One step of an incident: who was told how, who acknowledged, what followed. Altered by nobody."""

    __tablename__ = "incident_steps"
    __table_args__ = (Index("ix_incident_steps_incident", "incident_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    incident_id: Mapped[int] = mapped_column(ForeignKey("incidents.id"))
    stage: Mapped[IncidentStage] = mapped_column(enum_type(IncidentStage, "incident_stage"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # who was told, or acknowledged
    words: Mapped[str | Unreadable] = mapped_column(EncryptedText("incident_steps.words", owner="incident_id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class DayNoteKind(enum.StrEnum):
    """What a note of a day is about."""

    HOMEWORK = "homework"
    NOTE = "note"
    SNACK = "snack"


class DayNote(Base):
    """What is noted of a child on a day for their guardians: one of a kind, as it was written last."""

    __tablename__ = "day_notes"
    __table_args__ = (UniqueConstraint("enrolment_id", "on_date", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolments.id"))
    on_date: Mapped[date] = mapped_column(Date)
    kind: Mapped[DayNoteKind] = mapped_column(enum_type(DayNoteKind, "day_note"))
    is_done: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    enrolment: Mapped[Enrolment] = relationship()
    by: Mapped[Person] = relationship()
