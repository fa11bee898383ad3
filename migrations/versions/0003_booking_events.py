"""The audit trail of bookings: one row for each change, which nobody alters or removes."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

SQLITE = """
CREATE TRIGGER booking_events_no_update BEFORE UPDATE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;

CREATE TRIGGER booking_events_no_delete BEFORE DELETE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;
"""

POSTGRESQL = """
CREATE FUNCTION booking_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'booking_events_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'booking_events_append_only';
END $$;

CREATE TRIGGER booking_events_append_only BEFORE UPDATE OR DELETE ON booking_events
FOR EACH ROW EXECUTE FUNCTION booking_events_append_only();

CREATE TRIGGER booking_events_no_truncate BEFORE TRUNCATE ON booking_events
FOR EACH STATEMENT EXECUTE FUNCTION booking_events_append_only();
"""

# What is known of bookings made before there was a trail. Who typed a booking in asked for it. Whether it then waited
# for approval is known where somebody decided, and where it was simply used. Of one that was cancelled before, it is
# not known: such a one is said to have been requested, true either way. Rows get numbers in the order of time.
REBUILD = """
INSERT INTO booking_events (booking_id, at, by_id, what, channel, reason)
SELECT booking_id, at, by_id, what, channel, reason FROM (
  SELECT id AS booking_id, requested_at AS at, booked_by_id AS by_id, channel, '' AS reason, 0 AS step,
    CASE WHEN decided_at IS NULL AND status IN ('confirmed', 'released') THEN 'confirmed' ELSE 'requested' END AS what
  FROM bookings
  UNION ALL
  SELECT id, decided_at, decided_by_id, 'desk', CASE WHEN status = 'declined' THEN decision_reason ELSE '' END, 1,
    CASE WHEN status = 'declined' THEN 'declined' ELSE 'approved' END
  FROM bookings WHERE decided_at IS NOT NULL
  UNION ALL
  SELECT id, cancelled_at, cancelled_by_id, CASE WHEN cancelled_by_id = person_id THEN 'online' END, cancel_reason, 2,
    'cancelled'
  FROM bookings WHERE cancelled_at IS NOT NULL
  UNION ALL
  SELECT id, changed_at, NULL, NULL, '', 2, status FROM bookings WHERE status IN ('expired', 'released')
) AS known
ORDER BY at, booking_id, step
"""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "booking_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            sa.Enum(
                "approved",
                "cancelled",
                "confirmed",
                "declined",
                "expired",
                "released",
                "requested",
                name="booking_change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "desk",
                "online",
                "phone",
                name="booking_event_channel",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_events_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_booking_events_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_events")),
    )
    op.execute(REBUILD)
    op.create_index(op.f("ix_booking_events_booking_id"), "booking_events", ["booking_id"])
    op.create_index("ix_booking_events_at", "booking_events", ["at", "id"])
    op.create_index("ix_booking_events_by_at", "booking_events", ["by_id", "at"])
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("booking_events")  # its triggers go with it; what they call does not
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION booking_events_append_only()")
