"""Slips are in the language of the person they are handed to."""

import pytest
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Account, Person, Role
from center.troupes.performances import replies
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_booking, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member
from tests.troupes.performances.builders import make_performance, told

pytestmark = ONE_ENGINE


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    client.get("/?lang=en")
    return account


def slips_of(person: Person) -> list[str]:
    roster = make_roster(make_activity())
    return [
        f"/sign-ups/{sign_up(roster, person)[0].reference}/slip",
        f"/bookings/{make_booking(person=person).reference}/slip",
    ]


def test_somebody_who_never_said_gets_it_in_the_centres_first_language_whatever_the_clerk_reads(
    client: FlaskClient, clerk: Account
) -> None:
    for address in slips_of(make_person(phone=None)):
        page = client.get(address).text
        assert 'lang="zh-Hans"' in page
        assert "编号<" in page


@pytest.mark.parametrize(("locale", "words"), [("zh", "编号<"), ("en", ">Reference")])
def test_who_chose_a_language_gets_it_in_that_one(client: FlaskClient, clerk: Account, locale: str, words: str) -> None:
    account = make_account()
    with transaction():
        account.locale = locale
    client.get(f"/?lang={'zh' if locale == 'en' else 'en'}")
    for address in slips_of(account.person):
        assert words in client.get(address).text


def test_the_clerk_may_switch_one_slip_and_nothing_else(client: FlaskClient, clerk: Account) -> None:
    for address in slips_of(make_person(phone=None)):
        assert "?in=en" in client.get(address).text
        switched = client.get(f"{address}?in=en").text
        assert ">Reference" in switched
        assert '<html lang="en"' in switched
        assert "编号<" in client.get(address).text
    assert '<html lang="en"' in client.get("/desk").text


def test_ones_own_slip_is_as_one_reads_the_site_and_tells_time_as_ones_own_mode_does(client: FlaskClient) -> None:
    account = make_account()
    with transaction():
        account.elder_mode = True
    own = slips_of(account.person)
    sign_in(client, account)
    for address in own:
        page = client.get(f"{address}?lang=en").text
        assert ">Reference" in page
        assert "10:00–11:00 AM" in page.replace("\u202f", " ")


def test_a_slip_that_asks_whether_somebody_comes_bears_a_code_that_answers(client: FlaskClient, clerk: Account) -> None:
    performance = make_performance()
    member = make_member(performance.troupe, make_person(phone=None))
    with transaction():
        replies.ask(performance, at(12, days=5).date(), by=clerk.person, now=clock.now())
    [notice] = told(member.person, "performances.asked")
    for has_link in (True, False):
        page = client.get(f"/desk/notices/{notice.id}/slip").text
        assert ('class="qr"' in page, "scan" in page or "扫码" in page) == (has_link, has_link)
        with transaction():
            replies.revoke_links(performance, now=clock.now())
