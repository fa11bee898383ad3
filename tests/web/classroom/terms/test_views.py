"""The pages on which a term is made: step by step, with what is in the way, and nothing overwritten in silence."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.afterschool.models.terms import CareClass, DayDecision, School, Term, TermDay, TermRules, TermState
from center.kernel.db import db, transaction
from center.people.models import Account, Role
from center.premises import actions as premises
from center.premises.models import DayKind
from tests.afterschool.builders import make_school, make_term, the_centre
from tests.builders import ZONE, make_account, make_booking, make_room, sign_in
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

MORNING = datetime(2026, 9, 1, 9, tzinfo=ZONE)
FACTS = {
    "name": "秋季学期",
    "name_en": "Autumn",
    "mode": "after_school",
    "first_on": "2026-09-28",
    "last_on": "2026-10-16",
    "opens": "15:00",
    "closes": "18:00",
    "cut_off": "13:00",
    "alarm_minutes": "15",
    "sibling_age": "14",
    "alone_age": "10",
    "children_per_adult": "10",
    "needs_first_aid": "y",
}


@pytest.fixture(autouse=True)
def _first_of_september() -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


@pytest.fixture
def run(client: FlaskClient) -> Account:
    account = make_account(roles=[Role.DIRECTOR])
    sign_in(client, account)
    the_centre()
    return account


def page(client: FlaskClient, address: str) -> str:
    answer = client.get(f"{address}?lang=en")
    assert answer.status_code == 200, (address, answer.status_code)
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


def hidden(client: FlaskClient, address: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    shown = client.get(address).get_data(as_text=True)
    found = re.findall(r'<input(?=[^>]*type="hidden")[^>]*>', shown)
    named = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in found]
    return {name[1]: value[1] if value else "" for name, value in named if name}


def send(client: FlaskClient, address: str, **data: Any) -> Any:
    return client.post(address, data={**hidden(client, address), **data})


def count(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def latest(table: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(select(table).order_by(table.id.desc()).execution_options(populate_existing=True)).first()


def make(client: FlaskClient, **more: Any) -> Term:
    room = make_room(capacity=60)
    answer = send(client, "/classroom/terms/new", **{**FACTS, "room_id": room.id, **more})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = latest(Term)
    assert isinstance(found, Term)
    return found


@pytest.mark.parametrize("role", [Role.TUTOR, Role.CLERK, Role.AUDITOR])
def test_only_the_director_makes_terms(client: FlaskClient, role: Role) -> None:
    term = make_term()
    sign_in(client, make_account(roles=[role]))
    for address in ("/classroom/terms", "/classroom/terms/new", f"/classroom/terms/{term.id}/days/plan"):
        assert client.get(address).status_code == 403


def test_a_term_is_made_once_however_often_the_form_is_sent(client: FlaskClient, run: Account) -> None:
    keys, room = hidden(client, "/classroom/terms/new"), make_room(capacity=60)
    for _twice in range(2):
        answer = client.post("/classroom/terms/new", data={**keys, **FACTS, "room_id": room.id})
        assert answer.status_code == 303
    assert count(Term) == 1


def test_from_an_empty_term_to_open_enrolment(client: FlaskClient, run: Account) -> None:
    term = make(client)
    base = f"/classroom/terms/{term.id}"
    assert "Publish the rules first" in page(client, base)
    assert send(client, f"{base}/schools/new", name="青山小学").status_code == 303
    school = latest(School)
    hours = {f"day_{n}": "15:30" for n in range(5)}
    assert send(client, f"{base}/schools/{school.id}", **hours, way_minutes="15").status_code == 303
    quota = {"capacity": "40", "responsible": "1", "teachers": "1", "volunteers": "2", "guards": "1"}
    assert send(client, f"{base}/classes/new", name="甲班", **quota).status_code == 303
    shown = page(client, f"{base}/days/plan")
    assert "as on Wednesday" in shown
    ticked = re.findall(r'name="day" value="([^"]*)" checked', shown)
    assert "2026-10-10/2" in ticked
    assert not any(each.startswith("2026-10-01") for each in ticked)
    assert send(client, f"{base}/days/plan", day=ticked, press="take", more_as="0").status_code == 303
    assert count(TermDay) == len(ticked)
    words = {name: re.sub("<[^>]*>", "", text) for name, text in _areas(client, f"{base}/rules").items()}
    looked = send(client, f"{base}/rules", press="look", **words)
    assert looked.status_code == 200
    assert count(TermRules) == 0
    assert send(client, f"{base}/rules", press="publish", **words).status_code == 303
    assert count(TermRules) == 1
    places = {"mode": "lottery", "closes_at": "2026-09-20T18:00", "capacity": "40", "offer_hours": "12"}
    assert send(client, f"{base}/enrolment", **places).status_code == 303
    assert latest(Term).state is TermState.OPEN
    assert "How lots are drawn" in page(client, f"/after-school/{term.id}")


def _areas(client: FlaskClient, address: str) -> dict[str, str]:
    shown = client.get(address).get_data(as_text=True)
    return dict(re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', shown, re.S))


def test_what_is_in_the_way_is_named_and_nothing_is_taken(client: FlaskClient, run: Account) -> None:
    term = make(client)
    make_booking(room=term.room, starts_at=datetime(2026, 10, 12, 16, tzinfo=ZONE))
    address = f"/classroom/terms/{term.id}/days/plan"
    shown = page(client, address)
    assert "Something is in the way on 1 day" in shown
    ticked = re.findall(r'name="day" value="([^"]*)" checked', shown)
    refused = send(client, address, day=ticked, press="take", more_as="0")
    assert refused.status_code == 422 or refused.status_code == 409
    assert count(TermDay) == 0
    rest = [each for each in ticked if not each.startswith("2026-10-12")]
    assert send(client, address, day=rest, press="take", more_as="0").status_code == 303
    assert count(DayDecision) == 1


def test_a_day_that_the_calendar_does_not_name_is_added_to_the_plan(client: FlaskClient, run: Account) -> None:
    term = make(client)
    address = f"/classroom/terms/{term.id}/days/plan"
    added = send(client, address, day=["2026-10-12/0"], press="more", more_on="2026-10-11", more_as="4")
    assert re.findall(r'name="day" value="([^"]*)" checked', added.get_data(as_text=True)) == [
        "2026-10-11/4",
        "2026-10-12/0",
    ]
    outside = send(client, address, day=["2026-10-12/0"], press="more", more_on="2026-12-11", more_as="4")
    assert outside.status_code == 422


@pytest.mark.parametrize(
    "nonsense", ["x", "2026-10-12", "2026-10-12/9", "9999-99-99/1", "2026-10-12/1/2", "2027-01-01/1"]
)
def test_nonsense_that_is_ticked_is_no_day(client: FlaskClient, run: Account, nonsense: str) -> None:
    term = make(client)
    answer = send(client, f"/classroom/terms/{term.id}/days/plan", day=[nonsense], press="take", more_as="0")
    assert answer.status_code == 422
    assert count(TermDay) == 0


def test_a_year_that_nobody_knows_is_a_banner_and_none_of_its_days_is_ticked(client: FlaskClient, run: Account) -> None:
    term = make(client, first_on="2026-12-28", last_on="2027-01-08")
    shown = page(client, f"/classroom/terms/{term.id}/days/plan")
    assert "The holiday calendar of 2027 is not published yet" in shown
    ticked = re.findall(r'name="day" value="([^"]*)" checked', shown)
    assert {each[:4] for each in ticked} == {"2026"}


def test_a_calendar_that_changed_is_shown_and_followed_or_left(client: FlaskClient, run: Account) -> None:
    days = [date(2026, 9, day) for day in (7, 8, 9)]
    term = make_term(days=days)
    for day in days[:2]:
        with transaction():
            premises.set_day(day, DayKind.HOLIDAY, name="停课", name_en="Closed", by=run.person)
    address = f"/classroom/terms/{term.id}/days"
    assert "The calendar says otherwise" in page(client, address)
    keys = hidden(client, address)
    for on, what in ((days[0], "follow"), (days[1], "keep")):
        for _twice in range(2):
            answer = client.post(f"{address}/{on}/{what}", data={"csrf_token": keys["csrf_token"]})
            assert answer.status_code == 303
    shown = page(client, address)
    assert "The calendar says otherwise" not in shown
    assert "called off" in shown


def test_two_who_change_a_day_at_once_are_shown_what_the_other_changed(client: FlaskClient, run: Account) -> None:
    term = make_term()
    day, was = term.days[4], term.days[4].counts_as
    address = f"/classroom/term-days/{day.id}/move"
    first, second = hidden(client, address), hidden(client, address)
    facts = {"on": day.on_date.isoformat(), "room_id": term.room_id}
    one = client.post(address, data={**first, **facts, "counts_as": (was + 1) % 7})
    assert one.status_code == 303
    other = client.post(address, data={**second, **facts, "counts_as": (was + 2) % 7})
    assert other.status_code == 409
    assert latest_day(day.id).counts_as == (was + 1) % 7


def latest_day(day_id: int) -> TermDay:
    db.session.rollback()
    return db.session.get_one(TermDay, day_id, populate_existing=True)


def test_english_rules_go_with_the_chinese_line_by_line(client: FlaskClient, run: Account) -> None:
    term = make(client)
    address = f"/classroom/terms/{term.id}/rules"
    words = {**_areas(client, address), "who": "一\n二", "who_en": "One"}
    for press in ("look", "publish"):
        answer = send(client, f"{address}?lang=en", press=press, **words)
        assert answer.status_code == 422
        assert "line by line" in answer.get_data(as_text=True)
    assert count(TermRules) == 0


def test_a_school_day_that_differs_is_entered_and_taken_back(client: FlaskClient, run: Account) -> None:
    term, school = make(client), make_school()
    base = f"/classroom/terms/{term.id}"
    answer = send(client, f"{base}/schools/{school.id}/days", on_date="2026-10-14", finishes="", reason="运动会")
    assert answer.status_code == 303
    shown = client.get(f"{base}/schools").get_data(as_text=True)
    remove = re.search(r'action="([^"]*school-days/\d+/remove)"', shown)
    assert remove is not None
    keys = hidden(client, f"{base}/schools")
    assert client.post(remove[1], data={"csrf_token": keys["csrf_token"]}).status_code == 303
    assert "运动会" not in client.get(f"{base}/schools").get_data(as_text=True)


def test_a_class_is_changed_and_taken_away(client: FlaskClient, run: Account) -> None:
    term = make_term()
    [care_class] = term.classes
    address = f"/classroom/classes/{care_class.id}"
    quota = {"capacity": "30", "responsible": "1", "teachers": "1", "volunteers": "2", "guards": "1"}
    assert send(client, address, name="乙班", **quota).status_code == 303
    assert latest(CareClass).capacity == 30
    keys = hidden(client, f"/classroom/terms/{term.id}/classes")
    assert client.post(f"{address}/remove", data={"csrf_token": keys["csrf_token"]}).status_code == 303
    assert count(CareClass) == 0


@pytest.mark.parametrize("rest", ["", "/edit", "/days", "/days/plan", "/days/new", "/rules", "/schools", "/classes"])
def test_a_term_that_is_not_there_is_not_found(client: FlaskClient, run: Account, rest: str) -> None:
    assert client.get(f"/classroom/terms/999{rest}").status_code == 404


def test_the_day_of_another_term_is_not_its_own_difference(client: FlaskClient, run: Account) -> None:
    term = make_term()
    keys = hidden(client, f"/classroom/terms/{term.id}/days")
    for on in ("2026-09-07", "nonsense"):
        answer = client.post(f"/classroom/terms/{term.id}/days/{on}/follow", data={"csrf_token": keys["csrf_token"]})
        assert answer.status_code == (404 if on == "nonsense" else 303)
    assert count(DayDecision) == 0


def test_a_term_that_is_over_says_so(client: FlaskClient, run: Account) -> None:
    term = make_term()
    with time_machine.travel(MORNING + timedelta(days=40), tick=False):
        sign_in(client, run)
        keys = hidden(client, f"/classroom/terms/{term.id}")
        answer = client.post(f"/classroom/terms/{term.id}/end", data={"csrf_token": keys["csrf_token"]})
        assert answer.status_code == 303
    assert latest(Term).state is TermState.ENDED


def test_the_order_of_reasons_is_looked_at_published_and_read_by_families(client: FlaskClient, run: Account) -> None:
    term = make_term()
    address, public = f"/classroom/terms/{term.id}/rules", f"/after-school/{term.id}/rules"
    words = {name: re.sub("<[^>]*>", "", text) for name, text in _areas(client, address).items()}
    ranks = {"rank_both_work": "1", "rank_left_behind": "2"}
    ranks |= {f"rank_{each}": "0" for each in ("hardship", "new_employment", "sibling")}
    same = send(client, address, press="publish", **words, **{**ranks, "rank_left_behind": "1"})
    assert same.status_code == 422
    assert "有两项理由排在同一位" in same.text
    looked = send(client, address, press="look", **words, **ranks).text
    assert "双职工家庭 → 留守儿童" in looked
    assert send(client, address, press="publish", **words, **ranks).status_code == 303
    listed = client.get(public).text.split("rulebook__reasons")[1].split("</ol>")[0]
    reasons = re.findall("<li>(.*?)</li>", listed)
    assert len(reasons) == 2
    assert "困难家庭" in client.get(f"{public}/1").text, "an earlier version keeps its own"
