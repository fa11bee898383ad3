"""Two desks lend the same things at once, on each engine: each piece is somebody's once, and no kind is overdrawn."""

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from center.commands.ledger_checks import missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.troupes.models.lending import LineState, LoanLine, Thing
from tests import race
from tests.builders import at, make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.troupes.builders import make_troupe
from tests.troupes.lending import rivals
from tests.troupes.lending_builders import make_loan, make_thing

ROUNDS, DESKS = 4, 3
HOLDS = {
    "sqlite": (
        *("DROP TRIGGER loan_lines_no_overlap_insert", "DROP TRIGGER loan_lines_enough_insert"),
    ),
    "postgresql": (
        "ALTER TABLE loan_lines DROP CONSTRAINT loan_lines_no_overlap",
        "DROP TRIGGER loan_lines_enough ON loan_lines",
    ),
}  # fmt: skip


def things() -> list[Thing]:
    """Numbered drums, and fans of which there are five."""
    troupe = make_troupe()
    return [make_thing(troupe, labels=["1号"]) if n % 2 else make_thing(troupe, quantity=5) for n in range(2 * ROUNDS)]


def test_of_desks_that_lend_the_same_at_once_one_can(app: Flask) -> None:
    listed, desk = things(), make_person()
    url, ids = db.engine.url.render_as_string(hide_password=False), [each.id for each in listed]
    times = (clock.now(), at(20, days=3))
    db.session.rollback()
    done = race.run([(rivals.lend, (url, ids, 3, desk.id, times))] * DESKS)
    assert sum(done) == len(ids)
    db.session.rollback()
    held = select(func.sum(LoanLine.quantity)).where(LoanLine.state == LineState.RESERVED).group_by(LoanLine.thing_id)
    assert sorted(db.session.scalars(held)) == sorted(1 if each.is_numbered else 3 for each in listed)


@pytest.mark.parametrize("is_held", [False, True], ids=["without the constraints", "with the constraints"])
def test_it_is_the_database_that_lends_once(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first lend twice as soon as what holds is gone."""
    app = make_app(engines.new_url(engine, f"lending_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            listed = things()
            loan = make_loan(make_thing(listed[0].troupe))
            if not is_held:
                with transaction() as session:
                    for statement in HOLDS[engine]:
                        session.execute(text(statement))
                assert len(missing_holds()) == 2
            rows = [(each.id, each.units[0].id if each.is_numbered else None) for each in listed]
            loan_id, url = loan.id, db.engine.url.render_as_string(hide_password=False)
            db.session.remove()
            entered = sum(race.run([(rivals.lend_blindly, (url, loan_id, rows, 3))] * DESKS))
    finally:
        dispose(app)
    assert entered == len(rows) if is_held else entered == DESKS * len(rows)
