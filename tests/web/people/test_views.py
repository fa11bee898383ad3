"""Signing in, registering and accounts through the browser: first what must not work."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy import text as sql

from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people import actions, claims, queries
from center.people.models import Account, Person, Role
from center.people.session_models import UserSession
from tests.builders import PASSWORD, ZONE, make_account, make_building, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE

MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=ZONE)
NEW = {"name": "贾新人", "phone": "199-0000-0099", "password": "lotus pond tea 7"}


@pytest.fixture(autouse=True)
def clock_of() -> Any:
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def send_sign_in(client: FlaskClient, login: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"login": login, "password": password, **more})


def text(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def hidden_value(answer: Any, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', text(answer))
    return found[1] if found else ""


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me/account").status_code == 200


def cookie(client: FlaskClient, name: str = "center") -> str:
    found = client.get_cookie(name)
    assert found is not None
    return found.value


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def issue_code(person: Person) -> str:
    clerk = make_person()
    with transaction():
        return claims.issue(person, by=clerk, now=MONDAY)


class TestSessions:
    def test_a_stolen_cookie_dies_when_its_owner_signs_out(self, app: Flask, client: FlaskClient) -> None:
        send_sign_in(client, make_account().login)
        thief = app.test_client()
        thief.set_cookie("center", cookie(client))
        assert is_signed_in(thief)
        client.post("/sign-out")
        assert not is_signed_in(thief)
        assert not is_signed_in(client)

    def test_end_all_my_sessions_ends_a_stolen_copy_too(self, app: Flask, client: FlaskClient) -> None:
        account = make_account()
        thief = app.test_client()
        send_sign_in(thief, account.login)
        send_sign_in(client, account.login)
        client.post("/me/account/sessions/end-all")
        assert not is_signed_in(thief)
        assert not is_signed_in(client)

    def test_one_browser_can_be_signed_out_from_another(self, app: Flask, client: FlaskClient) -> None:
        account, other = make_account(), app.test_client()
        send_sign_in(other, account.login)
        send_sign_in(client, account.login)
        first = db.session.scalars(select(UserSession.id).order_by(UserSession.id)).first()
        assert client.post(f"/me/account/sessions/{first}/end").status_code == 303
        assert not is_signed_in(other)
        assert is_signed_in(client)

    def test_nobody_ends_a_session_of_somebody_else(self, app: Flask, client: FlaskClient) -> None:
        victim = app.test_client()
        send_sign_in(victim, make_account().login)
        theirs = db.session.scalars(select(UserSession.id)).one()
        sign_in(client, make_account())
        assert client.post(f"/me/account/sessions/{theirs}/end").status_code == 404
        assert client.post("/me/account/sessions/999999/end").status_code == 404
        assert client.post("/me/account/sessions/99999999999999999999/end").status_code == 404
        assert is_signed_in(victim)

    @pytest.mark.parametrize("sid", ["", "x", "x" * 5000, 7, None, ["a"], "\x00"])
    def test_a_forged_session_is_nobody(self, client: FlaskClient, sid: Any) -> None:
        make_account()
        with client.session_transaction() as session:
            session["sid"] = sid
        assert client.get("/me/account").status_code == 302
        assert client.get("/sign-in").status_code == 200

    def test_a_cookie_that_was_tampered_with_is_nobody(self, client: FlaskClient) -> None:
        send_sign_in(client, make_account().login)
        client.set_cookie("center", cookie(client)[:-3] + "abc")
        assert not is_signed_in(client)

    @pytest.mark.parametrize(("behind", "is_believed"), [(2, True), (59, True), (61, False)])
    def test_a_server_whose_clock_is_a_little_behind_believes_the_cookie(
        self, client: FlaskClient, clock_of: Any, behind: int, is_believed: bool
    ) -> None:
        send_sign_in(client, make_account().login)
        clock_of.shift(timedelta(seconds=-behind))
        assert is_signed_in(client) is is_believed

    def test_signing_in_changes_the_cookie_and_ends_nothing_of_the_old_browser(self, client: FlaskClient) -> None:
        client.get("/sign-in")
        with client.session_transaction() as session:
            session["planted"] = "by somebody else"
        send_sign_in(client, make_account().login)
        with client.session_transaction() as session:
            assert "planted" not in session

    @pytest.mark.parametrize(
        ("roles", "idle", "is_alive"),
        [((), 11, True), ((), 12, False), ((Role.CLERK,), 1, True), ((Role.CLERK,), 2, False)],
    )
    def test_unused_sign_ins_end_earlier_for_anyone_with_a_role(
        self, client: FlaskClient, clock_of: Any, roles: tuple[Role, ...], idle: int, is_alive: bool
    ) -> None:
        send_sign_in(client, make_account(roles=roles).login)
        clock_of.shift(timedelta(hours=idle))
        assert is_signed_in(client) is is_alive

    def test_a_sign_in_in_use_stays_alive_and_is_noted_at_most_every_five_minutes(
        self, client: FlaskClient, clock_of: Any
    ) -> None:
        send_sign_in(client, make_account(roles=[Role.CLERK]).login)
        seen = []
        for _ in range(4):
            clock_of.shift(timedelta(minutes=4))
            assert is_signed_in(client)
            db.session.rollback()
            seen.append(db.session.scalars(select(UserSession.seen_at)).one() - MONDAY)
        assert seen == [timedelta(0), timedelta(minutes=8), timedelta(minutes=8), timedelta(minutes=16)]

    def test_a_closed_account_is_signed_out_at_once(self, client: FlaskClient) -> None:
        account = make_account()
        sign_in(client, account)
        with transaction():
            account.disabled_at = MONDAY
        assert not is_signed_in(client)

    def test_a_role_that_is_over_opens_nothing(self, client: FlaskClient, clock_of: Any) -> None:
        account = make_account(roles=[Role.CLERK])
        sign_in(client, account)
        assert client.get("/desk/accounts").status_code == 200
        with transaction():
            queries.grants_of(account.person_id)[0].ends_on = MONDAY.date()
        assert client.get("/desk/accounts").status_code == 200
        clock_of.shift(timedelta(hours=14))
        sign_in(client, account)
        assert client.get("/desk/accounts").status_code == 403

    def test_who_is_signed_in_costs_one_query(self, client: FlaskClient) -> None:
        sign_in(client, make_account(roles=[Role.CLERK, Role.TUTOR]))
        with selects() as seen:
            client.get("/sign-in/prove")
        assert sum("user_sessions" in sql for sql, _values in seen) == 1
        assert not any(re.search(r"FROM (role_grants|accounts)", sql) for sql, _values in seen)


class TestSignInPage:
    @pytest.mark.parametrize(
        "address",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "///evil.example/x",
         "/\t/evil.example", "evil.example", "http:evil.example", "//[evil.example", ""],
    )  # fmt: skip
    def test_next_never_leads_to_another_site(self, client: FlaskClient, address: str) -> None:
        answer = send_sign_in(client, make_account().login, next=address)
        assert answer.status_code == 303
        assert "evil" not in answer.location.removesuffix("/evil.example/x") or answer.location.startswith("/")
        assert not answer.location.startswith(("//", "http", "javascript"))

    def test_whoever_needs_to_sign_in_comes_back_to_the_page(self, client: FlaskClient) -> None:
        answer = client.get("/me/account?lang=en")
        assert answer.status_code == 302
        page = client.get(answer.location)
        answer = send_sign_in(client, make_account().login, next=hidden_value(page, "next"))
        assert answer.location == "/me/account?lang=en"

    @pytest.mark.parametrize(
        ("login", "password"),
        [
            ("", ""),
            ("x" * 5000, "x"),
            ("a\x00b", "x"),
            ("😀", "👵🏮👵🏮"),
            ("19900000001", "x" * 5000),
            ("' OR 1=1", "x"),
        ],
    )
    def test_odd_input_is_refused_with_a_message(self, client: FlaskClient, login: str, password: str) -> None:
        make_account()
        answer = send_sign_in(client, login, password)
        assert answer.status_code == 422
        assert 'role="alert"' in text(answer)
        assert password == "" or f'value="{password}"' not in text(answer)

    def test_too_many_tries_say_how_long_to_wait_and_who_can_help(self, client: FlaskClient) -> None:
        make_centre(desk_phone="027-8888-0000")
        account = make_account()
        for _ in range(5):
            send_sign_in(client, account.login, "wrong")
        answer = client.post("/sign-in?lang=en", data={"login": account.login, "password": PASSWORD})
        assert answer.status_code == 429
        assert "1 minute" in text(answer)
        assert "027-8888-0000" in text(answer)

    def test_a_browser_that_signed_in_before_is_not_shut_out_by_a_neighbour_at_the_same_address(
        self, app: Flask, client: FlaskClient
    ) -> None:
        account, neighbour = make_account(), app.test_client()
        send_sign_in(client, account.login)
        client.post("/sign-out")
        for _ in range(8):
            send_sign_in(neighbour, account.login, "wrong")
        assert send_sign_in(neighbour, account.login).status_code == 429
        assert send_sign_in(client, account.login).status_code == 303

    def test_a_forged_device_cookie_is_just_an_address(self, client: FlaskClient) -> None:
        account = make_account()
        for n in range(5):
            client.set_cookie("device", f"forged{n}")
            send_sign_in(client, account.login, "wrong")
        client.set_cookie("device", "forged again")
        assert send_sign_in(client, account.login).status_code == 429

    def test_an_old_form_signs_nobody_in_but_keeps_what_was_typed(self, client: FlaskClient) -> None:
        account = make_account()
        answer = client.post("/sign-in", data={"login": account.login, "password": PASSWORD}, csrf=False)
        assert answer.status_code == 422
        assert account.login in text(answer)
        assert not is_signed_in(client)

    def test_signed_in_already_goes_on_at_once(self, client: FlaskClient) -> None:
        sign_in(client, make_account())
        assert client.get("/sign-in?next=/me/account").location == "/me/account"


class TestKeptForms:
    def post_signed_out(self, client: FlaskClient, headers: dict[str, str] | None = None) -> Any:
        typed = {"reason": "不认识 <b>", "again": ["一", "二"], "new_password": "secret-9", "csrf_token": "old"}
        return client.post("/desk/accounts/5/refuse?x=1", data=typed, headers=headers or {})

    def test_a_form_sent_after_the_session_ended_is_sent_again_after_signing_in(self, client: FlaskClient) -> None:
        answer = self.post_signed_out(client)
        assert answer.status_code == 401
        again = send_sign_in(
            client, make_account(roles=[Role.CLERK]).login, kept=hidden_value(answer, "kept"), next="/rooms"
        )
        page = text(again)
        assert again.status_code == 200
        assert 'action="/desk/accounts/5/refuse?x=1"' in page
        assert hidden_value(again, "reason") == "不认识 &lt;b&gt;"
        assert re.findall(r'name="again" value="(.)"', page) == ["一", "二"]
        assert len(re.findall(r'name="csrf_token"', page)) >= 1
        assert 'value="old"' not in page

    def test_what_was_typed_survives_a_wrong_password(self, client: FlaskClient) -> None:
        kept = hidden_value(self.post_signed_out(client), "kept")
        answer = send_sign_in(client, make_account().login, "wrong", kept=kept)
        assert hidden_value(answer, "kept") == kept

    def test_no_password_travels_with_it(self, client: FlaskClient) -> None:
        kept = hidden_value(self.post_signed_out(client), "kept")
        answer = send_sign_in(client, make_account().login, kept=kept)
        assert "secret-9" not in text(answer)
        assert "new_password" not in text(answer)

    def test_a_form_of_another_site_is_not_kept(self, client: FlaskClient) -> None:
        answer = self.post_signed_out(client, {"Origin": "https://evil.example"})
        assert answer.status_code == 401
        assert hidden_value(answer, "kept") == ""
        assert hidden_value(self.post_signed_out(client, {"Origin": "https://[evil"}), "kept") == ""
        assert hidden_value(self.post_signed_out(client, {"Origin": "http://localhost"}), "kept")

    @pytest.mark.parametrize("kept", ["forged", "W10.abc", "x" * 100_000, "\x00"])
    def test_a_forged_one_is_ignored(self, client: FlaskClient, kept: str) -> None:
        assert send_sign_in(client, make_account().login, kept=kept).status_code == 303

    def test_the_page_can_really_be_sent_again(self, client: FlaskClient) -> None:
        account = make_account()
        answer = client.post("/me/account/preferences", data={"locale": "en", "elder_mode": "y"})
        done = send_sign_in(client, account.login, kept=hidden_value(answer, "kept"))
        values = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text(done)))
        assert client.post("/me/account/preferences", data=values, csrf=False).status_code == 303
        db.session.rollback()
        assert (account.locale, account.elder_mode) == ("en", True)


class TestRegistering:
    def test_a_new_resident_is_signed_in_and_waits_for_the_desk(self, client: FlaskClient) -> None:
        building = make_building()
        answer = client.post("/register", data={**NEW, "building_id": building.id, "unit": "2", "door": "301"})
        assert answer.status_code == 303
        account = db.session.scalars(select(Account)).one()
        assert (account.login, account.person.door, account.is_confirmed) == ("19900000099", "301", False)
        assert is_signed_in(client)

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "李😀英"}, "name"),
            ({"name": "王" * 200}, "name"),
            ({"name": "李\x00英"}, "name"),
            ({"phone": ""}, "phone"),
            ({"phone": "12345"}, "phone"),
            ({"phone": "9" * 500}, "phone"),
            ({"password": ""}, "password"),
            ({"password": "short"}, "password"),
            ({"password": "woaini1314"}, "password"),
            ({"password": "19900000099"}, "password"),
            ({"password": "x7 " * 50}, "password"),
            ({"building_id": "99999999999999999999"}, "building_id"),
            ({"building_id": "abc"}, "building_id"),
            ({"birth_year": "1800"}, "birth_year"),
            ({"birth_year": "abc"}, "birth_year"),
            ({"birth_year": "9" * 6000}, "birth_year"),
            ({"door": "<script>"}, "door"),
            ({"claim_code": "AAAAA-AAAAA"}, "claim_code"),
            ({"claim_code": "\x00"}, "claim_code"),
        ],
    )
    def test_odd_input_lands_on_its_field_keeps_the_rest_and_writes_nothing(
        self, client: FlaskClient, changes: dict[str, str], field: str
    ) -> None:
        answer = client.post("/register", data={**NEW, **changes})
        page = text(answer)
        assert answer.status_code == 422
        assert f'href="#{field}"' in page
        assert f'id="{field}-errors"' in page
        if not {"name", "claim_code"} & changes.keys():
            assert 'value="贾新人"' in page
        assert "lotus pond" not in page
        assert (count(Person), count(Account)) == (0, 0)

    def test_a_double_press_is_signed_in_by_either_press(self, app: Flask, client: FlaskClient) -> None:
        key = hidden_value(client.get("/register?next=/rooms"), "request_key")
        form = {**NEW, "request_key": key, "next": "/rooms"}
        browsers = [client, app.test_client()]
        for browser in browsers:
            answer = browser.post("/register", data=form)
            assert (answer.status_code, answer.location) == (303, "/rooms")
            assert is_signed_in(browser)
        assert client.post("/register", data=form).location == "/rooms", "with the first press's cookie, too"
        assert count(Account) == 1

    def test_a_double_press_with_a_code_is_signed_in_too(self, app: Flask, client: FlaskClient) -> None:
        code = issue_code(make_person())
        key = hidden_value(client.get("/register"), "request_key")
        form = {"claim_code": code, "password": "lotus pond tea 7", "request_key": key}
        for browser in (client, app.test_client()):
            assert browser.post("/register", data=form).status_code == 303
            assert is_signed_in(browser)

    def test_the_key_of_a_form_opens_no_account_without_its_password(self, app: Flask, client: FlaskClient) -> None:
        key = hidden_value(client.get("/register"), "request_key")
        client.post("/register", data={**NEW, "request_key": key})
        stranger = app.test_client()
        guessed = {**NEW, "request_key": key, "password": "another lotus pond 8"}
        assert stranger.post("/register", data=guessed).status_code == 422
        assert not is_signed_in(stranger)

    def test_nobody_finds_out_many_sign_in_names_by_registering(self, client: FlaskClient) -> None:
        make_account(make_person(), login="guilan")
        for _ in range(5):
            assert client.post("/register", data={**NEW, "login": "guilan"}).status_code == 409
        assert client.post("/register", data={**NEW, "login": "guilan"}).status_code == 429

    def test_a_printed_code_opens_the_account_of_the_person_it_was_printed_for(self, client: FlaskClient) -> None:
        person = make_person(name="甄秀英", phone="19900000001")
        code = issue_code(person)
        assert f'value="{code}"' not in text(client.get(f"/register?code={code}"))  # it would stand in logs
        answer = client.post("/register", data={"claim_code": code.lower(), "password": "lotus pond tea 7"})
        assert answer.status_code == 303
        account = db.session.scalars(select(Account)).one()
        assert (account.person_id, account.login, account.is_confirmed) == (person.id, "19900000001", True)
        assert is_signed_in(client)

    def test_a_code_works_once(self, app: Flask, client: FlaskClient) -> None:
        code = issue_code(make_person())
        typed = {"claim_code": code, "password": "lotus pond tea 7"}
        assert client.post("/register", data=typed).status_code == 303
        answer = app.test_client().post("/register", data=typed)
        assert answer.status_code == 422
        assert 'id="claim_code-errors"' in text(answer)

    def test_codes_cannot_be_guessed_in_a_row(self, client: FlaskClient) -> None:
        typed = {"claim_code": "AAAAA-AAAAA", "password": "lotus pond tea 7"}
        for _ in range(5):
            assert client.post("/register", data=typed).status_code == 422
        assert client.post("/register", data=typed).status_code == 429

    def test_an_old_form_keeps_what_was_typed_and_writes_nothing(self, client: FlaskClient) -> None:
        answer = client.post("/register", data=NEW, csrf=False)
        assert answer.status_code == 422
        assert 'value="贾新人"' in text(answer)
        assert count(Person) == 0


class TestMyAccount:
    CHANGES = ("/me/account/phone", "/me/account/sign-in-name", "/me/account/password")

    def test_the_page_shows_my_phone_masked(self, client: FlaskClient) -> None:
        account = make_account(make_person(phone="19912345678"))
        sign_in(client, account)
        page = text(client.get("/me/account"))
        assert "199****5678" in page
        assert "19912345678" not in page

    @pytest.mark.parametrize("address", CHANGES)
    def test_a_password_typed_long_ago_must_be_typed_again(
        self, client: FlaskClient, clock_of: Any, address: str
    ) -> None:
        account = make_account()
        sign_in(client, account)
        assert client.get(address).status_code == 200
        clock_of.shift(timedelta(minutes=10))
        assert client.get(address).location == f"/sign-in/prove?next={address.replace('/', '%2F')}" or (
            client.get(address).location.endswith(address)
        )
        refused = client.post(address, data={"phone": "19900000077", "login": "thief", "password": "lotus pond tea 7"})
        assert refused.status_code == 403
        assert client.post("/sign-in/prove", data={"password": "wrong", "next": address}).status_code == 422
        assert client.post("/sign-in/prove", data={"password": PASSWORD, "next": address}).location == address
        assert client.get(address).status_code == 200

    def test_a_change_sent_too_late_is_kept_through_the_proof(self, client: FlaskClient, clock_of: Any) -> None:
        account = make_account()
        sign_in(client, account)
        clock_of.shift(timedelta(minutes=30))
        kept = hidden_value(client.post("/me/account/phone", data={"phone": "19900000077"}), "kept")
        done = client.post("/sign-in/prove", data={"password": PASSWORD, "kept": kept})
        assert hidden_value(done, "phone") == "19900000077"
        assert 'action="/me/account/phone"' in text(done)

    def test_a_new_password_signs_out_the_thief_and_not_me(self, app: Flask, client: FlaskClient) -> None:
        account, thief = make_account(), app.test_client()
        sign_in(thief, account)
        sign_in(client, account)
        copy = app.test_client()
        with client.session_transaction() as mine, copy.session_transaction() as stolen:
            stolen.update(mine)
        sent = {"current": PASSWORD, "password": "lotus pond tea 7"}
        assert client.post("/me/account/password", data={**sent, "current": "wrong one"}).status_code == 422
        assert client.post("/me/account/password", data=sent).status_code == 303
        assert is_signed_in(client)
        assert not is_signed_in(thief)
        assert not is_signed_in(copy)  # the cookie that was there before leads nowhere
        assert send_sign_in(thief, account.login).status_code == 422
        assert send_sign_in(thief, account.login, "lotus pond tea 7").status_code == 303

    @pytest.mark.parametrize(
        ("page", "typed", "field"),
        [
            ("password", {"current": PASSWORD, "password": "12345678"}, "password"),
            ("password", {"current": PASSWORD, "password": ""}, "password"),
            ("password", {"current": "wrong one", "password": "lotus pond tea 7"}, "current"),
            ("phone", {"phone": "123"}, "phone"),
            ("phone", {"phone": "\x00"}, "phone"),
            ("sign-in-name", {"login": "😀😀😀"}, "login"),
            ("sign-in-name", {"login": "x" * 500}, "login"),
        ],
    )
    def test_odd_input_lands_on_its_field(
        self, client: FlaskClient, page: str, typed: dict[str, str], field: str
    ) -> None:
        sign_in(client, make_account())
        answer = client.post(f"/me/account/{page}", data=typed)
        assert answer.status_code == 422
        assert f'id="{field}-errors"' in text(answer)

    def test_a_phone_that_somebody_else_signs_in_with_can_be_shared(self, client: FlaskClient) -> None:
        other, account = make_account(), make_account()
        sign_in(client, account)
        assert client.post("/me/account/phone", data={"phone": other.login}).status_code == 303
        db.session.rollback()
        assert account.signs_in_with == other.login != account.login

    def test_language_and_elder_mode_are_kept_with_the_account(self, app: Flask, client: FlaskClient) -> None:
        account, elsewhere = make_account(), app.test_client()
        sign_in(client, account)
        answer = client.post("/me/account/preferences", data={"locale": "en", "elder_mode": "y"})
        client.get(answer.location)
        assert cookie(client, "lang") == "en"
        send_sign_in(elsewhere, account.login)
        page = text(elsewhere.get("/me/account"))
        assert '<html lang="en" data-elder>' in page
        assert client.post("/me/account/preferences", data={"locale": "xx"}).status_code == 422


class TestDeskAccounts:
    def test_residents_and_auditors_do_not_confirm_accounts(self, client: FlaskClient) -> None:
        waiting = make_account(is_confirmed=False)
        assert client.get("/desk/accounts").status_code == 302
        for roles in ((), (Role.AUDITOR,), (Role.GRID_WORKER,), (Role.TUTOR,)):
            sign_in(client, make_account(roles=roles))
            assert client.get("/desk/accounts").status_code == 403
            assert client.post(f"/desk/accounts/{waiting.id}/confirm").status_code == 403
        db.session.rollback()
        assert not waiting.is_confirmed

    def test_a_clerk_confirms_and_the_list_is_empty(self, client: FlaskClient) -> None:
        waiting = make_account(is_confirmed=False)
        sign_in(client, make_account(roles=[Role.CLERK]))
        assert waiting.person.name in text(client.get("/desk/accounts"))
        assert client.post(f"/desk/accounts/{waiting.id}/confirm").status_code == 303
        client.get("/desk/accounts")
        assert waiting.person.name not in text(client.get("/desk/accounts"))
        db.session.rollback()
        assert waiting.is_confirmed

    def test_a_clerk_makes_an_account_that_of_a_known_person(self, client: FlaskClient) -> None:
        waiting = make_account(is_confirmed=False)
        known = make_person(name=waiting.person.name, birth_year=1950)
        sign_in(client, make_account(roles=[Role.CLERK]))
        asked = text(client.get(f"/desk/accounts/{waiting.id}/merge/{known.id}?lang=en"))
        assert "Both records side by side" in asked
        assert "1950" in asked
        assert client.post(f"/desk/accounts/{waiting.id}/merge/{known.id}").status_code == 303
        db.session.rollback()
        assert waiting.person_id == known.id
        page = text(client.get("/desk/accounts?lang=en"))
        assert "Matched lately" in page
        look = re.search(r"/desk/matches/\d+", page)
        assert look is not None
        undo = re.search(r"/desk/matches/\d+/undo", text(client.get(look[0])))
        assert undo is not None
        assert client.post(undo[0]).status_code == 303
        db.session.rollback()
        assert (waiting.person_id == known.id, waiting.is_confirmed) == (False, False)

    def test_a_new_person_stands_first_where_no_name_matches(self, client: FlaskClient) -> None:
        building = make_building()
        door = {"building": building, "unit": "1", "door": "301"}
        new = make_account(make_person(name="王小明", birth_year=1990, phone="19900000055", **door), is_confirmed=False)
        make_person(name="李桂兰", birth_year=1990, **door)
        make_person(name="赵铁柱", phone="19900000055")
        sign_in(client, make_account(roles=[Role.CLERK]))
        page = text(client.get("/desk/accounts?lang=en"))
        assert page.index(f"/desk/accounts/{new.id}/confirm") < page.index("李桂兰")
        assert "赵铁柱" not in page
        make_person(name="王小明")
        page = text(client.get("/desk/accounts?lang=en"))
        assert page.index("Compare the two") < page.index(f"/desk/accounts/{new.id}/confirm")

    def test_who_waits_reads_by_when_and_hears_when_it_is_done(self, client: FlaskClient) -> None:
        waiting, clerk = make_account(is_confirmed=False), make_person()
        sign_in(client, waiting)
        for address in ("/", "/me", "/me/account"):
            assert "It will do so by" in text(client.get(f"{address}?lang=en"))
        with transaction():
            actions.confirm_account(waiting, by=clerk, now=clock.now())
        assert "It will do so by" not in text(client.get("/me?lang=en"))
        told = db.session.scalars(select(Notice).where(Notice.person_id == waiting.person_id)).one()
        assert told.kind == "account.confirmed"

    def test_a_clerk_cannot_get_at_the_directors_account(self, client: FlaskClient) -> None:
        director, waiting = make_account(roles=[Role.DIRECTOR]), make_account(is_confirmed=False)
        sign_in(client, make_account(roles=[Role.CLERK]))
        assert "claim-code" in text(client.get(f"/desk/people/{make_account().person_id}"))
        assert "claim-code" not in text(client.get(f"/desk/people/{director.person_id}"))
        assert client.post(f"/desk/people/{director.person_id}/claim-code").status_code == 404
        assert client.post(f"/desk/accounts/{waiting.id}/merge/{director.person_id}").status_code == 404

    def test_the_list_costs_the_same_however_long_it_is(self, client: FlaskClient) -> None:
        sign_in(client, make_account(roles=[Role.CLERK]))
        costs = []
        for _ in range(2):
            for _ in range(4):
                make_person(name=make_account(is_confirmed=False).person.name)
            with selects() as seen:
                client.get("/desk/accounts")
            costs.append(len(seen))
        assert costs[0] == costs[1]

    def test_refusing_needs_a_reason_and_signs_the_account_out(self, app: Flask, client: FlaskClient) -> None:
        waiting, browser = make_account(is_confirmed=False), app.test_client()
        sign_in(browser, waiting)
        sign_in(client, make_account(roles=[Role.CLERK]))
        assert client.get(f"/desk/accounts/{waiting.id}/refuse").status_code == 200
        assert client.post(f"/desk/accounts/{waiting.id}/refuse", data={"reason": " "}).status_code == 422
        assert client.post(f"/desk/accounts/{waiting.id}/refuse", data={"reason": "不认识"}).status_code == 303
        assert not is_signed_in(browser)
        assert "不认识" in text(send_sign_in(browser, waiting.login))

    def test_forged_ids_are_not_found(self, client: FlaskClient) -> None:
        sign_in(client, make_account(roles=[Role.DIRECTOR]))
        for address in (
            "/desk/accounts/999/confirm",
            "/desk/accounts/999/merge/1",
            "/desk/accounts/99999999999999999999/confirm",
            "/desk/people/999/claim-code",
            "/desk/people/1/roles/999/end",
        ):
            assert client.post(address).status_code == 404, address
        assert client.get("/desk/people/999/roles").status_code == 404

    def test_the_printed_slip_has_the_code_and_where_to_type_it(self, client: FlaskClient) -> None:
        make_centre()
        person = make_person(name="甄秀英")
        sign_in(client, make_account(roles=[Role.CLERK]))
        answer = client.post(f"/desk/people/{person.id}/claim-code")
        code = re.search(r'class="reference">([^<]+)<', text(answer))
        assert code is not None
        assert "甄秀英" in text(answer)
        assert "<svg" in text(answer)
        assert claims.get_open(code[1], now=MONDAY).person_id == person.id


class TestRolesPage:
    def test_only_the_director_gives_roles(self, client: FlaskClient) -> None:
        person = make_person()
        for roles in ((), (Role.CLERK,), (Role.AUDITOR,)):
            sign_in(client, make_account(roles=roles))
            answer = client.post(
                f"/desk/people/{person.id}/roles", data={"role": "director", "starts_on": "2026-11-23"}
            )
            assert answer.status_code == 403
        assert queries.grants_of(person.id) == []

    def test_a_role_is_given_and_ended(self, client: FlaskClient) -> None:
        person = make_person()
        sign_in(client, make_account(roles=[Role.DIRECTOR]))
        given = {"role": "clerk", "starts_on": "2026-11-20", "ends_on": "2026-12-31"}
        assert client.post(f"/desk/people/{person.id}/roles", data=given).status_code == 303
        [grant] = queries.grants_of(person.id)
        assert client.post(f"/desk/people/{person.id}/roles/{grant.id}/end").status_code == 303
        db.session.rollback()
        assert grant.ends_on is not None
        assert grant.ends_on.isoformat() == "2026-11-22"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"role": "emperor"}, "role"),
            ({"role": "resident"}, "role"),
            ({"grid_id": "77"}, "grid_id"),
            ({"grid_id": "x"}, "grid_id"),
            ({"starts_on": ""}, "starts_on"),
            ({"starts_on": "31.12."}, "starts_on"),
            ({"ends_on": "2026-11-01"}, "ends_on"),
            ({"ends_on": "99999-01-01"}, "ends_on"),
        ],
    )
    def test_odd_input_lands_on_its_field(self, client: FlaskClient, changes: dict[str, str], field: str) -> None:
        person = make_person()
        sign_in(client, make_account(roles=[Role.DIRECTOR]))
        typed = {"role": "clerk", "starts_on": "2026-11-23", **changes}
        answer = client.post(f"/desk/people/{person.id}/roles", data=typed)
        assert answer.status_code == 422
        assert f'id="{field}-errors"' in text(answer)
        assert queries.grants_of(person.id) == []

    def test_a_director_keeps_the_last_directorship(self, client: FlaskClient) -> None:
        director = make_account(roles=[Role.DIRECTOR])
        sign_in(client, director)
        [grant] = queries.grants_of(director.person_id)
        answer = client.post(f"/desk/people/{director.person_id}/roles/{grant.id}/end", follow_redirects=True)
        assert "notice--stop" in text(answer)
        db.session.rollback()
        assert grant.ends_on is None

    def test_a_grant_of_somebody_else_is_not_found_under_this_person(self, client: FlaskClient) -> None:
        clerk = make_account(roles=[Role.CLERK])
        [grant] = queries.grants_of(clerk.person_id)
        sign_in(client, make_account(roles=[Role.DIRECTOR]))
        assert client.post(f"/desk/people/{make_person().id}/roles/{grant.id}/end").status_code == 404


def test_a_page_is_shown_although_the_database_is_too_busy_to_note_the_visit(
    app: Flask, client: FlaskClient, clock_of: Any
) -> None:
    sign_in(client, make_account())
    clock_of.shift(timedelta(minutes=6))
    with db.engine.connect() as another:
        another.execute(sql("UPDATE user_sessions SET browser = 'busy'"))
        assert client.get("/me/account").status_code == 200
        another.rollback()
    db.session.rollback()
    assert db.session.scalars(select(UserSession.seen_at)).one() == MONDAY
