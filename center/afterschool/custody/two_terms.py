"""A child in two terms of a date has one holder: what that says for the list, and the alarms, of each. Pure."""

from datetime import datetime

from center.afterschool.models.custody import GONE, WITH_US, Holder


def is_of_other(said_for: int | None, day_id: int | None) -> bool:
    """Whether the last word of a date was said for another term's day than this."""
    return said_for not in {None, day_id}


def is_elsewhere(holder: Holder | None, said_for: int | None, day_id: int | None) -> bool:
    """Whether the staff of another term have the child now."""
    return holder in WITH_US and is_of_other(said_for, day_id)


def went_before(
    holder: Holder | None, since: datetime, said_for: int | None, day_id: int | None, *, due_at: datetime | None
) -> bool:
    """Whether the child went home from another term before it is due here, where it is expected all the same."""
    return holder in GONE and is_of_other(said_for, day_id) and due_at is not None and since < due_at
