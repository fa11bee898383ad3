"""Whoever leads, writes or checks in for an organisation sees other people's data: short sign-ins, as staff have."""

from center.organisations.queries import sees_others
from center.people import sessions

sessions.sees_others.append(sees_others)
