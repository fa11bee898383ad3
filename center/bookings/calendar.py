"""Bookings as RFC 5545 calendar files."""

import uuid
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event

from center.bookings.models import Booking, BookingStatus
from center.i18n import centre, in_language
from center.i18n import gettext as _

UID_SPACE = uuid.UUID("6f1d2f6e-9f43-5b0e-8a51-3d1c0e6a7b52")
STATUS = {BookingStatus.REQUESTED: "TENTATIVE", BookingStatus.CONFIRMED: "CONFIRMED"}


def booking_calendar(booking: Booking, *, address: str, zone: ZoneInfo) -> bytes:
    """A calendar of one event: the same bytes each time it is fetched, until the booking changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Community activity centre//Bookings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(booking, address=address, zone=zone))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(booking: Booking, *, address: str, zone: ZoneInfo) -> Event:
    room = in_language(booking.room.name, booking.room.name_en)
    place = ", ".join(filter(None, [room, in_language(centre().name, centre().name_en), centre().address]))
    event = Event()
    event.add("uid", str(uuid.uuid5(UID_SPACE, booking.reference)))
    event.add("dtstamp", booking.changed_at)
    event.add("last-modified", booking.changed_at)
    event.add("created", booking.requested_at)
    event.add("sequence", booking.sequence)
    event.add("status", STATUS.get(booking.status, "CANCELLED"))
    event.add("summary", f"{booking.purpose} · {room}")
    event.add("dtstart", booking.starts_at.astimezone(zone))
    event.add("dtend", booking.ends_at.astimezone(zone))
    event.add("location", place)
    event.add(
        "description",
        _("Booking %(reference)s. To change or cancel it: %(address)s", reference=booking.reference, address=address),
    )
    event.add("url", address)
    if booking.is_live:
        reminder = Alarm()
        reminder.add("action", "DISPLAY")
        reminder.add("description", booking.purpose)
        reminder.add("trigger", timedelta(hours=-2))
        event.add_component(reminder)
    return event
