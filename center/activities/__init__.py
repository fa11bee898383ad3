"""Activities: what organisations invite people to, and the sessions in which it happens, with the rooms they take.

Imports bookings and what lies below it. What depends on an activity (its rosters) listens to its changes: `history`.
"""
