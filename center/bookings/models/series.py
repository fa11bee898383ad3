"""Series of bookings: one rule, its dates, and the booking that each date has.

Where a date stands is read from its booking, so that nothing here can contradict it: a date without one was skipped,
and one whose booking is over stays so.
"""

from datetime import date, datetime, time

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, Time, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from center.bookings.models import LIVE, Booking, Channel
from center.kernel.db import Base, UtcDateTime, enum_type
from center.kernel.i18n import centre_zone
from center.kernel.recurrence import Frequency, Repeat, clock_of, weekdays_of, weekdays_text
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room


class BookingSeries(Base):
    """The same use of a room on many dates: the rule that gives them, and what each of them is meant to be."""

    __tablename__ = "booking_series"
    __table_args__ = (
        CheckConstraint("minutes > 0 AND people > 0", name="size"),
        CheckConstraint("until_on IS NOT NULL OR times IS NOT NULL", name="ends"),
        UniqueConstraint("booked_by_id", "request_key"),
        Index("ix_booking_series_room_organisation", "room_id", "organisation_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)  # S-K7QM-2F9D
    room_id: Mapped[int] = mapped_column(ForeignKey("rooms.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    request_key: Mapped[str] = mapped_column(String(36))
    channel: Mapped[Channel] = mapped_column(enum_type(Channel, "series_channel"))
    frequency: Mapped[Frequency] = mapped_column(enum_type(Frequency, "series_frequency"))
    weekdays: Mapped[str] = mapped_column(String(13))  # "1,3": Tuesday and Thursday
    nth: Mapped[int | None]
    first_on: Mapped[date] = mapped_column(Date)
    until_on: Mapped[date | None] = mapped_column(Date)
    times: Mapped[int | None]
    starts: Mapped[time] = mapped_column(Time)  # on the centre's wall
    minutes: Mapped[int]
    people: Mapped[int]
    purpose: Mapped[str] = mapped_column(String(80))
    purpose_id: Mapped[int | None] = mapped_column(ForeignKey("purposes.id"))  # which kind of use it is
    note: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("booking_series.id"), index=True)

    room: Mapped[Room] = relationship()
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    organisation: Mapped[Organisation | None] = relationship()
    booked_by: Mapped[Person] = relationship(foreign_keys=[booked_by_id])
    split_from: Mapped["BookingSeries | None"] = relationship(remote_side="BookingSeries.id")
    dates: Mapped[list["SeriesDate"]] = relationship(back_populates="series", order_by="SeriesDate.on_date")

    @property
    def repeat(self) -> Repeat:
        """The rule that gives its dates."""
        return Repeat(
            frequency=self.frequency,
            weekdays=weekdays_of(self.weekdays),
            nth=self.nth,
            first_on=self.first_on,
            until=self.until_on,
            count=self.times,
        )

    @repeat.setter
    def repeat(self, repeat: Repeat) -> None:
        self.frequency, self.weekdays, self.nth = repeat.frequency, weekdays_text(repeat.weekdays), repeat.nth
        self.first_on, self.until_on, self.times = repeat.first_on, repeat.until, repeat.count


class SeriesDate(Base):
    """One date that the rule gave. It stays here whatever becomes of its booking, so that it never comes back."""

    __tablename__ = "series_dates"
    __table_args__ = (UniqueConstraint("series_id", "on_date"), Index("ix_series_dates_on_date", "on_date"))

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("booking_series.id"))
    on_date: Mapped[date] = mapped_column(Date)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id"), unique=True)  # None: skipped

    series: Mapped[BookingSeries] = relationship(back_populates="dates")
    booking: Mapped[Booking | None] = relationship()

    @property
    def is_own_way(self) -> bool:
        """Whether its booking is elsewhere or at another time than its series says: somebody changed it by itself."""
        if self.booking is None:
            return False
        starts, zone = self.booking.starts_at, centre_zone()
        minutes = (self.booking.ends_at - starts).total_seconds() // 60
        now = (self.booking.room_id, starts.astimezone(zone).date(), clock_of(starts, zone), minutes)
        return now != (self.series.room_id, self.on_date, self.series.starts, self.series.minutes)

    def is_to_come(self, now: datetime) -> bool:
        """Whether its booking stands and has not begun."""
        return self.booking is not None and self.booking.state_at(now) in LIVE and self.booking.starts_at > now
