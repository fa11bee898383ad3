"""The paper on which an agreement is signed: versions stay, another organisation's or another paper is refused."""

import io
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from center.incubator.agreements import queries, terms
from center.incubator.models.agreements import AgreementPaper
from center.incubator.models.incubations import DocumentKind
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Role
from tests.builders import make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.incubator.agreement_builders import make_agreement
from tests.incubator.builders import PDF, make_document, make_incubation


def test_the_database_keeps_a_paper_with_its_own_agreement_alone(app: Flask) -> None:
    agreement, by = make_agreement(), make_person()
    wrong = (make_document(make_incubation(), DocumentKind.AGREEMENT), make_document(agreement.incubation))
    for each in wrong:
        with pytest.raises(DBAPIError, match="agreement_papers_fit"), transaction() as session:
            session.add(AgreementPaper(agreement_id=agreement.id, document_id=each.id))
            session.flush()
    with transaction():
        terms.sign(agreement, name="协议.pdf", content=PDF, by=by, now=clock.now())
    for statement in ("DELETE FROM agreement_papers", "UPDATE agreement_papers SET document_id = 0"):
        with pytest.raises(DBAPIError, match="agreement_papers_stay"), transaction() as session:
            session.execute(text(statement))


@ONE_ENGINE
def test_staff_keep_it_and_leads_open_it_and_nobody_else(client: FlaskClient) -> None:
    lead, member = make_person(), make_person()
    organisation = make_organisation(leads=[lead], members=[member])
    agreement = make_agreement(make_incubation(organisation=organisation))
    number, slug = agreement.incubation.number, organisation.slug
    page = f"/desk/incubator/{number}/agreement/{agreement.id}/paper"
    sign_in(client, make_account(roles=[Role.CLERK], locale="en"))
    for content, said in ((b"MZ not a paper", 422), (PDF, 303), (PDF, 303), (PDF + b"%", 303)):
        sent: dict[str, Any] = {"file": (io.BytesIO(content), "协议.pdf")}
        assert client.post(page, data=sent, content_type="multipart/form-data").status_code == said
    db.session.rollback()
    [term] = queries.terms_of(agreement.incubation_id)
    assert [each.version for each in term.papers] == [2, 1]  # the very same twice is once
    assert "Version 2" in client.get(f"/desk/incubator/{number}/agreement").text
    theirs = f"/workspace/organisations/{slug}/incubation/papers/"
    roll = make_document(agreement.incubation, DocumentKind.MEMBER_ROLL)
    sign_in(client, make_account(lead))
    assert client.get(f"{theirs}{term.papers[0].id}").data == PDF + b"%"
    assert client.get(f"{theirs}{roll.id}").status_code == 404
    for other in (make_account(), make_account(member)):
        sign_in(client, other)
        assert client.get(f"{theirs}{term.papers[0].id}").status_code == 404
