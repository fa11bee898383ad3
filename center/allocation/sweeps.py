"""What time changes of swaps: a proposal that nobody answered is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.allocation.models.swaps import LIVE_SWAPS, Swap
from center.allocation.swaps.actions import expire
from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep

MOST = 100


def _overdue(now: datetime) -> Sequence[int]:
    query = select(Swap.id).where(Swap.state.in_(LIVE_SWAPS), Swap.expires_at <= now)
    return db.session.scalars(query.order_by(Swap.expires_at, Swap.id).limit(MOST)).all()


def _put_away(swap_id: int, now: datetime) -> None:
    with transaction() as session:
        if (swap := session.get(Swap, swap_id)) is not None:
            expire(swap, now=now)


SWEEPS = (Sweep("swaps_expire", _overdue, _put_away),)
