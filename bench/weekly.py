"""How long it takes to rank the weekly times of a busy room, and of all rooms, over a year."""

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from sqlalchemy import insert

from center.bookings.rulebook.facts import Party
from center.bookings.series.best_times import TermWants, best_times
from center.bookings.series.weekly_ranking import Week
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.i18n import centre_zone
from center.rooms.models import Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import all_rooms
from tests.builders import make_room
from tests.statements import selects

DAYS, ROUNDS, MINUTES, TIMES = 365, 15, 120, 2
HOURS = (9, 14, 19)  # at which the busy room is used, but for every fifth day of the year
MOST = 300.0  # milliseconds: the aim


@dataclass(frozen=True)
class Ranked:
    """The rounds of some rooms, in milliseconds, and how many statements each takes."""

    what: str
    milliseconds: Sequence[float]
    worked: Sequence[float]  # of them those in which the process worked, whatever else the machine did
    statements: int
    has_aim: bool

    @property
    def p50(self) -> float:
        return statistics.median(self.milliseconds)

    @property
    def work(self) -> float:
        """What a round costs, in milliseconds of the processor."""
        return statistics.median(self.worked)

    def told(self) -> str:
        """In a line, with the aim."""
        middle, worst = self.p50, max(self.milliseconds)
        aim = f" (aim {MOST:g} ms: {'met' if middle <= MOST else 'MISSED'})" if self.has_aim else ""
        return (
            f"Best weekly times of {self.what} over a year, {TIMES} days a week: p50 {middle:.0f} ms{aim}, "
            f"of the processor {self.work:.0f} ms, "
            f"worst of {ROUNDS} {worst:.0f} ms, {self.statements} statements."
        )


def rank(app: Flask) -> list[Ranked]:
    """One room that is used three times on most days of a year; then every room there is."""
    with app.test_request_context("/"):
        code = _fill(make_room(name="忙室", name_en="Busy room")).code
        return [_rank("a busy room", code), _rank("all rooms", "")]


def _rank(what: str, code: str) -> Ranked:
    """Of the room with this code, or of every one; each round reads what it needs anew."""
    today = clock.today(centre_zone())
    week = Week(weekdays=tuple(range(7)), times=TIMES, minutes=MINUTES)
    wish = TermWants(first=today, last=today + timedelta(days=DAYS), week=week, party=Party.STAFF)
    taken, worked = [], []
    for _round in range(ROUNDS):
        db.session.rollback()
        rooms = [room for room in all_rooms() if code in {"", room.code}]
        with selects() as sent:
            begun, work = time.perf_counter(), time.process_time()
            best_times(rooms, wish, now=clock.now())
            taken.append((time.perf_counter() - begun) * 1000)
            worked.append((time.process_time() - work) * 1000)
    return Ranked(what, taken, worked, len(sent), has_aim=bool(code))


def _fill(room: Room) -> Room:
    """A year of uses, straight into the ledger, which checks them."""
    today = clock.today(centre_zone())
    with transaction() as session:
        for day in (today + timedelta(days=n) for n in range(1, DAYS) if n % 5):
            for hour in HOURS:
                use = RoomUse(kind=UseKind.HOLD)
                session.add(use)
                session.flush()
                start = _at(day, hour)
                until = start + timedelta(hours=2)
                values = {"use_id": use.id, "room_id": room.id, "starts_at": start, "clear_at": until}
                session.execute(insert(Occupancy).values(**values))
    return room


def _at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=centre_zone())
