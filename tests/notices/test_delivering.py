"""Messages leave the house: over real sockets, to a mail gateway and a webhook on this machine."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from center.commands import worker
from center.kernel import clock
from center.kernel.config import ROOT
from center.kernel.db import db, transaction
from center.notices import delivering, kinds, outbox, reaching
from center.notices.handover import HandOverFailed, Letter, hand_over
from center.notices.models import Delivery, DeliveryState, OutgoingAddress, Purpose, Way
from center.people.models import Person
from tests.builders import at, make_account, make_person
from tests.engines import ONE_ENGINE
from tests.notices.test_outbox import CHANGE, gateway, prefer
from tests.processes import Forked
from tests.servers import environment, run
from tests.sinks import HttpSink, SmtpSink, http_sink, smtp_sink
from tests.there import there

DUE, SENT, FAILED, DROPPED = (
    DeliveryState.DUE,
    DeliveryState.SENT,
    DeliveryState.FAILED,
    DeliveryState.DROPPED,
)
BUSY = OperationalError("UPDATE", {}, psycopg.errors.LockNotAvailable())
GONE = OperationalError("UPDATE", {}, psycopg.OperationalError("server closed the connection unexpectedly"))


@pytest.fixture(autouse=True)
def _set_up(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    known = dict(kinds._kinds)
    kinds.register([CHANGE])
    yield
    kinds._kinds.clear()
    kinds._kinds.update(known)


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with smtp_sink() as sink:
        gateway(url=sink.url)
        yield sink


@pytest.fixture
def web() -> Iterator[HttpSink]:
    with http_sink() as sink:
        gateway(purpose=Purpose.GROUP, name="群", url=sink.url)
        yield sink


def tell(email: str | None = "a@example.org", *, now: datetime | None = None, key: str = "k", **facts: Any) -> Delivery:
    person = make_person(name="王秀英", email=email)
    make_account(person, locale="en")
    now = now or clock.now()
    with transaction():
        outbox.tell(person, CHANGE, key=key, facts={"what": "书画室", "hour": "10"}, now=now, **facts)
        # whatever the hour at which the test runs
        there(db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()).due_at = now
    return latest()


def tell_staff(*, key: str = "s") -> Delivery:
    with transaction():
        outbox.tell_staff(CHANGE, key=key, facts={"what": "x", "hour": "10"}, now=at(12, days=-1))
    return latest()


def latest() -> Delivery:
    db.session.rollback()
    return db.session.scalars(select(Delivery).order_by(Delivery.id.desc()).limit(1)).one()


def first() -> Delivery:
    return all_deliveries()[0]


def all_deliveries() -> list[Delivery]:
    db.session.rollback()
    return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def deliver_all(now: datetime | None = None) -> None:
    now = now or clock.now()
    for delivery_id in delivering.due(now):
        delivering.deliver(delivery_id, now)
    db.session.rollback()


def test_e_mail_arrives_with_the_id_that_was_recorded(mail: SmtpSink) -> None:
    delivery = tell(path="/bookings/X")
    deliver_all()
    (arrived,) = mail.mails
    assert arrived["Message-ID"] == f"<{delivery.message_id}>"
    assert (arrived["To"], arrived["Subject"]) == ("a@example.org", "Changed: 书画室")
    assert arrived["From"].addresses[0].addr_spec == "desk@center.example.org"
    assert "At 10." in arrived.get_content()
    assert "Please do not answer it." in arrived.get_content()
    sent = latest()
    assert (sent.state, sent.attempts, sent.leased_until, sent.last_error) == (SENT, 1, None, "")


def test_what_was_sent_is_not_sent_again(mail: SmtpSink) -> None:
    tell()
    deliver_all()
    deliver_all(clock.now() + timedelta(days=1))
    delivering.deliver(latest().id, clock.now() + timedelta(days=1))
    assert len(mail.mails) == 1


def test_links_lead_to_the_site_where_its_address_is_known(app: Flask, mail: SmtpSink) -> None:
    settings = app.extensions["settings"]
    app.extensions["settings"] = type(settings)(**{**vars(settings), "site_url": "https://center.example.cn"})
    try:
        delivery = tell(path="/bookings/X")
        deliver_all()
    finally:
        app.extensions["settings"] = settings
    assert delivery.message_id.endswith("@center.example.cn")
    assert "https://center.example.cn/bookings/X" in mail.bodies()[0]


def test_a_group_hears_it_with_the_same_key_each_time(web: HttpSink) -> None:
    delivery = tell_staff()
    web.status = 500
    deliver_all()
    assert latest().state is DUE
    assert "500" in latest().last_error
    web.status = 200
    deliver_all(clock.now() + timedelta(minutes=2))
    assert web.ids == [delivery.message_id] * 2
    assert web.posts[1].said["title"] == "Changed: x"
    assert latest().state is SENT


def test_an_address_that_is_refused_for_good_is_a_dead_letter_at_once(mail: SmtpSink) -> None:
    mail.answers["gone@example.org"] = "550 no such user"
    tell("gone@example.org")
    deliver_all()
    dead = all_deliveries()[0]
    assert (dead.state, dead.attempts, dead.last_error) == (FAILED, 1, "550 no such user")
    assert mail.mails == []


def test_who_cannot_be_written_to_is_rung_up_instead(mail: SmtpSink) -> None:
    mail.answers["gone@example.org"] = "550 no such user"
    dead = tell("gone@example.org")
    deliver_all()
    call = latest()
    assert (call.notice_id, call.way, call.state) == (dead.notice_id, Way.CALL, DUE)
    assert call.address == there(dead.notice.person).phone
    delivering._note(dead.id, clock.now(), None, now=clock.now())
    assert len(all_deliveries()) == 2


def test_one_broken_address_holds_up_nobody_else(mail: SmtpSink) -> None:
    mail.answers["gone@example.org"] = "550 no such user"
    mail.answers["full@example.org"] = "452 mailbox full"
    for n, email in enumerate(("gone@example.org", "full@example.org", "a@example.org")):
        tell(email, key=str(n))
    deliver_all()
    assert [delivery.state for delivery in all_deliveries() if delivery.way is Way.EMAIL] == [FAILED, DUE, SENT]


def test_a_refusal_for_now_is_tried_again_ever_later_until_it_is_a_dead_letter(mail: SmtpSink) -> None:
    mail.answers["a@example.org"] = "452 mailbox full"
    tell()
    waits, now = [], clock.now()
    with time_machine.travel(now, tick=False) as travel:
        while first().state is DUE:
            deliver_all(clock.now())
            if first().state is DUE:
                waits.append(first().due_at - clock.now())
                travel.move_to(first().due_at)
    assert [wait // timedelta(minutes=1) for wait in waits[:5]] == [1, 2, 4, 8, 16]
    assert len(waits) == reaching.MOST_TRIES - 1
    assert (first().state, first().attempts) == (FAILED, reaching.MOST_TRIES)
    assert first().last_error == "452 mailbox full"


def test_a_gateway_out_of_order_is_left_alone_and_costs_the_others_no_try(app: Flask) -> None:
    gateway(url="mailto://127.0.0.1:9?from=desk@center.example.org")  # where nobody listens
    for n in range(3):
        tell(key=str(n))
    deliver_all()
    tried = [delivery.attempts for delivery in all_deliveries()]
    assert tried == [1, 0, 0]
    assert delivering.due(clock.now()) == []
    assert len(delivering.due(clock.now() + timedelta(minutes=2))) == 3


def test_an_address_that_makes_no_sense_is_a_dead_letter(app: Flask) -> None:
    gateway(url="mailto://", purpose=Purpose.EMAIL)
    tell()
    deliver_all()
    assert first().state is FAILED
    assert "Apprise" in first().last_error


@pytest.mark.parametrize("email", ["a@example.org\r\nBcc: b@example.org", "nobody", "a b@c"])
def test_a_forged_address_is_not_written_to(mail: SmtpSink, email: str) -> None:
    mail.answers.update({"nobody": "553 no", "a b@c": "553 no"})
    tell(email)
    deliver_all()
    assert first().state is FAILED
    assert mail.mails == []


def test_what_is_too_late_is_not_sent(mail: SmtpSink) -> None:
    tell(until=clock.now() + timedelta(minutes=5))
    deliver_all(clock.now() + timedelta(minutes=6))
    assert (latest().state, mail.mails) == (DROPPED, [])


def test_consent_withdrawn_after_it_was_recorded_keeps_it_in_the_house(mail: SmtpSink) -> None:
    delivery = tell()
    prefer(there(delivery.notice.person), withdrawn_at=clock.now())
    deliver_all()
    assert (latest().state, mail.mails) == (DROPPED, [])


def test_e_mail_waits_for_a_gateway_without_being_tried(mail: SmtpSink) -> None:
    tell()
    switch(on=False)
    deliver_all()
    assert (latest().state, latest().attempts) == (DUE, 0)
    switch(on=True)
    deliver_all(clock.now() + timedelta(minutes=6))
    assert latest().state is SENT


def test_an_address_can_be_tried_out_before_it_is_switched_on(mail: SmtpSink) -> None:
    switch(on=False)
    director = make_person(name="赵主任")
    with transaction() as session:
        address = session.scalars(select(OutgoingAddress)).one()
        outbox.try_out(address, to="boss@example.org", by=director, key="test:1", now=clock.now())
    deliver_all()
    assert [str(arrived["To"]) for arrived in mail.mails] == ["boss@example.org"]
    assert "赵主任" in mail.bodies()[0]


def test_a_group_that_was_switched_off_hears_nothing(web: HttpSink) -> None:
    tell_staff()
    switch(on=False)
    deliver_all()
    assert (latest().state, web.posts) == (DROPPED, [])


def switch(*, on: bool) -> None:
    with transaction() as session:
        session.scalars(select(OutgoingAddress)).one().is_on = on


def test_two_workers_at_once_send_each_once(app: Flask, mail: SmtpSink) -> None:
    for n in range(12):
        tell(f"p{n}@example.org", key=str(n))
    db.session.rollback()
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        worker.run_once(app, delivering.SWEEPS)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(mail.ids) == len(set(mail.ids)) == 12
    assert {delivery.state for delivery in all_deliveries()} == {SENT}


def test_a_lease_that_runs_out_during_a_slow_hand_over_is_the_others(app: Flask, mail: SmtpSink) -> None:
    delivery = tell()
    now = clock.now()
    _letter, leased_until = there(delivering._claim(delivery.id, now))
    assert delivering._claim(delivery.id, now + timedelta(seconds=1)) is None
    assert delivering._claim(delivery.id, now + reaching.LEASE) is not None
    delivering._note(delivery.id, leased_until, None, now=now)
    assert latest().state is DeliveryState.HANDING_OVER


@pytest.mark.parametrize(
    ("trouble", "when"),
    [
        (BUSY, timedelta(0)),
        (BUSY, reaching.LEASE * 2),
        (GONE, timedelta(0)),
    ],
    ids=["busy", "busy for longer than a lease", "gone"],
)
def test_what_was_handed_over_is_written_down_as_soon_as_the_database_lets_us(
    app: Flask, mail: SmtpSink, monkeypatch: pytest.MonkeyPatch, trouble: OperationalError, when: timedelta
) -> None:
    tell()
    note, troubles = delivering._note, [trouble] * 3

    def troubled(*args: Any, **values: Any) -> None:
        if troubles:
            clock.start_at(clock.now() + when)
            raise troubles.pop()
        note(*args, **values)

    monkeypatch.setattr(delivering, "_note", troubled)
    monkeypatch.setattr(delivering, "BREATHER", 0.01)
    deliver_all()
    assert latest().state is SENT
    deliver_all(clock.now() + timedelta(days=1))
    assert len(mail.mails) == 1


def test_a_worker_killed_after_the_hand_over_sends_again_under_the_same_id(
    app: Flask, mail: SmtpSink, tmp_path: Path
) -> None:
    delivery = tell()
    other = tell("b@example.org", key="other", now=clock.now() + timedelta(days=2))
    mail.hold.set()
    process = start_worker(app, tmp_path)
    assert mail.took.wait(60), "nothing was handed over"
    process.kill()
    process.wait(30)
    mail.hold.clear()
    db.session.rollback()
    caught = db.session.get(Delivery, delivery.id, populate_existing=True)
    assert there(caught).state is DeliveryState.HANDING_OVER
    deliver_all()  # the lease still holds
    assert len(mail.mails) == 1
    deliver_all(clock.now() + reaching.LEASE + timedelta(seconds=1))
    assert mail.ids == [f"<{delivery.message_id}>"] * 2
    db.session.rollback()
    assert db.session.get_one(Delivery, delivery.id, populate_existing=True).state is SENT
    assert db.session.get_one(Delivery, other.id, populate_existing=True).state is DUE


@ONE_ENGINE
def test_a_worker_told_to_stop_finishes_what_it_is_at(app: Flask, mail: SmtpSink, tmp_path: Path) -> None:
    tell()
    mail.hold.set()
    process = start_worker(app, tmp_path)
    assert mail.took.wait(60)
    process.terminate()
    mail.hold.clear()
    mail.ended.set()
    assert process.wait(30) == 0
    assert latest().state is SENT


def start_worker(app: Flask, folder: Path) -> Forked:
    db.session.rollback()
    environ = environment(app.extensions["settings"].database_url, folder, 8000, workers=1)
    return Forked(run, ("worker", "--every", "0.1"), environ, folder / "worker.log")


def test_a_chat_service_that_refuses_with_a_status_of_success_has_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    from apprise.plugins.wecombot import NotifyWeComBot

    with http_sink() as sink:
        monkeypatch.setattr(NotifyWeComBot, "notify_url", f"http://127.0.0.1:{sink.port}/send?key={{key}}")
        letter = Letter(
            url="wecombot://0123456789",
            message_id="1@x",
            subject="S",
            text="T",
            written_at=clock.now(),
            exceptions=("127.0.0.1",),
        )
        sink.answer = {"errcode": 93000, "errmsg": "invalid webhook url"}
        with pytest.raises(HandOverFailed, match="93000"):
            hand_over(letter)
        sink.answer = {"errcode": 0, "errmsg": "ok"}
        hand_over(letter)
        assert "T" in str(sink.posts[1].said)


def test_nothing_that_is_secret_is_said_of_a_failure(app: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    gateway(url="json://user:geheim@127.0.0.1:9/token/geheim", purpose=Purpose.GROUP)
    tell_staff()
    deliver_all()
    assert latest().last_error
    assert "geheim" not in latest().last_error
    said = capfd.readouterr()
    assert "geheim" not in said.out + said.err


def test_calls_that_are_too_late_leave_the_list(app: Flask) -> None:
    person = make_person()
    with transaction():
        outbox.tell(person, CHANGE, key="1", facts={"what": "", "hour": ""}, now=at(12), until=at(14))
    assert latest().way is Way.CALL
    assert delivering.too_late(at(13)) == []
    delivering.drop(latest().id, at(13))
    assert latest().state is DUE
    assert delivering.too_late(at(14)) == [latest().id]
    delivering.drop(latest().id, at(14))
    assert latest().state is DROPPED


@ONE_ENGINE
def test_the_web_process_does_not_carry_apprise_along() -> None:
    check = (
        "import sys; from center.app.wsgi import app; sys.exit('apprise' in sys.modules or 'requests' in sys.modules)"
    )
    environ = {**os.environ, "CENTER_SECRET_KEY": "t" * 32, "CENTER_DATABASE_URL": "sqlite:///:memory:"}
    done = subprocess.run([sys.executable, "-c", check], cwd=ROOT, env=environ, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-500:]


@ONE_ENGINE
def test_an_e_mail_goes_to_the_address_that_is_right_when_it_is_handed_over(mail: SmtpSink) -> None:
    delivery = tell("old@example.org")
    with transaction() as session:
        session.get_one(Person, delivery.notice.person_id).email = "new@example.org"
    deliver_all()
    assert [mail["To"] for mail in mail.mails] == ["new@example.org"]
    assert latest().address == "new@example.org", "what is written down is where it went"


@ONE_ENGINE
def test_whose_address_is_gone_by_then_is_rung_up(mail: SmtpSink) -> None:
    delivery = tell("old@example.org")
    with transaction() as session:
        session.get_one(Person, delivery.notice.person_id).email = None
    deliver_all()
    assert mail.mails == []
    gone, call = all_deliveries()
    assert (gone.state, gone.last_error) == (FAILED, delivering.NO_ADDRESS)
    assert (call.way, call.state, call.address) == (Way.CALL, DUE, there(delivery.notice.person).phone)


@ONE_ENGINE
def test_a_call_is_made_to_the_number_that_is_right_today() -> None:
    delivery = tell(None)
    with transaction() as session:
        session.get_one(Person, delivery.notice.person_id).phone = "19900000099"
    assert (latest().way, latest().present_address) == (Way.CALL, "19900000099")
