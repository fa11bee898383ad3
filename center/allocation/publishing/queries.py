"""Ordered reads of results."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.allocation.models import Adjustment, AllocationRound, Award
from center.kernel.db import db


def awards_of(found: AllocationRound) -> Sequence[Award]:
    """Who has which time, in the order of times."""
    query = select(Award).where(Award.round_id == found.id).options(joinedload(Award.series))
    return db.session.scalars(query.order_by(Award.time_id)).all()


def adjustments_of(found: AllocationRound) -> Sequence[Adjustment]:
    """What staff changed since the result was worked out last, in order."""
    query = select(Adjustment).where(Adjustment.round_id == found.id)
    if found.matched_at is not None:
        query = query.where(Adjustment.at >= found.matched_at)
    options = joinedload(Adjustment.by), joinedload(Adjustment.from_time), joinedload(Adjustment.to_time)
    return db.session.scalars(query.options(*options).order_by(Adjustment.at, Adjustment.id)).all()
