"""Two leads agree at the same moment: a time changes hands once, and the ledger never shows both or neither."""

from typing import Any

import pytest
from sqlalchemy import func, select

from center.activities.models import Session
from center.allocation.models.swaps import Swap, SwapState
from center.allocation.swaps.actions import propose
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from center.rooms.models import Occupancy
from tests import race
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.allocation.builders import lead_of, team
from tests.builders import at, make_booking, make_centre, make_person, make_room
from tests.conftest import make_app
from tests.engines import Engines, dispose

RIVALS = 4
MOST_PRESSES = 5


@pytest.mark.parametrize("is_session", [False, True], ids=["of a booking", "of a session"])
def test_of_swaps_of_one_time_agreed_to_at_once_one_comes_about(
    engine: str, engines: Engines, worker: str, *, is_session: bool
) -> None:
    """Each offers a time of its own for the same one; its lead agrees to all of them from as many processes."""
    url = engines.new_url(engine, f"swaps_{worker}_{is_session}")
    app = make_app(url)
    try:
        with app.app_context():
            make_centre()
            owner = team()
            wanted = _held(owner, 3) if is_session else _had(owner, 3)
            rivals = RIVALS // 2 if is_session else RIVALS  # a session takes everybody who comes along
            offers = [_had(team(), 4 + n) for n in range(rivals)]
            made = []
            for each in offers:
                assert each.organisation is not None
                by = lead_of(each.organisation)
                with transaction():
                    made.append(propose(each, wanted, words="", by=by, now=clock.now()))
            lead = lead_of(owner).id
            tasks: list[Any] = [(agree_once, (url, each.id, lead)) for each in made]
            tasks.append((agree_once, (url, made[0].id, lead)))  # and to one of them twice
            race.run(tasks)
            db.session.rollback()
            done = db.session.scalars(select(Swap).where(Swap.state == SwapState.DONE)).all()
            assert len(done) == 1
            bookings = [*db.session.scalars(select(Booking)), *db.session.scalars(select(Session))]
            assert sorted(each.sequence for each in bookings) == [0] * (rivals - 1) + [1, 1]
            rows = db.session.execute(select(Occupancy.use_id, Occupancy.room_id, Occupancy.starts_at)).all()
            assert {(row.use_id, row.room_id, row.starts_at) for row in rows} == {
                (each.use_id, each.room_id, each.starts_at) for each in bookings
            }
            assert db.session.scalar(select(func.count()).select_from(Occupancy)) == rivals + 1
    finally:
        dispose(app)


def _had(organisation: Any, days: int) -> Booking:
    return make_booking(
        organisation=organisation, person=lead_of(organisation), room=make_room(), starts_at=at(10, days=days)
    )


def _held(organisation: Any, days: int) -> Session:
    activity = make_activity(organisation=organisation, room=make_room(), starts=[at(10, days=days)])
    sign_up(make_roster(activity), make_person())
    return activity.sessions[0]


def agree_once(gate: Any, url: str, swap_id: int, person_id: int) -> bool:
    """Agree to a swap; whether it was done by this or by the same before."""
    from sqlalchemy.exc import OperationalError

    from center import create_app
    from center.allocation.models.swaps import Swap
    from center.allocation.swaps.actions import agree
    from center.kernel import clock
    from center.kernel.db import db, transaction
    from center.kernel.errors import Conflict
    from center.people.models import Person
    from tests.engines import settings_for

    app = create_app(settings_for(url))
    with app.app_context():
        swap, by = db.session.get_one(Swap, swap_id), db.session.get_one(Person, person_id)
        db.session.rollback()
        gate.wait(race.PATIENCE)
        did = True
        for _press in range(MOST_PRESSES):
            try:
                with transaction():
                    agree(swap, by=by, now=clock.now())
            except Conflict:
                did = False
            except OperationalError:  # a slow machine: whoever waited in line in vain presses again
                db.session.rollback()
                continue
            break
        db.session.remove()
        db.engine.dispose()
    return did
