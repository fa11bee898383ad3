"""Whoever reads somebody else's sign-up reads of that person, not of themselves."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities.models import Activity
from center.people.models import Account, Role
from center.signups.models import Mode
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

ENGLISH = "?lang=en"


@pytest.fixture
def lead(client: FlaskClient) -> Account:
    return make_account(make_person(name="何队长"))


@pytest.fixture
def activity(lead: Account) -> Activity:
    return make_activity(organisation=make_organisation(leads=[lead.person]))


def page_of(client: FlaskClient, reader: Account, one: Any) -> str:
    sign_in(client, reader)
    return client.get(f"/sign-ups/{one.reference}{ENGLISH}").text


def readers(lead: Account) -> tuple[Account, Account]:
    return lead, make_account(roles=[Role.CLERK])


def test_staff_and_leads_read_who_has_a_place(client: FlaskClient, lead: Account, activity: Activity) -> None:
    grandma = make_account(make_person(name="周桂珍"))
    [one] = sign_up(make_roster(activity), grandma.person)
    for reader in readers(lead):
        page = page_of(client, reader, one)
        assert "周桂珍 has a place" in page
        assert "You have a place" not in page
    assert "You have a place" in page_of(client, grandma, one)


def test_staff_and_leads_read_who_waits(client: FlaskClient, lead: Account, activity: Activity) -> None:
    roster = make_roster(activity, capacity=1)
    sign_up(roster, make_person())
    grandma = make_account(make_person(name="周桂珍"))
    [one] = sign_up(roster, grandma.person)
    for reader in readers(lead):
        assert "周桂珍 is number 1 in the queue." in page_of(client, reader, one)
    assert "You are number 1 in the queue." in page_of(client, grandma, one)


def test_staff_and_leads_read_who_hears_of_a_decision(client: FlaskClient, lead: Account, activity: Activity) -> None:
    grandma = make_account(make_person(name="周桂珍"))
    [one] = sign_up(make_roster(activity, mode=Mode.APPROVAL), grandma.person)
    for reader in readers(lead):
        page = page_of(client, reader, one)
        assert "周桂珍 hears by" in page
        assert "You hear by" not in page
    assert "You hear by" in page_of(client, grandma, one)


def test_the_desk_reads_has_a_place_beside_a_name(client: FlaskClient, activity: Activity) -> None:
    grandma = make_person(name="周桂珍")
    sign_up(make_roster(activity), grandma)
    sign_in(client, make_account(roles=[Role.CLERK]))
    page = client.get(f"/desk/people/{grandma.id}{ENGLISH}").text
    assert "Has a place" in page
    assert "You have a place" not in page


def test_the_desk_cancels_somebody_elses_sign_up_in_words_about_them(client: FlaskClient, activity: Activity) -> None:
    roster = make_roster(activity, capacity=1)
    sign_up(roster, make_person())
    grandma = make_account(make_person(name="周桂珍"))
    [one] = sign_up(roster, grandma.person)
    for reader, said in ((make_account(roles=[Role.CLERK]), "周桂珍 leaves"), (grandma, "You leave")):
        sign_in(client, reader)
        assert f"{said} the waiting list" in client.get(f"/sign-ups/{one.reference}/cancel{ENGLISH}").text
