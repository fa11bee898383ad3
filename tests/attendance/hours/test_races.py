"""Nobody is at two places at once and no hour is certified twice, whoever presses at the same moment, on each engine.

What holds is the database: without its guard the race does show.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from center.activities.models import Session
from center.attendance.hours import actions, deciding, queries
from center.attendance.models.hours import Shift, ShiftState
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict
from center.kernel.i18n import local_date
from center.people.models import Person
from tests.attendance.hours.builders import make_lead, make_session, make_shift, standing
from tests.builders import at, make_organisation, make_person
from tests.signups.test_races import at_once

ROUNDS = 3
INDEX = "CREATE UNIQUE INDEX uq_volunteer_shifts_open ON volunteer_shifts (person_id) WHERE state = 'open'"


def acting(act: Callable[..., Any], rows: list[tuple[Any, int]], by_id: int, *given: Any, **more: Any) -> Any:
    """One press, in a session of its own: of these rows, by somebody."""

    def press() -> None:
        found = [db.session.get_one(kind, row_id) for kind, row_id in rows]
        act(*found, *given, by=db.session.get_one(Person, by_id), now=at(10, 5, days=1), **more)

    return press


def open_ones(person_id: int) -> int:
    db.session.rollback()
    query = select(func.count()).where(Shift.person_id == person_id, Shift.state == ShiftState.OPEN)
    return db.session.scalar(query) or 0


def test_two_desks_sign_the_same_volunteer_in_at_two_sessions(app: Flask) -> None:
    desk = make_lead()
    for _ in range(ROUNDS):
        her = make_person()
        sessions = [make_session(her) for _ in range(2)]
        presses = [acting(actions.sign_in, [(Session, each.id), (Person, her.id)], desk.id) for each in sessions * 2]
        assert sorted(at_once(app, presses)) in ([False, False, True, True], [False, True, True, True])
        assert open_ones(her.id) == 1


def test_in_and_out_at_the_same_moment_leave_one_shift(app: Flask) -> None:
    desk = make_lead()
    for _ in range(ROUNDS):
        her = make_person()
        session = make_session(her)
        rows = [(Session, session.id), (Person, her.id)]
        with transaction():
            actions.sign_in(session, her, by=desk, now=at(10, days=1))
        at_once(app, [acting(actions.sign_out, rows, desk.id) for _ in range(4)])
        assert [each.state for each in queries.shifts_at(session)] == [ShiftState.DONE]


def test_certified_by_two_leads_at_once_it_is_certified_by_one(app: Flask) -> None:
    leads = [make_lead(), make_lead()]
    for _ in range(ROUNDS):
        shift = make_shift()
        assert (
            at_once(app, [acting(deciding.certify, [(Shift, shift.id)], each.id) for each in leads * 2]) == [True] * 4
        )
        assert (standing([shift]), shift.certified_by_id in {each.id for each in leads}) == (
            [ShiftState.CERTIFIED],
            True,
        )


def test_certified_while_it_is_corrected_the_old_times_never_count_beside_the_new(app: Flask) -> None:
    lead, other = make_lead(), make_lead()
    for n in range(ROUNDS):
        her = make_person()
        shift = make_shift(her, start=at(6, days=1))
        times = (at(6, days=1), at(7, n, days=1))
        at_once(
            app,
            [
                acting(deciding.certify, [(Shift, shift.id)], lead.id),
                acting(deciding.correct, [(Shift, shift.id)], other.id, *times, reason="早走了"),
                acting(deciding.correct, [(Shift, shift.id)], lead.id, *times, reason="又改"),
            ],
        )
        db.session.rollback()
        assert [each.state for each in queries.shifts_of(her.id)] == [ShiftState.DONE]
        assert standing([shift]) == [ShiftState.REPLACED]


@contextmanager
def unguarded(is_so: bool) -> Iterator[None]:
    """Without what adds up the day, where that is asked for."""
    if not is_so:
        yield
        return
    db.session.rollback()
    lite = db.engine.dialect.name == "sqlite"
    kept = "SELECT sql FROM sqlite_master WHERE name = 'volunteer_shifts_certified_update'"
    table = "ALTER TABLE volunteer_shifts {} TRIGGER volunteer_shifts_long"
    with db.engine.begin() as connection:
        back = connection.execute(text(kept)).scalar_one() if lite else table.format("ENABLE")
        off = "DROP TRIGGER volunteer_shifts_certified_update" if lite else table.format("DISABLE")
        connection.execute(text(off))
    try:
        yield
    finally:
        db.session.rollback()
        with db.engine.begin() as connection:
            connection.exec_driver_sql(back)


@pytest.mark.parametrize("guarded", [True, False])
def test_only_the_database_keeps_two_halves_of_a_long_day_from_being_certified_unseen(
    app: Flask, guarded: bool
) -> None:
    leads = [make_lead(), make_lead()]
    her, organisation = make_person(), make_organisation()
    shifts = [
        make_shift(her, start=start, hours=hours, organisation=organisation)
        for start, hours in ((at(6, days=1), 5.0), (at(13, days=1), 3.5))
    ]

    def certify_blindly(shift_id: int, by_id: int) -> Callable[[], None]:
        def press() -> None:
            found = db.session.get_one(Shift, shift_id)
            found.state, found.certified_by_id, found.certified_at = ShiftState.CERTIFIED, by_id, at(18, days=1)
            try:
                db.session.flush()
            except IntegrityError as refused:
                raise Conflict("refused") from refused

        return press

    presses = [certify_blindly(shift.id, lead.id) for shift, lead in zip(shifts, leads, strict=True)]
    with unguarded(not guarded):
        assert sorted(at_once(app, presses)) == [not guarded, True]


@pytest.mark.parametrize("guarded", [True, False])
def test_only_the_database_keeps_somebody_from_being_at_two_places(app: Flask, guarded: bool) -> None:
    her = make_person()
    sessions = [make_session(her) for _ in range(2)]
    if not guarded:
        with db.engine.begin() as connection:
            connection.execute(text("DROP INDEX uq_volunteer_shifts_open"))

    def open_blindly(session_id: int) -> None:
        with transaction() as session:
            start = at(10, days=1) + timedelta(minutes=session_id % 2)
            session.add(
                Shift(
                    session_id=session_id, person_id=her.id, state=ShiftState.OPEN, in_at=start,
                    day=local_date(start), recorded_by_id=her.id, recorded_at=start,
                )
            )  # fmt: skip

    try:
        open_blindly(sessions[0].id)
        if guarded:
            with pytest.raises(IntegrityError):
                open_blindly(sessions[1].id)
        else:
            open_blindly(sessions[1].id)
        assert open_ones(her.id) == (1 if guarded else 2)
    finally:
        if not guarded:
            with db.engine.begin() as connection:
                connection.execute(text("UPDATE volunteer_shifts SET state = 'undone'"))
                connection.execute(text(INDEX))
