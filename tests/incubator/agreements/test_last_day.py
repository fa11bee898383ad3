"""Whoever leaves uses no room after its last day, whoever has left none: the rules say so, and the database."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text, update
from sqlalchemy.exc import DBAPIError

from center.activities.clashes import SessionPlan
from center.activities.sessions import SessionsClash, add_sessions
from center.bookings.rulebook.facts import Rule
from center.bookings.rulebook.refusals import RuleRefused
from center.incubator import moves
from center.incubator.agreements import leaving
from center.incubator.models.agreements import LeftKind
from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.stages.deciding import Ruling
from center.kernel import clock
from center.kernel.db import Base, change_rows, db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.notices.models import Notice
from center.people.models import Person
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import at, make_booking, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.incubator.agreements.test_room_hours import book
from tests.incubator.builders import make_incubation


def leaving_on(days: int) -> tuple[Incubation, Person]:
    """An organisation whose last day is so many days ahead, and who leads it."""
    lead, by = make_person(), make_person()
    found = make_incubation(organisation=make_organisation(leads=[lead]))
    last = at(9, days=days).date()
    ruling = Ruling(to_stage=IncubationStage.WITHDRAWING, step=found.step, reason="搬走", due_on=last)
    with transaction():
        moves.move(found, ruling, by=by, now=clock.now())
    return found, lead


def test_it_books_until_its_last_day_and_not_after_it(app: Flask) -> None:
    found, lead = leaving_on(3)
    room, whose = make_room(), (found.organisation, lead)
    kept = book(room, whose, at(9, days=3).date())
    for by in (None, make_person()):  # staff neither
        with pytest.raises(RuleRefused) as refused:
            book(room, whose, at(9, days=4).date(), by=by)
        assert refused.value.rule is Rule.LEAVING
    assert [each.id for each in leaving.what_is_left(found, now=clock.now()).bookings] == [kept.id]
    activity = make_activity(organisation=found.organisation, starts=[at(10, days=2)])
    for place in (room, None):
        plan = SessionPlan(span=Span(at(14, days=4), at(15, days=4)), room=place, place="广场")
        with pytest.raises(SessionsClash), transaction():
            add_sessions(activity, [plan], by=lead, now=clock.now())


def test_the_database_refuses_it_too(app: Flask) -> None:
    found, lead = leaving_on(3)
    others = make_organisation(leads=[make_person()])
    theirs = make_booking(organisation=others, starts_at=at(10, days=4))
    handed = make_activity(organisation=others, starts=[at(14, days=4)])
    made = make_activity(organisation=found.organisation, starts=[at(10, days=2)])
    late, ours = at(16, days=4), found.organisation
    for write in (
        lambda: make_booking(organisation=ours, person=lead, starts_at=at(12, days=4)),
        lambda: change(theirs, organisation_id=ours.id),
        lambda: change(handed, organisation_id=ours.id),
        lambda: change(made.sessions[0], ends_at=late + timedelta(hours=1)),
    ):
        with pytest.raises(DBAPIError, match="organisation_leaves"):
            write()
        db.session.rollback()


def test_without_its_guard_a_late_booking_would_have_gone_in(app: Flask, engine: str) -> None:
    """The control of the test before: what refuses there is the trigger and nothing else."""
    found, _lead = leaving_on(3)
    theirs = make_booking(organisation=make_organisation(), starts_at=at(10, days=4))
    on = "" if engine == "sqlite" else " ON bookings"
    statement = f"UPDATE bookings SET organisation_id = {found.organisation_id} WHERE id = {theirs.id}"
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.execute(text(f"DROP TRIGGER bookings_leaving_moved{on}"))
        assert connection.execute(text(statement)).rowcount == 1
        connection.rollback()
    with pytest.raises(DBAPIError, match="organisation_leaves"), transaction() as session:
        session.execute(text(statement))


def change(row: Base, **facts: object) -> None:
    """Write over a row without asking any rule."""
    state = inspect(row)
    with transaction():
        change_rows(update(type(row)).where(state.mapper.primary_key[0] == (state.identity or (0,))[0]).values(**facts))


@ONE_ENGINE
def test_whoever_has_left_books_nothing_and_who_leaves_takes_nothing(app: Flask) -> None:
    found, lead = leaving_on(3)
    by = make_person()
    with transaction():
        leaving.finish(found, step=found.step, by=by, now=clock.now())
    with pytest.raises(RuleRefused, match="已经离开"):
        book(make_room(), (found.organisation, lead), at(9, days=1).date())
    other, _lead = leaving_on(5)
    activity = make_activity(organisation=other.organisation, starts=[at(10, days=2)])
    to = leaving_on(9)[0].organisation
    with pytest.raises(RuleBroken), transaction():
        leaving.hand_to(other, LeftKind.ACTIVITY, activity.slug, to=to, by=lead, now=clock.now())


@ONE_ENGINE
def test_whoever_signed_up_hears_who_runs_it_now(app: Flask) -> None:
    found, _lead = leaving_on(5)
    to, coming, by = make_organisation(leads=[make_person()], name="新东家"), make_person(), make_person()
    roster = make_roster(make_activity(organisation=found.organisation, starts=[at(10, days=2)]))
    sign_up(roster, coming)
    with transaction():
        leaving.hand_to(found, LeftKind.ACTIVITY, roster.activity.slug, to=to, by=by, now=clock.now())
    told = db.session.scalars(select(Notice).where(Notice.person_id == coming.id)).all()
    assert ["新东家" in each.body for each in told if each.kind == "sign_up.handed_on"] == [True]
