"""A crowd: each person has one errand, and some of them at a time are served, each on a connection that is kept open.

Whoever is told that the site is busy (503) presses again after a moment, as a patient person would. It runs as a
process of its own: `python -m bench.crowd HOST PORT CONNECTIONS MOMENT` reads the errands from stdin, waits for the
moment, and prints how each ended.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from urllib.parse import urlencode

from center.kernel.config import ROOT
from tests.race import Fields

PATIENCE = 120  # seconds that nobody waits longer than
PAUSE = 0.5  # seconds until somebody presses again
BUSY = 503


@dataclass
class Errand:
    """One request of one person's browser: a form that is sent, or without one a page that is opened.

    A device sends JSON, with its own cookie and the token of its session in a header.
    """

    path: str
    cookie: str
    form: dict[str, str] = field(default_factory=dict)
    json: str = ""
    device: str = ""
    token: str = ""

    def request(self) -> bytes:
        body = self.json or urlencode(self.form)
        kind = "application/json" if self.json else "application/x-www-form-urlencoded"
        sends = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n" if body else ""
        sends += f"X-CSRFToken: {self.token}\r\n" if self.token else ""
        cookies = f"center={self.cookie}" + (f"; checkin={self.device}" if self.device else "")
        head = f"{'POST' if body else 'GET'} {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
        return f"{head}{sends}\r\n{body}".encode()


@dataclass
class End:
    """How an errand ended: the status of the answer (0 for none), where it leads, and when it was asked and answered.

    `again` counts how often the site was too busy. A page that was opened brings its form's hidden fields and cookie.
    """

    status: int = 0
    location: str = ""
    pressed: float = 0.0
    answered: float = 0.0
    again: int = 0
    cookie: str = ""
    hidden: dict[str, str] = field(default_factory=dict)
    told: str = ""  # what a device was answered

    @property
    def milliseconds(self) -> float:
        return (self.answered - self.pressed) * 1000


def send_crowd(port: int, errands: Sequence[Errand], *, connections: int, moment: float = 0.0) -> list[End]:
    """Let everybody run their errand from a moment on, so many at a time; returns how each ended, in their order."""
    command = [sys.executable, "-m", "bench.crowd", "127.0.0.1", str(port), str(connections), str(moment)]
    sent = json.dumps([asdict(each) for each in errands])
    done = subprocess.run(command, cwd=ROOT, input=sent, stdout=subprocess.PIPE, text=True, check=True)
    return [End(**each) for each in json.loads(done.stdout)]


async def _run(host: str, port: int, errands: Sequence[Errand], connections: int, moment: float) -> list[End]:
    ends, left = [End() for _each in errands], deque(range(len(errands)))
    opened = [await asyncio.open_connection(host, port) for _n in range(min(connections, len(errands)))]
    await asyncio.sleep(max(0.0, moment - time.time()))
    lines = [_serve(streams, errands, ends, left) for streams in opened]
    await asyncio.wait_for(asyncio.gather(*lines), PATIENCE + len(errands))
    return ends


async def _serve(
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    errands: Sequence[Errand],
    ends: list[End],
    left: deque[int],
) -> None:
    """One connection: whoever is next, until nobody is left. Where it breaks, the errand has no answer."""
    reader, writer = streams
    while left:
        n = left.popleft()
        request, end = errands[n].request(), ends[n]
        end.pressed = time.perf_counter()
        try:
            while True:
                writer.write(request)
                head, body = await asyncio.wait_for(_answer(reader), PATIENCE)
                if _status(head) != BUSY:
                    break
                end.again += 1
                await asyncio.sleep(PAUSE)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            return
        end.answered = time.perf_counter()
        _note(end, errands[n], head, body)
    writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    return head, await reader.readexactly(int(_values(head, "content-length")[0]))


def _note(end: End, errand: Errand, head: str, body: bytes) -> None:
    end.status, end.location = _status(head), next(iter(_values(head, "location")), "")
    if errand.json:
        end.told = body.decode()
    if errand.form or errand.json:
        return
    fields = Fields()
    fields.feed(body.decode())
    end.hidden = fields.hidden
    cookies = (value.partition(";")[0].partition("=") for value in _values(head, "set-cookie"))
    end.cookie = next((value for name, _is, value in cookies if name == "center"), errand.cookie)


def _status(head: str) -> int:
    return int(head.split(" ", 2)[1])


def _values(head: str, name: str) -> list[str]:
    lines = (line.partition(": ") for line in head.split("\r\n")[1:])
    return [value for key, _is, value in lines if key.lower() == name]


def main() -> None:
    """What `send_crowd` starts."""
    host, port, connections, moment = sys.argv[1:]
    errands = [Errand(**each) for each in json.load(sys.stdin)]
    ends = asyncio.run(_run(host, int(port), errands, int(connections), float(moment)))
    json.dump([asdict(each) for each in ends], sys.stdout)


if __name__ == "__main__":
    main()
