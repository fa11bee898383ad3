"""My page is drawn once while nothing is written: it is nobody else's, and not shown once anything changed."""

import re
from datetime import UTC, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select, text

from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.actions import end_membership
from center.organisations.models import Membership
from center.people.actions import confirm_account
from center.people.models import Account
from tests.builders import at, make_account, make_booking, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import everything_sent

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def browser_of(client: FlaskClient, account: Account) -> FlaskClient:
    browser: FlaskClient = client.application.test_client()
    sign_in(browser, account)
    return browser


def test_while_nothing_is_written_it_is_neither_read_nor_drawn_again(client: FlaskClient) -> None:
    mine = browser_of(client, make_account())
    first = mine.get("/me").text
    with everything_sent() as sent:
        assert mine.get("/me").text == first
    assert len([each for each in sent if each.startswith("SELECT")]) <= 2


def test_nobody_gets_what_was_drawn_for_somebody_else(client: FlaskClient) -> None:
    one, other = make_account(), make_account()
    make_booking(person=one.person, starts_at=at(9), purpose="读书会")
    assert "读书会" in browser_of(client, one).get("/me").text
    assert "读书会" not in browser_of(client, other).get("/me").text


def test_what_another_process_writes_is_on_the_next_page(client: FlaskClient) -> None:
    account = make_account()
    make_booking(person=account.person, starts_at=at(9), purpose="读书会")
    mine = browser_of(client, account)
    assert "读书会" in mine.get("/me").text
    other = create_engine(db.engine.url)
    with other.begin() as connection:
        connection.execute(text("UPDATE bookings SET purpose = '书法课'"))
    other.dispose()
    assert "书法课" in mine.get("/me").text


def test_an_organisation_that_somebody_no_longer_leads_is_gone_from_it(client: FlaskClient) -> None:
    account = make_account()
    team = make_organisation(leads=[account.person], name="合唱队")
    mine = browser_of(client, account)
    make_booking(person=make_person(), organisation=team, starts_at=at(9), purpose="排练")
    assert "排练" in mine.get("/me").text
    staff = make_person()
    with transaction() as session:
        end_membership(session.scalars(select(Membership)).one(), by=staff, now=clock.now())
    assert "排练" not in mine.get("/me").text


def test_it_is_said_in_the_language_and_the_way_asked_for_last(client: FlaskClient) -> None:
    account = make_account()
    make_booking(person=account.person, starts_at=at(14))
    mine = browser_of(client, account)
    said = [mine.get(f"/me?{wish}").text for wish in ("lang=zh&elder=0", "lang=en&elder=0", "lang=zh&elder=1")]
    assert ["My bookings" in each for each in said] == [False, True, False]
    assert ["14:00" in each for each in said] == [True, True, False]


def test_what_has_begun_meanwhile_moves_with_the_next_minute(client: FlaskClient) -> None:
    account = make_account()
    make_booking(person=account.person, starts_at=at(11, days=0), purpose="读书会")
    mine = browser_of(client, account)
    before = mine.get("/me").text
    clock.start_at(datetime(2026, 11, 24, 5, tzinfo=UTC))
    assert mine.get("/me").text != before


def test_each_browser_gets_its_own_token(client: FlaskClient) -> None:
    account, staff = make_account(is_confirmed=False, locale="en"), make_person()
    with transaction():
        confirm_account(account, by=staff, now=clock.now())
    pages = [browser_of(client, account).get("/me").text for _browser in range(2)]
    for page in pages:
        token = re.search(r'action="/me/notices/[^>]*>\s*<input[^>]*name="csrf_token" value="([^"]*)"', page)
        assert token is not None
        assert "." in token[1]
        assert "\ue000" not in page
