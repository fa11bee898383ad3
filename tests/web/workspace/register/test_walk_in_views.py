"""Somebody without a place: found as far as whoever lets them in may know them, and let in where all is full."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.attendance.models import Admission, Status
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership
from center.people.models import Person, Role
from center.signups.models import SignUp
from tests.activity_builders import make_activity, make_roster, sign_up, the_pool
from tests.builders import LONG_AGO, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.workspace.register.conftest import Lesson, make_lesson

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]


def member(lesson: Lesson, name: str = "葛根", phone: str = "19912345678") -> Person:
    person = make_person(name=name, phone=phone)
    with transaction() as session:
        facts = {"role": MemberRole.MEMBER, "starts_on": LONG_AGO}
        session.add(Membership(organisation_id=lesson.team.id, person_id=person.id, **facts))
    return person


@pytest.fixture
def desk(app: Flask) -> FlaskClient:
    client = app.test_client()
    sign_in(client, make_account(roles=[Role.CLERK]))
    return client


def test_a_lead_finds_members_only(lesson: Lesson) -> None:
    member(lesson)
    make_person(name="葛优", phone="19900005678")
    for text in ("葛", "5678"):
        page = lesson.get("/walk-in", q=text).text
        assert "葛根" in page
        assert "葛优" not in page
        assert "19912345678" not in page
    for text in ("g", "678"):  # too little
        assert "Nobody was found" in lesson.get("/walk-in", q=text).text


def test_a_member_walks_in_and_takes_a_place(lesson: Lesson) -> None:
    person = member(lesson)
    answer = lesson.post("/walk-in", q="葛根", person=person.id)
    assert answer.status_code == 303
    assert lesson.status(person) is Status.PRESENT
    assert the_pool(lesson.roster).taken == 4
    assert "Walk-in" in lesson.get().text


def test_nobody_is_let_in_whom_the_search_did_not_find(lesson: Lesson) -> None:
    stranger = make_person(name="路人甲")
    assert lesson.post("/walk-in", q="路人甲", person=stranger.id).status_code == 200
    assert lesson.status(stranger) is None


def test_the_number_of_a_sign_up_finds_whose_it_is(lesson: Lesson) -> None:
    signed = db.session.query(SignUp).filter_by(person_id=lesson.people[0].id).one()
    reference = signed.reference.lower().replace("-", "")
    assert lesson.people[0].name in lesson.get("/walk-in", q=reference).text


def test_where_all_is_full_a_reason_lets_them_in_and_says_who_allowed_it(app: Flask) -> None:
    lesson = make_lesson(app, places=3)
    person = member(lesson)
    answer = lesson.post("/walk-in", q="葛根", person=person.id)
    assert answer.status_code == 422
    assert "No place is free" in answer.text
    assert lesson.status(person) is None
    nothing = lesson.post("/walk-in", q="葛根", person=person.id, override="y", reason="")
    assert nothing.status_code == 422
    assert "Please fill this in." in nothing.text
    assert 'name="override"' in nothing.text
    assert lesson.post("/walk-in", q="葛根", person=person.id, override="y", reason="坐后排").status_code == 303
    assert lesson.status(person) is Status.PRESENT
    assert db.session.query(Admission).one().reason == "坐后排"
    assert "Let in by 李建国: 坐后排" in lesson.get().text


def test_who_helps_at_the_door_overrides_nothing(app: Flask) -> None:
    lesson = make_lesson(app, places=3)
    person, helper = member(lesson), make_account()
    with transaction() as session:
        facts = {"role": MemberRole.CHECK_IN, "starts_on": LONG_AGO}
        session.add(Membership(organisation_id=lesson.team.id, person_id=helper.person_id, **facts))
    client = app.test_client()
    sign_in(client, helper)
    typed = {"q": "葛根", "person": person.id, "override": "y", "reason": "我说的"}
    assert client.post(f"{lesson.address}/walk-in", data=typed).status_code == 422
    assert lesson.status(person) is None


def test_the_desk_finds_everybody_and_goes_on_with_the_next(lesson: Lesson, desk: FlaskClient) -> None:
    person = make_person(name="路人乙", phone="19900007777")
    address = f"/desk/sessions/{lesson.session.id}/walk-in"
    assert "路人乙" in desk.get(f"{address}?lang=en&q=7777").text
    answer = desk.post(address, data={"q": "7777", "person": person.id})
    assert answer.status_code == 303
    assert answer.location.endswith(address)
    assert lesson.status(person) is Status.PRESENT
    assert "Add a new person" in desk.get(f"{address}?lang=en&q=无此人").text


@pytest.mark.parametrize(("host", "is_ours"), [("old.example.cn", True), ("elsewhere.example.com", False)])
def test_a_slip_under_an_earlier_name_of_the_site_counts_at_the_desk_and_on_paper_as_at_the_door(
    lesson: Lesson, desk: FlaskClient, monkeypatch: pytest.MonkeyPatch, host: str, is_ours: bool
) -> None:
    settings = desk.application.extensions["settings"]
    monkeypatch.setitem(
        desk.application.extensions, "settings", replace(settings, hosts=(*settings.hosts, "old.example.cn"))
    )
    [signed] = sign_up(make_roster(make_activity()), make_person(name="陶渊明"))
    slip = f"https://{host}/sign-ups/{signed.reference}"
    at_desk = desk.get(f"/desk/sessions/{lesson.session.id}/walk-in", query_string={"q": slip}).text
    assert [("陶渊明" in page) for page in (at_desk, lesson.get("/walk-in", q=slip).text)] == [is_ours, is_ours]
