"""A load of requests: some connections, each sending its next request as soon as the last was answered.

As little as possible is done per answer, since the load runs on the machine that it measures. It runs as a process of
its own: `python -m bench.load HOST PORT SECONDS CONNECTIONS STATUSES` reads the requests from stdin, and prints what
came of it.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import cycle, islice

from center.kernel.config import ROOT

CONNECTIONS = 16
PATIENCE = 60  # seconds that the last answers may take
OK = (200,)


@dataclass
class Outcome:
    """How a load went: milliseconds per answer, in order of arrival, and how many answers were not as expected."""

    seconds: float = 0.0
    milliseconds: list[float] = field(default_factory=list)
    failures: int = 0

    @property
    def rate(self) -> float:
        return len(self.milliseconds) / self.seconds

    def percentile(self, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        ordered = sorted(self.milliseconds)
        return ordered[min(int(len(ordered) * share), len(ordered) - 1)]

    def __add__(self, other: "Outcome") -> "Outcome":
        times = self.milliseconds + other.milliseconds
        return Outcome(self.seconds + other.seconds, times, self.failures + other.failures)


class Visitor(asyncio.Protocol):
    """One connection that is kept open: sends a request, waits for the whole answer, sends the next."""

    def __init__(
        self, requests: Sequence[bytes], first: int, outcome: Outcome, until: float, statuses: tuple[bytes, ...]
    ) -> None:
        self._requests = islice(cycle(requests), first % len(requests), None)
        self._outcome, self._until = outcome, until
        self._fine = tuple(b"HTTP/1.1 " + status for status in statuses)
        self._left, self._head = 0, b""
        self.done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._ask()

    def data_received(self, data: bytes) -> None:
        if self._left:
            self._left -= len(data)
        else:
            self._head += data
            head, blank, body = self._head.partition(b"\r\n\r\n")
            if not blank:
                return
            self._outcome.failures += not self._head.startswith(self._fine)
            self._left, self._head = _length(head) - len(body), b""
        if self._left == 0:
            self._answered()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self._outcome.failures += 1
            self.done.set_result(None)

    def _answered(self) -> None:
        now = time.perf_counter()
        self._outcome.milliseconds.append((now - self._asked_at) * 1000)
        if now < self._until:
            self._ask()
            return
        self.done.set_result(None)
        self._transport.close()

    def _ask(self) -> None:
        self._asked_at = time.perf_counter()
        self._transport.write(next(self._requests))


def request(path: str, *, method: str = "GET", host: str = "127.0.0.1", cookie: str = "", etag: str = "") -> str:
    """A request as it is sent, without a body; with an `etag` of whoever has that already."""
    carried = f"Cookie: {cookie}\r\n" if cookie else ""
    carried += f"If-None-Match: {etag}\r\n" if etag else ""
    length = "Content-Length: 0\r\n" if method == "POST" else ""
    return f"{method} {path} HTTP/1.1\r\nHost: {host}\r\n{carried}{length}\r\n"


def put_load(
    port: int,
    requests: Sequence[str],
    *,
    seconds: float,
    connections: int = CONNECTIONS,
    statuses: Sequence[int] = OK,
) -> Outcome:
    """Put these requests, one after the other, on a server of this machine from a process of its own."""
    said = (str(port), str(seconds), str(connections), ",".join(map(str, statuses)))
    command = [sys.executable, "-m", "bench.load", "127.0.0.1", *said]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(requests), stdout=subprocess.PIPE, text=True, check=True)
    return Outcome(**json.loads(done.stdout))


async def _run(
    host: str, port: int, requests: Sequence[bytes], seconds: float, connections: int, statuses: tuple[bytes, ...]
) -> Outcome:
    outcome, began = Outcome(), time.perf_counter()
    loop = asyncio.get_running_loop()
    apart = max(1, len(requests) // connections)  # so that nobody asks right after somebody else asked for the same
    visitors = [Visitor(requests, n * apart, outcome, began + seconds, statuses) for n in range(connections)]
    for visitor in visitors:
        await loop.create_connection(partial(_itself, visitor), host, port)
    await asyncio.wait_for(asyncio.gather(*(visitor.done for visitor in visitors)), seconds + PATIENCE)
    outcome.seconds = time.perf_counter() - began
    return outcome


def _itself(visitor: Visitor) -> Visitor:
    return visitor


def _length(head: bytes) -> int:
    _before, _name, rest = head.lower().partition(b"\r\ncontent-length:")
    return int(rest.partition(b"\r\n")[0] or 0)  # an answer that nothing has changed has no body


def main() -> None:
    """What `put_load` starts."""
    host, port, seconds, connections, statuses = sys.argv[1:]
    requests = [request.encode() for request in json.load(sys.stdin)]
    fine = tuple(statuses.encode().split(b","))
    outcome = asyncio.run(_run(host, int(port), requests, float(seconds), int(connections), fine))
    json.dump(asdict(outcome), sys.stdout)


if __name__ == "__main__":
    main()
