"""Builders of rehearsals and polls, past the actions: nobody is told. Each commits by itself."""

import itertools
from datetime import timedelta

from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person
from center.troupes.models.seasons import Season
from center.troupes.rehearsals.models import Rehearsal, Skipped
from center.troupes.rehearsals.poll_models import DatePoll, PollOption, PollState
from tests.builders import at, make_room

_numbers = itertools.count(1)


def make_skipped(season: Season, by: Person) -> Rehearsal:
    """A rehearsal that was planned for next week, and skipped."""
    room, starts_at = make_room(), at(14, days=7)
    with transaction() as session:
        planned = Rehearsal(
            season_id=season.id,
            on_date=starts_at.date(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            room_id=room.id,
            skipped=Skipped.CHOSEN,
            planned_by_id=by.id,
            planned_at=clock.now(),
        )
        session.add(planned)
    return planned


def make_poll(season: Season, by: Person) -> DatePoll:
    """A poll about two days, open for some days."""
    room = make_room()
    with transaction() as session:
        poll = DatePoll(
            season_id=season.id,
            title="彩排",
            state=PollState.OPEN,
            closes_at=at(12, days=5),
            made_by_id=by.id,
            made_at=clock.now(),
            request_key=f"poll-{next(_numbers)}",
        )
        poll.options = [
            PollOption(starts_at=at(14, days=days), ends_at=at(16, days=days), room_id=room.id) for days in (8, 9)
        ]
        session.add(poll)
    return poll
