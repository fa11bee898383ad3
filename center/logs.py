"""Structured logs: one event a line, with the request's id. No names, phones or form contents go in."""

import logging
import time
import uuid

import structlog
from flask import Flask, Response, g, request

log = structlog.get_logger("center")


def configure(log_format: str) -> None:
    """Set the shape of the log lines: 'console' for people, 'json' for machines."""
    renderer = (
        structlog.processors.JSONRenderer() if log_format == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=True,
    )


def init_app(app: Flask) -> None:
    """Give each request an id, returned as X-Request-Id, and log how it ended."""

    @app.before_request
    def _begin() -> None:
        g.request_id = uuid.uuid4().hex[:12]
        g.request_began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=g.request_id)

    @app.after_request
    def _end(response: Response) -> Response:
        response.headers["X-Request-Id"] = g.get("request_id", "")
        if request.endpoint not in {"static", "web.healthz"}:
            took = round((time.perf_counter() - g.get("request_began", time.perf_counter())) * 1000, 1)
            log.info("request", method=request.method, endpoint=request.endpoint, status=response.status_code, ms=took)
        return response
