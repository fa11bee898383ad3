"""The desk's search box opens a number at once, and finds people for whatever else is typed."""

import pytest
from flask.testing import FlaskClient

from center.attendance import cards
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.texts import new_reference
from center.people.models import Role
from tests.activity_builders import make_roster, sign_up
from tests.builders import make_account, make_booking, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE


@pytest.fixture
def numbers(app: object) -> tuple[str, str]:
    """The number of a booking and of a sign-up."""
    [signed] = sign_up(make_roster(), make_person())
    return make_booking(room=make_room(), person=make_person(), reference=new_reference()).reference, signed.reference


def sought(client: FlaskClient, typed: str) -> str:
    answer = client.get("/desk/people", query_string={"q": typed})
    return answer.location or ""


def test_a_number_opens_its_thing(client: FlaskClient, numbers: tuple[str, str]) -> None:
    booking, signed = numbers
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert sought(client, booking).endswith(f"/bookings/{booking}")
    assert sought(client, booking.replace("-", "").lower()).endswith(f"/bookings/{booking}")
    assert sought(client, signed).endswith(f"/sign-ups/{signed}")


def test_a_card_opens_its_person_and_an_old_one_is_named(client: FlaskClient, numbers: tuple[str, str]) -> None:
    clerk, person = make_account(roles=[Role.CLERK]), make_person()
    sign_in(client, clerk)
    codes = []
    for _ in range(2):
        with transaction():
            codes.append(cards.issue(db.session.merge(person), by=db.session.merge(clerk.person), now=clock.now()))
    old, new = codes
    assert sought(client, f"QH1:{new}").endswith(f"/desk/people/{person.id}")
    assert "counts no more" not in client.get(f"/desk/people/{person.id}?lang=en").text
    assert sought(client, old.lower()).endswith(f"/desk/people/{person.id}")
    assert "counts no more" in client.get(f"/desk/people/{person.id}?lang=en").text
    assert sought(client, "QH1:" + "A" * 26) == ""


def test_a_number_of_nothing_is_searched_among_people(client: FlaskClient, numbers: tuple[str, str]) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    zhang = make_person(name="张文", sort_key="zhang wen", initials="zw")
    assert sought(client, "zhangwen").endswith(f"/desk/people/{zhang.id}")
    assert sought(client, "K7QM-2F9D") == ""


def test_an_auditor_opens_no_sign_up_that_they_may_not_see(client: FlaskClient, numbers: tuple[str, str]) -> None:
    booking, signed = numbers
    sign_in(client, make_account(roles=[Role.AUDITOR]))
    assert sought(client, booking).endswith(f"/bookings/{booking}")
    assert sought(client, signed) == ""


def test_what_is_no_number_asks_no_more_of_the_database(client: FlaskClient, numbers: tuple[str, str]) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    make_person(name="张文", sort_key="zhang wen", initials="zw")
    sought(client, "zw")
    with selects() as of_initials:
        sought(client, "zw")
    assert not [each for each in of_initials if "bookings.reference =" in each[0] or "sign_ups.reference =" in each[0]]


@pytest.mark.parametrize(
    "page", ["/desk/to-tell", "/desk/requests", "/desk/calls", "/desk/sign-up", "/desk/people/new"]
)
def test_the_box_stands_on_every_page_of_the_desk(client: FlaskClient, numbers: tuple[str, str], page: str) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    shown = client.get(page).text
    assert shown.count('action="/desk/people"') == 1
    assert shown.count("js/desk/shortcuts.js") == 1


@pytest.mark.parametrize("kind", ["booking", "sign-up"])
def test_it_is_there_where_errands_end_for_staff_alone(
    client: FlaskClient, numbers: tuple[str, str], kind: str
) -> None:
    guest = make_account()
    [signed] = sign_up(make_roster(), guest.person)
    booking = make_booking(room=make_room(), person=guest.person)
    page = f"/bookings/{booking.reference}" if kind == "booking" else f"/sign-ups/{signed.reference}"
    sign_in(client, guest)
    assert 'action="/desk/people"' not in client.get(page).text
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert 'action="/desk/people"' in client.get(page).text
