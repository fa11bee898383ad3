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
