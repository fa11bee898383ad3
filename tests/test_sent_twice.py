"""Every form that makes something makes it once, however often it is sent."""

import re
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from center.activities.models import Session, SessionState
from center.afterschool.models.enrolments import Enrolment
from center.kernel import clock, sent
from center.kernel.db import Base, db, transaction
from center.kernel.sent import SentForm
from center.people.models import Account, Role
from center.rooms.models import Closure
from center.signups.models import Question, Roster
from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes import forms as troupes
from tests.world import World, rules

# What each form asks for, by its endpoint: its address and what is typed.
Form = Callable[[World], tuple[str, dict[str, Any]]]


def _day(days: int) -> str:
    return at(0, days=days).date().isoformat()


def _sign_in_for(address: str, client: FlaskClient, world: World) -> None:
    """Whoever may open the page: the director, but for those of a troupe, which are its leads' alone."""
    sign_in(client, world.lead if troupes.is_a_leads(address) else world.director)


def _first_date(world: World) -> int:
    """The first date of the busy activity, at which somebody has a place."""
    return db.session.get_one(Roster, world.roster_id).activity.sessions[0].id


def _child(world: World) -> int:
    """A child of the after-school programme."""
    return db.session.get_one(Enrolment, world.programme["enrolment_id"]).child_id


def _free_day(world: World) -> str:
    """A day within the term on which it does not take place: a day of a weekend."""
    days = [at(0, days=n).date() for n in range(2, 10)]
    return next(day for day in days if day.weekday() >= 5).isoformat()


FORMS: dict[str, Form] = {
    "classroom.bars": lambda w: (
        "/classroom/bars",
        {"child": str(_child(w)), "name": "赵某", "level": "alert", "reason": "妈妈说的"},
    ),
    "classroom.new_class": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/classes/new",
        {"name": "丁班", "capacity": "20", "responsible": "1", "teachers": "1", "volunteers": "2", "guards": "1"},
    ),
    "classroom.new_school": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/schools/new",
        {"name": "新沟桥小学"},
    ),
    "classroom.new_school_day": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/schools/{w.programme['school_id']}/days",
        {"on_date": _day(5), "finishes": "12:00"},
    ),
    "allocation.new_round": lambda w: (
        "/desk/allocation/new",
        {"name": "夏季教室时段", "slug": "summer", "starts_on": _day(40), "ends_on": _day(90)}
        | {"opens_at": f"{_day(1)}T08:00", "closes_at": f"{_day(9)}T18:00"},
    ),
    "classroom.new_term": lambda w: (
        "/classroom/terms/new",
        {"name": "寒假托管", "mode": "after_school", "first_on": _day(40), "last_on": _day(60), "opens": "15:00"}
        | {"closes": "18:00", "cut_off": "13:00", "alarm_minutes": "15", "sibling_age": "14", "alone_age": "10"}
        | {"children_per_adult": "10", "room_id": str(w.drums.id)},
    ),
    "classroom.new_term_day": lambda w: (
        f"/classroom/terms/{w.programme['term_id']}/days/new",
        {"on": _free_day(w), "counts_as": "2", "room_id": str(w.hall.id)},
    ),
    "classroom.checks_of": lambda w: (
        f"/classroom/checks/{w.neighbour.id}",
        {"kind": "record", "made_on": _day(0), "valid_until": _day(90), "consented_on": _day(0)},
    ),
    "desk.delegations": lambda w: (
        f"/desk/people/{w.neighbour.id}/delegations?delegate={w.lead.person_id}",
        {"starts_on": _day(0), "ends_on": _day(30), "consent": "at_the_desk"},
    ),
    "desk.new_device": lambda w: ("/desk/devices/new", {"name": "平板", "duty": "entrance", "until": _day(0)}),
    "desk.new_partner": lambda w: ("/desk/partners/new", {"kind": "unit", "name": "区图书馆"}),
    "desk.partner": lambda w: (
        f"/desk/partners/{w.incubator['partner_id']}",
        {"on_date": _day(0), "what": "义剪", "reached": "9"},
    ),
    "desk.new_person": lambda w: ("/desk/people/new", {"name": "钱多多", "phone": "19900000077", "birth_year": "1950"}),
    "evidence.new_pack": lambda w: (
        f"/workspace/{make_organisation().slug}/evidence/new",
        {"first": _day(-2), "last": _day(-1), "self_evaluation": "好"},
    ),
    "evidence.spending": lambda w: (
        f"/workspace/{w.organisation.slug}/evidence/spending",
        {"spent_on": _day(0), "what": "彩纸", "amount": "12.50"},
    ),
    "feedback.complain": lambda w: (f"/feedback/{w.feedback['ticket_number']}/director", {"words": "太吵了"}),
    "feedback.enter_complaint": lambda w: (
        "/desk/feedback/complaints/new",
        {"organisation": str(w.organisation.id), "words": "写在纸上"},
    ),
    "feedback.write_to_director": lambda w: (
        "/me/feedback/director",
        {"organisation": str(w.organisation.id), "words": "写给主任"},
    ),
    "notices.new_address": lambda w: (
        "/settings/messages/new",
        {"name": "值班群", "url": "wecombot://4c2ae8b7-1111-2222-3333-444455556666", "is_on": "y"},
    ),
    "notices.write_down_ask": lambda w: (
        f"/desk/people/{w.resident.person_id}/asks",
        {"what": "correction", "note": "门牌不对"},
    ),
    "organisations.members": lambda w: (
        f"/settings/organisations/{w.organisation.slug}/members?person={w.neighbour.id}",
        {"role": "member", "starts_on": _day(0)},
    ),
    "organisations.new": lambda w: (
        "/settings/organisations/new",
        {"slug": "paper", "name": "剪纸社", "kind": "culture_sports"}
        | dict.fromkeys(("origin", "stage", "legal_form"), ""),
    ),
    "people.roles": lambda w: (f"/desk/people/{w.neighbour.id}/roles", {"role": "auditor", "starts_on": _day(0)}),
    "posting.add_dates": lambda w: (
        f"/workspace/activities/{w.organisation.slug}/dates",
        {"date": _day(20), "start": "14:00", "end": "15:00", "room": "", "pattern": "one", "stage": "save"},
    ),
    "posting.add_places": lambda w: (
        f"/workspace/activities/{w.organisation.slug}/rosters/{w.roster_id}/places",
        {"kind": "named", "name": "特邀", "capacity": "2"},
    ),
    "posting.edit_kinds": lambda w: ("/settings/activity-kinds", {"name": "棋牌", "name_en": "Games"}),
    "posting.questions": lambda w: (
        f"/workspace/activities/{w.organisation.slug}/rosters/{w.roster_id}/questions",
        {"kind": "short_text", "words": "几点来？"},
    ),
    "posting.want_volunteers": lambda w: (
        f"/workspace/activities/{w.organisation.slug}/volunteers",
        {"volunteers": "3"},
    ),
    "posting.write_message": lambda w: (
        f"/workspace/activities/{w.organisation.slug}/sessions/{_first_date(w)}/message",
        {"words": "请带水杯"},
    ),
    "rooms.edit_parts": lambda w: (
        f"/settings/rooms/{w.drums.code}/parts",
        {"code_1": "A1", "name_1": "东", "capacity_1": "5", "code_2": "A2", "name_2": "西", "capacity_2": "5"},
    ),
    "rooms.new": lambda w: (
        "/settings/rooms/new",
        {"code": "R777", "name": "茶室", "capacity": "8", "noise": "quiet"}
        | dict.fromkeys(("wheelchair_places", "floor", "position"), "2"),
    ),
    "rooms.new_approval_hours": lambda w: (
        f"/settings/rooms/{w.room.code}/approval-hours/new",
        {"weekdays": ["0", "1"], "opens": "09:00", "closes": "12:00"},
    ),
    "rooms.new_closure": lambda w: (
        "/settings/closures/new",
        {"room": w.room.code, "reason": "维修", "from_date": _day(9), "from_time": "08:00", "to_date": _day(9)}
        | {"to_time": "10:00"},
    ),
    "rooms.new_exception": lambda w: (
        "/settings/exceptions/new",
        {"room": w.room.code, "on_date": _day(12), "hours": "09:00-12:00", "reason": "开放日"},
    ),
    "rooms.new_kept_hours": lambda w: (
        f"/settings/rooms/{w.room.code}/kept-hours/new",
        {"name": "晨练", "group": str(w.ruled.people_group.id), "weekdays": ["0"], "opens": "08:00", "closes": "09:00"}
        | {"release_days": "2"},
    ),
    "rooms.new_people_group": lambda w: ("/settings/rules/people-groups/new", {"name": "棋友"}),
    "rooms.new_purpose": lambda w: (
        "/settings/rules/purposes/new",
        {"name": "读书", "rule": "allowed", "position": "9"},
    ),
    "rooms.new_quota": lambda w: (
        "/settings/rules/quotas/new",
        {"whose": "person", "most_bookings": "2", "per": "week", "place": "", "weekdays": ["0"]},
    ),
    "rooms.new_room_group": lambda w: (
        "/settings/rules/room-groups/new",
        {"name": "静房", "rooms": [str(w.room.id)]},
    ),
}
FORMS |= troupes.MAKING
# These have a key of their own, in the row that they make, or give the same thing only once (their tests say so).
# A passkey by the challenge, which is answered once; an activity posted in steps by its draft, which leads on once.
# A volunteer's hours by when they were: nobody helps twice at the same time.
# A file of a piece by its digest. In a programme a piece is once, and the same words stand last once.
BY_THEIR_OWN_KEY = {
    *("people.add_passkey", "posting.new", "posting.new_step", "posting.write_down_volunteer", "troupes.add_file"),
    *("troupes.add_piece", "troupes.add_words"),
}


@ONE_ENGINE
def test_every_form_that_makes_something_makes_it_once(app: Flask, client: FlaskClient, world: World) -> None:
    wrong: dict[str, Any] = {}
    for endpoint, form in FORMS.items():
        address, typed = form(world)
        _sign_in_for(address, client, world)
        key = str(uuid.uuid4())
        before = _count()
        first = client.post(address, data={**typed, "request_key": key})
        made = _count()
        again = client.post(address, data={**typed, "request_key": key})
        if made == before or first.status_code not in {302, 303}:
            wrong[endpoint] = f"made nothing: {first.status_code} {_errors(first.text)}"
        elif _count() != made or again.status_code not in {302, 303} or again.location != first.location:
            wrong[endpoint] = (again.status_code, again.location, first.location)
    assert wrong == {}


@ONE_ENGINE
def test_after_back_the_very_same_under_another_key_makes_nothing_more(
    app: Flask, client: FlaskClient, world: World
) -> None:
    """Pages of whoever is signed in are not kept by a browser, so Back opens the form anew, under another key."""
    wrong: dict[str, Any] = {}
    for endpoint, form in FORMS.items():
        address, typed = form(world)
        _sign_in_for(address, client, world)
        assert client.post(address, data={**typed, "request_key": str(uuid.uuid4())}).status_code in {302, 303}
        made = _count()
        again = client.post(address, data={**typed, "request_key": str(uuid.uuid4())})
        if _count() != made or again.status_code >= 500:
            wrong[endpoint] = (again.status_code, _count() - made)
    assert wrong == {}


@ONE_ENGINE
def test_every_page_of_something_new_is_among_them(app: Flask) -> None:
    makes = re.compile(r"\.(new|add)_?")
    new = {rule.endpoint for rule in rules(app) if "POST" in (rule.methods or ()) and makes.search(rule.endpoint)}
    idempotent = {"rooms.add_group_member"}  # who is in the group already is not put in again
    assert new - set(FORMS) - BY_THEIR_OWN_KEY - idempotent == set()


@ONE_ENGINE
def test_every_form_that_makes_something_carries_one_key(app: Flask, client: FlaskClient, world: World) -> None:
    wrong: dict[str, Any] = {}
    for endpoint, form in FORMS.items():
        address, _typed = form(world)
        _sign_in_for(address, client, world)
        keys = re.findall(r'name="request_key"[^>]*value="([^"]*)"', client.get(address).text)
        if len(keys) != 1 or not uuid.UUID(keys[0]):
            wrong[endpoint] = keys
    assert wrong == {}


@ONE_ENGINE
def test_after_going_back_something_else_typed_is_something_else(app: Flask, client: FlaskClient) -> None:
    _activity, address = _asking(client)
    key = {"kind": "short_text", "request_key": str(uuid.uuid4())}
    for words in ("几点来？", "几点来？", "怎么来？"):
        assert client.post(address, data={**key, "words": words}).status_code in {302, 303}
    assert _words() == ["几点来？", "怎么来？"]


@ONE_ENGINE
def test_the_very_same_under_another_key_is_one_question_and_one_closure(app: Flask, client: FlaskClient) -> None:
    """After Back a browser may open the form anew, with what was typed and another key."""
    _activity, address = _asking(client)
    for _time in range(2):
        form = {"kind": "short_text", "words": "几点来？", "request_key": str(uuid.uuid4())}
        assert client.post(address, data=form).status_code == 303
    assert _words() == ["几点来？"]
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    times = {"from_date": _day(9), "from_time": "08:00", "to_date": _day(9), "to_time": "10:00"}
    room = make_room()
    for _time in range(2):
        closure = {"room": room.code, "reason": "维修", **times, "request_key": str(uuid.uuid4())}
        assert client.post("/settings/closures/new", data=closure).status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Closure)) == 1


@ONE_ENGINE
def test_what_was_refused_may_be_sent_again(app: Flask, client: FlaskClient) -> None:
    _activity, address = _asking(client)
    form = {"kind": "choice", "words": "午饭？", "choices": "", "request_key": str(uuid.uuid4())}
    assert client.post(address, data=form).status_code == 422
    assert client.post(address, data={**form, "choices": "面\n饭"}).status_code == 303
    assert _words() == ["午饭？"]


@ONE_ENGINE
def test_a_key_is_of_whoever_sends_it_and_of_one_page(app: Flask, client: FlaskClient) -> None:
    _activity, first = _asking(client)
    form = {"kind": "short_text", "words": "几点来？", "request_key": str(uuid.uuid4())}
    assert client.post(first, data=form).status_code == 303
    _other, second = _asking(client)
    assert client.post(second, data=form).status_code == 303
    assert _words() == ["几点来？", "几点来？"]


def test_two_presses_at_the_same_moment_make_one(app: Flask, client: FlaskClient) -> None:
    activity, address = _asking(client)
    form = {"kind": "short_text", "words": "几点来？", "request_key": str(uuid.uuid4())}
    [lead] = activity.organisation.memberships
    account = db.session.scalars(select(Account).where(Account.person_id == lead.person_id)).one()
    browsers = [app.test_client() for _ in range(3)]
    for browser in browsers:
        sign_in(browser, account)
    db.session.rollback()

    def press(browser: FlaskClient) -> int:
        with app.app_context():
            return browser.post(address, data=form).status_code

    with ThreadPoolExecutor(len(browsers)) as threads:
        answers = list(threads.map(press, browsers))
    assert sorted(answers) == [303, 303, 303]
    assert _words() == ["几点来？"]


@ONE_ENGINE
def test_forms_sent_long_ago_are_forgotten(app: Flask, client: FlaskClient) -> None:
    _activity, address = _asking(client)
    client.post(address, data={"kind": "short_text", "words": "几点来？", "request_key": str(uuid.uuid4())})
    now, [forgetting] = clock.now(), sent.SWEEPS
    assert forgetting.due(now) == []
    [old] = forgetting.due(now + timedelta(days=31))
    forgetting.settle(old, now)
    assert forgetting.due(now + timedelta(days=31)) == [old]
    forgetting.settle(old, now + timedelta(days=31))
    assert db.session.scalar(select(func.count()).select_from(SentForm)) == 0


def test_the_database_lets_no_two_sessions_of_an_activity_be_at_the_same_time(app: Flask) -> None:
    activity = make_activity(starts=[at(10, days=5), at(14, days=5)])
    other = make_activity(starts=[at(10, days=5)])
    first, second = activity.sessions
    for times in ((0, 60), (-30, 30), (15, 30), (-10, 90)):
        _refused(partial(_put, activity.id, at(10, days=5), *times))
    _put(activity.id, at(10, days=5), 60, 120)
    _put(activity.id, at(10, days=5), 0, 60, state=SessionState.CANCELLED)
    _put(other.id, at(10, days=5), 60, 120)

    def move() -> None:
        with transaction():
            second.starts_at, second.ends_at = first.starts_at, first.ends_at

    _refused(move)


@ONE_ENGINE
def test_a_session_at_the_time_of_another_is_refused_with_words(app: Flask, client: FlaskClient) -> None:
    activity, _address = _asking(client)
    date = activity.sessions[0].starts_at.date().isoformat()
    typed = {"date": date, "start": "10:30", "end": "11:30", "room": "", "pattern": "one", "stage": "save"}
    answer = client.post(f"/workspace/activities/{activity.slug}/dates?lang=en", data=typed)
    assert answer.status_code == 422
    assert "has a session at this time already" in answer.text


def _asking(client: FlaskClient) -> tuple[Any, str]:
    """An activity that asks nothing yet, and the page on which its lead, who is signed in, adds a question."""
    lead = make_person()
    activity = make_activity(organisation=make_organisation(leads=[lead], publishes_directly=True))
    roster = make_roster(activity)
    sign_in(client, make_account(lead, login=f"lead{lead.id}"))
    return activity, f"/workspace/activities/{activity.slug}/rosters/{roster.id}/questions"


def _words() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(Question.words).order_by(Question.id)))


def _put(activity_id: int, start: Any, begins: int, ends: int, state: SessionState = SessionState.SCHEDULED) -> None:
    times = {"starts_at": start + timedelta(minutes=begins), "ends_at": start + timedelta(minutes=ends)}
    with transaction() as session:
        session.add(Session(activity_id=activity_id, state=state, changed_at=clock.now(), **times))


def _refused(write: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError, match="sessions_no_overlap"):
        write()


def _count() -> int:
    """How many rows there are of what forms make: not of what is written down of every request."""
    db.session.rollback()
    beside = {"access_events", "drafts", "sent_forms", "sign_in_attempts", "user_sessions"}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in beside]
    return sum(db.session.scalar(select(func.count()).select_from(table)) or 0 for table in tables)


def _errors(page: str) -> list[str]:
    return re.findall(r'id="([\w-]+)-errors".*?<p>(?:<svg.*?</svg>)?(.*?)</p>', page, re.S)
