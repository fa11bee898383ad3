"""Small doors: what a browser is told, what an address may say, and what fits on one line."""

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from wtforms import StringField, TextAreaField

from center.kernel.config import Settings
from center.people.models import Role
from center.web import edge
from center.web.forms import BaseForm, long_text_field, text_field
from tests.builders import make_account, make_organisation, make_room, sign_in
from tests.conftest import make_app
from tests.engines import ONE_ENGINE, Engines, dispose
from tests.race import Fields
from tests.walking import book, opened


@ONE_ENGINE
@pytest.mark.parametrize("elder", ["0", "1"])
def test_an_address_says_nothing_that_leads_to_another_room(client: FlaskClient, elder: str) -> None:
    """A name in it that a link needs for itself would be there twice, which is an error."""
    account = make_account()
    make_organisation(leads=[account.person])
    make_room(code="R1")
    make_room(code="R2")
    sign_in(client, account)
    asked = f"code=R2&_external=1&_scheme=javascript&_anchor=x&endpoint=web.healthz&people=7&elder={elder}"
    for path in ("/series/new/R1", "/bookings/new/R1"):
        answer = opened(client, f"{path}?{asked}")
        assert answer.status_code == 200, path
        assert "javascript:" not in answer.text
    fields = Fields()
    fields.feed(answer.text)
    typed = {**fields.hidden, "stage": "check", "date": "x", "minutes": "60"}
    assert book(client, f"/bookings/new/R1?{asked}", typed).status_code in {200, 422}


class OneOfEach(BaseForm):
    """A field of one line in two spellings, and one of several."""

    line = text_field("a", most=80, required=False)
    plain = StringField("b")
    several = long_text_field("c", most=80)
    raw = TextAreaField("d")


@ONE_ENGINE
@pytest.mark.parametrize("break_", ["\n", "\r", "\r\n", "\u2028", "\u2029", "\x85"])
def test_a_field_of_one_line_takes_one_line(app: Flask, break_: str) -> None:
    typed = dict.fromkeys(("line", "plain", "raw"), f"a{break_}BEGIN:VEVENT") | {"several": "a\nb"}
    with app.test_request_context("/?lang=en", method="POST", data=typed):
        form = OneOfEach()
        assert not form.validate()
        assert "Please write this on one line." in form.line.errors
        assert "Please write this on one line." in form.plain.errors
        assert not form.several.errors
        assert not form.raw.errors


@ONE_ENGINE
def test_signing_out_leaves_nothing_behind_in_the_browser(client: FlaskClient) -> None:
    sign_in(client, make_account())
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


@ONE_ENGINE
def test_signing_out_keeps_what_is_unsent_and_shuts_the_lists_beside_it_also_without_scripts(
    client: FlaskClient,
) -> None:
    sign_in(client, make_account())
    client.set_cookie("checkin-unsent", "2")
    client.set_cookie("kept-lists", "0" * 32)
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert client.get_cookie("kept-lists") is None
    assert client.get_cookie("checkin-unsent") is not None


@pytest.mark.parametrize(("is_encrypted", "address", "is_told"), [
    (True, "https://localhost/", True), (True, "http://localhost/", False), (False, "https://localhost/", False),
])  # fmt: skip
def test_a_browser_that_came_by_https_is_told_to_stay_with_it(is_encrypted: bool, address: str, is_told: bool) -> None:
    app = Flask(__name__)
    if is_encrypted:
        app.after_request(edge._stay_encrypted)
    app.add_url_rule("/", view_func=lambda: Response("x"))
    answer = app.test_client().get("/", base_url=address)
    assert ("Strict-Transport-Security" in answer.headers) is is_told


def test_where_there_is_https_the_session_belongs_to_this_host_alone(engines: Engines, worker: str) -> None:
    app = make_app(engines.new_url("sqlite", f"secure_{worker}"), secure_cookies=True, trusted_proxies=1,
                   site_url="https://localhost")  # fmt: skip
    try:
        with app.app_context():
            _look_at_cookies(app.test_client())
    finally:
        dispose(app)


def _look_at_cookies(client: FlaskClient) -> None:
    proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "1.1.1.1"}
    answer = client.get("/sign-in?lang=zh", headers=proxy)
    cookies = answer.headers.getlist("Set-Cookie")
    [session] = [each for each in cookies if each.startswith("__Host-center=")]
    assert {"Secure", "HttpOnly", "Path=/"} <= set(session.split("; "))
    assert "Domain" not in session
    assert all("Secure" in each for each in cookies)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert client.get("/style-guide", headers=proxy).status_code == 404


@ONE_ENGINE
def test_the_style_guide_is_for_staff_and_those_who_make_the_site(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert app.test_client().get("/style-guide").status_code == 200
    monkeypatch.setattr(Settings, "is_for_developers", False)
    assert app.test_client().get("/style-guide").status_code == 404
    for roles, status in (([], 404), ([Role.CLERK], 200)):
        client = app.test_client()
        sign_in(client, make_account(roles=roles))
        assert client.get("/style-guide").status_code == status
