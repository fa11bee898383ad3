"""Sixteen people who book at the same time, through the real form: open it, check it, book it."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from itertools import islice

from flask import Flask

from center import clock
from center.bookings.availability import room_days
from center.config import ROOT
from center.i18n import centre_zone
from center.rooms.queries import rooms_on_boards
from tests.builders import make_account, session_cookie
from tests.race import Browser, Wish

CONTENDERS = 16
EACH = 8  # bookings, each by another person, so that nobody's limit of live bookings is in the way


@dataclass
class Errand:
    """A person's browser, and the time that they want."""

    cookie: str
    wish: Wish


@dataclass
class Storm:
    """Milliseconds that the last press took, and all three; and how many bookings were not made."""

    seconds: float = 0.0
    booking: list[float] = field(default_factory=list)
    errand: list[float] = field(default_factory=list)
    failures: int = 0


def errands(app: Flask, number: int) -> list[Errand]:
    """So many people who each want another time that is free and that the rules leave them."""
    with app.app_context():
        people = [make_account() for _n in range(number)]
        cookies = [session_cookie(app, account) for account in people]
    with app.test_request_context("/"):
        wishes = list(islice(_free_times(), number))
    if len(wishes) < number:
        raise RuntimeError(f"only {len(wishes)} times are free for {number} people")
    return [Errand(cookie, wish) for cookie, wish in zip(cookies, wishes, strict=True)]


def raise_storm(port: int, wanted: Sequence[Errand]) -> Storm:
    """Let the contenders run their errands, side by side, from a process of their own."""
    command = [sys.executable, "-m", "bench.storm", str(port)]
    sent = json.dumps([asdict(each) for each in wanted])
    done = subprocess.run(command, cwd=ROOT, input=sent, stdout=subprocess.PIPE, text=True, check=True)
    return Storm(**json.loads(done.stdout))


def _free_times() -> Iterator[Wish]:
    """Free hours that residents may have, two hours apart, so that one use is cleared before the next begins."""
    now, zone = clock.now(), centre_zone()
    first = now.astimezone(zone).date() + timedelta(days=2)
    rooms = [room for room in rooms_on_boards() if room.parent_id is None and room.residents_may_book]
    for plan in room_days(rooms, first, first + timedelta(days=11), now=now):
        room, minutes = plan.room, plan.room.min_minutes
        free_from = None
        for start in plan.free_starts(minutes):
            if free_from is None or start >= free_from:
                free_from = start + timedelta(minutes=minutes + room.buffer_minutes + 30)
                local = start.astimezone(zone)
                yield Wish(room.code, local.date().isoformat(), local.strftime("%H:%M"), room.min_people, minutes)


def _run(address: str, wanted: Sequence[Errand], storm: Storm) -> None:
    for each in wanted:
        with Browser(address, each.cookie) as browser:
            began = time.perf_counter()
            path, form = browser.fill_in(each.wish)
            pressed = time.perf_counter()
            status, _location, _page = browser.send("POST", path, form)
            booked = time.perf_counter()
        storm.booking.append((booked - pressed) * 1000)
        storm.errand.append((booked - began) * 1000)
        storm.failures += status != 303


def main() -> None:
    """What `raise_storm` starts."""
    address = f"http://127.0.0.1:{sys.argv[1]}"
    wanted = [Errand(each["cookie"], Wish(**each["wish"])) for each in json.load(sys.stdin)]
    storm, began = Storm(), time.perf_counter()
    with ThreadPoolExecutor(CONTENDERS) as crowd:
        list(crowd.map(lambda n: _run(address, wanted[n::CONTENDERS], storm), range(CONTENDERS)))
    storm.seconds = time.perf_counter() - began
    json.dump(asdict(storm), sys.stdout)


if __name__ == "__main__":
    main()
