"""Posting: an organisation's lead makes an activity with its dates and places, and changes them.

Belongs to sign-ups because saving an activity makes its rosters in the same transaction.
"""
