"""Times of a session's day, as the centre's clock says them."""

from datetime import datetime, time

from center.activities.models import Session
from center.kernel.i18n import centre_zone, local_date


def clock_of(moment: datetime | None) -> time | None:
    """What the clock on the wall said then, to the minute."""
    return moment.astimezone(centre_zone()).time().replace(second=0, microsecond=0) if moment else None


def moment_of(session: Session, typed: time | None, *, known: datetime | None = None) -> datetime | None:
    """A time of the session's day; what is known to the second stays so where the minute is the same."""
    if typed is None or clock_of(known) == typed:
        return known if typed else None
    return datetime.combine(local_date(session.starts_at), typed, tzinfo=centre_zone())
