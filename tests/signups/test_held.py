"""What was held stays held, and nothing is given, accepted or taken back once it is over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from center.activities import actions as activity_actions
from center.activities import sessions
from center.activities.models import Activity, Session, SessionState
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.notices.models import Delivery, Notice
from center.signups import news, offers
from center.signups.attendee_lists.queries import coming_to, count_held, count_pick_ups
from center.signups.cancelling import cancel
from center.signups.decisions import approve
from center.signups.details import transfers
from center.signups.models import Audience, Mode, PoolKind, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.offers import OfferOver
from center.signups.posting import volunteers
from center.signups.posting.capacity import change_capacity, reduce_places
from center.signups.rosters import PoolFacts
from center.signups.sign_up_request import PlaceRequest
from tests.activity_builders import make_activity, make_roster, sign_up, state_of, the_pool
from tests.builders import at, make_building, make_person, trust
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")
SECOND_WEEK = 9  # days from today: the first date of a course is over, the second one is to come


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def names(session: Session) -> Any:
    db.session.rollback()
    return {each.person.name for each in coming_to(session)}


def course(**facts: Any) -> Activity:
    return make_activity(starts=[at(10, days=5), at(10, days=12), at(10, days=19)], has_pick_up=True, **facts)


def after(days: int) -> datetime:
    """A moment on the morning of a day, at which people are awake."""
    return at(9, days=days)


def test_the_roll_of_a_date_that_is_over_is_the_same_after_somebody_left_the_course() -> None:
    roster = make_roster(course(), capacity=2)
    home = {"building": make_building(), "unit": "1"}
    people = [make_person(name=name, door=name, **home) for name in ("留下的", "走了的", "候补的")]
    stays, leaves, waits = (sign_up(roster, each, wish={"wants_pick_up": True})[0] for each in people)
    first, second, _third = roster.activity.sessions
    with transaction():
        cancel(leaves, by=leaves.person, now=after(SECOND_WEEK), reason="搬家了")
    with transaction():
        offers.accept_offer(waits, by=waits.person, now=after(SECOND_WEEK))
    assert [state_of(each) for each in (stays, leaves, waits)] == ["confirmed", "cancelled", "confirmed"]
    assert names(first) == {"留下的", "走了的"}
    assert names(second) == {"留下的", "候补的"}
    assert count_held([first, second]) == {first.id: 2, second.id: 2}
    assert count_pick_ups([first, second]) == {first.id: 2, second.id: 2}


@ONE_ENGINE
def test_calling_off_the_rest_leaves_the_roll_of_what_took_place() -> None:
    roster = make_roster(course())
    sign_up(roster, make_person(name="来过的"))
    first = roster.activity.sessions[0]
    with transaction():
        activity_actions.cancel(
            roster.activity, reason="老师病了", by=roster.activity.created_by, now=after(SECOND_WEEK)
        )
    assert names(first) == {"来过的"}
    assert first.state is SessionState.HELD
    assert the_pool(roster).taken == 0


@ONE_ENGINE
def test_calling_off_each_date_that_is_left_does_so_too() -> None:
    roster = make_roster(course())
    [one] = sign_up(roster, make_person(name="来过的"))
    first, *rest = roster.activity.sessions
    for session in rest:
        with transaction():
            sessions.cancel_session(session, reason="停电", by=roster.activity.created_by, now=after(SECOND_WEEK))
    assert state_of(one) == "cancelled"
    assert names(first) == {"来过的"}
    assert [names(each) for each in rest] == [set(), set()]


@ONE_ENGINE
def test_who_passed_a_place_on_was_at_the_dates_before() -> None:
    home = {"building": make_building(), "unit": "1", "door": "101"}
    mother, son = trust(make_person(name="母亲", **home), make_person(name="儿子", **home))
    roster = make_roster(course())
    [hers] = sign_up(roster, mother)
    with transaction():
        transfers.pass_on(hers, PlaceRequest(person_id=son.id), by=mother, as_staff=False, now=after(SECOND_WEEK))
    first, second, _third = roster.activity.sessions
    assert names(first) == {"母亲"}
    assert names(second) == {"儿子"}


@ONE_ENGINE
def test_who_gives_a_place_back_before_a_date_is_not_on_its_roll() -> None:
    roster = make_roster(course())
    [one] = sign_up(roster, make_person())
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    assert names(roster.activity.sessions[0]) == set()


@ONE_ENGINE
def test_who_loses_a_place_and_gets_it_back_has_held_it_twice() -> None:
    roster = make_roster(course(), capacity=1)
    [one] = sign_up(roster, make_person(name="又来了"))
    pool = the_pool(roster)
    with transaction():
        moved: dict[str, Any] = {"to": SignUpState.WAITING, "reason": "换小房间", "by": one.person}
        reduce_places(pool, 0, back=[one.id], now=after(SECOND_WEEK), **moved)
    with transaction():
        change_capacity(pool, 1, by=one.person, now=after(13))
    with transaction():
        offers.accept_offer(one, by=one.person, now=after(13))
    first, second, third = roster.activity.sessions
    assert [names(each) for each in (first, second, third)] == [{"又来了"}, set(), {"又来了"}]
    assert len(db.session.scalars(select(PlaceHeld).where(PlaceHeld.sign_up_id == one.id)).all()) == 2


def test_the_database_keeps_since_when_and_until_when_somebody_had_a_place() -> None:
    [one] = sign_up(make_roster(), make_person())
    with transaction():
        cancel(one, by=one.person, now=clock.now())
    for statement in ("DELETE FROM places_held", "UPDATE places_held SET until_at = NULL"):
        with pytest.raises(DatabaseError, match="places_held_once"), transaction() as session:
            session.execute(text(statement))


@ONE_ENGINE
def test_nobody_is_approved_given_a_place_or_takes_an_offer_once_it_is_over() -> None:
    pools = [PoolFacts(kind=PoolKind.NAMED, capacity=1, name="嘉宾")]
    roster = make_roster(mode=Mode.APPROVAL, pools=pools)
    asks, *_more = (sign_up(roster, make_person())[0] for _ in range(2))
    over = roster.activity.sessions[-1].ends_at
    with pytest.raises(RuleBroken), transaction():
        approve(asks, by=asks.person, now=over)
    with pytest.raises(RuleBroken), transaction():
        approve(asks, pool=the_pool(roster, PoolKind.NAMED), by=asks.person, now=over)
    assert state_of(asks) == "requested"


@ONE_ENGINE
def test_an_offer_that_outlived_the_end_is_nobodys() -> None:
    roster = make_roster(capacity=1)
    first, second = (sign_up(roster, make_person())[0] for _ in range(2))
    with transaction():
        cancel(first, by=first.person, now=after(2))
    assert state_of(second) == "offered"
    with transaction():
        second.offer_expires_at = roster.activity.sessions[0].ends_at + timedelta(days=1)  # as it was once stored
    with pytest.raises((OfferOver, RuleBroken)), transaction():
        offers.accept_offer(second, by=second.person, now=roster.activity.sessions[0].ends_at)


@ONE_ENGINE
def test_nobody_loses_a_place_at_what_is_over() -> None:
    roster = make_roster(capacity=2)
    one, two = (sign_up(roster, make_person(name=name))[0] for name in "甲乙")
    over = roster.activity.sessions[0].ends_at
    given: dict[str, Any] = {"to": SignUpState.CANCELLED, "reason": "x", "by": one.person, "now": over}
    with pytest.raises(RuleBroken), transaction():
        reduce_places(the_pool(roster), 1, back=[two.id], **given)
    assert names(roster.activity.sessions[0]) == {"甲", "乙"}


@ONE_ENGINE
def test_volunteers_who_are_wanted_no_more_stay_on_the_lists_of_dates_that_are_over() -> None:
    activity = course()
    helping = {each.id: make_roster(activity, session=each, audience=Audience.VOLUNTEERS)
               for each in activity.sessions}  # fmt: skip
    signed = [sign_up(roster, make_person())[0] for roster in helping.values()]
    with transaction():
        ended = volunteers.stop(activity, reason="人够了", by=activity.created_by, now=after(SECOND_WEEK))
    assert ended == 2
    assert [state_of(each) for each in signed] == ["confirmed", "cancelled", "cancelled"]


@ONE_ENGINE
def test_a_call_about_a_place_given_while_it_runs_ends_with_it() -> None:
    roster = make_roster(capacity=1)
    first, second = (sign_up(roster, make_person())[0] for _ in range(2))
    [session] = roster.activity.sessions
    now = session.starts_at + timedelta(minutes=10)
    with transaction():
        cancel(first, by=first.person, now=now, as_staff=True, reason="没来")
    assert state_of(second) == "confirmed"
    told = (
        select(Delivery.drop_at)
        .join(Notice)
        .where(Notice.kind == news.PROMOTED.code, Notice.person_id == second.person_id)
    )
    assert db.session.scalars(told).all() == [session.ends_at]
