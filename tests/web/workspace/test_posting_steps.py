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
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import go_on, number_of, opened
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


def walk(kind: Any, wanted: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """What is answered on each page."""
    return (
        {"kind_id": kind.id},
        {"title": "口述电影"},
        {"summary": wanted["summary"]},
        {"room": "R1"},
        {"pattern": "one"},
        {"date": wanted["date"]},
        {"start": "14:00", "end": "16:00"},
        {"capacity": "30"},
        {"mode": "first_come"},
        {"for_whom": "everybody"},
        {"has_waiting_list": "y"},
    )


def walked(client: FlaskClient, answers: Any) -> list[TestResponse]:
    """Every page of posting."""
    pages = [opened(client, ADDRESS)]
    for answer in answers:
        pages.append(go_on(client, pages[-1], **answer))
    assert "Is this right?" in pages[-1].text
    return pages


def changed(client: FlaskClient, review: TestResponse, step: str) -> TestResponse:
    """The page on which one answer is changed from the end."""
    link = re.search(rf'href="([^"]*/new/{step}[^"]*change=1)"', review.text)
    assert link
    return opened(client, unescape(link[1]))


def test_question_by_question_back_and_forth_then_saved_once(client: FlaskClient, lead: Account) -> None:
    kind, room = make_kind(), make_room(code="R1", capacity=60, name="放映厅")
    answers = walk(kind, wanted := typed(kind, room))
    pages = walked(client, answers)
    for n, (page, answer) in enumerate(zip(pages, answers, strict=False), start=1):
        again = client.get(page.request.full_path)
        assert (again.status_code, number_of(again.text)) == (200, f"{n} of 11"), "Back and a reload show it"
        assert "has_waiting_list" in answer or str(next(iter(answer.values()))) in again.text
    for at_page, wrong in ((1, {"title": ""}), (6, {"start": "16:00", "end": "14:00"})):
        refused = go_on(client, client.get(pages[at_page].request.full_path), **wrong)
        assert (refused.status_code, refused.request.method) == (422, "GET")
        assert "<title>Error: " in refused.text
        assert at_page == 1 or "It must end after it begins." in refused.text
        go_on(client, refused, **answers[at_page])
    review = client.get(pages[-1].request.full_path)
    assert "All of them can be." in review.text
    review = go_on(client, changed(client, review, "title"), title="口述电影二")
    assert "Is this right?" in review.text, "one change, and back to the whole"
    made = [go_on(client, review) for _ in range(2)]
    assert [each.status_code for each in made] == [303, 303]
    assert client.get(pages[3].request.full_path).location == made[0].location, "Back leads to what was posted"
    db.session.rollback()
    [activity] = db.session.scalars(select(Activity)).all()
    assert (activity.title, activity.summary, activity.expected) == ("口述电影二", wanted["summary"], 30)


def test_a_date_that_is_taken_is_said_with_what_is_free_instead(client: FlaskClient, lead: Account) -> None:
    kind, room = make_kind(), make_room(code="R1", capacity=60)
    page = walked(client, walk(kind, wanted := typed(kind, room)))[-1]
    make_booking(room=room, starts_at=at(14, day=D(wanted["date"])))
    refused = go_on(client, page)
    assert refused.status_code == 422
    assert "<title>Error: Is this right?" in refused.text
    other = re.search(r'name="(choice-[^"]+)"[^>]*value="([^"]*R1[^"]*)"', refused.text)
    assert other, "another time of the same room"
    assert go_on(client, refused, **{other[1]: other[2]}).status_code == 303


def test_another_pattern_asks_for_its_own_days(client: FlaskClient, lead: Account) -> None:
    kind, room = make_kind(), make_room(code="R1", capacity=60)
    page = walked(client, walk(kind, typed(kind, room)))[-1]
    asked = go_on(client, changed(client, page, "pattern"), pattern="weekly")
    assert "/new/weekdays" in asked.request.path
    for answer in (
        {"weekdays": ""},
        {"weekdays": "0"},
        {"every_weeks": "1"},
        {"until": at(9, days=30).date().isoformat()},
    ):
        asked = go_on(client, asked, **answer)
    assert "Is this right?" in asked.text
    assert len(re.findall('<li class="series-date', asked.text)) > 1


def test_nobody_finds_what_another_has_answered(client: FlaskClient, lead: Account) -> None:
    kind, room = make_kind(), make_room(code="R1", capacity=60)
    title = walked(client, walk(kind, typed(kind, room)))[1].request.full_path
    other = make_account()
    make_organisation(leads=[other.person], slug="others")
    sign_in(client, other)
    assert client.get(title).status_code == 404
    assert "口述电影" not in opened(client, title.replace("/team/", "/others/")).text


def test_the_last_one_is_copied_in_two_taps(client: FlaskClient, lead: Account) -> None:
    form = typed(make_kind(), make_room(code="R1", capacity=60), companions="6")
    client.set_cookie("elder", "0")
    assert client.post(ADDRESS, data=form).status_code == 303
    client.set_cookie("elder", "1")
    work = client.get("/workspace/organisations/team").text
    link = re.findall(r'href="([^"]+copy=[^"]+)"', work)[0]
    review = opened(client, unescape(link))  # one
    assert "Is this right?" in review.text
    assert "Companion seats besides" in review.text
    assert "Copied From" not in review.text  # what only the form needs
    assert go_on(client, review).status_code == 303  # two
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
    seats = changed(client, opened(client, unescape(link)), "seats")
    assert "Companion seats besides" in seats.text
    assert "Of these, for wheelchairs" in seats.text
    given = {"capacity": "30", "wheelchair": "3", "desk": "0", "elders": "0"}
    wrong = go_on(client, seats, **given, companions="-1")
    assert wrong.status_code == 422
    too_many = go_on(client, wrong, **{**given, "elders": "28"}, companions="4")
    assert "More places are kept than there are" in too_many.text
    review = go_on(client, too_many, **given, companions="4")
    assert "Is this right?" in review.text
    assert go_on(client, review).status_code == 303
    db.session.rollback()
    _first, second = db.session.scalars(select(Activity).order_by(Activity.id)).all()
    kept = {pool.kind: pool.capacity for pool in rosters_of(second)[0].pools}
    assert (kept[PoolKind.COMPANION], kept[PoolKind.WHEELCHAIR]) == (4, 3)
