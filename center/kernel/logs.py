"""Structured logs: one event a line, with the request's id. No names, phones or form contents go in.

Each request is logged, and counted for `/metrics`, when it ends.

A request's line says who asked (by number), which page, what its address named, and from where, as a keyed hash.
"""

import hashlib
import hmac
import logging
import secrets
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Flask, Response, current_app, g, has_request_context, request

sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # its colours are not used, and take 6 MB with Pygments
import structlog  # noqa: E402

if sys.modules["rich"] is None:
    del sys.modules["rich"]

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

log = structlog.get_logger("center")
Made = TypeVar("Made")

UNCOUNTED = "center.uncounted"  # in the environment of what nobody asked for
_making = threading.RLock()
BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds
SECRETS_IN_ADDRESSES = frozenset(
    {"answer_link", "answer_number", "number", "offer", "reply", "ticket_number", "token"}
)  # a test holds every name in an address to be here or harmless


def configure(log_format: str) -> None:
    """Set the shape of the log lines: 'console' for people, 'json' for machines."""
    renderer = structlog.processors.JSONRenderer() if log_format == "json" else _line
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(),
    )


def _line(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
    """2026-11-23T01:02:03.000004Z info request method=GET: plain text for people. A traceback follows its line."""
    moment, level, name, trace = (event.pop(key, "") for key in ("timestamp", "level", "event", "exception"))
    line = " ".join((f"{moment} {level:7} {name}", *(f"{key}={_plain(value)}" for key, value in event.items())))
    return f"{line}\n{trace}" if trace else line


def _plain(value: object) -> str:
    text = str(value)
    return text if text.isalnum() else repr(text)  # what stands in a log never breaks its line


def init_app(app: Flask) -> None:
    """Give each request an id, returned as X-Request-Id, and log and count how it ended."""

    @app.before_request
    def _begin() -> None:
        g.request_id = secrets.token_hex(6)
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if UNCOUNTED in request.environ:
            return response
        seconds = time.perf_counter() - g.get("request_began", time.perf_counter())
        answered, took = _requests()
        answered.labels(request.endpoint or "none", str(response.status_code)).inc()
        took.labels(request.endpoint or "none").observe(seconds)
        if request.endpoint not in {"static", "web.healthz"}:
            log.info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                object=object_of_request(),
                by=signed_in_id(),
                address=hashed_address(),
                status=response.status_code,
                ms=round(seconds * 1000, 1),
            )
        return response


def press_now() -> str | None:
    """What was pressed: one name for everything that a request does. None outside requests, where nobody presses."""
    return g.get("request_id") if has_request_context() else None


def signed_in_id() -> int | None:
    """The person who is signed in, where this request asked; it reads nothing."""
    person_id: int | None = getattr(g.get("_login_user"), "person_id", None)
    return person_id


def object_of_request() -> str:
    """What the address names, as a log may say it: numbers, codes and references, never a secret."""
    named = (request.view_args or {}).items()
    return " ".join(f"{name}={value}" for name, value in named if name not in SECRETS_IN_ADDRESSES)[:80]


def hashed_address() -> str:
    """Where the request comes from: the same for the same address, and nothing to anybody without the site's key."""
    key = f"address {current_app.secret_key!s}".encode()
    return hmac.new(key, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()[:16]


def made_once(make: Callable[[], Made]) -> Callable[[], Made]:
    """Make it when it is first asked for, and once only, however many threads ask at that moment."""
    made: list[Made] = []

    @wraps(make)
    def get() -> Made:
        if not made:
            with _making:
                if not made:
                    made.append(make())
        return made[0]

    return get


# prometheus_client is imported when something is first counted, which in `center run` is in a worker process.


@made_once
def _requests() -> tuple["Counter", "Histogram"]:
    from prometheus_client import Counter, Histogram

    return (
        Counter("center_requests", "Requests answered", ("endpoint", "status")),
        Histogram("center_request_seconds", "How long answers took", ("endpoint",), buckets=BUCKETS),
    )
