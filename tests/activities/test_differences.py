"""Another place, other things to bring, another fee: shown as a difference, told like a move, and calendars know."""

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import actions as activity_actions
from center.activities.actions import facts_of
from center.activities.differences import Told, differences
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.db import db, transaction
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import make_account, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.signups.test_messages import deliveries, kinds_told, told
from tests.walking import go_on, sent

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def edit(activity: Activity, **changes: Any) -> None:
    with transaction():
        facts = replace(facts_of(activity), **changes)
        activity_actions.edit(activity, facts, by=activity.created_by, now=clock.now(), reason="桥在修")
    db.session.rollback()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        pytest.param({"place": "公园"}, [Told.PLACE], id="place"),
        pytest.param({"bring": "杯子", "fee": "5元"}, [Told.BRING, Told.FEE], id="what to bring, and the fee"),
        pytest.param({"place_en": "The park"}, [], id="a translation"),
        pytest.param({"title": "别的", "about": "更多"}, [], id="what it is called and about"),
    ],
)
def test_what_people_must_hear_of(changes: dict[str, Any], found: Any) -> None:
    before = facts_of(make_activity())
    assert [each.what for each in differences(before, replace(before, **changes))] == found


def test_another_place_is_told_with_where_it_was_and_is_and_counts_for_calendars() -> None:
    activity = make_activity(place="江边")
    person, waiting = make_person(), make_person()
    make_account(person, locale="en")
    roster = make_roster(activity, capacity=1)
    sign_up(roster, person)
    sign_up(roster, waiting)
    edit(activity, place="公园门口")
    assert activity.sessions[0].sequence == 1
    notice = told(person)[-1]
    assert notice.kind == "sign_up.changed"
    assert "where to go: 公园门口 (before: 江边)" in notice.body
    assert "The reason: 桥在修" in notice.body
    assert notice.gist == "where to go: 公园门口 (before: 江边)"
    assert kinds_told(waiting) == ["queued", "changed"]
    assert {call.notice.person_id for call in deliveries()} == {person.id, waiting.id}


def test_each_change_is_told_and_a_newer_one_stands_for_the_older_call() -> None:
    activity, person = make_activity(), make_person()
    sign_up(make_roster(activity), person)
    edit(activity, place="公园")
    edit(activity, place="广场")
    assert kinds_told(person) == ["confirmed", "changed", "changed"]
    assert [call.notice.body.count("广场") > 0 for call in deliveries()] == [True]


def test_a_place_that_no_date_ahead_uses_is_told_nobody() -> None:
    room = make_room()
    activity, person = make_activity(room=room, place=""), make_person()
    sign_up(make_roster(activity), person)
    edit(activity, place="公园")
    assert kinds_told(person) == ["confirmed"]
    assert activity.sessions[0].sequence == 0


def test_before_it_is_public_nobody_hears_of_anything() -> None:
    activity = make_activity(is_published=False)
    edit(activity, place="公园", bring="杯子")
    assert activity.sessions[0].sequence == 0


def test_the_editor_sees_the_difference_and_whom_it_concerns_before_it_is_saved(client: FlaskClient) -> None:
    lead = make_account(locale="en")
    organisation = make_organisation(leads=[lead.person], publishes_directly=True)
    activity = make_activity(organisation=organisation, place="江边", is_step_free=True, is_narrated=True)
    person = make_person()
    sign_up(make_roster(activity), person)
    sign_in(client, lead)
    form = {"kind_id": activity.kind_id, "title": activity.title, "summary": activity.summary, "place": "公园"}
    form |= {"access": ["is_step_free", "is_narrated"]}
    address = f"/workspace/activities/{activity.slug}/edit"
    page = sent(client, f"{address}/answers", form)
    assert page.status_code == 200
    assert "Nothing is changed yet." in page.text
    assert "It concerns 1 person who signed up." in page.text
    assert page.text.index("<s>江边</s>") < page.text.index("<strong>公园</strong>")
    assert 'name="access"' not in page.text, "what was typed is kept, not carried along"
    assert kinds_told(person) == ["confirmed"]
    back = go_on(client, page, stage="back", reason="桥在修")
    assert 'value="公园"' in back.text
    assert back.text.count(" checked") == 2
    page = go_on(client, back, **form)
    assert 'value="桥在修"' in page.text
    assert go_on(client, page, reason="桥在修").status_code == 303
    assert kinds_told(person) == ["confirmed", "changed"]
    db.session.rollback()
    db.session.refresh(activity)
    assert (activity.place, activity.is_narrated) == ("公园", True)


def test_what_concerns_nobody_is_saved_at_once(client: FlaskClient) -> None:
    lead = make_account(locale="en")
    activity = make_activity(organisation=make_organisation(leads=[lead.person]))
    sign_in(client, lead)
    form = {"kind_id": activity.kind_id, "title": "新的名字", "summary": activity.summary, "place": activity.place}
    assert client.post(f"/workspace/activities/{activity.slug}/edit/answers", data=form).location.endswith(
        activity.slug
    )
