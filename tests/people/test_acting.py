"""Who may act for whom, until when, and what taking it back means."""

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.people import acting
from center.people.acting import Ground
from center.people.models import Consent, Delegation, DelegationScope, Guardianship, Person
from tests.activity_builders import may_sign_up_for
from tests.builders import LONG_AGO, ZONE, make_building, make_person
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def today() -> date:
    return clock.today(ZONE)


def give(person: Person, to: Person, **more: Any) -> Delegation:
    facts = {"scope": DelegationScope.SIGN_UPS, "consent": Consent.AT_THE_DESK, "by": to, "now": clock.now()}
    facts |= {"starts_on": today(), "ends_on": today() + timedelta(days=30)}
    with transaction():
        return acting.grant(person, to=to, **{**facts, **more})


@ONE_ENGINE
@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_permission_counts_from_its_first_to_its_last_day(days: int, may: bool) -> None:
    person, neighbour = make_person(), make_person()
    give(person, neighbour)
    assert may_sign_up_for(neighbour, person, today() + timedelta(days=days)) is may
    assert not may_sign_up_for(person, neighbour, today()), "it counts one way"


def test_a_permission_taken_back_is_gone_at_once_and_twice_is_once() -> None:
    person, neighbour = make_person(), make_person()
    given = give(person, neighbour)
    for _ in range(2):
        with transaction():
            acting.revoke(given, by=person, now=clock.now())
    assert not may_sign_up_for(neighbour, person, today())


def test_a_new_permission_takes_the_place_of_the_old_one() -> None:
    person, neighbour = make_person(), make_person()
    give(person, neighbour)
    give(person, neighbour, scope=DelegationScope.EVERYTHING)
    [only] = acting.delegations_of(person, on=today())
    assert only.scope is DelegationScope.EVERYTHING
    assert may_sign_up_for(neighbour, person, today())


@ONE_ENGINE
@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": LONG_AGO}, {"days": 400}, {"consent": Consent.OWN_ACCOUNT}],
    ids=["over already", "too long", "not their own account"],
)
def test_a_permission_that_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    days = wrong.pop("days", None)
    if days:
        wrong["ends_on"] = today() + timedelta(days=days)
    with pytest.raises(RuleBroken):
        give(make_person(), make_person(), **wrong)
    person = make_person()
    with pytest.raises(RuleBroken):
        give(person, person)


@ONE_ENGINE
def test_everybody_one_may_act_for_is_listed_once_oneself_first() -> None:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    mother, child, flatmate = make_person(**home), make_person(birth_year=2018, **home), make_person(**home)
    neighbour, _stranger = make_person(), make_person(building=home["building"])
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=LONG_AGO))
    give(neighbour, mother)
    found = [(each.person.id, each.ground) for each in acting.people_acted_for(mother, on=today())]
    assert found == [
        (mother.id, Ground.SELF),
        (child.id, Ground.GUARDIAN),
        (neighbour.id, Ground.DELEGATION),
    ]
    for person, ground in ((neighbour, Ground.DELEGATION), (flatmate, None)):
        assert acting.ground_to_act(mother, person, scope=DelegationScope.SIGN_UPS, on=today()) is ground


@ONE_ENGINE
def test_a_door_gives_no_right_to_act_whoever_lives_behind_it_and_however_well_it_is_verified() -> None:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    child, mother, lodger = make_person(birth_year=today().year - 10, **home), make_person(**home), make_person(**home)
    for actor, person in permutations((child, mother, lodger), 2):
        assert not may_sign_up_for(actor, person, today())


@ONE_ENGINE
def test_a_guardian_answers_until_the_end_of_the_year_in_which_the_child_is_grown() -> None:
    mother, child = make_person(birth_year=1990), make_person(birth_year=today().year - 18)
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=LONG_AGO))
    assert may_sign_up_for(mother, child, today())
    assert not may_sign_up_for(mother, child, today().replace(year=today().year + 1, day=1))


@ONE_ENGINE
def test_a_guardian_names_a_helper_for_the_child_and_nobody_else_does() -> None:
    mother, child, aunt, lodger = (
        make_person(birth_year=1990),
        make_person(birth_year=2018),
        make_person(),
        make_person(),
    )
    clerk = make_person()
    with transaction():
        acting.name_guardian(child, guardian=mother, by=clerk, today=today())
    give(child, aunt, consent=Consent.OWN_ACCOUNT, by=mother)
    assert acting.ground_to_act(aunt, child, scope=DelegationScope.SIGN_UPS, on=today()) is Ground.DELEGATION
    with pytest.raises(RuleBroken):
        give(child, lodger, consent=Consent.OWN_ACCOUNT, by=lodger)
