"""Pages that visitors share are kept until something that they show is written: the next reader sees it at once."""

import pytest
from flask.testing import FlaskClient

from center.activities.models import ActivityState
from center.kernel.caching.read_cache import kinds_of
from center.kernel.db import transaction
from center.signups.public.cards import cards_of, chosen
from center.web.public.activities.list_views import LISTED
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_booking, make_person, make_room, sign_in
from tests.statements import selects

pytestmark = pytest.mark.usefixtures("morning")


def find() -> str:
    return f"/find?date={at(14).date()}&start=14:00&minutes=60&people=2&party=person&lang=en"


def test_a_place_that_is_taken_is_gone_from_the_kept_page_of_an_activity(client: FlaskClient) -> None:
    roster = make_roster(capacity=3)
    address = f"/activities/{roster.activity.slug}?lang=en"
    assert client.get(address).text == client.get(address).text
    assert "3 places left" in client.get(address).text
    sign_up(roster, make_person())
    page = client.get(address).text
    assert "2 places left" in page
    assert "3 places left" not in page


def test_what_a_reader_with_a_sign_in_sees_of_an_activity_is_shown_to_nobody_else(client: FlaskClient) -> None:
    roster, me = make_roster(), make_account(locale="en")
    sign_up(roster, me.person)
    address = f"/activities/{roster.activity.slug}"
    visitor = client.application.test_client()
    before = visitor.get(address).text
    sign_in(client, me)
    own = client.get(address).text
    assert me.person.name in own or "You are signed up" in own or "Sign out" in own
    assert visitor.get(address).text == before
    assert "Sign out" not in before


def test_a_title_that_changes_and_an_activity_that_is_called_off_are_seen_at_once(client: FlaskClient) -> None:
    activity = make_activity(title="书法")
    addresses = (f"/activities/{activity.slug}", "/activities")
    for address in addresses:
        assert "书法" in client.get(address).text
    with transaction():
        activity.title = "剪纸"
    for address in addresses:
        page = client.get(address).text
        assert "剪纸" in page
        assert "书法" not in page
    with transaction():
        activity.state, activity.published_at = ActivityState.DRAFT, None
    assert client.get(addresses[0]).status_code == 404


def test_a_room_that_is_booked_is_no_longer_found(client: FlaskClient) -> None:
    room = make_room(name="书画室", name_en="Studio")
    link = f"/bookings/new/{room.code}?date={at(14).date()}&amp;start=14:00"
    assert link in client.get(find()).text
    assert link in client.get(find()).text
    make_booking(room=room, starts_at=at(14, days=1))
    assert link not in client.get(find()).text


def test_a_page_that_nothing_was_written_of_asks_for_two_statements_at_most(client: FlaskClient) -> None:
    activity = make_activity()
    make_room()
    for address in (f"/activities/{activity.slug}", "/activities", find()):
        for _n in range(2):
            with selects(anew=False) as sent:
                assert client.get(address).status_code == 200
        assert len(sent) <= 2


def test_the_list_is_read_from_the_kinds_of_rows_that_it_is_kept_by() -> None:
    assert kinds_of(cards_of(chosen())) == frozenset(LISTED)
