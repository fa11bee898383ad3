"""What was acknowledged stays true, however often whatever serves it is killed without warning (kill -9).

People book, ask and cancel through real servers while processes of these are killed, and so are the workers that send
what there is to tell. Whoever got no answer sends the same form again. No booking is lost, none is made twice, and the
ledger is true; everybody is told of everything once, and a second time only of what a worker was just handing over when
it was killed, under the same id.
"""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.bookings import messages, news
from center.bookings.models import LIVE, Booking, BookingStatus
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Delivery, DeliveryState, Notice, Preferred, Purpose, Way
from center.rooms.models import Approval
from tests.builders import at, make_account, make_centre, make_person, make_room, session_cookie
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.handed_over import again, faults
from tests.named_worker import NamedWorker
from tests.notices.test_outbox import gateway, prefer
from tests.race import Wish
from tests.servers import Process, environment, free_port
from tests.sinks import HttpSink, SmtpSink, Taken, http_sink, smtp_sink
from tests.storm import Acknowledged, Kept, Killer, Patient, Server, Storm, children, oldest

TIMES = int(os.environ.get("CENTER_STORMS", "1"))  # `make storms` has long ones
PROCESSES, SERVERS, WORKERS, AMBUSHES = 6 * TIMES, 1 * TIMES, 2 * TIMES, 3 * TIMES  # to be killed, on each engine
RECEIVERS = 2  # the mail gateway and the chat group: a worker is at one message for each of them
DAYS, HOURS = range(3, 45), range(8, 20)


@pytest.fixture
def centre(engine: str, engines: Engines, worker: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app on a database of its own. At the centre it is noon: nobody sleeps, and nobody is reminded of anything."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("PYPINYIN_NO_PHRASES", "1")  # half a second of each start
    app = make_app(engines.new_url(engine, f"kills_{worker}"))
    clock.start_at(None)
    with app.app_context():
        make_centre(zone_name=f"Etc/GMT{datetime.now(UTC).hour - 12:+d}")
        yield app
    dispose(app)


@pytest.fixture
def mail() -> Iterator[SmtpSink]:
    with smtp_sink() as sink:
        yield sink


@pytest.fixture
def web() -> Iterator[HttpSink]:
    with http_sink() as sink:
        yield sink


@pytest.mark.slow("a loss shows in a storm only, of many kills while many write")
def test_nothing_acknowledged_is_lost_in_a_storm_of_kills(
    centre: Flask, mail: SmtpSink, web: HttpSink, tmp_path: Path
) -> None:
    gateway(url=mail.url)
    gateway(url=web.url, purpose=Purpose.GROUP)
    storm = _gather(centre, tmp_path)
    mail.watch = web.watch = storm.killer.watch
    try:
        storm.start()
        with ThreadPoolExecutor(len(storm.patients)) as threads:
            storm.lives = [threads.submit(patient.live) for patient in storm.patients]
            try:
                _rage(storm)
            finally:
                storm.stop.set()
            storm.wait(lambda: all(life.done() for life in storm.lives), "somebody waits for an answer for ever")
        for life in storm.lives:
            life.result()
        storm.calm_down()
        storm.wait(lambda: not _still_to_send(), "not everything was sent")
        assert {worker.end() for worker in storm.workers} <= {0, -signal.SIGTERM}  # the latter if it had hardly begun
    finally:
        storm.end()
    assert storm.killer.servers_killed >= PROCESSES + SERVERS
    assert len(storm.killer.killed) >= WORKERS + AMBUSHES
    _assert_kept(storm.patients)
    _assert_all_told(storm.killer.taken)
    _assert_no_more_twice_than_killed(storm.killer)


def _gather(app: Flask, folder: Path) -> Storm:
    """Two servers of several processes, two workers and four patients; half of these have to ask first."""
    url, stop = app.config["SQLALCHEMY_DATABASE_URI"], threading.Event()

    def kept(start: Callable[[dict[str, str], Path], Process], name: str) -> Kept:
        place = folder / name
        place.mkdir()
        return Kept(start, environment(url, place, free_port(), workers=2), place / f"{name}.log")

    servers = [kept(Server, f"server-{n}") for n in range(2)]
    workers = [kept(NamedWorker, f"worker-{n}") for n in range(2)]
    addresses = [server.address for server in servers]
    approvals = (Approval.NEVER, Approval.ALWAYS) * 2
    patients = [_patient(app, addresses, approval, stop) for approval in approvals]
    db.session.rollback()
    return Storm(servers, workers, patients, Killer(seed=7, workers=workers), stop)


def _patient(app: Flask, addresses: list[str], approval: Approval, stop: threading.Event) -> Patient:
    """Somebody with a room of their own to book for weeks, so that only a lost booking can be in the way."""
    room = make_room(live_limit=0, cancel_minutes=0, horizon_days=60, approval=approval)
    days = [at(8, days=day).date().isoformat() for day in DAYS]
    wishes = [Wish(room.code, day, f"{hour:02d}:00", people=1 + hour % 5) for day in days for hour in HOURS]
    person = make_person(email=f"{room.code.lower()}@example.org")
    prefer(person, preferred=Preferred.EMAIL)
    return Patient(addresses, session_cookie(app, make_account(person, locale="en")), wishes, stop)


def _rage(storm: Storm) -> None:
    """Kill all that is to be killed, in any order."""
    kills = [_kill_process] * PROCESSES + [_kill_server] * SERVERS + [_kill_worker] * WORKERS + [_ambush] * AMBUSHES
    storm.killer.dice.shuffle(kills)
    for kill in kills:
        before = storm.acknowledged()
        storm.wait(partial(_has_more_than, storm, before), "nobody was answered any more")
        kill(storm)


def _has_more_than(storm: Storm, before: int) -> bool:
    return storm.acknowledged() > before


def _kill_process(storm: Storm) -> None:
    """The process of a server that has served longest."""
    serving: list[int] = []

    def find() -> list[int]:
        serving[:] = [pid for server in storm.servers if server.process for pid in children(server.process.pid)]
        return serving

    storm.wait(find, "no server has a process")
    storm.killer.kill_process(oldest(serving))


def _kill_server(storm: Storm) -> None:
    """A server with all its processes."""
    storm.killer.kill_server(storm.killer.dice.choice(storm.servers))


def _kill_worker(storm: Storm) -> None:
    """A worker that sends, at any moment."""
    storm.wait(storm.killer.seen, "no worker sent anything")
    worker = storm.killer.dice.choice(storm.killer.seen())
    time.sleep(storm.killer.dice.uniform(0, 0.3))
    storm.killer.kill_worker(worker)


def _ambush(storm: Storm) -> None:
    """A worker that has just handed something over, and did not hear yet that it was taken on. Its lease soon ends."""
    storm.killer.lie_in_wait()
    storm.wait(lambda: not storm.killer.lies_in_wait.is_set(), "nothing was handed over")
    caught = storm.killer.ambushed[-1].id
    storm.wait(lambda: _end_lease(caught), "the database is always busy")


def _end_lease(message_id: str) -> bool:
    """Let the lease of a message that was being handed over run out at once."""
    query = select(Delivery).where(Delivery.message_id == message_id)
    with transaction() as session:
        delivery = session.scalars(query.execution_options(populate_existing=True)).one()
        assert delivery.state is DeliveryState.HANDING_OVER, "what nobody lived to record was recorded"
        delivery.leased_until = clock.now()
    return True


def _still_to_send() -> int:
    db.session.rollback()
    left = db.session.scalar(select(func.count()).where(Delivery.state != DeliveryState.SENT))
    db.session.rollback()
    assert left is not None
    return left


def _assert_kept(patients: list[Patient]) -> None:
    """What was answered is so; what was not was done once or not at all."""
    has = Acknowledged(
        booked=set().union(*(patient.has.booked for patient in patients)),
        cancelled=set().union(*(patient.has.cancelled for patient in patients)),
        in_doubt=set().union(*(patient.has.in_doubt for patient in patients)),
        unanswered=sum(patient.has.unanswered for patient in patients),
    )
    db.session.rollback()
    live = set(db.session.scalars(select(Booking.reference).where(Booking.status.in_(LIVE))))
    assert len(has.booked) >= PROCESSES, "a storm in which hardly anything was booked proves nothing"
    assert has.booked - has.cancelled - has.in_doubt <= live
    assert not has.cancelled & live
    total = db.session.scalars(select(func.count()).select_from(Booking)).one()
    assert len(has.booked) <= total <= len(has.booked) + has.unanswered
    assert ledger_findings() == []


def _assert_all_told(taken: list[Taken]) -> None:
    """Of each booking everybody was told once what there is to tell, and all of it has left the house."""
    told = db.session.execute(select(Notice.about, Notice.kind, Notice.person_id)).all()
    assert Counter(map(tuple, told)) == Counter(_to_tell())
    sent = db.session.execute(
        select(Delivery.message_id, Delivery.way, Notice.person_id, Delivery.state).join(Notice)
    ).all()
    assert len(sent) == len(told)
    assert all(way is (Way.GROUP if person_id is None else Way.EMAIL) for _id, way, person_id, _state in sent)
    assert {state for *_sent, state in sent} == {DeliveryState.SENT}
    assert {message_id for message_id, *_sent in sent} == {message.id for message in taken}


def _to_tell() -> Iterator[tuple[str, str, int | None]]:
    """What there is to tell of all bookings: about what, what, and whom."""
    for booking in db.session.scalars(select(Booking)):
        about = messages.about(booking)
        if booking.room.approval is Approval.ALWAYS:
            yield about, news.REQUESTED.code, booking.person_id
            yield about, news.REQUEST_WAITS.code, None
        else:
            yield about, news.CONFIRMED.code, booking.person_id
        if booking.status is BookingStatus.CANCELLED:
            yield about, news.CANCELLED.code, booking.person_id


def _assert_no_more_twice_than_killed(killer: Killer) -> None:
    """Only what was being handed over when its worker was killed came twice; and that did, or nothing is proved."""
    assert faults(killer.taken, killer.killed) == []
    caught = {before.sender for before, _then in again(killer.taken)}
    assert {taken.sender for taken in killer.ambushed} <= caught <= killer.killed.keys()
    assert len(killer.ambushed) == AMBUSHES
    begun_again = db.session.scalars(select(func.sum(Delivery.attempts - 1))).one()
    assert AMBUSHES <= begun_again <= RECEIVERS * len(killer.killed)


A, B = Taken("worker.1", 1.0, "a", "Hello"), Taken("worker.1", 2.0, "b", "Bye")


@pytest.mark.parametrize(
    ("taken", "killed", "fault"),
    [
        ([A, B], {}, None),
        ([A, replace(A, sender="worker.2", at=3.0)], {"worker.1": 2.0}, None),
        ([A, replace(A, sender="worker.2", at=3.0)], {}, "worker.1 lived"),
        ([A, replace(A, sender="worker.2", at=3.0)], {"worker.2": 2.0}, "worker.1 lived"),
        ([A, replace(A, sender="worker.2", at=3.0)], {"worker.1": 4.0}, "worker.1 lived"),
        ([A, replace(A, sender="worker.2", at=3.0, words="Hi")], {"worker.1": 2.0}, "something else"),
        ([A, replace(A, sender="worker.2", at=3.0, id="c")], {"worker.1": 2.0}, "a, c say the same"),
        ([A, B, replace(A, at=3.0), replace(B, at=3.0)], {"worker.1": 2.0}, "at 2 messages"),
        ([A, replace(B, by="web"), replace(A, at=3.0), replace(B, at=3.0, by="web")], {"worker.1": 2.0}, None),
    ],
)
def test_what_no_kill_explains_is_found(taken: list[Taken], killed: dict[str, float], fault: str | None) -> None:
    found = faults(taken, killed)
    assert (fault is None) == (found == [])
    assert fault is None or fault in found[0]
