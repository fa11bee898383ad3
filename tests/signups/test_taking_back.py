"""A decision about a sign-up is taken back within a minute, honestly: others keep what they got meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices import actions as notices
from center.notices.models import Delivery, Notice
from center.people.models import Person, Role
from center.signups import decisions, places
from center.signups.cancelling import cancel
from center.signups.models import Mode, SignUp
from center.signups.models.history import SignUpEvent
from center.signups.posting.capacity import change_capacity
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import make_account, make_organisation, make_person, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.signups.test_races import at_once, signing
from tests.there import there

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)
ROUNDS = 3


@pytest.fixture
def lead() -> Person:
    return make_person()


def asked(**facts: Any) -> SignUp:
    [request] = sign_up(make_roster(mode=Mode.APPROVAL, **facts), make_person())
    return request


def decide(one: SignUp, by: Person, *, approve: bool = False) -> None:
    with transaction():
        if approve:
            decisions.approve(one, by=by, now=clock.now())
        else:
            decisions.decline(one, reason="名额已满", by=by, now=clock.now())


def take_back(one: SignUp, by: Person) -> decisions.Undone | None:
    with transaction():
        return decisions.take_back(one, by=by, now=clock.now())


def told(person: Person) -> list[str]:
    db.session.rollback()
    query = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return [each.partition(".")[2] for each in db.session.scalars(query)]


def group_in_the_way() -> tuple[SignUp, SignUp, SignUp]:
    """Two who stay together and one behind them wait; one place is free, which the two could not use."""
    roster = make_roster(capacity=3)
    [seated], _, _ = (sign_up(roster, make_person()) for _ in range(3))
    first, second = sign_up(roster, *trust(make_person(), make_person()), stays_together=True)
    [behind] = sign_up(roster, make_person())
    with transaction():
        cancel(seated, by=seated.person, now=clock.now())
    return first, second, behind


@pytest.mark.parametrize("approve", [True, False], ids=["approved", "declined"])
def test_they_ask_again_and_nobody_hears_what_was_not_said_yet(lead: Person, approve: bool) -> None:
    one = asked()
    decide(one, lead, approve=approve)
    assert len(told(one.person)) == 2
    assert decisions.just_decided(one.roster, by=lead, now=clock.now()) == [one]
    assert list(there(take_back(one, lead)).passed_on) == []
    assert state_of(one) == "requested"
    assert the_pool(one.roster).taken == 0
    assert told(one.person) == ["requested"]
    assert take_back(one, lead) is None, "twice is once"
    what = [each.what for each in db.session.scalars(select(SignUpEvent).order_by(SignUpEvent.id))]
    assert what == ["requested", "approved" if approve else "declined", "decision_undone"]
    assert decisions.just_decided(one.roster, by=lead, now=clock.now()) == []
    decide(one, lead, approve=True)
    assert state_of(one) == "confirmed", "and can be decided anew"
    assert ledger_findings() == []


@ONE_ENGINE
def test_a_decision_stays_in_the_house_for_the_minute_and_who_heard_it_is_told_otherwise(lead: Person) -> None:
    one = asked()
    decide(one, lead)
    [delivery] = db.session.scalars(select(Delivery)).all()
    assert delivery.due_at >= one.changed_at + MINUTE
    with transaction():
        notices.tick_off(delivery, by=lead, now=clock.now())
    take_back(one, lead)
    assert told(one.person) == ["requested", "declined", "decision_undone"]


@ONE_ENGINE
def test_after_a_minute_or_by_somebody_else_it_is_refused(lead: Person) -> None:
    one = asked()
    decide(one, lead)
    with pytest.raises(Conflict):
        take_back(one, make_person())
    clock.start_at(clock.now() + MINUTE)
    assert decisions.just_decided(one.roster, by=lead, now=clock.now()) == []
    with pytest.raises(RuleBroken, match="一分钟"):
        take_back(one, lead)
    assert state_of(one) == "declined"


@ONE_ENGINE
def test_what_was_passed_on_meanwhile_stays_theirs_and_is_said(lead: Person) -> None:
    first, second, behind = group_in_the_way()
    assert [state_of(each) for each in (first, second, behind)] == ["waiting"] * 3
    decide(first, lead)
    assert [state_of(each) for each in (second, behind)] == ["offered", "waiting"], "the turn is passed on at once"
    undone = take_back(first, lead)
    assert [each.id for each in there(undone).passed_on] == [second.id]
    assert [state_of(each) for each in (first, second, behind)] == ["waiting", "offered", "waiting"]
    assert first.queue_order < behind.queue_order, "with their old number"
    assert ledger_findings() == []


@ONE_ENGINE
def test_a_place_that_is_free_still_goes_to_whoever_waits_again(lead: Person) -> None:
    roster = make_roster(capacity=1)
    [seated], [waiting] = sign_up(roster, make_person()), sign_up(roster, make_person())
    decide(waiting, lead)
    with transaction():
        cancel(seated, by=seated.person, now=clock.now())
    assert there(take_back(waiting, lead)).passed_on == []
    assert state_of(waiting) == "offered"


@ONE_ENGINE
def test_an_approval_that_is_taken_back_frees_its_place_for_the_queue(lead: Person) -> None:
    one = asked(capacity=1)
    decide(one, lead, approve=True)
    [queued] = sign_up(one.roster, make_person())
    with transaction():
        change_capacity(the_pool(one.roster), 1, by=lead, now=clock.now())
    take_back(one, lead)
    assert the_pool(one.roster).taken == 0
    assert (state_of(one), state_of(queued)) == ("requested", "requested")


@ONE_ENGINE
def test_who_signed_up_anew_is_not_on_the_roster_twice(lead: Person) -> None:
    one = asked()
    decide(one, lead)
    [_anew] = sign_up(one.roster, one.person)
    with pytest.raises(places.AlreadySignedUp):
        take_back(one, lead)
    assert state_of(one) == "declined"
    assert ledger_findings() == []


def test_taking_back_races_with_signing_up_anew_and_with_those_behind(app: Flask, lead: Person) -> None:
    for _round in range(ROUNDS):
        one = asked(capacity=1)
        decide(one, lead)
        roster_id, one_id, lead_id, person_id = one.roster_id, one.id, lead.id, one.person_id

        def undo(one_id: int = one_id, lead_id: int = lead_id) -> None:
            by = db.session.get_one(Person, lead_id)
            decisions.take_back(db.session.get_one(SignUp, one_id), by=by, now=clock.now())

        undone, anew = at_once(app, [undo, signing(roster_id, person_id)])
        assert undone != anew, "one of the two is first, and the other is told"
        db.session.rollback()
        there = select(SignUp).where(SignUp.roster_id == roster_id).execution_options(populate_existing=True)
        live = db.session.scalars(there).all()
        assert sum(each.is_live for each in live) == 1
        assert ledger_findings() == []


def test_an_approval_taken_back_races_with_another_for_the_last_place(app: Flask, lead: Person) -> None:
    for _round in range(ROUNDS):
        one = asked(capacity=1)
        [other] = sign_up(one.roster, make_person())
        decide(one, lead, approve=True)
        one_id, other_id, lead_id, roster = one.id, other.id, lead.id, one.roster

        def undo(one_id: int = one_id, lead_id: int = lead_id) -> None:
            by = db.session.get_one(Person, lead_id)
            decisions.take_back(db.session.get_one(SignUp, one_id), by=by, now=clock.now())

        def approve(other_id: int = other_id, lead_id: int = lead_id) -> None:
            by = db.session.get_one(Person, lead_id)
            decisions.approve(db.session.get_one(SignUp, other_id), by=by, now=clock.now())

        undone, approved = at_once(app, [undo, approve])
        assert undone
        assert the_pool(roster).taken == (1 if approved else 0)
        assert state_of(one) == "requested"
        assert ledger_findings() == []


@ONE_ENGINE
def test_a_lead_and_the_desk_press_it_on_the_roster_and_nobody_else_can(client: FlaskClient) -> None:
    lead = make_account(make_person())
    organisation = make_organisation(leads=[lead.person])
    activity = make_activity(organisation=organisation)
    roster = make_roster(activity, mode=Mode.APPROVAL)
    page = f"/workspace/activities/{activity.slug}/rosters/{roster.id}?lang=en"
    for account in (lead, make_account(roles=[Role.CLERK])):
        [one] = sign_up(roster, make_person(name="王秀英"))
        sign_in(client, account)
        client.post(f"/workspace/sign-ups/{one.reference}/decline", data={"reason": "满了"})
        assert "You can undo it within one minute" in client.get(page).text
        answer = client.post(f"/workspace/sign-ups/{one.reference}/take-back?lang=en", follow_redirects=True)
        assert "Taken back: 王秀英" in answer.text
        assert "You can undo it within one minute" not in answer.text
        assert answer.request.path == page.partition("?")[0]
        assert state_of(one) == "requested"
    sign_in(client, make_account())
    assert client.post(f"/workspace/sign-ups/{one.reference}/take-back").status_code == 404


@ONE_ENGINE
def test_the_roll_is_narrowed_with_counts_of_what_is_listed_and_stays_so(client: FlaskClient) -> None:
    clerk = make_account(roles=[Role.CLERK])
    activity = make_activity()
    roster = make_roster(activity, mode=Mode.APPROVAL)
    one, other, seated = (sign_up(roster, make_person(name=name))[0] for name in ("甲甲甲", "乙乙乙", "丙丙丙"))
    decide(seated, clerk.person, approve=True)
    sign_in(client, clerk)
    page = f"/workspace/activities/{activity.slug}/rosters/{roster.id}"
    text = client.get(f"{page}?only=requested&lang=en").text
    for words in ("All (3)", "To decide (2)", "With a place (1)", "甲甲甲", "乙乙乙"):
        assert words in text
    assert "丙丙丙</th>" not in text
    answer = client.post(f"/workspace/sign-ups/{one.reference}/approve?only=requested")
    assert answer.location == f"{page}?only=requested#sign-up-{other.reference}"
    answer = client.post(f"/workspace/sign-ups/{one.reference}/take-back?only=requested")
    assert answer.location == f"{page}?only=requested#sign-up-{one.reference}"
    assert client.get(f"{page}?only=x").status_code == 200
