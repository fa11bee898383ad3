"""Whom to ring, what to say, and the round from door to door."""
