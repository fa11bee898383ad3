"""How news would be told, and how far the telling has come: nobody is left untold without somebody knowing."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.bookings.changing import moving
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.notices import actions, telling
from center.notices.kinds import get_kind
from center.notices.models import Delivery, DeliveryState, Way
from center.notices.telling import HowTold, Stands
from center.people.models import Role
from center.signups.messages import how_told_of_change, told_of
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_booking, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import gateway, prefer
from tests.there import there
from tests.told import tell

pytestmark = pytest.mark.usefixtures("app")
MOVED = "booking.cancelled_by_staff"


def names(reached: HowTold) -> Any:
    return {reach.value: [person.name for person in people] for reach, people in reached.by.items()}


@ONE_ENGINE
def test_everybody_is_counted_once_by_what_reaches_them() -> None:
    gateway()
    mailed, rung = make_person(name="甲", email="a@example.org"), make_person(name="乙")
    on_paper, silent, looks = (
        make_person(name="丙", phone=None),
        make_person(name="丁"),
        make_person(name="戊", phone=None),
    )
    prefer(silent, withdrawn_at=clock.now())
    make_account(looks)
    people = [looks, silent, on_paper, rung, mailed, mailed]
    assert names(telling.how_told((each, get_kind(MOVED)) for each in people)) == {
        "email": ["甲"],
        "call": ["乙"],
        "slip": ["丙"],
        "account": ["戊"],
        "in_person": ["丁"],
    }


@ONE_ENGINE
def test_a_reminder_would_be_told_at_the_door_and_what_is_worth_no_call_not_at_all() -> None:
    person = make_person(name="甲")
    assert names(telling.how_told([(person, get_kind("booking.reminder_day"))])) == {"visit": ["甲"]}
    assert names(telling.how_told([(person, get_kind("booking.cancelled"))])) == {"nothing": ["甲"]}
    assert telling.how_told([]).people == 0


def stands_of(about: str = "thing:1") -> Any:
    db.session.rollback()
    db.session.expire_all()  # what was written in one go did not touch what is in hand
    return [[line.stands for line in change.lines] for change in telling.told_about([about])]


def only(notice: Any) -> Delivery:
    db.session.rollback()
    return db.session.scalars(select(Delivery).where(Delivery.notice_id == notice.id)).one()


@ONE_ENGINE
def test_each_notice_is_told_or_still_to_be_told_or_was_not() -> None:
    now, until = at(9, days=0), at(10, days=0)
    people = [make_person(sort_key=f"{n}") for n in range(4)]
    told, late, _waits, read = [
        tell(each, MOVED, key=str(n), now=now, about="thing:1", until=until) for n, each in enumerate(people)
    ]
    with transaction():
        actions.tick_off(only(told), by=people[0], now=now)
        actions.read(read, now=now)
    with transaction() as session:
        gone = {"state": DeliveryState.DROPPED, "settled_at": until}
        session.execute(update(Delivery).where(Delivery.notice_id == late.id).values(**gone))
    assert stands_of() == [[Stands.TO_TELL, Stands.TOO_LATE, Stands.TOLD, Stands.TOLD]]


@ONE_ENGINE
def test_what_newer_words_replaced_stands_there_no_more() -> None:
    person = make_person()
    tell(person, MOVED, key="1", now=at(9, days=0), about="thing:1")
    tell(person, MOVED, key="2", now=at(10, days=0), about="thing:1")
    assert stands_of() == [[Stands.TO_TELL]]


@ONE_ENGINE
def test_who_has_only_an_account_and_did_not_look_is_not_taken_for_told() -> None:
    person = make_person(phone=None)
    make_account(person)
    notice = tell(person, MOVED, key="1", now=at(9, days=0), about="thing:1")
    assert stands_of() == [[Stands.UNREAD]]
    with transaction():
        actions.read(notice, now=at(10, days=0))
    assert stands_of() == [[Stands.TOLD]]


def test_a_move_says_beforehand_how_it_is_told_and_afterwards_who_still_is_to_be() -> None:
    """Twenty have a phone alone, one wants no messages and no calls."""
    activity = make_activity(starts=[at(14, days=5)])
    rung, silent = make_person(name="甲"), make_person(name="乙")
    prefer(silent, withdrawn_at=clock.now())
    roster = make_roster(activity)
    for person in (rung, silent):
        sign_up(roster, person)
    assert names(how_told_of_change(activity, activity.sessions[0], now=clock.now())) == {
        "call": ["甲"],
        "in_person": ["乙"],
    }
    with transaction():
        plan = SessionPlan(span=Span(at(9, days=5), at(10, days=5)))
        sessions.move_session(activity.sessions[0], plan, by=activity.created_by, now=clock.now())
    db.session.rollback()
    [change] = told_of(activity)
    ways = {there(line.notice.person).name: there(line.delivery).way for line in change.those(Stands.TO_TELL)}
    assert ways == {"甲": Way.CALL, "乙": Way.IN_PERSON}


@ONE_ENGINE
def test_the_pages_of_an_activity_say_it_with_names_for_the_desk_alone(client: FlaskClient) -> None:
    lead = make_account()
    organisation = make_organisation(leads=[lead.person])
    activity = make_activity(organisation=organisation, starts=[at(14, days=5)])
    silent = make_person(name="不打电话的人")
    prefer(silent, withdrawn_at=clock.now())
    sign_up(make_roster(activity), silent)
    date, address = activity.sessions[0].id, f"/workspace/activities/{activity.slug}"
    for account, sees in ((lead, False), (make_account(roles=[Role.CLERK]), True)):
        sign_in(client, account)
        page = client.get(f"{address}/sessions/{date}/cancel?lang=en").text
        assert "1 cannot be reached" in page
        assert (silent.name in page) is sees
    client.post(f"{address}/sessions/{date}/cancel", data={"reason": "停电"})
    for account, sees in ((lead, False), (make_account(roles=[Role.CLERK]), True)):
        sign_in(client, account)
        page = client.get(f"{address}?lang=en").text
        assert "1 still to tell" in page
        assert (silent.name in page) is sees


@ONE_ENGINE
def test_the_page_of_a_booking_says_who_is_to_be_rung_and_then_who_rang(client: FlaskClient) -> None:
    person, clerk = make_person(name="王秀英"), make_account(make_person(name="周敏"), roles=[Role.CLERK])
    booking = make_booking(person=person, starts_at=at(10, days=3))
    sign_in(client, clerk)
    assert "1 by phone, from the desk" in client.get(f"/desk/bookings/{booking.reference}/move?lang=en").text
    span = Span(at(14, days=3), at(15, days=3))
    facts: dict[str, Any] = {"room": booking.room, "span": span, "reason": "停电", "agreed": True, "by": clerk.person}
    with transaction():
        moving.move_by_staff(booking, now=clock.now() - timedelta(hours=20), **facts)
    assert "1 still to tell" in client.get(f"/bookings/{booking.reference}?lang=en").text
    [call] = db.session.scalars(select(Delivery)).all()
    client.post(f"/desk/to-tell/{call.id}/done")
    page = client.get(f"/bookings/{booking.reference}?lang=en").text
    assert "1 told" in page
    assert "周敏" in page
