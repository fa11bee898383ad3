"""A copy of an activity, and a date that is added to it, start from what was planned."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from center.activities.clashes import SessionPlan
from center.activities.kinds import all_kinds
from center.activities.models import Activity
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.people.queries import buildings, grids
from center.rooms.queries import all_rooms
from center.signups.models import Audience, Mode, Pool, PoolKind
from center.signups.offers import release_if_due
from center.signups.posting import actions as posting
from center.signups.roster_state import hold
from center.signups.rosters import PoolFacts, rosters_of
from center.web.activities.forms import PostForm
from center.web.steps.filled_in import as_sent
from center.web.workspace.copying import copy_of
from tests.activity_builders import make_activity, make_roster
from tests.builders import at, make_building, make_grid
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture
def pools() -> list[PoolFacts]:
    """Places of every kind, of some kinds twice."""
    one, two, grid = make_building(), make_building(), make_grid()
    return [
        PoolFacts(kind=PoolKind.BUILDING, capacity=3, name=one.code, building_id=one.id),
        PoolFacts(kind=PoolKind.BUILDING, capacity=4, name=two.code, building_id=two.id),
        PoolFacts(kind=PoolKind.GRID, capacity=5, name=grid.name, grid_id=grid.id),
        PoolFacts(kind=PoolKind.NAMED, capacity=2, name="嘉宾"),
        PoolFacts(kind=PoolKind.NAMED, capacity=1, name="讲师"),
        PoolFacts(kind=PoolKind.ELDERS, capacity=6),
        PoolFacts(kind=PoolKind.COMPANION, capacity=7),
    ]


def form_of(app: Flask, model: Activity, *, now: datetime | None = None, **changed: Any) -> Any:
    """The form of a copy, sent as it was shown."""
    with app.test_request_context("/"):
        shown = offered(PostForm(data=copy_of(model, now=now or clock.now()), meta={"csrf": False}))
        pairs = MultiDict((name, each) for name, values in as_sent(shown).items() for each in values)
        pairs["request_key"] = "k"
    for name, value in changed.items():
        pairs[name] = value
    with app.test_request_context("/", method="POST", data=pairs):
        form = offered(PostForm(meta={"csrf": False}))
        assert form.validate_on_submit() is not bool(form.errors)
        return form


def offered(form: PostForm) -> PostForm:
    form.offer_kinds(all_kinds())
    form.offer_rooms(all_rooms())
    form.offer_kept(buildings(), grids())
    return form


def numbers(pools: Iterable[PoolFacts | Pool]) -> Any:
    return sorted((pool.kind.value, pool.name, pool.building_id, pool.grid_id, pool.capacity) for pool in pools)


def test_a_copy_has_every_pool_as_it_was_planned_released_or_not(app: Flask, pools: list[PoolFacts]) -> None:
    roster = make_roster(capacity=10, pools=pools)
    with transaction():
        release_if_due(hold(roster), now=roster.activity.sessions[0].starts_at - timedelta(hours=1))
    form = form_of(app, roster.activity)
    assert not form.errors
    assert numbers(form.places().pools) == numbers([*pools, PoolFacts(kind=PoolKind.GENERAL, capacity=10)])


def test_an_added_date_has_every_pool_as_it_was_planned_and_a_release_of_its_own(pools: list[PoolFacts]) -> None:
    activity = make_activity()
    roster = make_roster(activity, capacity=10, pools=pools, session=activity.sessions[0])
    with transaction():
        release_if_due(hold(roster), now=activity.sessions[0].starts_at - timedelta(hours=1))
    plan = SessionPlan(span=Span(at(10, days=12), at(11, days=12)))
    with transaction():
        posting.add_dates(activity, [plan], by=activity.created_by, now=clock.now())
    db.session.expire_all()
    _first, added = rosters_of(activity)
    assert added.released_at is None
    assert numbers(added.pools) == numbers(roster.pools)


def test_a_copy_opens_and_closes_as_long_before_as_what_it_copies_however_often_that_was_moved(app: Flask) -> None:
    activity = make_activity(starts=[at(10, days=20), at(10, days=27)])
    rosters = [
        make_roster(activity, session=each, opens_at=at(9, days=10), closes_at=each.starts_at - timedelta(hours=18))
        for each in activity.sessions
    ]
    with transaction():
        session = activity.sessions[0]
        plan = SessionPlan(span=Span(at(10, days=13), at(11, days=13)))
        posting.move(session, plan, by=activity.created_by, now=clock.now(), reason="", seen="0")
    form = form_of(app, activity)
    assert form.closes_hours.data == 18
    assert form.date.data == at(10, days=41).date()  # the dates are two weeks apart now
    assert form.opens_at.data == at(9, days=10 + 14).replace(tzinfo=None)
    assert len(rosters) == 2


def test_a_copy_of_what_opened_long_ago_opens_at_once(app: Flask) -> None:
    roster = make_roster(mode=Mode.LOTTERY, opens_at=at(9, days=-60), closes_at=at(18, days=4))
    form = form_of(app, roster.activity)
    assert form.opens_at.data is None
    assert form.closes_hours.data == 16


def test_more_kept_than_there_are_is_refused_with_the_numbers(app: Flask, pools: list[PoolFacts]) -> None:
    form = form_of(app, make_roster(capacity=0, pools=pools).activity, capacity="20")
    assert "21" in str(form.capacity.errors[0])


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"k1_for": "", "k1_places": "3"}, "k1_for"),
        ({"k1_for": "named", "k1_name": ""}, "k1_name"),
        ({"k1_for": "building:999999"}, "k1_for"),
        ({"k1_places": "-1"}, "k1_places"),
    ],
)
def test_kept_places_name_for_whom_they_are(
    app: Flask, pools: list[PoolFacts], changed: dict[str, Any], field: str
) -> None:
    form = form_of(app, make_roster(capacity=30, pools=pools).activity, **changed)
    assert form.errors[field]


def test_the_same_building_twice_is_refused(app: Flask, pools: list[PoolFacts]) -> None:
    activity = make_roster(capacity=30, pools=pools).activity
    same = f"building:{pools[0].building_id}"
    assert form_of(app, activity, k1_for=same, k2_for=same).errors["k2_for"]


def test_volunteers_are_wanted_in_the_copy_as_on_the_last_date_that_was_not_called_off(app: Flask) -> None:
    activity = make_activity(starts=[at(10, days=5), at(10, days=12)])
    for n, session in enumerate(activity.sessions, start=1):
        make_roster(activity, session=session)
        make_roster(activity, session=session, capacity=n, audience=Audience.VOLUNTEERS)
    assert form_of(app, activity).volunteers.data == 2
