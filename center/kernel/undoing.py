"""For how long what the desk has just done can be undone as a slip; later it takes a change with a reason."""

from datetime import datetime, timedelta

UNDONE_WITHIN = timedelta(minutes=10)


def undo_until(done_at: datetime) -> datetime:
    """Until when something that was done at this moment can be undone."""
    return done_at + UNDONE_WITHIN


def may_undo(done_at: datetime, *, now: datetime) -> bool:
    """Whether it can be undone still: until the moment, not at it."""
    return done_at <= now < undo_until(done_at)
