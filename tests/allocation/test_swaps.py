"""Swaps of room times: what keeps one from coming about, then the ways through."""

from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.allocation.models.swaps import Swap, SwapState
from center.allocation.swaps import actions as swaps
from center.allocation.sweeps import SWEEPS
from center.bookings import actions
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.facts import Party as Footing
from center.bookings.series.date_checks import OnBehalf as Whose
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.notices.models import Notice
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Approval, Occupancy, Room
from tests.allocation.builders import lead_of, team
from tests.bookings.series.scene import THU, TUE, asked, book
from tests.builders import at, make_booking, make_person, make_room, move_booking
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("monday")


def had(organisation: Organisation, room: Room, **facts: Any) -> Booking:
    return make_booking(
        organisation=organisation, room=room, person=lead_of(organisation), **{"starts_at": at(10, days=5), **facts}
    )


def propose(ours: Any, theirs: Any) -> Swap:
    by = lead_of(ours.organisation)
    with transaction():
        return swaps.propose(ours, theirs, words="可以换吗？", by=by, now=clock.now())


def agree(swap: Swap, by: Person | None = None) -> None:
    by = by or lead_of(swap.to_organisation)
    with transaction():
        swaps.agree(swap, by=by, now=clock.now())


def place(booking: Booking) -> tuple[int, Any]:
    db.session.refresh(booking)
    return booking.room_id, booking.starts_at


def in_ledger(booking: Booking) -> list[tuple[int, Any]]:
    rows = db.session.execute(
        select(Occupancy.room_id, Occupancy.starts_at).where(Occupancy.use_id == booking.use_id).order_by(Occupancy.id)
    )
    return [(row.room_id, row.starts_at) for row in rows]


def ours_and_theirs(**facts: Any) -> tuple[Booking, Booking]:
    one, other = make_room(), make_room(**facts)
    return had(team(), one), had(team(), other, starts_at=at(14, days=6), minutes=120)


@ONE_ENGINE
@pytest.mark.parametrize(
    "facts",
    [{"capacity": 3}, {"windows": [(time(13), time(15))]}, {"organisations_may_book": False}],
    ids=["too small for who would come", "outside its fixed windows", "not for organisations"],
)
def test_what_the_other_room_refuses_to_who_would_use_it_is_refused_at_once(facts: dict[str, Any]) -> None:
    ours, theirs = ours_and_theirs(**facts)
    with pytest.raises(RuleBroken) as found:
        propose(ours, theirs)
    assert ours.organisation is not None
    assert ours.organisation.name_en in str(found.value) or ours.organisation.name in str(found.value)
    assert db.session.scalar(select(func.count()).select_from(Swap)) == 0
    assert in_ledger(ours) == [place(ours)]


@ONE_ENGINE
def test_nobody_swaps_with_themselves_or_a_date_for_a_series() -> None:
    organisation = team()
    one, other = had(organisation, make_room()), had(organisation, make_room())
    with pytest.raises(RuleBroken):
        propose(one, other)
    series = book(asked(make_room()), Whose(lead_of(organisation), organisation, Footing.ORGANISATION))
    with pytest.raises(RuleBroken):
        propose(series, had(team(), make_room()))


def test_of_a_time_that_was_cancelled_meanwhile_nothing_is_swapped(app: Flask) -> None:
    ours, theirs = ours_and_theirs()
    swap, before = propose(ours, theirs), place(ours)
    by = theirs.person
    with transaction():
        actions.cancel(theirs, by=by, now=clock.now())
    with pytest.raises(Conflict) as found:
        agree(swap)
    assert "没有交换" in str(found.value)
    assert place(ours) == before
    assert in_ledger(ours) == [before]
    assert db.session.get_one(Swap, swap.id).state is SwapState.PROPOSED


@ONE_ENGINE
def test_of_a_time_that_was_moved_meanwhile_nothing_is_swapped() -> None:
    ours, theirs = ours_and_theirs()
    swap = propose(ours, theirs)
    by = theirs.person
    with transaction():
        move_booking(theirs, by=by, now=clock.now(), as_staff=False, people=6)
    with pytest.raises(Conflict) as found:
        agree(swap)
    assert "已有改动" in str(found.value)


@ONE_ENGINE
@pytest.mark.parametrize("end", ["withdrawn", "refused", "expired"])
def test_what_is_over_cannot_be_agreed_to(end: str) -> None:
    ours, theirs = ours_and_theirs()
    swap = propose(ours, theirs)
    mine, yours = lead_of(swap.from_organisation), lead_of(swap.to_organisation)
    with transaction():
        if end == "withdrawn":
            swaps.withdraw(swap, by=mine, now=clock.now())
        if end == "refused":
            swaps.refuse(swap, reason="我们要用投影", by=yours, now=clock.now())
    if end == "expired":
        clock.start_at(swap.expires_at + timedelta(minutes=1))
        [sweep] = SWEEPS
        for key in sweep.due(clock.now()):
            sweep.settle(key, clock.now())
    assert db.session.get_one(Swap, swap.id).state == end
    with pytest.raises(Conflict):
        agree(swap)


@ONE_ENGINE
def test_a_refusal_needs_a_reason_that_the_others_read() -> None:
    ours, theirs = ours_and_theirs()
    swap = propose(ours, theirs)
    by = lead_of(swap.to_organisation)
    with pytest.raises(RuleBroken), transaction():
        swaps.refuse(swap, reason=" ", by=by, now=clock.now())
    with transaction():
        swaps.refuse(swap, reason="我们要用投影", by=by, now=clock.now())
    told = db.session.scalars(select(Notice).where(Notice.kind == "allocation.swap_ended")).all()
    assert [each.person_id for each in told] == [lead_of(swap.from_organisation).id]
    assert "我们要用投影" in told[0].body


def test_both_change_places_in_one_go_and_twice_is_once(app: Flask) -> None:
    ours, theirs = ours_and_theirs()
    before = place(ours), place(theirs)
    swap = propose(ours, theirs)
    agree(swap)
    agree(swap)
    assert (place(theirs), place(ours)) == before
    assert in_ledger(ours) == [place(ours)]
    assert in_ledger(theirs) == [place(theirs)]
    assert (ours.ends_at - ours.starts_at, theirs.ends_at - theirs.starts_at) == (
        timedelta(hours=2),
        timedelta(hours=1),
    )
    assert {ours.status, theirs.status} == {BookingStatus.CONFIRMED}
    assert (ours.sequence, theirs.sequence) == (1, 1)
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("UPDATE room_swaps SET state = 'proposed'"))


@ONE_ENGINE
def test_two_uses_of_one_room_side_by_side_change_places() -> None:
    room = make_room(buffer_minutes=0)
    ours, theirs = had(team(), room, starts_at=at(9, days=5)), had(team(), room, starts_at=at(10, days=5))
    before = place(ours), place(theirs)
    agree(propose(ours, theirs))
    assert (place(theirs), place(ours)) == before


@ONE_ENGINE
def test_of_two_swaps_of_one_time_the_second_is_told_that_it_has_changed() -> None:
    ours, theirs = ours_and_theirs()
    third = had(team(), make_room(), starts_at=at(16, days=6))
    first, second = propose(ours, theirs), propose(third, theirs)
    agree(first)
    before = place(third)
    with pytest.raises(Conflict):
        agree(second)
    assert place(third) == before


@ONE_ENGINE
def test_where_a_room_asks_for_approval_nothing_changes_before_staff_agree() -> None:
    ours, theirs = ours_and_theirs(approval=Approval.ALWAYS)
    before = place(ours), place(theirs)
    swap = propose(ours, theirs)
    agree(swap)
    assert db.session.get_one(Swap, swap.id).state is SwapState.WAITING
    assert (place(ours), place(theirs)) == before
    by = make_person()
    with transaction():
        swaps.approve(swap, by=by, now=clock.now())
    assert (place(theirs), place(ours)) == before
    assert ours.status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_a_slip_is_undone_within_ten_minutes_and_not_after() -> None:
    ours, theirs = ours_and_theirs()
    before = place(ours), place(theirs)
    swap = propose(ours, theirs)
    agree(swap)
    by = lead_of(swap.from_organisation)
    with transaction():
        swaps.take_back(swap, by=by, now=clock.now() + timedelta(minutes=9))
    assert (place(ours), place(theirs)) == before
    again = propose(ours, theirs)
    agree(again)
    with pytest.raises(RuleBroken), transaction():
        swaps.take_back(again, by=by, now=clock.now() + timedelta(minutes=10, seconds=5))


@ONE_ENGINE
def test_whole_series_change_places_week_by_week_and_what_only_one_has_stays() -> None:
    here, there = make_room(), make_room()
    one, other = team(), team()
    ours = book(asked(here, weekdays=(TUE,), count=4), Whose(lead_of(one), one, Footing.ORGANISATION))
    theirs = book(
        asked(there, weekdays=(THU,), count=3, starts=time(9), minutes=60),
        Whose(lead_of(other), other, Footing.ORGANISATION),
    )
    swap = propose(ours, theirs)
    agree(swap)
    db.session.expire_all()
    moved = db.session.get_one(BookingSeries, swap.from_series_id)
    assert (moved.room_id, moved.starts, moved.minutes) == (there.id, time(9), 60)
    assert [each.on_date.isoformat() for each in moved.dates] == ["2026-11-26", "2026-12-03", "2026-12-10"]
    assert not any(each.is_own_way for each in moved.dates)
    kept = db.session.get_one(BookingSeries, ours.id)
    assert [each.on_date.isoformat() for each in kept.dates] == ["2026-12-15"]
    got = db.session.get_one(BookingSeries, theirs.id)
    assert (got.room_id, got.starts) == (here.id, time(14, 30))
    assert [each.on_date.isoformat() for each in got.dates] == ["2026-11-24", "2026-12-01", "2026-12-08"]
    assert {each.booking.organisation_id for each in got.dates if each.booking} == {other.id}
    by = lead_of(other)
    with transaction():
        swaps.take_back(swap, by=by, now=clock.now())
    db.session.expire_all()
    back = db.session.get_one(BookingSeries, theirs.id)
    assert (back.room_id, back.starts) == (there.id, time(9))
    assert [each.on_date.isoformat() for each in back.dates] == ["2026-11-26", "2026-12-03", "2026-12-10"]


@ONE_ENGINE
def test_series_that_do_not_come_equally_often_are_not_swapped_as_a_whole() -> None:
    one, other = team(), team()
    ours = book(asked(make_room(), weekdays=(TUE, THU), count=4), Whose(lead_of(one), one, Footing.ORGANISATION))
    theirs = book(asked(make_room(), count=3), Whose(lead_of(other), other, Footing.ORGANISATION))
    with pytest.raises(DomainError) as found:
        propose(ours, theirs)
    assert "次数不同" in str(found.value)
