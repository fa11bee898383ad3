"""What a guardian with a bar sees and may send, and who reads the number of the paper."""

import pytest
from flask.testing import FlaskClient

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, Collector, Right
from center.afterschool.models.staff import DutyRole
from center.afterschool.rights import barred_rights
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Account, Role
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, guardians, make_bar, make_carer, make_collector, term_from_today
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE
PAPER, OTHER = "（2026）鄂0107民初1号", "（2026）鄂0107民保令2号"


@pytest.fixture(name="director")
def _director(client: FlaskClient) -> Account:
    make_centre()
    return make_account(roles=[Role.DIRECTOR])


@pytest.fixture(name="enrolment")
def _enrolment(director: Account, client: FlaskClient) -> Enrolment:
    father = make_account(make_person(name="王建国"))
    child = make_child(make_person(name="李秀兰"), father.person, name="王小明")
    sign_in(client, father)
    return enrol(term_from_today(), child)


@pytest.fixture(name="bar")
def _bar(enrolment: Enrolment) -> Bar:
    return make_bar(enrolment.child, "王建国", person_id=guardians(enrolment.child)[1].id, reason="妈妈说的")


def take(bar: Bar, director: Account, *rights: Right) -> None:
    with transaction():
        barred_rights.decide(bar, dict.fromkeys(rights, OTHER), by=director.person, now=clock.now())


def hears(account: Account) -> int:
    db.session.rollback()
    query = db.select(Notice.id).where(Notice.kind == "after_school.guardian_refused")
    return len(db.session.scalars(query.where(Notice.person_id == account.person_id)).all())


def pages_of(enrolment: Enrolment) -> list[str]:
    of = f"/children/{enrolment.child_id}"
    return [f"{of}/{each}" for each in ("today", "plan", "collectors", "code", f"week/{enrolment.id}")]


def test_a_bar_alone_leaves_every_page_open(client: FlaskClient, enrolment: Enrolment, bar: Bar) -> None:
    for page in pages_of(enrolment):
        assert client.get(page).status_code == 200, page


def test_where_the_child_is_stays_shut_with_a_sentence_and_the_director_hears_once(
    client: FlaskClient, enrolment: Enrolment, bar: Bar, director: Account
) -> None:
    take(bar, director, Right.WHEREABOUTS)
    for page in pages_of(enrolment):
        answer = client.get(page, headers={"Accept-Language": "en"})
        assert answer.status_code == 403, page
        assert "主任" in answer.text
        assert OTHER not in answer.text
    assert client.get(f"/children/{enrolment.child_id}").status_code == 200
    assert hears(director) == 1


def test_a_collector_stays_on_the_list_though_a_barred_guardian_wants_them_off(
    client: FlaskClient, enrolment: Enrolment, bar: Bar, director: Account
) -> None:
    grandma = make_collector(enrolment.child, "刘桂芬")
    answer = client.post(f"/children/{enrolment.child_id}/collectors/{grandma.id}/revoke", follow_redirects=True)
    assert "请与中心主任联系" in answer.text
    db.session.rollback()
    assert db.session.get_one(Collector, grandma.id).revoked_at is None
    assert hears(director) == 1


def test_without_the_right_to_decide_the_page_says_so_and_no_place_ends(
    client: FlaskClient, enrolment: Enrolment, bar: Bar, director: Account
) -> None:
    take(bar, director, Right.DECISIONS)
    of = f"/children/{enrolment.child_id}"
    assert "不能为这个孩子作决定" in client.get(of).text
    refused = client.post(f"{of}/places/{enrolment.id}/leave", data={"reason": ""})
    assert refused.status_code == 422
    assert "请与中心主任联系" in refused.text
    db.session.rollback()
    assert db.session.get_one(Enrolment, enrolment.id).ended_at is None


def test_the_director_takes_a_right_by_a_paper_and_reads_its_number(
    client: FlaskClient, enrolment: Enrolment, bar: Bar, director: Account
) -> None:
    sign_in(client, director)
    page = f"/classroom/bars/{bar.id}/rights"
    assert PAPER in client.get(page).text
    assert client.post(page, data={"decisions": "y"}).status_code == 422
    assert client.post(page, data={"decisions": "y", "decisions_document": OTHER}).status_code == 303
    listed = client.get("/classroom/bars").text
    assert PAPER in listed
    assert "同时限制" in listed
    assert OTHER in client.get(page).text


def test_whoever_is_on_duty_reads_of_the_bar_but_not_the_number_of_its_paper(
    client: FlaskClient, enrolment: Enrolment, bar: Bar, director: Account
) -> None:
    tutor = make_carer()
    make_duty(enrolment.term.days[0], tutor, role=DutyRole.TEACHER, is_owner=True)
    take(bar, director, Right.DECISIONS)
    assert tutor.account is not None
    sign_in(client, tutor.account)
    listed = client.get("/classroom/bars").text
    assert "王建国" in listed
    assert PAPER not in listed
    assert "同时限制" not in listed
    assert PAPER not in client.get(f"/classroom/bars/{bar.id}/lift").text
    assert client.get(f"/classroom/bars/{bar.id}/rights").status_code in {403, 404}
