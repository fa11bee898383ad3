"""A sale day from asking to published totals, by the studio, the desk and whoever looks; and what is refused on it."""

import io
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select

from center.kernel.db import db
from center.people.models import Account, Role
from center.troupes.models.troupes import Troupe
from center.troupes.models.works import SaleDay, SaleDayState, Work, WorkState
from tests.builders import at, make_account, make_organisation, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_troupe
from tests.troupes.lending_builders import make_day, make_studio, make_work

pytestmark = ONE_ENGINE


@pytest.fixture
def leader(client: FlaskClient) -> Account:
    """Whoever leads a studio."""
    return make_account()


@pytest.fixture
def studio(client: FlaskClient, leader: Account) -> Troupe:
    """A studio whose leader is signed in."""
    found = make_studio()
    make_leader(found, leader.person)
    sign_in(client, leader)
    return found


def works_of(studio: Troupe) -> str:
    return f"/workspace/troupes/{studio.slug}/works"


def test_a_price_or_a_share_that_cannot_be_is_said_at_its_field(
    client: FlaskClient, studio: Troupe, leader: Account
) -> None:
    typed = {"title": "喜鹊", "maker": str(leader.person_id), "price": "35", "share": "25"}
    for wrong, at_field in (({"price": "x"}, "price"), ({"share": "36"}, "share"), ({"maker": "0"}, "maker")):
        answer = client.post(f"{works_of(studio)}/new", data={**typed, **wrong})
        assert answer.status_code == 422
        assert f'id="{at_field}-errors"' in answer.text
    assert client.post(f"{works_of(studio)}/new", data=typed).status_code == 303
    work = db.session.scalars(select(Work)).one()
    assert (work.price_fen, work.maker_fen, work.charity_fen) == (3500, 2500, 1000)


def test_other_leaders_and_the_public_see_nothing_before_it_is_on_sale(client: FlaskClient, studio: Troupe) -> None:
    work = make_work(studio)
    make_day(studio, [work], is_approved=False)
    other = make_account()
    make_leader(make_troupe(), other.person)
    sign_in(client, other)
    assert client.get(works_of(studio)).status_code == 404
    assert client.get(f"/troupes/{studio.slug}/works/{work.number}").status_code == 404
    assert work.title not in client.get(f"/troupes/{studio.slug}/works").text
    assert client.get("/desk/sale-days").status_code == 403


def test_a_sale_day_from_asking_to_its_published_totals(client: FlaskClient, studio: Troupe, leader: Account) -> None:
    work = make_work(studio, title="年年有余", maker_shown="张")
    day = at(9).date().isoformat()
    ask = {"name": "义卖", "date": day, "start": "09:00", "end": "16:00", "place": "大厅", "purpose": "买米"}
    assert client.post(f"{works_of(studio)}/days/new", data=ask).status_code == 303
    asked = db.session.scalars(select(SaleDay)).one()
    page = f"{works_of(studio)}/days/{asked.id}"
    assert client.post(f"{page}/works", data={"works": str(work.number)}).status_code == 303
    client.post(f"{works_of(studio)}/{work.number}/sell")
    assert stands(work) is WorkState.PENDING
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    assert "义卖" in client.get("/desk/sale-days?lang=zh").text
    assert client.post(f"/desk/sale-days/{asked.id}/decline", data={"reason": ""}).status_code == 422
    assert client.post(f"/desk/sale-days/{asked.id}/approve").status_code == 303
    assert stands(work) is WorkState.ON_SALE
    public = client.get(f"/troupes/{studio.slug}/works?lang=zh").text
    assert "年年有余" in public
    assert "买米" in public
    assert work.maker.name not in public
    with time_machine.travel(at(10), tick=True):
        sign_in(client, leader)
        assert "¥35" in client.get(f"{page}/labels").text
        assert client.post(f"{works_of(studio)}/{work.number}/sell").status_code == 303
        client.post(f"{works_of(studio)}/{work.number}/sell")
        assert stands(work) is WorkState.SOLD
        client.post(f"{page}/publish")
        assert db.session.get_one(SaleDay, asked.id).published_at is None
        table = load_workbook(io.BytesIO(client.get(f"{page}.xlsx?lang=en").data))
        assert [row[0].value for row in table.worksheets[1].iter_rows(min_row=2)] == [work.maker.name, "Together"]
    with time_machine.travel(at(16) + timedelta(minutes=1), tick=True):
        sign_in(client, leader)
        assert client.post(f"{page}/publish").status_code == 303
        shown = client.get(f"/troupes/{studio.slug}/works?lang=zh").text
        assert "¥25" in shown
        assert "¥10" in shown


def test_a_refused_day_says_why_and_is_asked_for_again(client: FlaskClient, studio: Troupe, leader: Account) -> None:
    asked = make_day(studio, by=leader.person, is_approved=False)
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert client.post(f"/desk/sale-days/{asked.id}/decline", data={"reason": "大厅有检查"}).status_code == 303
    sign_in(client, leader)
    page = f"{works_of(studio)}/days/{asked.id}"
    assert "大厅有检查" in client.get(page).text
    anew = {"name": "义卖", "date": at(9, days=3).date().isoformat(), "start": "09:00", "end": "15:00"}
    anew |= {"place": "二楼", "purpose": "买油"}
    assert client.post(f"{page}/edit", data=anew).status_code == 303
    db.session.rollback()
    assert db.session.get_one(SaleDay, asked.id).state is SaleDayState.REQUESTED


def test_the_year_is_shown_printed_and_packed_for_the_lead_alone(client: FlaskClient, studio: Troupe) -> None:
    year = f"/workspace/troupes/{studio.slug}/year"
    for page, kind in (
        ("", "text/html"),
        ("/print", "text/html"),
        (".xlsx", "application/vnd"),
        (".zip", "application/zip"),
    ):
        assert (client.get(year + page).mimetype or "").startswith(kind)
    assert client.get(f"{year}?year=9999").status_code == 200
    lead = make_account()
    make_organisation(leads=[lead.person])
    sign_in(client, lead)
    assert client.get(f"{year}.zip").status_code == 404


def stands(work: Work) -> WorkState:
    db.session.rollback()
    return db.session.scalars(select(Work.state).where(Work.id == work.id)).one()
