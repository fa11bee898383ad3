"""What a browser has to fetch: for the first page it is shown, with its files, and for the next ones."""

import http.client
import re
from dataclasses import dataclass
from html import unescape

FILES = re.compile(r'(?:href|src)="(/static/[^"#]+)')
PACKED = {"Accept-Encoding": "gzip, deflate, br", "User-Agent": "bench"}
MOST_BYTES, MOST_NEXT = 60_000, 1  # the aims
NEXT = ("/activities", "/rooms", "/board?lang=en")


@dataclass(frozen=True)
class Weight:
    """Of a first visit: bytes with their headers, and requests; of each next page: requests."""

    size: int
    requests: int
    next_requests: int

    def told(self) -> str:
        """In a line, with the aims."""
        is_met = self.size <= MOST_BYTES and self.next_requests <= MOST_NEXT
        return (
            f"Weights: a first visit of the board {self.size / 1000:.1f} kB in {self.requests} requests (aim "
            f"{MOST_BYTES // 1000} kB), each page after it at most {self.next_requests} requests (aim {MOST_NEXT}) but "
            f"for files of its own: {'met' if is_met else 'MISSED'}."
        )


def weigh(port: int) -> Weight:
    """Visit the board of the site at this port as a browser that has nothing yet, then other pages."""
    size, _answer = _fetch(port, "/board")
    files, kept = _files(port, "/board"), set[str]()
    for each in files:
        weighs, answer = _fetch(port, each)
        size += weighs
        if "immutable" in (answer.getheader("Cache-Control") or ""):
            kept.add(each)
    asked_again = [1 + len(_files(port, path) & (files - kept)) for path in NEXT]
    return Weight(size, 1 + len(files), max(asked_again))


def _files(port: int, path: str) -> set[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    return {unescape(each) for each in FILES.findall(connection.getresponse().read().decode())}


def _fetch(port: int, path: str) -> tuple[int, http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=PACKED)
    answer = connection.getresponse()
    head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
    return head + len(answer.read()), answer
