"""What is kept how long: set by the director, read by everybody, held where it is needed."""

import pytest
from flask.testing import FlaskClient

from center.afterschool.models.retention import LegalHold, RetentionPeriod
from center.kernel.db import db
from center.people.models import Role
from tests.afterschool.builders import make_child
from tests.afterschool.plan_builders import enrol
from tests.builders import make_account, make_centre, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.web.test_editing import fields_of

pytestmark = ONE_ENGINE


def plain(page: str) -> str:
    """The words of a page without spaces, and without what keeps a number and its word together."""
    return "".join(page.replace("\u2060", "").split())


@pytest.fixture(autouse=True)
def director(client: FlaskClient) -> None:
    make_centre()
    sign_in(client, make_account(roles=[Role.DIRECTOR]))


def test_the_director_sets_a_period_and_everybody_reads_it(client: FlaskClient) -> None:
    page = "/classroom/keeping/periods/custody"
    too_short = client.post(page, data={**fields_of(client.get(page).text), "days": "100"})
    assert too_short.status_code == 422
    assert "可设为3年到5年" in plain(too_short.text)
    assert client.post(page, data={**fields_of(client.get(page).text), "days": str(4 * 365)}).status_code == 303
    assert "4年" in plain(client.get("/classroom/keeping").text)
    db.session.rollback()
    assert db.session.get_one(RetentionPeriod, "custody").days == 4 * 365
    assert "自孩子离开四点半学校之日起4年" in plain(client.get("/after-school").text)


def test_a_guardian_reads_it_beside_what_they_agree_to(client: FlaskClient) -> None:
    mother = make_account()
    enrolment = enrol(child=make_child(mother.person))
    sign_in(client, mother)
    page = client.get(f"/children/{enrolment.child_id}/consents").text
    assert "自孩子离开四点半学校之日起30天" in plain(page)


def test_there_is_no_page_of_a_kind_that_is_not_kept(client: FlaskClient) -> None:
    assert client.get("/classroom/keeping/periods/notices").status_code == 404


def test_what_is_needed_is_held_with_a_reason_and_let_go(client: FlaskClient) -> None:
    enrolment = enrol(child=make_child(make_person(), name="王小明"))
    page = "/classroom/keeping/holds"
    assert client.post(page, data={"child": str(enrolment.child_id), "why": " "}).status_code == 422
    assert client.post(page, data={"child": "999", "why": "索赔"}).status_code == 422
    assert client.post(page, data={"child": str(enrolment.child_id), "why": "家长索赔"}).status_code == 303
    shown = client.get(page).text
    assert "王小明" in shown
    assert "家长索赔" in shown
    assert "有1个孩子" in plain(client.get("/classroom/keeping").text)
    db.session.rollback()
    [hold] = db.session.scalars(db.select(LegalHold))
    assert client.post(f"{page}/{hold.id}/let-go").status_code == 303
    assert "家长索赔" not in client.get(page).text
