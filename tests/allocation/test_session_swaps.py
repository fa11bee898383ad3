"""Sessions of activities that change places: what keeps it from coming about, then that everybody who comes hears."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from center.activities import sessions as activity_sessions
from center.activities.clashes import SessionPlan
from center.activities.models import ActivityChange, ActivityEvent, Session
from center.allocation.models.swaps import Swap, SwapPair, SwapState
from center.allocation.swaps import actions as swaps
from center.allocation.swaps.queries import sessions_to_ask_for, sessions_to_swap
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.spans import Span
from center.notices.models import Notice
from center.organisations.models import Organisation, OrganisationKind
from center.rooms.models import Approval, Occupancy, Room, RoomUse
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.allocation.builders import lead_of, team
from tests.builders import at, make_booking, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_season, make_troupe

pytestmark = pytest.mark.usefixtures("monday")


def held(organisation: Organisation, room: Room, *, days: int = 5, hour: int = 10, **facts: Any) -> Session:
    activity = make_activity(organisation=organisation, room=room, starts=[at(hour, days=days)], **facts)
    return activity.sessions[0]


def had(organisation: Organisation, room: Room) -> Booking:
    return make_booking(
        organisation=organisation, room=room, person=lead_of(organisation), starts_at=at(14, days=6), minutes=120
    )


def propose(ours: Any, theirs: Any, by: Organisation) -> Swap:
    lead = lead_of(by)
    with transaction():
        return swaps.propose(ours, theirs, words="", by=lead, now=clock.now())


def agree(swap: Swap) -> None:
    by = lead_of(swap.to_organisation)
    with transaction():
        swaps.agree(swap, by=by, now=clock.now())


def place(slot: Booking | Session) -> tuple[Any, ...]:
    db.session.refresh(slot)
    return slot.room_id, slot.starts_at, slot.ends_at


def in_ledger(slot: Booking | Session) -> list[tuple[Any, ...]]:
    query = select(Occupancy.room_id, Occupancy.starts_at).where(Occupancy.use_id == slot.use_id)
    return [(row.room_id, row.starts_at) for row in db.session.execute(query.order_by(Occupancy.id))]


@ONE_ENGINE
def test_a_room_that_is_too_small_for_an_activity_refuses_it_at_once() -> None:
    one, other = team(), team()
    film, theirs = held(one, make_room(capacity=50), expected=30), had(other, make_room(capacity=12))
    with pytest.raises(RuleBroken) as found:
        propose(film, theirs, one)
    assert "12" in str(found.value)
    assert in_ledger(film) == [place(film)[:2]]


@ONE_ENGINE
@pytest.mark.parametrize("last", [5, 6], ids=["the season is over before", "on its last day"])
def test_a_rehearsal_is_not_swapped_to_a_day_outside_its_season(last: int) -> None:
    one, other = team(), team()
    rehearsal, theirs = held(one, make_room()), had(other, make_room())
    ends_on = at(12, days=last).date()
    make_season(make_troupe(organisation=one), activity_id=rehearsal.activity_id, ends_on=ends_on)
    if last == 6:
        return agree(propose(rehearsal, theirs, one))
    for ours, asked, by in ((rehearsal, theirs, one), (theirs, rehearsal, other)):
        with pytest.raises(RuleBroken, match="演出季"):
            propose(ours, asked, by)
    assert in_ledger(rehearsal) == [place(rehearsal)[:2]]


@ONE_ENGINE
def test_neither_drafts_nor_the_centres_own_nor_what_children_go_to_is_swapped() -> None:
    one, other = team(), team()
    draft = held(one, make_room(), is_published=False)
    ours = held(team(kind=OrganisationKind.CENTRE), make_room())
    children = held(one, make_room())
    with transaction():
        children.activity.is_confined = True
    for each in (draft, ours, children):
        with pytest.raises(Conflict):
            propose(had(other, make_room()), each, other)
    assert sessions_to_ask_for(other.id, now=clock.now()) == []
    shown = held(one, make_room(), hour=16)
    assert [each.id for each in sessions_to_swap(one.id, now=clock.now())] == [shown.id]


@pytest.mark.parametrize("what", ["cancelled", "moved"])
def test_of_a_session_that_was_changed_meanwhile_nothing_is_swapped(app: Flask, what: str) -> None:
    one, other = team(), team()
    film, theirs = held(one, make_room()), had(other, make_room())
    swap, before = propose(film, theirs, one), place(theirs)
    by, elsewhere = lead_of(one), make_room()
    with transaction():
        if what == "cancelled":
            activity_sessions.cancel_session(film, reason="放映机坏了", by=by, now=clock.now())
        else:
            plan = SessionPlan(span=Span(film.starts_at, film.ends_at), room=elsewhere)
            activity_sessions.move_session(film, plan, by=by, now=clock.now())
    with pytest.raises(Conflict) as found:
        agree(swap)
    assert "没有交换" in str(found.value)
    assert place(theirs) == before
    assert in_ledger(theirs) == [before[:2]]
    assert db.session.get_one(Swap, swap.id).state is SwapState.PROPOSED


def test_a_session_and_a_booking_change_places_and_all_who_come_hear_of_it(app: Flask) -> None:
    one, other = team(), team()
    film, theirs = held(one, make_room(), title="口述电影"), had(other, make_room())
    neighbour = make_person()
    sign_up(make_roster(film.activity), neighbour)
    before = place(film), place(theirs)
    swap = propose(film, theirs, one)
    assert not _told(neighbour.id)
    agree(swap)
    agree(swap)
    assert (place(theirs), place(film)) == before
    assert in_ledger(film) == [place(film)[:2]]
    assert in_ledger(theirs) == [place(theirs)[:2]]
    use = db.session.get_one(RoomUse, film.use_id)
    assert (use.ends_at, "口述电影" in use.label) == (film.ends_at, True)
    [told] = _told(neighbour.id)
    assert film.room is not None
    assert film.room.name in told.body
    moves = select(ActivityEvent).where(ActivityEvent.what == ActivityChange.SESSION_MOVED)
    assert [each.session_id for each in db.session.scalars(moves)] == [film.id]
    with pytest.raises(DBAPIError), transaction():
        db.session.execute(text("UPDATE room_swap_pairs SET to_session_id = from_session_id"))


@ONE_ENGINE
def test_two_sessions_change_places_and_a_slip_puts_them_back() -> None:
    one, other = team(), team()
    film, chess = held(one, make_room()), held(other, make_room(), days=6, hour=15)
    before = place(film), place(chess)
    swap = propose(film, chess, one)
    agree(swap)
    assert (place(chess), place(film)) == before
    by = lead_of(one)
    with transaction():
        swaps.take_back(swap, by=by, now=clock.now() + timedelta(minutes=9))
    assert (place(film), place(chess)) == before


@ONE_ENGINE
def test_a_session_goes_to_a_room_that_asks_for_approval_only_once_staff_agree() -> None:
    one, other = team(), team()
    film, theirs = held(one, make_room()), had(other, make_room(approval=Approval.ALWAYS))
    swap = propose(film, theirs, one)
    before = place(film)
    agree(swap)
    assert db.session.get_one(Swap, swap.id).state is SwapState.WAITING
    assert place(film) == before
    by = make_person()
    with transaction():
        swaps.approve(swap, by=by, now=clock.now())
    assert place(theirs) == before


def test_a_time_is_given_away_once_and_what_was_seen_alone_keeps_it_from_a_second(app: Flask) -> None:
    """The negative control: with what was seen made up to be new, the second swap of one session comes about."""
    owner, one, other = team(), team(), team()
    film = held(owner, make_room())
    first = propose(had(one, make_room()), film, one)
    third = make_booking(organisation=other, room=make_room(), person=lead_of(other), starts_at=at(16, days=7))
    second = propose(third, film, other)
    agree(first)
    before = place(film)
    with pytest.raises(Conflict):
        agree(second)
    assert place(film) == before
    with transaction():
        db.session.execute(update(SwapPair).where(SwapPair.swap_id == second.id).values(to_seen=film.sequence))
    agree(second)
    assert place(film) != before


def _told(person_id: int) -> list[Notice]:
    query = select(Notice).where(Notice.person_id == person_id, Notice.kind == "sign_up.session_moved")
    return list(db.session.scalars(query))
