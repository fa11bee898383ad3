"""A browser becomes a device by a code, does its one thing, and forgets everything once it is revoked."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.attendance import devices
from center.attendance.devices import Post
from center.kernel import clock
from center.kernel.access import access_of
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.web.checkin.devices import paired, revoke
from tests.world import World, address_of, rules

pytestmark = ONE_ENGINE

# All that a device may open beside what is open to everybody. Whoever adds to it has thought of lost devices.
OPEN_TO_DEVICES = {
    "checkin.entrance",
    "checkin.now",
    "checkin.pair",
    "checkin.ping",
    "checkin.practice",
    "checkin.practice_card",
    "checkin.session_page",
    "checkin.snapshot",
    "checkin.take_scans",
}


def code_for_entrance() -> str:
    clerk, now = make_person(), clock.now()
    with transaction():
        return devices.announce(f"平板 {clerk.id}", Post(until=local_date(now)), by=clerk, now=now)[1]


def test_a_wrong_code_is_refused_in_plain_words(client: FlaskClient) -> None:
    code = code_for_entrance()
    said = client.post("/checkin?lang=en", data={"code": "0000 0000"})
    assert said.status_code == 422
    assert "No device is expected with this code" in said.text
    assert client.post("/checkin", data={"code": "1" * 21}).status_code == 422
    client.post("/checkin", data={"code": code})
    other = client.application.test_client()
    assert "used already" in other.post("/checkin?lang=en", data={"code": code}).text


def test_whoever_guesses_has_to_wait(client: FlaskClient) -> None:
    said = [client.post("/checkin", data={"code": f"{n:08d}"}).status_code for n in range(7)]
    assert said[:5] == [422] * 5
    assert said[-1] == 429


def test_the_code_makes_a_device_of_the_browser(client: FlaskClient) -> None:
    code = code_for_entrance()
    answer = client.post("/checkin", data={"code": f"{code[:4]} {code[4:]}"})
    assert (answer.status_code, answer.location) == (303, "/checkin/now")
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("checkin=")]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Max-Age=" in cookie  # which comes before any date, of which a wrong clock would think that it is over
    assert client.get("/checkin").location == "/checkin/now"
    assert client.get("/checkin/now").status_code == 200
    known = client.get("/checkin/ping").json
    assert known is not None
    assert known["device"]["duty"] == "entrance"
    assert client.get("/checkin/ping").headers["Cache-Control"] == "private, no-store"


def test_its_cookie_is_bound_to_this_host_where_the_site_is_encrypted(client: FlaskClient) -> None:
    client.application.config["SESSION_COOKIE_SECURE"] = True
    try:
        answer = client.post("/checkin", data={"code": code_for_entrance()}, base_url="https://localhost")
    finally:
        client.application.config["SESSION_COOKIE_SECURE"] = False
    [cookie] = [each for each in answer.headers.getlist("Set-Cookie") if each.startswith("__Host-checkin=")]
    assert "; Secure" in cookie
    assert "; Path=/;" in cookie
    assert "Domain" not in cookie


def test_whoever_is_signed_in_needs_no_pairing(client: FlaskClient) -> None:
    sign_in(client, make_account())
    assert client.get("/checkin").location == "/checkin/now"
    assert client.post("/checkin", data={"code": code_for_entrance()}).location == "/checkin/now"
    assert client.get("/checkin/ping").json["device"] is None  # type: ignore[index]


def test_anybody_may_ask_whether_there_is_a_connection(client: FlaskClient) -> None:
    said = client.get("/checkin/ping").json
    assert said is not None
    assert said["device"] is None
    assert said["revoked"] is False
    assert said["csrf"]
    assert said["now"].endswith("+00:00")


@pytest.mark.slow("it asks for every address twice")
def test_a_device_opens_check_in_and_nothing_else(app: Flask, world: World) -> None:
    declared = {
        each.endpoint for each in rules(app) if (a := access_of(app.view_functions[each.endpoint])) and a.devices
    }
    assert declared == OPEN_TO_DEVICES
    browser, _device = paired(app)
    visitor = app.test_client()
    for rule in rules(app):
        access = access_of(app.view_functions[rule.endpoint])
        assert access is not None
        if access.is_public or access.devices:
            continue
        for method in {"GET", "POST"} & (rule.methods or set()):
            address = address_of(rule, world.samples())
            theirs, ours = (each.open(address, method=method) for each in (browser, visitor))
            assert (theirs.status_code, theirs.location) == (ours.status_code, ours.location), address


def test_a_device_takes_its_own_session_only(app: Flask) -> None:
    first, second = (make_activity(starts=[at(hour)]).sessions[0] for hour in (10, 12))
    browser, _device = paired(app, Post(session=first))
    assert browser.get("/checkin").location == f"/checkin/sessions/{first.id}"
    assert browser.get(f"/checkin/sessions/{first.id}").status_code == 200
    assert browser.get(f"/checkin/sessions/{second.id}").status_code == 404


@pytest.mark.usefixtures("morning")
def test_the_list_of_now_is_what_a_device_is_there_for(app: Flask) -> None:
    room, now = make_room(), clock.now()
    soon = now.replace(minute=30, second=0, microsecond=0)
    here = make_activity(title="在这里", starts=[soon, soon + timedelta(hours=4)], room=room)
    there = make_activity(title="在那里", starts=[soon])
    browser, _device = paired(app, Post(room=room, until=local_date(now)))
    page = browser.get("/checkin/now?lang=en").text
    assert "Check-in opens at 13:30" in page
    assert here.title_en in page
    assert there.title_en not in page


@pytest.mark.usefixtures("morning")
def test_a_lead_sees_what_they_may_take(client: FlaskClient) -> None:
    lead, now = make_account(), clock.now()
    mine = make_activity(
        title="我的", organisation=make_organisation(leads=[lead.person]), starts=[now + timedelta(minutes=5)]
    )
    others = make_activity(title="别人的", starts=[now + timedelta(minutes=5)])
    sign_in(client, lead)
    page = client.get("/checkin/now").text
    assert mine.title in page
    assert others.title not in page


def test_a_revoked_device_is_told_to_forget_everything(app: Flask) -> None:
    browser, device = paired(app)
    revoke(device)
    page = browser.get("/checkin/now?lang=en")
    assert page.status_code == 410
    assert page.headers["Clear-Site-Data"] == '"*"'
    assert "This device was revoked" in page.text
    db.session.expire_all()
    assert device.wiped_at is not None
    assert browser.get_cookie("checkin") is None


@pytest.mark.parametrize("address", ["/checkin", "/checkin/now", "/checkin/ping", "/checkin/sessions/1"])
def test_every_page_of_check_in_tells_it(app: Flask, address: str) -> None:
    browser, device = paired(app)
    revoke(device)
    said = browser.get(address)
    assert (said.status_code, said.headers["Clear-Site-Data"]) == (410, '"*"')


def test_a_revoked_device_that_has_something_to_send_sends_it_first(app: Flask) -> None:
    browser, device = paired(app)
    revoke(device)
    said = browser.get("/checkin/ping", headers={"X-Unsent": "3"})
    assert said.status_code == 410
    assert said.json is not None
    assert said.json["revoked"]
    assert said.json["csrf"]
    assert "Clear-Site-Data" not in said.headers
    db.session.expire_all()
    assert device.wiped_at is None
    assert browser.get("/checkin/ping?unsent=0").headers["Clear-Site-Data"] == '"*"'


def test_a_device_whose_time_is_over_is_told_so(app: Flask) -> None:
    browser, device = paired(app)
    with transaction() as session:
        session.get_one(type(device), device.id).expires_at = clock.now()
    page = browser.get("/checkin?lang=en")
    assert page.status_code == 410
    assert "The time of this device is over" in page.text
    assert browser.get("/checkin").status_code == 200  # it can be paired anew


def test_a_device_counts_before_whoever_is_signed_in_beside_it(app: Flask) -> None:
    session = make_activity(starts=[at(10)]).sessions[0]
    other = make_activity(starts=[at(12)]).sessions[0]
    browser, _device = paired(app, Post(session=session))
    sign_in(browser, make_account(roles=["clerk"]))  # type: ignore[list-item]
    assert browser.get(f"/checkin/sessions/{other.id}").status_code == 404


def test_it_is_noted_when_a_device_was_in_use(app: Flask) -> None:
    browser, device = paired(app)
    with transaction() as session:
        session.get_one(type(device), device.id).seen_at = clock.now() - timedelta(minutes=5)
    browser.get("/checkin/ping")
    db.session.expire_all()
    assert device.seen_at is not None
    assert clock.now() - device.seen_at < timedelta(minutes=1)
