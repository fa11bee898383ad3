"""The door calculator: figures in, helpers out, and odd figures said in plain words."""

import re

import pytest
from flask.testing import FlaskClient

from center.people.models import Role
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def _clerk(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))


def said(client: FlaskClient, **asked: object) -> str:
    page = client.get("/desk/door-calculator", query_string={"lang": "en", **asked}).text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def test_it_begins_with_what_halls_aim_at_where_nothing_was_measured(client: FlaskClient) -> None:
    shown = said(client)
    assert "1 helper is needed" in shown
    assert "halls aim at 8 seconds" in shown


def test_it_says_how_many_helpers_are_needed(client: FlaskClient) -> None:
    shown = said(client, arrivals=500, peak_minutes=15, seconds_each="8")
    assert "5 helpers are needed" in shown
    assert "7.5 people a minute" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        {"arrivals": ""},
        {"arrivals": "0"},
        {"arrivals": "-5"},
        {"arrivals": "many"},
        {"arrivals": "9" * 400},
        {"peak_minutes": "0"},
        {"peak_minutes": ""},
        {"seconds_each": "0"},
        {"seconds_each": "NaN"},
        {"seconds_each": "1e999"},
        {"seconds_each": "Infinity"},
    ],
)
def test_odd_figures_are_said_at_their_field_and_nothing_is_reckoned(
    client: FlaskClient, wrong: dict[str, str]
) -> None:
    asked = {"arrivals": "500", "peak_minutes": "15", "seconds_each": "8", **wrong}
    answer = client.get("/desk/door-calculator", query_string={"lang": "en", **asked})
    assert answer.status_code in {200, 422}
    assert f'href="#{next(iter(wrong))}"' in answer.text
    assert "needed</p>" not in answer.text
