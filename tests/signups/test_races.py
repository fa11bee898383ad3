"""Nobody is oversold and nobody is on a roster twice, however many come at once, on each engine.

What holds is the database: without its constraint the race does show, and with it in place it does not.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from center.activities import sessions
from center.activities.models import Session
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.people.models import Person
from center.signups import actions, cancelling, offers, undoing
from center.signups.cancelling import cancel
from center.signups.models import LIVE, Channel, Pool, Roster, SignUp, SignUpGroup
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.posting.capacity import change_capacity
from tests import race
from tests.activity_builders import make_activity, make_roster, request_for, sign_up, state_of, the_pool
from tests.builders import make_building, make_person, trust
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.signups import rivals

RIVALS = 6
ROUNDS = 3


def at_once(app: Flask, acts: list[Callable[[], Any]]) -> list[bool]:
    """Run each act in a thread and a transaction of its own, from one start; says which were let."""
    gate = threading.Barrier(len(acts))
    db.session.rollback()

    def run(act: Callable[[], Any]) -> bool:
        with app.app_context():
            gate.wait(30)
            try:
                with transaction():
                    act()
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


def signing(roster_id: int, person_id: int, *, by_id: int | None = None, key: str | None = None) -> Callable[[], Any]:
    """One person's sign-up, in a session of its own."""

    def act() -> None:
        roster, person = db.session.get_one(Roster, roster_id), db.session.get_one(Person, person_id)
        by = db.session.get_one(Person, by_id or person_id)
        actions.sign_up(roster, request_for(person, key=key), by=by, as_staff=False, now=clock.now())

    return act


def counted(roster_id: int) -> Counter[str]:
    db.session.rollback()
    query = select(SignUp.state).where(SignUp.roster_id == roster_id)
    return Counter(state.value for state in db.session.scalars(query))


@pytest.fixture(autouse=True)
def _ledger_stays_true(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" in request.fixturenames:
        db.session.rollback()
        assert ledger_findings() == []


def test_the_last_place_goes_to_one_and_the_others_queue_in_order(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster = make_roster(capacity=3)
        sign_up(roster, make_person()), sign_up(roster, make_person())
        people = [make_person().id for _ in range(RIVALS)]
        assert all(at_once(app, [signing(roster.id, person) for person in people]))
        assert counted(roster.id) == {"confirmed": 3, "waiting": RIVALS - 1}
        orders = db.session.scalars(select(SignUp.queue_order).where(SignUp.roster_id == roster.id)).all()
        assert sorted(orders) == list(range(1, RIVALS + 3)), "everybody has a number of their own"


def test_one_form_sent_many_times_at_once_signs_up_once(app: Flask) -> None:
    for number in range(ROUNDS):
        roster, person = make_roster(capacity=5), make_person()
        assert all(at_once(app, [signing(roster.id, person.id, key=f"k{number}")] * RIVALS))
        assert counted(roster.id) == {"confirmed": 1}


def test_two_of_a_family_sign_up_the_same_child_at_once(app: Flask) -> None:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    mother, father, child = trust(*(make_person(**home) for _ in range(3)))
    for _round in range(ROUNDS):
        roster = make_roster(capacity=5)
        acts = [signing(roster.id, child.id, by_id=parent.id) for parent in (mother, father)]
        assert sorted(at_once(app, acts)) == [False, True]
        assert counted(roster.id) == {"confirmed": 1}


def test_capacity_is_cut_while_people_sign_up(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster = make_roster(capacity=4)
        pool_id, by_id = the_pool(roster).id, roster.activity.created_by_id

        def cut(pool_id: int = pool_id, by_id: int = by_id) -> None:
            by = db.session.get_one(Person, by_id)
            change_capacity(db.session.get_one(Pool, pool_id), 1, by=by, now=clock.now())

        people = [make_person().id for _ in range(4)]
        *_signed, was_cut = at_once(app, [*(signing(roster.id, person) for person in people), cut])
        pool = the_pool(roster)
        assert pool.taken <= pool.capacity
        assert pool.capacity == (1 if was_cut else 4)
        assert counted(roster.id)["confirmed"] == pool.taken


def test_nobody_keeps_a_place_in_a_session_that_was_called_off_meanwhile(app: Flask) -> None:
    for _round in range(ROUNDS):
        activity = make_activity()
        roster = make_roster(activity, session=activity.sessions[0])
        session_id = activity.sessions[0].id

        def call_off(session_id: int = session_id) -> None:
            session = db.session.get_one(Session, session_id)
            by = db.session.get_one(Person, session.activity.created_by_id)
            sessions.cancel_session(session, reason="停电", by=by, now=clock.now())

        people = [make_person().id for _ in range(4)]
        *_signed, was_off = at_once(app, [*(signing(roster.id, person) for person in people), call_off])
        assert was_off
        assert set(counted(roster.id)) <= {"cancelled"}
        assert the_pool(roster).taken == 0


def test_cancelling_at_once_frees_a_place_once_and_offers_it_once(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster = make_roster(capacity=1)
        one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
        one_id = one.id

        def cancel(one_id: int = one_id) -> None:
            row = db.session.get_one(SignUp, one_id)
            cancelling.cancel(row, by=row.person, now=clock.now())

        assert all(at_once(app, [cancel] * RIVALS))
        assert [state_of(each) for each in (one, two, three)] == ["cancelled", "offered", "waiting"]


def test_an_offer_accepted_and_turned_down_at_once_has_one_end(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster = make_roster(capacity=1)
        one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
        with transaction():
            cancel(one, by=one.person, now=clock.now())
        two_id = two.id

        def answer(what: Any, two_id: int = two_id) -> Callable[[], None]:
            def act() -> None:
                row = db.session.get_one(SignUp, two_id)
                what(row, by=row.person, now=clock.now())

            return act

        at_once(app, [answer(offers.accept_offer), answer(offers.turn_down)] * 3)
        ends = (state_of(two), state_of(three))
        assert ends in {("confirmed", "waiting"), ("turned_down", "offered")}


@pytest.mark.parametrize("is_held", [False, True], ids=["without the constraint", "with the constraint"])
def test_it_is_the_database_that_refuses_one_place_too_many(
    engine: str, engines: Engines, worker: str, is_held: bool
) -> None:
    """The negative control: writers that do not look first oversell as soon as the CHECK is gone."""
    rounds, capacity = 5, 10
    app = make_app(engines.new_url(engine, f"places_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            pool = the_pool(make_roster(capacity=capacity))
            if not is_held:
                _drop_check(engine)
                assert missing_holds() == ["ck_pools_taken"]
            db.session.remove()
            url = db.engine.url.render_as_string(hide_password=False)
            sum_taken = sum(race.run([(rivals.take_blindly, (url, pool.id, rounds))] * 4))
            with db.engine.connect() as connection:
                taken = connection.execute(text("SELECT taken FROM pools WHERE id = :id"), {"id": pool.id}).scalar_one()
    finally:
        dispose(app)
    assert (sum_taken, taken) == ((capacity, capacity) if is_held else (4 * rounds, 4 * rounds))


@pytest.mark.parametrize("is_held", [False, True], ids=["without the index", "with the index"])
def test_it_is_the_database_that_refuses_a_second_sign_up(
    engine: str, engines: Engines, worker: str, is_held: bool
) -> None:
    """The negative control: the same person is on a roster several times as soon as the index is gone."""
    app = make_app(engines.new_url(engine, f"once_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            roster, people = make_roster(), [make_person().id for _ in range(4)]
            with transaction() as session:
                group = SignUpGroup(roster_id=roster.id, signed_by_id=people[0], request_key="x", made_at=clock.now())
                session.add(group)
            if not is_held:
                with db.engine.begin() as connection:
                    connection.execute(text("DROP INDEX uq_sign_ups_live"))
                assert missing_holds() == ["uq_sign_ups_live"]
            db.session.remove()
            url = db.engine.url.render_as_string(hide_password=False)
            entered = sum(race.run([(rivals.sign_up_blindly, (url, roster.id, group.id, people))] * 3))
            rows = db.session.scalar(select(func.count(SignUp.id)).where(SignUp.state.in_(LIVE)))
    finally:
        dispose(app)
    assert entered == rows == (len(people) if is_held else 3 * len(people))


def _drop_check(engine: str) -> None:
    db.session.remove()
    with db.engine.connect() as connection:
        if engine == "postgresql":
            connection.execute(text("ALTER TABLE pools DROP CONSTRAINT ck_pools_taken"))
            connection.commit()
            return
        connection.exec_driver_sql("PRAGMA writable_schema=ON")
        held = "CONSTRAINT ck_pools_taken CHECK (taken >= 0 AND taken <= capacity)"
        done = connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, 'CHECK (1)') WHERE name = 'pools' AND instr(sql, ?)",
            (held, held),
        )
        assert done.rowcount == 1
        connection.commit()
        connection.exec_driver_sql("PRAGMA writable_schema=RESET")
    db.engine.dispose()


def test_a_slip_of_the_desk_is_undone_twice_while_somebody_signs_up(app: Flask) -> None:
    for _round in range(ROUNDS):
        clerk, roster = make_person(), make_roster(capacity=1)
        [slip] = sign_up(roster, make_person(), by=clerk, as_staff=True, channel=Channel.DESK)
        slip_id, clerk_id, roster_id = slip.id, clerk.id, roster.id

        def undo(slip_id: int = slip_id, clerk_id: int = clerk_id) -> None:
            by = db.session.get_one(Person, clerk_id)
            undoing.undo(db.session.get_one(SignUp, slip_id), by=by, now=clock.now())

        assert at_once(app, [undo, undo, signing(roster_id, make_person().id)]) == [True, True, True]
        states = counted(roster_id)
        assert states["cancelled"] == 1
        assert states["confirmed"] + states["offered"] + states["waiting"] == 1
        events = select(SignUpEvent.what).where(SignUpEvent.sign_up_id == slip_id)
        assert Counter(db.session.scalars(events))[SignUpChange.CANCELLED] == 1, "twice is once"
