"""Requests made before there was a moment for them end in good time too, never at their start.

It is counted from now on, so that nobody's request is over before anybody could hear of it.
"""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from center.kernel import clock
from center.kernel.db import UtcDateTime

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

rooms = sa.table("rooms", sa.column("id", sa.Integer), sa.column("expire_minutes", sa.Integer))
facts = sa.table("centre_facts", sa.column("zone_name", sa.String))
bookings = sa.table(
    "bookings",
    sa.column("id", sa.Integer),
    sa.column("room_id", sa.Integer),
    sa.column("status", sa.String),
    sa.column("starts_at", UtcDateTime()),
    sa.column("expires_at", UtcDateTime()),
)


def upgrade() -> None:
    connection, now = op.get_bind(), clock.now()
    zone = ZoneInfo(connection.scalar(sa.select(facts.c.zone_name)) or "Asia/Shanghai")
    ends = sa.func.coalesce(bookings.c.expires_at, bookings.c.starts_at)
    at_their_start = sa.select(bookings.c.id, bookings.c.starts_at, rooms.c.expire_minutes).where(
        bookings.c.room_id == rooms.c.id,
        bookings.c.status == "requested",
        bookings.c.starts_at > now,
        ends >= bookings.c.starts_at,
    )
    for row in connection.execute(at_their_start.order_by(bookings.c.id)).all():
        moment = _moment(row.starts_at, row.expire_minutes, now=now, zone=zone)
        connection.execute(sa.update(bookings).where(bookings.c.id == row.id).values(expires_at=moment))


def downgrade() -> None:
    """Their moments stay: they are true in the older schema as well."""


def _moment(starts_at: datetime, minutes: int, *, now: datetime, zone: ZoneInfo) -> datetime:
    """As the room says; else noon of the day before; else two hours before; else half of the time that is left."""
    noon = datetime.combine(starts_at.astimezone(zone).date() - timedelta(days=1), time(12), zone)
    moments = [noon, starts_at - timedelta(hours=2)]
    if minutes:
        moments.insert(0, starts_at - timedelta(minutes=minutes))
    return next((each for each in moments if each > now), now + (starts_at - now) / 2)
