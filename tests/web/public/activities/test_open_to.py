"""Whom an activity is for is said first, wherever its places are: not when somebody has filled in a form."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from center.people.models import Account, Role
from center.signups.models import Mode, Roster
from tests.activity_builders import make_activity, make_roster
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import opened

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
FOR_MEMBERS = "For members of Choir"
REFUSAL = "It is for members of the organisation. Please ask its lead."


@pytest.fixture
def singer(client: FlaskClient) -> Account:
    return make_account()


@pytest.fixture
def rehearsal(singer: Account) -> Roster:
    choir = make_organisation(name="合唱团", name_en="Choir", members=[singer.person])
    return make_roster(make_activity(organisation=choir), capacity=36, mode=Mode.MEMBERS_ONLY)


def page(client: FlaskClient, address: str, reader: Account | None = None) -> str:
    if reader is not None:
        sign_in(client, reader)
    return opened(client, f"{address}?lang=en").text


def test_everybody_reads_for_whom_it_is_before_how_many_places_there_are(
    client: FlaskClient, rehearsal: Roster
) -> None:
    show = f"/activities/{rehearsal.activity.slug}"
    for address in ("/activities", show):
        shown = page(client, address)
        assert shown.index(FOR_MEMBERS) < shown.index("36 places left"), address
    poster = page(client, f"{show}/poster")
    assert FOR_MEMBERS in poster
    assert "Everybody" not in poster
    shared = page(client, show).partition("<textarea")[2]
    assert shared.index(FOR_MEMBERS) < shared.index("36 places left")


def test_who_is_no_member_reads_what_to_do_instead_of_places_and_a_button(
    client: FlaskClient, rehearsal: Roster
) -> None:
    show = f"/activities/{rehearsal.activity.slug}"
    start = f"/sign-ups/new/{rehearsal.activity.slug}/{rehearsal.id}"
    shown = page(client, show, make_account()).partition("<textarea")[0]
    assert FOR_MEMBERS in shown
    assert REFUSAL in shown
    assert f"/organisations/{rehearsal.activity.organisation.slug}" in shown
    assert "places left" not in shown
    assert start not in shown
    first = page(client, start)
    assert REFUSAL in first
    assert '<form method="post" novalidate' not in first


def test_a_member_signs_up_as_ever(client: FlaskClient, rehearsal: Roster, singer: Account) -> None:
    show = f"/activities/{rehearsal.activity.slug}"
    shown = page(client, show, singer)
    assert "36 places left" in shown
    assert f"/sign-ups/new/{rehearsal.activity.slug}/{rehearsal.id}" in shown
    assert REFUSAL not in page(client, f"/sign-ups/new/{rehearsal.activity.slug}/{rehearsal.id}")


def test_the_desk_reads_it_beside_the_activity_and_has_a_button_for_members_alone(
    client: FlaskClient, rehearsal: Roster, singer: Account
) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    for person, is_open in ((make_person(), False), (singer.person, True)):
        shown = page(client, f"/desk/people/{person.id}/sign-up")
        assert FOR_MEMBERS in shown
        assert ("36 places left" in shown) is is_open
        assert (REFUSAL in shown) is not is_open
        assert (f'value="{rehearsal.id}"' in shown) is is_open


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        ({"residents_only": True}, "It is for residents of the estate whose door the desk has verified."),
        ({"min_age": 60}, "It is for people of 60 years and older."),
    ],
)
def test_other_gates_are_said_first_too(client: FlaskClient, gate: dict[str, Any], said: str) -> None:
    roster = make_roster(make_activity(), **gate)
    young = make_account(make_person(birth_year=1996))
    assert said in page(client, f"/activities/{roster.activity.slug}", young)
    assert said in page(client, f"/sign-ups/new/{roster.activity.slug}/{roster.id}")
