"""Every page on which staff confirm a change for somebody else says how they are told of it."""

import re

import pytest
import time_machine
from flask.testing import FlaskClient

from center.bookings.models import BookingStatus
from center.kernel import clock
from center.kernel.db import transaction
from center.notices import actions
from center.people.models import Account, Role
from center.rooms.models import Approval
from center.signups.models import Mode
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_building,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.told import tell
from tests.walking import sent

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
BY_PHONE = "1 by phone, from the desk"


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.CLERK, Role.DIRECTOR])
    sign_in(client, account)
    return account


def test_the_desk_cancels_a_sign_up(client: FlaskClient, clerk: Account) -> None:
    [mine] = sign_up(make_roster(), make_person())
    page = client.get(f"/sign-ups/{mine.reference}/cancel?lang=en").text
    assert BY_PHONE in page
    assert "Reason, said to the person" in page
    assert "(optional)" in page
    assert "A line to those who prepare it" not in page


def test_a_lead_gives_places_to_those_who_ask(client: FlaskClient) -> None:
    lead = make_account()
    activity = make_activity(organisation=make_organisation(leads=[lead.person]))
    roster = make_roster(activity, mode=Mode.APPROVAL)
    sign_up(roster, make_person())
    sign_in(client, lead)
    page = client.get(f"/workspace/activities/{activity.slug}/rosters/{roster.id}?lang=en").text
    assert "How those are told who get a place from you" in page
    assert BY_PHONE in page


def test_the_desk_changes_a_booking(client: FlaskClient, clerk: Account) -> None:
    booking = make_booking(person=make_person(email=None), starts_at=at(10, days=3))
    form = {"room": booking.room.code, "date": at(0, days=3).date().isoformat(), "start": "10:00", "minutes": "60"}
    form |= {"people": "7", "purpose": booking.purpose, "seen": str(booking.sequence)}
    page = sent(client, f"/bookings/{booking.reference}/change/answers?lang=en", form).text
    assert "How they are told" in page
    assert "1 by phone, from the desk" in page


def test_each_request_says_how_the_answer_is_told(client: FlaskClient, clerk: Account) -> None:
    for account in (False, True):
        person = make_person()
        if account:
            make_account(person)
        room = make_room(approval=Approval.ALWAYS)
        make_booking(room=room, person=person, status=BookingStatus.REQUESTED, starts_at=at(10, days=3))
    page = " ".join(client.get("/desk/requests?lang=en").text.split())
    assert "How they are told: <span" in page
    assert "If approved: in the account only, once they look · if declined: <span" in page


def test_nobody_to_tell_is_said(client: FlaskClient, clerk: Account) -> None:
    room, team = make_room(approval=Approval.ALWAYS), make_organisation(leads=[])
    make_booking(room=room, organisation=team, status=BookingStatus.REQUESTED, starts_at=at(10, days=3))
    assert "Nobody hears of it" in client.get("/desk/requests?lang=en").text


def test_who_wants_no_messages_is_told_all_of_it_in_one_go(client: FlaskClient, clerk: Account) -> None:
    with time_machine.travel(at(12, days=0), tick=False):
        sign_in(client, clerk)
        family = {"building": make_building(), "unit": "1", "door": "101"}
        person, other = make_person(name="王秀英", **family), make_person(name="王小明", **family)
        for who in (person, other):
            with transaction():
                actions.set_consent(who, agrees=False, by=clerk.person, now=clock.now())
        for n, who in enumerate((person, person, other)):
            tell(who, "booking.cancelled_by_staff", key=f"k{n}", now=clock.now())
        page = client.get("/desk/to-tell?lang=en").text
        assert "2 to tell in person" in page
        assert page.count('<article class="call">') == 2
        assert client.get("/desk/to-tell/print?lang=en").text.count('<section class="call-sheet">') == 2
        first, also = re.search(r'/desk/to-tell/(\d+)/done.*?name="also" value="(\d+-0)"', page, re.DOTALL).groups()  # type: ignore[union-attr]
        client.post(f"/desk/to-tell/{first}/done", data={"also": also})
        assert "One to tell in person" in client.get("/desk/to-tell?lang=en").text
