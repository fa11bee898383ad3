"""Filing an activity, by those who run it alone; what the staff do with it; and leaving, at the desk."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.incubator.models.filings import ActivityFiling, FilingState
from center.incubator.models.incubations import IncubationStage
from center.kernel.db import db
from center.organisations.models import Stage
from center.people.models import Role
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_booking, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.feedback.builders import make_held
from tests.incubator.agreement_builders import make_agreement, make_key
from tests.incubator.builders import make_decision, make_incubation

pytestmark = ONE_ENGINE
TYPED = {"what": "讲座", "people": "30", "answers": "李师傅 前台转"}


def test_only_those_who_run_it_file_an_activity(app: Flask, client: FlaskClient) -> None:
    lead, other = make_account(), make_account()
    team = make_organisation(leads=[lead.person], stage=Stage.INCUBATING)
    make_organisation(leads=[other.person], stage=Stage.INCUBATING)
    activity = make_activity(organisation=team, starts=[at(10, days=12)])
    address = f"/workspace/activities/{activity.slug}/filing"
    sign_in(client, other)
    assert client.post(address, data=TYPED).status_code == 404
    sign_in(client, lead)
    assert client.post(address, data={**TYPED, "people": "80"}).status_code == 422
    assert db.session.scalar(select(ActivityFiling)) is None
    assert client.post(address, data=TYPED).status_code == 303
    assert client.get(f"{address}/print").status_code == 200


def test_staff_return_a_filing_with_what_is_missing_and_its_lead_reads_it(app: Flask, client: FlaskClient) -> None:
    lead, clerk = make_account(), make_account(roles=[Role.CLERK])
    team = make_organisation(leads=[lead.person], stage=Stage.INCUBATING)
    activity = make_activity(organisation=team, starts=[at(10, days=12)])
    address = f"/workspace/activities/{activity.slug}/filing"
    sign_in(client, lead)
    client.post(address, data=TYPED)
    filing_id = db.session.scalars(select(ActivityFiling.id)).one()
    assert client.get(f"/desk/incubator/filings/{filing_id}").status_code == 403
    sign_in(client, clerk)
    assert client.post(f"/desk/incubator/filings/{filing_id}", data={"reason": ""}).status_code == 422
    assert client.post(f"/desk/incubator/filings/{filing_id}", data={"reason": "写明电话"}).status_code == 303
    client.post(f"/desk/incubator/filings/{filing_id}/seen")  # too late: it was returned
    db.session.rollback()
    assert db.session.get_one(ActivityFiling, filing_id).state is FilingState.RETURNED
    sign_in(client, lead)
    assert "写明电话" in client.get(address).text


def test_a_summary_begins_with_what_the_register_of_its_date_says(app: Flask, client: FlaskClient) -> None:
    lead = make_account(locale="en")
    team = make_organisation(leads=[lead.person], stage=Stage.INCUBATING)
    held = make_held(3, organisation=team).session
    address = f"/workspace/activities/{held.activity.slug}/filing/summary/"
    sign_in(client, lead)
    page = client.get(f"{address}{held.local_day.isoformat()}")
    assert "3 people came" in page.text
    for nothing in ("2020-01-01", "x"):
        assert client.get(f"{address}{nothing}").status_code == 404
    said = {"what": "很热闹", "to_do_better": ""}
    assert client.post(f"{address}{held.local_day.isoformat()}", data=said).status_code == 303
    assert "很热闹" in client.get(f"/workspace/activities/{held.activity.slug}/filing").text


def test_an_organisation_leaves_at_the_desk_once_nothing_is_left(app: Flask, client: FlaskClient) -> None:
    clerk, director = make_account(roles=[Role.CLERK]), make_account(roles=[Role.DIRECTOR])
    incubation = make_incubation()
    booking = make_booking(organisation=incubation.organisation, person=make_person())
    make_agreement(incubation)
    key = make_key(incubation)
    make_decision(incubation, IncubationStage.WITHDRAWING)
    here = f"/desk/incubator/{incubation.number}/hand-over"
    sign_in(client, director)
    client.post(f"{here}/finish")
    sign_in(client, clerk)
    page = client.get(here).text
    assert booking.reference in page
    assert key.what in page
    one = f"{here}/booking/{booking.reference}"
    assert client.post(one, data={"way": "call_off", "reason": ""}).status_code == 422
    assert client.post(one, data={"way": "hand", "to": "0"}).status_code == 422
    assert client.post(one, data={"way": "call_off", "reason": "组织退出"}).status_code == 303
    client.post(f"/desk/incubator/{incubation.number}/keys/{key.id}/take-back")
    assert client.post(f"{here}/finish").status_code == 404  # the director decides
    sign_in(client, director)
    client.post(f"{here}/finish")
    db.session.rollback()
    db.session.refresh(incubation)
    assert incubation.stage is IncubationStage.WITHDRAWN
