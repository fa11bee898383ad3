"""Bookings of accounts that the desk has not confirmed, refuses, or matched with the wrong person."""

from datetime import datetime

from sqlalchemy import select, update

from center.bookings import actions
from center.bookings.models import Booking, BookingStatus, CalendarLink, Channel
from center.bookings.series.models import BookingSeries
from center.bookings.waiting.models import SlotWish
from center.db import db
from center.people.actions import after_refusing
from center.people.matching import after_undoing
from center.people.models import Account, Person


def decline_what_was_asked(account: Account, by: Person, now: datetime) -> None:
    """The desk does not know who this is: what they asked for is free again."""
    asked = Booking.status == BookingStatus.REQUESTED
    query = select(Booking).where(Booking.person_id == account.person_id, asked, Booking.ends_at > now)
    for booking in db.session.scalars(query.order_by(Booking.id)).all():
        if booking.standing_at(now) is BookingStatus.REQUESTED:
            actions.decline(booking, reason=account.disabled_reason, by=by, now=now)


def take_along(onto: Person, double: Person, since: datetime) -> None:
    """What a wrongly matched account booked by itself since goes back with it, and no secret address stays behind."""
    online = (Channel.ONLINE,)
    for model, by, made_at in (
        (Booking, Booking.booked_by_id, Booking.requested_at),
        (BookingSeries, BookingSeries.booked_by_id, BookingSeries.made_at),
        (SlotWish, SlotWish.asked_by_id, SlotWish.asked_at),
    ):
        theirs = (by == onto.id, model.channel.in_(online), made_at >= since)
        own = update(model).where(*theirs, model.person_id == onto.id).values(person_id=double.id)
        db.session.execute(own.execution_options(synchronize_session=False))
        done = update(model).where(*theirs).values({by.key: double.id})
        db.session.execute(done.execution_options(synchronize_session=False))
    links = update(CalendarLink).where(CalendarLink.person_id == onto.id, CalendarLink.made_at >= since)
    db.session.execute(links.values(person_id=double.id).execution_options(synchronize_session=False))


after_refusing.append(decline_what_was_asked)
after_undoing.append(take_along)
