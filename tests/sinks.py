"""Machines that take messages on, for tests: a mail gateway and a webhook. Both note what they were given."""

import json
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class SmtpSink:
    """A mail gateway. `answers` says for an address what is answered to RCPT; `hold` makes it keep senders waiting
    after their message was taken on, which is where a kill leaves nobody to note that it was.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)
    took: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"mailto://127.0.0.1:{self.port}?from=desk@center.example.org"

    @property
    def ids(self) -> list[str]:
        """The Message-ID of every mail, in order; two of one id are one message handed over twice."""
        return [str(mail["Message-ID"]) for mail in self.mails]

    def bodies(self) -> list[str]:
        return [mail.get_content() for mail in self.mails]


@dataclass(frozen=True)
class Posted:
    """One request to a webhook."""

    path: str
    key: str | None  # its Idempotency-Key
    said: Any


@dataclass
class HttpSink:
    """A webhook. `status` and `answer` are what it answers with."""

    port: int = 0
    posts: list[Posted] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self.port}/hook"

    @property
    def ids(self) -> list[str | None]:
        return [post.key for post in self.posts]


@contextmanager
def smtp_sink() -> Iterator[SmtpSink]:
    """A mail gateway on this machine."""
    sink = SmtpSink()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            _converse(sink, self.rfile.readline, self.wfile.write)

    with _serving(_Threading(("127.0.0.1", 0), Handler)) as port:
        sink.port = port
        yield sink
        sink.hold.clear()
        sink.ended.set()


@contextmanager
def http_sink() -> Iterator[HttpSink]:
    """A webhook on this machine."""
    sink = HttpSink()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            sink.posts.append(Posted(self.path, self.headers.get("Idempotency-Key"), json.loads(body)))
            answer = json.dumps(sink.answer).encode()
            self.send_response(sink.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            pass

    with _serving(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        sink.port = port
        yield sink


class _Threading(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


@contextmanager
def _serving(server: socketserver.TCPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


def _converse(sink: SmtpSink, read: Callable[[], bytes], write: Callable[[bytes], Any]) -> None:
    """As much of SMTP as a sender needs."""
    write(b"220 sink\r\n")
    while line := read():
        verb = line.split(None, 1)[0].upper() if line.split() else b""
        if verb == b"RCPT":
            address = line.decode().partition("<")[2].partition(">")[0]
            write(f"{sink.answers.get(address, '250 ok')}\r\n".encode())
        elif verb == b"DATA":
            write(b"354 go on\r\n")
            sink.mails.append(_read_mail(read))
            write(b"250 taken\r\n")
        elif verb == b"QUIT":
            if sink.mails:
                sink.took.set()
            if sink.hold.is_set():
                sink.ended.wait(60)
            write(b"221 bye\r\n")
            return
        elif verb == b"EHLO":
            write(b"250-sink\r\n250 8BITMIME\r\n")
        else:
            write(b"250 ok\r\n")


def _read_mail(read: Callable[[], bytes]) -> EmailMessage:
    lines = []
    while (line := read()) not in {b".\r\n", b""}:
        lines.append(line[1:] if line.startswith(b"..") else line)
    mail = message_from_bytes(b"".join(lines), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail
