"""A rush and its edges: many processes for a few places, the last moment, walk-ins, offers that run out meanwhile."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.signups import actions, offers
from center.signups.cancelling import cancel
from center.signups.models import Channel, PoolKind, Roster, SignUp
from center.signups.roster_state import hold
from center.signups.rosters import PoolFacts
from tests import race
from tests.activity_builders import make_roster, request_for, sign_up, state_of, the_pool
from tests.builders import make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.signups import rivals
from tests.signups.test_races import ROUNDS, at_once, counted
from tests.statements import selects

PROCESSES, EACH, PLACES = 4, 6, 7


@pytest.fixture(autouse=True)
def _ledger_stays_true(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" in request.fixturenames:
        db.session.rollback()
        assert ledger_findings() == []


def acting(sign_up_id: int, what: Callable[..., Any], now: datetime) -> Callable[[], Any]:
    """What somebody does with their own sign-up at a moment."""

    def act() -> None:
        row = db.session.get_one(SignUp, sign_up_id)
        what(row, by=row.person, now=now)

    return act


def sweeping(roster_id: int, now: datetime) -> Callable[[], Any]:
    """What the sweep does with a roster at a moment."""

    def act() -> None:
        roster_state = hold(db.session.get_one(Roster, roster_id))
        offers.settle_due(roster_state, now=now)
        offers.offer_held(roster_state, now=now)

    return act


@pytest.mark.parametrize("closes", [False, True], ids=["while it is open", "until it closes"])
def test_many_processes_fill_the_places_exactly_and_queue_without_a_gap(
    engine: str, engines: Engines, worker: str, closes: bool
) -> None:
    clock.start_at(None)  # the processes have no other clock
    app = make_app(engines.new_url(engine, f"rush_{worker}_{closes}".lower()))
    try:
        with app.app_context():
            people = [[make_person().id for _ in range(EACH)] for _ in range(PROCESSES)]
            roster = make_roster(capacity=PLACES, closes_at=clock.now() + timedelta(days=1))
            url = db.engine.url.render_as_string(hide_password=False)
            db.session.remove()
            crowd: list[Any] = [(rivals.sign_up_until_closed, (url, roster.id, each)) for each in people]
            crowd += [(rivals.close_soon, (url, roster.id, 0.1))] if closes else []
            brought = race.run(crowd)
            made = [moment for each in brought for moment in each]
            rows = db.session.scalars(select(SignUp).order_by(SignUp.queue_order, SignUp.id)).all()
            assert [row.queue_order for row in rows] == list(range(1, len(made) + 1))
            assert [row.pool_id is not None for row in rows] == [n < PLACES for n in range(len(rows))]
            assert the_pool(roster).taken == min(PLACES, len(rows))
            closes_at = db.session.scalar(select(Roster.closes_at))
            assert closes_at is not None
            assert all(row.made_at < closes_at for row in rows)
            assert closes or len(rows) == PROCESSES * EACH
            assert ledger_findings() == []
    finally:
        dispose(app)


def test_a_walk_in_does_not_slip_before_who_waits_while_a_place_becomes_free(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster = make_roster(capacity=1)
        one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
        walk_in, roster_id = make_person().id, roster.id

        def come(roster_id: int = roster_id, person_id: int = walk_in) -> None:
            there, person = db.session.get_one(Roster, roster_id), db.session.get_one(Person, person_id)
            wish = request_for(person, channel=Channel.WALK_IN)
            actions.sign_up(there, wish, by=there.activity.created_by, as_staff=True, now=clock.now())

        acts = [acting(one.id, cancel, clock.now()), come, sweeping(roster_id, clock.now())]
        assert all(at_once(app, acts))
        assert [state_of(each) for each in (one, two, three)] == ["cancelled", "offered", "waiting"]
        assert counted(roster_id) == {"cancelled": 1, "offered": 1, "waiting": 2}
        assert the_pool(roster).taken == 1


@pytest.mark.parametrize("late", [timedelta(0), timedelta(hours=1)], ids=["at the moment", "an hour later"])
def test_an_offer_is_not_accepted_once_it_ran_out_whoever_tidies_up_meanwhile(app: Flask, late: timedelta) -> None:
    for _round in range(ROUNDS):
        roster, two, three = offered()
        assert two.offer_expires_at is not None
        then = two.offer_expires_at + late
        accepted = at_once(app, [acting(two.id, offers.accept_offer, then), sweeping(roster.id, then)] * 2)
        assert accepted == [False, True] * 2
        assert [state_of(each) for each in (two, three)] == ["expired", "offered"]
        assert the_pool(roster).taken == 1


def test_an_offer_accepted_at_its_last_moment_is_kept_or_over_but_never_both(app: Flask) -> None:
    for _round in range(ROUNDS):
        roster, two, three = offered()
        assert two.offer_expires_at is not None
        then = two.offer_expires_at
        accept = acting(two.id, offers.accept_offer, then - timedelta(milliseconds=1))
        was_accepted, _swept = at_once(app, [accept, sweeping(roster.id, then)])
        ends = [state_of(each) for each in (two, three)]
        assert ends == (["confirmed", "waiting"] if was_accepted else ["expired", "offered"])
        assert the_pool(roster).taken == 1


def offered() -> tuple[Roster, SignUp, SignUp]:
    """A roster of one place, which is on offer to somebody, and who waits after them."""
    roster = make_roster(capacity=1)
    one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    assert state_of(two) == "offered"
    return roster, two, three


def test_a_sign_up_costs_the_same_however_many_wait(app: Flask) -> None:
    """Even while places are free that nobody who waits may have."""
    elders = PoolFacts(kind=PoolKind.ELDERS, capacity=2)
    roster_id = make_roster(capacity=1, pools=[elders, PoolFacts(kind=PoolKind.COMPANION, capacity=1)]).id
    read: list[SignUp] = []

    def note(row: SignUp, _context: object) -> None:
        read.append(row)

    def cost() -> tuple[int, int]:
        person = make_person(birth_year=1990)
        db.session.expunge_all()
        roster_now, person = db.session.get_one(Roster, roster_id), db.session.get_one(Person, person.id)
        read.clear()
        with selects() as sent:
            [made] = sign_up(roster_now, person)
        assert made.queue_order > 1
        assert state_of(made) == "waiting"
        return len(sent), len(read)

    def cost_after(more: int) -> tuple[int, int]:
        for _n in range(more):
            sign_up(db.session.get_one(Roster, roster_id), make_person(birth_year=1990))
        event.listen(SignUp, "load", note)
        try:
            return cost()
        finally:
            event.remove(SignUp, "load", note)

    assert cost_after(3) == cost_after(40), "the queue is not read"
    [elder] = sign_up(db.session.get_one(Roster, roster_id), make_person(birth_year=1940))
    assert state_of(elder) == "confirmed", "who waits may not have such a place"
