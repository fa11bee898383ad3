"""Whoever was leaving already when last days came in has one, too: the end of the day by which it hands over."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0037_last_days"
down_revision = "0036_service_registers"
branch_labels = None
depends_on = None

ORGANISATIONS = sa.table("organisations", sa.column("id", sa.Integer()), sa.column("uses_until", UtcDateTime()))
INCUBATIONS = sa.table(
    "incubations",
    sa.column("organisation_id", sa.Integer()),
    sa.column("stage", sa.String()),
    sa.column("due_on", sa.Date()),
)


def upgrade() -> None:
    bind = op.get_bind()
    zone = ZoneInfo(bind.scalar(sa.text("SELECT zone_name FROM centre_facts WHERE id = 1")) or "Asia/Shanghai")
    leaving = (
        sa.select(ORGANISATIONS.c.id, INCUBATIONS.c.due_on)
        .join(INCUBATIONS, INCUBATIONS.c.organisation_id == ORGANISATIONS.c.id)
        .where(INCUBATIONS.c.stage == "withdrawing", INCUBATIONS.c.due_on.is_not(None))
        .where(ORGANISATIONS.c.uses_until.is_(None))
    )
    for organisation_id, due_on in bind.execute(leaving).all():
        until = {"uses_until": _end_of(due_on, zone)}
        bind.execute(sa.update(ORGANISATIONS).where(ORGANISATIONS.c.id == organisation_id).values(until))


def downgrade() -> None:
    """What organisations may use was a column before, and stays in it."""


def _end_of(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), zone)
