"""How bookings of long ago are read: by an index, no farther than what is shown or counted."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from center.bookings.approvals.records import records_of
from center.bookings.lines import lines_of_person
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db
from center.signups.to_answer import to_look_at
from tests.engines import ONE_ENGINE
from tests.statements import selects

pytestmark = ONE_ENGINE


def _steps(seen: list[tuple[str, Any]], words: str = "FROM bookings") -> list[str]:
    """What SQLite does for those of the statements that read bookings."""
    connection = db.session.connection()
    wanted = [(sql, values) for sql, values in seen if words in sql]
    return [row[3] for sql, values in wanted for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


@pytest.mark.parametrize("limit", [5, 50])
def test_a_persons_past_bookings_are_read_from_the_last_one_on_and_none_is_sorted(app: Flask, limit: int) -> None:
    with selects() as seen:
        lines_of_person(1, upcoming=False, now=clock.now(), led_ids=[1], limit=limit)
    steps = _steps(seen)
    assert any("ix_bookings_person_ends" in step for step in steps)
    assert not any("ORDER BY" in step for step in steps)


def test_of_an_askers_bookings_no_more_than_a_year_is_read(app: Flask) -> None:
    asked = Booking(person_id=1, organisation_id=None, starts_at=clock.now() + timedelta(days=1))
    with selects() as seen:
        records_of([asked], now=clock.now())
    steps = [each for each in _steps(seen) if each.split()[1] == "bookings"]
    assert steps
    assert all(">?" in step or "rowid=?" in step for step in steps), steps


def test_what_waits_for_an_answer_is_found_by_whose_it_is_not_among_all_that_lie_ahead(app: Flask) -> None:
    with selects() as seen:
        to_look_at(1, now=clock.now())
    steps = [step for step in _steps(seen) if step.split()[1] == "bookings"]
    assert {step.split()[4] for step in steps} == {"ix_bookings_person_ends", "ix_bookings_organisation_ends"}
    assert any(step == "MATERIALIZE topics" for step in _steps(seen))


def test_no_value_makes_it_be_planned_anew(app: Flask) -> None:
    with selects() as seen:
        to_look_at(1, now=clock.now())
    [(statement, _values)] = [each for each in seen if "FROM bookings" in each[0]]
    assert "LIMIT ?" not in statement
    assert "sign_ups.state = ?" not in statement
