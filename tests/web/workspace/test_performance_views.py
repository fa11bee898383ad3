"""Pages of performances: who sees what, what a press does, and what a link in other hands tells."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from center.activities.models import ActivityState
from center.kernel.db import db, transaction
from center.people.models import Account
from center.troupes.models.troupes import TroupeMember
from center.troupes.performances import queries
from center.troupes.performances.models import Performance, PerformanceState
from center.troupes.performances.readiness import Answer
from tests.activity_builders import make_kind
from tests.builders import at, make_account, make_person, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.troupes.builders import make_leader, make_member, make_piece, make_season, make_troupe
from tests.troupes.performances.builders import make_performance, played, titles

pytestmark = ONE_ENGINE
LINK = re.compile(r"/replies/([\w-]{20,})")


@pytest.fixture
def leader(app: Flask) -> TroupeMember:
    """Who leads a troupe of two voices."""
    troupe = make_troupe(slug="choir", parts=("高声部", "低声部"))
    with transaction():
        troupe.organisation.publishes_directly = True
    return make_leader(troupe, make_account(make_person(name="万德山")).person)


@pytest.fixture
def leading(client: FlaskClient, leader: TroupeMember) -> FlaskClient:
    """A browser in which they are signed in."""
    sign_in(client, account_of(leader))
    return client


def account_of(member: TroupeMember) -> Account:
    return db.session.scalars(db.select(Account).where(Account.person_id == member.person_id)).one()


def page_of(performance: Performance, rest: str = "", *, area: str = "workspace") -> str:
    return f"/{area}/troupes/{performance.troupe.slug}/performances/{performance.id}{rest}?lang=en"


def test_who_does_not_lead_the_troupe_finds_nothing(client: FlaskClient, leader: TroupeMember) -> None:
    performance = make_performance(leader.troupe)
    member, stranger = (
        make_member(leader.troupe, make_account().person),
        make_leader(make_troupe(), make_account().person),
    )
    for who in (member, stranger):
        sign_in(client, account_of(who))
        for rest in ("", "/programme", "/replies", "/rehearsals", "/print", "/edit", "/cancel"):
            assert client.get(page_of(performance, rest)).status_code == 404, rest
    other = make_performance()
    sign_in(client, account_of(leader))
    address = page_of(performance).replace(f"/{performance.id}", f"/{other.id}")
    assert client.get(address).status_code == 404, "of another troupe"


def test_from_nothing_to_a_public_programme(leading: FlaskClient, leader: TroupeMember) -> None:
    """Made, two pieces, an order, performers, published: everybody reads it, and reads no name unasked."""
    troupe, kind = leader.troupe, make_kind()
    one, other = (make_member(troupe, make_person(name=name)) for name in ("王秀英", "李桂兰"))
    first, second = (make_piece(troupe, title=title, heads={}) for title in ("茉莉花", "洪湖水"))
    typed = {
        "session": "0",
        "title": "新春演出",
        "summary": "一起过年",
        "kind": kind.id,
        "room": "0",
        "season": "0",
        "date": at(15, days=20).date().isoformat(),
        "start": "15:00",
        "end": "16:00",
        "place": "小区广场",
        "expected": "80",
        "minutes_before": "90",
        "slot": "20",
        "change": "60",
    }
    bad = leading.post("/workspace/troupes/choir/performances/new?lang=en", data={**typed, "title": "", "slot": "90"})
    assert bad.status_code == 422
    assert "小区广场" in bad.text, "nothing typed is lost"
    made = leading.post("/workspace/troupes/choir/performances/new?lang=en", data=typed)
    assert made.status_code == 303, made.text
    [performance] = queries.performances_of(troupe.id)
    for piece in (first, second):
        assert leading.post(page_of(performance, "/programme/pieces"), data={"piece": piece.id}).status_code == 303
    leading.post(page_of(performance, "/programme/order"), data={"position": 2, "item": second.id, "how": "up"})
    assert titles(performance) == ["洪湖水", "茉莉花"]
    leading.post(page_of(performance, "/programme/order"), data={"position": 2, "item": second.id, "how": "up"})
    assert titles(performance) == ["洪湖水", "茉莉花"], "it is not there any more, so nothing moves"
    leading.post(page_of(performance, "/step"), data={"to": "pieces_set"})
    leading.post(page_of(performance, "/step"), data={"to": "cast_set"})
    assert "Nobody is down for" in leading.get(page_of(performance)).text
    chosen = {f"member-{one.id}": "play", f"member-{other.id}": "stand_in"}
    for position in (1, 2):
        assert leading.post(page_of(performance, f"/programme/{position}/cast"), data=chosen).status_code == 303
    for state in ("cast_set", "published"):
        leading.post(page_of(performance, "/step"), data={"to": state})
    db.session.expire_all()
    performance = queries.get_performance(troupe, performance.id)
    assert performance.state is PerformanceState.PUBLISHED
    assert performance.session.activity.state is ActivityState.PUBLISHED
    public = leading.get(f"/activities/{performance.session.activity.slug}?lang=en").text
    assert "1 performer" in public
    assert "王秀英" not in public
    printed = leading.get(page_of(performance, "/print")).text
    assert "王秀英" in printed
    assert "13:30" in printed


def test_a_name_stands_in_public_once_its_owner_agrees(client: FlaskClient, leader: TroupeMember) -> None:
    member = make_member(leader.troupe, make_account(make_person(name="王秀英")).person)
    performance = played(leader.troupe, member)
    sign_in(client, account_of(member))
    address = f"/activities/{performance.session.activity.slug}?lang=en"
    assert "小英" not in client.get(address).text
    client.post("/me/troupes/choir/stage-name?lang=en", data={"name": "小英"})
    assert "小英" in client.get(address).text
    client.post("/me/troupes/choir/stage-name?lang=en", data={"name": ""})
    assert "小英" not in client.get(address).text


def test_a_member_answers_and_sees_when_to_be_there(client: FlaskClient, leader: TroupeMember) -> None:
    member = make_member(leader.troupe, make_account().person)
    performance = played(leader.troupe, member)
    sign_in(client, account_of(member))
    page = page_of(performance, area="me")
    assert "be there at 14:00" in client.get(page).text
    assert client.post(page, data={}).status_code == 422
    assert client.post(page, data={"answer": "unsure", "reason": "要带孙子"}).status_code == 303
    assert queries.replies_to(performance)[member.id].answer is Answer.UNSURE
    assert "要带孙子" in client.get(page).text
    assert client.get("/me/troupes/choir/performances?lang=en").status_code == 200
    quiet = make_performance(leader.troupe, starts_at=at(9, days=12))
    assert client.get(page_of(quiet, area="me")).status_code == 404, "nobody was asked yet"


def test_a_leader_asks_enters_an_answer_and_makes_a_link(leading: FlaskClient, leader: TroupeMember) -> None:
    member = make_member(leader.troupe, make_person(name="何玉兰"))
    performance = make_performance(leader.troupe)
    until = at(9, days=3).date().isoformat()
    assert leading.post(page_of(performance, "/replies"), data={"until": "2020-01-01"}).status_code == 422
    assert leading.post(page_of(performance, "/replies"), data={"until": until}).status_code == 303
    entered = leading.post(page_of(performance, f"/replies/{member.id}"), data={"answer": "coming"})
    assert entered.status_code == 303
    assert "entered for them" in leading.get(page_of(performance, "/replies")).text
    shown = leading.post(page_of(performance, f"/replies/{member.id}/link"))
    assert shown.headers["Cache-Control"] == "no-store"
    assert LINK.search(shown.text) is not None
    assert LINK.search(leading.get(page_of(performance, "/replies")).text) is None, "it is shown once"


def test_a_link_answers_without_signing_in_and_names_nobody(
    app: Flask, client: FlaskClient, leader: TroupeMember
) -> None:
    member = make_member(leader.troupe, make_person(name="何玉兰"))
    performance = make_performance(leader.troupe)
    sign_in(client, account_of(leader))
    shown = client.post(page_of(performance, f"/replies/{member.id}/link")).text
    found = LINK.search(shown)
    assert found is not None
    stranger = app.test_client()
    page = f"/replies/{found[1]}?lang=en"
    asked = stranger.get(page)
    assert "何玉兰" not in asked.text
    assert "no-store" in asked.headers["Cache-Control"]
    assert stranger.post(page, data={"answer": "not_coming", "reason": "住院"}).status_code == 303
    assert queries.replies_to(performance)[member.id].by_id is None
    assert "住院" not in stranger.get(page).text, "what was said is not read back"
    assert stranger.get("/replies/made-up?lang=en").status_code == 404


def test_what_is_too_long_is_said_and_can_be_allowed(leading: FlaskClient, leader: TroupeMember) -> None:
    piece = make_piece(leader.troupe, seconds=1900)
    performance = make_performance(leader.troupe, pieces=[piece])
    assert "1:40 too long" in leading.get(page_of(performance, "/programme")).text
    assert leading.post(page_of(performance, "/programme/length"), data={"why": ""}).status_code == 422
    leading.post(page_of(performance, "/programme/length"), data={"why": "主办方同意"})
    assert "allowed by 万德山" in leading.get(page_of(performance, "/programme")).text
    saved = leading.post(
        page_of(performance, "/programme/1"), data={"minutes": 20, "seconds": 30, "change_seconds": 0, "call_at": ""}
    )
    assert saved.status_code in {303, 409}


def test_every_other_page_is_there(leading: FlaskClient, leader: TroupeMember) -> None:
    troupe = leader.troupe
    season = make_season(troupe, members=[leader])
    performance = make_performance(troupe, season=season, pieces=[make_piece(troupe)], cast={1: [leader]})
    for rest in ("", "/programme", "/programme/1", "/programme/1/cast", "/replies", f"/replies/{leader.id}",
                 "/rehearsals", "/edit", "/cancel", "/programme/length", "/print"):  # fmt: skip
        assert leading.get(page_of(performance, rest)).status_code == 200, rest
    assert leading.get("/workspace/troupes/choir/performances?lang=en").status_code == 200
    assert leading.get("/workspace/troupes/choir/performances/new?lang=en").status_code == 200
    assert leading.post(page_of(performance, "/cancel"), data={"reason": "台风"}).status_code == 303
    db.session.expire_all()
    assert queries.get_performance(troupe, performance.id).state is PerformanceState.CANCELLED
    assert leading.get(page_of(performance)).status_code == 200


def test_a_long_programme_asks_the_database_no_more_than_a_short_one(
    leading: FlaskClient, leader: TroupeMember
) -> None:
    counts: list[list[int]] = []
    for size in (1, 6):
        members = [make_member(leader.troupe) for _n in range(size * 2)]
        pieces = [make_piece(leader.troupe, heads={}) for _n in range(size)]
        cast = {n + 1: members for n in range(size)}
        performance = make_performance(leader.troupe, pieces=pieces, cast=cast, starts_at=at(15, days=10 + size))
        counts.append([])
        for rest in ("/print", "/rehearsals", "/rehearsals/print", "/programme", "/replies"):
            with selects() as seen:
                assert leading.get(page_of(performance, rest)).status_code == 200
            counts[-1].append(len(seen))
    assert counts[0] == counts[1]
    assert max(counts[1]) < 40
