"""How many places are left: for whoever looks, with what is kept for whom behind it, and who comes first."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Person, Role
from center.signups.cancelling import cancel
from center.signups.models import Channel, PoolKind, Roster
from center.signups.places_left import left_on
from center.signups.posting.capacity import change_capacity
from center.signups.roster_state import read
from center.signups.rosters import PoolFacts
from center.signups.words import kept_said, places_said, queue_said
from tests.activity_builders import make_activity, make_roster, sign_up, the_pool
from tests.builders import at, make_account, make_building, make_person, sign_in, trust
from tests.walking import opened

pytestmark = pytest.mark.usefixtures("app")
KEPT = [
    PoolFacts(kind=PoolKind.ELDERS, capacity=3),
    PoolFacts(kind=PoolKind.DESK, capacity=2),
    PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=1),
]


def stands(roster: Roster, person: Person | None | Person | None = None, channel: Channel = Channel.ONLINE) -> Any:
    return left_on({roster.id: read(roster)}, now=clock.now(), person=person, channel=channel)[roster.id]


def frees_at_night(roster: Roster) -> None:
    """A place is freed when nobody is rung up; two wait for it until the morning."""
    [holder] = sign_up(roster, make_person(birth_year=1990))
    for _n in range(2):
        sign_up(roster, make_person(birth_year=1990))
    clock.start_at(at(22))
    with transaction():
        cancel(holder, by=holder.person, now=clock.now(), reason="x")


@pytest.mark.parametrize(
    ("facts", "channel", "mine", "kept"),
    [
        (None, Channel.ONLINE, 10, {"elders": 3, "desk": 2, "wheelchair": 1}),
        ({"birth_year": 1990}, Channel.ONLINE, 10, {"elders": 3, "desk": 2, "wheelchair": 1}),
        ({"birth_year": 1950}, Channel.ONLINE, 13, {"desk": 2, "wheelchair": 1}),
        ({"birth_year": 1950}, Channel.PHONE, 15, {"wheelchair": 1}),
    ],
    ids=["anybody", "somebody young", "an elder", "an elder at the desk"],
)
def test_it_is_the_number_that_whoever_looks_may_take_and_the_rest_is_kept_for_whom(
    facts: dict[str, Any] | None, channel: Channel, mine: int, kept: dict[str, Any]
) -> None:
    roster = make_roster(capacity=10, pools=KEPT)
    left = stands(roster, make_person(**facts) if facts else None, channel)
    assert (left.mine, {each.kind.value: each.left for each in left.kept}) == (mine, kept)
    assert (left.capacity, left.taken, left.must_wait) == (16, 0, False)


def test_a_freed_place_is_for_those_who_wait_and_says_at_which_number_one_would_be(app: Flask) -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)]), capacity=1, pools=KEPT[:1])
    frees_at_night(roster)
    left = stands(roster, make_person(birth_year=1990))
    assert (left.mine, left.free, left.waiting, left.must_wait) == (0, 1, 2, True)
    with app.test_request_context("/?lang=en"):
        assert places_said(left)[0] == "2 wait, free places go to them first"
        assert queue_said(left) == "whoever signs up now is number 3"
        assert queue_said(left, joins=False) == ""
        assert kept_said(left) == "Kept: For people of 60 and older 3"
    old = stands(roster, make_person(birth_year=1950))
    assert (old.mine, old.must_wait) == (3, False), "nobody waits for those kept for elders"


def test_whoever_waits_in_vain_or_for_a_seat_beside_them_keeps_no_place_from_others() -> None:
    roster = make_roster(capacity=3)
    with_companion = {"wants_companion": True}
    home = {"building": make_building(), "unit": "1", "door": "1"}
    [_holder] = sign_up(roster, make_person())
    sign_up(roster, *trust(*(make_person(**home) for _n in range(3))), stays_together=True)
    with transaction():
        change_capacity(the_pool(roster), 2, by=roster.activity.created_by, now=clock.now())
    assert stands(roster).mine == 1
    seats = make_roster(capacity=3, pools=[PoolFacts(kind=PoolKind.COMPANION, capacity=1)])
    for _n in range(2):
        sign_up(seats, make_person(), wish=with_companion)
    assert (stands(seats).mine, stands(seats).waiting) == (2, 1)


def test_released_places_are_everybodys() -> None:
    roster = make_roster(make_activity(starts=[at(10, days=5)]), capacity=1, pools=KEPT)
    sign_up(roster, make_person(birth_year=1990), now=at(11, days=4))
    assert (stands(roster).mine, stands(roster).kept) == (6, ())


def test_page_list_desk_and_the_text_to_pass_on_say_the_same_at_night(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5)], title_en="Film")
    frees_at_night(make_roster(activity, capacity=1))
    said = "2 wait, free places go to them first"
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert said in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    assert f"{said} · whoever signs up now is number 3" in page.partition('id="share-text"')[2]
    assert '"remainingAttendeeCapacity":0' in page
    listed = client.get("/activities?lang=en").text
    assert said in listed
    assert "whoever signs up now is number 3" in listed
    assert "Film" not in client.get("/activities?lang=en&places=1").text.partition('id="found"')[2]
    sign_in(client, make_account(roles=[Role.CLERK]))
    desk = client.get(f"/desk/people/{make_person().id}/sign-up?lang=en").text
    assert said in desk
    assert "Onto the waiting list" in desk


def test_list_and_page_say_what_is_kept_for_whom(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5)])
    roster = make_roster(activity, capacity=10, pools=KEPT)
    page, listed = (client.get(f"{each}?lang=en").text for each in (f"/activities/{activity.slug}", "/activities"))
    assert "10 places left" in page
    assert "For people of 60 and older: 3 of 3 left" in page
    assert "10 places left" in listed
    assert "Kept: For people of 60 and older 3, At the desk and on the phone 2, Wheelchair places 1" in listed
    sign_in(client, make_account(make_person(birth_year=1950)))
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert "13 places left" in page
    assert "13 places left" in opened(client, f"/sign-ups/new/{activity.slug}/{roster.id}?lang=en").text
    assert "10 places left" in page.partition('id="share-text"')[2], "others read it"
