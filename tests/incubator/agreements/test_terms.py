"""Terms, seats and keys: within the term, never twice, and held so by the database."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.commands.ledger_checks import missing_holds
from center.incubator.agreements import queries, room_hours, sweeps, terms
from center.incubator.agreements.terms import TermFacts
from center.incubator.models.agreements import Agreement, SeatLetting
from center.incubator.models.incubations import IncubationStage
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from tests import race
from tests.activity_builders import make_activity
from tests.builders import at, make_booking, make_organisation, make_person, make_room
from tests.conftest import make_app
from tests.engines import ONE_ENGINE, Engines, dispose
from tests.incubator.agreement_builders import make_agreement, make_key, make_letting, make_seat, today
from tests.incubator.agreements import rivals
from tests.incubator.builders import make_incubation

A_DAY = timedelta(days=1)


@ONE_ENGINE
def test_nothing_is_agreed_with_whom_nobody_took_in(app: Flask) -> None:
    with pytest.raises(Conflict):
        make_agreement(make_incubation(stage=IncubationStage.REVIEW))
    with pytest.raises(Conflict):
        make_key(make_incubation(stage=IncubationStage.SUBMITTED))


def test_the_database_keeps_terms_apart_and_lettings_within_them(app: Flask) -> None:
    agreement = make_agreement()
    letting = make_letting(agreement)
    other = make_agreement()
    for statement in (
        f"UPDATE incubation_agreements SET ends_on = starts_on WHERE id = {agreement.id}",
        f"UPDATE seat_lettings SET ends_on = '{agreement.ends_on + A_DAY}' WHERE id = {letting.id}",
        "INSERT INTO incubation_agreements (incubation_id, starts_on, ends_on, room_hours, is_extension, reason,"
        " entered_by_id, entered_at) SELECT incubation_id, ends_on, ends_on, 1, is_extension, reason, entered_by_id,"
        f" entered_at FROM incubation_agreements WHERE id = {agreement.id}",
        "INSERT INTO seat_lettings (seat_id, agreement_id, starts_on, ends_on, let_by_id, let_at)"
        f" SELECT seat_id, {other.id}, ends_on, ends_on, let_by_id, let_at FROM seat_lettings",
    ):
        with pytest.raises(DBAPIError), transaction() as session:
            session.execute(text(statement))


@ONE_ENGINE
def test_a_seat_is_one_organisations_at_a_time_and_free_the_day_after_it_came_back(app: Flask) -> None:
    seat, first, second, by = make_seat(), make_agreement(), make_agreement(), make_person()
    letting = make_letting(first, seat)
    with pytest.raises(Conflict):
        make_letting(second, seat)
    with pytest.raises(Conflict), transaction():
        terms.retire_seat(seat, is_retired=True, by=by, now=clock.now())
    with transaction():
        terms.take_back(letting, by=by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        terms.take_back(letting, by=by, now=clock.now())
    with pytest.raises(Conflict):
        make_letting(second, seat)  # today it still was the other's
    assert make_letting(second, seat, starts_on=today() + A_DAY).seat_id == seat.id


@ONE_ENGINE
def test_an_extension_says_why_and_what_was_let_goes_on_with_it(app: Flask) -> None:
    incubation, by = make_incubation(), make_person()
    before = make_agreement(incubation, days=30)
    letting = make_letting(before)
    facts: dict[str, Any] = {
        "starts_on": before.ends_on + A_DAY,
        "ends_on": before.ends_on + timedelta(days=90),
        "room_hours": 30,
    }
    with pytest.raises(RuleBroken) as refused, transaction():
        terms.agree(incubation, TermFacts(**facts), by=by, now=clock.now())
    assert refused.value.field == "reason"
    with transaction():
        after = terms.agree(incubation, TermFacts(**facts, reason="项目未完成"), by=by, now=clock.now())
    [followed] = queries.lettings_of([after.id])
    assert (followed.seat_id, followed.ends_on) == (letting.seat_id, after.ends_on)
    assert [len(term.live) for term in queries.terms_of(incubation.id)] == [1, 0]


@ONE_ENGINE
def test_a_key_is_out_once(app: Flask) -> None:
    incubation, by = make_incubation(), make_person()
    key = make_key(incubation)
    with pytest.raises(Conflict), transaction():
        terms.give_key(incubation, by, what=key.what, by=by, now=clock.now())
    with transaction():
        terms.take_key(key, incubation, by=by, now=clock.now())
    with pytest.raises(Conflict), transaction():
        terms.take_key(key, incubation, by=by, now=clock.now())


@ONE_ENGINE
def test_room_hours_are_bookings_and_sessions_of_the_month(app: Flask) -> None:
    organisation, other, room = make_organisation(), make_organisation(), make_room()
    start = at(10)
    make_booking(room=room, organisation=organisation, starts_at=start, minutes=90)
    make_booking(room=room, organisation=other, starts_at=at(14), minutes=30)
    make_activity(organisation=organisation, starts=[at(17)], minutes=60, room=room)
    make_activity(organisation=organisation, starts=[at(17)], minutes=60)  # at a place of its own
    used = room_hours.minutes_used([organisation.id, other.id], start.date())
    assert used == {organisation.id: 150, other.id: 30}


@ONE_ENGINE
def test_leads_hear_once_that_their_agreement_runs_out(app: Flask) -> None:
    lead = make_person()
    incubation = make_incubation(organisation=make_organisation(leads=[lead]), applicant=lead)
    make_agreement(incubation, days=30)
    make_agreement(days=300)
    [sweep] = sweeps.SWEEPS
    for _again in range(2):
        for each in sweep.due(clock.now()):
            sweep.settle(each, clock.now())
    kinds = db.session.scalars(select(Notice.kind).where(Notice.person_id == lead.id)).all()
    assert list(kinds) == ["agreements.runs_out"]


def test_of_organisations_that_want_one_seat_at_once_one_gets_it(app: Flask) -> None:
    seats, by = [make_seat().id for _ in range(3)], make_person()
    agreements = [make_agreement().id for _ in range(3)]
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    got = race.run([(rivals.let, (url, seats, each, by.id, clock.now())) for each in agreements])
    assert sum(got) == len(seats)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(SeatLetting)) == len(seats)


@pytest.mark.parametrize("is_held", [False, True], ids=["without the guard", "with the guard"])
def test_it_is_the_database_that_lets_once(engine: str, engines: Engines, worker: str, is_held: bool) -> None:
    """The negative control: writers that do not look first let a seat twice as soon as the guard is gone."""
    app = make_app(engines.new_url(engine, f"seats_{worker}_{is_held}".lower()))
    try:
        with app.app_context():
            seats, by = [make_seat().id for _ in range(2)], make_person()
            agreements: list[Agreement] = [make_agreement() for _ in range(3)]
            if not is_held:
                _drop_guard(engine)
                assert missing_holds() == ["seat_lettings_once_insert" if engine == "sqlite" else "seat_lettings_once"]
            url = db.engine.url.render_as_string(hide_password=False)
            days = (agreements[0].starts_on, agreements[0].ends_on)
            ids, by_id = [each.id for each in agreements], by.id
            db.session.remove()
            entered = sum(race.run([(rivals.let_blindly, (url, seats, each, by_id, days)) for each in ids]))
    finally:
        dispose(app)
    assert entered == len(seats) if is_held else entered == 3 * len(seats)


def _drop_guard(engine: str) -> None:
    with transaction() as session:
        if engine == "sqlite":
            session.execute(text("DROP TRIGGER seat_lettings_once_insert"))
        else:
            session.execute(text("ALTER TABLE seat_lettings DROP CONSTRAINT seat_lettings_once"))
