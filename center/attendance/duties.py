"""What a device may do: one thing, and until when. Pure."""

import enum
from datetime import datetime, timedelta

from center.activities.models import Session
from center.attendance.models.devices import Device, Duty
from center.attendance.rules import check_in_span
from center.kernel.i18n import local_date

CODE_LASTS = timedelta(minutes=10)
MOST_DAYS = 30  # of a device at a door


class DeviceState(enum.StrEnum):
    """Where a device stands at a moment."""

    LAPSED = "lapsed"  # nobody typed its code in time
    OVER = "over"  # its time has come to an end
    PAIRED = "paired"
    REVOKED = "revoked"  # and has not been heard of since
    WAITING = "waiting"  # for its code
    WIPED = "wiped"  # revoked, and it knows


def state_of(device: Device, now: datetime) -> DeviceState:
    """Where it stands."""
    if device.revoked_at is not None:
        return DeviceState.WIPED if device.wiped_at is not None else DeviceState.REVOKED
    if device.paired_at is None:
        return DeviceState.WAITING if now < device.code_expires_at else DeviceState.LAPSED
    return DeviceState.PAIRED if now < device.expires_at else DeviceState.OVER


def may_do(device: Device, session: Session, at: datetime) -> bool:
    """Whether somebody may be checked in to a session with it at this moment."""
    return device.may_send(at) and is_its_duty(device, session, at)


def is_its_duty(device: Device, session: Session, at: datetime) -> bool:
    """Whether a session is what it is there for: its own; what is on in its room; whatever is on that day."""
    if device.duty is Duty.SESSION:
        return session.id == device.session_id
    if device.duty is Duty.ROOM and not _is_in_its_room(device, session):
        return False
    if is_open(session, at):
        return True
    return device.duty is Duty.ENTRANCE and local_date(session.starts_at) == local_date(at)


def opens_at(session: Session) -> datetime:
    """From when on people can be checked in to a session."""
    return check_in_span(session.starts_at, session.ends_at).start


def is_open(session: Session, at: datetime) -> bool:
    """Whether people can be checked in to a session at a moment."""
    span = check_in_span(session.starts_at, session.ends_at)
    return span.start <= at < span.end


def was_its_duty(device: Device, session: Session) -> bool:
    """Whether a session was what it was there for, at any time between its pairing and its end."""
    if device.paired_at is None or not is_its_duty(device, session, session.starts_at):
        return False
    ended_at = min(device.expires_at, device.revoked_at or device.expires_at)
    span = check_in_span(session.starts_at, session.ends_at)
    return span.start < ended_at and device.paired_at < span.end


def _is_in_its_room(device: Device, session: Session) -> bool:
    """In that room, in the whole that it is a part of, or in one of its parts."""
    if session.room is None or device.room is None:
        return False
    there, here = session.room, device.room
    return here.id in {there.id, there.parent_id} or there.id == here.parent_id
