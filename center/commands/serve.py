"""`center run`: the site on granian, a web server for Python applications."""

import socket

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.server.mp import MPServer

from center.kernel.config import Settings, SettingsError, is_loopback

HEAD_MILLISECONDS = 10_000  # for the head of a request; `gateway` has the deadline for its body
HEAD_BYTES = 64 * 1024
STOP_AFTER_SECONDS = 20  # a request that has not ended this long after a stop is cut off


def server(settings: Settings, *, serves: str = "center.app.wsgi:gateway") -> MPServer:
    """The web server, ready to serve.

    Backpressure stays at granian's default (backlog / workers): it counts open connections, and a browser keeps
    several open and idle, so that a low limit would shut people out. What waits for a thread waits inside the worker.
    """
    return MPServer(
        serves,
        address=settings.host,
        port=settings.port,
        interface=Interfaces.RSGI,
        loop=Loops.asyncio,
        workers=settings.workers,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=HEAD_MILLISECONDS, max_buffer_size=HEAD_BYTES),
        websockets=False,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_AFTER_SECONDS,
    )


def check(settings: Settings) -> None:
    """Refuse to serve others without a server in front that speaks HTTPS and takes the first knocks. Raises
    SettingsError with what to do."""
    if not is_loopback(settings.host) and not settings.trusted_proxies:
        raise SettingsError(
            f"CENTER_HOST is {settings.host}, which others can reach, and no proxy is declared. Put nginx or Caddy in "
            "front (README shows how) and set CENTER_TRUSTED_PROXIES to how many there are, or listen on 127.0.0.1."
        )
    if settings.trusted_proxies and not (settings.site_url or settings.hosts):
        raise SettingsError(
            "Behind a proxy the site must know its names: set CENTER_SITE_URL, such as https://center.example.cn, and "
            "CENTER_HOSTS to further names, if there are any."
        )


def refuse_taken_port(settings: Settings) -> None:
    """Refuse a port at which somebody listens already: the system would let both, and give each some of the requests.
    Raises SettingsError with what to do."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # what has just ended is no neighbour
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"CENTER_PORT is {settings.port}, and that cannot be had ({error.strerror}). Stop what listens there, "
                "or choose another port."
            ) from None


def address(settings: Settings) -> str:
    """Where a browser finds the site."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{settings.port}/"
