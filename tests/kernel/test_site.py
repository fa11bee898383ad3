"""What of a request is believed, and that nobody who sends slowly keeps others waiting."""

import asyncio
import http.client
import socket
import time
from collections.abc import AsyncIterator, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask

from center.commands import serve as serving
from center.kernel import gateway
from center.kernel.config import SettingsError
from center.kernel.gateway import Gateway
from center.kernel.site import HostGuard, believed, fault, hosts_of, init_app
from tests import caddy, nginx, race
from tests.builders import ZONE, at, make_account, make_room, session_cookie
from tests.conftest import NOT_RUN, need_postgres
from tests.engines import Engines, settings_for
from tests.race import Wish
from tests.servers import Site, serve
from tools.fronts import find

T = TypeVar("T")

THREADS = 4  # of a server process on SQLite


@pytest.mark.parametrize(
    ("headers", "authority", "is_refused"),
    [
        pytest.param([("host", "a")], None, False, id="a host"),
        pytest.param([("host", "a"), ("x-forwarded-for", "1")], None, False, id="as proxies send it"),
        pytest.param([("host", "a"), ("x_forwarded_for", "1")], None, True, id="with underscores"),
        pytest.param([("host", "a"), ("x-forwarded_for", "1")], None, True, id="with one underscore"),
        pytest.param([("host", "a"), ("x-forwarded-for", "1"), ("x_forwarded_for", "2")], None, True, id="both"),
        pytest.param([("host", "a"), ("x_forwarded_proto", "https")], None, True, id="another trusted name"),
        pytest.param([("host", "a"), ("content_length", "5")], None, True, id="the length"),
        pytest.param([("host", "a"), ("sec_fetch_mode", "navigate")], None, True, id="how it was sent"),
        pytest.param([("host", "a"), ("x_anything", "1")], None, False, id="a name that nobody trusts"),
        pytest.param([("host", "a"), ("host", "b")], None, True, id="two hosts"),
        pytest.param([], None, True, id="no host"),
        pytest.param([("host", "a")], "a", False, id="the host in the address, too"),
        pytest.param([("host", "a")], "b", True, id="another host in the address"),
    ],
)
def test_a_header_counts_in_one_spelling(
    headers: Sequence[tuple[str, str]], authority: str | None, is_refused: bool
) -> None:
    assert bool(fault(headers, authority)) is is_refused


def test_headers_with_underscores_are_dropped_and_others_joined() -> None:
    sent = [
        ("x_any", "1"),
        ("accept", "a"),
        ("accept", "b"),
        ("cookie", "a=1"),
        ("cookie", "b=2"),
        ("content-type", "t"),
    ]
    assert believed(sent) == {"HTTP_ACCEPT": "a,b", "HTTP_COOKIE": "a=1; b=2", "CONTENT_TYPE": "t"}


@pytest.mark.parametrize(
    ("settings", "host", "is_served"),
    [
        pytest.param({}, "localhost", True, id="this machine"),
        pytest.param({}, "127.0.0.1:8000", True, id="with a port"),
        pytest.param({}, "center.example.cn", False, id="no name is set"),
        pytest.param({"site_url": "https://center.example.cn"}, "center.example.cn", True, id="the site's address"),
        pytest.param({"site_url": "https://center.example.cn"}, "Center.Example.CN:443", True, id="in capitals"),
        pytest.param({"site_url": "https://center.example.cn"}, "center.example.cn.evil", False, id="a longer name"),
        pytest.param({"site_url": "https://center.example.cn"}, "evil@center.example.cn", False, id="with a user"),
        pytest.param({"hosts": ("www.example.cn",)}, "www.example.cn", True, id="a further name"),
        pytest.param({"host": "192.168.1.5"}, "192.168.1.5:8000", True, id="where it listens"),
        pytest.param({"host": "0.0.0.0"}, "0.0.0.0", False, id="everywhere is no name"),
        pytest.param({}, "", False, id="none"),
    ],
)
def test_only_requests_for_a_name_of_the_site_are_answered(
    tmp_path: Path, settings: dict[str, Any], host: str, is_served: bool
) -> None:
    names = hosts_of(settings_for("sqlite://", data_dir=tmp_path, **settings))
    guard = HostGuard(lambda _environ, start: (start("200 OK", []), [b"page"])[1], names)
    begun: list[str] = []
    body = guard({"HTTP_HOST": host}, lambda status, _headers: begun.append(status))
    assert (begun[0][:3], body == [b"page"]) == (("200", True) if is_served else ("400", False))


def test_the_host_that_a_proxy_names_is_looked_at(tmp_path: Path) -> None:
    settings = settings_for("sqlite://", data_dir=tmp_path, trusted_proxies=1, site_url="https://center.example.cn")
    app = Flask(__name__)
    init_app(app, settings)
    seen = [
        app.test_client().get("/", headers={"Host": "127.0.0.1", "X-Forwarded-Host": host}).status_code
        for host in ("center.example.cn", "evil.example")
    ]
    assert seen == [404, 400]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        pytest.param({}, "", id="this machine"),
        pytest.param({"host": "::1"}, "", id="this machine, by IPv6"),
        pytest.param({"host": "localhost"}, "", id="this machine, by name"),
        pytest.param({"host": "0.0.0.0"}, "Put nginx or Caddy", id="everywhere"),
        pytest.param({"host": "192.168.1.5"}, "Put nginx or Caddy", id="the house"),
        pytest.param({"host": "0.0.0.0", "trusted_proxies": 1}, "CENTER_SITE_URL", id="without a name"),
        pytest.param({"host": "0.0.0.0", "trusted_proxies": 1, "hosts": ("a.cn",)}, "", id="behind a proxy"),
    ],
)
def test_the_site_is_not_served_to_others_without_a_proxy(tmp_path: Path, settings: dict[str, Any], says: str) -> None:
    given = settings_for("sqlite://", data_dir=tmp_path, **settings)
    if not says:
        serving.check(given)
        return
    with pytest.raises(SettingsError, match=says):
        serving.check(given)


class Sender:
    """The other side as granian shows it: parts of a body, with a pause before each."""

    def __init__(self, *parts: bytes, pause: float = 0.0) -> None:
        self._parts, self._pause = parts, pause
        self.answer: tuple[int, str] = (0, "")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self._parts:
            await asyncio.sleep(self._pause)
            yield part

    def response_str(self, status: int, _headers: Any, words: str) -> None:
        self.answer = status, words

    def response_bytes(self, status: int, _headers: Any, content: bytes) -> None:
        self.answer = status, content.decode()


class Scope:
    """A request's head as granian shows it."""

    authority = None
    method, path, query_string, scheme, http_version = "POST", "/", "", "http", "1.1"
    client, server = "127.0.0.1:50000", "127.0.0.1:8000"

    def __init__(self, **headers: str) -> None:
        self.headers = {"host": "localhost", **{name.replace("_", "-"): value for name, value in headers.items()}}


def _echo(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [])
    return [environ["REMOTE_ADDR"].encode() + b" " + environ["wsgi.input"].read()]


def _run(work: Coroutine[Any, Any, T]) -> T:
    """Do it in a thread of its own: where a browser was opened before, this thread has a loop of events already."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


@pytest.mark.parametrize(
    ("sender", "headers", "expected"),
    [
        pytest.param(Sender(b"a", b"b"), {"content_length": "2"}, (200, "127.0.0.1 ab"), id="whole"),
        pytest.param(Sender(), {}, (200, "127.0.0.1 "), id="none"),
        pytest.param(Sender(b"a", b"b"), {"transfer_encoding": "chunked"}, (200, "127.0.0.1 ab"), id="in chunks"),
        pytest.param(Sender(b"a", pause=9), {"content_length": "1"}, gateway.LATE, id="never comes"),
        pytest.param(Sender(*b"abcdefghij", pause=0.1), {"content_length": "10"}, gateway.LATE, id="drips"),
        pytest.param(Sender(b"a" * 300_000), {"content_length": "300000"}, (200, ""), id="a file"),
        pytest.param(
            Sender(b"a" * 300_000), {"transfer_encoding": "chunked"}, gateway.TOO_LARGE, id="a file in chunks"
        ),
        pytest.param(Sender(b"a"), {"content_length": str(2**40)}, gateway.TOO_LARGE, id="says it is huge"),
        pytest.param(Sender(b"a"), {"content_length": "x"}, gateway.TOO_LARGE, id="says no number"),
        pytest.param(Sender(b"a" * 9), {"content_length": "1", "transfer_encoding": "chunked"}, (200, ""), id="both"),
    ],
)
def test_a_body_is_taken_whole_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, sender: Sender, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    monkeypatch.setattr(gateway, "SMALL_SECONDS", 0.5)
    sent = Sender(*(bytes([each]) if isinstance(each, int) else each for each in sender._parts), pause=sender._pause)
    _run(Gateway(_echo, threads=1).__rsgi__(Scope(**headers), sent))
    assert sent.answer[0] == expected[0]
    assert expected[1] in sent.answer[1]


def test_files_that_come_slowly_leave_room_for_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "FILES_AT_ONCE", 2)

    async def all_of_them() -> list[int]:
        site = Gateway(_echo, threads=1)
        files = [Sender(b"a" * 300_000, pause=0.3) for _ in range(3)]
        form = Sender(b"a")
        sent = [site.__rsgi__(Scope(content_length="300000"), file) for file in files]
        await asyncio.gather(*sent, site.__rsgi__(Scope(content_length="1"), form))
        return [each.answer[0] for each in (*files, form)]

    assert _run(all_of_them()) == [200, 200, 503, 200]


@pytest.fixture(scope="module")
def site(engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site with one server process that believes one proxy."""
    url = engines.new_url("sqlite", f"front_{worker}")
    more: dict[str, Any] = {"trusted_proxies": "1", "site_url": "http://center.example.cn", "secure_cookies": "0"}
    with serve(url, tmp_path_factory.mktemp("front"), workers=1, anew=True, **more) as site:
        yield site


def _said(address: str, *lines: str, host: str = "127.0.0.1") -> str:
    """What a server says to a request with these header lines, sent as they are."""
    name, _colon, port = address.removeprefix("http://").partition(":")
    with socket.create_connection((name, int(port)), 30) as connection:
        head = "\r\n".join(["GET /board HTTP/1.1", f"Host: {host}", "Connection: close", *lines, "", ""])
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b"")).decode(errors="replace")


def test_the_server_tells_two_spellings_apart(site: Site) -> None:
    for lines in (["X_Forwarded_For: 9.9.9.9"], ["X-Forwarded-For: 1.1.1.1", "X_Forwarded_For: 9.9.9.9"]):
        assert _said(site.address, *lines).startswith("HTTP/1.1 400"), lines
    assert _said(site.address, "X-Forwarded-For: 1.1.1.1", "X_Other: 1").startswith("HTTP/1.1 200")
    assert _said(site.address, host="evil.example").startswith("HTTP/1.1 400")
    assert _said(site.address, host="center.example.cn").startswith("HTTP/1.1 200")


def test_people_who_send_nothing_further_keep_nobody_waiting(site: Site) -> None:
    name, _colon, port = site.address.removeprefix("http://").partition(":")
    slow = [socket.create_connection((name, int(port)), 30) for _ in range(4 * THREADS)]
    try:
        for connection in slow:
            connection.sendall(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\nlogin=")
        began = time.monotonic()
        connection_of_somebody = http.client.HTTPConnection(name, int(port), timeout=15)
        connection_of_somebody.request("GET", "/sign-in")
        assert connection_of_somebody.getresponse().status == 200
        connection_of_somebody.close()
        assert time.monotonic() - began < 15
    finally:
        for connection in slow:
            connection.close()


@pytest.fixture(scope="module")
def program_nginx() -> str:
    """The program nginx; without it these tests do not run, and the run says so."""
    program = find("nginx")
    if program is None:
        pytest.skip(f"nginx not available: {NOT_RUN} (apt-get install nginx-light, or set CENTER_TEST_NGINX)")
    return program


@pytest.mark.parametrize("passes_underscores", [False, True])
def test_behind_nginx_an_address_cannot_be_made_up(
    site: Site, program_nginx: str, tmp_path: Path, passes_underscores: bool
) -> None:
    more = f"underscores_in_headers {'on' if passes_underscores else 'off'};"
    with nginx.in_front_of([site.address], tmp_path, program=program_nginx, more=more) as address:
        assert _said(address, "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Host: evil.example").startswith("HTTP/1.1 200")
        said = _said(address, "X_Forwarded_For: 9.9.9.9")
        assert said.startswith("HTTP/1.1 400" if passes_underscores else "HTTP/1.1 200")


@pytest.fixture(scope="module")
def program_caddy() -> str:
    """The program Caddy; without it these tests do not run, and the run says so."""
    program = find("caddy")
    if program is None:
        pytest.skip(f"Caddy not available: {NOT_RUN} (apt-get install caddy, or set CENTER_TEST_CADDY)")
    return program


def test_behind_caddy_an_address_cannot_be_made_up(site: Site, program_caddy: str, tmp_path: Path) -> None:
    """It passes headers with underscores on, which the site refuses."""
    with caddy.in_front_of(site.address, tmp_path, program=program_caddy) as address:
        assert _said(address, "X-Forwarded-For: 9.9.9.9", "X-Forwarded-Host: evil.example").startswith("HTTP/1.1 200")
        assert _said(address, "X_Forwarded_For: 9.9.9.9").startswith("HTTP/1.1 400")


def test_two_hosts_behind_nginx_are_one_site(
    engines: Engines, worker: str, program_nginx: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Signed in on one, a booking begun there is made on the other after the first is gone, and nothing is lost."""
    need_postgres(engines)
    url = engines.new_url("postgresql", f"hosts_{worker}")
    folders = [tmp_path_factory.mktemp(name) for name in ("one", "two", "nginx")]
    more: dict[str, Any] = {"trusted_proxies": "1", "site_url": "http://127.0.0.1", "secure_cookies": "0"}
    with serve(url, folders[1], workers=1, with_worker=True, **more) as two:
        with two.app.app_context():
            make_room(code="R1")
            cookie = session_cookie(two.app, make_account())
        with serve(url, folders[0], workers=1, **more) as one:
            hosts = [one.address, two.address]
            with nginx.in_front_of(hosts, folders[2], program=program_nginx) as address:
                _book_across(address, one, cookie, Wish("R1", at(9).astimezone(ZONE).date().isoformat(), "09:00"))


def _book_across(address: str, one: Site, cookie: str, wish: Wish) -> None:
    with race.Browser(address, cookie) as browser:
        for _n in range(4):  # both hosts know who this is
            assert browser.send("GET", "/me")[0] == 200
        path, form = browser.fill_in(wish)
        one.stop()
        status, where, _page = browser.send("POST", path, form)
        assert status == 303
        again = browser.send("POST", path, form)
        assert (again[0], again[1]) == (303, where)
        status, _where, page = browser.send("GET", where.partition("?")[0])
        assert (status, wish.room in page or "09:00" in page) == (200, True)


def test_two_sites_do_not_share_a_port(tmp_path: Path) -> None:
    """The system would let them, and half of all requests would go to the other."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = settings_for("sqlite://", data_dir=tmp_path, host="127.0.0.1", port=other.getsockname()[1])
        with pytest.raises(SettingsError, match="Stop what listens there"):
            serving.refuse_taken_port(taken)
    serving.refuse_taken_port(taken)
