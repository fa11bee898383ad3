"""Bookings of accounts that the desk has not confirmed, refuses, or matched with the wrong person."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import joinedload

from center.bookings import actions, messages
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, CalendarLink, Channel
from center.bookings.models.series import BookingSeries
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.series import news as series_news
from center.bookings.waiting import wishes
from center.kernel.db import change_rows, db
from center.kernel.i18n import format_span
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.site import path_to
from center.notices.strangers import give_notices
from center.people.actions import after_refusing
from center.people.matching import ByHand, Undoing, after_undoing, left_by_hand
from center.people.models import Account, AccountMatch, Person

CHANGED = {
    BookingChange.CANCELLED: _l("Cancelled a booking"),
    BookingChange.CONFIRMED: _l("Booked for an organisation, or took an offered time"),
    BookingChange.MOVED: _l("Moved a booking"),
    BookingChange.REQUESTED: _l("Booked for an organisation, or took an offered time"),
}
ENDED = (WishState.DECLINED, WishState.WITHDRAWN)


def decline_what_was_asked(account: Account, by: Person, now: datetime) -> None:
    """The desk does not know who this is: what they asked for is free again, and they wait for nothing."""
    waits = SlotWish.state.in_(wishes.LIVE)
    for wish in db.session.scalars(select(SlotWish).where(SlotWish.person_id == account.person_id, waits)).all():
        wishes.give_up(wish, now=now)
    asked = Booking.status == BookingStatus.REQUESTED
    query = select(Booking).where(Booking.person_id == account.person_id, asked, Booking.ends_at > now)
    for booking in db.session.scalars(query.order_by(Booking.id)).all():
        if booking.state_at(now) is BookingStatus.REQUESTED:
            actions.decline(booking, reason=account.disabled_reason, by=by, now=now)


def bring_back(undoing: Undoing) -> None:
    """What a wrongly matched account booked by itself since goes back with it, and no secret address stays behind."""
    onto, double, since = undoing.onto, undoing.double, undoing.since
    about: list[str] = []
    kinds: tuple[Any, ...] = (
        (Booking, Booking.booked_by_id, Booking.requested_at, messages.about),
        (BookingSeries, BookingSeries.booked_by_id, BookingSeries.made_at, series_news.about),
        (SlotWish, SlotWish.asked_by_id, SlotWish.asked_at, messages.about_wish),
    )
    for model, by, made_at, named in kinds:
        theirs = (by == onto.id, model.channel == Channel.ONLINE, made_at >= since)
        for each in db.session.scalars(select(model).where(*theirs).order_by(model.id)).all():
            if model is Booking and _was_waited_for(each, since):
                continue
            setattr(each, by.key, double.id)
            if each.person_id == onto.id:
                each.person_id = double.id
                about.append(named(each))
    cancelled = update(Booking).where(Booking.cancelled_by_id == onto.id, Booking.cancelled_at >= since)
    change_rows(cancelled.values(cancelled_by_id=double.id))
    links = update(CalendarLink).where(CalendarLink.person_id == onto.id, CalendarLink.made_at >= since)
    change_rows(links.values(person_id=double.id))
    db.session.flush()
    give_notices(undoing, about)


def changed_through_it(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """What the account did to bookings that are not its own: their time may be somebody else's by now."""
    of = BookingEvent
    query = (
        select(of)
        .join(of.booking)
        .where(of.by_id == made.person_id, of.channel == Channel.ONLINE, of.at.between(made.matched_at, until))
        .where(~_is_its_own(made))
        .options(joinedload(of.booking).joinedload(Booking.room))
    )
    return [
        ByHand(
            each.at,
            str(CHANGED.get(each.what, _("Changed a booking"))),
            f"{each.booking.room.full_name} · {format_span(each.booking.starts_at, each.booking.ends_at)}",
            path_to("bookings.show", reference=each.booking.reference),
        )
        for each in db.session.scalars(query.order_by(of.at, of.id)).all()
    ]


def gave_up_waiting(made: AccountMatch, until: datetime) -> Sequence[ByHand]:
    """What the person waited for before, and the account gave up: others stand in line by now."""
    query = select(SlotWish).where(
        SlotWish.person_id == made.person_id,
        SlotWish.asked_at < made.matched_at,
        SlotWish.state.in_(ENDED),
        SlotWish.ended_at.between(made.matched_at, until),
    )
    return [
        ByHand(
            each.ended_at or each.asked_at,
            _("Gave up waiting for a time, or declined it"),
            f"{each.room.full_name} · {format_span(each.starts_at, each.ends_at)}",
            path_to("bookings.wish", wish_id=each.id),
        )
        for each in db.session.scalars(query.order_by(SlotWish.id)).all()
    ]


def _is_its_own(made: AccountMatch) -> Any:
    """Of a booking in a query: whether the account made it for itself, so that it goes back with it."""
    waited_for = select(SlotWish.booking_id).where(
        SlotWish.asked_at < made.matched_at, SlotWish.booking_id.is_not(None)
    )
    return and_(
        Booking.requested_at >= made.matched_at,
        Booking.channel == Channel.ONLINE,
        or_(Booking.booked_by_id == made.person_id, Booking.booked_by_id == made.double_id),
        Booking.organisation_id.is_(None),
        Booking.id.not_in(waited_for),
    )


def _was_waited_for(booking: Booking, since: datetime) -> bool:
    """Whether it came of something the person themselves waited for before."""
    query = select(SlotWish.id).where(SlotWish.booking_id == booking.id, SlotWish.asked_at < since)
    return db.session.scalar(query) is not None


after_refusing.append(decline_what_was_asked)
after_undoing.append(bring_back)
left_by_hand.extend((changed_through_it, gave_up_waiting))
