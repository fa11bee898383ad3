"""Booking a room again and again."""
