"""Devices are paired once by a code that is short-lived, and revoked at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.activities import sessions as activity_sessions
from center.activities.clashes import SessionPlan
from center.activities.models import Session
from center.attendance import devices
from center.attendance.device_sweeps import SWEEPS
from center.attendance.devices import Post
from center.attendance.models import AttendanceEvent, How, Outcome, Verb
from center.attendance.models.devices import Device
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, DomainError, RuleBroken
from center.kernel.i18n import local_date, speaking
from center.kernel.spans import Span
from center.kernel.trail import StaffEvent
from center.people.erasing import actions as erasing
from center.people.models import Role, RoleGrant
from center.people.sign_ins import TooManyTries
from tests.activity_builders import make_activity
from tests.builders import at, make_account, make_person, make_room

pytestmark = pytest.mark.usefixtures("app", "english")

HERE = "address:192.0.2.7"


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with speaking("en"):
        yield


def announced(post: Post | None = None) -> tuple[Device, str]:
    clerk, now = make_person(), clock.now()
    with transaction():
        return devices.announce(f"平板 {clerk.id}", post or Post(until=local_date(now)), by=clerk, now=now)


def test_a_device_for_one_session_lasts_as_long_as_that_does_wherever_it_is_moved() -> None:
    session = a_session()
    device, _code = announced(Post(session=session))
    assert device.expires_at == at(13)
    later, by = SessionPlan(span=Span(at(15), at(16)), room=None), make_person()
    with transaction():
        activity_sessions.move_session(session, later, by=by, now=clock.now())
    db.session.refresh(device)
    assert device.expires_at == at(18)


def a_session() -> Session:
    return make_activity(starts=[at(10)]).sessions[0]


def revoke(device: Device) -> bool:
    director = make_person()
    with transaction():
        return devices.revoke(device, by=director, now=clock.now())


def test_a_code_nobody_was_given_pairs_nothing() -> None:
    with pytest.raises(RuleBroken, match="No device is expected"):
        devices.pair("12345678", source=HERE, now=clock.now())


def test_a_code_pairs_one_device_once() -> None:
    device, code = announced()
    paired, token = devices.pair(f"{code[:4]} {code[4:]}", source=HERE, now=clock.now())
    assert paired.id == device.id
    assert devices.find_device(token) == paired
    assert len(token) >= 43  # 256 bits
    with pytest.raises(RuleBroken, match="used already"):
        devices.pair(code, source=HERE, now=clock.now())
    assert {code, token} & set(map(str, db.session.execute(select(Device.__table__)).one())) == set()
    acts = db.session.execute(select(StaffEvent.act, StaffEvent.subject).order_by(StaffEvent.id)).all()
    assert [tuple(each) for each in acts] == [("device_announced", device.name), ("device_paired", device.name)]


def test_full_width_digits_are_read() -> None:
    _device, code = announced()
    typed = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
    assert devices.pair(typed, source=HERE, now=clock.now())


@pytest.mark.usefixtures("morning")
def test_a_code_is_good_for_ten_minutes_and_can_be_given_anew() -> None:
    device, code = announced()
    later = clock.now() + timedelta(minutes=10)
    with pytest.raises(RuleBroken, match="too old"):
        devices.pair(code, source=HERE, now=later)
    clerk = make_person()
    with transaction():
        new = devices.renew_code(device, by=clerk, now=later)
    with pytest.raises(RuleBroken, match="No device is expected"):
        devices.pair(code, source=HERE, now=later)
    assert devices.pair(new, source=HERE, now=later)[0].id == device.id
    with pytest.raises(Conflict), transaction():
        devices.renew_code(device, by=clerk, now=later)


def test_whoever_guesses_must_wait() -> None:
    for n in range(5):
        with pytest.raises(RuleBroken):
            devices.pair(f"{n:08d}", source=HERE, now=clock.now())
    _device, code = announced()
    with pytest.raises(TooManyTries):
        devices.pair(code, source=HERE, now=clock.now())
    assert devices.pair(code, source="address:192.0.2.8", now=clock.now())


def test_a_device_that_was_revoked_before_it_was_paired_is_not_expected_any_more() -> None:
    device, code = announced()
    assert revoke(device)
    assert not revoke(device)
    with pytest.raises(RuleBroken, match="No device is expected"):
        devices.pair(code, source=HERE, now=clock.now())


def test_nobody_answers_for_a_device_whose_announcer_is_erased() -> None:
    device, code = announced()
    _device, token = devices.pair(code, source=HERE, now=clock.now())
    director = make_person()
    with transaction():
        erasing.erase(device.made_by, by=director, now=clock.now())
    found = devices.find_device(token)
    assert found is not None
    assert not found.may_send(clock.now())
    assert found.revoked_by_id == director.id


def test_a_device_ends_with_the_role_of_whoever_announced_it() -> None:
    today, now = local_date(clock.now()), clock.now()
    clerk, still = make_account(roles=[Role.CLERK]).person, make_account(roles=[Role.DIRECTOR]).person
    with transaction():
        theirs, _code = devices.announce("旧", Post(until=today), by=clerk, now=now)
        others, _code = devices.announce("新", Post(until=today), by=still, now=now)
    [sweep] = SWEEPS
    assert list(sweep.due(now)) == []
    with transaction() as writing:
        [grant] = writing.scalars(
            select(RoleGrant).where(RoleGrant.person_id == clerk.id, RoleGrant.role == Role.CLERK)
        )
        grant.ends_on = today - timedelta(days=1)
    assert list(sweep.due(now)) == [theirs.id]
    for _twice in range(2):
        sweep.settle(theirs.id, now)
        sweep.settle(others.id, now)
    db.session.expire_all()
    assert theirs.revoked_at is not None
    assert others.revoked_at is None
    acts = db.session.execute(select(StaffEvent.by_id).where(StaffEvent.act == "device_revoked")).all()
    assert [tuple(each) for each in acts] == [(None,)]


def test_a_device_has_an_end() -> None:
    today = local_date(clock.now())
    for until in (None, today - timedelta(days=1), today + timedelta(days=31)):
        with pytest.raises(RuleBroken, match="at most 30 days ahead"):
            announced(Post(room=make_room(), until=until))
    of_room, _code = announced(Post(room=make_room(), until=today))
    assert local_date(of_room.expires_at) == today + timedelta(days=1)
    session = a_session()
    of_session, _code = announced(Post(session=session))
    assert of_session.expires_at == session.ends_at + timedelta(hours=2)
    clerk = make_person()
    with pytest.raises(RuleBroken, match="is over"), transaction():
        devices.announce("旧", Post(session=session), by=clerk, now=of_session.expires_at)


def test_two_devices_in_use_have_two_names() -> None:
    clerk, now = make_person(), clock.now()
    post = Post(until=local_date(now))
    with transaction():
        first, _code = devices.announce("平板", post, by=clerk, now=now)
    with pytest.raises(Conflict, match="Another device has this name"), transaction():
        devices.announce("平板", post, by=clerk, now=now)
    revoke(first)
    with transaction():
        devices.announce("平板", post, by=clerk, now=now)


def test_it_is_noted_once_a_minute_that_a_device_is_in_use() -> None:
    device, code = announced()
    now = clock.now()
    devices.pair(code, source=HERE, now=now)
    for seconds, seen in ((30, 0), (61, 61), (90, 61)):
        with transaction():
            devices.note_seen(device.id, now=now + timedelta(seconds=seconds))
        db.session.expire_all()
        assert device.seen_at == now + timedelta(seconds=seen)


def test_one_code_typed_into_two_devices_at_once_pairs_one(app: Flask) -> None:
    _device, code = announced()
    rivals = 4
    gate = threading.Barrier(rivals)

    def pair(n: int) -> str | DomainError:
        with app.app_context():
            gate.wait()
            try:
                return devices.pair(code, source=f"address:192.0.2.{n}", now=clock.now())[1]
            except DomainError as error:
                return error
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(rivals) as threads:
        said = list(threads.map(pair, range(rivals)))
    [token] = [each for each in said if isinstance(each, str)]
    assert devices.find_device(token) is not None
    assert all("used already" in str(each) for each in said if each != token)


def event_of(device: Device, session: Session, **facts: object) -> AttendanceEvent:
    now = clock.now()
    known = {"session_id": session.id, "verb": Verb.ARRIVED, "how": How.CARD, "outcome": Outcome.ACCEPTED, "at": now}
    by = {"device_id": device.id, "by_id": device.made_by_id, "person_id": device.made_by_id, "recorded_at": now}
    return AttendanceEvent(**{**known, **by, **facts})


def test_the_database_takes_nothing_as_it_comes_from_a_device_after_it_was_revoked() -> None:
    session, (device, code) = a_session(), announced()
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(event_of(device, session))  # it is not paired yet
    devices.pair(code, source=HERE, now=clock.now())
    before = clock.now()
    revoke(device)
    with pytest.raises(IntegrityError), transaction() as writing:
        writing.add(event_of(device, session))
    with transaction() as writing:  # what it read before that is believed
        writing.add(event_of(device, session, at=before))


def test_a_scan_and_a_revocation_at_once_leave_no_scan_that_is_younger(app: Flask) -> None:
    session, (device, code) = a_session(), announced()
    devices.pair(code, source=HERE, now=clock.now())
    device_id, session_id, gate = device.id, session.id, threading.Barrier(5)
    db.session.rollback()

    def run(n: int) -> str:
        with app.app_context():
            mine, theirs = db.session.get_one(Device, device_id), db.session.get_one(Session, session_id)
            db.session.rollback()
            gate.wait()
            try:
                if n == 0:
                    return "revoked" if revoke(mine) else "twice"
                with transaction() as writing:
                    writing.add(event_of(mine, theirs))
                return "taken"
            except IntegrityError:
                return "refused"
            finally:
                db.session.remove()

    with ThreadPoolExecutor(5) as threads:
        said = list(threads.map(run, range(5)))
    db.session.expire_all()
    ended = db.session.get_one(Device, device_id).revoked_at
    taken = db.session.scalars(select(AttendanceEvent.at)).all()
    assert said[0] == "revoked"
    assert ended is not None
    assert len(taken) == said.count("taken")
    assert all(each < ended for each in taken)
