"""What is done before processes are forked: nothing of it may be left in them but what is read."""

import gc

import pytest
import structlog
from flask import Flask

from center.commands import ahead
from center.kernel.db import db
from center.kernel.logs import log
from center.kernel.sweeps import Sweep
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.fixture(autouse=True)
def _collector_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "freeze", lambda: None)


def test_what_fails_then_does_not_keep_the_site_from_starting(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_now: object) -> list[int]:
        raise RuntimeError

    said: list[str] = []
    monkeypatch.setattr(type(log), "warning", lambda _self, event, **_facts: said.append(event), raising=False)
    monkeypatch.setattr(ahead, "PAGES", ())
    monkeypatch.setattr(ahead, "SWEEPS", (Sweep("one", fail, lambda _row, _now: None),))
    ahead.look_ahead(app)
    assert said == ["not_looked_ahead"]
    assert db.engine.pool.checkedin() == 0  # type: ignore[attr-defined]


def test_pages_are_drawn_and_no_connection_or_number_of_a_request_stays(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers: list[int] = []
    app.after_request_funcs.setdefault(None, []).append(lambda answer: answers.append(answer.status_code) or answer)  # type: ignore[func-returns-value]
    try:
        ahead.look_ahead(app)
    finally:
        app.after_request_funcs[None].pop()
    assert answers == [200] * len(ahead.PAGES) * 2
    assert db.engine.pool.checkedin() == db.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
    assert "request" not in structlog.contextvars.get_contextvars()
    assert "method=GET" not in capsys.readouterr().out
