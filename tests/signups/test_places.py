"""Whatever people do, and in whatever order, the ledger of places stays true and the queue fair."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.people.models import Person
from center.signups import actions, offers
from center.signups.cancelling import cancel
from center.signups.decisions import approve
from center.signups.groups import units_in
from center.signups.models import Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.posting.capacity import change_capacity
from center.signups.roster_state import hold, read, who_waits
from center.signups.rosters import PoolFacts
from center.signups.rules import assignment, companion_pools
from tests.activity_builders import make_activity, make_roster, request_for, sign_up, the_pool
from tests.builders import at, make_building, make_person, trust

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sign_up", "pair", "cancel", "accept", "turn_down", "capacity", "later", "approve"]),
        st.integers(0, 7),
    ),
    min_size=5,
    max_size=18,
)


@given(steps=STEPS, mode=st.sampled_from([Mode.FIRST_COME, Mode.FIRST_COME, Mode.APPROVAL]))
@settings(
    max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_whatever_people_do_the_ledger_stays_true(app: Flask, steps: Any, mode: Any) -> None:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    people = trust(*(make_person(birth_year=1940 + 10 * n, **home) for n in range(6)))
    pools = [PoolFacts(kind=PoolKind.ELDERS, capacity=1), PoolFacts(kind=PoolKind.COMPANION, capacity=1)]
    roster = make_roster(make_activity(starts=[at(10, days=9)]), capacity=2, pools=pools, mode=mode, offer_minutes=60)
    now = clock.now()
    for what, number in steps:
        if what == "later":
            now += timedelta(minutes=25 * number)
            continue
        try:
            with transaction():
                _act(what, number, roster, people, now=now)
        except DomainError:
            pass
        db.session.rollback()
        assert ledger_findings() == []
    _assert_nobody_waits_in_vain(roster, now)


def _act(what: Any, number: Any, roster: Roster, people: tuple[Person, ...], *, now: datetime) -> None:
    person = people[number % len(people)]
    live = db.session.scalars(select(SignUp).where(SignUp.roster_id == roster.id).order_by(SignUp.id)).all()
    one = live[number % len(live)] if live else None
    if what == "sign_up":
        wish = {"wants_companion": number % 3 == 0}
        actions.sign_up(roster, request_for(person, wish=wish), by=person, as_staff=False, now=now)
    elif what == "pair":
        other = people[(number + 1) % len(people)]
        request = request_for(person, other, stays_together=True)
        actions.sign_up(roster, request, by=people[0], as_staff=True, now=now)
    elif what == "capacity":
        kind = PoolKind.ELDERS if number % 2 else PoolKind.GENERAL
        pool = db.session.scalars(select(Pool).where(Pool.roster_id == roster.id, Pool.kind == kind)).one()
        change_capacity(pool, number // 2, by=person, now=now)
    elif one is not None:
        acts: dict[str, Callable[..., object]] = {
            "cancel": cancel,
            "accept": offers.accept_offer,
            "turn_down": offers.turn_down,
            "approve": approve,
        }
        acts[what](one, by=one.person, now=now)


def _assert_nobody_waits_in_vain(roster: Roster, now: datetime) -> None:
    """After a last look by the sweep, whoever is first among those who want a pool cannot be given a place."""
    morning = now + timedelta(days=1)
    with transaction():
        offers.offer_held(hold(roster), now=morning.replace(hour=4))  # noon at the centre
    db.session.rollback()
    roster_state = read(roster)
    assert ledger_findings() == []
    for unit in list(units_in(roster, SignUpState.WAITING))[:1]:
        usable = [roster_state.pools_for(who_waits(each, roster_state, now=now)) for each in unit]
        wants = [each.wants_companion for each in unit]
        assert None in assignment(usable, wants, companion_pools(roster_state.pools), together=True)


def test_the_database_lets_no_sign_up_have_a_place_without_naming_it(app: Flask) -> None:
    roster = make_roster()
    [one] = sign_up(roster, make_person())
    for change in (
        "UPDATE sign_ups SET pool_id = NULL",
        "UPDATE sign_ups SET state = 'waiting'",
        "UPDATE pools SET taken = capacity + 1",
        "UPDATE pools SET taken = -1",
        "UPDATE pools SET capacity = 0",
    ):
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text(change))
    db.session.refresh(one)
    assert one.state is SignUpState.CONFIRMED


def test_the_doctor_sees_a_pool_that_miscounts(app: Flask) -> None:
    sign_up(make_roster(), make_person())
    assert (ledger_findings(), missing_holds()) == ([], [])
    with transaction() as session:
        session.execute(text("UPDATE pools SET taken = 2"))
    assert ledger_findings() == ["1 pools count other places than their sign-ups have"]


def test_the_history_of_sign_ups_cannot_be_altered(app: Flask) -> None:
    sign_up(make_roster(), make_person())
    for statement in ("UPDATE sign_up_events SET by_id = NULL", "DELETE FROM sign_up_events"):
        with pytest.raises(IntegrityError, match="sign_up_events_append_only"), transaction() as session:
            session.execute(text(statement))


def test_a_pool_of_no_places_is_made_for_everybody_where_none_is_named(app: Flask) -> None:
    assert the_pool(make_roster(capacity=0)).capacity == 0
