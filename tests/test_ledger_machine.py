"""Whatever people do in whatever order, no two live uses of a part overlap, and every live use, and no other, has rows.

Hypothesis makes up the days of a small centre: a hall of two parts and a room, and everything that can be done with
their time. After every step the books are read anew and compared. What the centre refuses must leave all as it was.
CENTER_TEST_STORIES=500 looks for longer than the tests usually do.
"""

import os

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from center.bookings.models import Booking, BookingStatus
from center.kernel.db import db, transaction
from tests.engines import Engines
from tests.truth.deeds import Bookings, Closing, Waiting
from tests.truth.repeating import Repeating

STORIES = int(os.environ.get("CENTER_TEST_STORIES", "6"))


class Days(Bookings, Repeating, Waiting, Closing):
    """Everything that can be done, in any order."""


@pytest.mark.slow("a lie shows after many deeds in an order nobody thought of")
def test_no_story_makes_the_ledger_lie(app: Flask, engine: str, engines: Engines) -> None:
    stories = STORIES if engine == "sqlite" else STORIES // 2  # what happens is the same, and slower
    patience = settings(
        max_examples=stories, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
    )

    class Here(Days):
        def __init__(self) -> None:
            super().__init__(app, engines)

    run_state_machine_as_test(Here, settings=patience)


def test_the_machine_sees_a_ledger_that_lies(app: Flask, engines: Engines) -> None:
    """The negative control: a cancelled booking that keeps its rows is found out."""
    days = Days(app, engines)
    days.book(3, (0, 9, 0, 60), 0, 2, "")
    days.the_books_are_true()
    with transaction():
        db.session.get_one(Booking, days.books.live[0]).status = BookingStatus.CANCELLED
    with pytest.raises(AssertionError):
        days.the_books_are_true()
    days.teardown()
