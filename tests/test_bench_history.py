"""The history that the bench measures with: years copied by the database, with ledgers as true as before."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from bench.history import YEAR, add_years
from center.activities.models import Activity, ActivityState, Session
from center.bookings.models import Booking, BookingStatus
from center.commands.ledger_checks import ledger_findings
from center.kernel.db import Base, db
from center.rooms.models import Occupancy
from center.signups.models import SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_booking, make_person, make_room


def test_each_year_has_what_is_over_and_nothing_that_still_waits(app: Flask) -> None:
    room = make_room()
    make_booking(room=room)
    make_booking(room=room, starts_at=at(14), status=BookingStatus.REQUESTED)
    roster = make_roster(make_activity(room=room), capacity=1)
    sign_up(roster, make_person())
    sign_up(roster, make_person())  # who waits
    db.session.rollback()
    with db.engine.connect() as connection:
        assert list(add_years(connection, 2)) == [1, 2]
    assert [_count(model) for model in (Booking, SignUp, Activity, Session)] == [2 + 2, 2 + 2, 3, 3]
    assert _count(Occupancy) == 3 + 4
    states = db.session.scalars(select(Activity.state).order_by(Activity.id)).all()
    assert states == [ActivityState.PUBLISHED, ActivityState.HELD, ActivityState.HELD]
    first, last = db.session.scalars(select(Session.starts_at).order_by(Session.starts_at)).all()[::2]
    assert last - first == 2 * YEAR > timedelta(days=800)
    assert ledger_findings() == []


def _count(model: type[Base]) -> Any:
    return db.session.scalar(select(func.count()).select_from(model))
