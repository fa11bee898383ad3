"""At the door many say things at once, on each engine: nobody is counted twice, oversold or lost."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from center.activities import sessions as activity_sessions
from center.activities.models import Session
from center.attendance import registers, roll_actions
from center.attendance.models import Attendance, AttendanceEvent, How, Outcome, Status
from center.attendance.queries import find_register, head_counts
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel.db import db, transaction
from center.people.models import Person
from center.signups.cancelling import cancel
from center.signups.models import Pool, SignUp
from center.signups.posting.capacity import change_capacity
from tests import race
from tests.activity_builders import sign_up, the_pool
from tests.attendance import rivals
from tests.attendance.conftest import Class, make_class
from tests.builders import at, make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.signups.test_races import at_once

ROUNDS = 3


@pytest.fixture(name="app")
def _ledgers_stay_true(app: Flask) -> Iterator[Flask]:
    yield app
    db.session.rollback()
    assert ledger_findings() == []


def doing(lesson: Class, act: Callable[..., Any], *who: int, **facts: Any) -> Callable[[], Any]:
    """An act of the roll in a session of its own, by the lead, at ten."""
    session_id, lead_id = lesson.session.id, lesson.lead.id

    def run() -> None:
        session, by = db.session.get_one(Session, session_id), db.session.get_one(Person, lead_id)
        people = [db.session.get_one(Person, each) for each in who]
        act(session, *people, by=by, now=facts.pop("now", None) or at(10), **facts)

    return run


def arriving(lesson: Class, person_id: int) -> Callable[[], Any]:
    return doing(lesson, roll_actions.arrive, person_id, how=How.ROLL)


def walking_in(lesson: Class, person_id: int) -> Callable[[], Any]:
    return doing(lesson, roll_actions.walk_in, person_id)


def rows(lesson: Class) -> Counter[Status]:
    db.session.rollback()
    query = select(Attendance.status).where(Attendance.session_id == lesson.session.id)
    return Counter(db.session.scalars(query))


def test_one_person_at_six_doors_is_one_arrival(app: Flask) -> None:
    for _round in range(ROUNDS):
        lesson = make_class()
        assert all(at_once(app, [arriving(lesson, lesson.people[0].id)] * 6))
        assert rows(lesson) == {Status.PRESENT: 1}
        accepted = select(func.count()).where(
            AttendanceEvent.session_id == lesson.session.id, AttendanceEvent.outcome == Outcome.ACCEPTED
        )
        assert db.session.scalar(accepted) == 1


def test_the_last_place_goes_to_one_who_walks_in(app: Flask) -> None:
    for _round in range(ROUNDS):
        lesson = make_class(people=2, places=3)
        let = at_once(app, [walking_in(lesson, make_person().id) for _ in range(5)])
        assert sum(let) == 1
        assert (the_pool(lesson.roster).taken, rows(lesson)) == (3, {Status.PRESENT: 1})


def test_a_walk_in_and_a_promotion_share_no_place(app: Flask) -> None:
    for _round in range(ROUNDS):
        lesson = make_class(people=2, places=2)
        [waiting] = sign_up(lesson.roster, make_person())
        gone_id = lesson.sign_ups[0].id

        def give_up(gone_id: int = gone_id) -> None:
            row = db.session.get_one(SignUp, gone_id)
            cancel(row, by=row.person, now=at(9), as_staff=True)

        at_once(app, [give_up, walking_in(lesson, make_person().id), walking_in(lesson, make_person().id)])
        pool = the_pool(lesson.roster)
        assert pool.taken <= pool.capacity
        assert db.session.get_one(SignUp, waiting.id).state.value in {"offered", "waiting", "confirmed"}


@pytest.mark.parametrize("what", ["cancelled", "closed", "cut"])
def test_people_come_while_the_session_ends_otherwise(app: Flask, what: str) -> None:
    for _round in range(ROUNDS):
        lesson = make_class(people=3, places=4)
        pool_id = the_pool(lesson.roster).id

        def cut(session: Session, *, by: Person, now: Any, pool_id: int = pool_id) -> None:
            change_capacity(db.session.get_one(Pool, pool_id), 3, by=by, now=now)

        ends: dict[str, Callable[[], Any]] = {
            "cancelled": doing(lesson, activity_sessions.cancel_session, reason="停电"),
            "closed": doing(lesson, registers.close),
            "cut": doing(lesson, cut),
        }
        came = [arriving(lesson, each.id) for each in lesson.people]
        at_once(app, [*came, ends[what], walking_in(lesson, make_person().id)])
        found = rows(lesson)
        pool = the_pool(lesson.roster)
        assert pool.taken <= pool.capacity
        if what == "closed":
            register = find_register(lesson.session.id)
            assert register is not None
            assert not register.is_open
            assert sum(found[each] for each in (Status.PRESENT, Status.ABSENT)) >= 3
            assert found[Status.EXPECTED] == 0
        counts = head_counts([lesson.session])[lesson.session.id]
        assert counts.here == found[Status.PRESENT]


def test_closing_twice_signs_once(app: Flask) -> None:
    lesson = make_class()
    assert all(at_once(app, [doing(lesson, registers.close)] * 6))
    assert rows(lesson) == {Status.ABSENT: 2}


def test_what_two_tabs_flush_at_once_is_taken_once(app: Flask) -> None:
    lesson = make_class(people=12, places=20)
    stored = [(nonce, each.id) for nonce, each in zip(rivals.numbers(12), lesson.people, strict=True)]
    url = db.engine.url.render_as_string(hide_password=False)
    facts = (url, lesson.session.id, lesson.lead.id)
    db.session.rollback()
    batches = [stored[:6], stored[6:]]
    sent = race.run([(rivals.send, (*facts, batches)) for _ in range(4)])
    assert {outcome for each in sent for outcome in each} == {"accepted"}
    assert rows(lesson) == {Status.PRESENT: 12}
    assert db.session.scalar(select(func.count()).where(AttendanceEvent.session_id == lesson.session.id)) == 12


@pytest.mark.parametrize("is_held", [False, True], ids=["without the constraint", "with the constraint"])
def test_it_is_the_database_that_takes_a_number_once(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first enter a number twice as soon as the UNIQUE is gone."""
    app = make_app(engines.new_url(engine, f"nonces_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            lesson = make_class()
            if not is_held:
                with transaction() as session:
                    session.execute(text("DROP INDEX uq_attendance_events_nonce"))
                assert missing_holds() == ["uq_attendance_events_nonce"]
            nonces, facts = rivals.numbers(5), (lesson.session.id, lesson.lead.id)
            db.session.remove()
            url = db.engine.url.render_as_string(hide_password=False)
            entered = sum(race.run([(rivals.enter_blindly, (url, *facts, nonces))] * 4))
    finally:
        dispose(app)
    assert entered == len(nonces) if is_held else entered > len(nonces)
