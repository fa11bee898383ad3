"""What guardians read of incidents: of their own child alone, and that they have read it."""

import io
import re
import zipfile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.afterschool.models.care import Incident
from center.afterschool.records import incidents
from center.afterschool.records.incidents import Happened, State
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Role
from tests.afterschool.alarm_cases import Scene, make_scene
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture
def scene(app: object) -> Scene:
    return make_scene(2)


def recorded(scene: Scene) -> Incident:
    now = clock.now()
    with transaction():
        happened = Happened(at=now, place="操场", what="摔倒擦伤", done="清洗")
        return incidents.record(scene.children[0], happened, by=scene.owner.person, now=now)


def test_a_guardian_reads_it_and_says_so_once(client: FlaskClient, scene: Scene) -> None:
    made, child = recorded(scene), scene.children[0]
    sign_in(client, scene.guardians[0])
    page = client.get(f"/children/{child.id}/incidents?lang=en").get_data(as_text=True)
    assert "摔倒擦伤" in page
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found is not None
    for _twice in range(2):
        answer = client.post(f"/children/{child.id}/incidents/{made.id}/acknowledge", data={"csrf_token": found[1]})
        assert answer.status_code == 303
    db.session.rollback()
    row = db.session.scalars(select(Incident)).one()
    assert incidents.state_of(row) is State.ACKNOWLEDGED
    assert "You have said that you have read it." in client.get(f"/children/{child.id}/incidents?lang=en").text


def test_the_guardian_of_another_child_reads_nothing(client: FlaskClient, scene: Scene) -> None:
    made = recorded(scene)
    sign_in(client, scene.guardians[1])
    assert client.get(f"/children/{scene.children[0].id}/incidents").status_code == 404
    own = f"/children/{scene.children[1].id}/incidents"
    assert "摔倒擦伤" not in client.get(own).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(own).text)
    data = {"csrf_token": found[1]} if found else {}
    assert client.post(f"{own}/{made.id}/acknowledge", data=data).status_code in {403, 404}
    db.session.rollback()
    assert incidents.state_of(db.session.scalars(select(Incident)).one()) is State.RECORDED


def test_the_defence_file_is_the_directors_alone(client: FlaskClient, scene: Scene) -> None:
    made = recorded(scene)
    for account, status in ((scene.owner, 403), (make_account(roles=[Role.CLERK]), 403), (scene.director, 200)):
        sign_in(client, account)
        assert client.get(f"/classroom/incidents/{made.id}/defence").status_code == status
    answer = client.get(f"/classroom/incidents/{made.id}/defence.zip")
    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert names == [f"incident-{made.id}.html", f"incident-{made.id}-minutes.xlsx"]


def test_figures_and_the_audit_come_as_tables(client: FlaskClient, scene: Scene) -> None:
    sign_in(client, scene.director)
    for address in (f"/classroom/figures/{scene.term.id}/table", "/classroom/minors-audit/table?year=2026"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "spreadsheetml" in answer.headers["Content-Type"]
    assert client.get("/classroom/minors-audit?year=99999").status_code == 200
