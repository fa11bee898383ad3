"""Seasons: from when until when, with whom, and with which pieces."""
