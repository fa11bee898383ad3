"""The ledger of custody: who holds each child at every moment. What is written stays.

`custody_events` is all that was said, as it came. `custody` is the chain that follows from it: each row names the one
before it, a child has one first row, no row has two that follow it. So a child has one holder at every moment and no
moment has none. `holdings` names the last row of each chain; the database keeps it.
"""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.afterschool.models.consents import ChildConsent
from center.afterschool.models.plans import Collector
from center.afterschool.models.terms import CareClass, TermDay
from center.attendance.models.devices import Device
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person


class Holder(enum.StrEnum):
    """Who or what holds a child."""

    ALONE = "alone"  # went home alone
    BUS = "bus"
    COLLECTOR = "collector"
    GUARDIAN = "guardian"  # did not come: a guardian said, when rung, that the child is with them
    ON_THE_WAY = "on_the_way"  # between school and the centre, with a member of staff
    ROOM = "room"
    SCHOOL = "school"
    SIBLING = "sibling"


GONE = (Holder.ALONE, Holder.BUS, Holder.COLLECTOR, Holder.GUARDIAN, Holder.SIBLING)  # closed by a person
WITH_US = (Holder.ON_THE_WAY, Holder.ROOM)


class CheckedBy(enum.StrEnum):
    """What made sure that an adult may take a child."""

    CODE = "code"  # the code of the day, and on the list
    KNOWN = "known"  # on the list, known to staff, and a second member of staff
    RUNG = "rung"  # not on the list: a guardian was rung and approved, and a second member of staff


class Outcome(enum.StrEnum):
    """What became of something that was said."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"  # somebody else had said otherwise: alarm, and the director
    DUPLICATE = "duplicate"
    REFUSED = "refused"
    UNDONE = "undone"  # it took something back


class Flag(enum.StrEnum):
    """What the director looks at afterwards, of a hand-over made without a connection or against the plan."""

    AGAINST_PLAN = "against_plan"  # the plan of the day said otherwise
    BARRED_MEANWHILE = "barred_meanwhile"  # the bar was set while the device had no connection
    CHANGED_MEANWHILE = "changed_meanwhile"
    EXPIRED = "expired"  # the collector's time was over
    ON_LEAVE = "on_leave"  # came although on leave
    PAPER = "paper"  # typed in from the printed list


# What is said of every event that was not turned away: by whom and how it was made sure.
HELD_BY = {
    "alone": "holder <> 'alone' OR consent_id IS NOT NULL",
    "checked": "holder <> 'collector' OR checked_by IS NOT NULL",
    "child_agreed": "holder <> 'collector' OR child_agreed",
    "collector": "holder <> 'collector' OR collector_id IS NOT NULL OR checked_by = 'rung'",
    "guardian": "holder <> 'guardian' OR approved_by_id IS NOT NULL",
    "rung": "checked_by IS NULL OR checked_by <> 'rung'"
    " OR (approved_by_id IS NOT NULL AND trim(approved_on) <> '' AND trim(other_name) <> '')",
    "second": "checked_by IS NULL OR checked_by = 'code' OR coalesce(second_id, by_id) <> by_id",
    "sibling": "holder <> 'sibling' OR with_id IS NOT NULL",
    "walker": "holder <> 'on_the_way' OR with_id IS NOT NULL",
}


class CustodyEvent(Base):
    """One thing that was said of who holds a child, by whom, when, and what became of it. Altered by nobody."""

    __tablename__ = "custody_events"
    __table_args__ = (
        Index("uq_custody_events_nonce", "nonce", unique=True),
        Index("ix_custody_events_day", "on_date", "child_id", "id"),
        Index("ix_custody_events_child", "child_id", "at", "id"),
        Index("ix_custody_events_by_recorded", "by_id", "recorded_at"),
        CheckConstraint("(outcome = 'undone') = (undoes_id IS NOT NULL)", name="undoes"),
        *(CheckConstraint(f"outcome IN ('refused', 'undone') OR {rule}", name=name) for name, rule in HELD_BY.items()),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    on_date: Mapped[date] = mapped_column(Date)
    day_id: Mapped[int | None] = mapped_column(ForeignKey("term_days.id"), index=True)  # None: no day of a term
    class_id: Mapped[int | None] = mapped_column(ForeignKey("care_classes.id"))
    holder: Mapped[Holder] = mapped_column(enum_type(Holder, "custody_event_holder"))
    with_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # staff on the way or at the door, a sibling
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("collectors.id"), index=True)
    other_name: Mapped[str] = mapped_column(String(60), default="")  # who collected and is on no list
    brought_by: Mapped[str] = mapped_column(String(60), default="")  # on arrival: who came along
    bus: Mapped[str] = mapped_column(String(60), default="")
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("child_consents.id"), index=True)  # to walking alone
    checked_by: Mapped[CheckedBy | None] = mapped_column(enum_type(CheckedBy, "custody_check"))
    child_agreed: Mapped[bool] = mapped_column(default=False)  # the child said yes
    second_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the second member of staff
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # the guardian who was rung
    approved_on: Mapped[str] = mapped_column(String(20), default="")  # on which number
    at: Mapped[datetime] = mapped_column(UtcDateTime)  # when it was so, by the corrected clock or the paper
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_offline: Mapped[bool] = mapped_column(default=False)
    nonce: Mapped[str] = mapped_column(String(36))  # sent twice, it is taken once
    digest: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "custody_outcome"))
    why: Mapped[str] = mapped_column(String(40), default="")  # of what was refused: a code of `answers`
    flag: Mapped[Flag | None] = mapped_column(enum_type(Flag, "custody_flag"))
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("custody_events.id"), unique=True)

    child: Mapped[Person] = relationship(foreign_keys=[child_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    second: Mapped[Person | None] = relationship(foreign_keys=[second_id])
    approved_by: Mapped[Person | None] = relationship(foreign_keys=[approved_by_id])
    with_person: Mapped[Person | None] = relationship(foreign_keys=[with_id])
    collector: Mapped[Collector | None] = relationship()
    consent: Mapped[ChildConsent | None] = relationship()
    day: Mapped[TermDay | None] = relationship()
    care_class: Mapped[CareClass | None] = relationship()
    device: Mapped[Device | None] = relationship()


class BarDecision(Base):
    """What the director decided of somebody about whom they are asked first (提醒), and why. Altered by nobody."""

    __tablename__ = "bar_decisions"
    __table_args__ = (
        CheckConstraint("trim(why) <> ''", name="why"),
        UniqueConstraint("event_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("custody_events.id"))  # the refusal by which they were asked
    is_allowed: Mapped[bool]
    why: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[CustodyEvent] = relationship()
    by: Mapped[Person] = relationship()


class Custody(Base):
    """Since when a child is held by whom, after which row. Altered by nobody."""

    __tablename__ = "custody"
    __table_args__ = (
        UniqueConstraint("id", "child_id"),
        Index("uq_custody_next", "prev_id", unique=True),
        ForeignKeyConstraint(["prev_id", "child_id"], ["custody.id", "custody.child_id"], name="fk_custody_prev"),
        Index(
            "uq_custody_first",
            "child_id",
            unique=True,
            sqlite_where=text("prev_id IS NULL"),
            postgresql_where=text("prev_id IS NULL"),
        ),
        Index("ix_custody_event", "event_id"),
        Index("ix_custody_child", "child_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    prev_id: Mapped[int | None]
    event_id: Mapped[int] = mapped_column(
        ForeignKey("custody_events.id")
    )  # by which they hold; of an undo: the earlier
    holder: Mapped[Holder] = mapped_column(enum_type(Holder, "custody_holder"))
    since_at: Mapped[datetime] = mapped_column(UtcDateTime)
    is_correction: Mapped[bool] = mapped_column(default=False)  # puts right what the rows before it said of that time
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[CustodyEvent] = relationship()


class Holding(Base):
    """The last row of a child's chain: who holds them now. Written by the database alone."""

    __tablename__ = "holdings"

    child_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    custody_id: Mapped[int] = mapped_column(ForeignKey("custody.id"), unique=True)

    custody: Mapped[Custody] = relationship()


class RoomCheck(Base):
    """That two people looked (二人清场): the room is empty, or nobody was left on the way. Altered by nobody."""

    __tablename__ = "room_checks"
    __table_args__ = (
        CheckConstraint("first_id <> second_id", name="two"),
        UniqueConstraint("day_id", "what", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("term_days.id"))
    what: Mapped[str] = mapped_column(String(60))  # "room", or the school walked from
    first_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    second_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    first: Mapped[Person] = relationship(foreign_keys=[first_id])
    second: Mapped[Person] = relationship(foreign_keys=[second_id])


class HeadCount(Base):
    """That somebody counted heads (点名演练), and what the ledger said at that moment. Altered by nobody."""

    __tablename__ = "head_counts"

    id: Mapped[int] = mapped_column(primary_key=True)
    day_id: Mapped[int] = mapped_column(ForeignKey("term_days.id"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    counted: Mapped[int]
    expected: Mapped[int]  # by the ledger
    remark: Mapped[str] = mapped_column(String(200), default="")

    by: Mapped[Person] = relationship()
