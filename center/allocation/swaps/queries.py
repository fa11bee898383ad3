"""Ordered reads of swaps, and of what could be swapped."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.allocation.models.swaps import LIVE_SWAPS, Swap, SwapPair, SwapState
from center.allocation.swaps.slots import is_swappable
from center.bookings.models import Booking, BookingStatus
from center.bookings.queries import with_all
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import day_span
from center.rooms.models import Room

MOST = 200


def get_swap(reference: str) -> Swap:
    """The swap with this number; raises NotFound."""
    query = _with_all(select(Swap).where(Swap.reference == reference.upper()))
    return must_find(db.session.scalar(query), _l("There is no swap with this number."))


def swaps_of(organisation_id: int) -> Sequence[Swap]:
    """The swaps in which an organisation takes part, those that wait first, then the latest first."""
    theirs = or_(Swap.from_organisation_id == organisation_id, Swap.to_organisation_id == organisation_id)
    return _listed(theirs)


def all_swaps() -> Sequence[Swap]:
    """The latest swaps of all organisations, those that wait for staff or for an answer first."""
    return _listed()


def waiting_for_staff(now: datetime) -> Sequence[Swap]:
    """The swaps to which both agree, and which wait for staff."""
    query = select(Swap).where(Swap.state == SwapState.WAITING, Swap.expires_at > now)
    return db.session.scalars(_with_all(query).order_by(Swap.expires_at, Swap.id)).all()


def count_waiting_for_staff(now: datetime) -> int:
    """How many swaps wait for staff."""
    query = select(func.count()).select_from(Swap).where(Swap.state == SwapState.WAITING, Swap.expires_at > now)
    return db.session.scalar(query) or 0


def bookings_to_swap(organisation_id: int, *, now: datetime, on: date | None = None) -> list[Booking]:
    """What an organisation could offer, on a day or the next first."""
    return _to_swap(Booking.organisation_id == organisation_id, now=now, on=on)


def bookings_to_ask_for(organisation_id: int, *, now: datetime, on: date | None = None) -> list[Booking]:
    """What an organisation could ask others for, on a day or the next first."""
    return _to_swap(Booking.organisation_id != organisation_id, now=now, on=on)


def sessions_to_swap(organisation_id: int, *, now: datetime, on: date | None = None) -> list[Session]:
    """The sessions of its activities that an organisation could offer, on a day or the next first."""
    return _sessions(Activity.organisation_id == organisation_id, now=now, on=on)


def sessions_to_ask_for(organisation_id: int, *, now: datetime, on: date | None = None) -> list[Session]:
    """The sessions for whose time an organisation could ask others, on a day or the next first."""
    return _sessions(Activity.organisation_id != organisation_id, now=now, on=on)


def _sessions(whose: ColumnElement[bool], *, now: datetime, on: date | None) -> list[Session]:
    query = (
        select(Session)
        .join(Session.activity)
        .where(whose, Activity.state == ActivityState.PUBLISHED, Activity.is_confined.is_(False))
        .where(
            Session.state == SessionState.SCHEDULED, Session.room_id.is_not(None), *_ahead(Session.starts_at, now, on)
        )
        .options(
            contains_eager(Session.activity).joinedload(Activity.organisation),
            joinedload(Session.room).options(selectinload(Room.parent), selectinload(Room.parts)),
        )
    )
    found = db.session.scalars(query.order_by(Session.starts_at, Session.id).limit(MOST)).all()
    return [each for each in found if is_swappable(each, now=now)]


def _ahead(starts_at: Any, now: datetime, on: date | None) -> list[ColumnElement[bool]]:
    """That something lies ahead, and on this day if one is named."""
    if on is None:
        return [starts_at > now]
    day = day_span(on, centre_zone())
    return [starts_at > now, starts_at >= day.start, starts_at < day.end]


def _to_swap(whose: ColumnElement[bool], *, now: datetime, on: date | None) -> list[Booking]:
    ahead = _ahead(Booking.starts_at, now, on)
    query = with_all(select(Booking)).where(whose, Booking.status == BookingStatus.CONFIRMED, *ahead)
    found = db.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(MOST)).all()
    return [each for each in found if is_swappable(each, now=now)]


def _listed(*where: ColumnElement[bool]) -> Sequence[Swap]:
    query = _with_all(select(Swap).where(*where)).order_by(Swap.proposed_at.desc(), Swap.id.desc()).limit(MOST)
    return sorted(db.session.scalars(query).all(), key=lambda each: each.state not in LIVE_SWAPS)


def _with_all(query: Select[Swap]) -> Select[Swap]:
    pair = selectinload(Swap.pairs)
    return query.options(
        joinedload(Swap.from_organisation),
        joinedload(Swap.to_organisation),
        joinedload(Swap.from_series),
        joinedload(Swap.to_series),
        pair.joinedload(SwapPair.from_room).options(selectinload(Room.parent), selectinload(Room.parts)),
        pair.joinedload(SwapPair.to_room).options(selectinload(Room.parent), selectinload(Room.parts)),
        pair.joinedload(SwapPair.from_booking),
        pair.joinedload(SwapPair.to_booking),
        pair.joinedload(SwapPair.from_session).joinedload(Session.activity),
        pair.joinedload(SwapPair.to_session).joinedload(Session.activity),
    )
