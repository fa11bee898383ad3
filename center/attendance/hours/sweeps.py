"""Shifts of sessions that ended an hour ago and that nobody ended wait for somebody who says when."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.activities.models import Session
from center.attendance.hours.actions import note_forgotten
from center.attendance.hours.rules import FORGOTTEN_AFTER
from center.attendance.models.hours import Shift, ShiftState
from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep

MOST = 50


def _forgotten(now: datetime) -> Sequence[int]:
    """Whoever signed in later cannot be late yet, and few are signed in at all."""
    query = (
        select(Shift.id)
        .join(Session, Session.id == Shift.session_id)
        .where(
            Shift.state == ShiftState.OPEN,
            Shift.in_at < now - FORGOTTEN_AFTER,
            Session.ends_at < now - FORGOTTEN_AFTER,
        )
    )
    return db.session.scalars(query.order_by(Shift.in_at, Shift.id).limit(MOST)).all()


def _settle(shift_id: int, now: datetime) -> None:
    with transaction() as session:
        note_forgotten(session.get_one(Shift, shift_id), now=now)


SWEEPS = (Sweep("shifts_forgotten", _forgotten, _settle),)
