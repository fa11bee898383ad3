"""A new activity with its photo, one that is copied with all that is copied, and what the reviewer sees of it."""

import io
import uuid
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from center.activities.models import Activity
from center.activities.photos import actions as photos
from center.activities.photos.images import draw
from center.activities.photos.models import ActivityPhoto
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import Organisation
from center.people.models import Role
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import PoolKind, QuestionKind
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_kind, make_roster
from tests.builders import at, make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.pictures import picture
from tests.there import there
from tests.web.workspace.test_posting import typed

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
ADDRESS = "/workspace/organisations/team/new"


@pytest.fixture
def team(client: FlaskClient) -> Organisation:
    lead = make_account(make_person(name="李建国"))
    sign_in(client, lead)
    client.set_cookie("lang", "en")
    return make_organisation(leads=[lead.person], slug="team")


@pytest.fixture
def film(team: Organisation) -> Activity:
    film = make_activity(organisation=team, title="口述电影", title_en="Told film", age_from=60)
    roster = make_roster(
        film,
        capacity=20,
        pools=[PoolFacts(kind=PoolKind.ELDERS, capacity=6), PoolFacts(kind=PoolKind.COMPANION, capacity=4)],
    )
    with transaction():
        asked = QuestionFacts(kind=QuestionKind.CHOICE, words="坐哪里？", words_en="Where?", choices="前\n后")
        add_question(roster, asked, by=film.created_by)
        shown = draw(picture(400, 300))
        photos.put(film, shown, alt="一块银幕", alt_en="A screen", by=film.created_by, now=clock.now())
    return film


def photo_of(title: str) -> ActivityPhoto | None:
    db.session.rollback()
    activity = db.session.scalars(select(Activity).where(Activity.title == title)).one()
    return photos.find_photo(activity.id)


def send(client: FlaskClient, title: str, **more: Any) -> TestResponse:
    values = typed(make_kind(), title=title, stage="save", request_key=str(uuid.uuid4())) | more
    return client.post(ADDRESS, data=values)


def test_a_photo_is_sent_with_the_new_activity(client: FlaskClient, team: Organisation) -> None:
    def sent(title: str, **more: Any) -> TestResponse:
        file = (io.BytesIO(picture(400, 300)), "drum.png")
        return send(client, title, photo=file, **more)

    assert "What the photo shows: " in sent("无字", photo_agreed="y").text
    assert "make sure of this first" in sent("未问", photo_alt="鼓").text
    assert sent("有照片", photo_alt="鼓", photo_agreed="y").status_code == 303
    found = photo_of("有照片")
    assert (there(found).alt, there(found).width) == ("鼓", 400)
    assert db.session.scalars(select(Activity.title)).all() == ["有照片"], "or nothing is made"


def test_copying_says_what_it_copies_and_copies_the_photo(
    client: FlaskClient, team: Organisation, film: Activity
) -> None:
    page = client.get(f"{ADDRESS}?copy={film.slug}").text
    assert "Copied from “Told film”" in page
    assert "and its photo" in page
    assert send(client, "再来一次", copied_from=film.slug, keep_photo="y").status_code == 303
    again, before = photo_of("再来一次"), photo_of("口述电影")
    assert (there(again).alt, there(again).alt_en, there(again).width) == (
        there(before).alt,
        there(before).alt_en,
        there(before).width,
    )
    assert there(again).name != there(before).name
    assert send(client, "不要照片", copied_from=film.slug).status_code == 303
    assert photo_of("不要照片") is None


def test_no_photo_of_others_is_copied(client: FlaskClient, team: Organisation, film: Activity) -> None:
    others = make_organisation(leads=[make_person()])
    with transaction():
        db.session.get_one(Activity, film.id).organisation_id = others.id
    assert send(client, "借来的", copied_from=film.slug, keep_photo="y").status_code == 303
    assert photo_of("借来的") is None
    assert "Copied from" not in client.get(f"{ADDRESS}?copy={film.slug}").text


def test_the_page_of_the_lead_links_to_the_page_that_everybody_sees(
    client: FlaskClient, team: Organisation, film: Activity
) -> None:
    assert f'href="/activities/{film.slug}"' in client.get(f"/workspace/activities/{film.slug}").text
    draft = make_activity(organisation=team, is_published=False)
    assert (
        f'href="/workspace/activities/{draft.slug}/preview"' in client.get(f"/workspace/activities/{draft.slug}").text
    )


def test_the_reviewer_sees_places_companions_questions_and_ages(client: FlaskClient, film: Activity) -> None:
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    page = client.get(f"/desk/activities/{film.slug}").text
    for said in (
        "For people of 60 and older: 6 places",
        "Companion seats: 4 places",
        "For everybody: 20 places",
        "Where?",
        "前 / 后",
        "60 and older",
        'alt="A screen"',
        "Waiting list",
    ):
        assert said in page


def test_a_weekly_rule_asks_for_its_own_fields_and_the_day_once(client: FlaskClient, team: Organisation) -> None:
    room = make_room(code="R1", capacity=60)
    page = client.get(ADDRESS).text
    assert page.count('name="date"') == 1
    assert "for-weekly" in page
    values = {"pattern": "weekly", "weekdays": "0", "until": at(9, days=21).date().isoformat()}
    assert send(client, "每周", room=room.code, place="", **values).status_code == 303
