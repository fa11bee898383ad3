"""Terms, the schools whose days and hours they follow, the classes children are in, and the published rules."""

import enum
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Activity, Session
from center.afterschool.models.priorities import RulePriority
from center.kernel.db import Base, UtcDateTime, code_point_text, enum_type
from center.kernel.trail import Trailed
from center.people.models import Person
from center.rooms.models import Room


class TermMode(enum.StrEnum):
    """How a day of a term runs."""

    AFTER_SCHOOL = "after_school"  # from the end of school until the programme closes
    FULL_DAY = "full_day"  # holidays (托管): a morning, lunch, an afternoon


class Half(enum.StrEnum):
    """A half of a whole day."""

    MORNING = "morning"
    AFTERNOON = "afternoon"


class TermState(enum.StrEnum):
    """Where a term stands."""

    DRAFT = "draft"
    OPEN = "open"  # its rules are published; children are enrolled and looked after
    ENDED = "ended"


class School(Trailed, Base):
    """A school that children come from."""

    __tablename__ = "schools"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    name_en: Mapped[str] = mapped_column(String(80), default="")
    sort_key: Mapped[str] = mapped_column(code_point_text(200), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")  # of its gate or office
    is_retired: Mapped[bool] = mapped_column(default=False)


class Term(Trailed, Base):
    """A term (学期) of the programme. Its dates are the sessions of its activity, which have the room's time."""

    __tablename__ = "terms"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="dates"),
        CheckConstraint("closes > opens", name="hours"),
        CheckConstraint("(lunch_from IS NULL) = (lunch_until IS NULL)", name="lunch"),
        CheckConstraint("mode <> 'full_day' OR lunch_from IS NOT NULL", name="full_day"),
        CheckConstraint("children_per_adult > 0", name="ratio"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("activities.id"), unique=True)
    name: Mapped[str] = mapped_column(String(60))  # 2026年秋季学期
    name_en: Mapped[str] = mapped_column(String(80), default="")
    mode: Mapped[TermMode] = mapped_column(enum_type(TermMode, "term_mode"))
    state: Mapped[TermState] = mapped_column(enum_type(TermState, "term_state"))
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"), index=True)
    opens: Mapped[time] = mapped_column(Time)  # the centre's local time, from which the room is the programme's
    closes: Mapped[time] = mapped_column(Time)  # from then on a child who is here is late
    lunch_from: Mapped[time | None] = mapped_column(Time)
    lunch_until: Mapped[time | None] = mapped_column(Time)
    cut_off: Mapped[time] = mapped_column(Time)  # until then guardians change today themselves, afterwards by phone
    alarm_minutes: Mapped[int] = mapped_column(default=15)  # so long after a child should be here the alarm begins
    sibling_age: Mapped[int] = mapped_column(default=14)  # who takes a younger child home is at least this old
    alone_age: Mapped[int] = mapped_column(default=10)  # who goes home alone is at least this old
    children_per_adult: Mapped[int] = mapped_column(default=10)
    needs_first_aid: Mapped[bool] = mapped_column(default=True)  # of whoever is responsible or teaches

    activity: Mapped[Activity] = relationship()
    room: Mapped[Room] = relationship()
    days: Mapped[list["TermDay"]] = relationship(back_populates="term", order_by="TermDay.on_date")
    classes: Mapped[list["CareClass"]] = relationship(
        back_populates="term", order_by="CareClass.position, CareClass.id"
    )


class TermDay(Trailed, Base):
    """A day on which the programme takes place, and as which weekday it counts (a make-up Saturday as a Wednesday)."""

    __tablename__ = "term_days"
    __table_args__ = (
        UniqueConstraint("term_id", "on_date"),
        CheckConstraint("counts_as BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    on_date: Mapped[date] = mapped_column(Date, index=True)
    counts_as: Mapped[int]  # 0: Monday
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), unique=True)
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # when its list was opened: children are at school
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # by a person, after the last child is gone
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    term: Mapped[Term] = relationship(back_populates="days")
    session: Mapped[Session] = relationship()


class DayDecision(Trailed, Base):
    """That staff saw what the calendar says of a date and let the term be: left out, or held all the same."""

    __tablename__ = "day_decisions"
    __table_args__ = (UniqueConstraint("term_id", "on_date", "calendar_says"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    on_date: Mapped[date] = mapped_column(Date)
    calendar_says: Mapped[str] = mapped_column(String(8))  # "off", or the weekday as which it would count


class SchoolHours(Trailed, Base):
    """When a school ends on one weekday of a term; no row: its children do not come that day."""

    __tablename__ = "school_hours"
    __table_args__ = (
        UniqueConstraint("term_id", "school_id", "weekday"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), index=True)
    weekday: Mapped[int]
    finishes: Mapped[time] = mapped_column(Time)
    way_minutes: Mapped[int] = mapped_column(default=15)  # from school to the centre

    school: Mapped[School] = relationship()


class SchoolException(Trailed, Base):
    """A date on which a school ends at another time, or has no school (`finishes` NULL)."""

    __tablename__ = "school_exceptions"
    __table_args__ = (UniqueConstraint("school_id", "on_date"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    on_date: Mapped[date] = mapped_column(Date)
    finishes: Mapped[time | None] = mapped_column(Time)
    reason: Mapped[str] = mapped_column(String(80), default="")

    school: Mapped[School] = relationship()


class SchoolChange(Base):
    """What was said today of when a school ends today: whoever is on duty says that they know it (已知晓)."""

    __tablename__ = "school_changes"
    __table_args__ = (
        CheckConstraint("(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name="acknowledged"),
        Index("ix_school_changes_day", "day_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("term_days.id"))
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    finishes: Mapped[time | None] = mapped_column(Time)  # None: no school
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))

    day: Mapped[TermDay] = relationship()
    school: Mapped[School] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class CareClass(Trailed, Base):
    """A class of the programme, and how many adults of each role it needs."""

    __tablename__ = "care_classes"
    __table_args__ = (
        CheckConstraint(
            "responsible >= 0 AND teachers >= 0 AND volunteers >= 0 AND guards >= 0 AND capacity > 0", name="quota"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int] = mapped_column(default=40)
    responsible: Mapped[int] = mapped_column(default=1)  # 负责人
    teachers: Mapped[int] = mapped_column(default=1)  # 班主任
    volunteers: Mapped[int] = mapped_column(default=2)
    guards: Mapped[int] = mapped_column(default=1)  # 安保

    term: Mapped[Term] = relationship(back_populates="classes")


class Topic(enum.StrEnum):
    """What a paragraph of the rules is about."""

    COLLECTION = "collection"
    CUT_OFF = "cut_off"
    ENDS = "ends"  # what ends a place
    LATE = "late"  # children collected late
    OTHER = "other"
    PRIORITY = "priority"
    WHO = "who"


class TermRules(Base):
    """One version of a term's rules (章程), as it was published. Altered by nobody."""

    __tablename__ = "term_rules"
    __table_args__ = (UniqueConstraint("term_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"))
    version: Mapped[int]
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))

    term: Mapped[Term] = relationship()
    published_by: Mapped[Person] = relationship()
    paragraphs: Mapped[list["Paragraph"]] = relationship(back_populates="rules", order_by="Paragraph.number")
    priorities: Mapped[list[RulePriority]] = relationship(order_by=RulePriority.position)


class Paragraph(Base):
    """One paragraph of the rules, cited by its number in refusals. Altered by nobody."""

    __tablename__ = "rule_paragraphs"
    __table_args__ = (UniqueConstraint("rules_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    rules_id: Mapped[int] = mapped_column(ForeignKey("term_rules.id"))
    number: Mapped[int]
    topic: Mapped[Topic] = mapped_column(enum_type(Topic, "rule_topic"))
    words: Mapped[str] = mapped_column(Text)
    words_en: Mapped[str] = mapped_column(Text, default="")

    rules: Mapped[TermRules] = relationship(back_populates="paragraphs")
