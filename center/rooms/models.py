"""Rooms, their parts, features, hours and booking rules, and the ledger of room time."""

import enum
from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.i18n import in_language
from center.kernel.trail import Trailed

PUBLIC_HOLIDAY = 7  # the eighth "weekday" of opening hours


class Noise(enum.StrEnum):
    """How loud a room's use may be."""

    LOUD = "loud"
    MEDIUM = "medium"
    QUIET = "quiet"


class Approval(enum.StrEnum):
    """When a booking needs a member of staff to agree."""

    ALWAYS = "always"
    FROM_PEOPLE = "from_people"
    NEVER = "never"


class AccessFeature(enum.StrEnum):
    """What makes a room usable by everybody; shown on the room and its slips."""

    ACCESSIBLE_TOILET = "accessible_toilet"
    BRAILLE_SIGNS = "braille_signs"
    GUIDE_DOGS = "guide_dogs"
    HANDRAILS = "handrails"
    HEARING_LOOP = "hearing_loop"
    LARGE_PRINT = "large_print"
    LIFT = "lift"
    STEP_FREE = "step_free"


class Room(Trailed, Base):
    """A function room, or a part of one that divides (then `parent` is the whole)."""

    __tablename__ = "rooms"
    __table_args__ = (
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("min_minutes > 0 AND max_minutes >= min_minutes", name="duration"),
        CheckConstraint("org_max_minutes >= min_minutes", name="org_duration"),
        CheckConstraint("step_minutes IN (5, 10, 15, 20, 30, 60)", name="step"),
        CheckConstraint("buffer_minutes BETWEEN 0 AND 240", name="buffer"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_part"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    about: Mapped[str] = mapped_column(Text, default="")
    about_en: Mapped[str] = mapped_column(Text, default="")
    notice: Mapped[str] = mapped_column(Text, default="")  # what to know when using it: "no food"
    notice_en: Mapped[str] = mapped_column(Text, default="")
    floor: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    capacity: Mapped[int]
    wheelchair_places: Mapped[int] = mapped_column(default=0)
    companion_places: Mapped[int] = mapped_column(default=0)  # seats beside the wheelchairs, for who comes with them
    access_note: Mapped[str] = mapped_column(Text, default="")  # what is not there: "two steps at the door"
    access_note_en: Mapped[str] = mapped_column(Text, default="")
    noise: Mapped[Noise] = mapped_column(enum_type(Noise, "noise"), default=Noise.MEDIUM)
    is_confidential: Mapped[bool] = mapped_column(default=False)  # public pages say "in use" and nothing else
    is_retired: Mapped[bool] = mapped_column(default=False)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)

    residents_may_book: Mapped[bool] = mapped_column(default=True)
    organisations_may_book: Mapped[bool] = mapped_column(default=True)
    approval: Mapped[Approval] = mapped_column(enum_type(Approval, "approval"), default=Approval.FROM_PEOPLE)
    approval_from_people: Mapped[int] = mapped_column(default=50)
    min_people: Mapped[int] = mapped_column(default=1)
    min_minutes: Mapped[int] = mapped_column(default=30)
    max_minutes: Mapped[int] = mapped_column(default=120)
    org_max_minutes: Mapped[int] = mapped_column(default=180)
    step_minutes: Mapped[int] = mapped_column(
        default=30
    )  # a booking starts at a multiple of this, counted from midnight
    buffer_minutes: Mapped[int] = mapped_column(default=15)  # clearing up, added after each use
    notice_minutes: Mapped[int] = mapped_column(default=1440)  # how long before its start a booking must be made
    horizon_days: Mapped[int] = mapped_column(default=14)  # how far ahead a booking may end
    org_horizon_days: Mapped[int] = mapped_column(default=30)
    live_limit: Mapped[int] = mapped_column(default=2)  # a person's bookings that have not ended; 0: no limit
    org_live_limit: Mapped[int] = mapped_column(default=0)
    cancel_minutes: Mapped[int] = mapped_column(
        default=120
    )  # how long before its start a booking may still be cancelled
    expire_minutes: Mapped[int] = mapped_column(default=0)  # an undecided request is over this long before its start
    release_minutes: Mapped[int] = mapped_column(default=0)  # a booking unclaimed so long after its start; 0: never
    series_weeks: Mapped[int] = mapped_column(default=20)  # how far ahead a series may reach
    org_series_limit: Mapped[int] = mapped_column(default=1)  # live series here; 0: no limit
    set_up_minutes: Mapped[int] = mapped_column(default=0)  # added to clearing up where a booking has set-up wishes

    parent: Mapped["Room | None"] = relationship(remote_side="Room.id", back_populates="parts")
    parts: Mapped[list["Room"]] = relationship(back_populates="parent", order_by="Room.position, Room.code")
    equipment: Mapped[list["RoomEquipment"]] = relationship(
        cascade="all, delete-orphan", order_by="RoomEquipment.position, RoomEquipment.id"
    )
    features: Mapped[list["RoomFeature"]] = relationship(cascade="all, delete-orphan", order_by="RoomFeature.feature")
    hours: Mapped[list["OpeningHours"]] = relationship(
        cascade="all, delete-orphan", order_by="OpeningHours.weekday, OpeningHours.opens"
    )
    windows: Mapped[list["BookingWindow"]] = relationship(
        cascade="all, delete-orphan", order_by="BookingWindow.opens, BookingWindow.id"
    )

    @property
    def leaves(self) -> list["Room"]:
        """The parts that a use of this room takes in the ledger: its parts, or itself when it has none."""
        return list(self.parts) or [self]

    @property
    def full_name(self) -> str:
        """Its name in the reader's language; a part's after its whole's, unless its own begins with that."""
        whole = in_language(self.parent.name, self.parent.name_en) if self.parent else ""
        return with_whole(in_language(self.name, self.name_en), whole)

    @property
    def kin(self) -> list["Room"]:
        """The room, its parts and its whole: a use of one takes or leaves time of the others."""
        return [self, *self.parts, *([self.parent] if self.parent else [])]

    @property
    def kin_ids(self) -> set[int]:
        """The ids of its kin."""
        return {self.id, *(part.id for part in self.parts), *([self.parent_id] if self.parent_id else [])}


def with_whole(name: str, whole: str) -> str:
    """A room's name after that of the whole it is a part of, unless it begins with that."""
    return f"{whole} · {name}" if whole and not name.startswith(whole) else name


class RoomEquipment(Trailed, Base):
    """One thing that stands in a room."""

    __tablename__ = "room_equipment"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80), default="")
    position: Mapped[int] = mapped_column(default=0)


class RoomFeature(Trailed, Base):
    """One access feature that a room has."""

    __tablename__ = "room_features"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    feature: Mapped[AccessFeature] = mapped_column(enum_type(AccessFeature, "access_feature"), primary_key=True)


class OpeningHours(Trailed, Base):
    """Local hours of a room on a weekday (0: Monday, 7: a public holiday); closing at 00:00 is at its end."""

    __tablename__ = "opening_hours"
    __table_args__ = (CheckConstraint("weekday BETWEEN 0 AND 7", name="weekday"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    weekday: Mapped[int]
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class BookingWindow(Trailed, Base):
    """A fixed window: where a room has any, a booking lies inside one (drums: 14:30–17:30). Local time, every day."""

    __tablename__ = "booking_windows"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    reason: Mapped[str] = mapped_column(String(80), default="")
    reason_en: Mapped[str] = mapped_column(String(120), default="")


class HoursException(Trailed, Base):
    """Other opening hours on one date, for one room or (room_id NULL) for all; without spans the day is closed."""

    __tablename__ = "hours_exceptions"
    __table_args__ = (
        UniqueConstraint("room_id", "on_date"),
        # NULL is never equal to NULL, so the centre's own exceptions need an index of their own.
        Index(
            "uq_hours_exceptions_centre_on_date",
            "on_date",
            unique=True,
            sqlite_where=text("room_id IS NULL"),
            postgresql_where=text("room_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    on_date: Mapped[date] = mapped_column(Date, index=True)
    reason: Mapped[str] = mapped_column(String(80), default="")
    reason_en: Mapped[str] = mapped_column(String(120), default="")
    spans: Mapped[list["ExceptionSpan"]] = relationship(cascade="all, delete-orphan", order_by="ExceptionSpan.opens")


class ExceptionSpan(Trailed, Base):
    """A span in which the room is open on the date of an exception, in local time."""

    __tablename__ = "exception_spans"

    id: Mapped[int] = mapped_column(primary_key=True)
    exception_id: Mapped[int] = mapped_column(ForeignKey("hours_exceptions.id", ondelete="CASCADE"), index=True)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)


class UseKind(enum.StrEnum):
    """What takes room time."""

    AFTERSCHOOL = "afterschool"
    BOOKING = "booking"
    CLOSURE = "closure"
    HOLD = "hold"
    REHEARSAL = "rehearsal"
    SESSION = "session"


class RoomUse(Base):
    """One use of a room. Its owner (a booking, a closure, a session) points here; the ledger's rows belong to it."""

    __tablename__ = "room_uses"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[UseKind] = mapped_column(enum_type(UseKind, "use_kind"))
    label: Mapped[str] = mapped_column(String(200), default="")  # what the public may read of it; written by its owner
    label_en: Mapped[str] = mapped_column(String(300), default="")
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # then it is cleared up; None: its owner knows
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of a hold: from then on it keeps nobody out


class Occupancy(Base):
    """A row of the ledger of room time: a part is taken from `starts_at` until just before `clear_at`.

    The database refuses overlap in one part, rows on a room that has parts, and rows of more than a day (a longer use
    has a row for each day), so that a page about a day reads a bounded range of the index.
    """

    __tablename__ = "occupancies"
    __table_args__ = (
        CheckConstraint("clear_at > starts_at", name="span"),
        Index("ix_occupancies_room_clear", "room_id", "clear_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    use_id: Mapped[int] = mapped_column(ForeignKey("room_uses.id", ondelete="CASCADE"), index=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    clear_at: Mapped[datetime] = mapped_column(UtcDateTime)
    use: Mapped[RoomUse] = relationship()


class Closure(Trailed, Base):
    """Time in which a room (or, with room_id NULL, the whole centre) cannot be used.

    Its rows in the ledger are what no other use has of that time: a kept booking stays, and of two closures that
    overlap the one made first has the rows.
    """

    __tablename__ = "closures"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="span"),
        Index("uq_closures_request_key", "request_key", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    use_id: Mapped[int] = mapped_column(ForeignKey("room_uses.id"), unique=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id"), index=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    reason: Mapped[str] = mapped_column(String(80))
    reason_en: Mapped[str] = mapped_column(String(120), default="")
    lifted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # for calendars; not known of old ones
    sequence: Mapped[int] = mapped_column(default=0)  # RFC 5545 SEQUENCE: counts changes told to calendars
    request_key: Mapped[str | None] = mapped_column(String(36))  # one per form shown: sending it twice closes once
    # Which event of an imported calendar it is: UID, RECURRENCE-ID of one date among several, SEQUENCE (RFC 5545)
    file_uid: Mapped[str | None] = mapped_column(String(255), index=True)
    file_recurrence: Mapped[str] = mapped_column(String(20), default="", server_default="")
    file_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    room: Mapped[Room | None] = relationship()
