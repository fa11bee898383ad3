"""The desk prints cards, and its owner or the desk ends one that was lost."""

import re

from flask.testing import FlaskClient

from center.attendance import cards
from center.attendance.codes import CardCode, read_code
from center.kernel import clock
from center.kernel.db import transaction
from center.people.models import Account, Person
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def printed(client: FlaskClient, person: Person, paper: str = "card") -> str:
    """The code on the paper."""
    page = client.post(f"/desk/people/{person.id}/card", data={"paper": paper})
    assert page.status_code == 200
    assert person.name in page.text
    assert "<svg" in page.text
    code = read_code("-".join(re.findall(r"<span>([A-Z2-7]{2,4})</span>", page.text)))
    assert isinstance(code, CardCode)
    return code.code


def state_of(code: str) -> str:
    found = cards.find_by_code(code)
    assert found is not None
    return found.state.value


def test_a_card_is_printed_and_ends_the_one_before(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    first = printed(client, person)
    page = client.get(f"/desk/people/{person.id}/card?lang=en").text
    assert "It counts no more the moment a new one is printed." in page
    second = printed(client, person, paper="slip")
    assert (state_of(first), state_of(second)) == ("old", "live")


def test_the_code_is_on_no_page_but_the_paper(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    code = printed(client, person)
    for page in (f"/desk/people/{person.id}", f"/desk/people/{person.id}/card"):
        assert code[:4] not in re.sub(r'value="[^"]*"', "", client.get(page).text)


def test_the_desk_ends_a_lost_card(client: FlaskClient, clerk: Account) -> None:
    person = make_person()
    code = printed(client, person)
    said = client.post(f"/desk/people/{person.id}/card/end?lang=en", follow_redirects=True).text
    assert "The card counts no more." in said
    assert state_of(code) == "old"
    assert "There was no card." in client.post(f"/desk/people/{person.id}/card/end", follow_redirects=True).text


def test_its_owner_sees_that_there_is_a_card_and_reports_it_lost(client: FlaskClient) -> None:
    account, desk = make_account(), make_person()
    with transaction():
        code = cards.issue(account.person, by=desk, now=clock.now())
    sign_in(client, account)
    assert "You have a card since" in client.get("/me/account?lang=en").text
    said = client.post("/me/account/card/lost", follow_redirects=True).text
    assert "Your card counts no more." in said
    assert "You have none." in said
    assert state_of(code) == "old"
