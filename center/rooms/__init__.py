"""Rooms: what each function room is, when it opens, how it may be booked, and the ledger of room time.

The ledger (`models.Occupancy`, written by `ledger` only) holds every live use of every room, whoever owns the use.
Imports organisations and what lies below it.
"""
