"""My page and Home read only what there is, in a number of statements that does not grow with it."""

import pytest
from flask.testing import FlaskClient

from center.people.models import Person
from tests.builders import at, make_account, make_booking, make_organisation, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


@pytest.fixture
def me(client: FlaskClient) -> Person:
    account = make_account()
    sign_in(client, account)
    client.get("/me")  # notes when the account was seen last
    return account.person


def reads_of(client: FlaskClient, address: str) -> int:
    with selects() as sent:
        assert client.get(address).status_code == 200
    return len(sent)


def test_my_page_asks_ten_statements_at_most_of_a_resident_with_bookings(client: FlaskClient, me: Person) -> None:
    for hour in (9, 11, 14):
        make_booking(person=me, starts_at=at(hour))
    assert reads_of(client, "/me") <= 10


def test_what_a_lead_has_costs_as_much_of_nine_bookings_as_of_three(client: FlaskClient, me: Person) -> None:
    team = make_organisation(leads=[me])

    def book(days: int) -> int:
        for hour in (9, 11, 14):
            make_booking(person=me, organisation=team, starts_at=at(hour, days=days))
        return reads_of(client, "/me")

    few = book(1)
    book(2)
    assert book(3) <= few <= 18


def test_home_asks_a_reader_with_nothing_to_answer_eight_statements_at_most(client: FlaskClient, me: Person) -> None:
    assert reads_of(client, "/") <= 8
