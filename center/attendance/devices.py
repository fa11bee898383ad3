"""Devices that check people in: announced at the desk, paired by a code that is typed into them, revoked at once.

A device is nobody: it has a token of its own, may do one thing, and whoever announced it answers for what it sends.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Session, SessionState
from center.attendance.duties import CODE_LASTS, MOST_DAYS
from center.attendance.models import AttendanceEvent, Outcome
from center.attendance.models.devices import Device, Duty
from center.attendance.rules import check_in_span
from center.kernel import access_log
from center.kernel.acts import Act
from center.kernel.db import change_rows, db, lock, must_find, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people import claims, sign_ins
from center.people.models import Person
from center.rooms.models import Room

CODE_DIGITS = 8
PAIRING = "device code"  # it has a blank, so nobody has it as a login
SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Post:
    """What a device is to do: one session, or the door of a room or of the house until the end of a day."""

    session: Session | None = None
    room: Room | None = None
    until: date | None = None

    @property
    def duty(self) -> Duty:
        """The kind of it."""
        if self.session is not None:
            return Duty.SESSION
        return Duty.ENTRANCE if self.room is None else Duty.ROOM


def announce(name: str, post: Post, *, by: Person, now: datetime) -> tuple[Device, str]:
    """Expect a device, and give out the code that pairs it, which is shown this once.

    Raises RuleBroken for a session that is over, and for a day that is over or too far ahead; Conflict for a name that
    another device has.
    """
    _check_name(name, now)
    device = Device(
        name=name,
        duty=post.duty,
        session_id=post.session.id if post.session else None,
        room_id=post.room.id if post.room else None,
        made_at=now,
        made_by_id=by.id,
        expires_at=_end_of(post, now),
    )
    code = _give_code(device, now)
    db.session.add(device)
    db.session.flush()
    note(Act.DEVICE_ANNOUNCED, device, by=by)
    return device, code


def renew_code(device: Device, *, by: Person, now: datetime) -> str:
    """Another code for a device that was not paired in time; the one before no longer works."""
    lock(device)
    if device.paired_at is not None or device.revoked_at is not None or now >= device.expires_at:
        raise Conflict(_l("This device is paired already, or its time is over. Pair it anew."))
    code = _give_code(device, now)
    db.session.flush()
    note(Act.DEVICE_ANNOUNCED, device, by=by)
    return code


def pair(typed: str, *, source: str, now: datetime) -> tuple[Device, str]:
    """Pair whatever device this code was typed into; returns the token that it is known by from now on.

    Opens its own transactions, since a wrong try stays on record. Raises TooManyTries, and RuleBroken on "code".
    """
    with sign_ins.counted(PAIRING, source=source, now=now), transaction():
        device = db.session.scalar(select(Device).where(Device.code_hash == _keyed(typed)))
        if device is None or device.revoked_at is not None:
            raise _refused(
                _l("No device is expected with this code. Please compare the digits with those at the desk.")
            )
        if device.paired_at is not None:
            raise _refused(_l("This code was used already. Every device gets a code of its own from the desk."))
        if now >= device.code_expires_at or now >= device.expires_at:
            raise _refused(_l("This code is too old: it works for 10 minutes. The desk gives you a new one."))
        token = secrets.token_urlsafe(32)
        mine = (Device.id == device.id, Device.token_hash.is_(None), Device.revoked_at.is_(None))
        paired = update(Device).where(*mine).values(token_hash=hash_of(token), paired_at=now, seen_at=now)
        if not change_rows(paired):
            raise _refused(_l("This code was used already. Every device gets a code of its own from the desk."))
        note(Act.DEVICE_PAIRED, device, by=device.made_by)
        db.session.refresh(device)
        return device, token


def revoke(device: Device, *, by: Person | None, now: datetime) -> bool:
    """End what a device may do, at once; returns whether that was still to do. By nobody (None): by a rule."""
    lock(device)
    if device.revoked_at is not None:
        return False
    device.revoked_at, device.revoked_by_id = max(now, _just_after_its_last(device)), (by or device.made_by).id
    db.session.flush()
    note(Act.DEVICE_REVOKED, device, by=by)
    return True


def note_seen(device_id: int, *, now: datetime) -> None:
    """Note that a device was in use a moment ago."""
    change_rows(update(Device).where(Device.id == device_id, Device.seen_at < now - SEEN_EVERY).values(seen_at=now))


def note_wiped(device_id: int, *, now: datetime) -> None:
    """Note that a revoked device has been told to forget everything."""
    told = (Device.id == device_id, Device.revoked_at.is_not(None), Device.wiped_at.is_(None))
    change_rows(update(Device).where(*told).values(wiped_at=now))


def find_device(token: str) -> Device | None:
    """The device that is known by this token, however it stands."""
    return db.session.scalar(_by_token(), {"token_hash": hash_of(token)})


@cache
def _by_token() -> Select[Device]:
    """Made once, since every request of a device asks it."""
    return select(Device).where(Device.token_hash == bindparam("token_hash")).options(joinedload(Device.made_by))


def get_device(device_id: int) -> Device:
    """The device of this number; raises NotFound."""
    return must_find(db.session.get(Device, device_id, options=_whole()), _l("There is no such device."))


def devices_in_use(now: datetime) -> Sequence[Device]:
    """Devices that are paired, or may still be, the latest first."""
    is_on = (Device.revoked_at.is_(None), Device.expires_at > now)
    query = select(Device).where(*is_on, or_(Device.paired_at.is_not(None), Device.made_at > now - timedelta(days=1)))
    return db.session.scalars(query.options(*_whole()).order_by(Device.made_at.desc(), Device.id.desc())).all()


def devices_ended(now: datetime, *, limit: int = 20) -> Sequence[Device]:
    """Devices that were revoked or whose time is over, the latest first."""
    ended = or_(Device.revoked_at.is_not(None), Device.expires_at <= now)
    query = select(Device).where(ended).options(*_whole()).order_by(Device.made_at.desc(), Device.id.desc())
    return db.session.scalars(query.limit(limit)).all()


def hash_of(token: str) -> str:
    """What is kept of a device's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def is_its_code(device: Device, code: str) -> bool:
    """Whether a code is the one that pairs a device."""
    return device.code_hash == _keyed(code)


def in_groups(code: str) -> str:
    """A code as it is read out, in two halves: 1234 5678."""
    return f"{code[: CODE_DIGITS // 2]} {code[CODE_DIGITS // 2 :]}"


def _give_code(device: Device, now: datetime) -> str:
    """A code that no device was ever expected with."""
    while True:
        code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
        if not db.session.scalar(select(exists().where(Device.code_hash == _keyed(code)))):
            device.code_hash, device.code_expires_at = _keyed(code), now + CODE_LASTS
            return code


def _check_name(name: str, now: datetime) -> None:
    """Nobody revokes the wrong one of two."""
    is_on = (Device.revoked_at.is_(None), Device.expires_at > now)
    is_known = or_(Device.paired_at.is_not(None), Device.code_expires_at > now)
    if db.session.scalar(select(exists().where(Device.name == name, *is_on, is_known))):
        raise Conflict(_l("Another device has this name. Choose another, or revoke that one first."), field="name")


def _keyed(typed: str) -> str:
    return claims.keyed_hash(f"device {typed}")


def _just_after_its_last(device: Device) -> datetime:
    """What was taken from it in this very moment, before it was held, came before its end."""
    taken = (AttendanceEvent.device_id == device.id, AttendanceEvent.outcome == Outcome.ACCEPTED)
    latest = db.session.scalar(select(func.max(AttendanceEvent.at)).where(*taken))
    return (latest or device.made_at) + timedelta(microseconds=1)


def _end_of(post: Post, now: datetime) -> datetime:
    if post.session is not None:
        ends_at = check_in_span(post.session.starts_at, post.session.ends_at).end
        if ends_at <= now or post.session.state is SessionState.CANCELLED:
            raise RuleBroken(_l("This session is over or was cancelled."), field="session")
        return ends_at
    today, until = local_date(now), post.until
    if until is None or not today <= until <= today + timedelta(days=MOST_DAYS):
        raise RuleBroken(
            _l("Please choose a day from today on, at most %(days)s days ahead.", days=MOST_DAYS), field="until"
        )
    return datetime.combine(until + timedelta(days=1), time(), centre_zone())


def _refused(words: object) -> RuleBroken:
    access_log.note(access_log.Kind.CODE_FAILED, subject=PAIRING)
    return RuleBroken(words, field="code")


def _whole() -> tuple[_AbstractLoad, ...]:
    session = joinedload(Device.session)
    return (
        session.joinedload(Session.activity),
        session.joinedload(Session.room),
        joinedload(Device.room),
        joinedload(Device.made_by),
    )
