"""Changing a roster that people rely on: what is forbidden, what follows, and who gives a place back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from center.organisations.models import Organisation
from center.people.models import Account
from center.signups.cancelling import cancel
from center.signups.changing import actions as changing
from center.signups.changing.rules import Consequence, Obstacle, RosterCounts, consequences, obstacles, stamp_of
from center.signups.decisions import approve
from center.signups.history import details_of, roster_history
from center.signups.lottery.actions import draw_lots
from center.signups.models import Audience, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange
from center.signups.posting import volunteers
from center.signups.posting.capacity import TooFewPlaces, add_pool, reduce_places
from center.signups.rosters import PoolFacts, RosterFacts, facts_of
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_account, make_building, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.walking import go_on, opened, sent

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIRST_COME, LOTTERY = RosterFacts(), RosterFacts(mode=Mode.LOTTERY, closes_at=NOON + HOUR)
ALREADY = Consequence.RELEASED_ALREADY


@pytest.fixture(autouse=True)
def _ledger_stays_true(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "app" in request.fixturenames:
        db.session.rollback()
        assert ledger_findings() == []


@ONE_ENGINE
@pytest.mark.parametrize(
    ("before", "after", "facts", "expected"),
    [
        (FIRST_COME, LOTTERY, {}, []),
        (FIRST_COME, LOTTERY, {"asking": 3}, []),
        (FIRST_COME, LOTTERY, {"with_place": 1}, [Obstacle.HAS_PLACES]),
        (FIRST_COME, LOTTERY, {"waiting": 1}, [Obstacle.HAS_PLACES]),
        (FIRST_COME, replace(LOTTERY, closes_at=NOON), {}, [Obstacle.CLOSES_TOO_SOON]),
        (LOTTERY, replace(LOTTERY, closes_at=NOON), {}, [Obstacle.CLOSES_TOO_SOON]),
        (LOTTERY, replace(LOTTERY, offer_minutes=60), {"with_place": 1}, []),
        (LOTTERY, FIRST_COME, {"is_drawn": True}, [Obstacle.DRAWN]),
        (LOTTERY, replace(LOTTERY, closes_at=NOON + 2 * HOUR), {"is_drawn": True}, [Obstacle.DRAWN]),
        (LOTTERY, replace(LOTTERY, min_age=60, has_waiting_list=False), {"is_drawn": True, "with_place": 5}, []),
        (LOTTERY, FIRST_COME, {"asking": 3, "left": 2}, []),
        (LOTTERY, replace(FIRST_COME, has_waiting_list=False), {"asking": 2, "left": 2}, []),
        (LOTTERY, replace(FIRST_COME, has_waiting_list=False), {"asking": 3, "left": 2}, [Obstacle.NO_PLACE_FOR_ALL]),
        (FIRST_COME, replace(FIRST_COME, mode=Mode.WALK_IN), {}, []),
        (FIRST_COME, replace(FIRST_COME, mode=Mode.WALK_IN), {"waiting": 1}, [Obstacle.SIGNED_UP]),
        (FIRST_COME, replace(FIRST_COME, mode=Mode.APPROVAL), {"with_place": 4, "waiting": 2}, []),
    ],
)
def test_what_forbids_a_change(before: Any, after: Any, facts: dict[str, Any], expected: Any) -> None:
    assert obstacles(before, after, RosterCounts(**facts), now=NOON) == expected


@ONE_ENGINE
@pytest.mark.parametrize(
    ("before", "after", "facts", "expected"),
    [
        (FIRST_COME, FIRST_COME, {"with_place": 9}, []),
        (FIRST_COME, replace(FIRST_COME, mode=Mode.APPROVAL), {"with_place": 4}, [(Consequence.ALL_KEEP_PLACES, 4)]),
        (LOTTERY, FIRST_COME, {"asking": 3}, [(Consequence.ASKING_GET_PLACES, 3)]),
        (LOTTERY, replace(LOTTERY, mode=Mode.APPROVAL), {"asking": 3}, [(Consequence.ASKING_ARE_DECIDED, 3)]),
        (FIRST_COME, LOTTERY, {"asking": 3}, [(Consequence.ASKING_ARE_DRAWN, 3)]),
        (FIRST_COME, replace(FIRST_COME, closes_at=NOON), {}, [(Consequence.CLOSES_AT_ONCE, 0)]),
        (FIRST_COME, replace(FIRST_COME, opens_at=NOON + HOUR), {}, [(Consequence.SHUT_UNTIL_OPENING, 0)]),
        (FIRST_COME, replace(FIRST_COME, has_waiting_list=False), {"waiting": 2}, [(Consequence.WAITING_STAY, 2)]),
        (LOTTERY, replace(LOTTERY, has_waiting_list=False), {"asking": 5}, [(Consequence.NOT_DRAWN_DECLINED, 5)]),
        (FIRST_COME, replace(FIRST_COME, cancel_minutes=0), {"with_place": 2}, [(Consequence.OTHER_DEADLINE, 2)]),
        (
            FIRST_COME,
            replace(FIRST_COME, release_minutes=120),
            {"starts_at": NOON + HOUR, "kept_unused": 3},
            [(Consequence.RELEASED_AT_ONCE, 3)],
        ),
        (
            FIRST_COME,
            replace(FIRST_COME, release_minutes=9),
            {"is_released": True},
            [(Consequence.RELEASED_ALREADY, 0)],
        ),
        (FIRST_COME, replace(FIRST_COME, min_age=60), {"with_place": 2, "outside": 1}, [(Consequence.OUTSIDE_KEEP, 1)]),
    ],
)
def test_what_follows_from_a_change(before: Any, after: Any, facts: dict[str, Any], expected: Any) -> None:
    assert consequences(before, after, RosterCounts(**facts), now=NOON) == expected


def change(roster: Roster, *, seen: str | None = None, **facts: Any) -> None:
    db.session.rollback()
    before = facts_of(roster)
    with transaction():
        by = roster.activity.created_by
        changing.change(roster, replace(before, **facts), seen=seen or stamp_of(before), by=by, now=clock.now())


def last_news(sign_up: SignUp) -> Any:
    db.session.rollback()
    query = select(Notice.kind).where(Notice.person_id == sign_up.person_id).order_by(Notice.id.desc())
    return db.session.scalars(query).first()


def test_a_lottery_that_becomes_first_come_gives_places_in_the_order_people_came(app: Flask) -> None:
    roster = make_roster(mode=Mode.LOTTERY, closes_at=at(18, days=2), capacity=2)
    asked = [sign_up(roster, make_person())[0] for _ in range(3)]
    change(roster, mode=Mode.FIRST_COME)
    assert [state_of(each) for each in asked] == ["confirmed", "confirmed", "waiting"]
    assert [last_news(each) for each in asked[1:]] == ["sign_up.approved", "sign_up.waits_now"]
    [event] = roster_history(roster)
    assert (event.what, details_of(event)["mode"]) == (RosterChange.EDITED, ["lottery", "first_come"])


def test_once_drawn_it_stays_drawn_but_the_rest_can_be_changed(app: Flask) -> None:
    roster = make_roster(mode=Mode.LOTTERY, closes_at=at(18, days=2), capacity=1)
    sign_up(roster, make_person())
    with transaction():
        draw_lots(roster, by=roster.activity.created_by, now=at(18, days=2))
    with pytest.raises(RuleBroken):
        change(roster, mode=Mode.FIRST_COME)
    change(roster, offer_minutes=60)
    assert roster.offer_minutes == 60


@ONE_ENGINE
def test_nobody_changes_what_somebody_else_has_changed_meanwhile_and_twice_is_once(app: Flask) -> None:
    roster = make_roster()
    seen = stamp_of(facts_of(roster))
    change(roster, cancel_minutes=60)
    change(roster, seen=seen, cancel_minutes=60)
    with pytest.raises(Conflict):
        change(roster, seen=seen, cancel_minutes=90)
    assert len(roster_history(roster)) == 1


def cut_to(
    pool: Pool, capacity: int, *back: Any, to: SignUpState = SignUpState.WAITING, reason: str = "椅子坏了"
) -> None:
    with transaction():
        by = pool.roster.activity.created_by
        ids = [each.id for each in back]
        reduce_places(pool, capacity, back=ids, to=to, reason=reason, by=by, now=clock.now())


@ONE_ENGINE
def test_who_gives_a_place_back_waits_before_those_who_waited_already(app: Flask) -> None:
    roster = make_roster(capacity=3)
    one, two, three, four = (sign_up(roster, make_person())[0] for _ in range(4))
    pool = the_pool(roster)
    for wrong in ((), (one,), (one, two, three)):
        with pytest.raises(TooFewPlaces):
            cut_to(pool, 1, *wrong)
    with pytest.raises(RuleBroken):
        cut_to(pool, 1, two, three, reason="")
    with pytest.raises(Conflict):
        cut_to(pool, 1, two, four)
    cut_to(pool, 1, two, three)
    assert [state_of(each) for each in (one, two, three, four)] == ["confirmed", "waiting", "waiting", "waiting"]
    assert (the_pool(roster).capacity, the_pool(roster).taken) == (1, 1)
    assert last_news(two) == "sign_up.moved_back"
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    assert [state_of(each) for each in (two, three, four)] == ["offered", "waiting", "waiting"]
    cut_to(the_pool(roster), 0, two, to=SignUpState.CANCELLED)
    assert state_of(two) == "cancelled"


@ONE_ENGINE
def test_guests_are_given_places_of_a_name_of_their_own(app: Flask) -> None:
    roster = make_roster(capacity=1, pools=[PoolFacts(kind=PoolKind.NAMED, capacity=1, name="嘉宾")])
    _one, two, three = (sign_up(roster, make_person())[0] for _ in range(3))
    assert state_of(two) == "waiting"
    pool, by = the_pool(roster, PoolKind.NAMED), roster.activity.created_by
    for _twice in range(2):
        with transaction():
            approve(two, pool=pool, by=by, now=clock.now())
    assert (state_of(two), state_of(three)) == ("confirmed", "waiting")
    with pytest.raises(Conflict), transaction():
        approve(three, pool=pool, by=by, now=clock.now())


def test_places_for_a_building_are_taken_from_those_for_everybody_and_only_free_ones(app: Flask) -> None:
    roster, building = make_roster(capacity=3), make_building(code="8栋")
    sign_up(roster, make_person())
    facts = PoolFacts(kind=PoolKind.BUILDING, capacity=2, name="8栋", building_id=building.id)
    for capacity, error in ((3, RuleBroken), (2, None)):
        with transaction() if error is None else pytest.raises(error):
            if error is None:
                add_pool(roster, facts, by=roster.activity.created_by, now=clock.now(), from_general=True)
            else:
                with transaction():
                    wanted = replace(facts, capacity=capacity)
                    add_pool(roster, wanted, by=roster.activity.created_by, now=clock.now(), from_general=True)
    assert (the_pool(roster).capacity, the_pool(roster, PoolKind.BUILDING).capacity) == (1, 2)
    with pytest.raises(Conflict), transaction():
        add_pool(roster, facts, by=roster.activity.created_by, now=clock.now())
    [stranger] = sign_up(roster, make_person())
    [neighbour] = sign_up(roster, make_person(building=building, unit="1", door="1"))
    assert (state_of(stranger), state_of(neighbour)) == ("waiting", "confirmed")


def test_volunteers_are_wanted_fewer_no_longer_and_wanted_again(app: Flask) -> None:
    activity = make_activity(room=make_room(capacity=8), expected=5)
    make_roster(activity, capacity=5)
    by = activity.created_by

    def want(number: int) -> None:
        with transaction():
            volunteers.want(activity, number, by=by, now=clock.now())

    with pytest.raises(RuleBroken):
        want(4)
    want(2)
    want(2)
    [roster] = volunteers.volunteers_of(activity)
    [one], [two] = (sign_up(roster, make_person()) for _ in range(2))
    with pytest.raises(TooFewPlaces):
        want(1)
    with pytest.raises(RuleBroken), transaction():
        volunteers.stop(activity, reason="", by=by, now=clock.now())
    with transaction():
        assert volunteers.stop(activity, reason="改期", by=by, now=clock.now()) == 2
    assert (state_of(one), last_news(two)) == ("cancelled", "sign_up.cancelled_by_staff")
    with pytest.raises(RuleBroken):
        sign_up(db.session.get_one(Roster, roster.id), make_person())
    want(3)
    assert volunteers.volunteers_of(activity)[0].id == roster.id
    sign_up(db.session.get_one(Roster, roster.id), one.person)


@pytest.fixture
def lead() -> Account:
    return make_account(make_person(name="李建国"))


@pytest.fixture
def team(lead: Account) -> Organisation:
    return make_organisation(leads=[lead.person], slug="team")


def filled(roster: Roster, **more: Any) -> dict[str, Any]:
    facts = facts_of(roster)
    return {
        "mode": facts.mode.value,
        "for_whom": "everybody",
        "cancel_hours": "24",
        "release_hours": "24",
        "offer_hours": "12",
        "has_waiting_list": "y",
        "seen": stamp_of(facts),
        **more,
    }


@ONE_ENGINE
def test_a_lead_sees_what_follows_before_it_is_saved(
    app: Flask, client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team)
    roster = make_roster(activity, mode=Mode.LOTTERY, closes_at=at(18, days=2), capacity=1)
    sign_up(roster, make_person()), sign_up(roster, make_person())
    address = f"/workspace/activities/{activity.slug}/rosters/{roster.id}/change"
    client.get("/?lang=en")
    sign_in(client, lead)
    look = sent(client, f"{address}/answers?lang=en", filled(roster, mode="first_come"))
    assert "2 people who asked get places now" in look.text
    db.session.rollback()
    assert db.session.get_one(Roster, roster.id).mode is Mode.LOTTERY, "looking changes nothing"
    refused = sent(client, f"{address}/answers", filled(roster, mode="walk_in"))
    assert refused.status_code == 422
    assert 'href="#mode' in refused.text
    assert "2 by phone, from the desk" in look.text
    saved = go_on(client, look)
    assert saved.status_code == 303
    assert "Sign-up changed" in client.get(f"/workspace/activities/{activity.slug}/rosters/{roster.id}?lang=en").text
    sign_in(client, make_account())
    assert client.post(f"{address}/answers", data=filled(roster)).status_code == 404


@ONE_ENGINE
def test_too_few_places_asks_who_gives_theirs_back(
    app: Flask, client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team)
    roster = make_roster(activity, capacity=2)
    one, two = (sign_up(roster, make_person())[0] for _ in range(2))
    address = f"/workspace/activities/{activity.slug}/places/{the_pool(roster).id}"
    sign_in(client, lead)
    asked = client.post(address, data={"capacity": "1", "to": "waiting"})
    assert asked.status_code == 422
    assert f'value="{two.id}"' in asked.text
    assert (
        "2 by phone, from the desk" in client.post(f"{address}?lang=en", data={"capacity": "1", "to": "waiting"}).text
    )
    sent = {"capacity": "1", "to": "waiting", "stage": "cut", "back": [two.id], "reason": "椅子坏了"}
    forged = client.post(address, data={**sent, "back": [99999]})
    assert forged.status_code in {409, 422}
    assert client.post(address, data=sent).status_code == 303
    assert [state_of(each) for each in (one, two)] == ["confirmed", "waiting"]


@ONE_ENGINE
def test_volunteers_sign_up_on_the_page_of_the_activity(
    app: Flask, client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team)
    make_roster(activity)
    sign_in(client, lead)
    assert client.post(f"/workspace/activities/{activity.slug}/volunteers", data={"volunteers": "2"}).status_code == 303
    query = select(Roster).where(Roster.audience == Audience.VOLUNTEERS)
    db.session.rollback()
    roster = db.session.scalars(query).one()
    assert "Sign up as a volunteer" in client.get(f"/activities/{activity.slug}?lang=en").text
    assert opened(client, f"/sign-ups/new/{activity.slug}/{roster.id}").status_code == 200
    assert client.post(f"/workspace/activities/{activity.slug}/volunteers/stop", data={}).status_code == 303
    assert opened(client, f"/sign-ups/new/{activity.slug}/{roster.id}").status_code == 404


@ONE_ENGINE
def test_the_page_of_a_lottery_shows_its_sum_before_and_its_seed_after(
    app: Flask, client: FlaskClient, lead: Account, team: Organisation
) -> None:
    from center.signups.lottery.rules import sum_of
    from center.signups.queries import find_draw

    activity = make_activity(organisation=team)
    roster = make_roster(activity, mode=Mode.LOTTERY, closes_at=at(18, days=2), capacity=1)
    account = make_account(make_person(name="王秀英"))
    mine, *_others = (sign_up(roster, each)[0] for each in (account.person, make_person(), make_person()))
    seed, address = there(find_draw(roster)).seed, f"/activities/{activity.slug}/draw/{roster.id}?lang=en"
    before = client.get(address).text
    assert sum_of(seed) in before
    assert seed not in before
    assert "3 people take part so far" in client.get(f"/activities/{activity.slug}?lang=en").text
    sign_in(client, account)
    assert "You take part in the draw" in client.get(f"/sign-ups/{mine.reference}?lang=en").text
    with transaction():
        draw_lots(roster, by=lead.person, now=at(18, days=2))
    after = client.get(address).text
    assert seed in after
    assert "the same result" in after
    assert f"{mine.reference} <strong>(yours)" in after
    assert "王秀英" not in after.partition("<main")[2].partition("</main")[0]
    assert "You were drawn as number" in client.get(f"/sign-ups/{mine.reference}?lang=en").text
    client.get("/sign-out")
    assert db.session.get_one(SignUp, mine.id).queue_order in {1, 2, 3}


@ONE_ENGINE
def test_a_lead_draws_once_sign_up_has_closed_and_nobody_else_does(
    app: Flask, client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity, closes_at = make_activity(organisation=team), clock.now() + HOUR
    roster = make_roster(activity, mode=Mode.LOTTERY, closes_at=closes_at, capacity=1)
    [asked] = sign_up(roster, make_person())
    address = f"/workspace/activities/{activity.slug}/rosters/{roster.id}/draw"
    sign_in(client, make_account())
    assert client.post(address).status_code == 404
    sign_in(client, lead)
    assert client.post(address).location.endswith(f"/rosters/{roster.id}")
    assert state_of(asked) == "requested"
    clock.start_at(closes_at)
    first, again = (client.post(address) for _twice in range(2))
    assert first.location == again.location == f"/activities/{activity.slug}/draw/{roster.id}"
    assert state_of(asked) == "confirmed"
