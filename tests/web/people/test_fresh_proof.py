"""What leads away from its owner asks for the password anew, and codes are not guessed by trying."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.people import passwords
from center.people.actions import own_words
from center.people.claims import in_groups
from center.people.helpers import make_code
from center.people.models import Role
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import sent


@ONE_ENGINE
@pytest.mark.parametrize("address", ["/me/contact", "/me/calendar"])
def test_an_old_sign_in_types_its_password_first(client: FlaskClient, address: str) -> None:
    sign_in(client, make_account())
    clock.start_at(clock.now() + timedelta(minutes=30))
    answer = client.post(address, data={"preferred": "automatic", "email": "thief@example.org"})
    assert answer.status_code == 403
    assert "/sign-in/prove" in answer.get_data(as_text=True)


@ONE_ENGINE
def test_helper_codes_are_not_guessed_and_a_right_one_forgives_nothing(client: FlaskClient) -> None:
    guesser, friend = make_account(), make_account()
    with transaction():
        right = in_groups(make_code(friend.person, now=clock.now()))
    sign_in(client, guesser)
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    statuses = []
    for code in ["AAAA-AAAA", "BBBB-BBBB", "CCCC-CCCC", right, "DDDD-DDDD", "EEEE-EEEE", "FFFF-FFFF"]:
        answer = sent(client, "/me/helpers/new/code", {"code": code, "ends_on": until})
        statuses.append(answer.get_data(as_text=True))
    assert friend.person.name in statuses[3]
    assert "分钟" in statuses[-1]  # wait some minutes


@ONE_ENGINE
def test_a_printed_slip_never_puts_its_code_into_a_query(app: Flask, client: FlaskClient) -> None:
    person, clerk = make_person(), make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    page = client.post(f"/desk/people/{person.id}/claim-code").get_data(as_text=True)
    assert "?code=" not in page


@ONE_ENGINE
@pytest.mark.parametrize(
    "password", ["qinghe2026", "QingheJu2026", "qinghejushequ1", "wang2026!", "wangxiu88", "青和居20262026"]
)
def test_names_with_a_year_are_no_passwords(app: Flask, password: str) -> None:
    make_centre(name="青和居社区党群服务中心", name_en="Qingheju Community Centre")
    person = make_person(name="王秀英", sort_key="wang xiu ying")
    with app.test_request_context("/"), pytest.raises(RuleBroken):
        passwords.check(password, own_words=own_words(person))


@ONE_ENGINE
@pytest.mark.parametrize("password", ["green tea by the lotus pond", "lotus pond tea 7", "wanton2026soup"])
def test_other_words_still_are(app: Flask, password: str) -> None:
    make_centre(name="青和居社区党群服务中心", name_en="Qingheju Community Centre")
    person = make_person(name="王秀英", sort_key="wang xiu ying")
    with app.test_request_context("/"):
        passwords.check(password, own_words=own_words(person))
