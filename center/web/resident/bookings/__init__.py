"""Booking a room, and what becomes of my bookings."""
