"""Bookings as calendars: one file, public feeds, and everybody's own behind a secret address."""
