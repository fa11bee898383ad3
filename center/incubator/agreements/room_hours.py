"""How many hours organisations used rooms in a month: their bookings, and the sessions of their activities."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time

from dateutil.relativedelta import relativedelta
from sqlalchemy import select

from center.activities.models import NOT_CANCELLED, Activity, Session
from center.bookings.models import Booking, BookingStatus
from center.kernel.db import db
from center.kernel.i18n import centre_zone

MINUTE = 60


def minutes_used(organisation_ids: Collection[int], month: date) -> dict[int, int]:
    """The minutes of the month in which the day lies, by organisation, what is booked ahead in it included."""
    zone = centre_zone()
    first = month.replace(day=1)
    since = datetime.combine(first, time(), zone)
    until = datetime.combine(first + relativedelta(months=1), time(), zone)
    ids = sorted(organisation_ids)
    booked = select(Booking.organisation_id, Booking.starts_at, Booking.ends_at).where(
        Booking.organisation_id.in_(ids),
        Booking.status == BookingStatus.CONFIRMED,
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
    used: dict[int, int] = defaultdict(int)
    for query in (booked, held):
        for organisation_id, starts_at, ends_at in db.session.execute(query):
            assert organisation_id is not None
            used[organisation_id] += int((ends_at - starts_at).total_seconds()) // MINUTE
    return used
