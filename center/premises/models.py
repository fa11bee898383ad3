"""The centre's own facts and the days on which its calendar differs from the plain week."""

import enum
from datetime import date

from sqlalchemy import CheckConstraint, Date, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from center.kernel.db import Base, enum_type
from center.kernel.trail import Trailed


class CentreFacts(Trailed, Base):
    """What this centre is called and how to reach it: one row, edited by staff in the site."""

    __tablename__ = "centre_facts"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, default=1)
    name: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    address_en: Mapped[str] = mapped_column(String(200), default="")
    desk_phone: Mapped[str] = mapped_column(String(40), default="")
    desk_hours: Mapped[str] = mapped_column(String(120), default="")
    desk_hours_en: Mapped[str] = mapped_column(String(120), default="")
    welcome: Mapped[str] = mapped_column(Text, default="")
    welcome_en: Mapped[str] = mapped_column(Text, default="")
    zone_name: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    language_list: Mapped[str] = mapped_column(String(40), default="zh,en")
    holiday_country: Mapped[str] = mapped_column(String(2), default="CN")
    confirm_days: Mapped[int] = mapped_column(default=3)  # within how many the desk confirms a new account
    provisional_bookings: Mapped[bool] = mapped_column(default=False)  # new accounts ask for rooms before that
    keep_signed_in: Mapped[bool] = mapped_column(default=False)  # residents may stay signed in for a month


class DayKind(enum.StrEnum):
    """How a day differs from its weekday."""

    HOLIDAY = "holiday"
    WORKING = "working"
    ORDINARY = "ordinary"


class CalendarDay(Trailed, Base):
    """A day that staff set by hand: it overrides what the `holidays` library says of it."""

    __tablename__ = "calendar_days"

    on_date: Mapped[date] = mapped_column(Date, primary_key=True)
    kind: Mapped[DayKind] = mapped_column(enum_type(DayKind, "calendar_day_kind"))
    name: Mapped[str] = mapped_column(String(80), default="")
    name_en: Mapped[str] = mapped_column(String(80), default="")
    counts_as: Mapped[int | None]  # of a make-up working day: whose timetable holds, 0 is Monday
