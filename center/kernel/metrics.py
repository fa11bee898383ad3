"""What `/metrics` tells a Prometheus server: how much the site does, how fast, and what it refused.

`center run` has several processes. Each writes its counts to files in a folder that they share, and whichever is asked
adds up the files of all. The folder is named by PROMETHEUS_MULTIPROC_DIR before prometheus_client is first imported.
No label holds anything about people: endpoints, statuses and kinds of refusal only.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, request
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError, OperationalError

from center.kernel.config import Settings, is_loopback
from center.kernel.db import db, is_busy
from center.kernel.logs import log, made_once

if TYPE_CHECKING:
    from prometheus_client import Counter
    from prometheus_client.metrics_core import Metric

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
LEDGER, LOCK, SIGN_IN = "ledger refusals", "lock timeouts", "sign-in failures"  # what is counted
SIGN_IN_FAILURES = ("too_many_tries", "wrong_password")

Gauges = Mapping[str, tuple[str, Callable[[], float]]]


def share_between_processes(folder: Path) -> None:
    """Let the worker processes started from here add their counts up in this folder, which starts out empty."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True, mode=0o700)
    except OSError:  # a site on PostgreSQL may have a data folder that it cannot write to, or none
        folder = Path(tempfile.mkdtemp(prefix="center-metrics-"))
    os.environ[FOLDER] = str(folder)


def init_app(app: Flask) -> None:
    """Count every time that the database of this app could not be had."""
    with app.app_context():
        event.listen(db.engine, "handle_error", _count_lock_timeout)


def count_ledger_refusal() -> None:
    """The ledger of room time refused a use because another has the time."""
    _counters()[LEDGER].inc()


def count_sign_in_failure(reason: str) -> None:
    """Somebody could not sign in; `reason` is one of SIGN_IN_FAILURES."""
    _counters()[SIGN_IN].labels(reason).inc()


def is_allowed(settings: Settings) -> bool:
    """Whether this request may read the figures: it has the token, or comes from this machine and through no proxy."""
    if settings.metrics_token:
        kind, _blank, token = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "bearer" and secrets.compare_digest(token.strip().encode(), settings.metrics_token.encode()):
            return True
    came_through_proxy = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-Ip"))
    return not came_through_proxy and is_loopback(request.remote_addr or "")


def page() -> Response:
    """All figures in Prometheus' text format."""
    from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    _start_at_zero()
    registry = CollectorRegistry()
    if os.environ.get(FOLDER):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(REGISTRY)
    registry.register(_Now(current_app.extensions.get("gauges", {})))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Now:
    """Figures that are asked of the database when they are read, so that no process can remember an old one."""

    def __init__(self, gauges: Gauges) -> None:
        self._gauges = gauges

    def describe(self) -> Iterable["Metric"]:
        """Nothing: being registered must not ask the database."""
        return []

    def collect(self) -> Iterator["Metric"]:
        """Every gauge as it is now; one whose database does not answer is left out, and logged."""
        from prometheus_client.core import GaugeMetricFamily

        for name, (says, ask) in self._gauges.items():
            try:
                value = ask()
            except DBAPIError as error:
                log.warning("gauge_unreadable", gauge=name, kind=type(error.orig).__name__)
                continue
            yield GaugeMetricFamily(name, says, value=value)


@made_once
def _counters() -> dict[str, "Counter"]:
    from prometheus_client import Counter

    refused = "Uses of a room that the ledger refused because another has the time"
    return {
        LEDGER: Counter("center_ledger_refusals", refused),
        SIGN_IN: Counter("center_sign_in_failures", "Tries to sign in that failed", ("reason",)),
        LOCK: Counter("center_database_lock_timeouts", "Times the database could not be had in time"),
    }


def _start_at_zero() -> None:
    """Let what has not happened yet be told as 0, so that its first time is seen as an increase."""
    for reason in SIGN_IN_FAILURES:
        _counters()[SIGN_IN].labels(reason)


def _count_lock_timeout(context: ExceptionContext) -> None:
    error = context.sqlalchemy_exception
    if isinstance(error, OperationalError) and is_busy(error):
        _counters()[LOCK].inc()
