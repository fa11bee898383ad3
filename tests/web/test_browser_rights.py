"""What pages let the browser do: everywhere the least; the camera and workers at check-in alone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.web.browser_rights import (
    CHECK_IN_HEADERS,
    KEPT_HEADERS,
    MAX_REQUEST_BYTES,
    PLAYING_HEADERS,
    SECURITY_HEADERS,
)
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.world import rules

pytestmark = ONE_ENGINE

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SENSORS = "camera=(), geolocation=(), microphone=()"
# The day's list of children, which a device keeps for when there is no connection.
PLAYING = {f"/{area}/troupes/<slug>/pieces/<id:piece_id>" for area in ("me", "workspace")}  # recordings
KEPT = {"/classroom/day", "/classroom/day/<id:person_id>", "/classroom/shell", "/classroom/worker.js"}


def test_no_page_but_those_of_check_in_may_use_the_camera_and_few_a_worker(app: Flask) -> None:
    assert SECURITY_HEADERS["Content-Security-Policy"] == POLICY
    assert SECURITY_HEADERS["Permissions-Policy"] == SENSORS
    others = [rule for rule in rules(app) if not rule.rule.startswith("/checkin/")]
    assert len(others) > 200
    declared = {rule.rule: getattr(app.view_functions[rule.endpoint], "headers", None) for rule in others}
    assert {rule for rule, headers in declared.items() if headers is not None} == KEPT | PLAYING
    assert all(declared[rule] is KEPT_HEADERS for rule in KEPT)
    assert KEPT_HEADERS["Permissions-Policy"] == SENSORS
    assert all(declared[rule] is PLAYING_HEADERS for rule in PLAYING)
    assert PLAYING_HEADERS["Content-Security-Policy"] == f"{POLICY}; media-src 'self'"
    assert PLAYING_HEADERS["Permissions-Policy"] == SENSORS


@pytest.mark.parametrize("address", ["/board", "/nowhere", "/static/js/copy.js", "/sign-in"])
def test_what_is_answered_elsewhere_says_so(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["Permissions-Policy"] == SENSORS


def test_a_page_of_check_in_asks_for_the_camera_and_workers_and_for_nothing_else(client: FlaskClient) -> None:
    sign_in(client, make_account())
    headers = client.get("/checkin/practice").headers
    assert headers["Permissions-Policy"] == "camera=(self), geolocation=(), microphone=()"
    assert headers["Content-Security-Policy"] == f"{POLICY}; worker-src 'self'; manifest-src 'self'"
    assert {name: headers[name] for name in SECURITY_HEADERS} == dict(CHECK_IN_HEADERS)


def test_a_page_of_check_in_that_is_not_shown_asks_for_no_more(client: FlaskClient) -> None:
    answer = client.get("/checkin/practice")
    assert answer.status_code == 302
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_what_takes_a_few_words_takes_no_more_from_anybody(app: Flask, client: FlaskClient) -> None:
    view = app.view_functions["checkin.practice"]
    few: int = getattr(view, "few_bytes", MAX_REQUEST_BYTES)
    assert few < MAX_REQUEST_BYTES
    assert client.post("/checkin/practice", data={"code": "A" * (few + 1)}).status_code == 413
    sign_in(client, make_account())
    assert client.post("/checkin/practice", data={"code": "A" * (few + 1)}).status_code == 413
    assert client.post("/checkin/practice", data={"code": "A" * 65}).status_code == 422
