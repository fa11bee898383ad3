"""What is due of visits and offers: rooms that nobody claimed, offers nobody answered, wishes whose time has come."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.bookings.models import Booking
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.visits import actions as presence
from center.bookings.waiting import offers
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.kernel.sweeps import Sweep

MOST = 100


def expired_offers(now: datetime) -> Sequence[int]:
    """Offers that nobody answered in time."""
    query = select(SlotWish.id).where(SlotWish.state == WishState.OFFERED, SlotWish.offer_ends_at <= now)
    return db.session.scalars(query.order_by(SlotWish.offer_ends_at, SlotWish.id).limit(MOST)).all()


def lapsed_wishes(now: datetime) -> Sequence[int]:
    """Wishes whose time has come without ever being free."""
    query = select(SlotWish.id).where(SlotWish.state == WishState.WAITING, SlotWish.starts_at <= now)
    return db.session.scalars(query.order_by(SlotWish.starts_at, SlotWish.id).limit(MOST)).all()


def release(booking_id: int, now: datetime) -> None:
    """Give one unclaimed room to others."""
    with transaction() as session:
        presence.release_unclaimed(session.get_one(Booking, booking_id), now=now)


def expire(wish_id: int, now: datetime) -> None:
    """Tidy one offer away, and go on to the next in line."""
    with transaction() as session:
        offers.expire(session.get_one(SlotWish, wish_id), now=now)


def lapse(wish_id: int, now: datetime) -> None:
    """Tidy one wish away."""
    with transaction() as session:
        offers.lapse(session.get_one(SlotWish, wish_id), now=now)


def offer(wish_id: int, now: datetime) -> None:
    """Offer a time that is free, to the first who waits for some of it."""
    with transaction() as session:
        wish = session.get_one(SlotWish, wish_id)
        offers.offer_freed_time(wish.room, Span(wish.starts_at, wish.ends_at), now=now)


SWEEPS = (
    Sweep("rooms_unclaimed", presence.unclaimed_ids, release),
    Sweep("offers_unanswered", expired_offers, expire),
    Sweep("wishes_lapsed", lapsed_wishes, lapse),
    Sweep("times_free_again", offers.free_again_ids, offer),
)
