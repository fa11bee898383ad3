"""Posting says what the people of an activity add up to, and offers only rooms that hold them and may be had."""

import re

import pytest

from center import clock
from center.activities.clashes import SessionPlan, clashes_of
from center.bookings.series.shapes import place_of
from center.signups.posting.plans import preview
from center.spans import Span
from tests.activity_builders import make_kind
from tests.builders import at, make_account, make_booking, make_organisation, make_person, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.signups.test_posting import typed

pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("app")]


@pytest.fixture
def team():
    return make_organisation(leads=[make_account(make_person()).person], slug="team")


def looked_at(room, team, *, expected, hours=(14, 16)):
    asked = {"expected": expected, "organisation": team, "by": make_person(), "now": clock.now()}
    spans = [Span(at(hours[0], days=5), at(hours[1], days=5))]
    return preview(spans, room, {}, **asked).dates[0]


def test_a_room_too_small_for_all_who_come_says_the_sum_and_offers_rooms_that_hold_it(client, team):
    lead = make_account()
    others = make_organisation(leads=[lead.person], slug="others")
    room = make_room(code="R38", capacity=38)
    for code, facts in {"DESK": {"organisations_may_book": False}, "TINY": {"capacity": 42}, "BIG": {}}.items():
        make_room(code=code, **{"capacity": 50, **facts})
    sign_in(client, lead)
    form = typed(make_kind(), room, capacity="30", companions="10", volunteers="3", stage="look")
    page = client.post(f"/organisations/{others.slug}/work/new?lang=en", data=form).text
    assert "30 participants + 10 companions + 3 volunteers = 43 people. This room holds 38 people." in page
    assert set(re.findall(r'value="([A-Z0-9]+)/[^"]+"', page)) == {"BIG"}


def test_what_is_offered_for_a_date_may_really_be_had(team):
    room = make_room(code="R1", capacity=38)
    make_booking(room=room, starts_at=at(14, days=5), minutes=120)
    make_room(code="R2", organisations_may_book=False, capacity=60)
    make_room(code="R3", capacity=60, windows=[(at(9).time(), at(11).time())])
    make_room(code="R4", capacity=60)
    planned = looked_at(room, team, expected=30)
    assert planned.others
    assert {place.room.code for place in planned.others} == {"R1", "R4"}
    asked = {"expected": 30, "organisation": team, "by": make_person(), "now": clock.now()}
    for place in planned.others:
        assert place_of(place.token, planned.on) is not None
        assert clashes_of([SessionPlan(span=place.span, room=place.room)], **asked) == []


def test_the_room_that_is_too_small_is_not_offered_at_another_time(team):
    room = make_room(code="R1", capacity=10)
    assert looked_at(room, team, expected=43).others == []
