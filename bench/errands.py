"""What the people of a storm want: a free hour each, or a series of half a year each, which no rule refuses them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask

from center.bookings.rulebook.availability import RoomDay, room_days
from center.bookings.rulebook.facts import Party, propose
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.kernel import clock
from center.kernel.spans import Span
from center.people.models import Account
from center.rooms.models import Room
from center.rooms.queries import rooms_on_boards
from tests.builders import ZONE, make_account, make_organisation, make_room, session_cookie
from tests.race import Wish

DAYS_AHEAD = 11
DATES = 26  # of a series: half a year of weeks


@dataclass
class Errand:
    """A person's browser, the time that they want, for whom, and for what kind of use, where staff keep a list."""

    cookie: str
    wish: Wish
    kind: str = ""
    party: str = "self"
    dates: int = 1


def hours(app: Flask, number: int) -> list[Errand]:
    """So many people who each want another free time."""
    wanted: list[Errand] = []
    with app.test_request_context("/"):
        account = make_account()
        for plan in _days():
            for start in _apart(plan):
                if len(wanted) == number:
                    return wanted
                kind = _kind(plan.room)
                if _is_allowed(plan, start, account, kind):
                    wanted.append(Errand(session_cookie(app, account), _wish(plan, start), kind))
                    account = make_account()
    raise RuntimeError(f"only {len(wanted)} times are free for {number} people")


def series(app: Flask, number: int) -> list[Errand]:
    """So many leads of organisations who each want a room of their own once a week."""
    wanted = []
    with app.test_request_context("/"):
        tomorrow = clock.today(ZONE) + timedelta(days=1)
        for n in range(number):
            room = make_room(code=f"BENCH{n}", series_weeks=DATES + 2, org_horizon_days=366)
            lead = make_account()
            team = make_organisation(leads=[lead.person])
            wish = Wish(room.code, tomorrow.isoformat(), "14:00")
            wanted.append(Errand(session_cookie(app, lead), wish, _kind(room), f"organisation-{team.id}", DATES))
    return wanted


def _kind(room: Room) -> str:
    return next((str(kind) for kind, _name in kinds_of_use(room)), "")


def _days() -> Iterator[RoomDay]:
    now = clock.now()
    first = now.astimezone(ZONE).date() + timedelta(days=2)
    rooms = [room for room in rooms_on_boards() if room.parent_id is None and room.residents_may_book]
    yield from room_days(rooms, first, first + timedelta(days=DAYS_AHEAD), now=now)


def _apart(plan: RoomDay) -> Iterator[datetime]:
    """The free starts of a day, so far apart that one use is cleared before the next begins."""
    free_from = None
    for start in plan.free_starts(plan.room.min_minutes):
        if free_from is None or start >= free_from:
            free_from = start + timedelta(minutes=plan.room.min_minutes + plan.room.buffer_minutes)
            yield start


def _is_allowed(plan: RoomDay, start: datetime, account: Account, kind: str) -> bool:
    room, span = plan.room, Span(start, start + timedelta(minutes=plan.room.min_minutes))
    facts: dict[str, Any] = {"purpose_id": int(kind) if kind else None}
    wish = propose(room, span, room.min_people, Party.PERSON, **facts)
    return not judge(room, wish, person=account.person, organisation=None, now=clock.now()).refusals


def _wish(plan: RoomDay, start: datetime) -> Wish:
    local, room = start.astimezone(ZONE), plan.room
    return Wish(room.code, local.date().isoformat(), local.strftime("%H:%M"), room.min_people, room.min_minutes)
