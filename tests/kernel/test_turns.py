"""Writers on SQLite take turns: each gets one soon, and whoever has to wait too long is told so."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from center.kernel.db import db, is_busy, transaction
from center.people.models import Grid
from tests.engines import ONE_ENGINE

WRITERS, EACH = 8, 6
PASSED_OVER = WRITERS * EACH // 2  # others have written so often while one waited: no turn was kept
AT_WORK = 0.004  # seconds that each holds the database


@ONE_ENGINE
def test_many_writers_are_all_served_and_nobody_is_passed_over(app: Flask) -> None:
    """A machine that lets one thread rest makes it look passed over, so of three rushes one without that will do."""
    db.session.rollback()
    assert any(_most_passed_over(app, rush) < PASSED_OVER for rush in range(3))


def _most_passed_over(app: Flask, rush: int) -> int:
    """How many others wrote at most while one waited, where all write at once; all of them are served."""
    gate, done, passed = threading.Barrier(WRITERS), list[int](), list[int]()

    def write(n: int) -> None:
        with app.app_context():
            gate.wait(30)
            for round_ in range(EACH):
                before = len(done)
                with transaction() as session:
                    passed.append(len(done) - before)
                    session.add(Grid(name=f"{rush}.{n}.{round_}"))
                    session.flush()
                    time.sleep(AT_WORK)
                    done.append(n)
            db.session.remove()

    with ThreadPoolExecutor(WRITERS) as threads:
        list(threads.map(write, range(WRITERS)))
    written = select(func.count()).select_from(Grid).where(Grid.name.startswith(f"{rush}."))
    assert db.session.scalar(written) == WRITERS * EACH
    db.session.rollback()
    return max(passed)


@ONE_ENGINE
def test_who_waits_too_long_hears_that_it_is_busy_and_can_try_again(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.kernel.db.LOCK_TIMEOUT_MS", 60)
    other = db.engine.connect().execution_options(immediate=True)
    with transaction(), pytest.raises(OperationalError) as refused:
        other.begin()
    assert is_busy(refused.value)
    other.rollback()
    with other.begin():
        assert other.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == 60, "reads and COMMIT wait as long"
    other.close()
