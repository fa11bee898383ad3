"""Leads who book series at the same moment: one has all dates, the other none, and nobody waits for ever."""

import uuid
from datetime import date, time
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.kernel.db import db
from center.rooms.models import Occupancy
from tests import race
from tests.builders import at, make_organisation, make_person, make_room
from tests.conftest import make_app
from tests.engines import Engines, dispose, settings_for

RIVALS, ROUNDS, DATES = 4, 3, 4


def test_of_many_series_for_the_same_time_one_has_all_dates(engine: str, engines: Engines, worker: str) -> None:
    """Each round is another hour. Half of them shift a date into the other room, so that rooms are taken crosswise."""
    url = engines.new_url(engine, f"series_{worker}")
    app = make_app(url)
    try:
        with app.app_context():
            rooms = [make_room(org_series_limit=0), make_room(org_series_limit=0)]
            first = at(8, days=7).date()
            tasks = []
            for n in range(RIVALS):
                lead = make_person()
                organisation = make_organisation(leads=[lead])
                here, there = rooms[n % 2], rooms[1 - n % 2]
                tasks.append((book_series_each_round, (url, here.id, there.code, lead.id, organisation.id, first)))
            brought = race.run(tasks)
            db.session.rollback()
            won = db.session.scalar(select(func.count()).select_from(BookingSeries)) or 0
            assert won == sum(brought)
            assert won >= ROUNDS
            assert db.session.scalar(select(func.count()).select_from(Booking)) == won * DATES
            assert db.session.scalar(select(func.count()).select_from(Occupancy)) == won * DATES
    finally:
        dispose(app)


def book_series_each_round(
    gate: Any, url: str, room_id: int, other_code: str, person_id: int, organisation_id: int, first: date
) -> int:
    """Book a weekly series at another hour each round, its last date in the other room; returns how many were had."""
    from center import create_app
    from center.bookings.places import Place
    from center.bookings.rulebook.facts import Party
    from center.bookings.series.actions import DatesRefused, book_series
    from center.bookings.series.date_checks import OnBehalf
    from center.bookings.series.date_plans import BOOK
    from center.bookings.series.planning import SeriesRequest
    from center.kernel import clock
    from center.kernel.db import is_busy, transaction
    from center.kernel.recurrence import Frequency, Repeat, dates_of
    from center.organisations.models import Organisation
    from center.people.models import Person
    from center.rooms.models import Room
    from center.rooms.queries import get_room

    app, had = create_app(settings_for(url)), 0
    with app.app_context():
        for n in range(ROUNDS):
            repeat = Repeat(frequency=Frequency.WEEKLY, weekdays=(first.weekday(),), first_on=first, count=DATES)
            request = SeriesRequest(
                room=db.session.get_one(Room, room_id),
                repeat=repeat,
                starts=time(8 + 2 * n),
                minutes=60,
                people=5,
                purpose="排练",
                request_key=str(uuid.uuid4()),
            )
            days = dates_of(repeat)
            elsewhere = Place(get_room(other_code), request.place_on(days[-1]).span).token
            choices = {**dict.fromkeys(days, BOOK), days[-1]: elsewhere}
            whose = OnBehalf(
                db.session.get_one(Person, person_id),
                db.session.get_one(Organisation, organisation_id),
                Party.ORGANISATION,
            )
            db.session.rollback()
            gate.wait(race.PATIENCE)
            for _try in range(20):  # somebody told to try again in a moment does so, with the same form
                try:
                    with transaction():
                        book_series(request, choices, whose=whose, by=whose.person, now=clock.now())
                    had += 1
                except DatesRefused:
                    pass
                except OperationalError as error:
                    if not is_busy(error):
                        raise
                    continue
                break
        db.session.remove()
        db.engine.dispose()
    return had
