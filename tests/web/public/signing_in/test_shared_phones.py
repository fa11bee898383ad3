"""Registering, a new phone and signing in tell nobody which phones have accounts; several share one."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.db import db, transaction
from center.people import passwords, shared_phones
from center.people.models import Account, Person, Role
from center.people.session_models import UserSession
from tests.builders import PASSWORD, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

PHONE, MINE = "19900000099", "lotus tea by the green pond"
NEW = {"name": "贾新人", "phone": PHONE, "password": MINE}


@pytest.fixture
def owner(app: Flask) -> Account:
    """Who has the phone, and an account."""
    account = make_account(make_person(phone=PHONE), password_hash=passwords.hash_password(PASSWORD))
    return account


def everything_of(client: FlaskClient) -> list[object]:
    """All that somebody sees who registers with a phone, signs out, and signs in rightly and wrongly."""
    seen: list[object] = []
    answers = [
        client.post("/register?lang=en", data=NEW),
        client.get("/me/account?lang=en"),
        client.post("/sign-out"),
        client.post("/sign-in?lang=en", data={"login": PHONE, "password": MINE}),
        client.get("/me/account?lang=en"),
        client.post("/sign-out"),
        client.post("/sign-in?lang=en", data={"login": PHONE, "password": "not this one at all"}),
    ]
    for answer in answers:
        page = re.sub(r'value="[^"]*"|/sessions/\d+|\d{1,2}:\d\d( [AP]M)?', "", answer.get_data(as_text=True))
        seen.append((answer.status_code, answer.location, page))
    return seen


def test_whoever_registers_sees_the_same_whether_the_phone_has_an_account_or_not(
    app: Flask, client: FlaskClient
) -> None:
    free = everything_of(client)
    with transaction() as session:
        for table in (UserSession, Account, Person):
            for row in session.scalars(select(table)):
                session.delete(row)
            session.flush()
    make_account(make_person(phone=PHONE))
    assert everything_of(app.test_client()) == free


def count_hashes(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> int:
    """How many passwords are hashed and looked at: what takes the time."""
    count, verify, make = 0, passwords.is_right, passwords.hash_password

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*given: object) -> object:
            nonlocal count
            count += 1
            return real(*given)

        return call

    with monkeypatch.context() as patch:
        patch.setattr(passwords, "is_right", counted(verify))
        patch.setattr(passwords, "hash_password", counted(make))
        act()
    return count


def sends(client: FlaskClient, address: str, **typed: str) -> Callable[[], object]:
    return lambda: client.application.test_client().post(address, data=typed)


def test_it_takes_as_long(client: FlaskClient, owner: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    free = {**NEW, "phone": "19900000077"}
    assert count_hashes(monkeypatch, sends(client, "/register", **free)) == 1
    assert count_hashes(monkeypatch, sends(client, "/register", **NEW)) == 1
    for phone in ("19900000077", PHONE, "19900000066"):  # of one account, of two, of none
        for password in (MINE, "not this one at all"):
            if phone != "19900000066" or password != MINE:
                assert count_hashes(monkeypatch, sends(client, "/sign-in", login=phone, password=password)) == 1


def test_each_signs_in_by_their_own_password(client: FlaskClient, owner: Account) -> None:
    client.post("/register", data=NEW)
    for password, name in ((PASSWORD, owner.person.name), (MINE, "贾新人")):
        browser = client.application.test_client()
        assert browser.post("/sign-in", data={"login": PHONE, "password": password}).status_code == 303
        assert name in browser.get("/me/account").get_data(as_text=True)


def test_with_the_same_password_the_first_account_is_meant(client: FlaskClient, owner: Account) -> None:
    first = client.application.test_client()
    first.post("/sign-in", data={"login": PHONE, "password": PASSWORD})
    client.post("/register", data={**NEW, "password": PASSWORD})
    browser = client.application.test_client()
    browser.post("/sign-in", data={"login": PHONE, "password": PASSWORD})
    assert owner.person.name in browser.get("/me/account").get_data(as_text=True)


def test_a_new_password_is_found_by_the_phone_as_well(client: FlaskClient, owner: Account) -> None:
    client.post("/register", data=NEW)
    new = {"current": MINE, "password": "another pond with green tea"}
    assert client.post("/me/account/password", data=new).status_code == 303
    browser = client.application.test_client()
    assert browser.post("/sign-in", data={"login": PHONE, "password": new["password"]}).status_code == 303


def test_the_desk_is_told_before_it_confirms_one(client: FlaskClient, owner: Account) -> None:
    client.application.test_client().post("/register", data=NEW)
    waiting = db.session.scalars(select(Account).where(Account.confirmed_at.is_(None))).one()
    sign_in(client, make_account(roles=[Role.CLERK]))
    page = client.get(f"/desk/accounts/{waiting.id}/confirm?lang=en").get_data(as_text=True)
    assert "signs in somebody already" in page
    assert owner.person.name in page


def test_a_stolen_database_tells_nothing_of_a_password_without_the_sites_key(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = [shared_phones.tag_of(str(each)) for each in range(20)]
    with app.app_context():
        monkeypatch.setattr(app, "secret_key", "another key that has forty letters......")
        after = [shared_phones.tag_of(str(each)) for each in range(20)]
    assert before != after
    assert all(0 <= each < 256 for each in before)


def test_a_refused_account_leaves_its_phone_free(client: FlaskClient) -> None:
    client.application.test_client().post("/register", data=NEW)
    account = db.session.scalars(select(Account)).one()
    with transaction():
        row = db.session.get_one(Account, account.id)
        row.disabled_at, row.disabled_reason = clock.now(), "unknown"
    assert client.post("/register", data=NEW).status_code == 303
    assert db.session.scalar(select(Account.login).order_by(Account.id.desc())) == PHONE
