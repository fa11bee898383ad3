"""What staff set beside a room's own rules, as it bites on bookings."""

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from center.bookings import actions, history
from center.bookings.models import Booking, BookingChange, BookingStatus
from center.bookings.rulebook.facts import Party, ProposedUse
from center.bookings.rulebook.judging import judge
from center.bookings.rulebook.refusals import rule_of
from center.bookings.writing import BookingRequest, NeedsReason
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Building, Person
from center.rooms.models import Room
from center.rooms.rule_models import ApprovalHours, Period, PurposeRule, RoomAudience, RoomPurpose, Whose
from tests.builders import (
    at,
    make_booking,
    make_building,
    make_hall,
    make_organisation,
    make_people_group,
    make_person,
    make_priority,
    make_purpose,
    make_quota,
    make_room,
)
from tests.engines import ONE_ENGINE
from tests.statements import everything_sent, selects

pytestmark = pytest.mark.usefixtures("app")


def span(start: datetime, minutes: int = 60) -> Span:
    return Span(start, start + timedelta(minutes=minutes))


def book(
    room: Room,
    person: Person,
    start: datetime | None = None,
    *,
    minutes: int = 60,
    organisation: Organisation | None = None,
    party: Party | None = None,
    people: int = 5,
    **more: Any,
) -> Booking:
    reason, purpose_id = more.get("reason", ""), more.get("purpose_id")
    asked = BookingRequest(
        span=span(start or at(10), minutes),
        people=people,
        purpose="读书会",
        request_key=str(uuid.uuid4()),
        purpose_id=purpose_id,
    )
    with transaction():
        return actions.request_booking(
            db.session.get_one(Room, room.id),
            asked,
            person=person,
            by=more.get("by", person),
            party=party or (Party.ORGANISATION if organisation else Party.PERSON),
            organisation=organisation,
            now=clock.now(),
            override_reason=reason,
        )


def refused_by(room: Room, person: Person, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        book(room, person, *args, **kwargs)
    return str(rule_of(refused.value))


def family(*, door: str = "301", unit: str = "1", building: Building | None = None) -> list[Person]:
    building = building or make_building()
    return [make_person(building=building, unit=unit, door=door) for _ in range(2)]


def test_a_households_quota_counts_everybody_behind_the_door_and_nobody_else() -> None:
    room, building = make_room(), make_building()
    mother, son = family(building=building)
    neighbour = make_person(building=building, unit="1", door="302")
    make_quota(whose=Whose.HOUSEHOLD, per=Period.DAY)
    book(room, mother)
    assert refused_by(room, son, at(12)) == "quota"
    book(room, neighbour, at(12))


@ONE_ENGINE
def test_people_without_an_address_are_no_household() -> None:
    room = make_room()
    make_quota(whose=Whose.HOUSEHOLD, per=Period.DAY)
    book(room, make_person())
    book(room, make_person(), at(12))


def test_an_organisations_bookings_are_not_its_leads_own() -> None:
    room, lead = make_room(), make_person()
    organisation = make_organisation(leads=[lead])
    make_quota(whose=Whose.PERSON, per=Period.DAY)
    make_quota(whose=Whose.ORGANISATION, per=Period.DAY, most_bookings=2)
    book(room, lead)
    book(room, lead, at(12), organisation=organisation)
    book(room, lead, at(14), organisation=organisation)
    assert refused_by(room, lead, at(16), organisation=organisation) == "quota"


def test_a_quota_on_a_group_of_rooms_adds_up_everybodys_hours_in_them() -> None:
    loud, drums, quiet = make_room(), make_room(), make_room()
    make_quota(whose=Whose.EVERYBODY, per=Period.DAY, most_minutes=120, rooms=[loud, drums])
    book(loud, make_person())
    book(drums, make_person(), minutes=60)
    assert refused_by(drums, make_person(), at(13)) == "quota"
    book(quiet, make_person(), at(13))
    book(drums, make_person(), at(13, days=2))


@ONE_ENGINE
def test_a_quota_on_a_hall_counts_its_parts() -> None:
    hall, left, right = make_hall()
    make_quota(whose=Whose.EVERYBODY, per=Period.DAY, room_id=hall.id)
    book(left, make_person())
    assert refused_by(right, make_person()) == "quota"
    assert refused_by(hall, make_person(), at(14)) == "quota"


@ONE_ENGINE
@pytest.mark.parametrize(
    ("status", "counts"),
    [
        (BookingStatus.CANCELLED, False),
        (BookingStatus.DECLINED, False),
        (BookingStatus.EXPIRED, False),
        (BookingStatus.RELEASED, True),
        (BookingStatus.REQUESTED, True),
        (BookingStatus.CONFIRMED, True),
    ],
)
def test_time_that_was_had_counts_and_time_that_was_given_back_does_not(status: BookingStatus, counts: bool) -> None:
    room, person = make_room(), make_person()
    make_quota(per=Period.DAY)
    make_booking(room=room, person=person, status=status)
    if counts:
        assert refused_by(room, person, at(14)) == "quota"
    else:
        book(room, person, at(14))


@ONE_ENGINE
def test_a_past_booking_of_the_week_still_counts() -> None:
    room, person = make_room(horizon_days=366), make_person()
    make_quota(per=Period.MONTH, most_bookings=1)
    day = at(10, days=40).replace(day=15)
    make_booking(room=room, person=person, starts_at=day)
    assert refused_by(room, person, day + timedelta(days=1)) == "quota"
    book(room, person, day + timedelta(days=31))


@ONE_ENGINE
def test_a_move_does_not_count_itself_and_planned_dates_do() -> None:
    room, person = make_room(), make_person()
    make_quota(per=Period.DAY)
    booking = book(room, person)
    asked = ProposedUse(span(at(14)), 5, Party.PERSON)
    moved = judge(room, asked, person=person, organisation=None, now=clock.now(), instead_of=booking)
    assert moved.refusals == []
    alone = judge(
        room, ProposedUse(span(at(14, days=2)), 5, Party.PERSON), person=person, organisation=None, now=clock.now()
    )
    assert alone.refusals == []
    planned = judge(
        room,
        ProposedUse(span(at(14, days=2)), 5, Party.PERSON),
        person=person,
        organisation=None,
        now=clock.now(),
        planned=[span(at(10, days=2))],
    )
    assert [rule_of(error) for error in planned.refusals] == ["live_limit"]  # which says the quota too


def test_a_room_for_a_group_refuses_others_and_names_the_group() -> None:
    room, weaver = make_room(), make_person()
    organisation = make_organisation(leads=[weaver])
    group = make_people_group(weaver, name="织女")
    with transaction() as session:
        session.add(RoomAudience(room_id=room.id, group_id=group.id))
    book(room, weaver)
    assert refused_by(room, make_person(), at(12)) == "audience"
    assert refused_by(room, weaver, at(12), organisation=organisation) == "audience"


@ONE_ENGINE
def test_a_part_is_for_whom_its_whole_is() -> None:
    hall, left, _right = make_hall()
    group = make_people_group()
    with transaction() as session:
        session.add(RoomAudience(room_id=hall.id, group_id=group.id))
    assert refused_by(left, make_person()) == "audience"


@ONE_ENGINE
def test_kept_hours_are_for_their_group_and_bind_the_whole_of_a_part() -> None:
    hall, left, right = make_hall()
    school = make_organisation(leads=[tutor := make_person()])
    make_priority(left, group_id=make_people_group(school).id)
    assert refused_by(left, make_person(), at(16)) == "priority"
    assert refused_by(hall, make_person(), at(16)) == "priority"
    book(right, make_person(), at(16))
    book(left, tutor, at(16), organisation=school)


def test_a_purpose_is_ruled_for_all_rooms_and_otherwise_in_one() -> None:
    studio, hall, seller = make_room(), make_room(), make_person()
    selling = make_purpose(rule=PurposeRule.NOT_ALLOWED)
    with transaction() as session:
        session.add(RoomPurpose(room_id=studio.id, purpose_id=selling.id, rule=PurposeRule.APPROVAL))
    assert refused_by(hall, seller, purpose_id=selling.id) == "purpose"
    booking = book(studio, seller, purpose_id=selling.id)
    assert (booking.status, booking.purpose_id) == (BookingStatus.REQUESTED, selling.id)


@ONE_ENGINE
def test_a_booking_outside_the_hours_without_approval_waits() -> None:
    room = make_room()
    with transaction() as session:
        session.add(ApprovalHours(room_id=room.id, opens=time(9), closes=time(17)))
    assert book(room, make_person()).status is BookingStatus.CONFIRMED
    assert book(room, make_person(), at(19)).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_staff_book_against_a_rule_with_a_reason_that_is_kept() -> None:
    room, person, clerk = make_room(), make_person(), make_person()
    make_quota(per=Period.DAY)
    book(room, person)
    with pytest.raises(NeedsReason) as refused:
        book(room, person, at(12), by=clerk, party=Party.STAFF)
    assert [rule_of(notice) for notice in refused.value.notices] == ["quota"]
    booking = book(room, person, at(12), by=clerk, party=Party.STAFF, reason="丧事")
    assert booking.status is BookingStatus.CONFIRMED
    told = {event.what: event for event in history.events_of(booking)}
    assert "丧事" in told[BookingChange.OVERRIDDEN].reason
    assert told[BookingChange.OVERRIDDEN].by_id == clerk.id


@ONE_ENGINE
def test_a_reason_without_a_notice_is_not_written_down() -> None:
    clerk = make_person()
    booking = book(make_room(), make_person(), by=clerk, party=Party.STAFF, reason="以防万一")
    assert [event.what for event in history.events_of(booking)] == [BookingChange.CONFIRMED]


@ONE_ENGINE
@pytest.mark.parametrize("why", ["capacity", "free"])
def test_no_reason_helps_against_a_hard_stop(why: str) -> None:
    room, clerk = make_room(), make_person()
    make_booking(room=room, starts_at=at(10 if why == "free" else 15))
    with pytest.raises(DomainError) as refused:
        book(room, make_person(), people=21 if why == "capacity" else 5, by=clerk, party=Party.STAFF, reason="领导要用")
    assert rule_of(refused.value) == why
    assert len(db.session.scalars(select(Booking)).all()) == 1


@ONE_ENGINE
def test_judging_costs_the_same_however_many_rules_and_bookings_there_are() -> None:
    clock.start_at(at(9, day=date(2026, 11, 24)))  # at the turn of a year its holidays are read, too
    room, person = make_room(), make_person(building=make_building(), unit="1", door="1")
    costs = []
    for n in range(1, 4):
        for _each in range(n):
            other = make_room()
            make_quota(whose=Whose.HOUSEHOLD, most_bookings=99, rooms=[room, other])
            make_priority(room, opens=time(19), closes=time(20), group_id=make_people_group(person).id)
            make_booking(room=other, person=person, starts_at=at(8 + n))
        asked = ProposedUse(span(at(14)), 5, Party.PERSON)
        room_again = db.session.get_one(Room, room.id)
        with selects() as seen:
            judge(room_again, asked, person=person, organisation=None, now=clock.now())
        costs.append(len(seen))
    assert costs[1] == costs[2]
    assert costs[2] <= 23  # where all that staff have set has to be read anew
    for _again in range(2):
        db.session.info.pop("known", None)
        with everything_sent() as sent:
            judge(room_again, asked, person=person, organisation=None, now=clock.now())
    assert len(sent) <= 8  # while it stands
