"""Who asks for a place over all activities: listed and counted alike, for staff and for leads, and decided there."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import sessions
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Account, Person, Role
from center.signups.deciding import decide_by
from center.signups.models import Audience, Mode, SignUp
from center.signups.posting import requests
from center.signups.posting.requests import PlaceRequestFilter
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = pytest.mark.usefixtures("app")
DESK, WORKSPACE = "/desk/sign-ups/requests", "/workspace/requests"


def asked(activity: Activity | None = None, *, person: Person | None = None, **facts: Any) -> SignUp:
    [request] = sign_up(make_roster(activity, mode=Mode.APPROVAL, **facts), person or make_person())
    return request


def led_by(account: Account, **facts: Any) -> Organisation:
    return make_organisation(leads=[account.person], **facts)


def listed(wanted: PlaceRequestFilter | None = None, **more: Any) -> list[str]:
    db.session.rollback()
    return [each.reference for each in requests.page(wanted or PlaceRequestFilter(), now=clock.now(), **more).wanted]


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    return account


def test_those_that_lapse_first_come_first_and_only_what_somebody_decides_is_there() -> None:
    later, sooner = asked(make_activity(starts=[at(10, days=9)])), asked(make_activity(starts=[at(10, days=5)]))
    volunteer = asked(make_activity(starts=[at(10, days=7)]), audience=Audience.VOLUNTEERS)
    sign_up(make_roster(), make_person())  # has a place
    sign_up(make_roster(mode=Mode.LOTTERY, closes_at=at(9, days=4)), make_person())  # is drawn
    assert listed() == [each.reference for each in (sooner, volunteer, later)]
    found = requests.waiting(now=clock.now())
    assert [each.until for each in found] == [decide_by(each) for each in (sooner, volunteer, later)]
    assert requests.count(now=clock.now()) == 3
    clock.start_at(found[0].until)
    assert requests.count(now=clock.now()) == 2, "over at that moment, swept or not"


@ONE_ENGINE
def test_a_date_of_its_own_counts_a_moved_one_anew_and_a_cancelled_one_not() -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=8)])
    first, second = activity.sessions
    one, other = asked(activity, session=first), asked(activity, session=second)
    assert listed() == [one.reference, other.reference]
    with transaction():
        sessions.cancel_session(first, reason="下雨", by=activity.created_by, now=clock.now())
    assert listed() == [other.reference]


@ONE_ENGINE
def test_it_is_narrowed_by_organisation_and_activity() -> None:
    club = make_organisation(slug="club")
    one, other = asked(make_activity(organisation=club)), asked(make_activity(organisation=club))
    foreign = asked()
    assert listed(PlaceRequestFilter(organisation="club")) == [one.reference, other.reference]
    assert listed(PlaceRequestFilter(activity=foreign.roster.activity.slug)) == [foreign.reference]
    assert listed(PlaceRequestFilter(organisation="club", activity=foreign.roster.activity.slug)) == []
    assert listed(PlaceRequestFilter(organisation="nobody")) == []
    assert listed(organisation_ids={club.id}) == [one.reference, other.reference]
    assert listed(organisation_ids=set()) == []


@ONE_ENGINE
def test_who_has_had_places_of_that_organisation_within_a_year_is_known() -> None:
    person, club = make_person(), make_organisation(slug="club")
    sign_up(make_roster(make_activity(organisation=club)), person)
    sign_up(make_roster(), person)  # of others
    one = asked(make_activity(organisation=club), person=person)
    new = asked(make_activity(organisation=club))
    assert requests.places_before([one, new], now=clock.now()) == {one.id: 1, new.id: 0}


@ONE_ENGINE
def test_staff_decide_from_the_list_and_stay_in_it(client: FlaskClient, clerk: Account) -> None:
    club = make_organisation(slug="club")
    first, second = (asked(make_activity(organisation=club, starts=[at(10, days=days)])) for days in (5, 6))
    other = asked()
    assert f'href="{DESK}"><strong>3</strong>' in client.get("/desk").text
    page = client.get(f"{DESK}?organisation=club").text
    assert all(each.person.name in page for each in (first, second))
    assert other.person.name not in page
    assert "10" in page
    answer = client.post(f"/workspace/sign-ups/{first.reference}/approve?list=desk&organisation=club")
    assert answer.location == f"{DESK}?organisation=club#sign-up-{second.reference}"
    assert state_of(first) == "confirmed"
    form = client.get(f"/workspace/sign-ups/{second.reference}/decline?list=desk&organisation=club").text
    assert f'href="{DESK}?organisation=club#sign-up-{second.reference}"' in form, "back without changing"
    answer = client.post(
        f"/workspace/sign-ups/{second.reference}/decline?list=desk&organisation=club", data={"ready": "full"}
    )
    assert answer.location == f"{DESK}?organisation=club"
    page = client.get(answer.location).text
    undo = f"/workspace/sign-ups/{first.reference}/take-back?list=desk&amp;organisation=club"
    assert f'action="{undo}"' in page
    for _press in range(2):
        answer = client.post(undo.replace("&amp;", "&"))
        assert answer.location == f"{DESK}?organisation=club#sign-up-{first.reference}"
    assert state_of(first) == "requested"
    assert listed() == [each.reference for each in (first, other)]


@ONE_ENGINE
def test_a_lead_has_the_same_of_their_own_alone(client: FlaskClient) -> None:
    lead = make_account()
    sign_in(client, lead)
    assert client.get(WORKSPACE).status_code == 404, "who leads nothing has no such list"
    own, foreign = asked(make_activity(organisation=led_by(lead, slug="mine"))), asked()
    page = client.get(WORKSPACE).text
    assert f'href="{WORKSPACE}"' in client.get("/me").text
    assert own.person.name in page
    assert foreign.person.name not in page
    assert f"/desk/people/{own.person_id}" not in page
    assert f'href="{WORKSPACE}?organisation=mine"' in client.get("/workspace/organisations/mine").text
    assert client.get(DESK).status_code == 403
    assert client.post(f"/workspace/sign-ups/{foreign.reference}/approve?list=workspace").status_code == 404
    answer = client.post(f"/workspace/sign-ups/{own.reference}/approve?list=workspace")
    assert answer.location == WORKSPACE
    assert f"/workspace/sign-ups/{own.reference}/take-back?list=workspace" in client.get(WORKSPACE).text


@ONE_ENGINE
@pytest.mark.parametrize("which", ["desk", "nonsense", "workspace"])
def test_a_list_that_is_not_ones_own_leads_to_the_roster(client: FlaskClient, which: str) -> None:
    lead, clerk = make_account(), make_account(roles=[Role.CLERK])
    request = asked(make_activity(organisation=led_by(lead)))
    asked()  # of which the lead learns nothing
    sign_in(client, clerk if which == "workspace" else lead)
    answer = client.post(f"/workspace/sign-ups/{request.reference}/approve?list={which}")
    roster = request.roster
    assert answer.location == f"/workspace/activities/{roster.activity.slug}/rosters/{roster.id}"


@ONE_ENGINE
def test_what_was_decided_meanwhile_is_said_and_the_list_goes_on(client: FlaskClient, clerk: Account) -> None:
    first, second = (asked(make_activity(starts=[at(10, days=days)])) for days in (5, 6))
    until = decide_by(first)
    assert isinstance(until, datetime)
    clock.start_at(until + timedelta(minutes=1))
    sign_in(client, clerk)
    answer = client.post(f"/workspace/sign-ups/{first.reference}/approve?list=desk")
    assert answer.location.startswith(DESK)
    assert "已经过期" in client.get(answer.location).text
    assert listed() == [second.reference]


@ONE_ENGINE
def test_its_queries_do_not_grow_with_those_who_ask(client: FlaskClient, clerk: Account) -> None:
    asked()
    client.get(DESK)
    with selects() as few:
        client.get(DESK)
    for _n in range(4):
        asked()
    with selects() as many:
        client.get(DESK)
    assert len(many) == len(few)
