"""The ledger of attendance: a register for each session, one row a person in it, and the events beneath.

The database holds what matters: a status fits its times, a closed register changes by amendment only, an event is never
altered, whoever is here has a place or a reason, and what a device sends is taken once.
"""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.activities.models import Session
from center.attendance.models.devices import Device
from center.kernel.db import Base, UtcDateTime, enum_type
from center.people.models import Person
from center.signups.models import SignUp


class RegisterState(enum.StrEnum):
    """Where the register of a session stands. One that was not opened yet has no row."""

    AMENDED = "amended"  # closed, and put right since
    CLOSED = "closed"
    OPEN = "open"


class Status(enum.StrEnum):
    """How somebody stands in a register."""

    ABSENT = "absent"  # only once the register is closed
    EXPECTED = "expected"
    LATE = "late"
    LEFT = "left"
    ON_LEAVE = "on_leave"
    PRESENT = "present"


HERE = (Status.LATE, Status.PRESENT)
CAME = (*HERE, Status.LEFT)


class Verb(enum.StrEnum):
    """What was said of somebody."""

    ARRIVED = "arrived"
    LEFT = "left"
    ON_LEAVE = "on_leave"
    UNDONE = "undone"


class How(enum.StrEnum):
    """How it was recorded."""

    CARD = "card"
    DESK = "desk"
    HOUSEHOLD = "household"
    KIOSK = "kiosk"
    PAPER = "paper"
    REVIEW = "review"  # somebody decided what a scan that could not be taken meant
    ROLL = "roll"
    SIGN_UP = "sign_up"  # by the QR code or number of a sign-up
    WALK_IN = "walk_in"


class Outcome(enum.StrEnum):
    """What became of an event."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    NEEDS_REVIEW = "needs_review"
    REFUSED = "refused"  # said to whoever stood there, who could do something about it


class Why(enum.StrEnum):
    """What is to be known of an event beside its outcome."""

    CANCELLED = "cancelled"  # the sign-up or the session was cancelled before
    CLOCK = "clock"  # the device's time cannot be right
    CLOSED = "closed"  # the register was closed already
    FULL = "full"
    LEAVE = "leave"  # leave had been recorded; being here counts more
    NOT_ALLOWED = "not_allowed"  # the device may not do this
    NOT_HERE = "not_here"  # said to leave without having come
    NOT_SIGNED_UP = "not_signed_up"
    OLD_CARD = "old_card"
    OVER = "over"
    REPLAYED = "replayed"  # under a number that something else had been sent under
    REVOKED = "revoked"  # the device was revoked before it
    TOO_EARLY = "too_early"
    UNKNOWN = "unknown"
    VOLUNTEER = "volunteer"  # it is no attendance: a volunteer's shift began or ended by it
    WRONG_SESSION = "wrong_session"


class Admitted(enum.StrEnum):
    """Why somebody was let in without a place."""

    CANCELLED = "cancelled"  # came although their place had been given up, before anybody there knew
    NO_ROSTER = "no_roster"  # nobody signs up for it
    ONE_DATE = "one_date"  # of a course whose other dates they do not come to; a place of it was free
    OVER_CAPACITY = "over_capacity"


class Register(Base):
    """The register (签到册) of a session: opened, then closed and signed by whoever leads it, then amended at most."""

    __tablename__ = "registers"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="signed"),
        CheckConstraint("(opened_at IS NULL) = (opened_by_id IS NULL)", name="opened"),
        CheckConstraint("closed_at IS NULL OR opened_at IS NOT NULL", name="closed_opened"),
        Index("ix_registers_state", "state", "session_id"),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"), primary_key=True, autoincrement=False)
    state: Mapped[RegisterState] = mapped_column(enum_type(RegisterState, "register_state"))
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # None: it says who is on leave, and nobody took it
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))  # whose signature it bears
    remark: Mapped[str] = mapped_column(String(300), default="")  # what its lead wrote beneath it

    session: Mapped[Session] = relationship()
    opened_by: Mapped[Person | None] = relationship(foreign_keys=[opened_by_id])
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def is_taken(self) -> bool:
        """Whether somebody opened it to take the roll."""
        return self.opened_at is not None

    @property
    def is_open(self) -> bool:
        """Whether people are still written down in it."""
        return self.state is RegisterState.OPEN


class Admission(Base):
    """That somebody was let in without a place: who allowed it, and why. The database refuses to alter or remove it."""

    __tablename__ = "admissions"
    __table_args__ = (Index("ix_admissions_session", "session_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[Admitted] = mapped_column(enum_type(Admitted, "admitted"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class Amendment(Base):
    """That a closed register was put right: what it said, what it says, who, when and why. Altered by nobody."""

    __tablename__ = "amendments"
    __table_args__ = (Index("ix_amendments_session", "session_id", "person_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("registers.session_id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    was: Mapped[Status | None] = mapped_column(enum_type(Status, "amended_from"))  # None: was not in it
    was_arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    now_is: Mapped[Status] = mapped_column(enum_type(Status, "amended_to"))
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])


class Attendance(Base):
    """How one person stands in the register of one session.

    While it is open only those have a row of whom something was said; whoever else has a place is expected. Closing it
    writes a row for everybody.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        CheckConstraint("(status IN ('present', 'late', 'left')) = (arrived_at IS NOT NULL)", name="arrived"),
        CheckConstraint("(status = 'left') = (left_at IS NOT NULL)", name="left"),
        CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name="times"),
        CheckConstraint("status <> 'late' OR came_late", name="late"),
        CheckConstraint("arrived_at IS NULL OR sign_up_id IS NOT NULL OR admission_id IS NOT NULL", name="place"),
        Index("ix_attendances_person", "person_id", "session_id"),
        Index(
            "ix_attendances_here",
            "session_id",
            sqlite_where=text("status IN ('present', 'late')"),
            postgresql_where=text("status IN ('present', 'late')"),
        ),
    )

    session_id: Mapped[int] = mapped_column(ForeignKey("registers.session_id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    status: Mapped[Status] = mapped_column(enum_type(Status, "attendance_status"))
    arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    came_late: Mapped[bool] = mapped_column(default=False)
    is_walk_in: Mapped[bool] = mapped_column(default=False)
    how: Mapped[How] = mapped_column(enum_type(How, "attendance_how"))  # of what was said last
    sign_up_id: Mapped[int | None] = mapped_column(ForeignKey("sign_ups.id"), index=True)
    admission_id: Mapped[int | None] = mapped_column(ForeignKey("admissions.id"), unique=True)
    amendment_id: Mapped[int | None] = mapped_column(ForeignKey("amendments.id"), unique=True)  # the latest

    register: Mapped[Register] = relationship()
    person: Mapped[Person] = relationship()
    sign_up: Mapped[SignUp | None] = relationship()

    @property
    def is_here(self) -> bool:
        """Whether they have come and not left."""
        return self.status in HERE


class AttendanceEvent(Base):
    """One thing that was said of somebody at a session, by whom and how, and what became of it. Altered by nobody.

    `at` is when it was so: the device's time, put right by how far its clock is off. `recorded_at` is when the centre
    heard of it.
    """

    __tablename__ = "attendance_events"
    __table_args__ = (
        CheckConstraint("undoes_id IS NULL OR verb = 'undone'", name="undone"),
        CheckConstraint(
            "verb <> 'undone' OR undoes_id IS NOT NULL OR outcome IN ('needs_review', 'refused')", name="undoes"
        ),
        CheckConstraint("person_id IS NOT NULL OR outcome IN ('needs_review', 'refused')", name="person"),
        CheckConstraint("outcome NOT IN ('needs_review', 'refused') OR why IS NOT NULL", name="why"),
        Index("ix_attendance_events_session", "session_id", "person_id", "id"),
        Index("uq_attendance_events_nonce", "nonce", unique=True),
        Index("ix_attendance_events_by_recorded", "by_id", "recorded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("sessions.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # None: nobody knows who
    verb: Mapped[Verb] = mapped_column(enum_type(Verb, "attendance_verb"))
    how: Mapped[How] = mapped_column(enum_type(How, "attendance_event_how"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))  # of a device: who paired it
    outcome: Mapped[Outcome] = mapped_column(enum_type(Outcome, "attendance_outcome"))
    why: Mapped[Why | None] = mapped_column(enum_type(Why, "attendance_why"))
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"), index=True)
    device_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # what its clock said
    sequence: Mapped[int | None]  # the device's own count
    nonce: Mapped[str | None] = mapped_column(String(36))  # sent twice, it is taken once
    digest: Mapped[str] = mapped_column(String(64), default="")  # of all that was sent under the nonce
    code: Mapped[str] = mapped_column(
        String(64), default=""
    )  # what was read, where it could not be taken; never a card
    was: Mapped[Status | None] = mapped_column(enum_type(Status, "attendance_was"))  # before it; None: no row
    was_arrived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    was_left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_events.id"), unique=True)

    session: Mapped[Session] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    device: Mapped[Device | None] = relationship()
    review: Mapped["Review | None"] = relationship(back_populates="event")


class Review(Base):
    """What somebody decided of an event that could not be taken as it came. Altered by nobody."""

    __tablename__ = "attendance_reviews"

    event_id: Mapped[int] = mapped_column(ForeignKey("attendance_events.id"), primary_key=True, autoincrement=False)
    is_adopted: Mapped[bool]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)  # who it was
    reason: Mapped[str] = mapped_column(String(200), default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)

    event: Mapped[AttendanceEvent] = relationship(back_populates="review")
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
