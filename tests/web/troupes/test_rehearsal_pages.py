"""Pages of rehearsals and polls: a lead's own troupe alone, nothing typed is lost, and answers without signing in."""

from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.models import Session
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Account
from center.troupes.rehearsals import leave, polls
from center.troupes.rehearsals.poll_models import DatePoll, PollAnswer, PollState, VotedBy
from tests.builders import at, make_account, make_booking, sign_in
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_leader, make_troupe
from tests.troupes.rehearsals.builders import make_poll
from tests.troupes.rehearsals.scene import MORNING, TUE, TUESDAYS, Drums, all_of, drums, on, plan

pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING):
        yield


@pytest.fixture
def scene(client: FlaskClient) -> Drums:
    """A drum troupe, with its lead signed in."""
    made = drums()
    sign_in(client, make_account(made.leader))
    return made


def listed(scene: Drums) -> str:
    return f"/workspace/troupes/{scene.season.troupe.slug}/seasons/{scene.season.id}"


def test_the_lead_of_another_troupe_sees_nothing_of_it(client: FlaskClient, scene: Drums) -> None:
    sign_in(client, make_account(make_leader(make_troupe()).person))
    for page in ("rehearsals", "rehearsals/plan", "rehearsals/add", "polls/new"):
        assert client.get(f"{listed(scene)}/{page}").status_code == 404


def test_a_leader_takes_the_register_of_their_rehearsal_and_of_nothing_else(client: FlaskClient, scene: Drums) -> None:
    plan(scene, TUE)
    session = all_of(scene)[0].session
    assert session is not None
    register = f"/workspace/activities/{session.activity.slug}/sessions/{session.id}/register"
    page = client.get(register)
    assert page.status_code == 200
    assert scene.members[1].person.name in page.text
    sign_in(client, make_account(scene.members[1].person))
    assert client.get(register).status_code == 404


def test_a_date_that_is_taken_is_said_and_what_was_typed_stays(client: FlaskClient, scene: Drums) -> None:
    make_booking(room=scene.room, starts_at=at(15, day=TUESDAYS[1]))
    typed = {"date": TUESDAYS[1].isoformat(), "start": "14:30", "minutes": "90", "room": scene.room.code}
    answer = client.post(f"{listed(scene)}/rehearsals/add?lang=en", data={**typed, "makes_up_for": "0"})
    assert answer.status_code == 422
    assert "Free instead" in answer.text
    assert '<option selected value="90">' in answer.text
    assert db.session.scalar(select(Session)) is None


def test_a_rehearsal_is_skipped_with_a_reason_and_put_back(client: FlaskClient, scene: Drums) -> None:
    plan(scene, TUE)
    address = f"{listed(scene)}/rehearsals/{on(scene, TUESDAYS[1]).id}"
    assert client.post(f"{address}/skip", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/skip", data={"reason": "队长出差"}).status_code == 303
    assert "队长出差" in client.get(f"{listed(scene)}/rehearsals").text
    assert client.post(f"{address}/back").status_code == 303
    assert on(scene, TUESDAYS[1]).takes_place


def test_a_link_answers_without_signing_in_and_names_nobody_in_full(client: FlaskClient, scene: Drums) -> None:
    poll = make_poll(scene.season, scene.leader)
    member = scene.members[1]
    visitor = client.application.test_client()
    page = visitor.get(f"/replies/dates/{polls.link_for(poll, member)}?lang=en")
    assert page.status_code == 200
    assert member.person.name not in page.text
    votes = {f"option-{each.id}": "yes" for each in poll.options}
    assert visitor.post(f"/replies/dates/{polls.link_for(poll, member)}", data=votes).status_code == 303
    db.session.rollback()
    assert {each.how for each in db.session.scalars(select(PollAnswer))} == {VotedBy.LINK}
    assert visitor.get("/replies/dates/made-up").status_code == 404


def test_an_answer_that_comes_too_late_is_told_what_was_decided_and_keeps_what_was_typed(
    client: FlaskClient, scene: Drums
) -> None:
    poll = make_poll(scene.season, scene.leader)
    link, option = polls.link_for(poll, scene.members[1]), poll.options[0]
    name = f"option-{poll.options[1].id}"
    assert client.post(f"{listed(scene)}/polls/{poll.id}/decide/{option.id}").status_code == 303
    late = client.post(f"/replies/dates/{link}?lang=en", data={name: "no"})
    assert late.status_code == 422
    assert "decided meanwhile" in unescape(late.text)
    assert 'value="no" checked' in late.text
    db.session.rollback()
    assert db.session.scalar(select(PollAnswer)) is None


def test_a_poll_is_asked_with_its_rows_and_a_row_that_is_not_whole_is_named(client: FlaskClient, scene: Drums) -> None:
    row = {"minutes": "120", "room": scene.room.code}
    rows = {f"{key}-{n}": value for n in (0, 1) for key, value in row.items()}
    rows |= {"on-0": TUESDAYS[1].isoformat(), "start-0": "14:30", "on-1": TUESDAYS[2].isoformat(), "start-1": ""}
    form = {"title": "彩排", "closes_on": "2026-11-27", **rows}
    wrong = client.post(f"{listed(scene)}/polls/new?lang=en", data=form)
    assert wrong.status_code == 422
    assert "Date 2 is not filled in whole" in wrong.text
    assert f'value="{TUESDAYS[1].isoformat()}"' in wrong.text
    assert client.post(f"{listed(scene)}/polls/new", data={**form, "start-1": "15:00"}).status_code == 303
    made = db.session.scalars(select(DatePoll)).one()
    assert (made.state, len(made.options)) == (PollState.OPEN, 2)


def test_a_member_is_on_leave_after_one_press(client: FlaskClient, scene: Drums) -> None:
    plan(scene, TUE)
    sign_in(client, make_account(scene.members[1].person))
    mine = f"/me/troupes/{scene.season.troupe.slug}/rehearsals"
    rehearsal_id = on(scene, TUESDAYS[0]).id
    assert client.post(f"{mine}/{rehearsal_id}/cannot-come").status_code == 303
    assert "You are on leave" in client.get(f"{mine}?lang=en").text


def test_a_lead_sees_the_last_and_the_next_rehearsals_of_a_member_with_what_was_said(
    client: FlaskClient, scene: Drums
) -> None:
    plan(scene, TUE)
    member = scene.members[1]
    rehearsal = on(scene, TUESDAYS[0])
    with transaction():
        leave.cannot_come(rehearsal, member, by=scene.leader, now=clock.now())
    page = f"/workspace/troupes/{scene.season.troupe.slug}/members/{member.id}?lang=en"
    shown = client.get(page).text
    assert "The next rehearsals" in shown
    assert "The last rehearsals" not in shown
    assert "On leave" in shown
    with time_machine.travel(MORNING + timedelta(days=2)):
        account = db.session.scalars(select(Account).where(Account.person_id == scene.leader.id)).one()
        sign_in(client, account)
        shown = client.get(page).text
    assert shown.index("The last rehearsals") < shown.index("On leave") < shown.index("The next rehearsals")
