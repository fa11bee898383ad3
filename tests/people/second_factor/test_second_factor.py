"""Whoever sees other people's data signs in with a code of their phone as well, which counts once."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.config import load
from center.kernel.db import db
from center.kernel.trail import StaffEvent
from center.people.models import Account, Role
from center.people.rules import needs_second_factor
from center.people.second_factor import rules, totp
from center.people.second_factor.models import RecoveryCode
from tests.builders import PASSWORD, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE


@pytest.fixture
def required(app: Flask) -> Iterator[None]:
    """The site asks for it, as outside a demonstration."""
    settings = app.extensions["settings"]
    object.__setattr__(settings, "second_factor", True)
    yield
    object.__setattr__(settings, "second_factor", False)


@pytest.fixture
def clerk() -> Account:
    return make_account(roles=[Role.CLERK])


def by_password(client: FlaskClient, account: Account, go_to: str = "/desk") -> None:
    client.post("/sign-in", data={"login": account.login, "password": PASSWORD, "next": go_to})


def set_up(client: FlaskClient) -> tuple[pyotp.TOTP, list[str]]:
    """Tell a phone the key and type its code; the phone, and the printed codes."""
    page = client.get("/me/account/second-factor").get_data(as_text=True)
    key = re.search(r'class="totp-key"[^>]*>([A-Z2-7 ]+)<', page)
    seal = re.search(r'name="seal"[^>]*value="([^"]+)"', page)
    assert key
    assert seal
    phone = pyotp.TOTP(key.group(1).replace(" ", ""))
    sent = {"seal": seal.group(1), "code": phone.at(clock.now())}
    answer = client.post("/me/account/second-factor", data=sent).get_data(as_text=True)
    return phone, re.findall(r">([0-9A-Z]{5}-[0-9A-Z]{5})<", answer)


def later(seconds: int = 61) -> None:
    clock.start_at(clock.now() + timedelta(seconds=seconds))


def test_a_clerk_sets_one_up_first_and_gives_it_at_every_sign_in(
    client: FlaskClient, required: None, clerk: Account
) -> None:
    by_password(client, clerk)
    assert client.get("/desk").location.startswith("/me/account/second-factor")
    phone, codes = set_up(client)
    assert len(codes) == rules.RECOVERY_CODES
    assert client.get("/desk").status_code == 200
    other = client.application.test_client()
    by_password(other, clerk)
    assert other.get("/desk").location.startswith("/sign-in/code")
    assert other.get("/me").location.startswith("/sign-in/code")  # their own pages as well
    assert other.get("/me/account/second-factor").location.startswith("/sign-in/code")  # no way round
    later()
    assert other.post("/sign-in/code", data={"code": phone.at(clock.now()), "next": "/desk"}).location == "/desk"
    assert other.get("/desk").status_code == 200


def test_no_code_counts_twice(client: FlaskClient, required: None, clerk: Account) -> None:
    by_password(client, clerk)
    phone, _codes = set_up(client)
    used = phone.at(clock.now())
    for _ in range(2):
        other = client.application.test_client()
        by_password(other, clerk)
        assert other.post("/sign-in/code", data={"code": used}).status_code == 422
        assert other.get("/desk").status_code == 302 or other.get("/desk").status_code == 303
    found = db.session.scalars(select(AccessEvent.subject).where(AccessEvent.kind == Kind.CODE_FAILED)).all()
    assert found == ["second factor"] * 2


@ONE_ENGINE
def test_a_printed_code_counts_once_and_is_kept_as_a_hash(client: FlaskClient, required: None, clerk: Account) -> None:
    by_password(client, clerk)
    _phone, codes = set_up(client)
    assert not set(db.session.scalars(select(RecoveryCode.code_hash))) & set(codes)
    for status in (303, 422):
        other = client.application.test_client()
        by_password(other, clerk)
        assert other.post("/sign-in/code", data={"code": codes[0].lower()}).status_code == status
    assert "recovery_code_used" in db.session.scalars(select(StaffEvent.act)).all()


@ONE_ENGINE
def test_guessing_is_slowed_down_whatever_the_browser(client: FlaskClient, required: None, clerk: Account) -> None:
    by_password(client, clerk)
    set_up(client)
    answers = []
    for _ in range(8):
        other = client.application.test_client()
        by_password(other, clerk)
        answers.append(other.post("/sign-in/code", data={"code": "000000"}).status_code)
    assert answers[0] == 422
    assert answers[-1] == 429


@ONE_ENGINE
def test_a_form_that_was_sent_without_it_is_kept(client: FlaskClient, required: None, clerk: Account) -> None:
    by_password(client, clerk)
    phone, _codes = set_up(client)
    later()
    other = client.application.test_client()
    by_password(other, clerk)
    page = other.post("/desk/people/new", data={"name": "李新来"}).get_data(as_text=True)
    kept = re.search(r'name="kept"[^>]*value="([^"]+)"', page)
    assert kept
    sent = {"code": phone.at(clock.now()), "kept": kept.group(1)}
    assert "李新来" in other.post("/sign-in/code", data=sent).get_data(as_text=True)


@ONE_ENGINE
def test_a_director_resets_it_in_person_and_it_is_written_down(
    client: FlaskClient, required: None, clerk: Account
) -> None:
    by_password(client, clerk)
    set_up(client)
    director = client.application.test_client()
    boss = make_account(roles=[Role.DIRECTOR])
    by_password(director, boss)
    set_up(director)
    address = f"/desk/people/{clerk.person_id}/second-factor/reset"
    assert client.post(address).status_code == 403
    assert director.post(address).status_code == 303
    event = db.session.scalars(select(StaffEvent).where(StaffEvent.act == "second_factor_reset")).one()
    assert (event.by_id, event.person_id) == (boss.person_id, clerk.person_id)
    assert client.get("/desk").location.startswith("/sign-in")  # signed out everywhere
    by_password(client, clerk)
    assert client.get("/desk").location.startswith("/me/account/second-factor")


@ONE_ENGINE
def test_another_accounts_key_is_refused(client: FlaskClient, required: None, clerk: Account) -> None:
    by_password(client, clerk)
    page = client.get("/me/account/second-factor").get_data(as_text=True)
    seal = re.search(r'name="seal"[^>]*value="([^"]+)"', page)
    key = re.search(r'class="totp-key"[^>]*>([A-Z2-7 ]+)<', page)
    assert seal
    assert key
    other = client.application.test_client()
    by_password(other, make_account(roles=[Role.CLERK]))
    code = pyotp.TOTP(key.group(1).replace(" ", "")).at(clock.now())
    other.post("/me/account/second-factor", data={"seal": seal.group(1), "code": code})
    assert other.get("/desk").location.startswith("/me/account/second-factor")


@ONE_ENGINE
@pytest.mark.parametrize("role", [Role.RESIDENT, Role.GRID_WORKER])
def test_who_needs_none_is_asked_for_none(client: FlaskClient, required: None, role: Role) -> None:
    sign_in(client, make_account(make_person(), roles=[role]))
    assert client.get("/me/account").status_code == 200


@ONE_ENGINE
def test_without_the_setting_only_who_has_one_gives_it(client: FlaskClient, clerk: Account) -> None:
    by_password(client, clerk)
    assert client.get("/desk").status_code == 200
    set_up(client)
    other = client.application.test_client()
    by_password(other, clerk)
    assert other.get("/desk").location.startswith("/sign-in/code")


@pytest.mark.parametrize(
    ("role", "needs"),
    [
        (Role.AUDITOR, True),
        (Role.CLERK, True),
        (Role.DIRECTOR, True),
        (Role.TUTOR, True),
        (Role.GRID_WORKER, False),
        (Role.RESIDENT, False),
    ],
)
def test_which_roles_need_it(role: Role, needs: bool) -> None:
    assert needs_second_factor([role, Role.RESIDENT]) is needs


@pytest.mark.parametrize("told", [{}, {"CENTER_SECOND_FACTOR": "1"}])
def test_it_is_required_unless_the_setting_says_otherwise(told: dict[str, str]) -> None:
    given = {"CENTER_DATABASE_URL": "sqlite:////tmp/x.db", "CENTER_SECRET_KEY": "s" * 40}
    assert load({**given, **told}).second_factor
    assert not load({**given, "CENTER_SECOND_FACTOR": "0"}).second_factor


def test_a_key_needs_the_sites_own_key() -> None:
    nonce = totp.new_nonce()
    assert totp.key_of(nonce, site_key="a") != totp.key_of(nonce, site_key="b")
