"""Waiting for a time that is taken."""
