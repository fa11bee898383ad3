"""`center run`: the site on granian, a web server for Python applications."""

from granian.constants import HTTPModes, Interfaces
from granian.server.mp import MPServer

from center.config import Settings

SQLITE_THREADS = 4  # one writer at a time: more threads would only wait for each other
POSTGRESQL_THREADS = 8  # below the connection pool's size (db.engine_options)
STOP_AFTER_SECONDS = 20  # a request that has not ended this long after a stop is cut off


def server(settings: Settings, *, serves: str = "center.wsgi:app") -> MPServer:
    """The web server, ready to serve.

    Backpressure stays at granian's default (backlog / workers): it counts open connections, and a browser keeps
    several open and idle, so that a low limit would shut people out. What waits for a thread waits inside the worker.
    """
    return MPServer(
        serves,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.workers,
        blocking_threads=SQLITE_THREADS if settings.is_sqlite else POSTGRESQL_THREADS,
        http=HTTPModes.http1,
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_AFTER_SECONDS,
    )


def address(settings: Settings) -> str:
    """Where a browser finds the site."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{settings.port}/"
