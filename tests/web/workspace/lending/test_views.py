"""Costumes and props on pages: who may see them, lending what is not free, and the whole way of a loan."""

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.kernel.db import db
from center.people.models import Account
from center.troupes.models.lending import DamagePhoto, LineState, Loan, LoanLine, Thing
from center.troupes.models.troupes import Troupe
from tests.builders import at, make_account, make_organisation, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture
from tests.troupes.builders import make_leader, make_member, make_troupe
from tests.troupes.lending_builders import make_loan, make_thing

pytestmark = ONE_ENGINE


@pytest.fixture
def troupe(client: FlaskClient) -> Troupe:
    """A troupe whose leader is signed in."""
    found = make_troupe()
    leader: Account = make_account()
    make_leader(found, leader.person)
    sign_in(client, leader)
    return found


def things_of(troupe: Troupe) -> str:
    return f"/workspace/troupes/{troupe.slug}/things"


def test_members_and_other_leaders_see_none_of_it(client: FlaskClient, troupe: Troupe) -> None:
    loan = make_loan(make_thing(troupe), is_out=True)
    member, elsewhere = make_account(), make_account()
    make_member(troupe, member.person)
    make_leader(make_troupe(), elsewhere.person)
    for account in (member, elsewhere):
        sign_in(client, account)
        for page in ("", "/new", f"/{loan.lines[0].thing_id}", "/lend", "/loans", f"/loans/{loan.number}"):
            assert client.get(things_of(troupe) + page).status_code == 404


def test_what_is_not_free_is_refused_and_nothing_typed_is_lost(client: FlaskClient, troupe: Troupe) -> None:
    fans, member = make_thing(troupe, quantity=5), make_member(troupe)
    make_loan(fans, count=4, starts_at=at(0, days=0), due_at=at(23, days=5))
    typed = {"person": str(member.person_id), "organisation": "0", "purpose": "敬老院", f"thing_{fans.id}": "2"}
    answer = client.post(f"{things_of(troupe)}/lend", data=typed)
    assert answer.status_code == 422
    assert "敬老院" in answer.text
    for wrong in ({"person": "0"}, {f"thing_{fans.id}": ""}, {"organisation": "999999"}):
        assert (
            client.post(f"{things_of(troupe)}/lend", data={**typed, f"thing_{fans.id}": "1", **wrong}).status_code
            == 422
        )
    assert db.session.scalar(select(Loan.id).where(Loan.purpose == "敬老院")) is None


def test_a_piece_goes_out_and_comes_back_damaged_with_a_photo(client: FlaskClient, troupe: Troupe) -> None:
    new = {"name": "大鼓", "kind": "instrument", "labels": "1、2 3"}
    assert client.post(f"{things_of(troupe)}/new", data=new).status_code == 303
    drums = db.session.scalars(select(Thing).where(Thing.troupe_id == troupe.id)).one()
    assert [unit.label for unit in drums.units] == ["1", "2", "3"]
    member = make_member(troupe)
    typed = {"person": str(member.person_id), "organisation": "0", f"thing_{drums.id}": str(drums.units[1].id)}
    assert client.post(f"{things_of(troupe)}/lend", data={**typed, "is_out": "y"}).status_code == 303
    loan = db.session.scalars(select(Loan)).one()
    line_id = loan.lines[0].id
    page = f"{things_of(troupe)}/loans/{loan.number}"
    assert member.person.name in client.get(f"{page}/slip").text
    assert client.post(f"{page}/lines/{line_id}/back", data={"damaged": "2", "lost": "0"}).status_code == 422
    sent = {"damaged": "1", "lost": "0", "note": "鼓皮破了", "photo": (io.BytesIO(picture()), "鼓.jpg")}
    assert client.post(f"{page}/lines/{line_id}/back", data=sent).status_code == 303
    db.session.rollback()
    assert db.session.get_one(LoanLine, line_id).state is LineState.DAMAGED
    assert db.session.get(DamagePhoto, line_id) is not None
    assert client.get(f"{things_of(troupe)}/damaged/{line_id}.jpg").mimetype == "image/jpeg"
    assert "鼓皮破了" in client.get(f"{things_of(troupe)}/{drums.id}").text
    client.post(f"{things_of(troupe)}/{drums.id}/units/{drums.units[1].id}/mend")
    db.session.rollback()
    assert {unit.state.value for unit in db.session.get_one(Thing, drums.id).units} == {"fit"}


def test_an_organisation_borrows_and_somebody_reads_what_they_have(client: FlaskClient, troupe: Troupe) -> None:
    fans, other = make_thing(troupe, quantity=12), make_organisation()
    typed = {"person": "0", "organisation": str(other.id), f"thing_{fans.id}": "6"}
    first = client.post(f"{things_of(troupe)}/lend?starts_on={at(0).date()}&due_on={at(0, days=4).date()}", data=typed)
    assert first.status_code == 303
    assert other.name_en in client.get(f"{things_of(troupe)}?lang=en").text
    borrower = make_account(make_person())
    make_loan(fans, borrower.person, count=3)
    sign_in(client, borrower)
    mine = client.get("/me/loans").text
    assert troupe.name_en in mine
    assert "6" not in mine.partition("×")[2][:3]
