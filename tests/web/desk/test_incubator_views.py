"""The incubator on its pages: what is refused stands where it can be mended, and who may not sees nothing."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.incubator.models.incubations import DocumentKind, IncubationStage
from center.incubator.models.interests import DeclaredInterest, InterestKind
from center.kernel import clock
from center.kernel.access_log import AccessEvent, Kind
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from tests.builders import ZONE, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.incubator.builders import PDF, make_decision, make_document, make_incubation
from tests.incubator.review_builders import make_publication, make_review

STAGE = IncubationStage
pytestmark = [ONE_ENGINE]


@pytest.fixture
def director(client: FlaskClient) -> Account:
    """The director, signed in and reading English."""
    account = make_account(roles=[Role.DIRECTOR], locale="en")
    sign_in(client, account)
    return account


def test_a_decision_without_a_reason_is_refused_on_its_page(client: FlaskClient, director: Account) -> None:
    made = make_incubation(stage=STAGE.SCREENING)
    page = client.post(f"/desk/incubator/{made.number}/decide/refused?step={made.step}", data={"reason": ""})
    assert (page.status_code, "Please say why." in page.text) == (422, True)
    assert _stage(made.id) is STAGE.SCREENING


def test_a_page_of_an_earlier_step_decides_nothing(client: FlaskClient, director: Account) -> None:
    made = make_incubation(stage=STAGE.SCREENING)
    seen = made.step
    make_decision(made, STAGE.RETURNED)
    make_decision(made, STAGE.SUBMITTED)
    make_decision(made, STAGE.SCREENING)
    page = client.post(f"/desk/incubator/{made.number}/decide/review?step={seen}", data={})
    assert "Somebody else has moved it on meanwhile" in page.text
    assert _stage(made.id) is STAGE.SCREENING


def test_a_clerk_reads_and_enters_and_decides_only_what_is_theirs_by_name(client: FlaskClient) -> None:
    clerk = make_account(roles=[Role.CLERK], locale="en")
    others, own = make_incubation(stage=STAGE.SCREENING), make_incubation(stage=STAGE.SCREENING, owner=clerk.person)
    sign_in(client, clerk)
    assert client.get(f"/desk/incubator/{others.number}").status_code == 200
    assert client.get(f"/desk/incubator/{others.number}/decide/review").status_code == 404
    assert client.get(f"/desk/incubator/{own.number}/decide/review").status_code == 200


def test_a_director_with_an_interest_is_told_and_cannot_decide(client: FlaskClient, director: Account) -> None:
    made = make_incubation(stage=STAGE.SCREENING)
    _declare(made, director)
    assert "You have an interest in this organisation" in client.get(f"/desk/incubator/{made.number}").text
    page = client.post(f"/desk/incubator/{made.number}/decide/review?step={made.step}", data={})
    assert "somebody else has to do this" in page.text
    assert _stage(made.id) is STAGE.SCREENING


def test_a_paper_replaced_after_the_decision_is_marked(client: FlaskClient, director: Account) -> None:
    made = make_incubation(stage=STAGE.SUBMITTED)
    make_document(made, DocumentKind.CHARTER)
    client.post(f"/desk/incubator/{made.number}/decide/screening?step={made.step}", data={})
    assert "Replaced after this decision" not in client.get(f"/desk/incubator/{made.number}").text
    paper: dict[str, Any] = {"kind": "charter", "file": (BytesIO(PDF + b"%"), "章程.pdf")}
    sent = client.post(f"/desk/incubator/{made.number}/papers", data=paper, content_type="multipart/form-data")
    assert sent.status_code == 302 or sent.status_code == 303
    assert "Replaced after this decision" in client.get(f"/desk/incubator/{made.number}").text


def test_an_applicant_answers_step_by_step_sends_papers_and_sends_it_in(client: FlaskClient) -> None:
    account = make_account(locale="en")
    sign_in(client, account)
    start = client.get("/me/incubation/new")
    draft = start.location.partition("?")[2]
    answers = {
        "new": {"name": "阳台花友会", "name_en": "", "kind": "charity", "about": "种花"},
        "purpose": {"purpose": "一起种花", "serves": "邻居"},
        "people": {"founders": "1", "members": "12", "premises": ""},
        "plan": {"plan": "每月一次", "money": ""},
        "wishes": {"form": "real", "seats": "1", "room_hours": "2"},
        "check": {},
    }
    for step, values in answers.items():
        led = client.post(f"/me/incubation/new/{step}?{draft}", data=values)
    assert "/new/people" in led.location  # one founder is too few: said where it can be mended
    page = client.get(led.location)
    assert "At least two people found an organisation." in page.text
    client.post(f"/me/incubation/new/people?{draft}", data={"founders": "2", "members": "12", "premises": ""})
    own = client.post(f"/me/incubation/new/check?{draft}", data={}).location
    for kind in ("application_form", "charter", "member_roll", "plan"):
        file: dict[str, Any] = {"kind": kind, "file": (BytesIO(PDF), f"{kind}.pdf")}
        client.post(f"{own}/papers", data=file, content_type="multipart/form-data")
    assert "All papers are there" in client.get(own).text
    client.post(f"{own}/submit/0")
    page = client.get(own)
    assert "Sent in" in page.text
    assert "Add this paper" not in page.text
    other = make_account()
    sign_in(client, other)
    assert client.get(own).status_code == 404


def test_a_file_of_another_kind_is_refused_where_it_was_chosen(client: FlaskClient) -> None:
    account = make_account(locale="en")
    made = make_incubation(stage=STAGE.DRAFT, applicant=account.person)
    sign_in(client, account)
    file: dict[str, Any] = {"kind": "charter", "file": (BytesIO(b"MZ\x90"), "charter.pdf")}
    page = client.post(f"/me/incubation/{made.number}/papers", data=file, content_type="multipart/form-data")
    assert (page.status_code, "The file is looked into" in page.text) == (422, True)


def test_a_reviewer_reads_no_paper_before_they_have_answered(client: FlaskClient) -> None:
    account = make_account(locale="en")
    made = make_incubation(stage=STAGE.REVIEW)
    paper = make_document(made)
    review = make_review(made, [account.person, make_person(), make_person()])
    with transaction():
        review.seats[0].declared_at = None
    sign_in(client, account)
    address = f"/me/reviews/{review.id}/papers/{paper.id}"
    assert client.get(address).status_code == 404
    client.post(f"/me/reviews/{review.id}", data={"kind": "none", "note": ""})
    answer = client.get(address)
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    other = make_account()
    sign_in(client, other)
    assert client.get(f"/me/reviews/{review.id}").status_code == 404


def test_anybody_objects_and_reads_the_answer_by_the_number(client: FlaskClient) -> None:
    made = make_incubation(stage=STAGE.PUBLISHED)
    publication = make_publication(made.decisions[-1], days_ago=1)
    said = {"name": "某居民", "contact": "", "words": "不实"}
    page = client.post(f"/incubator/published/{publication.id}", data=said)
    assert page.status_code == 422
    done = client.post(f"/incubator/published/{publication.id}", data={**said, "contact": "19900000001"})
    assert "/incubator/objections?" in done.location
    assert "某居民" not in client.get(done.location).text
    assert "19900000001" not in client.get(f"/incubator/published/{publication.id}").text


def test_who_has_only_applied_is_not_on_the_public_pages(client: FlaskClient) -> None:
    organisation = make_organisation(name="楼道文化社", is_listed=False)
    assert organisation.name not in client.get("/organisations").text
    assert client.get(f"/organisations/{organisation.slug}").status_code == 404


def _stage(incubation_id: int) -> IncubationStage:
    from center.incubator.models.incubations import Incubation

    db.session.rollback()
    return db.session.get_one(Incubation, incubation_id, populate_existing=True).stage


def _declare(made: Any, account: Account) -> None:
    now = clock.now()
    who = {"person_id": account.person_id, "declared_by_id": account.person_id}
    with transaction() as session:
        session.add(
            DeclaredInterest(
                organisation_id=made.organisation_id,
                kind=InterestKind.FUNDED,
                declared_on=now.astimezone(ZONE).date(),
                declared_at=now,
                **who,
            )
        )


def test_whoever_opens_a_paper_or_a_letter_is_written_down_with_why(client: FlaskClient, director: Account) -> None:
    made = make_incubation(stage=STAGE.SUBMITTED)
    paper, step = make_document(made, DocumentKind.MEMBER_ROLL), made.step
    client.post(f"/desk/incubator/{made.number}/decide/screening?step={made.step}", data={})
    for _twice in range(2):
        assert client.get(f"/desk/incubator/{made.number}/papers/{paper.id}").data == PDF
    assert client.get(f"/desk/incubator/{made.number}/letters/{step + 1}").status_code == 200
    db.session.rollback()
    found = db.session.scalars(select(AccessEvent).where(AccessEvent.kind == Kind.PAPER).order_by(AccessEvent.id)).all()
    assert {(each.by_id, each.person_id, each.purpose) for each in found} == {
        (director.person_id, made.applicant_id, "application")
    }
    assert [made.organisation.name in each.subject for each in found] == [True, True]
    sign_in(client, make_account(made.applicant))
    assert client.get(f"/me/incubation/{made.number}/papers/{paper.id}").data == PDF
    db.session.rollback()
    assert db.session.scalar(select(func.count()).where(AccessEvent.kind == Kind.PAPER)) == 2
