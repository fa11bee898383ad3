"""Ordered reads of rounds and their times."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from center.allocation.models import AllocationRound, RoundState, TermWish, WeeklyTime
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room
from center.rooms.queries import after_its_whole

SHOWN = (RoundState.OPEN, RoundState.MATCHED, RoundState.PUBLISHED)


def get_round(slug: str) -> AllocationRound:
    """The round at this address, with its criteria; raises NotFound."""
    query = select(AllocationRound).where(AllocationRound.slug == slug).options(selectinload(AllocationRound.criteria))
    return must_find(db.session.scalar(query), _l("There is no allocation at this address."))


def all_rounds() -> Sequence[AllocationRound]:
    """Every round, the latest term first."""
    return db.session.scalars(select(AllocationRound).order_by(*_latest_first())).all()


def shown_rounds() -> Sequence[AllocationRound]:
    """Every round that everybody may read, the latest term first."""
    query = select(AllocationRound).where(AllocationRound.state.in_(SHOWN))
    return db.session.scalars(query.order_by(*_latest_first())).all()


def open_round(now: datetime) -> AllocationRound | None:
    """A round for which wishes can be named now; of several the one that closes first."""
    query = select(AllocationRound).where(
        AllocationRound.state == RoundState.OPEN, AllocationRound.opens_at <= now, AllocationRound.closes_at > now
    )
    return db.session.scalar(query.order_by(AllocationRound.closes_at, AllocationRound.id).limit(1))


def rounds_under_way() -> Sequence[AllocationRound]:
    """Every round that is neither published nor called off, the next term first."""
    over = (RoundState.PUBLISHED, RoundState.WITHDRAWN)
    query = select(AllocationRound).where(AllocationRound.state.not_in(over))
    return db.session.scalars(query.order_by(AllocationRound.starts_on, AllocationRound.id)).all()


def round_before(found: AllocationRound) -> AllocationRound | None:
    """The last published round of an earlier term."""
    query = select(AllocationRound).where(
        AllocationRound.state == RoundState.PUBLISHED,
        AllocationRound.starts_on < found.starts_on,
        AllocationRound.id != found.id,
    )
    return db.session.scalar(query.order_by(*_latest_first()).limit(1))


def times_of(found: AllocationRound) -> Sequence[WeeklyTime]:
    """The times of a round with their rooms, by room, weekday and hour."""
    room = selectinload(WeeklyTime.room)
    query = select(WeeklyTime).where(WeeklyTime.round_id == found.id)
    options = (
        room.selectinload(Room.parent).selectinload(Room.hours),
        room.selectinload(Room.parts).selectinload(Room.hours),
        room.selectinload(Room.hours),
        room.selectinload(Room.windows),
        room.selectinload(Room.equipment),
    )
    times = db.session.scalars(query.options(*options).order_by(WeeklyTime.id)).all()
    return sorted(times, key=lambda each: (after_its_whole(each.room), each.weekday, each.starts, each.id))


def count_wishes(round_ids: Sequence[int]) -> dict[int, int]:
    """How many wishes each of these rounds has."""
    query = (
        select(TermWish.round_id, func.count())
        .where(TermWish.round_id.in_(round_ids), TermWish.withdrawn_at.is_(None))
        .group_by(TermWish.round_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _latest_first() -> tuple[Any, ...]:
    return AllocationRound.starts_on.desc(), AllocationRound.id.desc()
