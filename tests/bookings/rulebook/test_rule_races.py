"""Nobody gets the last unit of a quota twice: processes that book for one household, group of rooms or organisation.

The negative control does without the line of those who change room time: then the race does show.
"""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from center.bookings.actions import request_booking
from center.bookings.models import Booking
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, is_busy, transaction
from center.kernel.errors import DomainError
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.rule_models import Period, Whose
from tests import race
from tests.builders import at, make_building, make_organisation, make_person, make_quota, make_room
from tests.conftest import make_app
from tests.engines import Engines, dispose, settings_for

RIVALS = 4
ROUNDS = 4
Make = Callable[[], list[tuple[int, int, int | None]]]


def of_a_household() -> list[tuple[int, int, int | None]]:
    building = make_building()
    make_quota(whose=Whose.HOUSEHOLD, per=Period.DAY)
    return [
        (make_room(live_limit=0).id, make_person(building=building, unit="1", door="2").id, None) for _ in range(RIVALS)
    ]


def of_a_group_of_rooms() -> list[tuple[int, int, int | None]]:
    rooms = [make_room(live_limit=0) for _ in range(RIVALS)]
    make_quota(whose=Whose.EVERYBODY, per=Period.DAY, rooms=rooms)
    return [(room.id, make_person().id, None) for room in rooms]


def of_an_organisation() -> list[tuple[int, int, int | None]]:
    leads = [make_person() for _ in range(RIVALS)]
    organisation = make_organisation(leads=leads)
    make_quota(whose=Whose.ORGANISATION, per=Period.DAY, most_minutes=90)
    return [(make_room(live_limit=0).id, lead.id, organisation.id) for lead in leads]


@pytest.mark.parametrize("make", [of_a_household, of_a_group_of_rooms, of_an_organisation])
def test_only_one_of_many_gets_the_last_unit(engine: str, engines: Engines, worker: str, make: Make) -> None:
    won = _race(engine, engines, worker, make, is_in_line=True)
    assert won == ROUNDS


def test_without_the_line_the_last_unit_is_had_more_than_once(engine: str, engines: Engines, worker: str) -> None:
    won = _race(engine, engines, worker, of_a_group_of_rooms, is_in_line=False)
    assert won > ROUNDS if engine == "postgresql" else won == ROUNDS  # SQLite has one writer at a time


def _race(engine: str, engines: Engines, worker: str, make: Make, *, is_in_line: bool) -> int:
    """How many bookings were made in all rounds, one day each, of which each has one unit to give."""
    url = engines.new_url(engine, f"quota_{worker}_{make.__name__}_{is_in_line}".lower())
    app = make_app(url)
    try:
        with app.app_context():
            rivals = make()
            days = [at(10, days=n).date() for n in range(1, ROUNDS + 1)]
            tasks = [(book_each_day, (url, *rival, days, is_in_line)) for rival in rivals]
            brought = sum(race.run(tasks))
            db.session.rollback()
            made = db.session.scalar(select(func.count()).select_from(Booking)) or 0
            assert made == brought
            return made
    finally:
        dispose(app)


def book_each_day(
    gate: Any, url: str, room_id: int, person_id: int, organisation_id: int | None, days: list[date], is_in_line: bool
) -> int:
    """Book the room on one day after the other, each time from the same moment; how many times it was had."""
    from center import create_app
    from center.kernel.spans import Span
    from center.rooms import ledger

    if not is_in_line:
        ledger.line_up = lambda: None
    app, had = create_app(settings_for(url)), 0
    with app.app_context():
        for day in days:
            asked = BookingRequest(
                span=Span(at(10, day=day), at(11, day=day)), people=2, purpose="x", request_key=str(uuid.uuid4())
            )
            db.session.rollback()
            gate.wait(race.PATIENCE)
            had += _until_answered(asked, room_id, person_id, organisation_id)
        db.session.remove()
        db.engine.dispose()
    return had


def _until_answered(asked: Any, room_id: int, person_id: int, organisation_id: int | None) -> bool:
    """Whether the room was had. A database that is only busy is asked again, as a patient person would."""
    while True:
        try:
            with transaction():
                _book(asked, room_id, person_id, organisation_id)
            return True
        except DomainError:
            return False
        except OperationalError as error:
            if not is_busy(error):
                raise


def _book(asked: Any, room_id: int, person_id: int, organisation_id: int | None) -> None:
    person = db.session.get_one(Person, person_id)
    organisation = db.session.get_one(Organisation, organisation_id) if organisation_id else None
    request_booking(
        db.session.get_one(Room, room_id),
        asked,
        person=person,
        by=person,
        party=Party.ORGANISATION if organisation else Party.PERSON,
        organisation=organisation,
        now=clock.now(),
    )
