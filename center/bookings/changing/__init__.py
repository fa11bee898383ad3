"""Changing a booking that stands: another time or room, by its person or by staff."""
