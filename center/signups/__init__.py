"""Sign-ups: the rosters of activities, their pools of places, who has one, who waits.

Imports activities and what lies below it. `places` is the only code that takes and frees places.
"""
