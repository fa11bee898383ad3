"""A guardian asks whoever collects, keeps their photo and takes it back; of nobody else's child, and no bad file."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.plans import Collector
from center.afterschool.places import collector_photos, consents
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.afterschool.builders import make_child
from tests.afterschool.photo_builders import make_collector_photo
from tests.afterschool.plan_builders import make_bar, make_collector
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import bomb, picture, with_a_secret

pytestmark = ONE_ENGINE


@pytest.fixture(name="mother")
def _mother(client: FlaskClient) -> Person:
    account = make_account(make_person(name="陈芳"))
    sign_in(client, account)
    return account.person


@pytest.fixture(name="granny")
def _granny(mother: Person) -> Collector:
    return make_collector(make_child(mother, make_person(name="张伟")))


def page_of(collector: Collector) -> str:
    return f"/children/{collector.child_id}/collectors/{collector.id}/photo"


def send(client: FlaskClient, collector: Collector, file: bytes | None = None, **typed: str) -> Any:
    """Open the page, and send what a guardian would."""
    shown = re.search(r'name="version"[^>]*value="(\d+)"', client.get(page_of(collector)).text)
    data: dict[str, Any] = {**({"version": shown[1]} if shown else {}), **typed}
    return client.post(page_of(collector), data={**data, **({"photo": (BytesIO(file), "a.jpg")} if file else {})})


def test_a_photo_is_kept_once_they_agree_and_gone_when_they_do_no_more(client: FlaskClient, granny: Collector) -> None:
    page = page_of(granny)
    assert "我同意社区活动中心保存一张我的照片" in client.get(page).text
    assert send(client, granny, with_a_secret(), answer="yes").status_code == 303
    shown = client.get(f"{page}.jpg")
    assert (shown.data[:2], shown.headers["Cache-Control"]) == (b"\xff\xd8", "private, no-store")
    assert b"SecretPhone" not in shown.data
    live = collector_photos.live_of(granny)
    assert live is not None
    assert (live.is_given, live.means, live.text.version) == (True, Means.ACCOUNT, 1)
    assert "有照片" in client.get(f"/children/{granny.child_id}/collectors").text
    first = shown.data
    assert send(client, granny, picture(600, 900)).status_code == 303
    assert client.get(f"{page}.jpg").data != first
    client.post(f"{page}/take-back")
    assert client.get(f"{page}.jpg").status_code == 404
    assert "我同意社区活动中心保存一张我的照片" in client.get(page).text


def test_a_refusal_is_written_down_and_needs_no_photo(client: FlaskClient, granny: Collector) -> None:
    assert send(client, granny, answer="no").status_code == 303
    assert "不同意" in client.get(page_of(granny)).text
    assert collector_photos.find(granny) is None


def test_the_photo_alone_is_deleted_and_another_is_sent_without_asking_again(
    client: FlaskClient, granny: Collector
) -> None:
    make_collector_photo(granny)
    client.post(f"{page_of(granny)}/remove")
    assert client.get(f"{page_of(granny)}.jpg").status_code == 404
    assert send(client, granny, picture()).status_code == 303


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, "请选择一张照片"),
        (b"<svg onload='alert(1)'></svg>", "JPEG"),
        (bomb(), "点"),
        (picture()[:2000], "损坏"),
    ],
    ids=["none", "no picture", "as large as a house", "half of one"],
)
def test_what_is_no_sound_picture_is_refused_in_words_and_nothing_is_written_down(
    client: FlaskClient, granny: Collector, file: bytes | None, said: str
) -> None:
    answer = send(client, granny, file, answer="yes")
    assert (answer.status_code, said in answer.text) == (422, True), re.findall(r"field__error[^<]*<[^<]*", answer.text)
    assert collector_photos.live_of(granny) is None


def test_nothing_is_kept_without_an_answer(client: FlaskClient, granny: Collector) -> None:
    assert send(client, granny, picture()).status_code == 422
    assert collector_photos.find(granny) is None


def test_who_read_an_older_text_reads_the_new_one_first(client: FlaskClient, granny: Collector) -> None:
    client.get(page_of(granny))
    with transaction():
        consents.publish(Purpose.COLLECTOR_PHOTO, words="新的文本", words_en="", now=clock.now())
    sent = {"version": "1", "answer": "yes", "photo": (BytesIO(picture()), "a.jpg")}
    answer = client.post(page_of(granny), data=sent)
    assert answer.status_code == 422
    assert "新的文本" in answer.text
    assert collector_photos.find(granny) is None
    assert send(client, granny, picture(), answer="yes").status_code == 303


def test_of_somebody_elses_collector_there_is_no_page(client: FlaskClient, granny: Collector) -> None:
    theirs = make_collector(make_child(make_person()))
    mine = make_child(client_person(granny))
    for collector in (theirs, granny):
        make_collector_photo(collector)
    addresses = [page_of(theirs), f"/children/{mine.id}/collectors/{granny.id}/photo"]
    for address in [*addresses, f"/children/{granny.child_id}/collectors/{theirs.id}/photo"]:
        assert client.get(address).status_code == client.get(f"{address}.jpg").status_code == 404
        for what in ("", "/remove", "/take-back"):
            assert client.post(f"{address}{what}", data={"answer": "no"}).status_code == 404
    db.session.rollback()
    assert collector_photos.with_photo([theirs.id, granny.id]) == {theirs.id, granny.id}


def test_another_guardian_has_no_such_page_nor_who_is_off_the_list(client: FlaskClient, mother: Person) -> None:
    father = make_person(name="张伟")
    child = make_child(mother, father)
    his = make_collector(child, father.name, person_id=father.id, named_by_id=father.id)
    gone = make_collector(child, revoked_at=clock.now(), revoked_by_id=mother.id)
    for each in (his, gone):
        assert client.get(page_of(each)).status_code == 404
    assert client.post(f"/children/{child.id}/collectors/{his.id}/revoke").status_code == 404, "guardians stay"


def test_a_guardian_who_collects_answers_for_their_own_photo_which_the_other_sees_marked(
    client: FlaskClient, mother: Person
) -> None:
    father = make_person(name="张伟")
    child = make_child(mother, father)
    own = f"/children/{child.id}/collectors/own-photo"
    assert own in client.get(f"/children/{child.id}/collectors").text
    assert "我同意社区活动中心保存一张我的照片" in client.get(own).text
    sent = {"version": "1", "answer": "yes"}
    assert client.post(own, data=sent).status_code == 422, "no photo"
    assert db.session.scalars(select(Collector)).all() == []
    page = client.post(own, data={**sent, "photo": (BytesIO(picture()), "a.jpg")}).location
    [row] = db.session.scalars(select(Collector)).all()
    live = collector_photos.live_of(row)
    assert live is not None
    assert (page, live.is_given, live.by_id) == (page_of(row), True, mother.id)
    assert client.get(f"{page}.jpg").data[:2] == b"\xff\xd8"
    assert client.get(own).location == page
    sign_in(client, make_account(father))
    assert client.get(f"{page}.jpg").status_code == 404
    shown = client.get(f"/children/{child.id}/collectors").text
    assert ("有照片" in shown, page in shown) == (True, False)


def test_of_a_guardian_who_is_kept_away_there_is_no_new_photo(client: FlaskClient, mother: Person) -> None:
    child = make_child(mother)
    make_bar(child, mother.name, person_id=mother.id)
    own = f"/children/{child.id}/collectors/own-photo"
    assert "主任" in client.get(own).text
    sent = {"version": "1", "answer": "yes", "photo": (BytesIO(picture()), "a.jpg")}
    assert client.post(own, data=sent).status_code == 422
    assert db.session.scalars(select(Collector)).all() == []


def test_who_may_not_collect_the_child_sees_the_page_and_changes_nothing(
    client: FlaskClient, granny: Collector, mother: Person
) -> None:
    make_collector_photo(granny)
    make_bar(granny.child, mother.name, person_id=mother.id)
    assert "主任" in client.get(page_of(granny)).text
    assert client.post(f"{page_of(granny)}/take-back").status_code == 303
    assert client.post(f"{page_of(granny)}/remove").status_code == 303
    assert client.post(page_of(granny), data={"photo": (BytesIO(picture()), "a.jpg")}).status_code == 422
    assert client.get(f"{page_of(granny)}.jpg").data == b"a face"


def test_the_copy_of_the_childs_data_says_what_was_answered_and_holds_no_picture(
    client: FlaskClient, granny: Collector
) -> None:
    make_collector_photo(granny)
    data = client.get(f"/children/{granny.child_id}/data.json")
    assert data.status_code == 200
    assert data.json is not None
    assert "collector_photos" in data.text
    assert "collector_agreements" in data.text
    assert "YSBmYWNl" not in data.text


def client_person(collector: Collector) -> Person:
    """The first guardian of whoever is collected."""
    return db.session.scalars(select(Person).where(Person.id == collector.named_by_id)).one()
