"""Three collectors at once for each of forty children, on each engine: each child is held by one of them."""

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from center.afterschool.custody import ledger
from center.afterschool.models.custody import Custody, CustodyEvent, Holder, Holding
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests import race
from tests.afterschool import rivals
from tests.afterschool.custody_cases import collector_of, in_room
from tests.builders import make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose

CHILDREN, RIVALS = 40, 3


def children_here(count: int) -> tuple[list[int], int]:
    """So many children in the room; and somebody who looks after them."""
    tutor = make_person()
    children = [make_person() for _ in range(count)]
    with transaction():
        for child in children:
            ledger.record(child, in_room(tutor, clock.now()))
    return [each.id for each in children], tutor.id


def test_of_three_who_take_a_child_at_once_one_has_it(app: Flask) -> None:
    children, tutor_id = children_here(CHILDREN)
    named = [{child: collector_of(db.session.get_one(Person, child)).id for child in children} for _ in range(RIVALS)]
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    runs = [(rivals.take_home, (url, n, children, named[n], tutor_id)) for n in range(RIVALS)]
    outcomes = race.run(runs)
    for of_child in zip(*outcomes, strict=True):
        assert Counter(of_child)["accepted"] >= 1
    story = [ledger.story_of(child, in_room(make_person(), clock.now()).on_date) for child in children]
    assert {(len(each.held), len(each.conflicts)) for each in story} == {(2, RIVALS - 1)}
    db.session.rollback()
    held = select(Custody.holder, func.count()).join(Holding, Holding.custody_id == Custody.id).group_by(Custody.holder)
    assert dict(db.session.execute(held).all()) == {Holder.COLLECTOR: CHILDREN}
    assert ledger_findings() == []


@pytest.mark.parametrize("is_held", [False, True], ids=["without the constraint", "with the constraint"])
def test_it_is_the_database_that_lets_one_hold(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first hold a child twice as soon as the constraint is gone."""
    app = make_app(engines.new_url(engine, f"custody_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            children, _tutor = children_here(5)
            if not is_held:
                with transaction() as session:
                    session.execute(text("DROP INDEX uq_custody_next"))
                assert missing_holds() == ["uq_custody_next"]
            last = select(Custody.child_id, Custody.id, Custody.event_id).join(
                CustodyEvent, CustodyEvent.id == Custody.event_id
            )
            rows = [tuple(row) for row in db.session.execute(last.order_by(Custody.child_id))]
            db.session.remove()
            url = db.engine.url.render_as_string(hide_password=False)
            entered = sum(race.run([(rivals.hold_blindly, (url, rows))] * 4))
    finally:
        dispose(app)
    assert entered == len(children) if is_held else entered > len(children)
