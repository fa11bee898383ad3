"""Reads of many registers at once cost the same however long the centre has been open."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, update

from center.activities.models import Session, SessionState
from center.attendance import days, queries
from center.attendance.models import (
    Attendance,
    AttendanceEvent,
    How,
    Outcome,
    Register,
    RegisterState,
    Review,
    Status,
    Verb,
    Why,
)
from center.kernel.db import db, transaction
from tests.attendance.conftest import Class
from tests.builders import at
from tests.statements import selects

LONG_AGO = 300  # sessions, each with a closed register, somebody in it, and an entry that was decided
AN_HOUR, A_FORTNIGHT = timedelta(hours=1), timedelta(days=14)
GROWING = ("sessions", "registers", "attendances", "attendance_events", "attendance_reviews", "undecided_events")


def during() -> datetime:
    """While the one session that is not over is on."""
    return at(10, 30, days=1)


Read = Callable[[Session], Any]
READS: dict[str, tuple[Read, str]] = {
    "running": (lambda _: queries.running(since=during(), until=during() + AN_HOUR), "ix_sessions_state_starts"),
    "today": (lambda _: days.sessions_today(during()), "ix_sessions_state_starts"),
    "without_register": (
        lambda _: queries.without_register(since=during() - A_FORTNIGHT, now=during()),
        "ix_sessions_state_ends",
    ),
    "count_without_register": (
        lambda _: queries.count_without_register(since=during() - A_FORTNIGHT, now=during()),
        "ix_sessions_state_ends",
    ),
    "to_review": (lambda _: queries.to_review(), "undecided_events"),
    "to_review of one": (lambda session: queries.to_review([session.id]), "ix_undecided_events_session"),
    "count_to_review": (lambda _: queries.count_to_review(), "undecided_events"),
    "here_now": (lambda session: queries.here_now([session]), "attendances"),
    "head_counts": (lambda session: queries.head_counts([session]), "attendances"),
}


@pytest.fixture
def history(lesson: Class) -> Session:
    """A session of today after hundreds that are long over."""
    session, by_id, now = lesson.session, lesson.lead.id, during()
    starts = [session.starts_at - timedelta(days=40 + n) for n in range(LONG_AGO)]
    ids = range(session.id + 1, session.id + 1 + LONG_AGO)
    of = {"activity_id": session.activity_id, "state": SessionState.HELD, "sequence": 0, "is_doubled": False}
    rows: dict[Any, list[dict[str, Any]]] = {
        Session: [
            {"id": id_, "starts_at": start, "ends_at": start + timedelta(hours=2), "changed_at": start, **of}
            for id_, start in zip(ids, starts, strict=True)
        ],
        Register: [
            {"session_id": id_, "state": RegisterState.OPEN, "opened_at": now, "opened_by_id": by_id} for id_ in ids
        ],
        Attendance: [
            {"session_id": id_, "person_id": lesson.people[0].id, "status": Status.ON_LEAVE, "how": How.ROLL}
            for id_ in ids
        ],
        AttendanceEvent: [_entry(id_, by_id) for id_ in ids],
        Review: [{"event_id": id_, "is_adopted": False, "by_id": by_id, "at": now} for id_ in ids],
    }
    with transaction() as writing:
        for model, values in rows.items():
            writing.execute(insert(model), values)
        closed = {"state": RegisterState.CLOSED, "closed_at": now, "closed_by_id": by_id}
        writing.execute(update(Register).values(**closed).where(Register.session_id.in_(ids)))
    return session


def test_what_was_decided_is_on_no_list_any_more(history: Session) -> None:
    assert (queries.count_to_review(), queries.to_review()) == (0, [])
    with transaction() as writing:
        writing.execute(insert(AttendanceEvent), [_entry(history.id, history.activity.created_by_id)])
    assert queries.count_to_review() == 1
    assert [each.session_id for each in queries.to_review([history.id])] == [history.id]
    assert queries.to_review([history.id + 1]) == []


@pytest.mark.parametrize("read", READS)
def test_reads_are_bounded_by_an_index_whatever_the_history(history: Session, read: str) -> None:
    ask, index = READS[read]
    with selects() as statements:
        ask(history)
    assert statements
    if db.engine.dialect.name == "sqlite":
        steps = [step for sql, values in statements for step in _sqlite_plan(sql, values)]
        assert any(index in step for step in steps), steps
        assert [step for step in steps if _is_whole(step)] == []
    else:
        assert max(_rows_read(sql, values) for sql, values in statements) <= LONG_AGO / 10


def _entry(session_id: int, by_id: int) -> dict[str, Any]:
    now = during()
    said = {"verb": Verb.ARRIVED, "how": How.CARD, "outcome": Outcome.NEEDS_REVIEW, "why": Why.UNKNOWN}
    return {"id": session_id, "session_id": session_id, "at": now, "recorded_at": now, "by_id": by_id, **said}


def _is_whole(step: str) -> bool:
    """Whether a step reads a whole table that grows; the list of what waits is read whole, since it is short."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in GROWING and words[1] != "undecided_events"


def _sqlite_plan(sql: str, values: Any) -> list[str]:
    return [row[3] for row in db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values)]


def _rows_read(sql: str, values: Any) -> int:
    """The most rows that PostgreSQL reads of a table that grows, by its indexes as it does once the table is long."""
    connection = db.session.connection()
    connection.exec_driver_sql("ANALYZE")
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values).scalar_one()
    return max((_read(node) for node in _nodes(plan[0]["Plan"]) if node.get("Relation Name") in GROWING), default=0)


def _nodes(node: dict[str, Any]) -> Sequence[dict[str, Any]]:
    return [node, *(each for part in node.get("Plans", []) for each in _nodes(part))]


def _read(node: dict[str, Any]) -> int:
    dropped = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + dropped) * node["Actual Loops"])
