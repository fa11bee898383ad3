"""What time changes of bookings: requests and offers run out, rooms that nobody claims go to others, waits end.

What ran out counts as over already; this only tidies, tells, and offers the time to the next.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.bookings import actions
from center.bookings.models import Booking, BookingStatus
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.states import is_waiting_at
from center.bookings.visits import actions as visits
from center.bookings.waiting import offers
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.kernel.sweeps import Sweep

MOST = 100


def overdue_requests(now: datetime) -> Sequence[int]:
    """The ids of some requests whose time to be decided has passed, the longest ago first."""
    passed = func.coalesce(Booking.expires_at, Booking.starts_at)
    query = select(Booking.id).where(Booking.status == BookingStatus.REQUESTED, ~is_waiting_at(now))
    return db.session.scalars(query.order_by(passed, Booking.id).limit(MOST)).all()


def _expired_offers(now: datetime) -> Sequence[int]:
    query = select(SlotWish.id).where(SlotWish.state == WishState.OFFERED, SlotWish.offer_ends_at <= now)
    return db.session.scalars(query.order_by(SlotWish.offer_ends_at, SlotWish.id).limit(MOST)).all()


def _lapsed_wishes(now: datetime) -> Sequence[int]:
    query = select(SlotWish.id).where(SlotWish.state == WishState.WAITING, SlotWish.starts_at <= now)
    return db.session.scalars(query.order_by(SlotWish.starts_at, SlotWish.id).limit(MOST)).all()


def _offer(wish: SlotWish, *, now: datetime) -> None:
    """Offer a time that is free, to the first who waits for some of it."""
    offers.offer_freed_time(wish.room, Span(wish.starts_at, wish.ends_at), now=now)


def _each(model: Any, act: Callable[..., object]) -> Callable[[int, datetime], None]:
    """What a sweep does with one row, in a transaction of its own; nothing where it is gone."""

    def settle(row_id: int, now: datetime) -> None:
        with transaction() as session:
            if (row := session.get(model, row_id)) is not None:
                act(row, now=now)

    return settle


put_away = _each(Booking, actions.expire)
release = _each(Booking, visits.release_unclaimed)

SWEEPS = (
    Sweep("requests_expire", overdue_requests, put_away),
    Sweep("rooms_unclaimed", visits.unclaimed_ids, release),
    Sweep("offers_unanswered", _expired_offers, _each(SlotWish, offers.expire)),
    Sweep("wishes_lapsed", _lapsed_wishes, _each(SlotWish, offers.lapse)),
    Sweep("times_free_again", offers.free_again_ids, _each(SlotWish, _offer)),
)
