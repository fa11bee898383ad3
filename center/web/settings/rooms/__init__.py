"""Rooms, when they are open, and how they may be booked."""
