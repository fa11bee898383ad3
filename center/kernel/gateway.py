"""Between granian and Flask: a request is taken whole before a thread is given to it.

A thread would wait with whoever sends slowly, and a handful of them would stop the site. Here waiting costs a socket
only, and it has an end. Granian's own bridge (WSGI) has no deadline for a body, and makes one of two spellings.
"""

import asyncio
import io
import sys
import tempfile
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from flask import Flask

from center.kernel import site
from center.kernel.config import Settings
from center.kernel.logs import log

SMALL = 256 * 1024  # bytes; what is larger is a file, is kept on disk while it comes, and must say how large it is
MOST = 64 * 2**20
SMALL_SECONDS = 20.0
SLOWEST = 64 * 1024  # bytes a second of a file, over the whole of it
FILES_AT_ONCE = 4
SQLITE_THREADS = 2  # one writer at a time: more threads would only wait for each other
POSTGRESQL_THREADS = 2
LATE = 408, "The rest of this request did not come in time."
TOO_LARGE = 413, "That is too much to send at once."
BUSY = 503, "Many files are being sent at this moment. Please try again in a little while."

Answer = tuple[int, list[tuple[str, str]], bytes]


def threads_of(settings: Settings) -> int:
    """How many requests one server process answers at once."""
    return SQLITE_THREADS if settings.is_sqlite else POSTGRESQL_THREADS


def gateway_of(app: Flask) -> "Gateway":
    """The site as granian serves it."""
    return Gateway(app, threads=threads_of(app.extensions["settings"]))


class RefusedError(Exception):
    """A request that is answered before the site sees it: status and words."""


class Gateway:
    """An application of granian's own interface (RSGI) around one of Python's (WSGI)."""

    def __init__(self, app: site.Application, *, threads: int) -> None:
        self._app = app
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._files = asyncio.Semaphore(FILES_AT_ONCE)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        headers = scope.headers.items()
        try:
            if wrong := site.fault(headers, scope.authority):
                raise RefusedError(400, wrong)
            believed = site.believed(headers)
            body = await self._body(believed, protocol)
        except RefusedError as refused:
            status, words = refused.args
            plain = [("content-type", "text/plain; charset=utf-8"), ("connection", "close")]
            protocol.response_str(status, plain, words)
            return
        environ = _environ(scope, believed, body)
        loop = asyncio.get_running_loop()
        status, said, content = await loop.run_in_executor(self._threads, self._answer, environ)
        protocol.response_bytes(status, said, content)

    async def _body(self, headers: dict[str, str], protocol: Any) -> IO[bytes]:
        """The whole body. Raises RefusedError where it is too large or too slow."""
        length, chunked = headers.get("CONTENT_LENGTH"), "HTTP_TRANSFER_ENCODING" in headers
        if not chunked and length in {None, "0"}:
            return io.BytesIO()
        most = min(_number(length), MOST) if length and not chunked else SMALL
        if length and _number(length) > most:
            raise RefusedError(*TOO_LARGE)
        if most <= SMALL:
            return await _read(protocol, io.BytesIO(), most=SMALL, seconds=SMALL_SECONDS)
        if self._files.locked():
            raise RefusedError(*BUSY)
        async with self._files:
            return await _read(protocol, tempfile.TemporaryFile(), most=most, seconds=SMALL_SECONDS + most / SLOWEST)

    def _answer(self, environ: dict[str, Any]) -> Answer:
        """What the application answers; runs in a thread of its own."""
        begun: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Callable[[bytes], object]:
            begun[:] = [int(status.partition(" ")[0]), headers]
            return written.append

        written: list[bytes] = []
        try:
            parts: Iterable[bytes] = self._app(environ, start)
            try:
                written.extend(parts)
            finally:
                getattr(parts, "close", lambda: None)()
            return begun[0], begun[1], b"".join(written)
        except Exception as error:
            log.error("request_failed", kind=type(error).__name__, exc_info=error)
            return 500, [("content-type", "text/plain; charset=utf-8")], b"Something went wrong on our side."
        finally:
            environ["wsgi.input"].close()


async def _read(protocol: Any, into: IO[bytes], *, most: int, seconds: float) -> IO[bytes]:
    """The body, from its beginning. Raises RefusedError, and leaves nothing behind."""
    try:
        async with asyncio.timeout(seconds):
            async for part in protocol:
                if into.tell() + len(part) > most:
                    raise RefusedError(*TOO_LARGE)
                into.write(part)
    except TimeoutError:
        into.close()
        raise RefusedError(*LATE) from None
    except BaseException:
        into.close()
        raise
    into.seek(0)
    return into


def _number(length: str) -> int:
    return int(length) if length.isascii() and length.isdigit() and len(length) < 12 else MOST + 1


def _environ(scope: Any, headers: dict[str, str], body: IO[bytes]) -> dict[str, Any]:
    host, _colon, port = scope.server.rpartition(":")
    return {
        **headers,
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
