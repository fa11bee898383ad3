"""Closures, and what becomes of the bookings in their way."""
