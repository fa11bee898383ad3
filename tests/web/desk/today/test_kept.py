"""The first page of the desk is drawn once for all who may do the same: each gets their own token, and every change."""

import re

import pytest
from flask.testing import FlaskClient

from center.kernel.db import transaction
from center.people.models import Role
from tests.builders import at, make_account, make_booking, sign_in
from tests.statements import selects

pytestmark = pytest.mark.usefixtures("morning")


def clerk(client: FlaskClient) -> FlaskClient:
    browser: FlaskClient = client.application.test_client()
    sign_in(browser, make_account(roles=[Role.CLERK]))
    return browser


def test_each_clerk_gets_their_own_token_in_what_was_drawn_for_another(client: FlaskClient) -> None:
    make_booking(starts_at=at(10, days=0))
    pages = [each.get("/desk").text for each in (clerk(client), clerk(client))]
    tokens = [re.findall(r'name="csrf_token" value="([^"]*)"', page) for page in pages]
    assert all("." in token for found in tokens for token in found)
    assert len({*tokens[0]}) == len({*tokens[1]}) == 1
    assert "\ue000" not in "".join(pages)


def test_a_button_of_what_was_drawn_for_another_works(client: FlaskClient) -> None:
    booking, (one, other) = make_booking(starts_at=at(10, days=0)), (clerk(client), clerk(client))
    one.get("/desk")
    page = other.get("/desk").text
    found = re.search(rf'action="(/[^"]*{booking.reference}[^"]*)"[^>]*>\s*<input[^>]*value="([^"]*)"', page)
    assert found is not None
    answer = other.post(found[1], data={"csrf_token": found[2], "back": "board"}, csrf=False)
    assert answer.status_code == 303
    assert "Here since" in one.get("/desk?lang=en").text


def test_what_somebody_changes_is_on_the_next_page_of_everybody(client: FlaskClient) -> None:
    booking, one = make_booking(starts_at=at(14, days=0), purpose="读书会"), clerk(client)
    assert "读书会" in one.get("/desk").text
    with transaction():
        booking.purpose = "书法课"
    page = one.get("/desk").text
    assert "书法课" in page
    assert "读书会" not in page


def test_the_desk_asks_as_much_of_nine_bookings_as_of_three_and_little_while_nothing_changes(
    client: FlaskClient,
) -> None:
    one = clerk(client)

    def asked(*, anew: bool) -> int:
        with selects(anew=anew) as sent:
            assert one.get("/desk").status_code == 200
        return len(sent)

    for hour in (9, 11, 14):
        make_booking(starts_at=at(hour, days=0))
    one.get("/desk")  # notes when the account was seen last
    few = asked(anew=True)
    for hour in (9, 11, 14, 15, 16, 17):
        make_booking(starts_at=at(hour, days=0))
    assert asked(anew=True) <= few <= 40
    asked(anew=False)
    assert asked(anew=False) <= 6
