"""Activities from draft to cancelled, and the rooms their sessions take."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from center.activities import actions, history, kinds, sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Activity, ActivityChange, ActivityState, Session, SessionState
from center.activities.sessions import SessionsClash
from center.bookings.rulebook.availability import room_days, uses_of
from center.bookings.rulebook.segments import SegmentState
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import speaking
from center.kernel.spans import Span
from center.organisations.models import OrganisationKind
from center.rooms.models import Approval, Occupancy, Room, RoomUse
from tests.activity_builders import make_activity
from tests.builders import at, make_booking, make_hall, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture(autouse=True)
def _ledger_stays_true(app: Flask) -> Iterator[None]:
    yield
    db.session.rollback()
    assert ledger_findings() == []


def plan(room: Room, hour: int, *, days: int = 2, minutes: int = 60) -> SessionPlan:
    return SessionPlan(span=Span(at(hour, days=days), at(hour, days=days) + timedelta(minutes=minutes)), room=room)


def do(what: Any, activity: Activity, **more: Any) -> Any:
    with transaction():
        return what(activity, **{"by": activity.created_by, "now": clock.now(), **more})


def add(activity: Activity, *plans: Any) -> Any:
    return do(sessions.add_sessions, activity, plans=plans)


def rows() -> Any:
    db.session.rollback()
    return db.session.scalar(select(func.count(Occupancy.id)))


def labels(room: Room, day: date, language: str = "zh") -> Any:
    db.session.rollback()
    with speaking(language):
        [of_day] = room_days([room], day, day, now=clock.now())
        return [(s.state, s.label) for s in of_day.segments if s.state in {SegmentState.BOOKED, SegmentState.CLEARING}]


def test_a_session_takes_its_room_until_it_is_cleared_and_boards_say_whose_it_is() -> None:
    room = make_room(buffer_minutes=30)
    organisation = make_organisation(name="光影社", name_en="Film club")
    day = at(0, days=2).date()
    activity = make_activity(
        organisation=organisation, room=room, starts=[at(10, days=2)], title="电影", title_en="Film"
    )
    assert labels(room, day) == [(SegmentState.BOOKED, "光影社 · 电影"), (SegmentState.CLEARING, "")]
    assert labels(room, day, "en")[0] == (SegmentState.BOOKED, "Film club · Film")
    facts = actions.ActivityFacts(
        **{name: getattr(activity, name) for name in actions.ActivityFacts.__dataclass_fields__} | {"title": "口述电影"}
    )
    do(actions.edit, activity, facts=facts)
    assert labels(room, day)[0] == (SegmentState.BOOKED, "光影社 · 口述电影")


@ONE_ENGINE
def test_boards_say_nothing_of_a_draft_or_in_a_confidential_room() -> None:
    day = at(0, days=2).date()
    room, secret = make_room(), make_room(is_confidential=True)
    make_activity(room=room, starts=[at(10, days=2)], is_published=False)
    make_activity(room=secret, starts=[at(10, days=2)])
    assert labels(room, day) == labels(secret, day) == [(SegmentState.BOOKED, "")]


@ONE_ENGINE
def test_a_taken_room_is_refused_with_what_is_in_the_way_and_nothing_is_added() -> None:
    room = make_room(buffer_minutes=15)
    owner = make_organisation(name="鼓队", name_en="Drums")
    make_booking(room=room, organisation=owner, starts_at=at(11, days=3), purpose="排练")
    activity = make_activity(starts=[at(9, days=9)], is_published=False)
    before = rows()
    with pytest.raises(SessionsClash) as refused:
        add(activity, plan(room, 10, days=2), plan(room, 10, days=3))
    [clash] = refused.value.clashes
    assert clash.plan.span.start == at(10, days=3)
    assert [use.label for use in clash.in_the_way] == ["鼓队 · 排练"]
    assert rows() == before
    assert len(db.session.scalars(select(Session)).all()) == 1


@ONE_ENGINE
@pytest.mark.parametrize("hour", [6, 21], ids=["before opening", "past closing"])
def test_a_session_lies_within_opening_hours(hour: int) -> None:
    with pytest.raises(SessionsClash):
        add(make_activity(), plan(make_room(), hour))


@ONE_ENGINE
def test_sessions_may_be_planned_far_ahead_and_be_long_but_the_room_must_hold_the_people() -> None:
    room = make_room(capacity=10, org_horizon_days=30, org_max_minutes=60)
    assert add(make_activity(expected=10), plan(room, 9, days=120, minutes=300))
    with pytest.raises(SessionsClash):
        add(make_activity(expected=11), plan(room, 9, days=121))


@ONE_ENGINE
def test_a_room_that_organisations_may_not_book_is_not_theirs_for_sessions_either() -> None:
    room = make_room(organisations_may_book=False)
    with pytest.raises(SessionsClash):
        add(make_activity(), plan(room, 9))
    centre = make_organisation(kind=OrganisationKind.CENTRE)
    assert add(make_activity(organisation=centre), plan(room, 9))


@ONE_ENGINE
def test_sessions_of_one_plan_must_not_overlap_one_another_nor_a_hall_its_part() -> None:
    hall, left, right = make_hall()
    activity = make_activity()
    for one, two in ((hall, left), (left, left), (left, right)):
        with pytest.raises(SessionsClash):
            add(activity, plan(one, 10), plan(two, 10))
    assert len(add(activity, plan(right, 10), plan(left, 11))) == 2


def test_moving_frees_the_old_time_and_takes_the_new() -> None:
    room, other = make_room(), make_room()
    activity = make_activity(room=room, starts=[at(10, days=2)])
    [session] = activity.sessions
    do_move(session, plan(other, 14))
    within = Span(at(8, days=2), at(20, days=2))
    assert uses_of([room], within, now=clock.now()) == {}
    assert [use.span.start for use in uses_of([other], within, now=clock.now())[other.id]] == [at(14, days=2)]
    assert (session.sequence, session.was_starts_at, session.room_id) == (1, at(10, days=2), other.id)
    event = history.history(activity)[-1]
    assert (event.what, event.was_room_id, event.was_starts_at) == (
        ActivityChange.SESSION_MOVED,
        room.id,
        at(10, days=2),
    )
    assert db.session.scalar(select(func.count(RoomUse.id))) == 1, "nothing is left of the old use"


def do_move(session: Session, to: SessionPlan) -> None:
    with transaction():
        sessions.move_session(session, to, by=session.activity.created_by, now=clock.now())


def test_a_session_may_move_into_its_own_time_but_not_into_anothers() -> None:
    room, other = make_room(buffer_minutes=15), make_room()
    activity = make_activity(room=room, starts=[at(10, days=2), at(14, days=2)])
    make_activity(room=other, starts=[at(10, days=2)])
    first = activity.sessions[0]
    do_move(first, plan(room, 10, minutes=90))
    for wrong in (plan(room, 13), plan(other, 10)):
        with pytest.raises(SessionsClash):
            do_move(first, wrong)
    db.session.refresh(first)
    assert (first.starts_at, first.ends_at) == (at(10, days=2), at(11, 30, days=2))


@ONE_ENGINE
def test_the_difference_is_shown_before_a_move_and_nothing_is_written() -> None:
    room = make_room()
    activity = make_activity(room=room, starts=[at(10, days=2), at(14, days=2)])
    before = rows()
    shown = sessions.preview_move(activity.sessions[0], plan(room, 14), by=activity.created_by, now=clock.now())
    assert (shown.before.starts_at, len(shown.clashes), rows()) == (at(10, days=2), 1, before)


@ONE_ENGINE
def test_moving_to_where_it_is_changes_nothing() -> None:
    room = make_room()
    activity = make_activity(room=room, starts=[at(10, days=2)])
    do_move(activity.sessions[0], plan(room, 10))
    assert activity.sessions[0].sequence == 0


@ONE_ENGINE
def test_cancelling_a_session_frees_its_room_once() -> None:
    room = make_room()
    activity = make_activity(room=room, starts=[at(10, days=2)])
    for _ in range(2):
        do_cancel(activity.sessions[0])
    assert rows() == 0
    assert [e.what for e in history.history(activity)].count(ActivityChange.SESSION_CANCELLED) == 1


def do_cancel(session: Session) -> None:
    with transaction():
        sessions.cancel_session(session, reason="停电", by=session.activity.created_by, now=clock.now())


def test_cancelling_an_activity_frees_every_room_and_wants_a_reason_once_it_is_public() -> None:
    activity = make_activity(room=make_room(), starts=[at(10, days=2), at(10, days=9)])
    with pytest.raises(RuleBroken):
        do(actions.cancel, activity, reason="")
    do(actions.cancel, activity, reason="讲师病了")
    do(actions.cancel, activity, reason="又一次")
    assert rows() == 0
    assert {session.state for session in activity.sessions} == {SessionState.CANCELLED}
    assert (activity.state, activity.reason) == (ActivityState.CANCELLED, "讲师病了")
    with pytest.raises(RuleBroken):
        add(activity, plan(make_room(), 10))


@ONE_ENGINE
def test_an_organisation_submits_and_staff_return_it_with_a_reason_or_publish_it() -> None:
    activity = make_activity(is_published=False)
    with pytest.raises(RuleBroken):
        do(actions.publish, activity, as_staff=False)
    do(actions.submit, activity)
    with pytest.raises(RuleBroken):
        do(actions.send_back, activity, reason="")
    do(actions.send_back, activity, reason="请写清楚集合地点")
    assert (activity.state, activity.reason) == (ActivityState.RETURNED, "请写清楚集合地点")
    do(actions.submit, activity)
    do(actions.publish, activity, as_staff=True)
    do(actions.publish, activity, as_staff=True)
    told = [event.what.value for event in history.history(activity) if event.session_id is None]
    assert told == ["created", "submitted", "returned", "submitted", "published"]
    with pytest.raises(Conflict):
        do(actions.send_back, activity, reason="x")


@ONE_ENGINE
def test_a_trusted_organisation_publishes_itself_unless_its_room_needs_agreement() -> None:
    trusted = make_organisation(publishes_directly=True)
    do(actions.publish, make_activity(organisation=trusted, is_published=False), as_staff=False)
    hall = make_room(approval=Approval.ALWAYS)
    with pytest.raises(RuleBroken):
        do(
            actions.publish,
            make_activity(organisation=trusted, is_published=False, room=hall, starts=[at(10, days=2)]),
            as_staff=False,
        )


@ONE_ENGINE
def test_what_lacks_a_sentence_a_time_or_a_place_is_not_published() -> None:
    activity = make_activity(is_published=False, summary="", place="")
    with pytest.raises(DomainError) as refused:
        do(actions.submit, activity)
    assert [error.field for error in refused.value.every] == ["summary", "place"]


def test_an_activity_is_over_when_its_last_session_is() -> None:
    activity = make_activity(starts=[at(10, days=2), at(10, days=3)])
    do_close(activity, at(12, days=2))
    assert activity.state.name == "PUBLISHED"
    assert [session.state.value for session in activity.sessions] == ["held", "scheduled"]
    do_close(activity, at(12, days=3))
    assert activity.state is ActivityState.HELD


def do_close(activity: Activity, now: datetime) -> None:
    with transaction():
        actions.close_if_over(activity, now=now)


def test_kinds_are_listed_by_staff() -> None:
    clerk = make_person()
    with transaction():
        kinds.enter_usual_kinds()
        kinds.enter_usual_kinds()
    talk = kinds.all_kinds()[0]
    with pytest.raises(Conflict), transaction():
        kinds.add_kind(talk.name, "", by=clerk)
    with transaction():
        kinds.retire_kind(talk, by=clerk)
    with pytest.raises(DomainError):
        make_activity(kind_id=talk.id)
    with transaction():
        kinds.rename_kind(kinds.all_kinds()[0], "茶话会", "Tea", by=clerk)
        assert kinds.add_kind(talk.name, "Talk", by=clerk).id == talk.id
    assert [kind.name for kind in kinds.all_kinds()][-1] == talk.name


def test_the_history_of_activities_cannot_be_altered() -> None:
    make_activity()
    for statement in ("UPDATE activity_events SET by_id = NULL", "DELETE FROM activity_events"):
        with pytest.raises(IntegrityError, match="activity_events_append_only"), transaction() as session:
            session.execute(text(statement))
