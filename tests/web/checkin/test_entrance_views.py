"""The entrance: whoever shows a card or a number comes to where they have a place, and nobody to anywhere else."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.activities.models import Session
from center.attendance import cards
from center.attendance.devices import Post
from center.attendance.models import Attendance
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from center.signups.models import Roster, SignUp
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.checkin.devices import paired

pytestmark = ONE_ENGINE
ENTRANCE = "/checkin/entrance"


@dataclass(frozen=True)
class Morning:
    """Two sessions at the same time, of one organisation, and somebody who has a place at the first."""

    sessions: tuple[Session, Session]
    rosters: tuple[Roster, Roster]
    signed: SignUp

    @property
    def person(self) -> Person:
        return self.signed.person


@pytest.fixture
def morning(client: FlaskClient) -> Morning:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    activities = [make_activity(organisation=organisation, starts=[at(10)]) for _ in range(2)]
    rosters = [make_roster(each, capacity=5) for each in activities]
    [signed] = sign_up(rosters[0], make_person())
    made = Morning((activities[0].sessions[0], activities[1].sessions[0]), (rosters[0], rosters[1]), signed)
    clock.start_at(at(9, 45))
    sign_in(client, make_account(lead))
    return made


def answered(page: Any) -> str:
    found = re.search(r'data-answer="(\w+)"', page.text.partition("data-verdict-place")[2])
    return found[1] if found else ""


def is_at(session: Session, person: Person) -> bool:
    db.session.rollback()
    return db.session.get(Attendance, (session.id, person.id)) is not None


def test_what_nobody_knows_checks_nobody_in(client: FlaskClient, morning: Morning) -> None:
    assert answered(client.post(ENTRANCE, data={"code": "AAAA-AAAA"})) == "unknown"
    assert answered(client.post(ENTRANCE, data={"code": "hello"})) == "unknown"
    assert client.post(ENTRANCE, data={"code": ""}).status_code == 422


def test_somebody_without_a_place_now_is_told_so_and_goes_nowhere(client: FlaskClient, morning: Morning) -> None:
    stranger, by = make_person(), make_person()
    with transaction():
        code = cards.issue(stranger, by=by, now=clock.now())
    assert answered(client.post(ENTRANCE, data={"code": f"QH1:{code}"})) == "not_signed_up"
    assert not any(is_at(each, stranger) for each in morning.sessions)


def test_one_scan_finds_the_session(client: FlaskClient, morning: Morning) -> None:
    page = client.post(ENTRANCE, data={"code": morning.signed.reference})
    assert answered(page) == "checked_in"
    assert morning.sessions[0].activity.title in page.text.partition("data-verdict-said")[2].partition("</p>")[0]
    assert [is_at(each, morning.person) for each in morning.sessions] == [True, False]
    assert answered(client.post(ENTRANCE, data={"code": morning.signed.reference})) == "already"


def test_whoever_comes_to_two_sessions_at_once_chooses(client: FlaskClient, morning: Morning) -> None:
    sign_up(morning.rosters[1], morning.person)
    asked = client.post(ENTRANCE, data={"code": morning.signed.reference})
    assert answered(asked) == ""
    assert asked.text.count('name="session_id"') == 2
    assert not any(is_at(each, morning.person) for each in morning.sessions)
    second = {"code": morning.signed.reference, "session_id": morning.sessions[1].id}
    assert answered(client.post(ENTRANCE, data=second)) == "checked_in"
    assert [is_at(each, morning.person) for each in morning.sessions] == [False, True]


def test_a_device_at_the_entrance_finds_it_as_well(app: Flask, morning: Morning) -> None:
    browser, _device = paired(app, Post(until=at(9).date()))
    assert answered(browser.post(ENTRANCE, data={"code": morning.signed.reference})) == "checked_in"


def test_a_device_of_another_room_does_not(app: Flask, morning: Morning) -> None:
    other = make_activity(starts=[at(10)]).sessions[0]
    browser, _device = paired(app, Post(session=other))
    assert answered(browser.post(ENTRANCE, data={"code": morning.signed.reference})) == "not_signed_up"
    assert not is_at(morning.sessions[0], morning.person)
