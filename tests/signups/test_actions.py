"""Signing up, cancelling, and the lead's decisions."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, Full, NotFound, RuleBroken
from center.people import acting
from center.people.acting import Ground
from center.people.models import Consent, Delegation, DelegationScope, Guardianship, Person
from center.signups import actions, cancelling, history
from center.signups.decisions import approve, decline
from center.signups.details import questions
from center.signups.details.questions import QuestionFacts
from center.signups.models import Channel, Mode, PoolKind, QuestionKind, Roster, SignUp, SignUpGroup
from center.signups.models.history import SignUpChange
from center.signups.posting.capacity import TooFewPlaces, change_capacity
from center.signups.rosters import PoolFacts
from center.signups.sign_up_request import PlaceRequest, Refused, SignUpRequest
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import LONG_AGO, at, make_building, make_organisation, make_person, trust
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def cancel(one: Any, **more: Any) -> None:
    with transaction():
        cancelling.cancel(one, **{"by": one.person, "now": clock.now(), **more})


def states(sign_ups: list[SignUp]) -> list[str]:
    return [state_of(each) for each in sign_ups]


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


@ONE_ENGINE
def test_who_comes_first_gets_the_place_and_the_next_waits() -> None:
    roster = make_roster(capacity=1)
    [first], [second] = sign_up(roster, make_person()), sign_up(roster, make_person())
    assert states([first, second]) == ["confirmed", "waiting"]
    assert the_pool(roster).taken == 1
    assert first.queue_order < second.queue_order


def test_the_same_form_sent_twice_signs_up_once() -> None:
    roster, person = make_roster(), make_person()
    [one] = sign_up(roster, person, key="k")
    [again] = sign_up(roster, person, key="k")
    assert one.id == again.id
    assert the_pool(roster).taken == 1
    assert [event.what for event in history.history(one)] == [SignUpChange.CONFIRMED]


@ONE_ENGINE
def test_a_form_sent_for_one_roster_is_not_taken_for_another() -> None:
    person = make_person()
    sign_up(make_roster(), person, key="k")
    with pytest.raises(Conflict, match=r"sent before|发送过|已"):
        sign_up(make_roster(), person, key="k")


def test_nobody_is_on_a_roster_twice() -> None:
    roster, person = make_roster(), make_person()
    sign_up(roster, person)
    with pytest.raises(Refused):
        sign_up(roster, person)
    assert the_pool(roster).taken == 1


@ONE_ENGINE
def test_two_of_a_family_cannot_both_sign_up_the_child() -> None:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    mother, father, child = make_person(**home), make_person(**home), make_person(birth_year=2018, **home)
    trust(mother, father, child)
    roster = make_roster()
    sign_up(roster, child, by=mother)
    with pytest.raises(Refused):
        sign_up(roster, child, by=father)
    assert the_pool(roster).taken == 1


@ONE_ENGINE
def test_after_cancelling_one_may_sign_up_again_at_the_end_of_the_queue() -> None:
    roster, first, second = make_roster(capacity=1), make_person(), make_person()
    [one] = sign_up(roster, first)
    sign_up(roster, second)
    cancel(one)
    [again] = sign_up(roster, first)
    assert state_of(again) == "waiting"


def test_cancelling_twice_frees_the_place_once() -> None:
    roster = make_roster(capacity=3)
    [one], [_other] = sign_up(roster, make_person()), sign_up(roster, make_person())
    cancel(one)
    cancel(one)
    assert the_pool(roster).taken == 1
    assert [event.what for event in history.history(one)] == [SignUpChange.CONFIRMED, SignUpChange.CANCELLED]


@ONE_ENGINE
def test_a_stranger_cannot_be_signed_up_whoever_they_are() -> None:
    roster = make_roster()
    for wish in (make_person(), make_person(birth_year=2018)):
        with pytest.raises(NotFound):
            sign_up(roster, wish, by=make_person())
    forged = SignUpRequest(places=[PlaceRequest(person_id=999_999)], request_key="x")
    with pytest.raises(NotFound), transaction():
        actions.sign_up(roster, forged, by=lead_of(roster), as_staff=True, now=clock.now())
    assert the_pool(roster).taken == 0


def lead_of(roster: Roster) -> Person:
    return roster.activity.created_by


@ONE_ENGINE
def test_a_resident_cannot_pretend_to_be_the_desk() -> None:
    roster = make_roster(pools=[PoolFacts(kind=PoolKind.DESK, capacity=5)])
    with pytest.raises(NotFound):
        sign_up(roster, make_person(), channel=Channel.DESK)


@ONE_ENGINE
@pytest.mark.parametrize("ground", [Ground.GUARDIAN, Ground.DELEGATION, Ground.STAFF])
def test_whoever_may_act_for_somebody_signs_them_up_and_it_says_by_what_right(ground: Ground) -> None:
    actor, person = make_person(), make_person()
    with transaction() as session:
        if ground is Ground.GUARDIAN:
            session.add(Guardianship(child_id=person.id, guardian_id=actor.id, starts_on=LONG_AGO))
        if ground is Ground.DELEGATION:
            give(person, actor)
    [one] = sign_up(make_roster(), person, by=actor, as_staff=ground is Ground.STAFF)
    assert (one.ground, one.signed_by_id) == (ground, actor.id)


def give(person: Person, actor: Person, **more: Any) -> Delegation:
    facts = {"scope": DelegationScope.SIGN_UPS, "starts_on": LONG_AGO, "ends_on": at(0, days=9).date()}
    facts |= {"starts_on": at(0, days=-30).date(), "consent": Consent.BY_PHONE, "by": actor, "now": clock.now()}
    return acting.grant(person, to=actor, **{**facts, **more})


@ONE_ENGINE
def test_a_permission_taken_back_counts_no_more() -> None:
    actor, person, roster = make_person(), make_person(), make_roster()
    with transaction():
        given = give(person, actor)
    with transaction():
        acting.revoke(given, by=person, now=clock.now())
    with pytest.raises(NotFound):
        sign_up(roster, person, by=actor)


@ONE_ENGINE
@pytest.mark.parametrize(
    ("opens", "closes", "works"),
    [(0, 60, True), (1, 60, False), (-60, 0, False), (-60, 1, True), (None, None, True)],
    ids=["opens this instant", "opens in a moment", "closes this instant", "closes in a moment", "no window"],
)
def test_a_window_is_open_from_its_first_moment_until_just_before_its_last(
    opens: int | None, closes: int | None, works: bool
) -> None:
    now = clock.now()
    moment: dict[str, Any] = {
        name: now + timedelta(seconds=value) if value is not None else None
        for name, value in (("opens_at", opens), ("closes_at", closes))
    }
    roster = make_roster(**moment)
    if works:
        assert sign_up(roster, make_person(), now=now)
    else:
        with pytest.raises(RuleBroken):
            sign_up(roster, make_person(), now=now)
    assert sign_up(roster, make_person(), by=make_person(), as_staff=True, now=now), "the desk still may"


def test_everything_that_keeps_each_person_away_is_said_at_once() -> None:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    young, unknown = trust(make_person(birth_year=2015, **home), make_person(**home))
    roster = make_roster(min_age=60, residents_only=True)
    with pytest.raises(Refused) as refused:
        sign_up(roster, unknown, young)
    gates = {who: [getattr(e, "gate", None) for e in errors] for who, errors in refused.value.refused.items()}
    assert gates == {young.id: ["too_young"], unknown.id: ["age_unknown"]}
    assert the_pool(roster).taken == 0


@ONE_ENGINE
def test_some_get_places_and_others_wait_or_all_stay_together() -> None:
    home = {"building": make_building(), "unit": "1", "door": "1"}
    family = trust(*(make_person(**home) for _ in range(3)))
    apart = make_roster(capacity=2)
    assert states(sign_up(apart, *family)) == ["confirmed", "confirmed", "waiting"]
    together = make_roster(capacity=3)
    sign_up(together, make_person())
    assert states(sign_up(together, *family, stays_together=True)) == ["waiting"] * 3
    assert the_pool(together).taken == 1


def test_who_does_not_want_to_wait_is_told_that_it_is_full() -> None:
    roster = make_roster(capacity=0)
    with pytest.raises(Full):
        sign_up(roster, make_person(), may_wait=False)
    assert db.session.scalar(select(func.count(SignUp.id))) == 0
    assert db.session.scalar(select(func.count(SignUpGroup.id))) == 0


@ONE_ENGINE
def test_kept_places_are_for_those_they_are_kept_for() -> None:
    building = make_building()
    kept = [
        PoolFacts(kind=PoolKind.ELDERS, capacity=1),
        PoolFacts(kind=PoolKind.DESK, capacity=1),
        PoolFacts(kind=PoolKind.BUILDING, capacity=1, building_id=building.id),
        PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=1),
    ]
    roster = make_roster(capacity=0, pools=kept)
    elder, neighbour = make_person(birth_year=1950), make_person(building=building, unit="1", door="1")
    clerk, anybody = make_person(), make_person(birth_year=1990)
    [a] = sign_up(roster, elder)
    [b] = sign_up(roster, neighbour)
    [c] = sign_up(roster, make_person(), by=clerk, as_staff=True, channel=Channel.PHONE)
    [d] = sign_up(roster, make_person(), wish={"uses_wheelchair": True})
    [e] = sign_up(roster, anybody)
    assert states([a, b, c, d, e]) == ["confirmed"] * 4 + ["waiting"]
    kinds = [PoolKind.ELDERS, PoolKind.BUILDING, PoolKind.DESK, PoolKind.WHEELCHAIR]
    assert [each.pool_id for each in (a, b, c, d)] == [the_pool(roster, kind).id for kind in kinds]


@ONE_ENGINE
def test_unused_kept_places_are_everybodys_at_their_time() -> None:
    activity = make_activity(starts=[at(10, days=5)])
    kept = [PoolFacts(kind=PoolKind.ELDERS, capacity=2)]
    roster = make_roster(activity, capacity=1, pools=kept, release_minutes=1440, offer_minutes=60)
    sign_up(roster, make_person(birth_year=1950))
    sign_up(roster, make_person(birth_year=1990))
    [early] = sign_up(roster, make_person(birth_year=1990))
    assert state_of(early) == "waiting"
    [late] = sign_up(roster, make_person(birth_year=1990), now=at(10, days=4))
    assert states([early, late]) == ["offered", "waiting"], "who waited longer comes first"
    pools = {
        kind: (the_pool(roster, kind).capacity, the_pool(roster, kind).taken)
        for kind in (PoolKind.ELDERS, PoolKind.GENERAL)
    }
    assert pools == {PoolKind.ELDERS: (2, 2), PoolKind.GENERAL: (1, 1)}, "the plan stays as it is"


def test_a_companion_seat_is_not_one_of_the_places_but_comes_with_one() -> None:
    roster = make_roster(capacity=5, pools=[PoolFacts(kind=PoolKind.COMPANION, capacity=1)])
    wish = {"wants_companion": True}
    [one], [two] = sign_up(roster, make_person(), wish=wish), sign_up(roster, make_person(), wish=wish)
    assert states([one, two]) == ["confirmed", "waiting"]
    assert (the_pool(roster).taken, the_pool(roster, PoolKind.COMPANION).taken) == (1, 1)
    cancel(one)
    assert state_of(two) == "offered"
    assert (the_pool(roster).taken, the_pool(roster, PoolKind.COMPANION).taken) == (1, 1)


@ONE_ENGINE
def test_questions_are_answered_as_they_are_asked() -> None:
    roster = make_roster()
    with transaction():
        food = questions.add_question(
            roster,
            QuestionFacts(kind=QuestionKind.CHOICE, words="吃什么", choices="米饭\n面条", is_required=True),
            by=lead_of(roster),
        )
    other = make_roster()
    with transaction():
        foreign = questions.add_question(
            other, QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="x"), by=lead_of(other)
        )
    for answers in ({}, {food.id: "肉"}, {food.id: "米饭", foreign.id: "x"}, {food.id: "x" * 100_000}):
        with pytest.raises(Refused):
            sign_up(roster, make_person(), wish={"answers": answers})
    [one] = sign_up(roster, make_person(), wish={"answers": {food.id: " 面条 "}})
    assert [answer.says for answer in one.answers] == ["面条"]


@ONE_ENGINE
def test_capacity_is_not_cut_below_what_is_taken() -> None:
    roster = make_roster(capacity=3)
    first = make_person()
    sign_up(roster, first)
    sign_up(roster, make_person())
    pool = the_pool(roster)
    with pytest.raises(TooFewPlaces) as refused, transaction():
        change_capacity(pool, 1, by=first, now=clock.now())
    assert len(refused.value.holders) == 2
    with transaction():
        change_capacity(pool, 2, by=first, now=clock.now())
    assert (the_pool(roster).capacity, the_pool(roster).taken) == (2, 2)


@ONE_ENGINE
def test_after_the_deadline_cancelling_wants_a_word_and_after_the_start_it_is_too_late() -> None:
    roster = make_roster(make_activity(starts=[at(10)]), cancel_minutes=120)
    [one] = sign_up(roster, make_person())
    with pytest.raises(RuleBroken):
        cancel(one, now=at(9))
    cancel(one, now=at(9), reason="孩子病了")
    assert state_of(one) == "cancelled"
    [two] = sign_up(roster, make_person())
    with pytest.raises(RuleBroken):
        cancel(two, now=at(10), reason="x")
    cancel(two, now=at(10, 30), as_staff=True)
    assert the_pool(roster).taken == 0


@ONE_ENGINE
def test_the_lead_chooses_among_those_who_asked_as_far_as_there_are_places() -> None:
    roster = make_roster(capacity=1, mode=Mode.APPROVAL)
    [one], [two] = sign_up(roster, make_person()), sign_up(roster, make_person())
    assert states([one, two]) == ["requested", "requested"]
    lead = lead_of(roster)
    with transaction():
        approve(one, by=lead, now=clock.now())
    with transaction():
        approve(one, by=lead, now=clock.now())
    with pytest.raises(Full), transaction():
        approve(two, by=lead, now=clock.now())
    with pytest.raises(RuleBroken), transaction():
        decline(two, reason="", by=lead, now=clock.now())
    with transaction():
        decline(two, reason="这次只有一席", by=lead, now=clock.now())
    assert states([one, two]) == ["confirmed", "declined"]
    assert the_pool(roster).taken == 1


@ONE_ENGINE
def test_where_a_lead_chooses_the_desk_asks_like_everybody_else() -> None:
    """It cannot take the last place from under the lead's choice."""
    roster = make_roster(capacity=1, mode=Mode.APPROVAL)
    [asked] = sign_up(roster, make_person())
    [at_desk] = sign_up(roster, make_person(), by=make_person(), as_staff=True, channel=Channel.DESK)
    assert states([asked, at_desk]) == ["requested", "requested"]
    with transaction():
        approve(asked, by=lead_of(roster), now=clock.now())
    assert states([asked, at_desk]) == ["confirmed", "requested"]


@ONE_ENGINE
def test_where_a_lead_chooses_the_desk_gives_only_the_places_kept_for_it() -> None:
    kept = [PoolFacts(kind=PoolKind.DESK, capacity=1), PoolFacts(kind=PoolKind.ELDERS, capacity=1)]
    roster, desk = make_roster(capacity=1, pools=kept, mode=Mode.APPROVAL), make_person()
    walked_in = [
        sign_up(roster, make_person(birth_year=1940), by=desk, as_staff=True, channel=Channel.PHONE)[0] for _ in "12"
    ]
    assert states(walked_in) == ["confirmed", "requested"]
    assert [the_pool(roster, kind).taken for kind in (PoolKind.DESK, PoolKind.ELDERS, PoolKind.GENERAL)] == [1, 0, 0]
    pair = sign_up(roster, make_person(), make_person(), by=desk, as_staff=True, channel=Channel.DESK)
    assert states(pair) == ["requested", "requested"]
    with transaction():
        approve(walked_in[1], by=lead_of(roster), now=clock.now())
    assert state_of(walked_in[1]) == "confirmed"


@ONE_ENGINE
def test_a_place_under_a_name_is_given_by_the_desk_also_where_a_lead_chooses() -> None:
    roster = make_roster(pools=[PoolFacts(kind=PoolKind.NAMED, name="特邀", capacity=1)], mode=Mode.APPROVAL)
    wish = {"pool_id": the_pool(roster, PoolKind.NAMED).id}
    desk = make_person()
    [one] = sign_up(roster, make_person(), by=desk, as_staff=True, channel=Channel.DESK, wish=wish)
    [two] = sign_up(roster, make_person(), by=desk, as_staff=True, channel=Channel.DESK, wish=wish)
    assert states([one, two]) == ["confirmed", "requested"]


def test_members_only_is_for_members() -> None:
    member = make_person()
    roster = make_roster(make_activity(organisation=make_organisation(members=[member])), mode=Mode.MEMBERS_ONLY)
    with pytest.raises(Refused):
        sign_up(roster, make_person())
    assert states(sign_up(roster, member)) == ["confirmed"]


@ONE_ENGINE
def test_what_is_not_published_or_called_off_cannot_be_signed_up_for() -> None:
    draft = make_roster(make_activity(is_published=False))
    for as_staff in (False, True):
        with pytest.raises(RuleBroken):
            sign_up(draft, make_person(), as_staff=as_staff)
