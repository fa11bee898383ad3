"""Who may act for whom, until when, and what taking it back means."""

from datetime import timedelta

import pytest

from center import clock
from center.db import transaction
from center.errors import RuleBroken
from center.people import acting
from center.people.acting import Ground
from center.people.models import Consent, DelegationScope, Guardianship
from tests.builders import LONG_AGO, ZONE, make_building, make_person

pytestmark = pytest.mark.usefixtures("app")


def today():
    return clock.today(ZONE)


def give(person, to, **more):
    facts = {"scope": DelegationScope.SIGN_UPS, "consent": Consent.AT_THE_DESK, "by": to, "now": clock.now()}
    facts |= {"starts_on": today(), "ends_on": today() + timedelta(days=30)}
    with transaction():
        return acting.grant(person, to=to, **{**facts, **more})


@pytest.mark.parametrize(("days", "may"), [(-1, False), (0, True), (30, True), (31, False)])
def test_a_permission_counts_from_its_first_to_its_last_day(days, may):
    person, neighbour = make_person(), make_person()
    give(person, neighbour)
    assert acting.may_sign_up_for(neighbour, person, today() + timedelta(days=days)) is may
    assert not acting.may_sign_up_for(person, neighbour, today()), "it counts one way"


def test_a_permission_taken_back_is_gone_at_once_and_twice_is_once():
    person, neighbour = make_person(), make_person()
    given = give(person, neighbour)
    for _ in range(2):
        with transaction():
            acting.revoke(given, by=person, now=clock.now())
    assert not acting.may_sign_up_for(neighbour, person, today())


def test_a_new_permission_takes_the_place_of_the_old_one():
    person, neighbour = make_person(), make_person()
    give(person, neighbour)
    give(person, neighbour, scope=DelegationScope.EVERYTHING)
    [only] = acting.delegations_of(person, on=today())
    assert only.scope is DelegationScope.EVERYTHING
    assert acting.may_sign_up_for(neighbour, person, today())


@pytest.mark.parametrize(
    "wrong",
    [{"ends_on": LONG_AGO}, {"days": 400}, {"consent": Consent.OWN_ACCOUNT}],
    ids=["over already", "too long", "not their own account"],
)
def test_a_permission_that_makes_no_sense_is_refused(wrong):
    days = wrong.pop("days", None)
    if days:
        wrong["ends_on"] = today() + timedelta(days=days)
    with pytest.raises(RuleBroken):
        give(make_person(), make_person(), **wrong)
    person = make_person()
    with pytest.raises(RuleBroken):
        give(person, person)


def test_everybody_one_may_act_for_is_listed_once_oneself_first():
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
        (flatmate.id, Ground.HOUSEHOLD),
        (neighbour.id, Ground.DELEGATION),
    ]
    for person, ground in ((neighbour, Ground.DELEGATION), (flatmate, Ground.HOUSEHOLD)):
        assert acting.ground_to_act(mother, person, scope=DelegationScope.SIGN_UPS, on=today()) is ground


def test_a_child_acts_for_nobody_else_in_the_household_and_no_door_is_no_household():
    home = {"building": make_building(), "unit": "1", "door": "101"}
    child, mother = make_person(birth_year=today().year - 10, **home), make_person(**home)
    assert not acting.may_sign_up_for(child, mother, today())
    assert not acting.may_sign_up_for(make_person(), make_person(), today())
    same_building = {"building": home["building"]}
    assert not acting.may_sign_up_for(make_person(**same_building), make_person(**same_building), today())
