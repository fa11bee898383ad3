"""The rules that staff set beside a room's own: quotas, purposes, groups of rooms and of people, kept hours."""

import enum
from datetime import date, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.kernel.db import Base, enum_type
from center.kernel.trail import Trailed
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room

EVERY_DAY = 0b1111_1111  # a bit for each weekday from Monday, the eighth for public holidays


def weekday_set(bits: int) -> frozenset[int]:
    """The weekdays (7 is a public holiday) that a number of the database stands for."""
    return frozenset(day for day in range(8) if bits & (1 << day))


def weekday_bits(weekdays: frozenset[int]) -> int:
    """The number that stands for these weekdays in the database."""
    return sum(1 << day for day in weekdays)


class Whose(enum.StrEnum):
    """Whose use a quota adds up. An organisation's bookings do not count as its lead's own."""

    EVERYBODY = "everybody"
    HOUSEHOLD = "household"
    ORGANISATION = "organisation"
    PERSON = "person"


class Period(enum.StrEnum):
    """Over which time a quota adds up: a local day, a week from Monday, a month."""

    DAY = "day"
    MONTH = "month"
    WEEK = "week"


class PurposeRule(enum.StrEnum):
    """What becomes of a booking for a purpose."""

    ALLOWED = "allowed"
    APPROVAL = "approval"
    NOT_ALLOWED = "not_allowed"


class Purpose(Trailed, Base):
    """A kind of use that people choose from, such as a rehearsal or selling. A retired one is not offered any more."""

    __tablename__ = "purposes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60), default="")
    rule: Mapped[PurposeRule] = mapped_column(enum_type(PurposeRule, "purpose_rule"), default=PurposeRule.ALLOWED)
    position: Mapped[int] = mapped_column(default=0)
    is_retired: Mapped[bool] = mapped_column(default=False)


class RoomPurpose(Trailed, Base):
    """That a purpose is ruled otherwise in one room."""

    __tablename__ = "room_purposes"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    purpose_id: Mapped[int] = mapped_column(ForeignKey("purposes.id", ondelete="CASCADE"), primary_key=True)
    rule: Mapped[PurposeRule] = mapped_column(enum_type(PurposeRule, "room_purpose_rule"))


class RoomGroup(Trailed, Base):
    """Some rooms that a quota counts together, such as the loud ones."""

    __tablename__ = "room_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60), default="")
    rooms: Mapped[list[Room]] = relationship(secondary="room_group_rooms", order_by="Room.position, Room.code")


class RoomGroupRoom(Base):
    """That a room belongs to a group of rooms."""

    __tablename__ = "room_group_rooms"

    group_id: Mapped[int] = mapped_column(ForeignKey("room_groups.id", ondelete="CASCADE"), primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True, index=True)


class PeopleGroup(Trailed, Base):
    """Some people and organisations for whom a room or its best hours are kept."""

    __tablename__ = "people_groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    name_en: Mapped[str] = mapped_column(String(60), default="")
    members: Mapped[list["PeopleGroupMember"]] = relationship(
        cascade="all, delete-orphan", order_by="PeopleGroupMember.id"
    )


class PeopleGroupMember(Trailed, Base):
    """That a person, or an organisation, belongs to a group of people."""

    __tablename__ = "people_group_members"
    __table_args__ = (
        CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name="one"),
        UniqueConstraint("group_id", "person_id"),
        UniqueConstraint("group_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("people_groups.id", ondelete="CASCADE"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"), index=True)
    person: Mapped[Person | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()


class RoomAudience(Trailed, Base):
    """That a room is for members of a group of people; a room without any is for everybody its rules name."""

    __tablename__ = "room_audiences"

    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("people_groups.id", ondelete="CASCADE"), primary_key=True)


class PriorityWindow(Trailed, Base):
    """Local hours kept for a group, or for whom the desk books; what is left is for all `release_days` before."""

    __tablename__ = "priority_windows"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 255", name="weekdays"),
        CheckConstraint("release_days IS NULL OR release_days >= 0", name="release_days"),
        CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("people_groups.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))  # what the hours are kept for: "四点半学校"
    name_en: Mapped[str] = mapped_column(String(60), default="")
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    release_days: Mapped[int | None]
    starts_on: Mapped[date | None] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    group: Mapped[PeopleGroup | None] = relationship()
    room: Mapped[Room] = relationship()


class ApprovalHours(Trailed, Base):
    """Hours inside which a room's bookings need no approval for their time; a room without any asks for none."""

    __tablename__ = "approval_hours"
    __table_args__ = (CheckConstraint("weekdays BETWEEN 1 AND 255", name="weekdays"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"), index=True)
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    opens: Mapped[time] = mapped_column(Time)
    closes: Mapped[time] = mapped_column(Time)
    room: Mapped[Room] = relationship()


class Quota(Trailed, Base):
    """How many bookings or minutes may be had in a period: of a room, a group of rooms or all, within some hours."""

    __tablename__ = "quotas"
    __table_args__ = (
        CheckConstraint("weekdays BETWEEN 1 AND 255", name="weekdays"),
        CheckConstraint("most_bookings IS NOT NULL OR most_minutes IS NOT NULL", name="most"),
        CheckConstraint("most_bookings IS NULL OR most_bookings >= 0", name="most_bookings"),
        CheckConstraint("most_minutes IS NULL OR most_minutes >= 0", name="most_minutes"),
        CheckConstraint("(opens IS NULL) = (closes IS NULL)", name="hours"),
        CheckConstraint("room_id IS NULL OR room_group_id IS NULL", name="place"),
        Index("ix_quotas_room_id", "room_id"),
        Index("ix_quotas_room_group_id", "room_group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    whose: Mapped[Whose] = mapped_column(enum_type(Whose, "quota_whose"))
    per: Mapped[Period] = mapped_column(enum_type(Period, "quota_period"))
    most_bookings: Mapped[int | None]
    most_minutes: Mapped[int | None]
    weekdays: Mapped[int] = mapped_column(default=EVERY_DAY)
    opens: Mapped[time | None] = mapped_column(Time)
    closes: Mapped[time | None] = mapped_column(Time)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("rooms.id", ondelete="CASCADE"))
    room_group_id: Mapped[int | None] = mapped_column(ForeignKey("room_groups.id"))
    room: Mapped[Room | None] = relationship()
    room_group: Mapped[RoomGroup | None] = relationship()
