"""The head of an activity's page: when, where, how many places and the button in one block, and the rest said once."""

import re
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from center.activities import actions, sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, Session
from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.signups.models import Mode, PoolKind
from center.signups.posting.capacity import change_capacity
from center.signups.rosters import PoolFacts
from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_account, make_organisation, sign_in
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("morning"), ONE_ENGINE]
KEPT = [PoolFacts(kind=PoolKind.ELDERS, capacity=2)]


def shown(client: FlaskClient, activity: Activity) -> Any:
    """The page and its block, in English."""
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    [block] = re.findall(r'<section class="glance".*?</section>', page, re.DOTALL)
    return page, block


def test_one_block_says_when_where_how_many_places_and_has_the_button(client: FlaskClient) -> None:
    activity = make_activity(place="江边")
    roster = make_roster(activity, capacity=3)
    _page, block = shown(client, activity)
    for said in ("Sun 29 Nov 2026 10:00–11:00", "江边", "3 places left", f"/sign-ups/new/{activity.slug}/{roster.id}"):
        assert said in block


def test_one_sign_up_for_all_dates_says_so(client: FlaskClient) -> None:
    course = make_activity(starts=[at(10, days=n) for n in (1, 2, 3)])
    make_roster(course, capacity=3)
    _page, block = shown(client, course)
    assert "One sign-up is for all 3 dates." in block
    by_date = make_activity(starts=[at(10, days=n) for n in (1, 2)])
    for session in by_date.sessions:
        make_roster(by_date, session=session, capacity=3)
    page, block = shown(client, by_date)
    assert "One sign-up" not in page
    assert "See all 2 dates" in block
    assert page.count("Sign up<") == 3, "one in the block, one for each date"


def test_how_places_are_kept_is_said_once_however_many_dates_there_are(client: FlaskClient) -> None:
    activity = make_activity(starts=[at(10, days=n) for n in (1, 2, 3)])
    for session in activity.sessions[:2]:
        make_roster(activity, session=session, pools=KEPT, capacity=3)
    assert shown(client, activity)[0].partition("<textarea")[0].count("For people of 60 and older") == 1
    make_roster(activity, session=activity.sessions[2], capacity=3)
    page, _block = shown(client, activity)
    assert page.count("Who comes first gets a place") == 2, "once for each way"
    assert "Thu 26 Nov 2026 10:00, Fri 27 Nov" not in page
    assert "Wed 25 Nov 2026 10:00, Thu 26 Nov 2026 10:00" in page, "which dates, where they differ"


def test_where_people_just_come_no_button_is_shown(client: FlaskClient) -> None:
    activity = make_activity()
    assert "just come" in shown(client, activity)[1]
    make_roster(activity, mode=Mode.WALK_IN)
    _page, block = shown(client, activity)
    assert block.count("just come") == 1
    assert "button" not in block


def test_a_draft_does_not_say_that_sign_up_is_over(client: FlaskClient) -> None:
    lead = make_account()
    draft = make_activity(organisation=make_organisation(leads=[lead.person]), is_published=False)
    make_roster(draft, capacity=3)
    sign_in(client, lead)
    for address in (f"/workspace/activities/{draft.slug}/preview", f"/activities/{draft.slug}"):
        page = client.get(f"{address}?lang=en").text
        assert "closed" not in page
        assert "Sign-up opens when this is published." in page


def test_a_called_off_activity_says_so_wherever_its_title_is_read(client: FlaskClient) -> None:
    activity = make_activity(title_en="Told film")
    with transaction():
        actions.cancel(activity, reason="下雨", by=activity.created_by, now=clock.now())
    page = client.get(f"/activities/{activity.slug}?lang=en").text
    assert "<title>Called off: Told film ·" in page
    assert 'property="og:title" content="Called off: Told film"' in page
    assert 'property="og:description" content="下雨"' in page


def test_what_was_moved_before_anybody_saw_it_is_not_called_moved(client: FlaskClient) -> None:
    activity = make_activity(is_published=False, starts=[at(10, days=5), at(10, days=6)])
    by = activity.created_by

    def move(session: Session, start: datetime, end: datetime) -> None:
        with transaction():
            sessions.move_session(session, SessionPlan(span=Span(start, end), place="江边"), by=by, now=clock.now())

    move(activity.sessions[0], at(14, days=5), at(15, days=5))
    with transaction():
        actions.publish(activity, by=by, now=clock.now(), as_staff=True)
    assert "Moved from" not in client.get(f"/activities/{activity.slug}?lang=en").text
    move(activity.sessions[1], at(14, days=6), at(15, days=6))
    assert "Moved from Mon 30 Nov 2026 10:00" in shown(client, activity)[1] + shown(client, activity)[0]


def test_what_people_sign_up_for_is_not_published_without_a_place(client: FlaskClient) -> None:
    draft = make_activity(is_published=False)
    roster = make_roster(draft, capacity=0)
    by = draft.created_by
    for act in (actions.submit, partial(actions.publish, as_staff=True)):
        with pytest.raises(RuleBroken, match="还没有名额"), transaction():
            act(draft, by=by, now=clock.now())
    with transaction():
        change_capacity(roster.pools[0], 1, by=by, now=clock.now())
    with transaction():
        actions.publish(draft, by=by, now=clock.now(), as_staff=True)
    walk_in = make_activity(is_published=False)
    make_roster(walk_in, capacity=0, mode=Mode.WALK_IN)
    with transaction():
        actions.publish(walk_in, by=by, now=clock.now(), as_staff=True)
    assert walk_in.is_public
