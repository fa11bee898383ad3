"""Calendars and news feeds of activities, as programmes read them, and one's own calendar with the family's dates."""

from typing import Any
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from center.activities import sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Activity
from center.bookings.calendars import links
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.people.acting import grant
from center.people.models import Account, Consent, DelegationScope, Guardianship, Person
from center.signups.cancelling import cancel
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import (
    at,
    make_account,
    make_building,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    trust,
)
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = pytest.mark.usefixtures("morning")
A = "{http://www.w3.org/2005/Atom}"


def events(client: FlaskClient, address: str) -> Any:
    answer = client.get(f"{address}?lang=en")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return list(Calendar.from_ical(answer.data).walk("VEVENT"))


def said(client: FlaskClient, address: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(client, address)]


@pytest.fixture
def course() -> Activity:
    """A course of two dates in a room."""
    team, room = make_organisation(name_en="Painters"), make_room(name_en="Studio")
    starts = [at(10, days=5), at(10, days=6)]
    return make_activity(title_en="Brush course", organisation=team, room=room, starts=starts)


def test_the_centres_its_organisations_and_its_rooms_calendars_have_its_dates(
    client: FlaskClient, course: Activity
) -> None:
    make_activity(is_published=False, title_en="Draft", organisation=course.organisation)
    room = course.sessions[0].room
    assert said(client, "/calendar.ics") == ["Brush course · Studio"] * 2
    assert said(client, f"/rooms/{there(room).code}/calendar.ics") == ["Brush course · Studio"] * 2
    assert said(client, f"/organisations/{course.organisation.slug}/calendar.ics") == ["Brush course"] * 2
    assert said(client, f"/activities/{course.slug}/calendar.ics") == ["Brush course"] * 2
    one = course.sessions[1]
    [event] = events(client, f"/activities/{course.slug}/dates/{one.id}/calendar.ics")
    assert event.start == one.starts_at
    assert client.get(f"/activities/{make_activity().slug}/dates/{one.id}/calendar.ics").status_code == 404


@ONE_ENGINE
def test_a_confidential_room_tells_no_more_in_calendars_than_on_boards(client: FlaskClient) -> None:
    room = make_room(is_confidential=True, name_en="Quiet room")
    activity = make_activity(title_en="Talking it over", room=room)
    assert said(client, f"/rooms/{room.code}/calendar.ics") == ["In use · Quiet room"]
    assert said(client, "/calendar.ics") == ["In use · Quiet room"]
    assert said(client, f"/activities/{activity.slug}/calendar.ics") == ["Talking it over"]


@ONE_ENGINE
def test_a_date_keeps_its_name_and_counts_its_changes(client: FlaskClient, course: Activity) -> None:
    address = f"/activities/{course.slug}/calendar.ics"
    before, tag = events(client, address), client.get(address).headers["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    first, by = course.sessions[0], course.created_by
    with transaction():
        plan = SessionPlan(span=Span(at(14, days=5), at(15, days=5)), place="江边")
        sessions.move_session(first, plan, by=by, now=clock.now())
        sessions.cancel_session(course.sessions[1], reason="停电", by=by, now=clock.now())
    after = events(client, address)
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert [event["UID"] for event in after] == [event["UID"] for event in before]
    assert [int(event["SEQUENCE"]) for event in after] == [1, 1]
    assert [str(event["STATUS"]) for event in after] == ["CONFIRMED", "CANCELLED"]
    assert str(after[1]["SUMMARY"]) == "Called off: Brush course"
    assert after[0].start == at(14, days=5)
    assert [event["DTSTAMP"] for event in events(client, address)] == [event["DTSTAMP"] for event in after]


def atom(client: FlaskClient, address: str) -> Any:
    answer = client.get(f"{address}?lang=en")
    assert answer.mimetype == "application/atom+xml"
    return ElementTree.fromstring(answer.data), answer


def test_the_news_feed_has_what_was_published_last_and_nothing_else(client: FlaskClient, course: Activity) -> None:
    clock.start_at(at(9))
    newer = make_activity(title_en='<b>"Tea" & cakes</b>', summary_en="]]> <script>")
    make_activity(is_published=False, title_en="Draft")
    feed, answer = atom(client, "/activities.atom")
    entries = feed.findall(f"{A}entry")
    assert [entry.findtext(f"{A}title") for entry in entries] == ['<b>"Tea" & cakes</b>', "Brush course"]
    assert entries[0].find(f"{A}link").get("href") == f"http://localhost/activities/{newer.slug}"
    assert "]]> <script>" in entries[0].findtext(f"{A}summary")
    assert feed.findtext(f"{A}updated") == entries[0].findtext(f"{A}updated")
    assert len({entry.findtext(f"{A}id") for entry in entries}) == 2
    again = client.get("/activities.atom?lang=en", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    own, _answer = atom(client, f"/organisations/{course.organisation.slug}/activities.atom")
    assert [entry.findtext(f"{A}title") for entry in own.findall(f"{A}entry")] == ["Brush course"]


@ONE_ENGINE
def test_an_empty_feed_is_sound_and_pages_lead_to_feeds(client: FlaskClient) -> None:
    feed, _answer = atom(client, "/activities.atom")
    assert feed.findall(f"{A}entry") == []
    assert feed.findtext(f"{A}updated")
    assert 'type="application/atom+xml"' in client.get("/activities").text
    assert 'type="text/calendar"' in client.get("/").text


@pytest.fixture
def family() -> tuple[Account, Person, Person, Person, str]:
    """A mother with an account, her husband who trusts her, their child, and a neighbour who agreed."""
    make_centre()
    home = {"building": make_building(), "unit": "1", "door": "101"}
    mother = make_account(make_person(name="妈妈", birth_year=1990, **home))
    father, child = make_person(name="爸爸", birth_year=1989, **home), make_person(name="娃娃", birth_year=2018)
    neighbour = make_person(name="邻居")
    trust(mother.person, father)
    today = at(0, days=0).date()
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.person_id, starts_on=today))
        scope, consent = DelegationScope.SIGN_UPS, Consent.AT_THE_DESK
        times: dict[str, Any] = {"starts_on": today, "ends_on": today, "now": clock.now()}
        grant(neighbour, to=mother.person, scope=scope, consent=consent, by=father, **times)
        token = links.make(mother.person, now=clock.now())
    return mother, father, child, neighbour, f"/calendars/{token}.ics"


def test_my_own_calendar_has_the_dates_of_everybody_i_act_for_and_nobody_elses(
    client: FlaskClient, family: tuple[Account, Person, Person, Person, str]
) -> None:
    mother, father, child, neighbour, address = family
    roster = make_roster(make_activity(title_en="Outing"), capacity=3)
    for person in (mother.person, father, child, neighbour, make_person(name="别人")):
        sign_up(roster, person)
    found = ["Outing", "爸爸: Outing", "娃娃: Outing", "On the waiting list: 邻居: Outing"]
    assert sorted(said(client, address)) == sorted(found)
    states = {str(event["SUMMARY"]): str(event["STATUS"]) for event in events(client, address)}
    assert states["Outing"] == "CONFIRMED"
    assert states["On the waiting list: 邻居: Outing"] == "TENTATIVE"
    assert {str(event["CLASS"]) for event in events(client, address)} == {"PRIVATE"}


def test_whoever_may_not_act_for_somebody_any_more_sees_no_more_of_them(
    client: FlaskClient, family: tuple[Account, Person, Person, Person, str]
) -> None:
    _mother, _father, _child, neighbour, address = family
    sign_up(make_roster(make_activity()), neighbour)
    assert len(events(client, address)) == 1
    clock.start_at(at(10, days=2))
    assert events(client, address) == []


@ONE_ENGINE
def test_what_is_given_up_stays_marked_so_that_programmes_take_it_away(
    client: FlaskClient, family: tuple[Account, Person, Person, Person, str]
) -> None:
    mother, _father, _child, _neighbour, address = family
    [mine] = sign_up(make_roster(make_activity(title_en="Outing")), mother.person)
    [before] = events(client, address)
    with transaction():
        cancel(mine, by=mother.person, now=clock.now())
    db.session.rollback()
    [after] = events(client, address)
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert (str(after["STATUS"]), str(after["SUMMARY"])) == ("CANCELLED", "Cancelled: Outing")
