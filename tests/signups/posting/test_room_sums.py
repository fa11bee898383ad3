"""Posting says what the people of an activity add up to, and offers only rooms that hold them and may be had."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from center.activities.clashes import SessionPlan, clashes_of
from center.activities.models import Activity
from center.bookings.places import place_of
from center.bookings.series.date_plans import PlannedDate
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.rooms.models import Room
from center.signups.models import PoolKind
from center.signups.posting.capacity import change_capacity
from center.signups.posting.plans import preview
from center.signups.rosters import rosters_of
from tests.activity_builders import make_kind
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import sent
from tests.web.workspace.test_posting import typed

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture
def team() -> Organisation:
    return make_organisation(leads=[make_account(make_person()).person], slug="team")


def looked_at(
    room: Room, team: Organisation, *, expected: int, hours: tuple[int, int] = (14, 16)
) -> PlannedDate[SessionPlan]:
    asked: dict[str, Any] = {"expected": expected, "organisation": team, "by": make_person(), "now": clock.now()}
    spans = [Span(at(hours[0], days=5), at(hours[1], days=5))]
    return preview(spans, room, {}, **asked).dates[0]


def test_a_room_too_small_for_all_who_come_says_the_sum_and_offers_rooms_that_hold_it(
    client: FlaskClient, team: Organisation
) -> None:
    lead = make_account()
    others = make_organisation(leads=[lead.person], slug="others")
    room = make_room(code="R38", capacity=38)
    make_room(code="DESK", capacity=50, organisations_may_book=False)
    make_room(code="TINY", capacity=42)
    make_room(code="BIG", capacity=50)
    sign_in(client, lead)
    form = typed(make_kind(), room, capacity="30", companions="10", volunteers="3", stage="look")
    page = client.post(f"/workspace/organisations/{others.slug}/new?lang=en", data=form).text
    assert "30 participants + 10 companions + 3 volunteers = 43 people. This room holds 38 people." in page
    assert set(re.findall(r'value="([A-Z0-9]+)/[^"]+"', page)) == {"BIG"}


def test_what_is_offered_for_a_date_may_really_be_had(team: Organisation) -> None:
    room = make_room(code="R1", capacity=38)
    make_booking(room=room, starts_at=at(14, days=5), minutes=120)
    make_room(code="R2", organisations_may_book=False, capacity=60)
    make_room(code="R3", capacity=60, windows=[(at(9).time(), at(11).time())])
    make_room(code="R4", capacity=60)
    planned = looked_at(room, team, expected=30)
    assert planned.others
    assert {place.room.code for place in planned.others} == {"R1", "R4"}
    asked: dict[str, Any] = {"expected": 30, "organisation": team, "by": make_person(), "now": clock.now()}
    for place in planned.others:
        assert place_of(place.token, planned.on) is not None
        assert clashes_of([SessionPlan(span=place.span, room=place.room)], **asked) == []


def test_the_room_that_is_too_small_is_not_offered_at_another_time(team: Organisation) -> None:
    room = make_room(code="R1", capacity=10)
    assert looked_at(room, team, expected=43).others == []


SUM = "30 participants + 10 companions + 3 volunteers = 43 people."


@pytest.fixture
def film(client: FlaskClient) -> Any:
    """A film for 43 in a room that holds them, run by whoever is signed in; TINY holds 42, BIG 50."""
    lead = make_account()
    make_organisation(leads=[lead.person], slug="others")
    room = make_room(code="R43", capacity=43)
    make_room(code="TINY", capacity=42)
    make_room(code="BIG", name_en="Big", capacity=50)
    sign_in(client, lead)
    form = typed(make_kind(), room, capacity="30", companions="10", volunteers="3")
    answer = client.post("/workspace/organisations/others/new", data=form)
    assert answer.status_code == 303, answer.text
    return db.session.scalars(select(Activity)).one()


def when(**more: Any) -> dict[str, Any]:
    return {"pattern": "one", "date": at(9, days=6).date().isoformat(), "start": "14:00", "end": "16:00",
            "every_weeks": "1", "room": "TINY", **more}  # fmt: skip


def test_a_copy_says_the_sum_for_another_room(client: FlaskClient, film: Any) -> None:
    form = typed(make_kind(), capacity="30", companions="10", volunteers="3", copied_from=film.slug)
    page = client.post("/workspace/organisations/others/new?lang=en", data={**form, **when(), "stage": "look"}).text
    assert f"{SUM} This room holds 42 people." in page


def test_more_dates_say_the_sum_and_are_offered_rooms_that_hold_it(client: FlaskClient, film: Any) -> None:
    page = client.post(f"/workspace/activities/{film.slug}/dates?lang=en", data=when(stage="look")).text
    assert f"{SUM} This room holds 42 people." in page
    assert set(re.findall(r'value="([A-Z0-9]+)/[^"]+"', page)) == {"BIG", "R43"}


def test_a_move_into_a_room_too_small_says_the_sum_and_what_is_free_instead(client: FlaskClient, film: Any) -> None:
    [session] = film.sessions
    data = when(reason="x", seen=str(session.sequence))
    page = sent(client, f"/workspace/activities/{film.slug}/sessions/{session.id}/move/answers?lang=en", data).text
    assert f"{SUM} This room holds 42 people." in page
    assert "Big · " in page


@pytest.mark.parametrize(
    ("address", "data", "words"),
    [
        ("places/{general}", {"capacity": "32"}, "32 participants + 10 companions + 3 volunteers = 45 people."),
        ("places/{companion}", {"capacity": "12"}, "30 participants + 12 companions + 3 volunteers = 45 people."),
        ("volunteers", {"volunteers": "5"}, "30 participants + 10 companions + 5 volunteers = 45 people."),
        ("rosters/{roster}/places", {"kind": "elders", "capacity": "2", "building_id": "0", "grid_id": "0"},
         "32 participants + 10 companions + 3 volunteers = 45 people."),
    ],
    ids=["places", "companions", "volunteers", "kept places"],
)  # fmt: skip
def test_more_places_than_the_room_holds_say_the_sum_and_what_is_free_instead(
    client: FlaskClient, film: Any, address: str, data: dict[str, Any], words: str
) -> None:
    roster = rosters_of(film)[0]
    ids = {pool.kind.value: pool.id for pool in roster.pools}
    address = f"/workspace/activities/{film.slug}/{address.format(**ids, roster=roster.id)}"
    answer = client.post(f"{address}?lang=en", data=data)
    assert answer.status_code == 422
    assert f"{words} Room" in answer.text
    assert "holds 43 people, and it would be 45." in answer.text
    assert "Big · " in answer.text
    assert "TINY" not in answer.text


def test_rooms_need_hold_no_more_than_who_may_come_once_places_are_fewer(client: FlaskClient, film: Any) -> None:
    general = next(pool for pool in rosters_of(film)[0].pools if pool.kind is PoolKind.GENERAL)
    by = make_person()
    with transaction():
        change_capacity(general, 28, by=by, now=clock.now())
    assert film.expected == 41
    page = client.post(f"/workspace/activities/{film.slug}/dates?lang=en", data=when(stage="look")).text
    assert "All of them can be." in page
