"""What booking a room asks of the database, step by step, while nobody changes what staff have set."""

from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient

from tests.builders import at, make_account, make_quota, make_room, sign_in
from tests.statements import everything_sent

LINE_AND_KIN = 2  # what PostgreSQL holds that SQLite need not: the line for room time, and the rows of the room
MOST = {"form": 14, "sent": 10, "check": 13, "book": 22}


def cost_of_booking(client: FlaskClient, code: str, start: str) -> dict[str, int]:
    """How many statements each of the four requests takes in which somebody books an hour."""
    sign_in(client, make_account())
    key = uuid4()
    answers, check = (f"/bookings/new/{code}/{step}?draft={key}" for step in ("answers", "check"))
    said = {"date": at(10).date().isoformat(), "start": start, "minutes": "60", "people": "5", "purpose": "读书会"}
    said |= {"party": "self", "request_key": str(key)}
    costs, answered = {}, []
    for name, address, stage in (
        ("form", answers, ""),
        ("sent", answers, "check"),
        ("check", check, ""),
        ("book", check, "book"),
    ):
        with everything_sent() as seen:
            how: dict[str, Any] = {"method": "POST", "data": {**said, "stage": stage}} if stage else {}
            answered.append(client.open(address, **how).status_code)
        costs[name] = len(seen)
    assert answered == [200, 303, 200, 303]
    return costs


def test_a_booking_asks_little_of_the_database(client: FlaskClient, engine: str) -> None:
    room = make_room()
    make_quota(most_bookings=9, rooms=[room])
    cost_of_booking(client, room.code, "09:00")  # from here on it is known what staff have set
    costs = cost_of_booking(client, room.code, "14:00")
    most = {**MOST, "book": MOST["book"] + (LINE_AND_KIN if engine == "postgresql" else 0)}
    assert {name: n for name, n in costs.items() if n > most[name]} == {}, costs
