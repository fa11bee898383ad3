"""Helpers: named by a code of their own, seen, taken back; nobody learns who has an account here."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people import acting, helpers
from center.people.models import Account, Consent, Delegation, HelperCode
from tests.activity_builders import make_roster, sign_up
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import go_on, opened, sent

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def elder(client: FlaskClient) -> Account:
    account = make_account(make_person(name="王秀英"))
    sign_in(client, account)
    return account


@pytest.fixture
def helper() -> Account:
    return make_account(make_person(name="李建国"))


def code_of(account: Account, now: datetime | None = None) -> str:
    with transaction():
        return helpers.make_code(account.person, now=now or clock.now())


def given() -> Any:
    db.session.rollback()
    return db.session.scalars(select(Delegation).order_by(Delegation.id)).all()


def in_half_a_year() -> str:
    return (clock.now() + timedelta(days=180)).date().isoformat()


@ONE_ENGINE
def test_a_code_is_typed_the_name_confirmed_and_the_permission_taken_back(
    client: FlaskClient, elder: Account, helper: Account
) -> None:
    other = client.application.test_client()
    sign_in(other, helper)
    told = re.findall(r"([A-Z0-9]{4}-[A-Z0-9]{4})</p>", other.post("/me/helpers/code").text)[0]
    asked = sent(client, "/me/helpers/new/code?lang=en", {"code": told.lower()})
    assert "李建国" in asked.text
    assert told.lower() not in asked.text, "what was typed is kept, not carried along"
    assert told.lower() in go_on(client, asked, stage="back").text
    asked = go_on(client, opened(client, asked.request.full_path), code=told)
    assert given() == [], "looking gives nothing"
    for _ in range(2):
        assert go_on(client, asked, ends_on=in_half_a_year()).status_code == 303
    current = [each for each in given() if each.revoked_at is None]
    assert [(each.delegate_id, each.consent) for each in current] == [(helper.person_id, Consent.OWN_ACCOUNT)]
    sign_up(make_roster(), elder.person, by=helper.person)
    shown = client.get("/me/helpers?lang=en").text
    assert "What they did for me" in shown
    assert "Signed up" in shown
    for _ in range(2):
        assert client.post(f"/me/helpers/{current[0].id}/revoke").status_code == 303
    assert all(each.revoked_at for each in given())


@ONE_ENGINE
def test_a_wrong_an_old_and_a_strangers_code_are_answered_alike(
    client: FlaskClient, elder: Account, helper: Account
) -> None:
    old = code_of(helper, now=clock.now() - timedelta(days=2))
    unconfirmed = make_account(is_confirmed=False)
    answers = []
    for code in ("AAAA-AAAA", old, code_of(unconfirmed)):
        answer = sent(client, "/me/helpers/new/agree?lang=en", {"code": code, "ends_on": in_half_a_year()})
        assert answer.status_code == 422
        assert answer.request.path.endswith("/code")
        answers.append(re.sub(r'value="[^"]*"|draft=[^"]*', "", re.sub(code, "", answer.text)))
    assert len(set(answers)) == 1
    assert given() == []


@ONE_ENGINE
def test_the_second_page_is_nobody_elses_and_names_nobody_before_a_code_was_looked_up(
    client: FlaskClient, elder: Account, helper: Account
) -> None:
    code = code_of(helper)
    asked = sent(client, "/me/helpers/new/code", {"code": code})
    stranger = client.application.test_client()
    sign_in(stranger, make_account())
    assert "李建国" not in opened(stranger, asked.request.full_path).text
    assert "李建国" not in stranger.get(f"/me/helpers/new/agree?code={code}", follow_redirects=True).text
    for _ in range(6):
        guessed = sent(client, "/me/helpers/new/code", {"code": "AAAA-AAAA"})
    assert guessed.status_code == 429
    late = sent(client, "/me/helpers/new/code", {"code": code})
    for page in (
        late,
        opened(client, late.request.full_path),
        opened(client, late.request.full_path.replace("code", "agree")),
    ):
        assert page.status_code == 429, "a page that is asked for again looks up nothing"
        assert "李建国" not in page.text


@ONE_ENGINE
def test_ones_own_code_a_past_day_and_two_years_are_refused_and_nothing_typed_is_lost(
    client: FlaskClient, elder: Account, helper: Account
) -> None:
    code = code_of(helper)
    for days in (-1, 800):
        day = (clock.now() + timedelta(days=days)).date().isoformat()
        answer = sent(client, "/me/helpers/new/agree", {"code": code, "ends_on": day})
        assert answer.status_code == 422
        assert day in answer.text
        assert code in go_on(client, answer, stage="back").text
    own = code_of(elder)
    assert sent(client, "/me/helpers/new/agree", {"code": own, "ends_on": in_half_a_year()}).status_code == 422
    assert given() == []


@ONE_ENGINE
def test_only_the_two_of_them_end_it(client: FlaskClient, elder: Account, helper: Account) -> None:
    stranger = make_account()
    with transaction():
        helpers.give(
            stranger.person,
            code=code_of_in(helper),
            ends_on=(clock.now() + timedelta(days=9)).date(),
            today=clock.now().date(),
            by=stranger.person,
            now=clock.now(),
        )
    [theirs] = given()
    for step in ("revoke", "stop"):
        assert client.post(f"/me/helpers/{theirs.id}/{step}").status_code == 404
    other = client.application.test_client()
    sign_in(other, helper)
    assert other.post(f"/me/helpers/{theirs.id}/revoke").status_code == 404
    assert other.post(f"/me/helpers/{theirs.id}/stop").status_code == 303
    assert given()[0].revoked_at is not None


def code_of_in(account: Account) -> str:
    """A code, made in the transaction that is under way."""
    return helpers.make_code(account.person, now=clock.now())


def test_a_new_code_ends_the_old_one(helper: Account) -> None:
    first, second = code_of(helper), code_of(helper)
    assert helpers.get_helper(second, now=clock.now()).id == helper.person_id
    with pytest.raises(RuleBroken):
        helpers.get_helper(first, now=clock.now())
    assert first not in str(db.session.scalars(select(HelperCode.code_hash)).all())
    assert acting.delegations_of(helper.person, on=clock.now().date()) == []
