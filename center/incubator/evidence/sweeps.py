"""Packs that wait to be made, were left by a maker who died, or whose time is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select

from center.incubator.evidence import packing, packs
from center.incubator.models.evidence import EvidencePack, PackState
from center.kernel.db import db, transaction
from center.kernel.sweeps import SOME, Sweep


def _due(now: datetime) -> Sequence[int]:
    of = EvidencePack
    is_left = and_(of.state == PackState.MAKING, of.leased_until <= now)
    query = select(of.id).where(of.state.in_(packs.UNDER_WAY), or_(of.state == PackState.WAITING, is_left))
    return db.session.scalars(query.order_by(of.id).limit(SOME)).all()


def _over(now: datetime) -> Sequence[int]:
    of = EvidencePack
    query = select(of.id).where(of.state == PackState.READY, of.expires_at <= now)
    return db.session.scalars(query.order_by(of.expires_at, of.id).limit(SOME)).all()


def _expire(pack_id: int, now: datetime) -> None:
    with transaction() as session:
        packs.expire(session.get_one(EvidencePack, pack_id), now=now)
    packs.tidy(now=now)


SWEEPS = (
    # A large pack takes seconds: beside all else, so that nobody waits for their message meanwhile.
    Sweep("evidence packs to make", _due, packing.make, talks_outside=True),
    Sweep("evidence packs that are over", _over, _expire, every=300.0),
)
