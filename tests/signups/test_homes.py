"""Places kept for a building or a grid, and for residents: only for whom the desk knows to live there."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import transaction
from center.people import households
from center.people.models import Building, Person
from center.signups.models import PoolKind, Roster
from center.signups.offers import is_offerable, offer_held
from center.signups.places_left import left_on
from center.signups.refusals import GateShut
from center.signups.roster_state import hold, read
from center.signups.rosters import PoolFacts
from center.signups.sign_up_request import Refused
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_building, make_grid, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import opened

pytestmark = pytest.mark.usefixtures("app")
KINDS = pytest.mark.parametrize("kind", [PoolKind.BUILDING, PoolKind.GRID])


@pytest.fixture
def building() -> Building:
    return make_building(code="3栋", grid_id=make_grid(name="第一网格").id)


def lives(building: Building, *, is_verified: bool, **facts: object) -> Person:
    """Somebody who says that they live there."""
    known = {} if is_verified else {"door_verified_at": None}
    return make_person(building=building, unit="2", door="301", birth_year=1990, **known, **facts)


def kept_for(building: Building, kind: PoolKind, *, capacity: int = 1, **facts: Any) -> Roster:
    """A roster with nothing but places for those who live there."""
    where: dict[str, Any] = {"building_id": building.id} if kind is PoolKind.BUILDING else {"grid_id": building.grid_id}
    name = building.code if kind is PoolKind.BUILDING else "第一网格"
    return make_roster(capacity=0, pools=[PoolFacts(kind=kind, capacity=capacity, name=name, **where)], **facts)


def verify(person: Person) -> None:
    """The desk has seen that they live there."""
    clerk = make_person()
    with transaction() as session:
        households.verify(session.get_one(Person, person.id), by=clerk, now=clock.now())


@ONE_ENGINE
@KINDS
def test_a_place_kept_for_a_home_is_not_for_whoever_says_they_live_there(building: Building, kind: PoolKind) -> None:
    roster = kept_for(building, kind)
    says, lives_there = lives(building, is_verified=False), lives(building, is_verified=True)
    [waits] = sign_up(roster, says)
    [sits] = sign_up(roster, lives_there)
    assert (state_of(waits), state_of(sits)) == ("waiting", "confirmed")
    assert sits.pool_id == the_pool(roster, kind).id


@KINDS
def test_whoever_only_says_so_keeps_it_from_nobody_and_has_it_once_the_desk_has_verified_their_door(
    building: Building, kind: PoolKind
) -> None:
    roster = kept_for(building, kind, capacity=1)
    says = lives(building, is_verified=False)
    [waits] = sign_up(roster, says)
    noon = at(12, days=0)
    assert not is_offerable(roster, now=noon)
    stands = left_on({roster.id: read(roster)}, now=noon, person=lives(building, is_verified=True))[roster.id]
    assert (stands.mine, stands.unproved) == (1, ()), "who waits in vain stands before nobody"
    verify(says)
    with transaction():
        offer_held(hold(roster), now=noon)
    assert state_of(waits) == "offered"


@ONE_ENGINE
def test_it_is_for_residents_whose_door_the_desk_has_verified(building: Building) -> None:
    roster = make_roster(residents_only=True)
    for person in (make_person(), lives(building, is_verified=False)):
        with pytest.raises(Refused) as refused:
            sign_up(roster, person)
        [error] = refused.value.refused[person.id]
        assert isinstance(error, GateShut)
        assert error.gate == "resident"
    assert sign_up(roster, lives(building, is_verified=True))


@ONE_ENGINE
@KINDS
def test_pages_say_what_to_do_for_it(client: FlaskClient, building: Building, kind: PoolKind) -> None:
    lead = make_account()
    activity = make_activity(organisation=make_organisation(leads=[lead.person]), starts=[at(10, days=5)])
    roster = kept_for(building, kind, activity=activity)
    says = make_account(lives(building, is_verified=False))
    to_do = "They count once the desk has verified the door"
    pages = [f"/activities/{activity.slug}", f"/sign-ups/new/{activity.slug}/{roster.id}"]
    place = "3栋" if kind is PoolKind.BUILDING else "第一网格"
    sign_in(client, says)
    for page in pages:
        assert f"Also kept: For residents of {place} 1. {to_do}" in " ".join(
            opened(client, f"{page}?lang=en").text.split()
        )
    [made] = sign_up(roster, says.person)
    own = f"/sign-ups/{made.reference}?lang=en"
    assert to_do in client.get(own).text
    sign_in(client, lead)
    answer = client.get(own)
    assert answer.status_code == 200
    assert to_do not in answer.text, "where somebody lives is not for those who lead"
    sign_in(client, make_account(lives(building, is_verified=True)))
    for page in pages:
        assert to_do not in client.get(f"{page}?lang=en").text
    verify(says.person)
    sign_in(client, says)
    assert to_do not in client.get(own).text
