"""Two at the same moment, on each engine: a code is worth something once, and of two words the later one counts."""

from datetime import time

import pytest
from flask import Flask

from center.afterschool.plans import codes, day_plans
from center.kernel import clock
from center.kernel.db import db, transaction
from tests import race
from tests.afterschool import rivals
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol, guardians, term_from_today, today
from tests.builders import make_person


def test_a_code_that_several_show_at_once_is_used_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "ROUNDS", 10)
    child = make_child()
    with transaction():
        code = codes.code_of(child, today(), by=guardians(child)[0], now=clock.now())
    url = db.engine.url.render_as_string(hide_password=False)
    child_id, on = child.id, today().isoformat()
    db.session.rollback()
    answers = race.run([(rivals.use_code, (url, child_id, code, on))] * 3)
    assert sorted(answers) == [["right"], ["used"], ["used"]]


def test_of_two_guardians_who_say_opposite_things_at_once_one_is_last(app: Flask) -> None:
    enrolment = enrol(term_from_today(cut_off=time.max), make_child(make_person(), make_person()))
    mother, father = guardians(enrolment.child)
    url, day = db.engine.url.render_as_string(hide_password=False), day_plans.find_day(enrolment.term_id, today())
    assert day is not None
    saying = [(mother.id, "leave"), (father.id, "comes"), (mother.id, "leave")]
    runs = [(rivals.say_of_day, (url, enrolment.id, who, what, today().isoformat())) for who, what in saying]
    db.session.rollback()
    made = race.run(runs)
    found = day_plans.expected_of(enrolment, day)
    assert found.change is not None
    assert found.change.id == max(made)
    assert found.comes is (found.change.by_id == father.id)
