"""Posting in elder mode: one question a page, back and forth, nothing typed lost; the last one copied in two taps."""

import re
from datetime import date
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from center.activities.models import Activity
from center.kernel.db import db
from center.people.models import Account
from center.signups.models import PoolKind
from center.signups.rosters import rosters_of
from tests.activity_builders import make_kind
from tests.builders import at, make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.web.workspace.test_posting import typed

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]

ADDRESS = "/workspace/organisations/team/new"
D = date.fromisoformat


@pytest.fixture
def lead(app: Flask, client: FlaskClient) -> Account:
    account = make_account(make_person(name="李建国"))
    make_organisation(leads=[account.person], slug="team")
    sign_in(client, account)
    client.set_cookie("elder", "1")
    client.set_cookie("lang", "en")
    return account


def fields_in(page: str) -> Any:
    """What the form would send, hidden or not, as a browser does."""
    found = re.findall(r"<(?:input|option)[^>]*>", page)
    values = []
    for tag in found:
        name, value = (re.search(rf'\b{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and value and ('type="hidden"' in tag):
            values.append((name[1], unescape(value[1])))
    return dict(values)


def answer(client: FlaskClient, page: str, **more: Any) -> TestResponse:
    return client.post(ADDRESS, data={**fields_in(page), "go": "next", **more})


def test_question_by_question_back_and_forth_then_saved_once(client: FlaskClient, lead: Account) -> None:
    kind, room = make_kind(), make_room(code="R1", capacity=60, name="放映厅")
    wanted = typed(kind, room)
    page = client.get(ADDRESS).text
    assert "Question 1 of" in page
    page = answer(client, page, kind_id=kind.id).text
    empty = answer(client, page, title="")
    assert empty.status_code == 422
    page = answer(client, empty.text, title="口述电影").text
    page = answer(client, page, go="back", summary="半句").text
    assert 'value="口述电影"' in page
    page = answer(client, page, title="口述电影").text
    assert "半句" in page, "what was half typed is still there"
    page = answer(client, page, summary=wanted["summary"]).text
    page = answer(client, page, room="R1").text
    page = answer(client, page, pattern="one").text
    page = answer(client, page, date=wanted["date"]).text
    wrong = answer(client, page, start="16:00", end="14:00")
    assert wrong.status_code == 422
    assert "It must end after it begins." in wrong.text
    page = answer(client, wrong.text, start="14:00", end="16:00").text
    for more in ({"capacity": "30"}, {"mode": "first_come"}, {"for_whom": "everybody"}, {"has_waiting_list": "y"}):
        page = answer(client, page, **more).text
    assert "Is this right?" in page
    assert "All of them can be." in page
    sent = fields_in(page)
    page = client.post(ADDRESS, data={**sent, "change": "title"}).text
    page = answer(client, page, title="口述电影二").text
    assert "Is this right?" in page, "one change, and back to the whole"
    for _ in range(2):
        assert client.post(ADDRESS, data={**fields_in(page), "stage": "save"}).status_code == 303
    db.session.rollback()
    [made] = db.session.scalars(select(Activity)).all()
    assert (made.title, made.summary, made.expected) == ("口述电影二", wanted["summary"], 30)


def test_the_last_one_is_copied_in_two_taps(client: FlaskClient, lead: Account) -> None:
    form = typed(make_kind(), make_room(code="R1", capacity=60), companions="6")
    client.set_cookie("elder", "0")
    assert client.post(ADDRESS, data=form).status_code == 303
    client.set_cookie("elder", "1")
    work = client.get("/workspace/organisations/team").text
    link = re.findall(r'href="([^"]+copy=[^"]+)"', work)[0]
    review = client.get(unescape(link)).text  # one
    assert "Is this right?" in review
    assert "Companion seats besides" in review
    assert "Copied From" not in review  # what only the form needs
    assert client.post(ADDRESS, data={**fields_in(review), "stage": "save"}).status_code == 303  # two
    db.session.rollback()
    first, second = db.session.scalars(select(Activity).order_by(Activity.id)).all()
    assert second.title == first.title
    assert (second.sessions[0].starts_at - first.sessions[0].starts_at).days == 28
    assert {pool.kind: pool.capacity for pool in rosters_of(second)[0].pools}[PoolKind.COMPANION] == 6
    assert first.sessions[0].starts_at > at(0)


def test_the_seats_of_a_copy_are_changed_from_the_page_that_shows_it(client: FlaskClient, lead: Account) -> None:
    form = typed(make_kind(), make_room(code="R1", capacity=60), companions="6", wheelchair="2")
    client.set_cookie("elder", "0")
    assert client.post(ADDRESS, data=form).status_code == 303
    client.set_cookie("elder", "1")
    link = re.findall(r'href="([^"]+copy=[^"]+)"', client.get("/workspace/organisations/team").text)[0]
    review = client.get(unescape(link)).text
    seats = client.post(ADDRESS, data={**fields_in(review), "change": "companions"}).text
    assert "Companion seats besides" in seats
    assert "Of these, for wheelchairs" in seats
    wrong = answer(client, seats, companions="-1", wheelchair="3", desk="0", elders="0")
    assert wrong.status_code == 422
    review = answer(client, wrong.text, companions="4", wheelchair="3", desk="0", elders="0").text
    assert "Is this right?" in review
    assert client.post(ADDRESS, data={**fields_in(review), "stage": "save"}).status_code == 303
    db.session.rollback()
    _first, second = db.session.scalars(select(Activity).order_by(Activity.id)).all()
    kept = {pool.kind: pool.capacity for pool in rosters_of(second)[0].pools}
    assert (kept[PoolKind.COMPANION], kept[PoolKind.WHEELCHAIR]) == (4, 3)
