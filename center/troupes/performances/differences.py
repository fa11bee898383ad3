"""What is different for whom between two versions of a programme."""

from datetime import datetime

from center.troupes.performances.models import Performance, Programme

Tasks = frozenset[tuple[object, ...]]


def tasks_of(programme: Programme) -> dict[int, Tasks]:
    """What each member does in a version: in which place, which piece and part, as a stand-in, from when on."""
    found: dict[int, set[tuple[object, ...]]] = {}
    for item in programme.items:
        for who in item.performers:
            task = (item.position, item.piece_id, item.title, who.part_id, who.is_stand_in, item.call_at)
            found.setdefault(who.member_id, set()).add(task)
    return {member_id: frozenset(tasks) for member_id, tasks in found.items()}


def concerned(before: Programme, after: Programme) -> set[int]:
    """The members for whom something is different: also who is in it no more."""
    was, now = tasks_of(before), tasks_of(after)
    return {member_id for member_id in was.keys() | now.keys() if was.get(member_id) != now.get(member_id)}


def call_of(performance: Performance, programme: Programme, member_id: int) -> datetime | None:
    """When a member is to be there: with everybody, unless all their places say otherwise; None: they are in none."""
    calls = [
        item.call_at or performance.call_at
        for item in programme.items
        for who in item.performers
        if who.member_id == member_id
    ]
    return min(calls, default=None)
