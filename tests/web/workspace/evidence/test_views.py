"""Evidence in the workspace: what is missing is read first; leads and staff alone see and fetch it."""

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.incubator.evidence import packing, packs
from center.incubator.models.evidence import EvidenceDownload, EvidencePack, EvidencePicture, SpendingEntry
from center.kernel.db import Base, db
from center.people.models import Role
from center.people.queries import account_of
from tests.builders import make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.feedback.builders import after
from tests.incubator.evidence.builders import PDF, Month, ask_pack, make_month, make_picture, make_spending
from tests.pictures import picture

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packs, "folder", lambda: tmp_path)


@pytest.fixture
def month() -> Month:
    found = make_month(1)
    make_account(found.lead)
    return found


def page_of(month: Month, rest: str = "") -> str:
    return f"/workspace/{month.organisation.slug}/evidence{rest}"


def as_lead(client: FlaskClient, month: Month) -> FlaskClient:
    db.session.rollback()
    account = account_of(month.lead.id)
    assert account is not None
    sign_in(client, account)
    return client


def count(table: type[Base]) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_member_and_a_stranger_find_nothing(client: FlaskClient, month: Month) -> None:
    make_picture(month)
    entry, pack = make_spending(month), ask_pack(month)
    sign_in(client, make_account(month.lesson.people[0]))
    name = db.session.scalars(select(EvidencePicture.name)).one()
    for rest in ("", "/new", f"/packs/{pack.id}", "/spending", f"/spending/{entry.id}/receipt"):
        assert client.get(page_of(month, rest)).status_code == 404
    assert client.get(page_of(month, f"/photographs/{name}.jpg")).status_code == 404
    assert client.post(page_of(month, f"/packs/{pack.id}/download")).status_code == 404
    assert client.post(page_of(month, f"/photographs/{name}/remove")).status_code == 404


def test_what_another_organisation_has_is_not_found_under_ones_own_address(client: FlaskClient, month: Month) -> None:
    other = make_month(1)
    entry, pack = make_spending(other), ask_pack(other)
    with time_machine.travel(after(month.session), tick=False):
        as_lead(client, month)
        for rest in (f"/packs/{pack.id}", f"/spending/{entry.id}/receipt", f"/spending/{entry.id}/strike"):
            assert client.get(page_of(month, rest)).status_code == 404
        assert client.get(page_of(month, f"/sessions/{other.session.id}/photographs")).status_code == 404


def test_what_is_missing_is_read_before_and_the_pack_is_made_and_fetched(client: FlaskClient, month: Month) -> None:
    day = month.session.local_day.isoformat()
    with time_machine.travel(after(month.session), tick=False):
        as_lead(client, month)
        page = client.get(page_of(month, f"/new?first={day}&last={day}&lang=en")).text
        assert "No photograph" in page
        assert "Fewer than five answers" in page
        assert f"/evidence/sessions/{month.session.id}/photographs" in page
        form = {"first": day, "last": day, "self_evaluation": "很顺利", "request_key": "k" * 36}
        sent = [client.post(page_of(month, "/new"), data=form) for _twice in range(2)]
        assert {each.status_code for each in sent} == {303}
        assert count(EvidencePack) == 1
        pack = db.session.scalars(select(EvidencePack)).one()
        assert client.post(page_of(month, f"/packs/{pack.id}/download")).status_code == 303
        packing.make(pack.id, after(month.session))
        file = client.post(page_of(month, f"/packs/{pack.id}/download"))
        assert file.headers["Cache-Control"] == "private, no-store"
        with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
            assert "很顺利" in archive.read("self-evaluation.html").decode()
        file.close()
        assert month.lead.name in client.get(page_of(month, f"/packs/{pack.id}")).text
    assert count(EvidenceDownload) == 1


def test_staff_of_the_incubator_see_every_pack(client: FlaskClient, month: Month) -> None:
    pack = ask_pack(month)
    sign_in(client, make_account(roles=[Role.CLERK]))
    assert page_of(month, f"/packs/{pack.id}") in client.get("/desk/incubator/evidence").text
    assert client.get(page_of(month, f"/packs/{pack.id}")).status_code == 200
    sign_in(client, make_account(make_person()))
    assert client.get("/desk/incubator/evidence").status_code == 403


def test_photographs_are_kept_once_and_only_where_all_in_them_agreed(client: FlaskClient, month: Month) -> None:
    page = page_of(month, f"/sessions/{month.session.id}/photographs")

    def send(content: bytes, **more: str) -> Any:
        data = {"photos": [(io.BytesIO(content), "a.jpg")], "caption": "剪纸", **more}
        return client.post(page, data=data, content_type="multipart/form-data")

    with time_machine.travel(after(month.session), tick=False):
        as_lead(client, month)
        assert send(picture()).status_code == 422
        assert send(b"#!/bin/sh", is_agreed="y").status_code == 422
        assert client.post(page, data={"is_agreed": "y"}).status_code == 422
        assert count(EvidencePicture) == 0
        assert [send(picture(), is_agreed="y").status_code for _twice in range(2)] == [303, 303]
        [kept] = db.session.scalars(select(EvidencePicture)).all()
        assert client.get(page_of(month, f"/photographs/{kept.name}.jpg")).mimetype == "image/jpeg"
        assert client.post(page_of(month, f"/photographs/{kept.name}/remove")).status_code == 303
    assert count(EvidencePicture) == 0


def test_spending_is_entered_with_a_receipt_that_is_one_and_struck_with_a_reason(
    client: FlaskClient, month: Month
) -> None:
    page, day = page_of(month, "/spending"), month.session.local_day.isoformat()

    def send(receipt: bytes, **more: str) -> Any:
        data = {"spent_on": day, "what": "红纸", "amount": "30.50", "receipt": (io.BytesIO(receipt), "r.pdf"), **more}
        return client.post(page, data=data, content_type="multipart/form-data")

    with time_machine.travel(after(month.session), tick=False):
        as_lead(client, month)
        for wrong in (send(b"MZ no pdf"), send(PDF, amount="x"), send(PDF, spent_on="2099-01-01")):
            assert wrong.status_code == 422
        assert send(PDF).status_code == 303
        [entry] = db.session.scalars(select(SpendingEntry)).all()
        answer = client.get(page_of(month, f"/spending/{entry.id}/receipt"))
        assert (answer.data, answer.headers["Content-Disposition"][:10]) == (PDF, "attachment")
        assert client.post(page_of(month, f"/spending/{entry.id}/strike"), data={"reason": "记错"}).status_code == 303
        assert "记错" in client.get(page).text
