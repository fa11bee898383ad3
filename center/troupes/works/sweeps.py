"""Reservations that are over are tidied away; they have kept nobody out since."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep
from center.troupes.models.works import Work, WorkState
from center.troupes.works.selling import release_over

MOST = 50


def _over(now: datetime) -> Sequence[int]:
    query = select(Work.id).where(Work.state == WorkState.RESERVED, Work.reserved_until <= now)
    return db.session.scalars(query.order_by(Work.reserved_until, Work.id).limit(MOST)).all()


def _release(work_id: int, now: datetime) -> None:
    with transaction():
        release_over(work_id, now=now)


SWEEPS = (Sweep("works_reserved", _over, _release),)
