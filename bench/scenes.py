"""The pages that are measured, each at several addresses, and how many queries it takes to answer them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from bench.classes import make_class, some_people
from bench.load import request
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Account, Role, RoleGrant
from center.rooms.queries import rooms_on_boards
from center.troupes.models.troupes import Troupe
from tests.builders import ZONE, make_account, session_cookie
from tests.statements import selects

WORKING_DAYS = 5
RESIDENTS, CLERKS, ON_A_ROLL = 16, 4, 40
A_YEAR = 364


@dataclass(frozen=True)
class Scene:
    """A page as people ask for it, in turn; the browser of each says which language it was asked for last."""

    name: str
    paths: Sequence[str]
    languages: Sequence[str] = ("zh", "en")
    cookies: Sequence[str] = ("",)  # of those who are signed in

    def requests(self) -> list[str]:
        carried = [
            f"lang={language}" + (f"; center={cookie}" if cookie else "")
            for language in self.languages
            for cookie in self.cookies
        ]
        return [request(path, cookie=each) for path in self.paths for each in carried]


def scenes(app: Flask) -> list[Scene]:
    """What visitors ask for, on the data at hand. They read both languages, and look at the days to come."""
    with app.test_request_context("/"):
        codes = [room.code for room in rooms_on_boards()]
        slugs = db.session.scalars(select(Troupe.slug).order_by(Troupe.slug)).all()
    coming, year = _coming(7), _coming(A_YEAR, first=-A_YEAR // 2)
    return [
        Scene("board", [f"/board?date={day}" for day in coming]),
        Scene("board, every drawing new", [f"/board?date={day}" for day in year]),
        Scene("week of a room", [f"/rooms/{code}/week" for code in codes]),
        Scene("find a room", [_find(day, hour) for day in _working(coming[1:]) for hour in (9, 14, 19)]),
        Scene("page of a troupe", [f"/troupes/{slug}" for slug in slugs]),
        Scene("calendar of a year", ["/calendar.ics"], languages=("zh",)),
    ]


def signed_in_scenes(app: Flask) -> list[Scene]:
    """What residents and clerks ask for, each with a session of their own."""
    residents = [session_cookie(app, each) for each in _residents(app)]
    with app.test_request_context("/"):
        clerks = [session_cookie(app, make_account(roles=[Role.CLERK])) for _n in range(CLERKS)]
        rolled = make_class(some_people(ON_A_ROLL))
    roll = f"/workspace/activities/{rolled.slug}/sessions/{rolled.session_id}/register"
    return [
        Scene("board, signed in", [f"/board?date={day}" for day in _coming(7)], cookies=residents),
        Scene("home, signed in", ["/"], cookies=residents),
        Scene("/me", ["/me"], cookies=residents),
        Scene("desk", ["/desk"], cookies=clerks),
        Scene(f"roll of {ON_A_ROLL}", [roll], languages=("zh",), cookies=clerks),
    ]


def count_queries(app: Flask, scene: Scene) -> int:
    """The most queries that any of its addresses takes."""
    client, most = app.test_client(), 0
    if scene.cookies[0]:
        client.set_cookie("center", scene.cookies[0])
    for path in scene.paths:
        with app.app_context(), selects() as sent:
            assert client.get(path).status_code == 200, path
        most = max(most, len(sent))
    return most


def _residents(app: Flask) -> list[Account]:
    """Who can sign in, has something booked and no role."""
    with app.app_context():
        has_booked = select(Booking.id).where(Booking.person_id == Account.person_id, Booking.starts_at > clock.now())
        has_role = select(RoleGrant.id).where(RoleGrant.person_id == Account.person_id)
        query = select(Account).where(has_booked.exists(), ~has_role.exists(), Account.confirmed_at.is_not(None))
        return list(db.session.scalars(query.order_by(Account.id).limit(RESIDENTS)))


def _coming(days: int, *, first: int = 0) -> list[date]:
    today = clock.today(ZONE)
    return [today + timedelta(days=first + n) for n in range(days)]


def _working(days: Sequence[date]) -> list[date]:
    return [day for day in days if day.weekday() < WORKING_DAYS]


def _find(day: date, hour: int) -> str:
    wish = {"date": day.isoformat(), "start": f"{hour:02}:00", "minutes": 60, "people": 5, "party": "person"}
    return f"/find?{urlencode(wish)}"
