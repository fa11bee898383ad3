"""Where one goes on after a booking was changed."""

from flask import url_for

from center.bookings.models import Booking


def page_of_booking(booking: Booking) -> str:
    return url_for("bookings.show", reference=booking.reference)
