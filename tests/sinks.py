"""Machines that take messages on, for tests: a mail gateway and a webhook. Both note what they were given."""

import json
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Taken:
    """One message as it was taken on: which sender (as it calls itself), when, under which id, all that it says, and by
    whom it was taken on."""

    sender: str
    at: float  # on the monotonic clock
    id: str
    words: str
    by: str = ""


Watch = Callable[[Taken], None]


@dataclass
class SmtpSink:
    """A mail gateway. `answers` says for an address what is answered to RCPT; `hold` makes it keep senders waiting
    after their message was taken on, which is where a kill leaves nobody to note that it was. `watch` is called before
    its sender hears that it was taken on.
    """

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    hold: threading.Event = field(default_factory=threading.Event)
    took: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)
    watch: Watch = lambda _taken: None

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
    """A webhook. `status` and `answer` are what it answers with, once `watch` was called."""

    port: int = 0
    posts: list[Posted] = field(default_factory=list)
    status: int = 200
    answer: dict[str, Any] = field(default_factory=dict)
    watch: Watch = lambda _taken: None

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
            key = self.headers.get("Idempotency-Key")
            sink.posts.append(Posted(self.path, key, json.loads(body)))
            sink.watch(Taken(self.headers["User-Agent"] or "", time.monotonic(), key or "", body.decode(), "web"))
            answer = json.dumps(sink.answer).encode()
            self.send_response(sink.status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_args: Any) -> None:
            pass

    with _serving(_HttpThreading(("127.0.0.1", 0), Handler)) as port:
        sink.port = port
        yield sink


class _Unmoved(socketserver.BaseServer):
    """Says nothing of senders that are gone in the middle of a sentence."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Threading(_Unmoved, socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64


class _HttpThreading(_Unmoved, ThreadingHTTPServer):
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
    sender = ""
    write(b"220 sink\r\n")
    while line := read():
        verb, _blank, rest = line.decode().strip().partition(" ")
        match verb.upper():
            case "RCPT":
                address = rest.partition("<")[2].partition(">")[0]
                write(f"{sink.answers.get(address, '250 ok')}\r\n".encode())
            case "DATA":
                write(b"354 go on\r\n")
                if (mail := _read_mail(read)) is None:
                    return
                sink.mails.append(mail)
                sink.watch(_taken(mail, sender))
                write(b"250 taken\r\n")
            case "QUIT":
                if sink.mails:
                    sink.took.set()
                if sink.hold.is_set():
                    sink.ended.wait(60)
                write(b"221 bye\r\n")
                return
            case "EHLO":
                sender = rest
                write(b"250-sink\r\n250 8BITMIME\r\n")
            case _:
                write(b"250 ok\r\n")


def _read_mail(read: Callable[[], bytes]) -> EmailMessage | None:
    """A mail; None where its sender was gone before its end, so that nobody took it on."""
    lines = []
    while (line := read()) != b".\r\n":
        if not line:
            return None
        lines.append(line[1:] if line.startswith(b"..") else line)
    mail = message_from_bytes(b"".join(lines), policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def _taken(mail: EmailMessage, sender: str) -> Taken:
    words = f"To: {mail['To']}\nSubject: {mail['Subject']}\n\n{mail.get_content()}"
    return Taken(sender, time.monotonic(), str(mail["Message-ID"]).strip("<>"), words, "mail")
