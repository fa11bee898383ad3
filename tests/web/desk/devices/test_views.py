"""The desk expects devices, reads their codes out, and revokes them."""

import re

from flask.testing import FlaskClient
from sqlalchemy import select

from center.attendance import devices
from center.attendance.models.devices import Device, Duty
from center.kernel import clock
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.people.models import Account
from tests.activity_builders import make_activity
from tests.builders import at, make_room
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def expect(client: FlaskClient, **typed: str) -> str:
    """Fill in the form; the address of the new device's page."""
    known = {"name": "门口的平板", "duty": "entrance", "until": local_date(clock.now()).isoformat()}
    answer = client.post("/desk/devices/new", data={**known, **typed})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def code_on(page: str) -> str:
    found = re.search(r'pairing__code">([0-9 ]+)<', page)
    return found[1] if found else ""


def test_a_device_is_for_something(client: FlaskClient, clerk: Account) -> None:
    for typed in (
        {"duty": ""},
        {"duty": "session"},
        {"duty": "room"},
        {"until": ""},
        {"until": "2099-01-01"},
        {"name": ""},
    ):
        known = {"name": "平板", "duty": "entrance", "until": local_date(clock.now()).isoformat()}
        assert client.post("/desk/devices/new", data={**known, **typed}).status_code == 422, typed
    assert db.session.scalars(select(Device)).all() == []


def test_the_code_is_shown_to_whoever_gave_it_out_until_it_is_used(client: FlaskClient, clerk: Account) -> None:
    page = expect(client)
    code = code_on(client.get(page).text)
    assert re.fullmatch(r"\d{4} \d{4}", code)
    assert code_on(client.get(page).text) == code  # also after the language was changed
    devices.pair(code, source="address:192.0.2.1", now=clock.now())
    assert code_on(client.get(page).text) == ""


def test_another_code_takes_the_place_of_the_first(client: FlaskClient, clerk: Account) -> None:
    page = expect(client)
    first = code_on(client.get(page).text)
    assert client.post(f"{page}/code").location == page
    assert code_on(client.get(page).text) not in {"", first}


def test_each_duty_is_what_was_chosen(client: FlaskClient, clerk: Account) -> None:
    session, room = make_activity(starts=[at(10)]).sessions[0], make_room()
    expect(client, name="一", duty="session", session=str(session.id))
    expect(client, name="二", duty="room", room=str(room.id))
    expect(client, name="三")
    made = db.session.scalars(select(Device).order_by(Device.id)).all()
    assert [(each.duty, each.session_id, each.room_id) for each in made] == [
        (Duty.SESSION, session.id, None),
        (Duty.ROOM, None, room.id),
        (Duty.ENTRANCE, None, None),
    ]
    assert {each.made_by_id for each in made} == {clerk.person_id}


def test_a_revoked_device_stands_with_those_that_ended(client: FlaskClient, clerk: Account) -> None:
    page = expect(client)
    assert client.post(f"{page}/revoke").location == "/desk/devices"
    listed = client.get("/desk/devices?lang=en").text
    assert "门口的平板" in listed
    assert "Ended" in listed
    assert "revoked, not heard of since" in listed
    assert client.post(f"{page}/code", follow_redirects=True).status_code == 200
    assert code_on(client.get(page).text) == ""
