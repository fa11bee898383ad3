"""What becomes of sessions when their room is shut: listed with whose they are, kept, and their organisation told."""

from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities import actions
from center.activities.models import Activity, Session
from center.bookings.affected_uses.actions import with_bookings
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Account, Person
from center.premises.models import CalendarDay
from center.rooms.models import Closure, Room
from center.rooms.uses import live_uses
from center.signups.models import SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.web.settings.closures.test_closing import choose, closure, count, marks, send

pytestmark = pytest.mark.usefixtures("morning")


def planned(room: Room, **more: Any) -> tuple[Person, Activity]:
    lead = make_person(name="李建国")
    team = make_organisation(leads=[lead], name_en="Drum troupe")
    return lead, make_activity(organisation=team, room=room, starts=[at(10)], title_en="Drums for all", **more)


@ONE_ENGINE
def test_a_session_in_the_way_is_listed_with_whose_it_is_and_nothing_happens_yet(
    client: FlaskClient, director: Account
) -> None:
    room = make_room()
    planned(room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    for said in ("1 use is in the way", "Drums for all", "Drum troupe", "only its organisation moves it"):
        assert said in page
    assert "decide-use_" not in page, "staff do not decide for it"
    assert count(Closure) == 0
    assert count(Notice) == 0


@ONE_ENGINE
def test_a_session_that_was_seen_stays_and_its_leads_are_told_once(client: FlaskClient, director: Account) -> None:
    room = make_room()
    lead, activity = planned(room)
    [came] = sign_up(make_roster(activity), make_person())
    told_before = count(Notice)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    choose(client, page, **{"decide-why": "水管坏了", "decide-seen": marks(page)})
    choose(client, page, **{"decide-why": "水管坏了", "decide-seen": marks(page)})
    db.session.rollback()
    [session] = db.session.scalars(select(Session)).all()
    assert session.state.value == "scheduled"
    assert db.session.get_one(SignUp, came.id).state.value == "confirmed"
    told = db.session.scalars(select(Notice).order_by(Notice.id)).all()[told_before:]
    assert [(each.person_id, each.kind) for each in told] == [(lead.id, "activity.room_shut")]
    assert "水管坏了" in told[0].body
    assert ledger_findings() == []
    [closed] = db.session.scalars(select(Closure)).all()
    inside = client.get(f"/settings/closures/{closed.id}?lang=en").text
    assert "Drums for all" in inside
    assert client.get(f"/settings/closures/{closed.id}/print").status_code == 200


@ONE_ENGINE
def test_a_session_that_came_meanwhile_is_asked_about_and_the_reason_stays_typed(
    client: FlaskClient, director: Account
) -> None:
    room = make_room()
    planned(room)
    page = send(client, "/settings/closures/new", 422, **closure(room.code))
    make_activity(room=room, starts=[at(14)], title_en="A late one")
    sent = {"decide-why": "水管坏了", "decide-seen": marks(page)}
    again = choose(client, page, 422, **sent)
    assert "A late one" in again
    assert "水管坏了" in again
    assert count(Closure) == 0


@ONE_ENGINE
def test_a_holiday_over_a_session_asks_too(client: FlaskClient, director: Account) -> None:
    planned(make_room(hours=[(weekday, time(8), time(21)) for weekday in range(7)]))
    day = {"on_date": at(0).date().isoformat(), "kind": "holiday", "name": "春节", "name_en": "Spring Festival"}
    page = send(client, "/settings/calendar/day", 422, **day)
    assert "Drums for all" in page
    assert count(CalendarDay) == 0
    choose(client, page, **{"decide-why": "放假", "decide-seen": marks(page)})
    assert count(CalendarDay) == 1
    assert ledger_findings() == []


def test_a_session_that_ended_and_is_only_cleared_up_has_nothing_to_choose(app: Flask) -> None:
    room = make_room(buffer_minutes=60)
    planned(room)
    [use] = live_uses([room], after=clock.now())
    [met] = with_bookings([use], now=at(11) + timedelta(minutes=5))
    assert met.way.is_over
    [met] = with_bookings([use], now=at(10) + timedelta(minutes=5))
    assert not met.way.is_over


@ONE_ENGINE
def test_a_cancelled_session_is_in_nobodys_way(client: FlaskClient, director: Account) -> None:
    room = make_room()
    _lead, activity = planned(room)
    with transaction():
        actions.cancel(activity, reason="下雨", by=activity.created_by, now=clock.now())
    send(client, "/settings/closures/new", **closure(room.code))
    assert count(Closure) == 1


@ONE_ENGINE
def test_retiring_a_room_names_the_session_that_is_ahead(client: FlaskClient, director: Account) -> None:
    room = make_room()
    planned(room)
    page = client.post(f"/settings/rooms/{room.code}/retire?lang=en")
    assert page.status_code in {409, 422}
    db.session.rollback()
    assert not db.session.get_one(type(room), room.id).is_retired
