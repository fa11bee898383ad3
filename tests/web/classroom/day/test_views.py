"""The page of a day and the sheet of a child: who sees them, what one tap says, what is refused where it is read."""

import re
import uuid
from base64 import b64encode
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.afterschool.alarms.raising import raise_alarm
from center.afterschool.alarms.rules import child_subject
from center.afterschool.custody.ledger import undo
from center.afterschool.models.care import AlarmKind, DayNote
from center.afterschool.models.consents import ChildPhoto, Purpose
from center.afterschool.models.custody import CustodyEvent, Holder, Outcome
from center.afterschool.models.plans import BarLevel, Collector, Different, PlanChange
from center.afterschool.models.terms import School, SchoolChange
from center.afterschool.school_days import exceptions
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.config import Settings
from center.kernel.data_keys import KeyStore
from center.kernel.db import db, transaction
from center.people.models import Guardianship, Person, Role
from center.people.queries import account_of
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.custody_cases import bar, today
from tests.afterschool.handing_over.day_scene import add_colour, forty, note_health, say
from tests.afterschool.handing_over.scene import Scene, alarms, do, holder, told
from tests.afterschool.photo_builders import answer, make_collector_photo
from tests.afterschool.plan_builders import enrol, make_collector, make_consent, term_from_today
from tests.builders import LONG_AGO, at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

DAY = "/classroom/day"
COUNT = {"act": "count", "counted": "2", "what": "room"}


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    return Scene()


def as_(client: FlaskClient, person: Person) -> None:
    """Sign somebody in."""
    db.session.rollback()
    account = account_of(person.id)
    assert account is not None
    sign_in(client, account)


def sheet(child: Person) -> str:
    """The address of a child's sheet."""
    return f"{DAY}/{child.id}"


def tap(client: FlaskClient, what: str, **typed: str) -> Any:
    """Press a button of the day page."""
    return client.post(DAY, data={"tap": what, "nonce": str(uuid.uuid4()), **typed})


def act(client: FlaskClient, child: Person, what: str, **typed: Any) -> Any:
    """Press a button of a child's sheet."""
    return client.post(sheet(child), data={"act": what, "nonce": str(uuid.uuid4()), **typed})


@pytest.mark.parametrize("who", ["clerk", "tutor of no duty"])
def test_nobody_sees_a_child_who_is_not_on_duty_that_day(client: FlaskClient, scene: Scene, who: str) -> None:
    as_(client, make_account(roles=[Role.CLERK if who == "clerk" else Role.TUTOR]).person)
    for address in (DAY, sheet(scene.child), f"{DAY}/print", f"{DAY}/paper", f"{DAY}/checks", f"{DAY}/notes"):
        answer = client.get(address)
        assert answer.status_code in {403, 404}
        assert "小明" not in answer.text


def test_a_child_of_no_term_of_this_day_has_no_sheet(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    assert client.get(sheet(scene.helper)).status_code == 404
    assert tap(client, f"arrive:{scene.helper.id}").status_code == 303
    assert holder(scene.helper) is None


@ONE_ENGINE
def test_the_page_is_small_and_asks_the_database_as_often_for_forty_as_for_four(
    client: FlaskClient, app: Flask
) -> None:
    asked = {}
    day = forty(4, here=2)
    as_(client, day.scene.tutor)
    client.get(DAY)
    with selects() as few:
        client.get(DAY)
    asked[4] = len(few)
    for each in forty_more(day.scene):
        assert each
    with selects() as many:
        page = client.get(DAY)
    assert len(many) == asked[4] <= 35
    assert len(page.data) < 60_000


@ONE_ENGINE
@pytest.mark.parametrize("address", [DAY, "/classroom/alarms", "/classroom/alarms/strip"])
def test_many_alarms_ask_the_database_as_often_as_a_few(client: FlaskClient, app: Flask, address: str) -> None:
    day = forty(9)
    raise_alarms(day.children[:2])
    as_(client, day.scene.tutor)
    few = asked(client, address)
    raise_alarms(day.children[2:])
    assert asked(client, address) == few


@ONE_ENGINE
def test_the_sheet_of_a_child_and_the_list_of_a_device_ask_as_often_for_many_children(
    client: FlaskClient, app: Flask
) -> None:
    day = forty(4, here=2)
    as_(client, day.scene.tutor)
    addresses = (sheet(day.scene.child), f"{DAY}/snapshot?date={today()}")
    raise_alarms(day.children[:1])
    few = [asked(client, each) for each in addresses]
    forty_more(day.scene)
    raise_alarms(day.children[1:])
    assert [asked(client, each) for each in addresses] == few
    assert few[0] <= 45


def asked(client: FlaskClient, address: str) -> int:
    """How often a page asks the database once it was seen before."""
    headers = {"X-Refresh": "1"} if address.endswith("strip") else {}
    client.get(address, headers=headers)
    with selects() as sent:
        assert client.get(address, headers=headers).status_code == 200
    return len(sent)


def raise_alarms(children: list[Person]) -> None:
    """Three wrong codes were typed for each of these children."""
    for each in children:
        subject, now = child_subject(each.id), clock.now()
        do(raise_alarm, AlarmKind.CODE_TRIED, subject, on_date=today(), now=now, since=now, child=each)


def forty_more(scene: Scene) -> list[int]:
    """Thirty-six more children in the same term."""
    return [enrol(scene.enrolment.term, make_child(make_person(), name=f"小孩{n}")).id for n in range(36)]


@ONE_ENGINE
def test_what_must_be_seen_stands_on_the_page(client: FlaskClient, app: Flask) -> None:
    day = forty(9, here=3)
    add_colour(day)
    as_(client, day.scene.tutor)
    page = client.get(DAY + "?lang=zh").text
    assert "花生" in page
    assert "用肾上腺素笔" in page
    assert "有同名的孩子" in page
    assert "已知晓" in page
    assert "吴舅舅" in page
    assert re.search(r"现在应点到</dt><dd>3</dd>", page)


@ONE_ENGINE
def test_health_that_cannot_be_read_is_said_loudly(
    app: Flask, client: FlaskClient, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_health(scene.child, "emergency")
    settings: Settings = app.extensions["settings"]
    lost = KeyStore(replace(settings, data_keys="newer:" + "00" * 32))
    monkeypatch.setitem(app.extensions, "data_keys", lost)
    as_(client, scene.tutor)
    for address in (DAY, sheet(scene.child)):
        assert "健康信息无法读取" in client.get(address + "?lang=zh").text


@ONE_ENGINE
def test_the_photo_is_on_the_sheet_while_a_guardian_agrees(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    assert client.get(f"{sheet(scene.child)}/photo.jpg").status_code == 404
    consent = make_consent(scene.child, Purpose.PHOTOS)
    with transaction() as session:
        known = {"child_id": scene.child.id, "consent_id": consent.id, "by_id": scene.mother.id, "at": clock.now()}
        session.add(ChildPhoto(picture=b64encode(b"a picture").decode(), **known))
    assert "photo.jpg" in client.get(sheet(scene.child)).text
    assert client.get(f"{sheet(scene.child)}/photo.jpg").data == b"a picture"
    as_(client, make_account(roles=[Role.TUTOR]).person)
    assert client.get(f"{sheet(scene.child)}/photo.jpg").status_code == 404


def face(collector: Collector) -> str:
    """The address of the photo of whoever collects."""
    return f"{sheet(collector.child)}/collectors/{collector.id}/photo.jpg"


@ONE_ENGINE
def test_the_photo_of_whoever_collects_is_on_the_sheet_and_a_look_at_it_is_written_down(
    client: FlaskClient, scene: Scene
) -> None:
    as_(client, scene.tutor)
    assert client.get(face(scene.granny)).status_code == 404
    assert "/photo.jpg" not in client.get(sheet(scene.child)).text
    make_collector_photo(scene.granny)
    assert f'{face(scene.granny)}"' in client.get(sheet(scene.child)).text
    picture = client.get(face(scene.granny))
    assert (picture.data, picture.headers["Cache-Control"]) == (b"a face", "no-store")
    assert "photo.jpg" not in client.get(DAY).text
    db.session.rollback()
    query = select(AccessEvent.purpose).where(AccessEvent.person_id == scene.child.id, AccessEvent.kind == Kind.CHILD)
    assert "care" in db.session.scalars(query).all()
    answer(scene.granny, agrees=False)
    assert client.get(face(scene.granny)).status_code == 404


@ONE_ENGINE
def test_the_photo_of_whoever_collects_is_only_for_those_of_that_day_and_of_that_child(
    client: FlaskClient, scene: Scene
) -> None:
    make_collector_photo(scene.granny)
    other = Scene()
    make_collector_photo(other.granny)
    as_(client, scene.tutor)
    assert client.get(face(other.granny)).status_code == 404  # of a term whose day they do not look after
    crossed = f"{sheet(scene.child)}/collectors/{other.granny.id}/photo.jpg"
    assert client.get(crossed).status_code == 404
    assert client.get(f"{face(scene.granny)}?date=2026-01-01").status_code == 404
    for roles in ([Role.TUTOR], [Role.CLERK], []):
        as_(client, make_account(roles=roles).person)
        assert client.get(face(scene.granny)).status_code in {403, 404}


@ONE_ENGINE
def test_who_is_not_on_the_list_that_day_is_not_shown(client: FlaskClient, scene: Scene) -> None:
    later = make_collector(scene.child, "吴舅舅", starts_on=today() + timedelta(days=1))
    make_collector_photo(later)
    as_(client, scene.tutor)
    assert client.get(face(later)).status_code == 404
    assert "/photo.jpg" not in client.get(sheet(scene.child)).text


@ONE_ENGINE
def test_of_whoever_is_kept_away_staff_see_the_photo_beside_the_alarm(client: FlaskClient, scene: Scene) -> None:
    make_collector_photo(scene.granny)
    bar(scene.child, scene.granny.name)
    as_(client, scene.tutor)
    page = client.get(sheet(scene.child)).text
    assert page.index("photo.jpg") < page.index("报警")


@ONE_ENGINE
def test_faces_cost_the_sheet_one_question_however_many_they_are(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    make_collector_photo(scene.granny)
    client.get(sheet(scene.child))
    with selects() as few:
        client.get(sheet(scene.child))
    for n in range(4):
        make_collector_photo(make_collector(scene.child, f"亲戚{n}"))
    with selects() as many:
        client.get(sheet(scene.child))
    assert len(few) == len(many)


@ONE_ENGINE
def test_each_look_is_written_down_with_why(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    client.get(DAY)
    client.get(sheet(scene.child))
    client.get(f"{DAY}/print")
    db.session.rollback()
    query = select(AccessEvent.kind, AccessEvent.purpose).where(AccessEvent.person_id == scene.child.id)
    seen = {tuple(row) for row in db.session.execute(query)}
    assert seen >= {(Kind.ROLL, "care"), (Kind.CHILD, "care"), (Kind.EXPORT, "care")}


def test_one_tap_says_that_a_child_is_here_and_twice_is_once(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    nonce = str(uuid.uuid4())
    for _ in range(2):  # a double press, or Back and once more
        assert tap(client, f"arrive:{scene.child.id}", nonce=nonce, brought_by="guardian").status_code == 303
    assert holder(scene.child) is Holder.ROOM
    query = select(func.count()).where(CustodyEvent.holder == Holder.ROOM)
    assert db.session.scalar(query) == 1
    assert told(scene.mother) == ["after_school.arrived"]


def test_a_slip_is_undone_on_the_page(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    tap(client, f"arrive:{scene.child.id}")
    found = re.search(r'value="undo:(\d+)"', client.get(DAY).text)
    assert found
    tap(client, f"undo:{found[1]}")
    assert holder(scene.child) is Holder.SCHOOL


def test_a_change_is_acknowledged_on_the_page(client: FlaskClient, app: Flask) -> None:
    day = forty(5)
    say(day, 1, Different.LEAVE)
    as_(client, day.scene.tutor)
    change = db.session.scalars(select(PlanChange.id)).one()
    tap(client, f"seen:{change}")
    db.session.rollback()
    assert db.session.get_one(PlanChange, change).acknowledged_by_id == day.scene.tutor.id


def test_the_code_and_one_button_hand_a_child_over(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    answer = act(client, scene.child, f"hand:c{scene.granny.id}", code=scene.code())
    assert answer.status_code == 303
    assert holder(scene.child) is Holder.COLLECTOR


def test_enter_in_the_field_of_the_code_hands_nobody_over(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    assert act(client, scene.child, "look", code=scene.code()).status_code == 422
    assert holder(scene.child) is Holder.ROOM


def test_what_is_missing_is_said_at_its_field(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    page = act(client, scene.child, f"hand:c{scene.granny.id}")
    assert page.status_code == 422
    assert 'id="second-errors"' in page.text
    page = act(client, scene.child, "other", other_name="邻居", second=str(scene.helper.id))
    assert 'id="approved_by-errors"' in page.text


def test_somebody_on_no_list_goes_with_the_child_once_a_guardian_was_rung(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    typed = {"other_name": "邻居", "second": str(scene.helper.id), "approved_by": str(scene.mother.id)}
    assert act(client, scene.child, "other", **typed).status_code == 303
    db.session.rollback()
    event = db.session.scalars(select(CustodyEvent).where(CustodyEvent.holder == Holder.COLLECTOR)).one()
    assert (event.other_name, event.approved_on) == ("邻居", scene.mother.phone)


def test_whoever_is_barred_is_refused_aloud_and_the_alarm_is_raised(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    bar(scene.child, scene.granny.name)
    as_(client, scene.tutor)
    page = act(client, scene.child, f"hand:c{scene.granny.id}", code=scene.code())
    assert 'role="alert"' in page.text
    assert "barred" in {each.value for each in alarms()}
    assert holder(scene.child) is Holder.ROOM


def test_only_the_director_decides_of_whom_an_alert_warns(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    bar(scene.child, scene.granny.name, level=BarLevel.ALERT, document="")
    as_(client, scene.tutor)
    hand = {"second": str(scene.helper.id)}
    act(client, scene.child, f"hand:c{scene.granny.id}", **hand)
    event = db.session.scalars(select(CustodyEvent.id).where(CustodyEvent.outcome == Outcome.REFUSED)).one()
    assert act(client, scene.child, f"decide:yes-{event}", why="我认识她").status_code == 404
    as_(client, scene.director)
    assert act(client, scene.child, f"decide:yes-{event}", why="看过身份证").status_code == 303
    as_(client, scene.tutor)
    assert act(client, scene.child, f"hand:c{scene.granny.id}", **hand).status_code == 303


def test_the_second_of_two_staff_is_told_who_has_the_child(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    client.get(sheet(scene.child))
    scene.hand_over(adult=scene.adult("陈芳"), second=scene.helper)
    page = act(client, scene.child, f"hand:c{scene.granny.id}", code=scene.code())
    assert page.status_code == 200
    assert "陈芳" in page.text
    assert 'role="alert"' in page.text


def test_numbers_of_guardians_are_shown_only_to_be_rung_and_that_is_written_down(
    client: FlaskClient, scene: Scene
) -> None:
    as_(client, scene.tutor)
    assert str(scene.mother.phone) not in client.get(sheet(scene.child)).text
    assert str(scene.mother.phone) in client.get(sheet(scene.child) + "?ring=1").text
    db.session.rollback()
    assert db.session.scalars(select(AccessEvent.purpose).where(AccessEvent.kind == Kind.PHONE)).all() == ["ring"]


def test_a_device_and_the_sheet_know_the_same_guardians_to_ring(client: FlaskClient, scene: Scene) -> None:
    aunt = make_person(name="安姨", phone="13600000071")
    with transaction() as session:  # after the place was given: she stands in no order
        session.add(Guardianship(child_id=scene.child.id, guardian_id=aunt.id, starts_on=LONG_AGO))
    as_(client, scene.tutor)
    page = client.get(sheet(scene.child) + "?ring=1").text
    [of_day] = client.get(f"{DAY}/snapshot").get_json()["lists"]
    [kept] = of_day["children"]
    assert kept["callers"] == [
        {"id": scene.mother.id, "name": "陈芳", "relation": "妈妈", "phone": scene.mother.phone},
        {"id": aunt.id, "name": "安姨", "relation": "", "phone": aunt.phone},
    ]
    assert page.index(str(scene.mother.phone)) < page.index(str(aunt.phone))


def test_all_from_one_school_set_off_with_one_press(client: FlaskClient, app: Flask) -> None:
    day = forty(4)
    as_(client, day.scene.tutor)
    ids = [str(each.id) for each in day.children]
    answer = client.post(f"{DAY}/walk", data={"child": ids[:3], "nonce": str(uuid.uuid4())})
    assert answer.status_code == 303
    assert [holder(each) for each in day.children[:3]] == [Holder.ON_THE_WAY] * 3
    assert client.post(f"{DAY}/walk", data={"nonce": str(uuid.uuid4())}).status_code == 422


def test_two_people_look_and_heads_are_counted_against_the_ledger(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    look = {"act": "look", "what": "room", "second": str(scene.helper.id)}
    assert client.post(f"{DAY}/checks", data=look).status_code == 422  # a child is still here
    page = client.post(
        f"{DAY}/checks?lang=zh", data={"act": "count", "counted": "2", "what": "room"}, follow_redirects=True
    )
    assert "点到 2 人，台账是 1 人" in page.text
    scene.hand_over()
    assert client.post(f"{DAY}/checks", data={**look, "second": ""}).status_code == 422
    assert client.post(f"{DAY}/checks", data=look).status_code == 303


@pytest.mark.usefixtures("morning")
def test_a_day_is_opened_and_closed_by_whoever_owns_its_list(client: FlaskClient, scene: Scene) -> None:
    clock.start_at(at(18, days=0))  # no day is closed before it began
    as_(client, make_on_duty(scene))
    assert client.post(f"{DAY}/checks", data={"act": "open", "what": "room"}).status_code == 404
    as_(client, scene.tutor)
    assert client.post(f"{DAY}/checks", data={"act": "open", "what": "room"}).status_code == 303
    assert client.post(f"{DAY}/checks", data={"act": "close", "what": "room"}).status_code == 422  # a child is open
    scene.arrive()
    scene.hand_over()
    looked = {"act": "look", "what": "room", "second": str(scene.helper.id)}
    assert scene.helper.name in client.post(f"{DAY}/checks", data=looked, follow_redirects=True).text
    assert client.post(f"{DAY}/checks", data={"act": "close", "what": "room"}).status_code == 303


def make_on_duty(scene: Scene) -> Person:
    """A tutor on duty who does not own the list."""
    person = make_account(roles=[Role.TUTOR]).person
    make_duty(scene.day, person)
    return person


def test_notes_are_written_once_and_read_by_the_guardian_alone(client: FlaskClient, scene: Scene) -> None:
    scene.arrive()
    as_(client, scene.tutor)
    child = scene.child.id
    typed = {f"line-{child}": "1", f"homework-{child}": "1", f"words-{child}": "今天读了一本书"}
    for _ in range(2):
        assert client.post(f"{DAY}/notes", data=typed).status_code == 303
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(DayNote)) == 2
    as_(client, make_account(db.session.get_one(Person, scene.mother.id)).person)
    assert "今天读了一本书" in client.get(f"/children/{child}/today").text
    as_(client, make_account().person)
    assert client.get(f"/children/{child}/today").status_code == 404


@pytest.mark.usefixtures("morning")
def test_what_stands_on_paper_keeps_its_times_and_is_written_once(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    child = scene.child.id
    typed = {f"came-{child}": "00:01", f"went-{child}": "00:02", f"how-{child}": f"c{scene.granny.id}"}
    assert client.post(f"{DAY}/paper", data=typed).status_code == 422  # by whom?
    assert holder(scene.child) is None
    for _ in range(2):
        answer = client.post(f"{DAY}/paper", data={**typed, f"by-{child}": str(scene.helper.id)})
        assert answer.status_code == 303
    db.session.rollback()
    query = (
        select(CustodyEvent).where(CustodyEvent.holder.in_((Holder.ROOM, Holder.COLLECTOR))).order_by(CustodyEvent.at)
    )
    came, went = db.session.scalars(query).all()
    assert (went.at - came.at) == timedelta(minutes=1)
    assert {came.flag, went.flag} == {"paper"}


@pytest.mark.usefixtures("morning")
def test_on_paper_what_was_taken_back_is_not_counted_as_taken_again(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    client.set_cookie("lang", "en")
    typed = {f"came-{scene.child.id}": "09:59"}
    assert "1 entry was taken" in client.post(f"{DAY}/paper", data=typed, follow_redirects=True).text
    arrived = db.session.scalar(select(CustodyEvent).where(CustodyEvent.holder == Holder.ROOM))
    assert arrived is not None
    do(undo, arrived, by=scene.tutor, now=clock.now())
    page = client.post(f"{DAY}/paper", data=typed, follow_redirects=True).text
    assert "0 entries were taken from paper." in page
    assert "not taken from paper again: 小明" in page
    assert holder(scene.child) is Holder.SCHOOL


@pytest.mark.usefixtures("morning")
def test_on_paper_another_adult_at_the_same_minute_is_not_passed_over(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    child = scene.child.id
    typed = {f"came-{child}": "00:01", f"went-{child}": "00:02", f"by-{child}": str(scene.helper.id)}
    for how in (f"c{scene.granny.id}", f"g{scene.mother.id}"):
        assert client.post(f"{DAY}/paper", data={**typed, f"how-{child}": how}).status_code == 303
    assert alarms() == [AlarmKind.CONFLICT]


@pytest.mark.usefixtures("morning")
def test_nothing_on_paper_is_still_to_come(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.tutor)
    answer = client.post(f"{DAY}/paper", data={f"came-{scene.child.id}": "13:01"})
    assert answer.status_code == 422
    assert holder(scene.child) is None


def test_of_two_terms_of_a_day_each_has_its_list(client: FlaskClient, scene: Scene) -> None:
    other = enrol(term_from_today(), make_child(make_person(), name="小红"))
    term, child = other.term_id, other.child
    as_(client, scene.director)
    first, second = client.get(DAY).text, client.get(f"{DAY}?term={term}").text
    assert ("小明" in first, "小红" in first) == (True, False)
    assert ("小明" in second, "小红" in second) == (False, True)
    assert f'href="{DAY}?term={term}"' in first
    assert f'href="{sheet(child)}?term={term}"' in second
    assert f'href="{DAY}?term={term}"' in client.get("/classroom").text
    kept = client.get(f"{DAY}/snapshot").get_json()["lists"]  # a device keeps them all
    names = [(each["term"], [one["name"] for one in each["children"]]) for each in kept]
    assert names == [(scene.day.term_id, ["小明"]), (term, ["小红"])]
    pressed = client.post(f"{DAY}?term={term}", data={"tap": f"arrive:{child.id}", "nonce": str(uuid.uuid4())})
    assert (pressed.status_code, pressed.location) == (303, f"{DAY}?term={term}#c{child.id}")
    assert holder(child) is Holder.ROOM
    as_(client, scene.tutor)
    assert "?term=" not in client.get(DAY).text
    assert client.get(f"{DAY}?term={term}").status_code == 404


def test_a_day_before_can_be_looked_at_and_nothing_is_said_of_it(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.director)
    page = client.get(f"{DAY}?date={(today() - timedelta(days=1)).isoformat()}")
    assert page.status_code == 200
    assert 'name="tap"' not in page.text
    yesterday = f"{DAY}?date={(today() - timedelta(days=1)).isoformat()}"
    tapped = client.post(yesterday, data={"tap": f"arrive:{scene.child.id}", "nonce": str(uuid.uuid4())})
    assert tapped.status_code == 404
    assert holder(scene.child) is None


def test_a_child_stands_at_the_door_on_a_day_without_a_programme(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.director)
    day = (today() + timedelta(days=6)).isoformat()
    assert "小明" in client.get(f"{DAY}?date={day}").text


def test_a_school_that_ends_otherwise_today_waits_until_somebody_on_duty_knows(
    client: FlaskClient, scene: Scene
) -> None:
    term = scene.day.term_id
    with transaction():
        school = db.session.get_one(School, scene.enrolment.school_id)
        exceptions.set_exception(school, today(), finishes=time(14), reason="", by=scene.director, now=clock.now())
    [change] = db.session.scalars(select(SchoolChange.id)).all()
    as_(client, scene.tutor)
    tap = f'value="school:{change}"'
    assert tap in client.get(DAY).text
    nonce = {"nonce": str(uuid.uuid4())}
    assert client.post(DAY, data={"tap": f"school:{change + 1}", **nonce}).status_code == 303
    assert tap in client.get(DAY).text
    assert client.post(DAY, data={"tap": f"school:{change}", **nonce}).status_code == 303
    assert tap not in client.get(f"{DAY}?term={term}").text


def test_a_day_of_a_school_that_has_passed_is_refused_on_its_field(client: FlaskClient, scene: Scene) -> None:
    as_(client, scene.director)
    address = f"/classroom/terms/{scene.day.term_id}/schools/{scene.enrolment.school_id}/days"
    before = (today() - timedelta(days=1)).isoformat()
    refused = client.post(address, data={"on_date": before, "finishes": "12:00", "reason": ""})
    assert refused.status_code == 422
    assert "这一天已经过了" in refused.text
    assert client.post(address, data={"on_date": today().isoformat(), "finishes": "12:00"}).status_code == 303
