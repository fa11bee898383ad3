"""An organisation leaves: nothing ends while something is left, and whoever was to come is told."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from center.activities.models import Activity, ActivityState
from center.bookings.models import Booking, BookingStatus
from center.incubator.agreements import leaving, queries, terms
from center.incubator.models.agreements import HandOverAct, HandOverWay, LeftKind
from center.incubator.models.incubations import Incubation, IncubationStage
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, NotFound, RuleBroken
from center.notices.models import Notice
from center.organisations.models import Stage
from center.premises.working_days import count_working_days
from tests.activity_builders import make_activity, make_roster, sign_up, state_of
from tests.builders import at, make_booking, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.incubator.agreement_builders import make_agreement, make_key, make_letting
from tests.incubator.builders import make_decision, make_incubation


def leave(incubation: Incubation) -> Incubation:
    make_decision(incubation, IncubationStage.WITHDRAWING)
    db.session.refresh(incubation)
    return incubation


def see_to(incubation: Incubation, kind: LeftKind, name: str, **given: object) -> None:
    by = make_person()
    with transaction():
        if "to" in given:
            leaving.hand_to(incubation, kind, name, to=given["to"], by=by, now=clock.now())  # type: ignore[arg-type]
        else:
            leaving.call_off(incubation, kind, name, reason=str(given["reason"]), by=by, now=clock.now())


def test_the_database_refuses_an_end_while_anything_is_left(app: Flask) -> None:
    """Whatever page or program decides: a booking, a session, a seat and a key each stand in the way."""
    by = make_person()
    for leave_something in (_a_booking, _a_session, _a_seat, _a_key):
        incubation = make_incubation()
        leave_something(incubation)
        leave(incubation)
        with pytest.raises(IntegrityError):
            make_decision(incubation, IncubationStage.WITHDRAWN, by=by)
        db.session.rollback()
        with pytest.raises(Conflict), transaction():
            leaving.finish(incubation, step=incubation.step, by=by, now=clock.now())


@ONE_ENGINE
def test_what_is_called_off_is_told_and_what_is_handed_on_is_the_others(app: Flask) -> None:
    lead, coming, by = make_person(), make_person(), make_person()
    incubation, to = make_incubation(), make_organisation(leads=[lead], stage=Stage.INCUBATING)
    roster = make_roster(make_activity(organisation=incubation.organisation, starts=[at(10, days=5)]))
    [signed] = sign_up(roster, coming)
    kept = make_booking(organisation=incubation.organisation, person=make_person())
    make_letting(make_agreement(incubation))
    key = make_key(incubation)
    leave(incubation)
    assert leaving.what_is_left(incubation, now=clock.now()).count == 4
    with pytest.raises(RuleBroken):
        see_to(incubation, LeftKind.ACTIVITY, roster.activity.slug, reason=" ")
    see_to(incubation, LeftKind.ACTIVITY, roster.activity.slug, reason="组织退出")
    assert state_of(signed) == "cancelled"
    told = db.session.scalars(select(Notice.body).where(Notice.person_id == coming.id)).all()
    assert any("组织退出" in each for each in told)
    see_to(incubation, LeftKind.BOOKING, kept.reference, to=to)
    moved = db.session.get_one(Booking, kept.id)
    assert (moved.organisation_id, moved.person_id, moved.status) == (to.id, lead.id, BookingStatus.CONFIRMED)
    with pytest.raises(Conflict):
        see_to(incubation, LeftKind.BOOKING, kept.reference, to=to)
    assert "agreements.handed" in db.session.scalars(select(Notice.kind).where(Notice.person_id == lead.id)).all()
    left = leaving.what_is_left(incubation, now=clock.now())
    with transaction():
        for letting in left.seats:
            terms.take_back(letting, by=by, now=clock.now())
        terms.take_key(key, incubation, by=by, now=clock.now())
    with transaction():
        leaving.finish(incubation, step=incubation.step, by=by, now=clock.now())
    assert incubation.stage is IncubationStage.WITHDRAWN
    ways = [each.way for each in queries.acts_of(incubation.id)]
    assert ways == [HandOverWay.CANCELLED, HandOverWay.HANDED, HandOverWay.RETURNED, HandOverWay.RETURNED]


@ONE_ENGINE
def test_an_activity_goes_on_with_another_organisation(app: Flask) -> None:
    incubation, to = make_incubation(), make_organisation(leads=[make_person()])
    activity = make_activity(organisation=incubation.organisation, starts=[at(10, days=5)], room=make_room())
    with pytest.raises(Conflict):
        see_to(incubation, LeftKind.ACTIVITY, activity.slug, to=to)  # it does not leave
    leave(incubation)
    for nobody in (incubation.organisation, make_organisation()):
        with pytest.raises(RuleBroken):
            see_to(incubation, LeftKind.ACTIVITY, activity.slug, to=nobody)
    see_to(incubation, LeftKind.ACTIVITY, activity.slug, to=to)
    moved = db.session.get_one(Activity, activity.id)
    assert (moved.organisation_id, moved.state) == (to.id, ActivityState.PUBLISHED)
    with pytest.raises(Conflict):
        see_to(incubation, LeftKind.ACTIVITY, activity.slug, reason="不办了")


@ONE_ENGINE
def test_all_single_bookings_are_called_off_at_once(app: Flask) -> None:
    incubation = make_incubation()
    made = [make_booking(organisation=incubation.organisation, starts_at=at(hour)) for hour in (9, 11)]
    see_to(leave(incubation), LeftKind.BOOKING, "all", reason="组织退出")
    db.session.rollback()
    assert {db.session.get_one(Booking, each.id).status for each in made} == {BookingStatus.CANCELLED}
    with pytest.raises(Conflict):
        see_to(incubation, LeftKind.BOOKING, "all", reason="组织退出")


@ONE_ENGINE
def test_what_is_anothers_is_not_seen_to_here(app: Flask) -> None:
    incubation, others = leave(make_incubation()), make_booking(organisation=make_organisation())
    with pytest.raises(Conflict):
        see_to(incubation, LeftKind.BOOKING, others.reference, reason="退出")
    with pytest.raises(NotFound):
        see_to(incubation, LeftKind.KEY, "1", reason="退出")


@ONE_ENGINE
def test_it_has_fifteen_working_days(app: Flask) -> None:
    """As the stage's own deadline says, by the centre's calendar."""
    from center.incubator.stages.clock import due_of

    day = datetime(2026, 9, 24).date()
    due = due_of(IncubationStage.WITHDRAWING, day)
    assert due is not None
    assert count_working_days(day, due) == 15


def test_what_was_seen_to_is_altered_by_nobody(app: Flask) -> None:
    incubation = make_incubation()
    key, by = make_key(incubation), make_person()
    with transaction():
        terms.take_key(key, incubation, by=by, now=clock.now())
    assert db.session.scalars(select(HandOverAct)).one().way is HandOverWay.RETURNED
    for statement in ("UPDATE hand_over_acts SET what = 'x'", "DELETE FROM hand_over_acts"):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))


def _a_booking(incubation: Incubation) -> None:
    make_booking(organisation=incubation.organisation)


def _a_session(incubation: Incubation) -> None:
    make_activity(organisation=incubation.organisation)


def _a_seat(incubation: Incubation) -> None:
    make_letting(make_agreement(incubation))


def _a_key(incubation: Incubation) -> None:
    make_key(incubation)
