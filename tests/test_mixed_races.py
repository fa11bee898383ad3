"""Everything at once on the same few rooms: series, approvals, moves, closures, offers, cancellations and expiry.

Many processes act from one start, round after round. Half of them are blind: they never see that time is taken, as if
each had looked a moment too early. What is left is true, and whoever had to give way was told so in words. The negative
control is the same storm without the database's constraint: then the rooms are taken twice.
"""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db
from tests import race
from tests.builders import ZONE, at, make_hall, make_organisation, make_person, make_room
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.test_concurrency import DROPPED
from tests.truth.books import read_books
from tests.truth.centre import RULES
from tests.truth.hands import Storm, act

HANDS, ROUNDS, DEEDS = 4, 2, 8
OVERLAPS = """SELECT count(*) FROM occupancies a JOIN occupancies b
              ON a.room_id = b.room_id AND a.id < b.id AND a.starts_at < b.clear_at AND b.starts_at < a.clear_at"""


@pytest.mark.parametrize("is_held", [True, False], ids=["with the constraint", "without the constraint"])
def test_everything_at_once(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    url = engines.new_url(engine, f"mixed_{worker}_{is_held}".lower())
    app = make_app(url)
    try:
        with app.app_context():
            storm = _storm(url, rounds=ROUNDS if is_held else 2 * ROUNDS)
            if not is_held:
                with db.engine.begin() as connection:
                    for guard in DROPPED[engine]:
                        connection.execute(text(guard))
            outcome: Counter[Any] = sum(
                race.run([(act, (storm, n, not is_held or n % 2 == 1)) for n in range(HANDS)]), Counter()
            )
            db.session.rollback()
            overlaps = db.session.scalar(text(OVERLAPS))
            if not is_held:
                assert overlaps > 0
                return
            assert overlaps == 0
            _assert_all_were_answered(outcome)
            end = storm.begins + ROUNDS * timedelta(minutes=20)
            clock.start_at(end)
            read_books().check(end)
            assert ledger_findings() == []
    finally:
        clock.start_at(None)
        dispose(app)


def _storm(url: str, *, rounds: int) -> Storm:
    """A hall of two parts and a room early in the morning, some people and a troupe."""
    day = clock.today(ZONE) + timedelta(days=1)
    begins = at(8, day=day)
    clock.start_at(begins)
    make_hall(**RULES)
    make_room(**RULES)
    people = [make_person() for _ in range(4)]
    troupe = make_organisation(leads=[people[0]])
    facts: dict[str, Any] = {
        "people": tuple(person.id for person in people),
        "troupe": troupe.id,
        "staff": make_person().id,
    }
    db.session.rollback()
    return Storm(url, begins, at(9, day=day), rounds, DEEDS, **facts)


def _assert_all_were_answered(outcome: Counter[str]) -> None:
    """Each deed was done or refused in words; nobody waited in a ring, and nobody gave up."""
    assert outcome["done"] > 10, outcome
    assert outcome["refused"] > 10, outcome
    assert outcome["deadlock"] == outcome["gave up"] == 0, outcome
    assert outcome["done"] + outcome["refused"] == HANDS * ROUNDS * DEEDS, outcome
