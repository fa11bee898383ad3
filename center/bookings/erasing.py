"""When somebody is erased: their bookings ahead are cancelled and they wait for nothing, so others have the time."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

import center.organisations.erasing  # noqa: F401  (memberships end first: then others lead, and hear what is handed on)
from center.bookings import actions, handing_on, messages
from center.bookings.models import LIVE, Booking
from center.bookings.models.series import BookingSeries
from center.bookings.models.waiting import SlotWish
from center.bookings.series import news as series_news
from center.bookings.waiting import wishes
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.people.erasing import actions as erasing
from center.people.models import Person
from center.rooms import ledger


def ahead(person: Person, now: datetime) -> Iterable[tuple[Any, int]]:
    """What is cancelled."""
    yield _l("Bookings still to come"), len(_bookings(person, now))
    yield _l("Times they wait for"), len(_wishes(person))


def end_what_is_ahead(person: Person, by: Person, now: datetime) -> None:
    """Their time goes to who waits for it; what they were to hear for an organisation goes to who leads it now."""
    for wish in _wishes(person):
        wishes.give_up(wish, now=now)
    for booking in _bookings(person, now):
        if not actions.expire(booking, now=now):
            actions.cancel(booking, by=by, now=now, as_staff=True, tells=False)
    handing_on.hand_on_all_of(person, now=now)


def names(ids: Collection[int]) -> Iterable[str]:
    """How the outbox names their bookings, series and wishes."""
    kinds: tuple[tuple[Any, Any], ...] = (
        (Booking, messages.about),
        (BookingSeries, series_news.about),
        (SlotWish, messages.about_wish),
    )
    for model, named in kinds:
        theirs = select(model).where(model.person_id.in_(ids), model.organisation_id.is_(None)).order_by(model.id)
        yield from map(named, db.session.scalars(theirs))


def _bookings(person: Person, now: datetime) -> Sequence[Booking]:
    own = (Booking.person_id == person.id, Booking.organisation_id.is_(None))
    query = select(Booking).where(*own, Booking.status.in_(LIVE), Booking.ends_at > now)
    return db.session.scalars(query.order_by(Booking.id)).all()


def _wishes(person: Person) -> Sequence[SlotWish]:
    own = (SlotWish.person_id == person.id, SlotWish.organisation_id.is_(None))
    return db.session.scalars(select(SlotWish).where(*own, SlotWish.state.in_(wishes.LIVE)).order_by(SlotWish.id)).all()


erasing.first.append(ledger.line_up)
erasing.ahead.append(ahead)
erasing.ends.append(end_what_is_ahead)
erasing.names.append(names)
