"""What guardians do for their children: apply step by step, see all that is kept, change it; nobody else's child."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.afterschool.models.consents import HealthNote, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.priorities import Priority
from center.afterschool.places import child_photos, consents
from center.afterschool.places.states import Place
from center.kernel.db import db, transaction
from center.people.models import Account, Guardianship, Person
from tests.afterschool.builders import make_child, make_term
from tests.afterschool.enrol_builders import apply_for, lottery_term
from tests.afterschool.places.test_enrolling import state
from tests.builders import at, make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture

pytestmark = ONE_ENGINE

AGREED = {"care": "yes", "health": "yes", "photos": "no", "walking_alone": "no"}


def guardian_of(client: FlaskClient, **child: Any) -> tuple[Account, Person]:
    """Somebody signed in, and their child."""
    account = make_account()
    made = make_child(account.person, **{"name": "张小明", **child})
    sign_in(client, account)
    return account, made


def answer_all(client: FlaskClient, answers: dict[str, dict[str, str]]) -> Any:
    """Answer one step after the other, until the form leads elsewhere."""
    page = client.get("/children/enrol", follow_redirects=True)
    for step, said in answers.items():
        address = re.search(r'<form method="post" action="([^"]+)"', page.text)
        assert address is not None, page.text[:500]
        assert f"/children/enrol/{step}" in address[1], (step, address[1])
        page = client.post(address[1].replace("&amp;", "&"), data=said, follow_redirects=True)
    return page


def steps(child: Person, term: Any, **said: str) -> dict[str, dict[str, str]]:
    from center.afterschool.places.enrolling import schools_of

    agreed = {**AGREED, **said}
    school = {"school": str(schools_of(term)[0].id), "school_class": "三(2)班", "mark": "高"}
    return {
        "school": school,
        **{name: {name: value} for name, value in agreed.items()},
        "reasons": {"reasons": "both_work"},
        "rung": {"relation": "妈妈", "first": str(child.id)},
        "check": {"has_read": "y"},
    }


def test_without_consent_to_care_the_form_goes_no_further_and_says_why(client: FlaskClient) -> None:
    term = make_term()
    _account, child = guardian_of(client)
    asked = {name: said for name, said in steps(child, term, care="no").items() if name in {"school", "care"}}
    page = answer_all(client, asked)
    assert page.status_code == 422
    assert "无法照看" in page.text
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_a_guardian_applies_step_by_step_and_finds_everything_on_the_childs_page(client: FlaskClient) -> None:
    term = lottery_term()
    account, child = guardian_of(client)
    page = answer_all(client, steps(child, term))
    assert page.status_code == 200
    [made] = db.session.scalars(select(Enrolment)).all()
    assert (made.child_id, made.mark, made.applied_by_id) == (child.id, "高", account.person_id)
    assert [each.reason for each in made.claims] == [Priority.BOTH_WORK]
    assert state(made) is Place.TO_CHECK
    assert made.sign_up.reference in page.text
    live = consents.live_of(child)
    assert {each: live[each].is_given for each in live} == {
        Purpose.CARE: True,
        Purpose.HEALTH: True,
        Purpose.PHOTOS: False,
        Purpose.WALKING_ALONE: False,
    }
    receipt = client.get(f"/children/{child.id}/places/{made.id}/receipt")
    assert made.sign_up.reference in receipt.text
    assert client.get(f"/sign-ups/{made.sign_up.reference}").location == f"/children/{child.id}"


def test_back_after_sending_does_nothing_twice(client: FlaskClient) -> None:
    term = make_term()
    _account, child = guardian_of(client)
    answers = steps(child, term)
    answers["rung"].pop("first")
    page = client.get("/children/enrol", follow_redirects=True)
    for said in answers.values():
        address = re.search(r'<form method="post" action="([^"]+)"', page.text)
        assert address is not None
        last = address[1].replace("&amp;", "&"), said
        page = client.post(last[0], data=said, follow_redirects=True)
    again = client.post(last[0], data=last[1])
    assert again.status_code == 303
    assert again.location == f"/children/{child.id}"
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


def test_the_second_guardian_reads_that_the_first_has_asked(client: FlaskClient) -> None:
    term = make_term()
    account, child = guardian_of(client)
    mother = make_account().person
    with transaction() as session:
        session.add(Guardianship(child_id=child.id, guardian_id=mother.id, starts_on=at(9, days=-9).date()))
    apply_for(term, child, mother)
    answers = steps(child, term)
    answers["rung"]["first"] = str(account.person_id)
    page = answer_all(client, answers)
    assert mother.name in page.text
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


@pytest.mark.parametrize(
    "page",
    ["", "/consents", "/consents/care", "/health", "/photo", "/photo.jpg", "/data", "/delete", "/places/{id}/edit",
     "/places/{id}/pause", "/places/{id}/leave", "/places/{id}/receipt", "/places/{id}/callers"],
)  # fmt: skip
def test_somebody_elses_child_is_not_there(client: FlaskClient, page: str) -> None:
    term, other = make_term(), make_account()
    theirs = make_child(other.person)
    made = apply_for(term, theirs, other.person)
    _account, child = guardian_of(client)
    address = page.format(id=made.id)
    assert client.get(f"/children/{theirs.id}{address}").status_code == 404
    if "{id}" in page:
        assert client.get(f"/children/{child.id}{address}").status_code == 404


def test_health_is_kept_only_by_consent_and_goes_with_it(client: FlaskClient) -> None:
    term = make_term()
    account, child = guardian_of(client)
    apply_for(term, child, account.person, agrees={Purpose.CARE})
    known = {"trigger": "花生", "reaction": "喉咙肿", "what_to_do": "打120", "level": "emergency"}
    page = client.post(f"/children/{child.id}/health", data=known)
    assert "同意" in page.text
    assert db.session.scalar(select(func.count()).select_from(HealthNote)) == 0
    client.post(f"/children/{child.id}/consents/health", data={"answer": "yes"})
    assert client.post(f"/children/{child.id}/health", data=known).status_code == 303
    [note] = db.session.scalars(select(HealthNote)).all()
    assert "花生" in client.get(f"/children/{child.id}").text
    changed = {**known, "what_to_do": "打120，用肾上腺素笔"}
    assert client.post(f"/children/{child.id}/health/{note.id}", data=changed).status_code == 303
    assert "肾上腺素笔" in client.get(f"/children/{child.id}/health").text
    stored = db.session.connection().exec_driver_sql("SELECT * FROM health_notes").one()
    assert "花生" not in str(stored)
    client.post(f"/children/{child.id}/consents/health/take-back")
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(HealthNote)) == 0
    assert "花生" not in client.get(f"/children/{child.id}/health").text


def test_a_photo_is_kept_encrypted_and_only_by_consent(client: FlaskClient) -> None:
    account, child = guardian_of(client)
    term = make_term()
    apply_for(term, child, account.person, agrees={Purpose.CARE})
    page = f"/children/{child.id}/photo"
    assert client.post(page, data={"photo": (BytesIO(picture()), "a.jpg")}).status_code == 422
    client.post(f"/children/{child.id}/consents/photos", data={"answer": "yes"})
    assert client.post(page, data={"photo": (BytesIO(picture()), "a.jpg")}).status_code == 303
    shown = client.get(f"{page}.jpg")
    assert shown.data[:2] == b"\xff\xd8"
    assert shown.headers["Cache-Control"] == "private, no-store"
    client.post(f"/children/{child.id}/consents/photos/take-back")
    db.session.rollback()
    assert child_photos.find(child) is None
    assert client.get(f"{page}.jpg").status_code == 404


def test_the_pages_of_a_child_do_what_they_say(client: FlaskClient, app: Flask) -> None:
    account, child = guardian_of(client)
    made = apply_for(make_term(), child, account.person)
    base = f"/children/{child.id}"
    place = f"{base}/places/{made.id}"
    assert client.get("/children").status_code == 200
    for page in (base, f"{base}/consents", f"{base}/consents/care/take-back", f"{place}/edit", f"{place}/callers"):
        assert client.get(page).status_code == 200, page
    said = {"first": str(account.person_id), f"relation_{account.person_id}": "奶奶"}
    assert client.post(f"{place}/callers", data=said).status_code == 303
    today = at(9, days=0).date().isoformat()
    assert client.post(f"{place}/pause", data={"first": today}).status_code == 303
    assert state(made) is Place.PAUSED
    client.post(f"{place}/resume")
    assert state(made) is Place.IN_CARE
    assert client.post(f"{base}/delete").status_code == 303
    assert "您已申请删除" in client.get(base).text
    assert client.post(f"{place}/leave", data={"reason": "搬家"}).status_code == 303
    assert state(made) is Place.ENDED
    assert client.post(f"{place}/leave").status_code == 303


def test_in_elder_mode_one_thing_is_asked_on_each_page(client: FlaskClient) -> None:
    term = make_term()
    _account, child = guardian_of(client)
    client.get("/?elder=1")
    known = steps(child, term)
    school = known.pop("school")
    one_by_one = {name: {name: school[name]} for name in ("school", "school_class", "mark")}
    relation = {"relation": {"relation": "妈妈"}}
    rest = {name: said for name, said in known.items() if name not in {"rung", "check"}}
    answer_all(client, {**one_by_one, **rest, **relation, "check": known["check"]})
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1
