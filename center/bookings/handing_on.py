"""What a former lead was to hear and has not heard goes to those who lead the organisation now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from center.bookings import news
from center.bookings.messages import tell_answering
from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep
from center.notices.kinds import say_desk
from center.notices.models import Delivery, DeliveryState, Notice
from center.organisations.queries import leads_now
from center.people.models import Person

SOME = 50
# How notices name what they are about, what the rest of that name is looked for in, and how long a name there is.
NAMED: tuple[tuple[str, Any, Any, int], ...] = (
    ("booking:", Booking, Booking.reference, len("K7QM-2F9D")),
    ("series:", BookingSeries, BookingSeries.reference, len("S-K7QM-2F9D")),
)


def strays(now: datetime) -> Sequence[int]:
    """Some of what waits to be told to somebody who leads no more the organisation that it is about."""
    query = select(Delivery.id).join(Notice).where(Delivery.state == DeliveryState.DUE, _is_stray(now))
    return db.session.scalars(query.order_by(Delivery.due_at, Delivery.id).limit(SOME)).all()


def hand_on(delivery_id: int, now: datetime) -> None:
    """Do not tell it to them; tell it to those who lead now, in the words that there are."""
    with transaction() as session:
        delivery = session.get(Delivery, delivery_id)
        if delivery is not None:
            _hand_on(delivery, now)


def hand_on_all_of(person: Person, *, now: datetime) -> None:
    """The same with all that somebody was to hear, in the transaction that there is."""
    waits = (Notice.person_id == person.id, Delivery.state == DeliveryState.DUE, _is_stray(now))
    for delivery in db.session.scalars(select(Delivery).join(Notice).where(*waits).order_by(Delivery.id)).all():
        _hand_on(delivery, now)


def _hand_on(delivery: Delivery, now: datetime) -> None:
    lock(delivery)
    notice = db.session.scalar(select(Notice).where(Notice.id == delivery.notice_id, _is_stray(now)))
    if notice is None or delivery.state is not DeliveryState.DUE:
        return
    delivery.state, delivery.settled_at = DeliveryState.DROPPED, now
    owned = _owned(notice)
    tell_answering(
        owned,
        news.HANDED_ON,
        key=f"{notice.key}:handed_on",
        facts={"what": notice.subject, "reference": owned.reference, "desk": say_desk},
        path=notice.path,
        about=notice.about,
        until=delivery.drop_at,
        now=now,
    )


def _is_stray(now: datetime) -> ColumnElement[bool]:
    """Whether a notice is about something of an organisation that its reader does not lead."""
    found = []
    for prefix, table, name, length in NAMED:
        led = leads_now(table.organisation_id, Notice.person_id, on=local_date(now))
        rest = func.substr(Notice.about, len(prefix) + 1, length)  # of some dates of a series a colon and more follow
        its = and_(name == rest, table.organisation_id.is_not(None), ~led)
        found.append(and_(Notice.about.startswith(prefix), select(table.id).where(its).correlate(Notice).exists()))
    return and_(Notice.person_id.is_not(None), or_(*found))


def _owned(notice: Notice) -> Any:
    prefix, name, *_dates = notice.about.split(":")
    [(table, column)] = [(table, column) for known, table, column, _length in NAMED if known == f"{prefix}:"]
    return db.session.scalars(select(table).where(column == name)).one()


SWEEPS = (Sweep("what former leads were to hear", strays, hand_on),)
