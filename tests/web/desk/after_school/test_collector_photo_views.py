"""A collector signs at the desk: typed in on one page that shows nothing of the child."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.plans import Collector
from center.afterschool.places import collector_photos, consents
from center.kernel import clock
from center.kernel.acts import Act
from center.kernel.db import db, transaction
from center.kernel.trail import StaffEvent
from center.people.models import Guardianship, Person, Role
from tests.afterschool.builders import make_child
from tests.afterschool.photo_builders import make_collector_photo
from tests.afterschool.plan_builders import make_collector, today
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture

pytestmark = ONE_ENGINE
PAGE = "/desk/after-school/collector-photo"


@pytest.fixture(name="clerk")
def _clerk(client: FlaskClient) -> Person:
    account = make_account(roles=[Role.CLERK])
    sign_in(client, account)
    return account.person


@pytest.fixture(name="granny")
def _granny(clerk: Person) -> Collector:
    mother = make_person(name="陈芳", phone="13800138000")
    return make_collector(make_child(mother, name="张小明"), "李桂兰", phone="13900139000")


def send(client: FlaskClient, file: bytes | None = None, **typed: str) -> Any:
    said = {
        "version": "1",
        "phone": "138 0013 8000",
        "child_name": "张小明",
        "name": "李 桂兰",
        "own_phone": "13900139000",
    }
    sent: dict[str, Any] = {**said, "answer": "yes", **typed}
    return client.post(PAGE, data={**sent, **({"photo": (BytesIO(file), "a.jpg")} if file else {})})


def test_what_a_collector_signed_is_typed_in_with_their_photo(
    client: FlaskClient, granny: Collector, clerk: Person
) -> None:
    paper = client.get(f"{PAGE}/paper").text
    assert "我同意社区活动中心保存一张我的照片" in paper
    assert "张小明" not in client.get(PAGE).text
    answer = send(client, picture())
    assert answer.status_code == 303
    live = collector_photos.live_of(granny)
    assert live is not None
    assert (live.is_given, live.means, live.recorded_by_id) == (True, Means.PAPER, clerk.id)
    assert collector_photos.find(granny) is not None
    noted = select(StaffEvent.act, StaffEvent.person_id).where(StaffEvent.by_id == clerk.id)
    assert (Act.COLLECTOR_PHOTO_ANSWERED, granny.child_id) in [tuple(row) for row in db.session.execute(noted)]


def test_whoever_takes_it_back_at_the_desk_has_no_photo_any_more(client: FlaskClient, granny: Collector) -> None:
    make_collector_photo(granny)
    assert send(client, answer="no").status_code == 303
    db.session.rollback()
    assert collector_photos.find(granny) is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "王某"}, "名单上没有"),
        ({"own_phone": "13700137000"}, "名单上没有"),
        ({"own_phone": "12"}, "名单上没有"),
        ({"phone": "13700137000"}, "没有用这个号码的监护人"),
        ({"child_name": "张小红"}, "没有用这个号码的监护人"),
        ({"version": "2"}, "重新签"),
    ],
    ids=["another name", "another number", "no number", "no guardian", "another child", "another paper"],
)
def test_what_does_not_fit_together_is_refused(
    client: FlaskClient, granny: Collector, typed: dict[str, str], said: str
) -> None:
    answer = send(client, picture(), **typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert collector_photos.live_of(granny) is None


def test_who_is_off_the_list_is_on_no_list(client: FlaskClient, granny: Collector) -> None:
    with transaction() as session:
        row = session.get_one(Collector, granny.id)
        row.revoked_at, row.revoked_by_id = clock.now(), row.named_by_id
    assert "名单上没有" in send(client, picture()).text


def test_of_two_entries_of_one_collector_the_lasting_one_is_meant(client: FlaskClient, granny: Collector) -> None:
    once = make_collector(granny.child, "李桂兰", phone="13900139000", starts_on=today(), ends_on=today())
    assert send(client, picture()).status_code == 303
    db.session.rollback()
    assert collector_photos.with_photo([once.id, granny.id]) == {granny.id}


def test_the_paper_of_an_older_text_is_not_typed_in(client: FlaskClient, granny: Collector) -> None:
    with transaction():
        consents.publish(Purpose.COLLECTOR_PHOTO, words="新的文本", words_en="", now=clock.now())
    assert send(client, picture()).status_code == 422
    assert send(client, picture(), version="2").status_code == 303


def test_a_guardian_who_collects_signs_for_themselves_whoever_s_number_the_child_is_found_by(
    client: FlaskClient, granny: Collector, clerk: Person
) -> None:
    father = make_person(name="张伟", phone="13600136000")
    with transaction() as session:
        session.add(Guardianship(child_id=granny.child_id, guardian_id=father.id, starts_on=today()))
    assert send(client, picture(), name="张 伟", own_phone="13600136000").status_code == 303
    row = db.session.scalars(select(Collector).where(Collector.person_id == father.id)).one()
    live = collector_photos.live_of(row)
    assert live is not None
    assert (live.by_id, live.recorded_by_id, live.means) == (father.id, clerk.id, Means.PAPER)
    assert collector_photos.find(row) is not None
    assert collector_photos.find(granny) is None
