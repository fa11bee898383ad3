"""The page of alarms: whom it shows what, and how an alarm is rung about and answered."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.afterschool.alarms import times
from center.afterschool.models.care import Alarm, AlarmAnswer, Ring
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.people.models import Role
from tests.afterschool.alarm_cases import Scene, make_scene
from tests.builders import at, make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture
def scene() -> object:
    """It is one past four, and a child who should be here is not."""
    made = make_scene()
    clock.start_at(at(16, 1, days=0))
    yield made
    clock.start_at(None)


def written(scene: Scene) -> Alarm:
    now = clock.now()
    with transaction():
        [due] = times.not_written(scene.day, now=now)
        return times.write(scene.day, due, now=now)


def token(client: FlaskClient, address: str) -> str:
    page = client.get(address).get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_the_owner_of_the_day_sees_it_on_every_page_before_any_sweep_has_run(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, scene.owner)
    assert "1 alarm waits for an answer" in client.get("/classroom?lang=en").get_data(as_text=True)
    page = client.get("/classroom/alarms?lang=en").get_data(as_text=True)
    assert scene.children[0].name in page
    data = {"csrf_token": token(client, "/classroom/alarms"), "day": scene.day.id, "kind": "missing"}
    answer = client.post("/classroom/alarms/take", data=data | {"subject": f"child:{scene.children[0].id}"})
    db.session.rollback()
    alarm = db.session.scalars(select(Alarm)).one()
    assert answer.headers["Location"].endswith(f"/classroom/alarms/{alarm.id}")


def test_who_is_not_on_duty_sees_no_child_and_no_alarm(client: FlaskClient, scene: Scene) -> None:
    alarm = written(scene)
    sign_in(client, make_account(roles=[Role.TUTOR]))
    page = client.get("/classroom/alarms?lang=en")
    assert page.status_code == 200
    assert scene.children[0].name not in page.get_data(as_text=True)
    assert client.get(f"/classroom/alarms/{alarm.id}").status_code == 404
    sign_in(client, scene.guardians[0])
    assert client.get(f"/classroom/alarms/{alarm.id}").status_code == 403


def test_a_guardian_is_rung_and_what_they_say_ends_it(client: FlaskClient, scene: Scene) -> None:
    alarm, mother = written(scene), scene.guardians[0].person
    sign_in(client, scene.owner)
    address = f"/classroom/alarms/{alarm.id}"
    page = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert (mother.phone or "") in page
    csrf = {"csrf_token": token(client, address)}
    client.post(f"{address}/ring/{mother.id}", data=csrf | {"reached": "1", f"of-{mother.id}-said": "在家发烧"})
    sent = csrf | {"found": "with_guardian", "guardian": str(mother.id), "words": "发烧在家"}
    assert client.post(address, data=sent).status_code == 303
    db.session.rollback()
    ring, ended = db.session.scalars(select(Ring)).one(), db.session.get_one(Alarm, alarm.id)
    assert (ring.guardian_id, ring.number, ring.is_reached, ring.said) == (mother.id, mother.phone, True, "在家发烧")
    assert (ended.found, ended.ended_by_id) == (AlarmAnswer.WITH_GUARDIAN, scene.owner.person_id)
    again = client.get(f"{address}?lang=en").get_data(as_text=True)
    assert "This ends the alarm" not in again
    assert "No alarm waits" in client.get("/classroom/alarms?lang=en").get_data(as_text=True)


def test_that_a_child_and_a_number_were_looked_at_is_written_down(client: FlaskClient, scene: Scene) -> None:
    alarm = written(scene)
    sign_in(client, scene.responsible)
    client.get(f"/classroom/alarms/{alarm.id}")
    db.session.rollback()
    seen = {(each.kind, each.person_id) for each in db.session.scalars(select(AccessEvent))}
    assert (Kind.CHILD, scene.children[0].id) in seen
    assert (Kind.PHONE, scene.guardians[0].person_id) in seen


def test_an_answer_without_what_makes_it_sure_is_refused_beside_its_field(client: FlaskClient, scene: Scene) -> None:
    alarm = written(scene)
    sign_in(client, scene.owner)
    address = f"/classroom/alarms/{alarm.id}"
    sent = {"csrf_token": token(client, address), "found": "with_guardian"}
    answer = client.post(f"{address}?lang=en", data=sent)
    assert answer.status_code == 422
    assert "Say which guardian said so." in answer.get_data(as_text=True)


def test_the_director_sees_it_at_the_desk_and_a_clerk_does_not(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, scene.director)
    assert "1 alarm waits for an answer" in client.get("/desk?lang=en").get_data(as_text=True)
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert "alarm waits" not in client.get("/desk?lang=en").get_data(as_text=True)
