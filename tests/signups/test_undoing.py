"""A slip of the hand at the desk: whom it has just signed up is as if they had never been, for ten minutes."""

from datetime import timedelta

import pytest

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.undoing import UNDONE_WITHIN, may_undo
from center.notices.actions import read_all
from center.people.models import Person
from center.signups import undoing
from center.signups.cancelling import cancel
from center.signups.models import Channel, Roster, SignUp
from tests.activity_builders import make_roster, sign_up, state_of, the_pool
from tests.builders import make_account, make_person
from tests.engines import ONE_ENGINE
from tests.signups.test_taking_back import told

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture
def clerk() -> Person:
    return make_person()


def made(clerk: Person, roster: Roster | None = None, person: Person | None = None) -> SignUp:
    whom = person or make_person()
    [one] = sign_up(roster or make_roster(), whom, by=clerk, as_staff=True, channel=Channel.DESK)
    return one


def undo(one: SignUp, by: Person, *, later: timedelta = timedelta(0)) -> None:
    with transaction():
        undoing.undo(one, by=by, now=clock.now() + later)


def test_after_ten_minutes_it_takes_a_cancellation(clerk: Person) -> None:
    one = made(clerk)
    with pytest.raises(RuleBroken, match="十分钟"):
        undo(one, clerk, later=UNDONE_WITHIN)
    assert state_of(one) == "confirmed"


@pytest.mark.parametrize("whose", ["a colleague's", "their own"])
def test_what_somebody_else_signed_stays(clerk: Person, whose: str) -> None:
    one = made(clerk) if whose == "a colleague's" else sign_up(make_roster(), make_person())[0]
    with pytest.raises(Conflict):
        undo(one, make_person())
    assert state_of(one) == "confirmed"
    assert undoing.just_made(make_person(), now=clock.now()) == []


def test_they_are_signed_up_no_longer_and_hear_of_neither(clerk: Person) -> None:
    one = made(clerk)
    assert undoing.just_made(clerk, now=clock.now()) == [one]
    assert told(one.person) == ["confirmed"]
    undo(one, clerk)
    undo(one, clerk)
    assert state_of(one) == "cancelled"
    assert the_pool(one.roster).taken == 0
    assert told(one.person) == []
    assert undoing.just_made(clerk, now=clock.now()) == []
    assert ledger_findings() == []


def test_whom_it_has_reached_is_told_once_that_it_was_a_mistake(clerk: Person) -> None:
    person = make_account().person
    one = made(clerk, person=person)
    with transaction():
        read_all(person, now=clock.now())
    undo(one, clerk)
    assert told(person) == ["confirmed", "cancelled_by_staff"]


def test_the_place_goes_to_whoever_waits_and_can_be_given_anew(clerk: Person) -> None:
    roster = make_roster(capacity=1)
    one = made(clerk, roster)
    [behind] = sign_up(roster, make_person())
    undo(one, clerk)
    assert state_of(behind) in {"offered", "confirmed", "waiting"}
    assert the_pool(roster).taken == (state_of(behind) != "waiting")
    again = made(clerk, roster, db.session.get(Person, one.person_id))
    assert again.reference != one.reference
    assert ledger_findings() == []


def test_what_ended_otherwise_meanwhile_is_left_as_it_is(clerk: Person) -> None:
    one = made(clerk)
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    undo(one, clerk)
    assert told(one.person)[-1] == "cancelled"


@pytest.mark.parametrize(("minutes", "still"), [(-1, False), (0, True), (9, True), (10, False)])
def test_the_ten_minutes_are_half_open(minutes: int, still: bool) -> None:
    now = clock.now()
    assert may_undo(now, now=now + timedelta(minutes=minutes)) is still
