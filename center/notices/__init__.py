"""Notices: what people are told, recorded with the change it tells of, and how it reaches them.

Imports people and what lies below it; knows nothing of bookings or anything else that it tells of.
"""
