"""Sixteen people who book at the same time, through the real forms: open it, check it, book it.

They book an hour each, or as leads of an organisation a series of 26 weeks each.
"""

import json
import re
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bench.errands import Errand
from bench.load import Outcome
from center.kernel.config import ROOT
from tests.race import Browser, Wish

CONTENDERS = 16
EACH = 8  # bookings, each by another person, so that nobody's limit of live bookings is in the way


@dataclass
class Storm:
    """Milliseconds that the last press took, and all three; and how many bookings were not made."""

    seconds: float = 0.0
    booking: list[float] = field(default_factory=list)
    errand: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        return len(self.booking) / self.seconds

    @property
    def save_p99(self) -> float:
        return Outcome(1, self.booking).percentile(0.99)

    def told(self, what: str, *, people: int = CONTENDERS) -> str:
        """What came of it, in a sentence."""
        booking, errand = Outcome(1, self.booking), Outcome(1, self.errand)
        return (
            f"{len(self.booking)} {what} through the form by {people} people at once: the booking itself "
            f"p50 {booking.percentile(0.5):.0f} ms, p99 {booking.percentile(0.99):.0f} ms; open, check and book "
            f"p50 {errand.percentile(0.5):.0f} ms, p99 {errand.percentile(0.99):.0f} ms; "
            f"{self.rate:.1f} such errands/s; {self.failures} not made."
        )


def raise_storm(port: int, wanted: Sequence[Errand], *, at_once: int = CONTENDERS) -> Storm:
    """Let so many contenders run their errands, side by side, from a process of their own."""
    command = [sys.executable, "-m", "bench.storm", str(port), str(at_once)]
    sent = json.dumps([asdict(each) for each in wanted])
    done = subprocess.run(command, cwd=ROOT, input=sent, stdout=subprocess.PIPE, text=True, check=True)
    return Storm(**json.loads(done.stdout))


def _run(address: str, wanted: Sequence[Errand], storm: Storm) -> None:
    for each in wanted:
        with Browser(address, each.cookie) as browser:
            began = time.perf_counter()
            path, form = _fill_in(browser, each) if each.dates == 1 else _fill_in_series(browser, each)
            pressed = time.perf_counter()
            status, _location, _page = browser.send("POST", path, form)
            booked = time.perf_counter()
        storm.booking.append((booked - pressed) * 1000)
        storm.errand.append((booked - began) * 1000)
        storm.failures += status != 303


def _fill_in(browser: Browser, errand: Errand) -> tuple[str, dict[str, Any]]:
    """Open the form, send it for checking, and stop with a finger on "Book now"."""
    room, key = f"/bookings/new/{errand.wish.room}", f"draft={uuid.uuid4()}"
    form = {**browser.hidden_of(f"{room}/answers?{key}"), **_said(errand), "stage": "check"}
    status, _location, page = browser.press(f"{room}/answers?{key}", form)
    if status != 200:
        raise RuntimeError(f"{status}: {errand.wish} is refused: {page[:3000]}")
    return f"{room}/check?{key}", {**form, "stage": "book"}


def _said(errand: Errand) -> dict[str, Any]:
    wish = errand.wish
    said = {"date": wish.date, "start": wish.start, "minutes": wish.minutes, "people": wish.people}
    return {**said, "purpose": "Choir", "kind": errand.kind, "party": errand.party}


def _fill_in_series(browser: Browser, errand: Errand) -> tuple[str, dict[str, Any]]:
    """Open the form of a series, have every date shown, and stop with a finger on "Book the chosen dates"."""
    room, key = f"/series/new/{errand.wish.room}", f"draft={uuid.uuid4()}"
    rule = {"frequency": "weekly", "nth": "1", "count": errand.dates}
    rule["weekdays"] = str(date.fromisoformat(errand.wish.date).weekday())
    form = {**browser.hidden_of(f"{room}/answers?{key}"), **_said(errand), **rule}
    status, _location, page = browser.press(f"{room}/answers?{key}", form)
    chosen = dict(re.findall(r'name="(choice-[\d-]+)"[^>]*value="([^"]+)" checked', page))
    if status != 200 or list(chosen.values()) != ["book"] * errand.dates:
        raise RuntimeError(f"{status}: {len(chosen)} dates are offered instead of {errand.dates}")
    return f"{room}/dates?{key}", {**form, **chosen, "stage": "book"}


def main() -> None:
    """What `raise_storm` starts."""
    address = f"http://127.0.0.1:{sys.argv[1]}"
    wanted = [Errand(**{**each, "wish": Wish(**each["wish"])}) for each in json.load(sys.stdin)]
    storm, began, at_once = Storm(), time.perf_counter(), int(sys.argv[2])
    with ThreadPoolExecutor(at_once) as crowd:
        list(crowd.map(lambda n: _run(address, wanted[n::at_once], storm), range(at_once)))
    storm.seconds = time.perf_counter() - began
    json.dump(asdict(storm), sys.stdout)


if __name__ == "__main__":
    main()
