"""A person's own calendar behind a secret address, and what its page does."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import func, select

from center.bookings import actions
from center.bookings.calendars import links
from center.bookings.models import BookingStatus, CalendarLink
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership
from center.people.models import Account
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

MONDAY_TEN = datetime(2026, 11, 23, 2, tzinfo=UTC)
ENGLISH = {"lang": "en"}


@pytest.fixture
def travel(app: Flask) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(MONDAY_TEN, tick=False) as traveller:
        make_centre()
        yield traveller


@pytest.fixture
def resident(travel: time_machine.Traveller, client: FlaskClient) -> Account:
    """Somebody who is signed in."""
    account = make_account(make_person(name="王秀英"))
    sign_in(client, account)
    return account


def make_link(client: FlaskClient) -> str:
    """Press the button, and read the address that is shown."""
    page = client.post("/me/calendar", query_string=ENGLISH)
    assert page.status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    [address] = re.findall(r"<code>http://localhost(/calendars/[\w-]{43}\.ics)\?lang=en</code>", page.text)
    return str(address)


def events(app: Flask, address: str) -> list[Event]:
    """What a program without any cookie finds there, in English."""
    answer = app.test_client().get(address, query_string=ENGLISH)
    assert answer.status_code == 200
    calendar = Calendar.from_ical(answer.data)
    assert isinstance(calendar, Calendar)
    return list(calendar.events)


def test_the_secret_address_holds_own_bookings_and_those_of_organisations_led(
    app: Flask, client: FlaskClient, resident: Account
) -> None:
    team = make_organisation(leads=[resident.person])
    other = make_organisation(members=[resident.person])
    room = make_room(name_en="Painting room")
    make_booking(person=resident.person, room=room, purpose="象棋", starts_at=at(9))
    make_booking(organisation=team, room=room, purpose="排练", starts_at=at(11))
    make_booking(organisation=other, room=room, purpose="别家的", starts_at=at(13))
    make_booking(room=room, purpose="邻居的", starts_at=at(15))
    found = events(app, make_link(client))
    assert [str(event["SUMMARY"]) for event in found] == ["象棋 · Painting room", "排练 · Painting room"]
    assert {str(event["CLASS"]) for event in found} == {"PRIVATE"}
    assert all(len(event.walk("VALARM")) == 1 for event in found)


def test_an_organisation_leaves_the_calendar_when_its_lead_no_longer_leads(
    app: Flask, client: FlaskClient, resident: Account
) -> None:
    team = make_organisation()
    with transaction() as session:
        ended = {"starts_on": date(2020, 1, 1), "ends_on": date(2026, 11, 22)}
        session.add(Membership(organisation_id=team.id, person_id=resident.person_id, role=MemberRole.LEAD, **ended))
    make_booking(organisation=team)
    assert events(app, make_link(client)) == []


def test_a_booking_is_called_the_same_in_every_calendar_and_in_its_own_file(
    app: Flask, client: FlaskClient, resident: Account
) -> None:
    team = make_organisation(leads=[resident.person])
    booking = make_booking(person=resident.person, organisation=team)
    room = booking.room.code
    addresses = [
        make_link(client), "/calendar.ics", f"/rooms/{room}/calendar.ics", f"/organisations/{team.slug}/calendar.ics"
    ]  # fmt: skip
    own = Calendar.from_ical(client.get(f"/bookings/{booking.reference}/calendar.ics").data).events[0]
    for address in addresses:
        [event] = events(app, address)
        assert (event["UID"], event["SEQUENCE"], event["DTSTAMP"]) == (own["UID"], own["SEQUENCE"], own["DTSTAMP"])


def test_a_cancelled_booking_stays_as_cancelled_for_thirty_days(
    app: Flask, client: FlaskClient, resident: Account, travel: time_machine.Traveller
) -> None:
    booking = make_booking(person=resident.person, starts_at=at(10, days=25), purpose="象棋")
    address = make_link(client)
    before, [planned] = app.test_client().get(address), events(app, address)
    travel.shift(timedelta(minutes=10))
    with transaction():
        actions.cancel(_same(booking), by=_same(resident.person), now=clock.now())
    [event] = events(app, address)
    assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    assert str(event["SUMMARY"]).startswith("Cancelled: 象棋")
    assert event["UID"] == planned["UID"]
    assert event.walk("VALARM") == []
    answer = app.test_client().get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert answer.status_code == 200
    assert answer.headers["ETag"] != before.headers["ETag"]
    travel.shift(timedelta(days=29))
    assert len(events(app, address)) == 1
    travel.shift(timedelta(days=3))
    assert events(app, address) == []


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (BookingStatus.REQUESTED, ("TENTATIVE", "Waiting for approval")),
        (BookingStatus.DECLINED, ("CANCELLED", "Declined")),
        (BookingStatus.EXPIRED, ("CANCELLED", "Expired")),
        (BookingStatus.RELEASED, ("CANCELLED", "Released")),
    ],
)
def test_what_has_become_of_a_booking_is_said_in_its_title_too(
    app: Flask, client: FlaskClient, resident: Account, status: BookingStatus, said: tuple[str, str]
) -> None:
    make_booking(person=resident.person, status=status)
    [event] = events(app, make_link(client))
    assert (event["STATUS"], str(event["SUMMARY"]).split(":")[0]) == said


def test_a_revoked_address_leads_nowhere(app: Flask, client: FlaskClient, resident: Account) -> None:
    address = make_link(client)
    assert app.test_client().get(address).status_code == 200
    answer = client.post("/me/calendar/revoke", follow_redirects=True, query_string=ENGLISH)
    assert answer.status_code == 200
    assert app.test_client().get(address).status_code == 404
    assert app.test_client().head(address).status_code == 404
    assert client.post("/me/calendar/revoke").status_code == 303


def test_a_new_address_takes_the_place_of_the_one_before(app: Flask, client: FlaskClient, resident: Account) -> None:
    first, second = make_link(client), make_link(client)
    assert first != second
    assert app.test_client().get(first).status_code == 404
    assert app.test_client().get(second).status_code == 200


@pytest.mark.parametrize("token", ["x", "0" * 43, "%E2%80%AE", "a" * 3000])
def test_a_wrong_token_leads_nowhere(app: Flask, client: FlaskClient, resident: Account, token: str) -> None:
    make_link(client)
    assert app.test_client().get(f"/calendars/{token}.ics").status_code == 404


def test_the_address_of_a_closed_account_leads_nowhere(app: Flask, client: FlaskClient, resident: Account) -> None:
    address = make_link(client)
    with transaction():
        _same(resident).disabled_at = clock.now()
    assert app.test_client().get(address).status_code == 404


def test_only_a_hash_of_the_address_is_kept_and_no_page_shows_it_again(client: FlaskClient, resident: Account) -> None:
    token = make_link(client).removeprefix("/calendars/").removesuffix(".ics")
    kept = db.session.scalars(select(CalendarLink.token_hash)).all()
    assert len(kept) == 1
    assert token not in kept[0]
    page = client.get("/me/calendar", query_string=ENGLISH).text
    assert token not in page
    assert kept[0] not in page
    assert "You have an address" in page


def test_somebody_else_has_a_page_and_an_address_of_their_own(
    app: Flask, client: FlaskClient, resident: Account
) -> None:
    make_booking(person=resident.person, purpose="象棋")
    address = make_link(client)
    other = app.test_client()
    sign_in(other, make_account())
    assert "You have no address yet" in other.get("/me/calendar", query_string=ENGLISH).text
    theirs = make_link(other)
    assert events(app, theirs) == []
    other.post("/me/calendar/revoke")
    assert app.test_client().get(theirs).status_code == 404
    assert len(events(app, address)) == 1


def test_pressing_twice_leaves_one_address(app: Flask, resident: Account) -> None:
    for _press in range(2):
        with transaction():
            links.make(_same(resident.person), now=clock.now())
    assert db.session.scalar(select(func.count()).select_from(CalendarLink)) == 1


def test_the_page_is_for_who_is_signed_in(app: Flask, travel: time_machine.Traveller) -> None:
    assert app.test_client().get("/me/calendar").status_code == 302
    assert app.test_client().post("/me/calendar").status_code == 401
    assert db.session.scalar(select(func.count()).select_from(CalendarLink)) == 0


def test_the_own_calendar_is_the_same_until_something_changes_and_no_cache_keeps_it(
    app: Flask, client: FlaskClient, resident: Account, travel: time_machine.Traveller
) -> None:
    make_booking(person=resident.person)
    address = make_link(client)
    first = app.test_client().get(address)
    travel.shift(timedelta(hours=2))
    second = app.test_client().get(address)
    assert first.data == second.data
    assert second.headers["Cache-Control"] == "private, no-cache"
    again = app.test_client().get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_my_bookings_lead_to_the_calendar(client: FlaskClient, resident: Account) -> None:
    assert 'href="/me/calendar"' in client.get("/me").text


def _same(row: Any) -> Any:
    return db.session.merge(row)
