"""Posting activities: the workspace, the form, review, moving and calling off, and the lead's roster."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from center.activities import actions as activity_actions
from center.activities.models import Activity, ActivityKind, ActivityState, Session
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Account, Role
from center.rooms.ledger import take
from center.rooms.models import Closure, Occupancy, Room, UseKind
from center.signups.details.questions import QuestionFacts, add_question
from center.signups.models import Audience, Mode, PoolKind, Question, QuestionKind, SignUp
from center.signups.rosters import rosters_of
from tests.activity_builders import make_activity, make_kind, make_roster, sign_up, state_of, the_pool
from tests.builders import (
    LONG_AGO,
    ZONE,
    at,
    make_account,
    make_booking,
    make_building,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE
from tests.there import there
from tests.walking import go_on, hidden_of, opened, sent

pytestmark = pytest.mark.usefixtures("morning")


@pytest.fixture
def lead() -> Account:
    return make_account(make_person(name="李建国"))


@pytest.fixture
def team(lead: Account) -> Organisation:
    return make_organisation(leads=[lead.person], slug="team")


@pytest.fixture
def room() -> Room:
    return make_room(code="R1", capacity=60, name="放映厅")


def member(team: Organisation, role: MemberRole) -> Account:
    account = make_account()
    with transaction() as session:
        person_id = account.person_id
        session.add(Membership(organisation_id=team.id, person_id=person_id, role=role, starts_on=LONG_AGO))
    return account


def typed(kind: ActivityKind, room: Room | None = None, **more: Any) -> dict[str, Any]:
    return {
        "kind_id": kind.id,
        "title": "口述电影",
        "summary": "给看不见的邻居讲电影",
        "room": room.code if room else "",
        "place": "" if room else "江边",
        "pattern": "one",
        "date": at(9, days=5).date().isoformat(),
        "start": "14:00",
        "end": "16:00",
        "every_weeks": "1",
        "mode": "first_come",
        "for_whom": "everybody",
        "closes_hours": "0",
        "cancel_hours": "24",
        "release_hours": "24",
        "has_waiting_list": "y",
        "capacity": "30",
        "elders": "0",
        "desk": "0",
        "wheelchair": "0",
        "companions": "0",
        "volunteers": "0",
        "per_session": "0",
        "request_key": str(uuid.uuid4()),
        "stage": "save",
        **more,
    }


def ledger() -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Occupancy))


def only_activity() -> Any:
    db.session.rollback()
    return db.session.scalars(select(Activity)).one()


def state(activity: Activity) -> ActivityState:
    db.session.rollback()
    db.session.refresh(activity)
    return activity.state


def test_a_whole_activity_is_posted_in_one_form_and_a_double_click_makes_one(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    form = typed(make_kind(), room, elders="5", desk="3", wheelchair="2", companions="6", volunteers="4")
    form |= {"access": ["is_narrated", "is_step_free"], "age_from": "50", "ages_bind": "y", "cancel_hours": "48"}
    first, again = (client.post("/workspace/organisations/team/new", data=form) for _ in range(2))
    assert first.status_code == again.status_code == 303, first.text
    assert first.location == again.location
    activity = only_activity()
    assert activity.state is ActivityState.DRAFT
    assert activity.is_narrated
    assert activity.expected == 40, "the room holds the people, their companions and the volunteers"
    assert ledger() == 1, "the room is taken while it is a draft"
    people, helpers = rosters_of(activity)
    pools = {pool.kind: pool.capacity for pool in people.pools}
    kept = {PoolKind.ELDERS: 5, PoolKind.DESK: 3, PoolKind.WHEELCHAIR: 2, PoolKind.COMPANION: 6}
    assert pools == {**kept, PoolKind.GENERAL: 20}
    assert (people.min_age, people.cancel_minutes) == (50, 48 * 60)
    assert helpers.audience is Audience.VOLUNTEERS
    assert client.get(first.location).status_code == 200


@ONE_ENGINE
def test_a_weekly_rule_shows_each_date_and_what_is_free_instead_before_anything_is_saved(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    first = at(9, days=5).date()
    make_booking(room=room, starts_at=at(14, days=12), minutes=60)
    until = (first + timedelta(days=21)).isoformat()
    form = typed(make_kind(), room, pattern="weekly", weekdays=[str(first.weekday())], until=until, stage="look")
    shown = client.post("/workspace/organisations/team/new?lang=en", data=form)
    assert shown.status_code == 200
    assert shown.text.count('<li class="series-date') == 4
    assert "1 cannot be as planned" in shown.text
    assert "Free instead" in shown.text
    assert ledger() == 1, "looking takes nothing"
    refused = client.post("/workspace/organisations/team/new", data={**form, "stage": "save"})
    assert refused.status_code == 422, "nothing is decided for anybody"
    assert "口述电影" in refused.text
    clash = (first + timedelta(days=7)).isoformat()
    token = re.search(rf'name="choice-{clash}"[^>]*value="(R1/[^"]+)"', refused.text)
    assert token
    chosen = client.post(
        "/workspace/organisations/team/new", data={**form, "stage": "save", f"choice-{clash}": token.group(1)}
    )
    assert chosen.status_code == 303
    assert len(only_activity().sessions) == 4


@ONE_ENGINE
def test_every_second_week_begins_with_the_first_of_its_weekdays_that_comes(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    soon = at(9, days=5).date()
    wednesday = soon + timedelta(days=(2 - soon.weekday()) % 7)
    rule = {"pattern": "weekly", "every_weeks": "2", "weekdays": ["0"], "date": wednesday.isoformat()}
    form = typed(make_kind(), room, **rule, until=(wednesday + timedelta(days=20)).isoformat())
    assert client.post("/workspace/organisations/team/new", data=form).status_code == 303
    days = [each.starts_at.astimezone(ZONE).date() - wednesday for each in only_activity().sessions]
    assert days == [timedelta(days=5), timedelta(days=19)]


@ONE_ENGINE
def test_a_date_can_be_left_out_and_places_be_given_for_each_date(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    days = [at(9, days=n).date().isoformat() for n in (5, 6, 7)]
    form = typed(make_kind(), room, pattern="list", dates="\n".join(days), per_session="1", closes_hours="2")
    assert (
        client.post("/workspace/organisations/team/new", data={**form, f"choice-{days[1]}": "skip"}).status_code == 303
    )
    activity = only_activity()
    assert len(activity.sessions) == len(rosters_of(activity)) == 2
    for roster in rosters_of(activity):
        assert there(roster.session).starts_at - there(roster.closes_at) == timedelta(hours=2)
    more = {"room": "R1", "pattern": "one", "date": at(9, days=9).date().isoformat(), "start": "14:00", "end": "16:00"}
    added = client.post(
        f"/workspace/activities/{activity.slug}/dates", data={**more, "every_weeks": "1", "stage": "save"}
    )
    assert added.status_code == 303, added.text
    rosters = rosters_of(only_activity())
    assert [sum(pool.capacity for pool in each.pools) for each in rosters] == [30, 30, 30]
    assert there(rosters[2].session).starts_at - there(rosters[2].closes_at) == timedelta(hours=2)


@pytest.mark.parametrize(
    ("field", "value", "at_fault"),
    [
        ("title", "", "title"),
        ("title", "长" * 200, "title"),
        ("kind_id", "99999", "kind_id"),
        ("kind_id", "x", "kind_id"),
        ("date", "", "date"),
        ("date", "9999-12-31", "date"),
        ("date", "2020-01-01", "date"),
        ("start", "25:00", "start"),
        ("end", "13:00", "end"),
        ("room", "NOWHERE", "room"),
        ("capacity", "-1", "capacity"),
        ("capacity", "x", "capacity"),
        ("capacity", "9" * 30, "capacity"),
        ("elders", "31", "capacity"),
        ("mode", "lottery", "closes_hours"),
        ("mode", "auction", "mode"),
        ("for_whom", "king", "for_whom"),
        ("age_to", "-3", "age_to"),
        ("opens_at", "morgen", "opens_at"),
        ("about", "\u202e", "about"),
        ("pattern", "list", "dates"),
        ("pattern", "weekly", "weekdays"),
        ("pattern", "daily", "pattern"),
    ],
)
def test_bad_input_names_the_field_keeps_the_rest_and_writes_nothing(
    client: FlaskClient, lead: Account, team: Organisation, room: Room, field: str, value: str, at_fault: str
) -> None:
    sign_in(client, lead)
    answer = client.post(
        "/workspace/organisations/team/new", data={**typed(make_kind(), room, bring="一把伞"), field: value}
    )
    assert answer.status_code == 422
    assert f'href="#{at_fault}' in answer.text
    assert "一把伞" in answer.text
    db.session.rollback()
    assert db.session.scalar(select(func.count(Activity.id))) == 0
    assert ledger() == 0


@ONE_ENGINE
def test_a_closed_day_and_a_room_too_small_are_said(client: FlaskClient, lead: Account, team: Organisation) -> None:
    small = make_room(code="R2", capacity=10)
    with transaction() as session:
        times = {"starts_at": at(8, days=5), "ends_at": at(20, days=5)}
        use = take(UseKind.CLOSURE, small, starts_at=times["starts_at"], clear_at=times["ends_at"], zone=ZONE)
        session.add(Closure(use_id=use.id, room_id=small.id, reason="粉刷", **times))
    sign_in(client, lead)
    form = typed(make_kind(), small, capacity="8", stage="look")
    assert "Closed" in client.post("/workspace/organisations/team/new?lang=en", data=form).text
    form |= {"capacity": "30", "stage": "save", "date": at(9, days=6).date().isoformat()}
    assert client.post("/workspace/organisations/team/new", data=form).status_code == 422
    assert ledger() == 1, "only the closure"


@ONE_ENGINE
def test_copying_prefills_everything_and_suggests_a_day(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    form = typed(make_kind(), room, bring="手电筒", elders="7", companions="3", mode="approval", access="has_pick_up")
    assert client.post("/workspace/organisations/team/new", data=form).status_code == 303
    page = client.get(f"/workspace/organisations/team/new?copy={only_activity().slug}").text
    for words in ("手电筒", 'value="14:00"', "口述电影"):
        assert words in page
    assert re.search(r'name="elders"[^>]*value="7"', page)
    assert re.search(r'name="capacity"[^>]*value="30"', page)
    assert re.search(r'checked[^>]*value="approval"|value="approval"[^>]*checked', page) or "checked" in page
    suggested = at(9, days=5 + 28).date().isoformat()
    assert re.search(rf'name="date"[^>]*value="{suggested}"', page)
    foreign = make_activity(title="别人的秘密", is_published=False)
    assert "别人的秘密" not in client.get(f"/workspace/organisations/team/new?copy={foreign.slug}").text


@ONE_ENGINE
def test_a_copy_of_what_needs_no_sign_up_needs_none_either(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    sign_in(client, lead)
    model = make_activity(organisation=team)
    page = client.get(f"/workspace/organisations/team/new?copy={model.slug}").text
    [chosen] = re.findall(r'<input[^>]*name="mode"[^>]*checked[^>]*>|<input[^>]*checked[^>]*name="mode"[^>]*>', page)
    assert 'value="walk_in"' in chosen


@ONE_ENGINE
def test_others_things_are_a_404_and_forged_ids_too(client: FlaskClient, lead: Account, team: Organisation) -> None:
    stranger = make_account()
    activity = make_activity(organisation=team, is_published=False)
    roster = make_roster(activity)
    other = make_activity()
    [session], [foreign] = activity.sessions, other.sessions
    base = f"/workspace/activities/{activity.slug}"
    pages = [f"{base}{rest}" for rest in ("", "/edit", "/dates", "/preview", "/cancel", f"/rosters/{roster.id}")]
    pages += [
        f"{base}/sessions/{session.id}/move",
        f"{base}/places/{roster.pools[0].id}",
        "/workspace/organisations/team",
    ]
    sign_in(client, stranger)
    assert {client.get(page).status_code for page in [*pages, "/workspace/organisations/team/new"]} == {404}
    for step in ("submit", "publish", "withdraw"):
        assert client.post(f"{base}/{step}").status_code == 404
    sign_in(client, lead)
    assert {opened(client, page).status_code for page in pages} == {200}
    other_roster = make_roster(other)
    for page in (f"sessions/{foreign.id}/move", f"rosters/{other_roster.id}", f"places/{other_roster.pools[0].id}"):
        assert client.get(f"{base}/{page}").status_code == 404
    assert client.get("/desk/activities").status_code == 403
    assert client.post(f"{base}/publish").status_code == 404, "not trusted to publish directly"


@ONE_ENGINE
def test_an_editor_writes_and_submits_and_decides_nothing_once_it_is_public(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team, is_published=False)
    roster = make_roster(activity)
    sign_in(client, member(team, MemberRole.EDITOR))
    base = f"/workspace/activities/{activity.slug}"
    assert client.get("/workspace/organisations/team").status_code == 200
    assert opened(client, f"{base}/sessions/{activity.sessions[0].id}/move").status_code == 200
    assert client.post(f"{base}/submit").status_code == 303
    assert state(activity) is ActivityState.SUBMITTED
    with transaction():
        activity_actions.publish(activity, by=lead.person, now=clock.now(), as_staff=True)
    for page in ("cancel", f"sessions/{activity.sessions[0].id}/move", f"places/{roster.pools[0].id}"):
        assert client.get(f"{base}/{page}").status_code == 404
    sign_in(client, member(team, MemberRole.CHECK_IN))
    assert client.get("/workspace/organisations/team").status_code == 200
    assert client.get(base).status_code == 404
    sign_in(client, member(team, MemberRole.MEMBER))
    assert client.get("/workspace/organisations/team").status_code == 404


def test_staff_return_with_a_reason_and_publish_after_it_was_changed(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team, is_published=False)
    base, desk = f"/workspace/activities/{activity.slug}", f"/desk/activities/{activity.slug}"
    sign_in(client, lead)
    for _ in range(2):
        assert client.post(f"{base}/submit").status_code == 303
    clerk = make_account(roles=[Role.CLERK])
    sign_in(client, clerk)
    assert activity.title in client.get("/desk/activities").text
    assert "1" in client.get("/desk").text
    assert client.post(desk, data={"reason": ""}).status_code == 422
    assert client.post(desk, data={"reason": "请写明集合地点"}).status_code == 303
    sign_in(client, lead)
    assert "请写明集合地点" in client.get("/workspace/organisations/team").text
    assert client.post(f"{base}/submit").status_code == 303
    sign_in(client, clerk)
    for _ in range(2):
        assert client.post(f"{desk}/publish").status_code == 303
    assert state(activity) is ActivityState.PUBLISHED
    late = client.post(desk, data={"reason": "太迟"})
    assert late.status_code == 422
    assert state(activity) is ActivityState.PUBLISHED


def test_a_trusted_organisation_publishes_directly_but_for_rooms_that_need_approval(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    with transaction() as session:
        session.get_one(Organisation, team.id).publishes_directly = True
    hall = make_room(code="H1", approval="always")
    free = make_activity(organisation=team, is_published=False)
    bound = make_activity(organisation=team, is_published=False, room=hall, starts=[at(15, days=5)])
    lacking = make_activity(organisation=team, is_published=False, summary="")
    sign_in(client, lead)
    for activity in (free, bound, lacking):
        assert client.post(f"/workspace/activities/{activity.slug}/publish?lang=en").status_code == 303
    assert [state(each).value for each in (free, bound, lacking)] == ["published", "draft", "draft"]
    assert "Please submit it" in client.get(f"/workspace/activities/{bound.slug}?lang=en").text


@ONE_ENGINE
def test_moving_shows_the_difference_and_whom_it_concerns_before_it_is_confirmed(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    activity = make_activity(organisation=team, room=room, starts=[at(14, days=5)])
    roster = make_roster(activity, capacity=1)
    sign_up(roster, make_person())
    sign_up(roster, make_person())
    make_booking(room=room, starts_at=at(10, days=6), minutes=60)
    [session] = activity.sessions
    day = at(9, days=6).date().isoformat()
    address = f"/workspace/activities/{activity.slug}/sessions/{session.id}/move"
    sign_in(client, lead)
    form = {
        "date": day,
        "start": "16:00",
        "end": "17:00",
        "room": "R1",
        "reason": "停电",
    }
    clash = go_on(client, opened(client, f"{address}?lang=en"), **{**form, "start": "10:00", "end": "11:00"})
    assert clash.status_code == 409
    assert "Free instead" in clash.text
    other_tab = opened(client, address)
    shown = sent(client, clash.request.full_path.replace("/check", "/answers"), {**hidden_of(clash.text), **form})
    assert shown.status_code == 200
    assert "2 people" in shown.text
    db.session.rollback()
    assert session.starts_at == at(14, days=5), "nothing is changed yet"
    assert 'value="停电"' in go_on(client, shown, stage="back").text
    assert go_on(client, shown).status_code == 303
    assert go_on(client, shown).status_code == 303, "twice is once"
    db.session.rollback()
    db.session.refresh(session)
    assert session.starts_at == at(16, days=6)
    late = go_on(client, other_tab, **{**form, "start": "18:00", "end": "19:00"})
    again = go_on(client, late)
    assert again.status_code == 409, "it was changed since the page was opened"
    assert 'value="18:00"' in again.text
    assert session.starts_at == at(16, days=6)
    assert go_on(client, go_on(client, again, **{**form, "start": "18:00", "end": "19:00"})).status_code == 303


def test_calling_off_asks_for_a_reason_and_frees_room_and_places(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    activity = make_activity(organisation=team, room=room, starts=[at(14, days=5), at(14, days=6)])
    roster = make_roster(activity, capacity=5)
    [signed] = sign_up(roster, make_person())
    base = f"/workspace/activities/{activity.slug}"
    sign_in(client, lead)
    one = f"{base}/sessions/{activity.sessions[0].id}/cancel"
    assert "1 person" in client.get(f"{one}?lang=en").text
    assert client.post(one, data={"reason": ""}).status_code == 422
    assert ledger() == 2
    assert client.post(one, data={"reason": "停电"}).status_code == 303
    assert ledger() == 1
    assert state_of(signed) == "confirmed"
    assert client.post(f"{base}/cancel", data={"reason": ""}).status_code == 422
    for _ in range(2):
        assert client.post(f"{base}/cancel", data={"reason": "放映员病了"}).status_code == 303
    assert ledger() == 0
    assert state_of(signed) == "cancelled"
    assert state(activity) is ActivityState.CANCELLED
    assert sent(client, f"{base}/edit/answers", {"title": "x"}).status_code == 422


def test_the_roster_shows_names_and_answers_but_no_doors_and_no_whole_phone(
    client: FlaskClient, lead: Account, team: Organisation
) -> None:
    activity = make_activity(organisation=team)
    roster = make_roster(activity, mode=Mode.APPROVAL, capacity=1)
    with transaction():
        asked = QuestionFacts(kind=QuestionKind.SHORT_TEXT, words="想看哪一部？")
        add_question(roster, asked, by=lead.person)
    person = make_person(name="王秀英", building=make_building(code="7栋"), unit="3", door="907", phone="19900000012")
    question = db.session.scalars(select(Question)).one()
    [first] = sign_up(roster, person, wish={"answers": {question.id: "地道战"}})
    [second] = sign_up(roster, make_person(name="周老二"))
    sign_in(client, lead)
    address = f"/workspace/activities/{activity.slug}/rosters/{roster.id}"
    page = client.get(address).text
    assert "王秀英" in page
    assert "地道战" in page
    assert "199****0012" in page
    assert not re.search(r"907|7栋|19900000012", page)
    assert client.post(f"/workspace/sign-ups/{first.reference}/approve").status_code == 303
    assert client.post(f"/workspace/sign-ups/{second.reference}/approve").status_code == 303, "full: said on the page"
    assert (state_of(first), state_of(second)) == ("confirmed", "requested")
    assert client.post(f"/workspace/sign-ups/{second.reference}/decline", data={"reason": ""}).status_code == 422
    assert client.post(f"/workspace/sign-ups/{second.reference}/decline", data={"reason": "满了"}).status_code == 303
    assert client.post(f"/workspace/sign-ups/{first.reference}/decline", data={"reason": "晚了"}).status_code == 422
    assert (state_of(first), state_of(second)) == ("confirmed", "declined")
    sign_in(client, make_account(person))
    assert client.post(f"/workspace/sign-ups/{first.reference}/approve").status_code == 404, (
        "nobody approves themselves"
    )


def test_capacity_goes_up_to_what_the_room_holds_and_never_below_what_is_taken(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    activity = make_activity(organisation=team, room=room, starts=[at(14, days=5)])
    roster = make_roster(activity, capacity=2)
    people = [make_person(name=f"王{n}号") for n in "一二三"]
    for person in people:
        sign_up(roster, person)
    sign_in(client, lead)
    address = f"/workspace/activities/{activity.slug}/places/{the_pool(roster).id}"
    refused = client.post(address, data={"capacity": "1"})
    assert refused.status_code == 422
    assert "王一号" in refused.text
    assert "王二号" in refused.text
    assert client.post(address, data={"capacity": "61"}).status_code == 422, "the room holds 60"
    assert the_pool(roster).capacity == 2
    assert client.post(address, data={"capacity": "3"}).status_code == 303
    db.session.rollback()
    waiting = db.session.scalars(select(SignUp).where(SignUp.person_id == people[2].id)).one()
    assert waiting.state.value in {"offered", "confirmed"}
    kept = f"/workspace/activities/{activity.slug}/rosters/{roster.id}/places"
    assert client.post(kept, data={"kind": "elders", "capacity": "58"}).status_code == 422
    assert client.post(kept, data={"kind": "elders", "capacity": "4"}).status_code == 303
    assert client.post(kept, data={"kind": "elders", "capacity": "4"}).status_code == 422


def test_staff_keep_the_list_of_kinds(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.CLERK]))
    address = "/settings/activity-kinds"
    assert client.post(f"{address}/usual").status_code == 303
    assert "讲座" in client.get(address).text
    assert client.post(address, data={"name": "讲座"}).status_code == 422
    assert client.post(address, data={"name": "茶话会", "name_en": "Tea"}).status_code == 303
    assert client.post(f"{address}/1", data={"name": "茶话会"}).status_code == 422
    assert client.post(f"{address}/1", data={"name": "大讲座"}).status_code == 303
    assert client.post(f"{address}/1/retire").status_code == 303
    assert client.post(f"{address}/999/retire").status_code == 404
    assert "大讲座" in client.get(address).text


def test_without_its_token_a_form_writes_nothing(
    client: FlaskClient, lead: Account, team: Organisation, room: Room
) -> None:
    sign_in(client, lead)
    answer = client.post("/workspace/organisations/team/new", data=typed(make_kind(), room), csrf=False)
    assert answer.status_code == 422
    assert "口述电影" in answer.text
    assert db.session.scalar(select(func.count(Session.id))) == 0
