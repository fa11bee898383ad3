"""Bookings that wait for a decision."""
