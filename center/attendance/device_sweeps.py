"""Devices end with the role of whoever announced them: nobody who left the desk answers for one any more."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select

from center.attendance import devices
from center.attendance.models.devices import Device
from center.kernel.access import Permission
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import SOME, Sweep
from center.people.models import RoleGrant
from center.people.rules import PERMISSIONS

AT_THE_DESK = [role for role, may in PERMISSIONS.items() if Permission.SIGN_UP_ANYONE in may]


def _left_behind(now: datetime) -> Sequence[int]:
    """Some of those that still may do something, and whose announcer may not pair one any more."""
    query = select(Device.id).where(*_is_left_behind(now)).order_by(Device.expires_at, Device.id)
    return db.session.scalars(query.limit(SOME)).all()


def _end(device_id: int, now: datetime) -> None:
    with transaction():
        found = db.session.scalar(select(Device).where(Device.id == device_id, *_is_left_behind(now)))
        if found is not None:
            devices.revoke(found, by=None, now=now)


def _is_left_behind(now: datetime) -> tuple[ColumnElement[bool], ...]:
    today, of = local_date(now), RoleGrant
    is_now = (of.starts_on <= today, or_(of.ends_on.is_(None), of.ends_on >= today))
    is_at_the_desk = exists().where(of.person_id == Device.made_by_id, of.role.in_(AT_THE_DESK), *is_now)
    return Device.revoked_at.is_(None), Device.expires_at > now, ~is_at_the_desk


SWEEPS = (Sweep("devices of former staff", _left_behind, _end),)
