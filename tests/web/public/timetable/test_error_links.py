"""What is wrong is said once, and the links of the error summary lead to a field of the page."""

import re
from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.builders import ZONE, make_account, make_centre, make_organisation, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import book, sent

pytestmark = ONE_ENGINE

MONDAY_TEN = datetime(2026, 11, 23, 10, tzinfo=ZONE)
GOOD = {"date": "2026-11-24", "start": "14:00", "minutes": "60", "people": "5", "purpose": "下棋", "party": "self"}


@pytest.fixture(autouse=True)
def _monday_morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MONDAY_TEN, tick=False):
        make_centre()
        yield


def dead_links(page: str) -> list[str]:
    summary = re.search(r'id="error-summary".*?</div>', page, re.S)
    assert summary is not None
    return [name for name in re.findall(r'href="#([^"]+)"', summary[0]) if f'id="{name}"' not in page]


def messages(page: str) -> list[str]:
    summary = re.search(r'id="error-summary".*?</div>', page, re.S)
    assert summary is not None
    return re.findall(r"<li>(?:<a[^>]*>)?([^<]*)", summary[0])


@pytest.mark.parametrize("elder", ["0", "1"])
@pytest.mark.parametrize(
    "wrong",
    [
        {"people": "1000000000"},
        {"people": "lots"},
        {"people": "999"},
        {"start": "23:00"},
        {"date": "2026-11-20"},
        {"minutes": "180"},
        {"party": "organisation-77"},
        {"purpose": ""},
    ],
    ids=lambda value: "-".join(value.values()) or "empty",
)
def test_one_mistake_in_a_booking_has_one_message_that_leads_somewhere(
    client: FlaskClient, elder: str, wrong: dict[str, str]
) -> None:
    room = make_room()
    sign_in(client, make_account())
    typed = {**GOOD, **wrong, "stage": "check", "step": "4"}
    page = book(client, f"/bookings/new/{room.code}?lang=en&elder={elder}", typed).text
    assert len(messages(page)) == 1
    assert dead_links(page) == []


def test_a_number_too_large_is_not_told_to_be_at_least_one(client: FlaskClient) -> None:
    room = make_room()
    sign_in(client, make_account())
    typed = {**GOOD, "people": "1000000000", "stage": "check"}
    page = book(client, f"/bookings/new/{room.code}?lang=en", typed).text
    assert messages(page) == ["How many people come: A number from 1 to 9999, please."]


def test_a_series_has_links_that_lead_somewhere(client: FlaskClient) -> None:
    account = make_account()
    make_organisation(leads=[account.person])
    sign_in(client, account)
    room = make_room()
    for elder in "01":
        rule = {"frequency": "weekly", "weekdays": "1", "until": GOOD["date"], **GOOD, "people": "lots"}
        page = sent(client, f"/series/new/{room.code}/answers?lang=en&elder={elder}", rule).text
        assert 'id="error-summary"' in page
        assert dead_links(page) == []


def test_what_was_just_refused_is_not_offered_again(client: FlaskClient) -> None:
    room = make_room(capacity=10)
    make_room(code="BIG", capacity=60)
    sign_in(client, make_account())
    page = book(client, f"/bookings/new/{room.code}?lang=en", {**GOOD, "people": "40", "stage": "check"}).text
    assert "This room holds 10 people." in page
    assert 'name="pick"' not in page
    assert 'name="choose"' not in page
    (link,) = re.findall(r'href="/find\?([^"]*people=40[^"]*)"', page)
    assert {"date=2026-11-24", "start=14:00", "minutes=60", "people=40"} <= set(link.replace("%3A", ":").split("&amp;"))
