"""A lottery is drawn once and gives no place twice, however many draw, cancel, sign up or cut places at once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.signups import actions
from center.signups.cancelling import cancel
from center.signups.changing import actions as changing
from center.signups.changing.rules import stamp_of
from center.signups.lottery.actions import draw_lots
from center.signups.lottery.queries import is_repeatable, whole_draw
from center.signups.models import Channel, Mode, Pool, Roster, SignUp
from center.signups.models.lottery import Draw, Lot
from center.signups.posting.capacity import change_capacity, reduce_places
from center.signups.rosters import facts_of
from center.signups.sweeps import SWEEPS
from tests.activity_builders import make_activity, make_roster, request_for, sign_up, the_pool
from tests.builders import at, make_person
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.signups.test_races import at_once, counted

ASKING = 6


@pytest.fixture(autouse=True)
def _ledger_stays_true(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" in request.fixturenames:
        db.session.rollback()
        assert ledger_findings() == []


def closing() -> datetime:
    return at(18, days=2)


def lottery(capacity: int = 2) -> tuple[int, list[int]]:
    """A lottery with people who asked: its roster's id, and the ids of their sign-ups."""
    roster = make_roster(mode=Mode.LOTTERY, closes_at=closing(), capacity=capacity)
    return roster.id, [sign_up(roster, make_person())[0].id for _ in range(ASKING)]


def drawing(roster_id: int) -> Callable[[], Any]:
    def act() -> None:
        roster = db.session.get_one(Roster, roster_id)
        draw_lots(roster, by=roster.activity.created_by, now=closing())

    return act


def cancelling(sign_up_id: int) -> Callable[[], Any]:
    def act() -> None:
        row = db.session.get_one(SignUp, sign_up_id)
        cancel(row, by=row.person, now=closing(), reason="x")

    return act


def by_the_desk(roster_id: int, person_id: int) -> Callable[[], Any]:
    def act() -> None:
        roster, person = db.session.get_one(Roster, roster_id), db.session.get_one(Person, person_id)
        wish = request_for(person, channel=Channel.DESK)
        actions.sign_up(roster, wish, by=roster.activity.created_by, as_staff=True, now=closing())

    return act


def drawn(roster_id: int) -> Draw:
    db.session.rollback()
    db.session.expire_all()
    made = whole_draw(db.session.get_one(Roster, roster_id))
    assert made is not None
    assert is_repeatable(made)
    return made


def test_many_draw_at_once_and_it_is_drawn_once(app: Flask) -> None:
    roster_id, _asked = lottery()
    assert all(at_once(app, [drawing(roster_id)] * 5))
    assert counted(roster_id) == {"confirmed": 2, "waiting": ASKING - 2}
    assert [lot.rank for lot in drawn(roster_id).lots] == list(range(1, ASKING + 1))


def test_somebody_cancels_and_others_come_to_the_desk_while_it_is_drawn(app: Flask) -> None:
    roster_id, asked = lottery()
    late = [make_person().id for _ in range(3)]
    rivals = [drawing(roster_id), cancelling(asked[0]), *(by_the_desk(roster_id, person) for person in late)]
    assert all(at_once(app, [*rivals, drawing(roster_id)]))
    made = drawn(roster_id)
    took_part = {lot.sign_up_id for lot in made.lots}
    assert took_part in (set(asked), set(asked[1:])), "whoever cancelled first took no part"
    held = counted(roster_id)
    assert held["confirmed"] + held["offered"] == 2
    orders = select(SignUp.queue_order).where(SignUp.roster_id == roster_id, SignUp.person_id.in_(late))
    assert min(db.session.scalars(orders)) > ASKING, "late-comers are behind all who were drawn"


def test_places_are_cut_while_it_is_drawn(app: Flask) -> None:
    roster_id, _asked = lottery(capacity=4)
    pool_id = the_pool(db.session.get_one(Roster, roster_id)).id

    def cut() -> None:
        pool = db.session.get_one(Pool, pool_id)
        change_capacity(pool, 1, by=pool.roster.activity.created_by, now=closing())

    *_drawn, was_cut = at_once(app, [drawing(roster_id), drawing(roster_id), cut])
    places = 1 if was_cut and drawn(roster_id).places == 1 else 4
    assert drawn(roster_id).places == places
    assert counted(roster_id)["confirmed"] == places


def test_a_lottery_is_made_first_come_while_it_is_drawn(app: Flask) -> None:
    roster_id, _asked = lottery()
    seen = stamp_of(facts_of(db.session.get_one(Roster, roster_id)))

    def change() -> None:
        from dataclasses import replace

        roster = db.session.get_one(Roster, roster_id)
        after = replace(facts_of(roster), mode=Mode.FIRST_COME)
        changing.change(roster, after, seen=seen, by=roster.activity.created_by, now=closing())

    was_drawn, was_changed = at_once(app, [drawing(roster_id), change])
    assert (was_drawn, was_changed) == (True, False), "it was due, so it is drawn before anything is changed"
    assert counted(roster_id) == {"confirmed": 2, "waiting": ASKING - 2}


def test_two_cut_the_places_at_once_and_only_so_many_give_theirs_back(app: Flask) -> None:
    roster = make_roster(make_activity(), capacity=3)
    held = [sign_up(roster, make_person())[0].id for _ in range(3)]
    pool_id = the_pool(roster).id

    def cutting(gone: int) -> Callable[[], Any]:
        def act() -> None:
            from center.signups.models import SignUpState

            pool = db.session.get_one(Pool, pool_id)
            by, to = pool.roster.activity.created_by, SignUpState.WAITING
            reduce_places(pool, 2, back=[gone], to=to, reason="x", by=by, now=clock.now())

        return act

    assert sorted(at_once(app, [cutting(held[0]), cutting(held[1])])) == [False, True]
    assert counted(roster.id) == Counter({"confirmed": 2, "waiting": 1})
    assert (the_pool(roster).capacity, the_pool(roster).taken) == (2, 2)


def test_a_sweep_draws_and_a_second_one_finds_nothing(app: Flask) -> None:
    roster_id, _asked = lottery()
    sweep = next(each for each in SWEEPS if each.name == "lotteries_drawn")
    db.session.rollback()
    assert list(sweep.due(closing())) == [roster_id]
    sweep.settle(roster_id, closing())
    before = [lot.reference for lot in drawn(roster_id).lots]
    sweep.settle(roster_id, closing())
    assert [lot.reference for lot in drawn(roster_id).lots] == before
    db.session.rollback()
    assert list(sweep.due(closing())) == []


@pytest.mark.parametrize("is_held", [False, True], ids=["without the trigger", "with the trigger"])
def test_it_is_the_database_that_keeps_a_result(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: without its trigger a result can be drawn again, and doctor says so."""
    app = make_app(engines.new_url(engine, f"draw_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            roster_id, _asked = lottery()
            with transaction():
                drawing(roster_id)()
            name = "draws_no_update" if engine == "sqlite" else "draws_once"
            if not is_held:
                drop = f"DROP TRIGGER {name}" + (" ON draws" if engine == "postgresql" else "")
                db.session.remove()
                with db.engine.begin() as connection:
                    connection.execute(text(drop))
                assert missing_holds() == [name]
            db.session.rollback()
            forged = update(Draw).values(seed="0" * 32)
            if is_held:
                with pytest.raises(DatabaseError, match="draws_once"), transaction() as session:
                    session.execute(forged)
            else:
                with transaction() as session:
                    session.execute(forged)
            made = whole_draw(db.session.get_one(Roster, roster_id))
            assert made is not None
            db.session.refresh(made)
            assert is_repeatable(made) is is_held, "a forged seed does not give the same order"
            assert db.session.scalars(select(Lot.rank)).all() == list(range(1, ASKING + 1))
    finally:
        dispose(app)
