"""The director's week: one page that says what waits, what is due and late, and which rooms nobody uses."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from flask.testing import FlaskClient

from center.bookings.models import BookingStatus
from center.bookings.rulebook.segments import Segment, SegmentState
from center.feedback import complaints
from center.incubator.models.incubations import IncubationStage
from center.kernel import clock
from center.kernel.db import transaction
from center.organisations.models import Stage
from center.people.models import Role
from center.rooms.models import Approval
from center.web.desk.today.week import rooms_of_week
from tests.activity_builders import make_activity
from tests.allocation.builders import make_round
from tests.builders import ZONE, at, make_account, make_booking, make_organisation, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.incubator.builders import make_incubation
from tests.incubator.review_builders import make_publication
from tests.statements import selects

MONDAY = date(2026, 11, 23)


def said(client: FlaskClient) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/desk/week?lang=en").text))


def stage(which: IncubationStage, *, days: int, name: str) -> Any:
    made = make_incubation(stage=which, organisation=make_organisation(name_en=name))
    with transaction():
        made.due_on = clock.today(ZONE) + timedelta(days=days)
    return made


def scene() -> None:
    """One of each thing that a director has to see to."""
    hall = make_room(name_en="Hall", approval=Approval.ALWAYS, capacity=90, live_limit=0)
    make_booking(room=hall, status=BookingStatus.REQUESTED, people=60, purpose="Lanterns", starts_at=at(14, days=3))
    stage(IncubationStage.SUBMITTED, days=1, name="Newcomers")
    stage(IncubationStage.REVIEW, days=-1, name="Reviewed")
    published = stage(IncubationStage.PUBLISHED, days=3, name="Published")
    make_publication(published.decisions[-1], days_ago=1)
    stage(IncubationStage.WITHDRAWING, days=9, name="Leaving")
    late = make_organisation(name_en="Late ones", stage=Stage.INCUBATING)
    make_activity(organisation=late, title_en="Unfiled walk", starts=[at(9, days=2)])
    make_round(hall, name_en="Spring term", slug="spring")
    with transaction():
        complaints.complain(late, "门口太吵", contact="", person=None, by=None, now=clock.now())


@ONE_ENGINE
def test_nobody_but_the_director_reads_it(client: FlaskClient) -> None:
    for role in (Role.CLERK, Role.AUDITOR):
        sign_in(client, make_account(roles=[role]))
        assert client.get("/desk/week").status_code == 403
        assert "/desk/week" not in client.get("/desk").text


@ONE_ENGINE
def test_one_page_names_what_waits_with_its_number_and_leads_there(client: FlaskClient) -> None:
    scene()
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    shown = said(client)
    for words in (
        "Requests waiting 1", "Lanterns", "Reviews under way 1", "Reviewed", "Applications that wait 1", "Newcomers",
        "Published for objections 1", "until the end of", "Agreements and hand-overs 1", "Leaving",
        "Complaints to answer 1", "Filings past due 1", "Unfiled walk", "Room times of the terms 1", "Spring term",
        "Wishes can be named until", "Idle rooms 1", "Late",
    ):  # fmt: skip
        assert words in shown, words
    assert "门口太吵" not in shown  # a complaint is read on its own page, where the look is written down
    page = client.get("/desk/week").text
    for address in (
        "/desk/requests",
        "/desk/incubator",
        "/desk/feedback/complaints",
        "/desk/trail",
        "/desk/allocation",
    ):
        assert f'href="{address}' in page
    assert 'href="/desk/week"' in client.get("/desk").text


@ONE_ENGINE
def test_it_says_so_where_nothing_waits_and_reads_no_more_for_more(client: FlaskClient) -> None:
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    assert "No application waits for the centre." in said(client)
    scene()
    client.get("/desk/week")
    with selects() as before:
        client.get("/desk/week")
    scene_more = [stage(IncubationStage.SUBMITTED, days=n, name=f"More {n}") for n in range(4)]
    with selects() as after:
        client.get("/desk/week")
    assert scene_more
    assert len(after) <= len(before)


def test_the_least_used_room_stands_first_and_clearing_up_is_no_use() -> None:
    def day(code: str, *states: SegmentState, room_id: int, on: date = MONDAY) -> Any:
        nine = datetime(2026, 11, 23, 9, tzinfo=ZONE)
        pieces = [
            Segment(each, nine + timedelta(hours=n), nine + timedelta(hours=n + 1)) for n, each in enumerate(states)
        ]
        room = type("R", (), {"id": room_id, "code": code})()
        return type("D", (), {"room": room, "day": on, "segments": tuple(pieces)})()

    free, booked, shut = SegmentState.FREE, SegmentState.BOOKED, SegmentState.SHUT
    found = rooms_of_week(
        [
            day("busy", booked, booked, shut, room_id=1),
            day("half", SegmentState.HELD, SegmentState.CLEARING, room_id=2),
            day("idle", free, free, room_id=3),
            day("later", free, free, room_id=4),
            day("later", booked, free, room_id=4, on=MONDAY + timedelta(days=1)),
            day("never", room_id=5),
            day("closed", SegmentState.CLOSED, shut, room_id=6),
        ],
        today=MONDAY,
    )
    assert [(each.room.code, each.share, each.is_idle_today) for each in found] == [
        ("idle", 0, True),
        ("later", 25, True),
        ("half", 50, False),
        ("busy", 100, False),
    ]
