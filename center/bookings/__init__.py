"""Bookings: a person's or an organisation's use of a room for their own purpose, from request to cancellation.

Imports rooms and what lies below it.
"""
