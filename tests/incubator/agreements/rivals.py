"""What the processes of a race for seats do."""

import contextlib
from datetime import date, datetime
from typing import Any

from tests.race import PATIENCE
from tests.signups.rivals import _app as app_of


def let(gate: Any, url: str, seat_ids: list[int], agreement_id: int, person_id: int, now: datetime) -> int:
    """Let each seat to an organisation at the same moment as others do; how many it got."""
    from center.incubator.agreements import terms
    from center.incubator.models.agreements import Agreement, Seat
    from center.kernel.db import db, transaction
    from center.kernel.errors import Conflict
    from center.people.models import Person

    done = 0
    with app_of(url):
        for seat_id in seat_ids:
            db.session.rollback()
            seat, agreement = db.session.get_one(Seat, seat_id), db.session.get_one(Agreement, agreement_id)
            by = db.session.get_one(Person, person_id)
            dates = {"starts_on": agreement.starts_on, "ends_on": agreement.ends_on}
            gate.wait(PATIENCE)
            with contextlib.suppress(Conflict):
                with transaction():
                    terms.let(seat, agreement, **dates, by=by, now=now)
                done += 1
    return done


def let_blindly(
    gate: Any, url: str, seat_ids: list[int], agreement_id: int, person_id: int, days: tuple[date, date]
) -> int:
    """Write lettings straight into the table, without a look; how many went in."""
    from sqlalchemy.exc import DBAPIError

    from center.incubator.models.agreements import SeatLetting
    from center.kernel import clock
    from center.kernel.db import db, transaction

    entered = 0
    with app_of(url):
        for seat_id in seat_ids:
            letting = SeatLetting(
                seat_id=seat_id,
                agreement_id=agreement_id,
                starts_on=days[0],
                ends_on=days[1],
                let_by_id=person_id,
                let_at=clock.now(),
            )
            db.session.rollback()
            gate.wait(PATIENCE)
            with contextlib.suppress(DBAPIError):
                with transaction() as session:
                    session.add(letting)
                    session.flush()
                entered += 1
    return entered
