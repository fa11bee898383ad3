"""Messages go only where they should: to public addresses, posted, within a time, each receiver for itself."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from center.commands.worker import Fan
from center.kernel import clock
from center.kernel.errors import RuleBroken
from center.notices import delivering, kinds, receivers
from center.notices.addresses import check_outgoing
from center.notices.handover import HandOverFailed, Letter, hand_over
from center.notices.models import Purpose
from center.people.models import Role
from tests.builders import make_account, sign_in
from tests.engines import ONE_ENGINE
from tests.notices.test_delivering import latest, tell, tell_staff
from tests.notices.test_outbox import CHANGE, gateway
from tests.sinks import http_sink, smtp_sink
from tests.there import there

HERE = ("127.0.0.1",)


def letter(url: str, exceptions: tuple[str, ...] = HERE) -> Letter:
    now = datetime(2026, 11, 23, tzinfo=UTC)
    return Letter(url=url, message_id="1@x", subject="S", text="T", to="a@example.org", written_at=now,
                  exceptions=exceptions)  # fmt: skip


@pytest.mark.parametrize(
    ("host", "address", "exceptions", "is_allowed"),
    [
        pytest.param("a.cn", "8.8.8.8", (), True, id="public"),
        pytest.param("a.cn", "2001:4860:4860::8888", (), True, id="public, IPv6"),
        pytest.param("a.cn", "127.0.0.1", (), False, id="this machine"),
        pytest.param("a.cn", "0.0.0.0", (), False, id="no address"),
        pytest.param("a.cn", "10.1.2.3", (), False, id="private"),
        pytest.param("a.cn", "172.16.0.1", (), False, id="private, too"),
        pytest.param("a.cn", "192.168.1.1", (), False, id="the house"),
        pytest.param("a.cn", "169.254.169.254", (), False, id="a cloud's secrets"),
        pytest.param("a.cn", "100.64.0.1", (), False, id="behind the provider"),
        pytest.param("a.cn", "224.0.0.1", (), False, id="to many"),
        pytest.param("a.cn", "::1", (), False, id="this machine, IPv6"),
        pytest.param("a.cn", "fe80::1%eth0", (), False, id="the wire"),
        pytest.param("a.cn", "fd00::1", (), False, id="private, IPv6"),
        pytest.param("a.cn", "::ffff:127.0.0.1", (), False, id="IPv4 in IPv6"),
        pytest.param("a.cn", "2002:7f00:1::", (), False, id="IPv4 in 6to4"),
        pytest.param("mail.house", "10.1.2.3", ("mail.house",), True, id="an exception by name"),
        pytest.param("other.house", "10.1.2.3", ("mail.house",), False, id="another name"),
        pytest.param("a.cn", "10.1.2.3", ("10.1.0.0/16",), True, id="an exception by network"),
        pytest.param("a.cn", "10.2.2.3", ("10.1.0.0/16",), False, id="another network"),
    ],
)
def test_messages_go_to_public_addresses(
    host: str, address: str, exceptions: tuple[str, ...], is_allowed: bool
) -> None:
    assert receivers.is_allowed(host, address, exceptions) is is_allowed


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]"])
def test_this_machine_is_asked_under_no_name(host: str) -> None:
    with http_sink() as web, smtp_sink() as mail:
        for url in (f"json://{host}:{web.port}/hook", f"mailto://{host}:{mail.port}?from=desk@center.example.org"):
            with pytest.raises(HandOverFailed):
                hand_over(letter(url, exceptions=()))
        assert (web.posts, mail.mails) == ([], [])


@pytest.mark.parametrize(
    ("purpose", "url"),
    [
        (Purpose.GROUP, "jsons://a.cn/hook?method=delete"),
        (Purpose.GROUP, "jsons://a.cn/hook?METHOD=get"),
        (Purpose.GROUP, "jsons://a.cn/hook?verify=no"),
        (Purpose.GROUP, "jsons://a.cn/hook?+X-Header=1"),
        (Purpose.GROUP, "jsons://a.cn/hook?%2BX-Header=1"),
        (Purpose.GROUP, "jsons://a.cn/hook?-q=1"),
        (Purpose.GROUP, "dingtalk://token/?verify=no"),
        (Purpose.EMAIL, "mailtos://u:p@a.cn?verify=no"),
        (Purpose.EMAIL, "mailtos://u:p@a.cn?rto=900"),
    ],
)
def test_an_address_sets_no_terms_of_its_own(purpose: Purpose, url: str) -> None:
    with pytest.raises(RuleBroken):
        check_outgoing(purpose, url)
    with pytest.raises(HandOverFailed) as refused:  # nor does one that was there before
        hand_over(letter(url))
    assert refused.value.is_final


@contextmanager
def answering(say: Any) -> Iterator[tuple[str, list[str]]]:
    """A webhook that answers as it likes; its address, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(f"POST {self.path}")
            say(self)

        def do_GET(self) -> None:
            asked.append(f"GET {self.path}")

        def log_message(self, *_args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_args: Any) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_address[1]}/hook", asked
    finally:
        server.shutdown()
        server.server_close()


def _redirect(handler: Any) -> None:
    handler.send_response(307)
    handler.send_header("Location", "/elsewhere")
    handler.end_headers()


def _drip(handler: Any) -> None:
    handler.send_response(200)
    for _n in range(100):
        handler.wfile.write(b"x")
        time.sleep(0.1)


def _pour(handler: Any) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _n in range(1000):
        handler.wfile.write(b"x" * 100_000)


def test_nobody_is_led_elsewhere() -> None:
    with answering(_redirect) as (url, asked), pytest.raises(HandOverFailed, match="307"):
        hand_over(letter(url))
    assert asked == ["POST /hook"]


def test_a_hand_over_has_one_deadline_however_often_something_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "DEADLINE", 0.5)
    began = time.monotonic()
    with answering(_drip) as (url, _asked), pytest.raises(HandOverFailed):
        hand_over(letter(url))
    assert time.monotonic() - began < 5


def test_a_mail_gateway_that_says_nothing_is_left_at_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receivers, "DEADLINE", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(HandOverFailed):
        hand_over(letter(f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=desk@center.example.org"))


def test_no_more_of_an_answer_is_read_than_says_something() -> None:
    with answering(_pour) as (url, _asked):
        hand_over(letter(url))


@pytest.fixture
def change(app: Flask) -> Iterator[None]:
    known = dict(kinds._kinds)
    kinds.register([CHANGE])
    yield
    kinds._kinds.clear()
    kinds._kinds.update(known)


@pytest.mark.usefixtures("change")
def test_a_slow_receiver_holds_up_no_other(app: Flask) -> None:
    """E-mail arrives while a group's webhook has not answered yet."""
    go_on = threading.Event()
    with answering(lambda handler: go_on.wait(30)) as (url, asked), smtp_sink() as mail:
        gateway(purpose=Purpose.GROUP, name="群", url=url)
        gateway(url=mail.url)
        tell_staff()
        slow = latest().outgoing_id
        tell()
        assert sorted(delivering.receivers_of_due(clock.now())) == [0, slow]
        stop = threading.Event()
        [sweep] = [each for each in delivering.SWEEPS if each.receivers]
        fan = Fan(app, sweep, there(sweep.receivers), stop)
        thread = threading.Thread(target=fan.run, args=(0.05,))
        thread.start()
        try:
            until = time.monotonic() + 20
            while not (mail.mails and asked) and time.monotonic() < until:
                time.sleep(0.05)
            assert (len(mail.mails), len(asked), go_on.is_set()) == (1, 1, False)
        finally:
            go_on.set()
            stop.set()
            thread.join(60)


@ONE_ENGINE
def test_who_adds_or_changes_an_address_types_the_password_again(client: FlaskClient) -> None:
    address = gateway(url="mailtos://u:p@163.com")
    sign_in(client, make_account(roles=[Role.DIRECTOR]))
    typed = {"name": "x", "url": "mailtos://u:p@126.com", "is_on": "y"}
    with time_machine.travel(clock.now() + timedelta(minutes=30)):
        assert "/prove" in client.get("/settings/messages/new").location
        assert client.post("/settings/messages/new", data=typed).status_code == 403
        assert client.get(f"/settings/messages/{address.id}").status_code == 200
        assert client.post(f"/settings/messages/{address.id}", data=typed).status_code == 403
