"""Two of the staff hand one child to two adults at once, on each engine: one does, the other is told who has it."""

from flask import Flask
from sqlalchemy import func, select

from center.afterschool.models.custody import Custody, CustodyEvent, Holder, Holding, Outcome
from center.commands.ledger_checks import ledger_findings
from center.kernel.db import db
from tests import race
from tests.afterschool.builders import make_child
from tests.afterschool.handing_over import rivals
from tests.afterschool.handing_over.scene import Scene
from tests.afterschool.plan_builders import enrol
from tests.builders import make_person

CHILDREN = 6


def test_of_two_who_hand_over_one_child_at_once_one_does(app: Flask) -> None:
    scene = Scene()
    term = scene.enrolment.term
    children = [enrol(term, make_child(make_person(), make_person())).child for _ in range(CHILDREN)]
    for child in children:
        scene.arrive(child)
    ids = [each.id for each in children]
    who = [(scene.tutor.id, scene.helper.id), (scene.helper.id, scene.tutor.id)]
    facts = [
        {"by": by, "second": second, "nth": n, "day": scene.day.id} for n, (by, second) in enumerate(who)
    ]  # fmt: skip
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    first, second = race.run([(rivals.hand_over_at_once, (url, each, ids)) for each in facts])
    assert [sorted(pair) for pair in zip(first, second, strict=True)] == [["done", "gone"]] * CHILDREN
    db.session.rollback()
    taken = select(func.count()).where(CustodyEvent.outcome == Outcome.ACCEPTED)
    assert db.session.scalar(taken.where(CustodyEvent.holder == Holder.COLLECTOR)) == CHILDREN
    held = select(func.count()).select_from(Holding).join(Custody, Custody.id == Holding.custody_id)
    assert db.session.scalar(held.where(Custody.holder == Holder.COLLECTOR)) == CHILDREN
    assert ledger_findings() == []
