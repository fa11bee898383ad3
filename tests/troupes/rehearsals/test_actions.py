"""Rehearsals of a term: all or nothing, every clash said, a skipped date put back, members on the register."""

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from center.activities import actions as activities
from center.activities.clashes import SessionPlan
from center.activities.models import ActivityState, Session
from center.activities.sessions import SessionsClash
from center.attendance import queries as registers
from center.attendance.models import Status
from center.bookings.series.date_plans import SKIP, DateState
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import span_of
from center.notices.models import Notice
from center.premises.models import CalendarDay, DayKind
from center.rooms.models import Approval, Occupancy
from center.troupes.models.seasons import SeasonMember
from center.troupes.models.troupes import MemberEvent, MemberState
from center.troupes.rehearsals import actions, leave, on_register, planning, queries
from center.troupes.rehearsals.models import Skipped
from center.troupes.rehearsals.planning import ForAll
from tests.builders import ZONE, at, make_booking, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.troupes.builders import make_member
from tests.troupes.rehearsals.scene import (
    HALF_PAST_TWO,
    MORNING,
    THU,
    TUE,
    TUESDAYS,
    all_of,
    drums,
    later,
    look,
    on,
    plan,
)


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with time_machine.travel(MORNING, tick=False):
        yield


def count(model: type) -> int:
    db.session.rollback()
    return int(db.session.scalar(select(func.count()).select_from(model)) or 0)


def holiday(day: date, kind: DayKind = DayKind.HOLIDAY, counts_as: int | None = None) -> None:
    with transaction() as session:
        session.merge(CalendarDay(on_date=day, kind=kind, name="社区节", name_en="Community day", counts_as=counts_as))


def test_a_date_that_was_taken_meanwhile_refuses_the_whole_term() -> None:
    scene = drums()
    shown = look(scene, TUE)
    make_booking(room=scene.room, starts_at=at(15, day=TUESDAYS[2]))
    with pytest.raises(SessionsClash), transaction():
        actions.plan_term(scene.season, planning.chosen_of(shown), by=scene.leader, now=clock.now())
    assert (all_of(scene), count(Session), count(Occupancy)) == ([], 0, 1)
    assert scene.season.activity_id is None


@ONE_ENGINE
def test_where_every_date_is_skipped_nothing_is_planned() -> None:
    scene = drums()
    with pytest.raises(RuleBroken):
        plan(scene, TUE, choices=dict.fromkeys(TUESDAYS, SKIP))


@ONE_ENGINE
def test_a_rehearsal_outside_the_season_is_refused() -> None:
    scene = drums()
    late = SessionPlan(span=span_of(date(2026, 12, 22), HALF_PAST_TWO, 120, ZONE), room=scene.room)
    with pytest.raises(RuleBroken) as refused, transaction():
        actions.add(scene.season, late, by=scene.leader, now=clock.now())
    assert refused.value.field == "date"


def test_all_rehearsals_of_a_term_are_sessions_with_their_time_in_the_ledger() -> None:
    scene = drums()
    made = plan(scene, TUE, THU)
    assert [each.on_date for each in made] == sorted({*TUESDAYS, *(day + timedelta(days=2) for day in TUESDAYS)})
    assert (count(Session), count(Occupancy)) == (8, 8)
    activity = all_of(scene)[0].season.activity
    assert activity is not None
    assert activity.state is ActivityState.PUBLISHED


@ONE_ENGINE
def test_the_same_form_sent_again_makes_nothing() -> None:
    scene = drums()
    sent = planning.chosen_of(look(scene, TUE))
    for _press in range(2):
        with transaction():
            assert len(actions.plan_term(scene.season, sent, by=scene.leader, now=clock.now())) == 4
    assert count(Session) == 4


def test_members_stand_on_the_register_of_each_rehearsal_and_are_told_once() -> None:
    scene = drums()
    outsider = make_member(scene.season.troupe)  # not on the roster of the season
    plan(scene, TUE)
    for each in all_of(scene):
        assert each.session is not None
        lines = registers.roll_of(each.session)
        assert {line.person.id for line in lines} == {member.person_id for member in scene.members}
        assert outsider.person_id not in {line.person.id for line in lines}
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "troupes.rehearsals_planned")).all()
    assert sorted(told, key=str) == sorted((each.person_id for each in scene.members[1:]), key=str)


def test_holidays_closures_and_other_uses_are_said_before_anything_is_taken() -> None:
    scene = drums(hours=[(weekday, time(8), time(21)) for weekday in range(7)])
    holiday(TUESDAYS[1])
    make_booking(room=scene.room, starts_at=at(15, day=TUESDAYS[2]))
    shown = look(scene, TUE)
    states = {each.on: each.state for each in shown.dates}
    assert states == dict(zip(TUESDAYS, [DateState.OK, DateState.HOLIDAY, DateState.CLASH, DateState.OK], strict=True))
    assert "社区节" in shown.dates[1].words or "Community day" in shown.dates[1].words
    plan(scene, TUE)
    skipped = {each.on_date: each.skipped for each in all_of(scene) if not each.takes_place}
    assert skipped == {TUESDAYS[1]: Skipped.HOLIDAY, TUESDAYS[2]: Skipped.TAKEN}


@ONE_ENGINE
def test_the_day_that_is_worked_instead_of_a_holiday_is_offered_for_it() -> None:
    scene = drums(hours=[(weekday, time(8), time(21)) for weekday in range(7)])
    holiday(TUESDAYS[1])
    holiday(date(2026, 12, 5), DayKind.WORKING, counts_as=TUE)
    shown = look(scene, TUE)
    assert shown.dates[1].others[0].span == span_of(date(2026, 12, 5), HALF_PAST_TWO, 120, ZONE)
    answered = planning.answered(shown, ForAll.TIME)
    assert answered == {TUESDAYS[1]: shown.dates[1].others[0].token}
    plan(scene, TUE, choices=answered)
    moved = on(scene, TUESDAYS[1])
    assert moved.session is not None
    assert moved.session.starts_at == at(14, 30, day=date(2026, 12, 5))


@ONE_ENGINE
@pytest.mark.parametrize(
    ("how", "places"), [(ForAll.SKIP, 2), (ForAll.TIME, 4), (ForAll.ROOM, 4)], ids=["skip", "time", "room"]
)
def test_one_answer_settles_all_clashes(how: ForAll, places: int) -> None:
    scene = drums()
    make_room(noise=scene.room.noise)
    for day in TUESDAYS[1:3]:
        make_booking(room=scene.room, starts_at=at(14, 30, day=day))
    made = plan(scene, TUE, choices=planning.answered(look(scene, TUE), how))
    assert len(made) == places
    elsewhere = {each.session.room_id for each in made if each.session} - {scene.room.id}
    assert bool(elsewhere) == (how is ForAll.ROOM)


def test_a_skipped_rehearsal_is_put_back_once() -> None:
    scene = drums()
    plan(scene, TUE, choices={TUESDAYS[1]: SKIP})
    skipped = on(scene, TUESDAYS[1])
    assert skipped.skipped is Skipped.CHOSEN
    for _press in range(2):
        with transaction():
            actions.put_back(on(scene, TUESDAYS[1]), by=scene.leader, now=clock.now())
    assert on(scene, TUESDAYS[1]).takes_place
    assert (count(Session), count(Occupancy)) == (4, 4)


def test_a_skipped_rehearsal_whose_room_was_taken_meanwhile_stays_skipped_until_it_has_another_time() -> None:
    scene = drums()
    plan(scene, TUE, choices={TUESDAYS[1]: SKIP})
    make_booking(room=scene.room, starts_at=at(14, 30, day=TUESDAYS[1]))
    with pytest.raises(SessionsClash), transaction():
        actions.put_back(on(scene, TUESDAYS[1]), by=scene.leader, now=clock.now())
    assert not on(scene, TUESDAYS[1]).takes_place
    later_that_day = SessionPlan(span=span_of(TUESDAYS[1], time(15, 30), 120, ZONE), room=scene.room)
    with transaction():
        actions.put_back(on(scene, TUESDAYS[1]), by=scene.leader, now=clock.now(), plan=later_that_day)
    assert on(scene, TUESDAYS[1]).takes_place


def test_one_is_skipped_later_with_a_reason_made_up_for_and_put_back() -> None:
    scene = drums()
    plan(scene, TUE)
    with pytest.raises(RuleBroken), transaction():
        actions.skip(on(scene, TUESDAYS[1]), reason=" ", by=scene.leader, now=clock.now())
    with transaction():
        actions.skip(on(scene, TUESDAYS[1]), reason="教室检修", by=scene.leader, now=clock.now())
    assert not on(scene, TUESDAYS[1]).takes_place
    friday = SessionPlan(span=span_of(date(2026, 12, 4), HALF_PAST_TWO, 120, ZONE), room=scene.room)
    with transaction():
        made = actions.add(scene.season, friday, by=scene.leader, now=clock.now(), makes_up_for=on(scene, TUESDAYS[1]))
    assert made.makes_up_for_id == on(scene, TUESDAYS[1]).id
    with pytest.raises(RuleBroken), transaction():
        actions.add(
            scene.season,
            SessionPlan(span=span_of(date(2026, 12, 11), HALF_PAST_TWO, 120, ZONE), room=scene.room),
            by=scene.leader,
            now=clock.now(),
            makes_up_for=on(scene, TUESDAYS[2]),
        )
    with transaction():
        actions.put_back(on(scene, TUESDAYS[1]), by=scene.leader, now=clock.now())
    assert on(scene, TUESDAYS[1]).takes_place


@ONE_ENGINE
def test_a_room_that_needs_agreement_lets_members_in_once_staff_have_published() -> None:
    scene = drums(approval=Approval.ALWAYS)
    plan(scene, TUE)
    season = all_of(scene)[0].season
    assert season.activity is not None
    assert season.activity.state is ActivityState.SUBMITTED
    assert queries.place_of(season, scene.members[1].person_id) is None
    clerk = make_person()
    with transaction():
        activities.publish(season.activity, by=clerk, now=clock.now(), as_staff=True)
    assert queries.place_of(season, scene.members[1].person_id) is not None


def test_who_leaves_or_rests_stands_on_no_register_any_more_and_who_comes_does() -> None:
    scene = drums()
    plan(scene, TUE)
    gone, new = scene.members[2], make_member(scene.season.troupe)
    with transaction() as session:
        session.add(SeasonMember(season_id=scene.season.id, member_id=new.id, troupe_id=scene.season.troupe_id))
        session.add(
            MemberEvent(
                member_id=gone.id, was=MemberState.ACTIVE, became=MemberState.RESTING, on_date=MORNING.date(),
                by_id=gone.person_id, at=MORNING,
            )
        )  # fmt: skip
    with transaction():
        season = all_of(scene)[0].season
        on_register.follow_member(gone, by=scene.leader, now=clock.now())
    assert queries.place_of(season, gone.person_id) is None
    assert queries.place_of(season, new.person_id) is not None


@ONE_ENGINE
def test_whom_the_room_cannot_hold_is_named() -> None:
    scene = drums(capacity=3)
    plan(scene, TUE)
    new = make_member(scene.season.troupe)
    with transaction() as session:
        session.add(SeasonMember(season_id=scene.season.id, member_id=new.id, troupe_id=scene.season.troupe_id))
    with transaction():
        left_out = on_register.bring_up_to_date(all_of(scene)[0].season, by=scene.leader, now=clock.now())
    assert [each.id for each in left_out] == [new.person_id]


def test_a_member_takes_leave_until_it_begins_and_can_come_after_all() -> None:
    scene = drums()
    plan(scene, TUE)
    member, first = scene.members[1], on(scene, TUESDAYS[0])
    assert first.session is not None
    with transaction():
        leave.cannot_come(first, member, by=member.person, now=clock.now())
    assert queries.standings([first.session.id])[first.session.id] == {member.person_id: Status.ON_LEAVE}
    with transaction():
        leave.can_come(on(scene, TUESDAYS[0]), member, by=scene.leader, now=clock.now())
    assert queries.standings([first.session.id]).get(first.session.id, {}).get(member.person_id) is not Status.ON_LEAVE
    with pytest.raises(RuleBroken), transaction():
        leave.cannot_come(on(scene, TUESDAYS[0]), member, by=member.person, now=later(days=1, hours=6))


@ONE_ENGINE
def test_only_who_leads_the_troupe_leads_its_rehearsals() -> None:
    scene = drums()
    plan(scene, TUE)
    activity_id, today = all_of(scene)[0].season.activity_id or 0, MORNING.date()
    assert queries.leads_of_season(activity_id, scene.leader.id, today)
    assert not queries.leads_of_season(activity_id, scene.members[1].person_id, today)


@ONE_ENGINE
def test_one_answer_gives_no_two_dates_the_same_time() -> None:
    scene = drums(windows=[(HALF_PAST_TWO, time(16, 30))])  # one rehearsal fits into a day
    for day in TUESDAYS[:2]:
        make_booking(room=scene.room, starts_at=at(14, 30, day=day))
    answered = planning.answered(look(scene, TUE, THU - 1), ForAll.TIME)
    moved = [choice for choice in answered.values() if choice != SKIP]
    assert len(set(moved)) == len(moved)
    assert look(scene, TUE, THU - 1, choices=answered, is_final=False).problems == []
