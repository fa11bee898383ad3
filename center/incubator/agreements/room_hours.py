"""How many hours organisations used rooms in a month: their bookings, and the sessions of their activities.

The rule book of bookings asks here what is agreed with them; what waits for a decision counts there as well.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from center.activities.models import NOT_CANCELLED, Activity, Session
from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.facts import MonthHours
from center.bookings.rulebook.room_hours import add_source, month_of
from center.bookings.states import is_live_at
from center.incubator.agreements.rules import IN_THE_HOUSE
from center.incubator.models.agreements import Agreement
from center.incubator.models.house_rules import OverHours
from center.incubator.models.incubations import Incubation
from center.incubator.stages.house_rules import house_rules
from center.kernel.db import db
from center.kernel.i18n import centre_zone

MINUTE = 60
MONTH = relativedelta(months=1)


def minutes_used(organisation_ids: Collection[int], month: date) -> dict[int, int]:
    """The minutes of the month in which the day lies, by organisation, what is booked ahead in it included."""
    first = month.replace(day=1)
    found = _used(organisation_ids, first, first, waiting_at=None)
    return {organisation_id: minutes for (organisation_id, _month), minutes in found.items()}


def agreed(
    organisation_ids: Collection[int], months: Collection[date], now: datetime
) -> Mapping[tuple[int, date], MonthHours]:
    """What is agreed with organisations for months, and how much of it is used or asked for."""
    first, last = min(months), max(months)
    query = (
        select(Incubation.organisation_id, Agreement.starts_on, Agreement.ends_on, Agreement.room_hours)
        .join(Agreement.incubation)
        .where(Incubation.organisation_id.in_(sorted(organisation_ids)), Incubation.stage.in_(IN_THE_HOUSE))
        .where(Agreement.ends_on >= first, Agreement.starts_on < last + MONTH)
    )
    hours: dict[tuple[int, date], int] = {}
    for organisation_id, starts_on, ends_on, room_hours in db.session.execute(query):
        for month in months:  # where two terms meet in a month, the longer hours count
            if ends_on >= month and starts_on < month + MONTH:
                hours[organisation_id, month] = max(room_hours, hours.get((organisation_id, month), 0))
    if not hours:
        return {}
    used = _used({organisation_id for organisation_id, _month in hours}, first, last, waiting_at=now)
    asks = house_rules().over_hours is OverHours.ASKS
    return {key: MonthHours(allowed=n * MINUTE, used=used.get(key, 0), asks=asks) for key, n in hours.items()}


def _used(
    organisation_ids: Collection[int], first: date, last: date, *, waiting_at: datetime | None
) -> dict[tuple[int, date], int]:
    """The minutes by organisation and month, with what waits for a decision at a moment where that is asked."""
    zone, ids = centre_zone(), sorted(organisation_ids)
    since, until = datetime.combine(first, time(), zone), datetime.combine(last + MONTH, time(), zone)
    booked = select(Booking.organisation_id, Booking.starts_at, Booking.ends_at).where(
        Booking.organisation_id.in_(ids),
        is_live_at(waiting_at) if waiting_at else Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at >= since,
        Booking.starts_at < until,
    )
    held = (
        select(Activity.organisation_id, Session.starts_at, Session.ends_at)
        .join(Session.activity)
        .where(
            Activity.organisation_id.in_(ids),
            Session.state.in_(NOT_CANCELLED),
            Session.room_id.is_not(None),
            Session.starts_at >= since,
            Session.starts_at < until,
        )
    )
    used: dict[tuple[int, date], int] = defaultdict(int)
    for query in (booked, held):
        for organisation_id, starts_at, ends_at in db.session.execute(query):
            assert organisation_id is not None
            used[organisation_id, month_of(starts_at)] += int((ends_at - starts_at).total_seconds()) // MINUTE
    return used


add_source(agreed)
