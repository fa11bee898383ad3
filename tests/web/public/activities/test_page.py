"""The page of an activity: what machines read of it, what can be passed on, its poster, and what it costs."""

import json
import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import actions, sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, Session
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.spans import Span
from center.people.models import Person
from center.signups.models import Mode, PoolKind
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_account, make_centre, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
EVIL = "</script><script>alert(1)</script><!--&\u2028"


def event_on(client: FlaskClient, activity: Activity) -> Any:
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert "<" not in block
    return json.loads(block)


def move(session: Session, start: datetime, end: datetime, by: Person, place: str = "江边") -> None:
    with transaction():
        sessions.move_session(session, SessionPlan(span=Span(start, end), place=place), by=by, now=clock.now())


def test_an_event_says_when_where_who_and_how_many_places_are_left(client: FlaskClient) -> None:
    make_centre(name_en="Test centre", address_en="1 Test Road")
    team = make_organisation(name_en="Painters")
    room = make_room(name_en="Studio")
    activity = make_activity(title_en="Told film", organisation=team, room=room, age_from=60)
    sign_up(make_roster(activity, capacity=3), make_person())
    event = event_on(client, activity)
    assert event["@type"] == "Event"
    assert event["name"] == "Told film"
    assert event["startDate"] == "2026-11-29T10:00:00+08:00"
    assert event["eventStatus"].endswith("/EventScheduled")
    assert (event["maximumAttendeeCapacity"], event["remainingAttendeeCapacity"]) == (3, 2)
    assert event["location"] == {"@type": "Place", "name": "Studio, Test centre", "address": "1 Test Road"}
    assert event["organizer"]["name"] == "Painters"
    assert event["organizer"]["url"] == f"http://localhost/organisations/{team.slug}"
    assert event["isAccessibleForFree"] is True
    assert event["typicalAgeRange"] == "60-"


def test_a_moved_event_says_when_it_was_and_a_cancelled_one_that_it_is_off(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=6)])
    by = activity.created_by
    move(activity.sessions[0], at(14, days=5), at(15, days=5), by)
    first, second = event_on(client, activity)["subEvent"]
    assert first["eventStatus"].endswith("/EventRescheduled")
    assert first["previousStartDate"] == "2026-11-29T10:00:00+08:00"
    assert first["startDate"] == "2026-11-29T14:00:00+08:00"
    assert second["eventStatus"].endswith("/EventScheduled")
    with transaction():
        actions.cancel(activity, reason="停电", by=by, now=clock.now())
    series = event_on(client, activity)
    assert series["@type"] == "EventSeries"
    assert series["eventStatus"].endswith("/EventCancelled")
    assert {each["eventStatus"].rpartition("/")[2] for each in series["subEvent"]} == {"EventCancelled"}


def test_a_series_says_itself_where_it_is_and_that_it_takes_place(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=6)], fee="0元")
    series = event_on(client, activity)
    assert series["eventStatus"].endswith("/EventScheduled")
    assert series["location"]["name"] == "江边"
    assert series["isAccessibleForFree"] is True
    move(activity.sessions[0], at(14, days=5), at(15, days=5), activity.created_by, place="湖边")
    assert [each["name"] for each in event_on(client, activity)["location"]] == ["湖边", "江边"]
    assert "Costs: Free of charge" in client.get(f"/activities/{activity.slug}?lang=en").text


def test_no_title_ends_the_block_of_data_or_a_tag(client: FlaskClient) -> None:
    activity = make_activity(title="坏", title_en=EVIL[:100], summary_en=f'"{EVIL}')
    assert event_on(client, activity)["name"] == EVIL[:100]
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert "<script>alert" not in page
    assert 'property="og:description" content="&#34;&lt;/script&gt;' in page


def test_what_is_not_public_says_nothing_to_machines(client: FlaskClient) -> None:
    lead = make_account()
    draft = make_activity(organisation=make_organisation(leads=[lead.person]), is_published=False)
    sign_in(client, lead)
    page = client.get(f"/activities/{draft.slug}").text
    assert "ld+json" not in page
    assert "og:" not in page
    for more in ("", "/poster", "/subscribe", "/calendar.ics"):
        assert client.application.test_client().get(f"/activities/{draft.slug}{more}").status_code == 404


def test_the_text_for_a_chat_group_is_in_a_field_that_nobody_can_change(client: FlaskClient) -> None:
    make_centre(desk_phone="027-0000-0000")
    activity = make_activity(title_en="Told film", starts=[at(10, days=5), at(10, days=6)])
    make_roster(activity, capacity=3)
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    [text] = re.findall(r'<textarea id="share-text"[^>]* readonly[^>]*>(.*?)</textarea>', page, re.DOTALL)
    for said in (
        "Told film",
        "Sun 29 Nov 2026 10:00–11:00",
        "and 1 more date",
        "江边",
        "3 places left",
        "027-0000-0000",
    ):
        assert said in text
    assert text.endswith(f"http://localhost/activities/{activity.slug}")
    [button] = re.findall(r'<button type="button"[^>]* data-copies="share-text"[^>]*>Copy the text</button>', page)
    assert re.search(r'data-done="Copied\.[^"]*" data-failed="Please press[^"]*" hidden', button)
    assert '<span id="share-text-said" role="status"></span>' in page
    assert "js/copy.js" in page


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        pytest.param(
            lambda: {"mode": Mode.LOTTERY, "closes_at": at(10, days=3)}, "3 places are drawn by lot", id="lottery"
        ),
        pytest.param(lambda: {"closes_at": at(8, days=-1)}, "Sign-up is over", id="closed"),
        pytest.param(lambda: {"mode": Mode.WALK_IN}, "No sign-up: just come", id="walk-in"),
    ],
)
def test_the_text_for_a_chat_group_promises_only_places_one_can_ask_for(
    client: FlaskClient, facts: Any, said: str
) -> None:
    activity = make_activity(starts=[at(10, days=5)])
    make_roster(activity, capacity=3, **facts())
    text = (
        client.get(f"/activities/{activity.slug}?lang=en")
        .text.partition('id="share-text"')[2]
        .partition("</textarea")[0]
    )
    assert said in text
    assert "left" not in text


def test_what_is_called_off_offers_no_places_and_nothing_to_pass_on(client: FlaskClient) -> None:
    activity = make_activity()
    make_roster(activity, capacity=3)
    with transaction():
        actions.cancel(activity, reason="下雨", by=activity.created_by, now=clock.now())
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert "called off" in page
    for offered in ("places left", "share-text", "Sign-up is closed"):
        assert offered not in page


def test_every_date_is_on_the_page_by_month_and_says_what_became_of_it(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=n) for n in (1, 3, 10, 17)])
    by = activity.created_by
    with transaction():
        sessions.cancel_session(activity.sessions[1], reason="停电", by=by, now=clock.now())
    move(activity.sessions[2], at(14, days=10), at(15, days=10), by)
    clock.start_at(at(12))
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert "1 date that is over" in page
    assert re.search(r"Next:</span> <strong[^>]*>Fri 4 Dec 2026 14:00", page)
    assert "<h3>November 2026</h3>" in page
    assert "<h3>December 2026</h3>" in page
    assert "Called off" in page
    assert "停电" in page
    assert "Moved from Fri 4 Dec 2026 10:00" in page


def test_places_of_a_list_are_counted_as_places_not_as_what_a_room_holds(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(14, days=1), at(14, days=8)])
    for session in activity.sessions:
        make_roster(activity, session=session, capacity=9, pools=[PoolFacts(kind=PoolKind.DESK, capacity=3)])
    page = client.get(f"/activities/{activity.slug}?lang=zh").text
    assert "共 3 个名额" in page
    assert "可容纳 3 人" not in page


def test_the_poster_is_one_page_with_a_code_and_what_people_need(client: FlaskClient) -> None:
    make_centre(desk_phone="027-0000-0000")
    starts = [at(10, days=n) for n in range(1, 9)]
    activity = make_activity(title_en="Told film", starts=starts, is_narrated=True, contact="阿姨 027-1")
    make_roster(activity, capacity=30)
    page = client.get(f"/activities/{activity.slug}/poster?lang=en").text
    for said in ("Told film", "Narrated for blind people", "30 places in all", "and 4 more dates", "027-0000-0000",
                 "阿姨 027-1", "<svg"):  # fmt: skip
        assert said in page
    assert page.count("江边") == 1, "a place is said once"


@pytest.mark.parametrize("who", ["visitor", "resident"])
def test_the_page_costs_the_same_however_many_dates_and_rosters_there_are(client: FlaskClient, who: str) -> None:
    if who == "resident":
        sign_in(client, make_account())

    def cost(dates: int) -> int:
        activity = make_activity(starts=[at(9 + n, days=5) for n in range(dates)], room=make_room(), minutes=30)
        for session in activity.sessions:
            sign_up(make_roster(activity, session=session, capacity=2), make_person())
        with selects() as sent:
            assert client.get(f"/activities/{activity.slug}").status_code == 200
        return len(sent)

    assert cost(1) == cost(6)


def test_an_organisations_page_and_the_home_page_show_what_is_coming(client: FlaskClient) -> None:
    team = make_organisation()
    activity = make_activity(organisation=team, starts=[at(10, days=2)], title_en="Told film")
    make_roster(activity, capacity=3)
    make_activity(title_en="Of others")
    make_activity(organisation=team, starts=[at(10, days=2)], title_en="A draft", is_published=False)
    shown = client.get(f"/organisations/{team.slug}?lang=en").text
    assert "Told film" in shown
    assert "3 places left" in shown
    assert "Of others" not in shown
    assert "A draft" not in shown
    home = client.get("/?lang=en").text
    assert "Told film" in home
    assert "Of others" in home
    assert "A draft" not in home
