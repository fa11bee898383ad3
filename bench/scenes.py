"""The pages that are measured, each at several addresses, and how many queries it takes to answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Flask

from bench.load import request
from center.kernel import clock
from center.rooms.queries import rooms_on_boards
from tests.statements import selects

WORKING_DAYS = 5


@dataclass(frozen=True)
class Scene:
    """A page as visitors ask for it, in turn; the browser of each says which language it was asked for last."""

    name: str
    paths: Sequence[str]
    languages: Sequence[str] = ("zh", "en")

    def requests(self) -> list[str]:
        return [request(path, cookie=f"lang={language}") for path in self.paths for language in self.languages]


def scenes(app: Flask) -> list[Scene]:
    """What is measured, on the data at hand. Visitors read both languages, and look at the days to come."""
    with app.test_request_context("/"):
        from center.kernel.i18n import centre_zone

        today = clock.today(centre_zone())
        codes = [room.code for room in rooms_on_boards()]
    coming = [today + timedelta(days=n) for n in range(7)]
    return [
        Scene("day board", [f"/board?date={day}" for day in coming]),
        Scene("week of a room", [f"/rooms/{code}/week" for code in codes]),
        Scene("find a room", [_find(day, hour) for day in _working(coming[1:]) for hour in (9, 14, 19)]),
        Scene("calendar of a year", ["/calendar.ics"], languages=("zh",)),
    ]


def count_queries(app: Flask, scene: Scene) -> int:
    """The most queries that any of its addresses takes for a visitor."""
    client, most = app.test_client(), 0
    for path in scene.paths:
        with app.app_context(), selects() as sent:
            assert client.get(path).status_code == 200, path
        most = max(most, len(sent))
    return most


def _working(days: Sequence[date]) -> list[date]:
    return [day for day in days if day.weekday() < WORKING_DAYS]


def _find(day: date, hour: int) -> str:
    wish = {"date": day.isoformat(), "start": f"{hour:02}:00", "minutes": 60, "people": 5, "party": "person"}
    return f"/find?{urlencode(wish)}"
