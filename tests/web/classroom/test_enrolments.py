"""The director decides about enrolments; the desk types in paper and sees no list of children."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.afterschool.models.consents import Means, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Way
from center.afterschool.models.priorities import Priority
from center.afterschool.models.terms import Paragraph, Topic
from center.afterschool.places import consents, health
from center.afterschool.places.enrolling import schools_of
from center.afterschool.places.states import Place
from center.afterschool.plans.weeks import weekdays_of
from center.afterschool.words import WAYS
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person, Role
from center.rooms.labels import WEEKDAYS
from tests.afterschool.builders import make_child, make_enrolment, make_term
from tests.afterschool.enrol_builders import apply_for, hand_of, lottery_term
from tests.afterschool.places.test_enrolling import state
from tests.afterschool.plan_builders import set_week
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

CONSENTS = {"care": "yes", "health": "no", "photos": "no", "walking_alone": "no"}


def staff(client: FlaskClient, role: Role) -> Person:
    account = make_account(roles=[role])
    sign_in(client, account)
    return account.person


def paper(client: FlaskClient, term: Any, **said: str) -> dict[str, str]:
    """What stands on a paper form, with the edition that is printed on it."""
    sheet = client.get(f"/desk/after-school/paper/{term.id}")
    edition = re.search(r"版本号 ([\d.]+)", sheet.text)
    assert edition is not None
    school = str(schools_of(term)[0].id)
    known = {"edition": edition[1], "phone": "13800138000", "child_name": "张小明", "school": school}
    return {**known, "school_class": "三(2)班", "relation": "奶奶", "reasons": "hardship", **CONSENTS, **said}


def test_a_paper_form_is_typed_in_and_answered_with_a_number(client: FlaskClient) -> None:
    term, grandmother = lottery_term(), make_person(phone="13800138000")
    child = make_child(grandmother, name="张小明")
    clerk = staff(client, Role.CLERK)
    said = paper(client, term)
    answer = client.post("/desk/after-school/enrol", data=said)
    [made] = db.session.scalars(select(Enrolment)).all()
    assert answer.location == f"/desk/after-school/receipts/{made.id}"
    assert (made.child_id, made.applied_by_id, made.recorded_by_id) == (child.id, grandmother.id, clerk.id)
    assert consents.live_of(child)[Purpose.CARE].means is Means.PAPER
    assert made.sign_up.reference in client.get(answer.location).text
    again = client.post("/desk/after-school/enrol", data=said)
    assert again.location == answer.location
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 1


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"child_name": "张小红"}, "没有用这个号码的监护人"),
        ({"phone": "13900139000"}, "没有用这个号码的监护人"),
        ({"edition": "1.1.1.1.1.9"}, "不是现行版本"),
        ({"care": "no"}, "无法照看"),
    ],
)
def test_paper_that_cannot_be_taken_says_why_and_names_nobody(
    client: FlaskClient, said: dict[str, str], words: str
) -> None:
    term = make_term()
    make_child(make_person(phone="13800138000"), name="张小明")
    staff(client, Role.CLERK)
    answer = client.post("/desk/after-school/enrol", data=paper(client, term, **said))
    assert answer.status_code in {409, 422}
    assert words in answer.text
    assert db.session.scalar(select(func.count()).select_from(Enrolment)) == 0


def test_the_desk_reads_no_receipt_of_anothers_form_and_no_list(client: FlaskClient) -> None:
    mother = make_person()
    made = apply_for(make_term(), make_child(mother, name="慕容不露"), mother, by=make_person())
    staff(client, Role.CLERK)
    assert client.get(f"/desk/after-school/receipts/{made.id}").status_code == 404
    assert client.get("/classroom/enrolments").status_code == 403
    assert client.get(f"/classroom/enrolments/{made.id}").status_code == 403


def test_the_director_decides_reasons_and_ends_places_by_paragraphs(client: FlaskClient) -> None:
    term, mother = lottery_term(), make_person()
    made = apply_for(term, make_child(mother, name="张小明"), mother, reasons=[Priority.BOTH_WORK])
    staff(client, Role.DIRECTOR)
    assert "张小明" in client.get("/classroom/enrolments").text
    page = f"/classroom/enrolments/{made.id}"
    assert client.get(page).status_code == 200
    reason = f"{page}/reasons/{made.claims[0].id}"
    assert client.post(reason, data={"is_accepted": "yes", "why": ""}).status_code == 422
    assert client.post(reason, data={"is_accepted": "yes", "why": "看过证明"}).status_code == 303
    assert state(made) is Place.APPLIED
    query = select(Paragraph).where(Paragraph.rules_id == made.rules_id, Paragraph.topic == Topic.WHO)
    paragraph = db.session.scalars(query).one()
    assert client.post(f"{page}/refuse", data={"paragraph": str(paragraph.id), "reason": ""}).status_code == 422
    assert client.post(f"{page}/refuse", data={"paragraph": str(paragraph.id), "reason": "不在范围"}).status_code == 303
    assert state(made) is Place.NOT_ELIGIBLE
    assert client.get(page).status_code == 200


def test_the_director_puts_children_into_classes_and_ends_places(client: FlaskClient) -> None:
    term, mother = make_term(), make_person()
    made = apply_for(term, make_child(mother), mother)
    staff(client, Role.DIRECTOR)
    page = f"/classroom/enrolments/{made.id}"
    class_id = term.classes[0].id
    assert client.post(f"{page}/class", data={"care_class": str(class_id)}).status_code == 303
    paragraph = db.session.scalars(select(Paragraph).where(Paragraph.rules_id == made.rules_id)).first()
    assert paragraph is not None
    assert client.post(f"{page}/end", data={"paragraph": str(paragraph.id), "reason": "连续缺席"}).status_code == 303
    assert state(made) is Place.ENDED


def test_a_new_text_is_a_new_version_and_what_was_agreed_to_stays(client: FlaskClient) -> None:
    mother = make_person()
    child = make_child(mother)
    apply_for(make_term(), child, mother)
    staff(client, Role.DIRECTOR)
    said = {"words": "我同意照看孩子。", "words_en": "I agree."}
    for _n in range(2):
        assert client.post("/classroom/consent-texts/care", data=said).status_code == 303
    assert consents.texts_now()[Purpose.CARE].version == 2
    assert consents.live_of(child)[Purpose.CARE].text.version == 1
    assert client.get("/classroom/consent-texts").status_code == 200


def test_what_a_guardian_without_an_account_says_of_health_is_written_down_only_by_consent(client: FlaskClient) -> None:
    grandmother = make_person()
    child = make_child(grandmother)
    term = make_term()
    made = apply_for(term, child, grandmother, by=make_person(), agrees={Purpose.CARE})
    staff(client, Role.DIRECTOR)
    page = f"/classroom/enrolments/{made.id}/health"
    said = {"guardian": str(grandmother.id), "trigger": "花生", "reaction": "喉咙肿", "what_to_do": "打120"}
    said |= {"level": "emergency"}
    client.post(page, data=said)
    assert list(health.notes_of(child)) == []
    with transaction():
        version = consents.texts_now()[Purpose.HEALTH].version
        hand = hand_of(grandmother)
        consents.say(child, Purpose.HEALTH, is_given=True, version=version, hand=hand, now=clock.now())
    assert client.post(page, data=said).status_code == 303
    [note] = health.notes_of(child)
    assert (note.by_id, note.trigger) == (grandmother.id, "花生")


def test_whoever_has_a_place_and_no_days_yet_is_marked(client: FlaskClient) -> None:
    term = make_term()
    with_days, without = make_enrolment(term), make_enrolment(term)
    set_week(with_days, [0])
    staff(client, Role.DIRECTOR)
    rows = client.get("/classroom/enrolments?lang=zh").text.split("<li>")
    of = {each.id: next(row for row in rows if each.child.name in row) for each in (with_days, without)}
    assert "还没有选星期" in of[without.id]
    assert "还没有选星期" not in of[with_days.id]


def test_the_printed_form_has_lines_for_days_ways_home_and_those_who_may_collect(client: FlaskClient) -> None:
    term = lottery_term()
    staff(client, Role.CLERK)
    sheet = client.get(f"/desk/after-school/paper/{term.id}").text
    for weekday in weekdays_of(term):
        assert f"□ {WEEKDAYS[weekday]}" in sheet
    assert sheet.count(f"□ {WAYS[Way.COLLECTED]}") == len(weekdays_of(term)) > 0
    assert "谁可以接孩子" in sheet
