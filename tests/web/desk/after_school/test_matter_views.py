"""A guardian without a smartphone says at the desk or by phone all that others say with their account."""

import html
import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.afterschool.models.consents import Purpose
from center.afterschool.models.enrolments import CallOrder, Enrolment
from center.afterschool.models.plans import Collector, Way, WayHome
from center.afterschool.models.priorities import Priority
from center.afterschool.models.words_said import GuardianWord, Spoke, WordOn
from center.afterschool.places import child_photos, enrolments
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Person, Role
from tests.afterschool.builders import make_child
from tests.afterschool.enrol_builders import apply_for, lottery_term
from tests.afterschool.plan_builders import enrol, make_bar, make_collector, make_consent, term_from_today, today
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture

pytestmark = ONE_ENGINE
NUMBER = "13812345678"
RUNG = {"rang_back": NUMBER, "rang_from": "02787654321"}


@pytest.fixture(autouse=True)
def clerk(app: Flask, client: FlaskClient) -> None:
    make_centre()
    sign_in(client, make_account(make_person(name="周敏"), roles=[Role.CLERK]))


@pytest.fixture(name="grandma")
def _grandma(app: Flask) -> Person:
    return make_person(name="刘桂芬", phone=NUMBER)


@pytest.fixture(name="place")
def _place(grandma: Person) -> Enrolment:
    return enrol(term_from_today(), make_child(grandma, make_person(name="王大力"), name="王小明"))


def matters(client: FlaskClient) -> str:
    """Where the search by the number leads to all that can be said."""
    found = client.get("/desk/after-school/calls", query_string={"phone": NUMBER}).text
    return html.unescape(next(each for each in re.findall(r'href="([^"]+)"', found) if "/matters" in each))


def at(client: FlaskClient, rest: str) -> str:
    """Another page of the same call."""
    return matters(client).replace("/matters", f"/{rest}")


def words() -> list[tuple[WordOn, Spoke]]:
    db.session.rollback()
    return [(each.what, each.how) for each in db.session.scalars(db.select(GuardianWord).order_by(GuardianWord.id))]


def test_all_that_can_be_said_is_found_by_the_number_and_that_is_noted(client: FlaskClient, place: Enrolment) -> None:
    make_consent(place.child, Purpose.HEALTH)
    shown = client.get(matters(client)).text
    assert "王小明" not in shown
    assert "王*明" in shown
    for rest in ("pause", "leave", "collectors", "order", "school", "week", "consents/health"):
        address = at(client, rest)
        assert f"/{rest}?" in shown
        page = client.get(address)
        assert page.status_code == 200
        assert "王小明" not in page.text
        assert NUMBER in page.text, "it is dialled now"
    why = set(db.session.scalars(db.select(AccessEvent.purpose).where(AccessEvent.kind == Kind.CHILD)))
    assert why == {"said"}


def test_without_the_search_no_page_opens(client: FlaskClient, place: Enrolment) -> None:
    other = enrol(place.term, make_child(make_person(phone="13700000000")))
    key = matters(client).partition("?")[2]
    for rest in (
        "matters",
        "pause",
        "resume",
        "leave",
        "collectors",
        "order",
        "week",
        "reasons",
        "school",
        "photo",
        "consents/care",
    ):
        mine = f"/desk/after-school/calls/{place.id}/{place.applied_by_id}/{rest}"
        theirs = f"/desk/after-school/calls/{other.id}/{other.applied_by_id}/{rest}?{key}"
        for address in (mine, theirs):
            assert client.get(address).status_code == 404
    assert client.get(at(client, "consents/everything")).status_code == 404
    stranger = make_collector(other.child)
    assert client.get(at(client, f"collectors/{stranger.id}/revoke")).status_code == 404


@pytest.mark.parametrize("rest", ["pause", "leave"])
def test_what_it_means_for_the_place_is_read_out_before_anything_is_done(
    client: FlaskClient, place: Enrolment, rest: str
) -> None:
    said = {**RUNG, "first": today().isoformat()}
    refused = client.post(at(client, rest), data={**said, "rang_back": "13700000000", "press": "look"})
    assert refused.status_code == 422
    looked = client.post(at(client, rest), data={**said, "press": "look"})
    assert looked.status_code == 200
    assert "刘*芬" in looked.text
    assert f"回拨了 {NUMBER} 核实" in looked.text
    assert words() == []
    for _press in range(2):
        done = client.post(at(client, rest), data={**said, "press": "do"})
        assert done.status_code == 303
    assert words() == [({"pause": WordOn.PAUSED, "leave": WordOn.LEFT}[rest], Spoke.PHONE)], "a double press is once"


def test_a_place_that_ended_meanwhile_is_not_paused_and_only_consents_are_left(
    client: FlaskClient, place: Enrolment, grandma: Person
) -> None:
    here = at(client, "pause")
    with transaction() as session:
        row = session.get_one(Enrolment, place.id)
        row.ended_at, row.ended_by_id = clock.now(), grandma.id
    assert client.post(here, data={**RUNG, "first": today().isoformat(), "press": "do"}).status_code == 409
    shown = client.get(matters(client)).text
    assert "/pause" not in shown
    assert "/consents/photos" in shown
    assert client.get(at(client, "week")).status_code == 404


def test_a_consent_needs_a_paper_to_be_given_and_a_call_to_be_taken_back(client: FlaskClient, place: Enrolment) -> None:
    here = at(client, "consents/photos")
    for how in (RUNG, {"rang_back": "paper", "paper": ""}):
        assert client.post(here, data={"answer": "agree", **how, "press": "do"}).status_code == 422
    signed = {"answer": "agree", "rang_back": "paper", "paper": "档案12-3"}
    assert "档案12-3" in client.post(here, data={**signed, "press": "look"}).text
    assert client.post(here, data={**signed, "press": "do"}).status_code == 303
    assert client.post(here, data={"answer": "take_back", **RUNG, "press": "do"}).status_code == 303
    assert words() == [(WordOn.CONSENT_GIVEN, Spoke.PAPER), (WordOn.CONSENT_REVOKED, Spoke.PHONE)]


def test_who_collects_who_is_rung_and_the_week_are_changed(
    client: FlaskClient, place: Enrolment, grandma: Person
) -> None:
    uncle = {"name": "李建国", "relation": "舅舅", "phone": "13600001111", "starts_on": today().isoformat()}
    assert client.post(at(client, "collectors"), data={**uncle, **RUNG, "how_long": "always"}).status_code == 303
    [row] = db.session.scalars(db.select(Collector).where(Collector.name == "李建国"))
    assert row.named_by_id == grandma.id
    assert "李*国" in client.get(at(client, "collectors")).text
    assert client.post(at(client, f"collectors/{row.id}/revoke"), data=RUNG).status_code == 303
    order = {"first": str(grandma.id), f"relation_{grandma.id}": "外婆", **RUNG}
    assert client.post(at(client, "order"), data=order).status_code == 303
    assert db.session.scalars(db.select(CallOrder.relation).order_by(CallOrder.position)).first() == "外婆"
    shown = client.get(at(client, "week")).text
    weekday = int(re.findall(r'name="way_(\d)"', shown)[0])
    fields: dict[str, Any] = dict.fromkeys(re.findall(r'name="(way_\d)"', shown), Way.COLLECTED.value)
    answered = client.post(at(client, "week"), data={**fields, f"way_{weekday}": "not", **RUNG, "rang_back": "here"})
    assert answered.status_code in {303, 422}
    if answered.status_code == 303:  # else it is today's, after the cut-off
        assert weekday not in set(db.session.scalars(db.select(WayHome.weekday)))
    kinds = [what for what, _how in words()]
    assert kinds[:3] == [WordOn.COLLECTOR_NAMED, WordOn.COLLECTOR_REVOKED, WordOn.ORDER]


def test_a_guardian_who_may_not_collect_is_sent_to_the_director_who_hears_of_it(
    client: FlaskClient, place: Enrolment, grandma: Person
) -> None:
    director = make_account(make_person(), roles=[Role.DIRECTOR])
    make_bar(place.child, grandma.name, person_id=grandma.id)
    assert "/week" not in client.get(matters(client)).text
    for rest in ("collectors", "week"):
        shown = client.get(at(client, rest))
        assert "中心主任" in shown.text
        assert NUMBER not in shown.text
        assert client.post(at(client, rest), data={**RUNG, "rang_back": "here"}).status_code == 422
    assert words() == []
    told = db.session.scalars(db.select(Notice.kind).where(Notice.person_id == director.person_id)).all()
    assert told == ["after_school.guardian_refused"] * 2
    paused = {"first": today().isoformat(), "rang_back": "here", "press": "do"}
    assert client.post(at(client, "pause"), data=paused).status_code == 303, "a bar alone does not take that"
    assert words() == [(WordOn.PAUSED, Spoke.IN_PERSON)]


def test_reasons_are_named_on_paper_for_whoever_waits_for_the_draw(client: FlaskClient, grandma: Person) -> None:
    made = apply_for(lottery_term(), make_child(grandma, name="王小明"), grandma)
    here = at(client, "reasons")
    assert "/pause" not in client.get(matters(client)).text, "there is no place to pause yet"
    signed = {"rang_back": "paper", "paper": "低保证复印件"}
    assert client.post(here, data={"reasons": [Priority.HARDSHIP.value], **signed}).status_code == 303
    db.session.rollback()
    [claim] = enrolments.get(made.id).claims
    assert claim.is_accepted is None, "staff decide"
    assert words() == [(WordOn.REASON_NAMED, Spoke.PAPER)]
    assert client.post(at(client, "leave"), data={**RUNG, "press": "do"}).status_code == 303
    assert words()[-1] == (WordOn.LEFT, Spoke.PHONE)


def test_where_the_place_stands_is_said_on_the_page_of_all_matters(client: FlaskClient, place: Enrolment) -> None:
    assert "已有名额" in client.get(matters(client)).text
    assert (
        client.post(at(client, "pause"), data={**RUNG, "first": today().isoformat(), "press": "do"}).status_code == 303
    )
    assert "已暂停" in client.get(matters(client)).text


def test_school_and_class_are_changed_by_phone_once_and_the_other_guardian_hears_of_it(
    client: FlaskClient, place: Enrolment
) -> None:
    here = at(client, "school")
    said = {"school": str(place.school_id), "school_class": "四(1)班", "mark": "", **RUNG}
    assert client.post(here, data={**said, "school_class": " "}).status_code == 422
    assert client.post(here, data={**said, "rang_back": "13700000000"}).status_code == 422, "no number on record"
    assert words() == []
    for _twice in range(2):
        assert client.post(here, data=said).status_code == 303
    assert words() == [(WordOn.SCHOOL, Spoke.PHONE)]
    assert db.session.get_one(Enrolment, place.id).school_class == "四(1)班"
    told = db.session.scalars(db.select(Notice.kind).where(Notice.kind == "after_school.record_changed")).all()
    assert len(told) == 2, "each guardian, since staff wrote it down"


def test_a_photo_of_the_child_is_handed_in_once_a_guardian_has_signed_and_deleted_by_phone(
    client: FlaskClient, place: Enrolment
) -> None:
    here = at(client, "photo")

    def send(**typed: str) -> int:
        file = {"photo": (BytesIO(picture()), "a.jpg")} if typed.get("what") == "keep" else {}
        return client.post(here, data={**typed, **file}).status_code

    assert "/consents/photos?" in client.get(here).text
    assert 'type="file"' not in client.get(here).text
    signed = {"rang_back": "paper", "paper": "7 号夹"}
    assert send(what="keep", **signed) == 422, "nobody has agreed"
    make_consent(place.child, Purpose.PHOTOS)
    assert client.post(here, data={"what": "keep", **signed}).status_code == 422, "no photo"
    assert send(what="keep", **RUNG) == 422, "nobody hands in a photo on the phone"
    assert words() == []
    for _twice in range(2):
        assert send(what="keep", **signed) == 303
    assert words() == [(WordOn.CHILD_PHOTO_KEPT, Spoke.PAPER)], "the same picture twice is once"
    for _twice in range(2):
        answered = send(what="delete", **RUNG)
    assert answered == 422, "there is none any more"
    assert words()[1:] == [(WordOn.CHILD_PHOTO_DELETED, Spoke.PHONE)]
    assert child_photos.find(place.child) is None
