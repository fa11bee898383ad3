"""Signing up one question a page: every step has its address, Back loses nothing, three neighbours take six pages."""

from collections.abc import Sequence

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.drafts import LASTS, SWEEPS, Draft
from center.people.models import Person
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import PoolKind, QuestionKind, Roster, SignUp
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import make_account, make_building, make_person, sign_in, trust
from tests.engines import ONE_ENGINE
from tests.walking import go_on, number_of, opened

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
SEATS = [PoolFacts(kind=PoolKind.COMPANION, capacity=9), PoolFacts(kind=PoolKind.WHEELCHAIR, capacity=9)]


@pytest.fixture
def mother(client: FlaskClient) -> Person:
    account = make_account(make_person(name="陈晓燕", building=make_building(), unit="1", door="101"))
    sign_in(client, account)
    client.set_cookie("lang", "en")
    client.set_cookie("elder", "1")
    return account.person


@pytest.fixture
def film() -> Roster:
    """A roster with everything there is to ask."""
    roster = make_roster(make_activity(title_en="Told film", has_pick_up=True), capacity=9, pools=SEATS)
    with transaction():
        words = {"words": "想看哪部？", "words_en": "Which film?"}
        facts = QuestionFacts(kind=QuestionKind.SHORT_TEXT, is_required=True, **words)
        add_question(roster, facts, by=roster.activity.created_by)
    return roster


def start_of(roster: Roster) -> str:
    return f"/sign-ups/new/{roster.activity.slug}/{roster.id}"


def signed(roster: Roster) -> Sequence[SignUp]:
    db.session.rollback()
    return db.session.scalars(select(SignUp).where(SignUp.roster_id == roster.id).order_by(SignUp.id)).all()


def test_three_neighbours_take_six_pages_and_answer_together(client: FlaskClient, mother: Person, film: Roster) -> None:
    home = {"building": make_building(), "unit": "2"}
    doors = (("王秀英", "201"), ("刘桂兰", "202"), ("张桂芳", "203"))
    others = [make_person(name=name, door=door, **home) for name, door in doors]
    trust(mother, *others)
    ids = [each.id for each in others]
    question = f"q{db.session.merge(film).questions[0].id}"
    pages = [opened(client, start_of(film))]
    pages.append(go_on(client, pages[-1], people=ids))
    assert "Which film?" not in pages[-1].text
    pages.append(go_on(client, pages[-1], **{f"w{ids[1]}_wheelchair": "y"}))
    pages.append(go_on(client, pages[-1]))
    pages.append(go_on(client, pages[-1], **{f"w{ids[0]}_{question}": "地道战", f"w{ids[1]}_{question}": ""}))
    assert "Is this right?" in pages[-1].text
    for said in ("王秀英", "刘桂兰", "张桂芳", "地道战"):
        assert said in pages[-1].text
    made = go_on(client, pages[-1])
    assert made.status_code == 303
    pages.append(client.get(made.location))
    assert len(pages) == 6
    assert all(each.status_code == 200 for each in pages)
    assert [(each.person_id, each.uses_wheelchair) for each in signed(film)] == [
        (ids[0], False),
        (ids[1], True),
        (ids[2], False),
    ]
    assert {answer.says for each in signed(film) for answer in each.answers} == {"地道战"}


def test_the_number_of_questions_is_the_same_on_the_first_page_as_on_the_next(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    trust(mother, make_person(name="王秀英"))
    first = opened(client, start_of(film))
    assert "Question 1 of 4" in first.text
    assert "Question 2 of 4" in go_on(client, first, people=[mother.id]).text


def test_what_each_of_several_answered_is_said_once_more_as_chinese_is_written(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    neighbour = make_person(name="王秀英")
    trust(mother, neighbour)
    client.set_cookie("lang", "zh")
    page = go_on(client, opened(client, start_of(film)), people=[mother.id, neighbour.id])
    page = go_on(client, go_on(client, page))
    question = f"q{db.session.merge(film).questions[0].id}"
    page = go_on(client, page, **{f"w{mother.id}_{question}": "地道战", f"w{neighbour.id}_{question}": "地雷战"})
    assert "陈晓燕：地道战；王秀英：地雷战" in page.text


def test_who_cannot_be_signed_up_is_named_on_the_first_page(client: FlaskClient, mother: Person) -> None:
    young, old, there = (make_person(name=name, birth_year=year) for name, year in YEARS)
    trust(mother, young, old, there)
    roster = make_roster(min_age=60)
    sign_up(roster, there)
    page = opened(client, start_of(roster)).text
    assert "小王: It is for people of 60 years and older." in page
    assert "老李: Is signed up already." in page
    assert f'value="{old.id}"' in page
    assert f'value="{young.id}"' not in page
    assert f'value="{there.id}"' not in page


YEARS = (("小王", 1999), ("老张", 1950), ("老李", 1949))


def test_back_and_reload_show_every_step_with_what_was_typed_even_where_it_was_wrong(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    field = f"w{mother.id}_q{db.session.merge(film).questions[0].id}"
    first = opened(client, start_of(film))
    second = go_on(client, first, **{f"w{mother.id}_wheelchair": "y"})
    third = go_on(client, second)
    wrong = go_on(client, third, **{field: "长" * 300})
    assert (wrong.status_code, wrong.request.method) == (422, "GET")
    assert "<title>Error: " in wrong.text
    assert "长" * 300 in wrong.text
    for page in (wrong, third, second, first):  # Back, and Back again
        again = client.get(page.request.full_path)
        assert number_of(again.text) == number_of(page.text)
        assert "One step back" in again.text
    assert "checked" in client.get(first.request.full_path).text
    check = go_on(client, third, **{field: "地道战"})
    assert "Is this right?" in check.text
    assert client.get(check.request.full_path).status_code == 200
    assert signed(film) == []
    changed = go_on(client, client.get(f"{first.request.full_path}&change=1"), **{f"w{mother.id}_companion": "y"})
    assert "Is this right?" in changed.text, "one change, and back to the whole"


def test_a_step_that_is_not_reached_yet_leads_to_the_one_that_is(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    first = opened(client, start_of(film))
    for step in ("check", "answers", "places"):
        address = first.request.full_path.replace("/wheelchair", f"/{step}")
        assert number_of(opened(client, address).text) == "1 of 3"
    assert client.get(f"{start_of(film)}/nonsense").status_code == 404


def test_sent_twice_or_after_back_it_is_made_once_and_leads_to_what_was_made(
    client: FlaskClient, mother: Person
) -> None:
    roster = make_roster()
    page = opened(client, start_of(roster))
    first, again = (go_on(client, page) for _ in range(2))
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    back = client.get(page.request.full_path)
    assert (back.status_code, back.location) == (303, first.location)
    assert len(signed(roster)) == 1
    assert db.session.scalars(select(Draft)).one().said == ""


def test_what_was_typed_is_seen_by_nobody_else_on_the_same_phone(
    client: FlaskClient, mother: Person, film: Roster
) -> None:
    field = f"w{mother.id}_q{db.session.merge(film).questions[0].id}"
    page = opened(client, start_of(film))
    for typed in ({}, {}, {field: "地道战"}):
        page = go_on(client, page, **typed)
    assert "地道战" in page.text
    assert "地道战" not in db.session.connection().exec_driver_sql("SELECT said FROM drafts").scalar_one()
    db.session.rollback()
    sign_in(client, make_account())
    other = opened(client, page.request.full_path)
    assert number_of(other.text) == "1 of 2"
    assert "地道战" not in other.text
    assert "陈晓燕" not in other.text


def test_a_draft_that_nobody_goes_on_with_is_forgotten(client: FlaskClient, mother: Person, film: Roster) -> None:
    page = go_on(client, opened(client, start_of(film)))
    assert number_of(page.text) == "2 of 3"
    db.session.rollback()
    with transaction() as session:
        session.execute(update(Draft).values(kept_at=clock.now() - LASTS * 2))
    assert number_of(opened(client, page.request.full_path).text) == "1 of 3"
    [forgetting] = SWEEPS
    [old] = forgetting.due(clock.now())
    forgetting.settle(old, clock.now())
    assert db.session.scalar(select(func.count(Draft.id))) == 0


def test_nothing_is_kept_without_a_csrf_token(client: FlaskClient, mother: Person, film: Roster) -> None:
    page = opened(client, start_of(film))
    answer = client.post(page.request.full_path, data={f"w{mother.id}_wheelchair": "y"}, csrf=False)
    assert answer.status_code == 422
    assert "open for too long" in answer.text
    assert "checked" in answer.text
    db.session.rollback()
    assert db.session.scalar(select(func.count(Draft.id))) == 0
