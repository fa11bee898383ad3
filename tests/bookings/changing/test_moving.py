"""Moving and changing bookings: what is refused leaves everything as it was."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from center.bookings import actions
from center.bookings.changing import moving
from center.bookings.changing.moving import ready_again
from center.bookings.changing.substitutes import substitutes
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel, RoomReady
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.refusals import rule_of
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken
from center.kernel.spans import Span
from center.rooms import ledger
from center.rooms.ledger import TimeTaken
from center.rooms.models import AccessFeature, Approval, Occupancy, Room, RoomFeature
from tests.builders import ZONE, at, make_booking, make_hall, make_organisation, make_person, make_room, move_booking
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def span(hour: int, minute: int = 0, *, minutes: int = 60, days: int = 1) -> Span:
    start = at(hour, minute, days=days)
    return Span(start, start + timedelta(minutes=minutes))


def move(
    booking: Booking, *, room: Room | None = None, to: Span | None = None, people: int | None = None, **more: Any
) -> None:
    now = more.pop("now", None) or clock.now()
    by = more.pop("by", None) or booking.person
    with transaction():
        move_booking(
            booking,
            room=db.session.get_one(Room, (room or booking.room).id),
            span=to or Span(booking.starts_at, booking.ends_at),
            people=people or booking.people,
            by=by,
            now=now,
            as_staff=more.pop("as_staff", False),
            **more,
        )


@dataclass(frozen=True)
class Snapshot:
    """All that a booking is: its columns, its rows in the ledger, its history."""

    columns: dict[str, Any]
    rows: set[Any]
    events: int


def snapshot(booking_id: int) -> Snapshot:
    db.session.rollback()
    booking = db.session.get_one(Booking, booking_id, populate_existing=True)
    rows = db.session.scalars(select(Occupancy).where(Occupancy.use_id == booking.use_id)).all()
    events = db.session.scalars(select(BookingEvent).where(BookingEvent.booking_id == booking_id)).all()
    columns = {column.name: getattr(booking, column.name) for column in Booking.__table__.columns}
    return Snapshot(columns, {(row.room_id, row.starts_at, row.clear_at) for row in rows}, len(events))


def history(booking: Booking) -> list[BookingEvent]:
    query = select(BookingEvent).where(BookingEvent.booking_id == booking.id).order_by(BookingEvent.id)
    return list(db.session.scalars(query))


def give(room: Room, *features: AccessFeature) -> Room:
    with transaction() as session:
        for feature in features:
            session.add(RoomFeature(room_id=room.id, feature=feature))
    return room


@ONE_ENGINE
def test_a_target_that_is_taken_leaves_the_booking_whole() -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    make_booking(room=room, starts_at=at(12))
    before = snapshot(booking.id)
    with pytest.raises(Conflict) as refused:
        move(booking, to=span(12, 30))
    assert rule_of(refused.value) == "free"
    assert snapshot(booking.id) == before


def test_the_ledger_refuses_a_move_that_the_rules_did_not_see() -> None:
    room, other = make_room(), make_room()
    booking = make_booking(room=room, starts_at=at(10))
    make_booking(room=other, starts_at=at(10))
    before = snapshot(booking.id)
    with pytest.raises(TimeTaken), transaction():
        ledger.retake(booking.use_id, db.session.get_one(Room, other.id), starts_at=at(10), clear_at=at(11), zone=ZONE)
    assert snapshot(booking.id) == before


@ONE_ENGINE
def test_a_move_takes_the_new_time_gives_the_old_back_and_says_from_where() -> None:
    room, other = make_room(buffer_minutes=15), make_room(buffer_minutes=30)
    booking = make_booking(room=room, starts_at=at(10), minutes=60)
    move(booking, room=other, to=span(14))
    after = snapshot(booking.id)
    assert after.rows == {(other.id, at(14), at(15, 30))}
    assert (booking.room_id, booking.clear_at, booking.sequence) == (other.id, at(15, 30), 1)
    (event,) = history(booking)
    assert event.what is BookingChange.MOVED
    assert (event.was_room_id, event.was_starts_at, event.was_ends_at) == (room.id, at(10), at(11))
    make_booking(room=room, starts_at=at(10))


@ONE_ENGINE
def test_asking_again_for_what_is_there_changes_nothing() -> None:
    booking = make_booking()
    move(booking, to=span(14), seen=0)
    before = snapshot(booking.id)
    move(booking, to=span(14), seen=0)
    assert snapshot(booking.id) == before


@ONE_ENGINE
def test_a_form_that_was_open_while_somebody_else_moved_it_is_refused() -> None:
    booking = make_booking()
    move(booking, to=span(14), seen=0)
    with pytest.raises(Conflict):
        move(booking, to=span(16), seen=0)
    assert booking.starts_at == at(14)


@ONE_ENGINE
def test_a_move_half_an_hour_on_may_use_its_own_old_time() -> None:
    room = make_room(buffer_minutes=15)
    booking = make_booking(room=room, starts_at=at(10))
    move(booking, to=span(10, 30))
    assert snapshot(booking.id).rows == {(room.id, at(10, 30), at(11, 45))}


@ONE_ENGINE
def test_a_part_can_become_the_whole_and_back_unless_the_other_part_is_taken() -> None:
    hall, left, right = make_hall()
    booking = make_booking(room=left, starts_at=at(10))
    move(booking, room=hall)
    assert {row[0] for row in snapshot(booking.id).rows} == {left.id, right.id}
    move(booking, room=right)
    assert {row[0] for row in snapshot(booking.id).rows} == {right.id}
    make_booking(room=left, starts_at=at(10))
    before = snapshot(booking.id)
    with pytest.raises(Conflict):
        move(booking, room=hall)
    assert snapshot(booking.id) == before


def test_a_moved_booking_waits_again_where_staff_must_agree() -> None:
    room = make_room(approval=Approval.ALWAYS, expire_minutes=60)
    booking = make_booking(room=room, decided_at=clock.now())
    move(booking, to=span(14))
    assert (booking.status, booking.decided_at) == (BookingStatus.REQUESTED, None)
    assert booking.expires_at == at(13)
    assert [event.what for event in history(booking)] == [BookingChange.MOVED, BookingChange.REQUESTED]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({"to": (10, 30, 30)}, BookingStatus.CONFIRMED, id="shorter"),
        pytest.param({"people": 3}, BookingStatus.CONFIRMED, id="fewer people"),
        pytest.param({"note": "门口见"}, BookingStatus.CONFIRMED, id="a note"),
        pytest.param({"people": 6}, BookingStatus.REQUESTED, id="more people"),
        pytest.param({"purpose": "卡拉OK"}, BookingStatus.REQUESTED, id="another purpose"),
        pytest.param({"to": (10, 30, 60)}, BookingStatus.REQUESTED, id="later"),
        pytest.param({"to": (10, 30, 30), "people": 6}, BookingStatus.REQUESTED, id="shorter with more people"),
    ],
)
def test_only_less_of_the_same_stays_agreed(changes: dict[str, Any], status: BookingStatus) -> None:
    booking = make_booking(room=make_room(approval=Approval.ALWAYS), people=5)
    to = {"to": span(*changes["to"][:2], minutes=changes["to"][2])} if "to" in changes else {}
    move(booking, **{**changes, **to})
    assert booking.status is status


@ONE_ENGINE
def test_shortening_asks_for_no_notice_and_no_new_room_on_the_limit() -> None:
    room, person = make_room(notice_minutes=24 * 60, live_limit=1, cancel_minutes=60, horizon_days=1), make_person()
    booking = make_booking(room=room, person=person, starts_at=at(20, days=0), minutes=60)
    if booking.starts_at - timedelta(hours=1) <= clock.now():
        booking = make_booking(room=room, person=person, starts_at=at(10), minutes=60)
    now = booking.starts_at - timedelta(minutes=61)
    move(booking, to=Span(booking.starts_at, booking.starts_at + timedelta(minutes=30)), now=now)
    assert booking.ends_at - booking.starts_at == timedelta(minutes=30)
    with pytest.raises(RuleBroken) as refused:
        move(booking, to=Span(booking.starts_at, booking.starts_at + timedelta(minutes=60)), now=now)
    assert rule_of(refused.value) == "notice"


@ONE_ENGINE
def test_shortening_still_keeps_to_the_shortest_use() -> None:
    booking = make_booking(room=make_room(min_minutes=30))
    with pytest.raises(RuleBroken) as refused:
        move(booking, to=span(10, minutes=15))
    assert rule_of(refused.value) == "shortest"


def test_a_longer_buffer_set_meanwhile_does_not_stop_somebody_from_shortening() -> None:
    room = make_room(buffer_minutes=0)
    booking = make_booking(room=room, minutes=60)
    make_booking(room=room, starts_at=at(11))
    with transaction() as session:
        session.get_one(Room, room.id).buffer_minutes = 45
    move(booking, to=span(10, minutes=30))
    assert booking.clear_at == at(11)


@ONE_ENGINE
def test_clearing_up_grows_with_the_rooms_rules_where_there_is_space() -> None:
    """As it does when a date of a series is changed: one hand moves both."""
    room = make_room(buffer_minutes=0)
    booking = make_booking(room=room, minutes=60)
    with transaction() as session:
        session.get_one(Room, room.id).buffer_minutes = 45
    move(booking, people=6)
    assert booking.clear_at == at(11), "its time was not changed"
    move(booking, to=span(10, minutes=30))
    assert booking.clear_at == at(11, 15)
    with pytest.raises(TimeTaken):
        make_booking(room=room, starts_at=at(11), person=make_person())


def test_a_request_that_needs_nobody_after_the_change_is_confirmed() -> None:
    room = make_room(approval=Approval.FROM_PEOPLE, approval_from_people=10)
    booking = make_booking(room=room, people=12, status=BookingStatus.REQUESTED)
    move(booking, people=8)
    assert booking.status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_shrinking_while_staff_decide_is_noticed_by_them() -> None:
    clerk = make_person()
    booking = make_booking(room=make_room(approval=Approval.ALWAYS), people=15, status=BookingStatus.REQUESTED)
    seen = booking.sequence
    move(booking, people=8)
    with pytest.raises(Conflict), transaction():
        actions.approve(booking, by=clerk, now=clock.now(), seen=seen)
    assert booking.status.name == "REQUESTED"
    with transaction():
        actions.approve(booking, by=clerk, now=clock.now(), seen=booking.sequence)
    assert booking.status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_after_the_deadline_only_the_desk_changes_it() -> None:
    booking = make_booking(room=make_room(cancel_minutes=120))
    with pytest.raises(RuleBroken):
        move(booking, to=span(14), now=at(8, 1))
    move(booking, to=span(14), now=at(8, 1), by=make_person(), as_staff=True)
    assert booking.starts_at == at(14)


@ONE_ENGINE
@pytest.mark.parametrize("status", [s for s in BookingStatus if s not in {"requested", "confirmed"}])
def test_what_is_over_cannot_be_moved(status: Any) -> None:
    booking = make_booking(status=status)
    with pytest.raises(Conflict):
        move(booking, to=span(14))
    assert snapshot(booking.id).rows == set()


@ONE_ENGINE
def test_a_retired_room_takes_nobody_new() -> None:
    booking, retired = make_booking(), make_room(is_retired=True)
    with pytest.raises(NotFound):
        move(booking, room=retired)


@ONE_ENGINE
def test_moving_over_an_overdue_request_puts_it_away_first() -> None:
    room = make_room(approval=Approval.ALWAYS)
    overdue = make_booking(room=room, starts_at=at(14), status=BookingStatus.REQUESTED, expires_at=clock.now())
    booking = make_booking(room=room, starts_at=at(10))
    move(booking, to=span(14))
    db.session.refresh(overdue)
    assert overdue.status is BookingStatus.EXPIRED
    assert booking.starts_at == at(14)


def test_a_set_up_wish_keeps_the_room_for_longer_and_is_judged_so() -> None:
    room = make_room(buffer_minutes=15, set_up_minutes=30)
    booking = make_booking(room=room, starts_at=at(10))
    make_booking(room=room, starts_at=at(11, 30))
    with pytest.raises(Conflict):
        move(booking, set_up="椅子围成一圈")
    move(booking, to=span(10, minutes=30), set_up="椅子围成一圈")
    assert snapshot(booking.id).rows == {(room.id, at(10), at(11, 15))}


@ONE_ENGINE
def test_what_was_made_ready_must_be_made_ready_again_after_a_move() -> None:
    booking, clerk = make_booking(set_up="椅子围成一圈"), make_person()
    with transaction() as session:
        session.add(RoomReady(booking_id=booking.id, done_at=clock.now(), done_by_id=clerk.id))
    move(booking, note="带茶")
    assert db.session.get(RoomReady, booking.id) is not None
    move(booking, to=span(14))
    db.session.rollback()
    assert db.session.get(RoomReady, booking.id) is None


@ONE_ENGINE
def test_a_need_that_the_new_room_lacks_is_refused_with_rooms_that_have_it() -> None:
    plain, better = make_room(), give(make_room(name_en="Better room"), AccessFeature.LIFT)
    booking = make_booking(room=better)
    with pytest.raises(RuleBroken) as refused:
        move(booking, room=plain, needs=[AccessFeature.LIFT])
    assert refused.value.field == "needs"
    assert better.name in str(refused.value) or better.name_en in str(refused.value)
    move(booking, needs=[AccessFeature.LIFT])
    assert booking.needed == {AccessFeature.LIFT}
    move(booking, room=plain, by=make_person(), as_staff=True)
    assert booking.room_id == plain.id


def move_by_staff(
    booking: Booking,
    *,
    room: Room | None = None,
    to: Span | None = None,
    reason: str = "消防检查",
    agreed: bool = False,
    now: datetime | None = None,
) -> None:
    clerk = make_person()
    with transaction():
        moving.move_by_staff(
            booking,
            room=db.session.get_one(Room, (room or booking.room).id),
            span=to or Span(booking.starts_at, booking.ends_at),
            reason=reason,
            agreed=agreed,
            by=clerk,
            now=now or clock.now(),
        )


@ONE_ENGINE
def test_staff_must_have_spoken_to_the_person_within_a_day() -> None:
    other = make_room()
    booking = make_booking(starts_at=at(10, days=3))
    day_before = at(10, 1, days=2)
    with pytest.raises(RuleBroken) as refused:
        move_by_staff(booking, room=other, now=day_before)
    assert refused.value.field == "agreed"
    with pytest.raises(RuleBroken):
        move_by_staff(booking, to=span(10), now=at(12, days=0))
    with pytest.raises(RuleBroken) as refused:
        move_by_staff(booking, room=other, reason=" ")
    assert refused.value.field == "reason"
    move_by_staff(booking, room=other, now=day_before, agreed=True)
    (event,) = history(booking)
    assert (event.channel, event.reason) == (Channel.PHONE, "消防检查")
    assert booking.move_agreed_at == day_before


@ONE_ENGINE
def test_whom_staff_moved_may_say_it_is_fine_or_cancel_until_it_starts() -> None:
    room = make_room(cancel_minutes=24 * 60)
    booking = make_booking(room=room, starts_at=at(10, days=3))
    move_by_staff(booking, to=span(14, days=3))
    for _again in range(2):
        with transaction():
            moving.agree(booking, by=booking.person, now=clock.now())
    assert [event.what for event in history(booking)] == [BookingChange.MOVED, BookingChange.KEPT]
    with pytest.raises(RuleBroken), transaction():
        actions.cancel(booking, by=booking.person, now=at(14, days=3))
    with transaction():
        actions.cancel(booking, by=booking.person, now=at(13, 59, days=3))
    assert booking.status is BookingStatus.CANCELLED


def test_staff_move_a_request_and_it_still_waits() -> None:
    booking = make_booking(
        room=make_room(approval=Approval.ALWAYS), status=BookingStatus.REQUESTED, starts_at=at(10, days=3)
    )
    move_by_staff(booking, to=span(14, days=3))
    assert (booking.status, booking.expires_at) == (BookingStatus.REQUESTED, at(12, days=2))


def test_substitutes_are_rooms_at_the_same_time_that_suit_the_smallest_first() -> None:
    room = give(make_room(capacity=30), AccessFeature.LIFT)
    large = give(make_room(capacity=60), AccessFeature.LIFT)
    small = give(make_room(capacity=25), AccessFeature.LIFT)
    make_room(capacity=30)  # no lift
    give(make_room(capacity=19), AccessFeature.LIFT)
    give(make_room(capacity=40, residents_may_book=False), AccessFeature.LIFT)
    taken = give(make_room(capacity=26), AccessFeature.LIFT)
    make_booking(room=taken)
    booking = make_booking(room=room, people=20)
    with transaction():
        ready_again(booking)
    move(booking, needs=[AccessFeature.LIFT])
    found = substitutes(booking, now=clock.now())
    assert [(each.room.id, each.span) for each in found] == [(small.id, span(10)), (large.id, span(10))]


@ONE_ENGINE
def test_without_another_room_substitutes_are_other_times_in_the_same_room() -> None:
    booking = make_booking(people=20)
    shut = Span(at(8), at(14))
    found = substitutes(booking, now=clock.now(), avoiding=[shut])
    assert found
    assert {each.room.id for each in found} == {booking.room_id}
    assert not any(each.span.overlaps(shut) for each in found)


@ONE_ENGINE
def test_an_organisations_booking_finds_rooms_for_organisations() -> None:
    organisation = make_organisation()
    theirs = make_room(residents_may_book=False)
    make_room(organisations_may_book=False)
    booking = make_booking(organisation=organisation)
    assert [each.room.id for each in substitutes(booking, now=clock.now())] == [theirs.id]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    hour=st.integers(7, 21),
    minute=st.sampled_from([0, 15, 30]),
    minutes=st.sampled_from([15, 30, 60, 120, 300]),
    people=st.integers(1, 30),
    place=st.integers(0, 3),
    as_staff=st.booleans(),
    late=st.booleans(),
)
def test_a_failed_move_changes_nothing(
    scene: tuple[Booking, list[Room]],
    hour: Any,
    minute: Any,
    minutes: Any,
    people: Any,
    place: Any,
    as_staff: Any,
    late: Any,
) -> None:
    booking, places = scene
    before = snapshot(booking.id)
    try:
        move(
            booking,
            room=places[place],
            to=span(hour, minute, minutes=minutes),
            people=people,
            as_staff=as_staff,
            now=at(9) if late else clock.now(),
        )
    except DomainError:
        assert snapshot(booking.id) == before
        return
    after = snapshot(booking.id)
    due = {(leaf.id, booking.starts_at, booking.clear_at) for leaf in booking.room.leaves}
    assert after.rows == due


@pytest.fixture
def scene(app: Flask) -> tuple[Booking, list[Room]]:
    """A booking, and rooms some of whose time others have."""
    hall, left, right = make_hall(buffer_minutes=15, live_limit=1)
    plain = make_room(capacity=20, live_limit=1)
    booking = make_booking(room=left, starts_at=at(10), person=make_person())
    make_booking(room=right, starts_at=at(10, 30))
    make_booking(room=plain, starts_at=at(15), minutes=120)
    return booking, [hall, left, right, plain]


@ONE_ENGINE
def test_whoever_books_over_an_overdue_request_gets_its_time() -> None:
    room = make_room(approval=Approval.ALWAYS)
    overdue = make_booking(room=room, status=BookingStatus.REQUESTED, expires_at=clock.now() - timedelta(minutes=1))
    person = make_person()
    asked = BookingRequest(span=span(10), people=5, purpose="读书会", request_key=str(uuid.uuid4()))
    with transaction():
        booking = actions.request_booking(
            db.session.get_one(Room, room.id), asked, person=person, by=person, party=Party.PERSON, now=clock.now()
        )
    db.session.refresh(overdue)
    assert overdue.status is BookingStatus.EXPIRED
    assert booking.status is BookingStatus.REQUESTED
    (event,) = history(overdue)
    assert (event.what, event.by_id) == (BookingChange.EXPIRED, None)


@ONE_ENGINE
@pytest.mark.parametrize("decide", ["approve", "decline"])
def test_what_nobody_decided_in_time_cannot_be_decided(decide: str) -> None:
    clerk = make_person()
    booking = make_booking(room=make_room(approval=Approval.ALWAYS), status=BookingStatus.REQUESTED, expires_at=at(9))
    more = {} if decide == "approve" else {"reason": "太晚"}
    with pytest.raises(RuleBroken), transaction():
        getattr(actions, decide)(booking, by=clerk, now=at(9), **more)
    with pytest.raises(RuleBroken):
        move(booking, to=span(14), now=at(9))
    with transaction():
        assert actions.expire(booking, now=at(9))
        assert not actions.expire(booking, now=at(9))
    assert booking.status is BookingStatus.EXPIRED
    assert snapshot(booking.id).rows == set()
