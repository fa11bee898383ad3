"""What publishing costs: statements that do not grow with the dates; and what of it is written and told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.allocation.models import AllocationRound
from center.allocation.publishing import publishing
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Person
from center.rooms.models import Occupancy
from tests.allocation.builders import FIRST, MORNING, THU, TUE, lead_of, make_round, make_wish, publish, team, times_in
from tests.allocation.builders import work_out as work_out_all
from tests.builders import at, make_booking, make_hall, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.statements import everything_sent

pytestmark = pytest.mark.usefixtures("monday")


def matched(slug: str, *, weeks: int) -> AllocationRound:
    """A round of two weekly times, each given to an organisation, over so many weeks."""
    found = make_round(
        make_room(), weekdays=(TUE, THU), slug=slug, ends_on=FIRST + timedelta(weeks=weeks) - timedelta(days=1)
    )
    for time in times_in(found):
        make_wish(found, team(), time)
    work_out_all(found, make_person())
    clock.start_at(MORNING)
    return found


def statements(found: AllocationRound, by: Person) -> tuple[int, int]:
    """How many dates a round has, and how many statements its publication sends."""
    with transaction():
        plans = publishing.look_ahead(found, now=clock.now())
        seen, dates = publishing.digest(plans), sum(len(each.booked) for each in plans)
    with everything_sent() as sent, transaction():
        publishing.publish(found, seen=seen, by=by, now=clock.now())
    return dates, len(sent)


@ONE_ENGINE
def test_more_dates_cost_no_more_statements() -> None:
    few, many, by = matched("few", weeks=4), matched("many", weeks=24), make_person()
    few_dates, few_sent = statements(few, by)
    many_dates, many_sent = statements(many, by)
    assert many_dates - few_dates >= 30
    assert many_sent <= few_sent + 2, f"{few_dates} dates: {few_sent}; {many_dates} dates: {many_sent}"
    assert few_sent < 100


def test_each_date_has_its_place_in_the_ledger_its_booking_and_its_history(app: Flask) -> None:
    hall, _part, _other = make_hall()
    found = make_round(hall)
    [slot] = times_in(found)
    winner = team()
    wish = make_wish(found, winner, slot)
    work_out_all(found, make_person())
    publish(found)
    [series] = db.session.scalars(select(BookingSeries)).all()
    bookings = db.session.scalars(select(Booking).order_by(Booking.starts_at)).all()
    assert [each.booking_id for each in series.dates] == [each.id for each in bookings]
    assert {each.status for each in bookings} == {BookingStatus.CONFIRMED}
    assert {(each.person_id, each.organisation_id) for each in bookings} == {(wish.person_id, winner.id)}
    rows = db.session.execute(select(Occupancy.use_id, Occupancy.room_id, Occupancy.clear_at)).all()
    assert {(row.use_id, row.clear_at) for row in rows} == {(each.use_id, each.clear_at) for each in bookings}
    assert {row.room_id for row in rows} == {part.id for part in hall.parts}
    assert len(rows) == len(bookings) * 2
    events = db.session.execute(select(BookingEvent.booking_id, BookingEvent.what)).all()
    assert {tuple(each) for each in events} == {(each.id, BookingChange.CONFIRMED) for each in bookings}


@ONE_ENGINE
def test_a_request_that_nobody_decided_in_time_gives_way() -> None:
    room = make_room()
    found = make_round(room)
    [slot] = times_in(found)
    make_wish(found, team(), slot)
    work_out_all(found, make_person())
    overdue = make_booking(
        room=room, status=BookingStatus.REQUESTED, starts_at=at(14, day=FIRST + timedelta(days=1)), minutes=120
    )
    with transaction():
        overdue.expires_at = clock.now() - timedelta(minutes=1)
    publish(found)
    assert db.session.get_one(Booking, overdue.id).status is BookingStatus.EXPIRED
    dates = select(func.count()).select_from(SeriesDate).where(SeriesDate.booking_id.is_not(None))
    assert db.session.scalar(dates) == 5


@ONE_ENGINE
def test_whoever_leads_hears_once_with_the_number_of_dates() -> None:
    found, winner = make_round(make_room()), team()
    [slot] = times_in(found)
    make_wish(found, winner, slot)
    work_out_all(found, make_person())
    before = db.session.scalar(select(func.count()).select_from(Notice))
    publish(found)
    told = db.session.scalars(select(Notice).where(Notice.person_id == lead_of(winner).id).order_by(Notice.id)).all()
    assert [each.kind for each in told][-1] == "allocation.published"
    assert db.session.scalar(select(func.count()).select_from(Notice)) == (before or 0) + 1
    assert "5" in told[-1].body
