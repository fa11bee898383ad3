"""Several people are signed up for one activity one after the other, and a slip of the hand is undone on the spot."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.kernel.db import db
from center.people.models import Account, Person, Role
from center.signups.models import LIVE, Mode, Roster, SignUp
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture(autouse=True)
def _morning() -> Iterator[None]:
    with time_machine.travel(at(10, days=0), tick=False):
        yield


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    return account


def page(client: FlaskClient, address: str) -> str:
    joined = address + ("&" if "?" in address else "?") + "lang=en"
    return " ".join(client.get(joined).text.split())


def found(client: FlaskClient, roster: Roster, person: Person) -> tuple[str, dict[str, str]]:
    """The page on which the search found this person, and what its button sends."""
    shown = page(client, f"/desk/sign-up/{roster.id}?q={person.initials}")
    form = shown[shown.index(f'action="/desk/sign-up/{roster.id}" class="post-button"') :]
    sends = re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")])
    return shown, {name: value for name, value in sends if name != "csrf_token"}


def somebody(initials: str, birth_year: int = 1980) -> Person:
    return make_person(name=f"某{initials}", sort_key=" ".join(initials), initials=initials, birth_year=birth_year)


def live(roster: Roster) -> int:
    db.session.rollback()
    query = select(func.count(SignUp.id)).where(SignUp.roster_id == roster.id, SignUp.state.in_(LIVE))
    return db.session.scalar(query) or 0


def test_a_form_that_nobody_filled_in_signs_nobody_up(client: FlaskClient, clerk: Account) -> None:
    roster = make_roster()
    address, nobody = f"/desk/sign-up/{roster.id}", {"person_id": "999999", "request_key": "k", "channel": "desk"}
    answer = client.post(f"{address}?lang=en", data={})
    assert "search the person again" in page(client, answer.location)
    assert client.post(address, data=nobody).status_code == 404
    assert client.get("/desk/sign-up/999999").status_code == 404
    assert live(roster) == 0


def test_one_after_the_other_with_a_list_and_an_undo(client: FlaskClient, clerk: Account) -> None:
    roster, first, second = make_roster(), somebody("qzx"), somebody("wvy")
    for person in (first, second):
        shown, form = found(client, roster, person)
        assert re.search(r'<button type="submit"[^>]* data-key="1" autofocus>Sign up', shown)
        for _ in range(2):  # pressed twice
            answer = client.post(f"/desk/sign-up/{roster.id}", data=form)
        assert answer.location.endswith(f"/desk/sign-up/{roster.id}")
    shown = page(client, answer.location)
    assert re.search(r'<input [^>]*autofocus[^>]* id="q"', shown), "the next is searched at once"
    assert "Signed up just now: 2" in shown
    assert shown.index(second.name) < shown.index(first.name), "the latest first"
    assert "Undo until 10:10" in shown
    [last] = db.session.scalars(select(SignUp).where(SignUp.person_id == second.id))
    answer = client.post(f"/desk/sign-ups/{last.reference}/undo", data={"back": "activity"})
    assert answer.location.endswith(f"/desk/sign-up/{roster.id}")
    assert "Signed up just now: one" in page(client, answer.location)
    assert live(roster) == 1


def test_where_the_last_place_goes_meanwhile_the_waiting_list_is_asked_about(
    client: FlaskClient, clerk: Account
) -> None:
    roster, late = make_roster(capacity=1), somebody("qzx")
    _shown, form = found(client, roster, late)
    sign_up(roster, make_person())
    answer = client.post(f"/desk/sign-up/{roster.id}", data=form)
    assert live(roster) == 1, "nobody is put on a list that the button did not name"
    shown = page(client, answer.location)
    assert "The last place has just gone" in shown
    assert late.name in shown
    assert "Onto the waiting list" in shown
    _shown, form = found(client, roster, late)
    client.post(f"/desk/sign-up/{roster.id}", data=form)
    assert live(roster) == 2
    assert "number 1 on the waiting list" in page(client, f"/desk/sign-up/{roster.id}")


def test_who_is_on_it_already_and_who_may_not_be_is_said(client: FlaskClient, clerk: Account) -> None:
    roster, there, older = make_roster(max_age=60), somebody("qzx"), somebody("wvy", birth_year=1930)
    [mine] = sign_up(roster, there)
    assert f'href="/sign-ups/{mine.reference}" autofocus' in page(client, f"/desk/sign-up/{roster.id}?q=qzx")
    _shown, form = found(client, roster, older)
    answer = client.post(f"/desk/sign-up/{roster.id}", data=form)
    assert 'role="alert"' in page(client, answer.location)
    assert live(roster) == 1


def test_a_new_person_is_written_down_and_stands_there_to_be_signed_up(client: FlaskClient, clerk: Account) -> None:
    roster = make_roster()
    shown = page(client, f"/desk/sign-up/{roster.id}?q=钱多多")
    assert f"roster={roster.id}" in shown
    answer = client.post(f"/desk/people/new?q=x&roster={roster.id}", data={"name": "钱多多", "request_key": "n" * 36})
    assert f"/desk/sign-up/{roster.id}?person=" in answer.location
    shown = page(client, answer.location)
    assert "钱多多" in shown
    assert 'data-key="1" autofocus>Sign up' in shown


def test_the_activities_to_choose_from_are_those_with_places(client: FlaskClient, clerk: Account) -> None:
    roster = make_roster(make_activity(title_en="Film for all"))
    make_roster(make_activity(title_en="Just come"), mode=Mode.WALK_IN)
    hidden = make_activity(title_en="Not yet", is_published=False)
    make_roster(hidden)
    shown = page(client, "/desk/sign-up")
    assert f"/desk/sign-up/{roster.id}" in shown
    assert "Just come" not in shown
    assert "Not yet" not in shown
    assert f"/desk/sign-up/{roster.id}" in page(client, f"/activities/{roster.activity.slug}")


def test_the_way_by_phone_is_kept(client: FlaskClient, clerk: Account) -> None:
    roster, person = make_roster(), somebody("qzx")
    shown = page(client, f"/desk/sign-up/{roster.id}?q=qzx&channel=phone")
    assert 'name="channel" value="phone"' in shown
    _shown, form = found(client, roster, person)
    answer = client.post(f"/desk/sign-up/{roster.id}", data={**form, "channel": "phone"})
    assert "channel=phone" in answer.location
    [made] = db.session.scalars(select(SignUp).where(SignUp.person_id == person.id))
    assert state_of(made) == "confirmed"
    assert made.channel == "phone"
