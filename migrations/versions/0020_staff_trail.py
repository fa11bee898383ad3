"""The audit trail of what staff change beside bookings, and what was pressed, which groups the changes of one press."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

SQLITE = """
CREATE TRIGGER staff_events_no_update BEFORE UPDATE ON staff_events
BEGIN SELECT RAISE(ABORT, 'staff_events_append_only'); END;

CREATE TRIGGER staff_events_no_delete BEFORE DELETE ON staff_events
BEGIN SELECT RAISE(ABORT, 'staff_events_append_only'); END;
"""

POSTGRESQL = """
CREATE FUNCTION staff_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'staff_events_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'staff_events_append_only';
END $$;

CREATE TRIGGER staff_events_append_only BEFORE UPDATE OR DELETE ON staff_events
FOR EACH ROW EXECUTE FUNCTION staff_events_append_only();

CREATE TRIGGER staff_events_no_truncate BEFORE TRUNCATE ON staff_events
FOR EACH STATEMENT EXECUTE FUNCTION staff_events_append_only();
"""

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "staff_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("area", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("subject_en", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("press", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_staff_events_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_events")),
    )
    op.create_index("ix_staff_events_at", "staff_events", ["at", "id"])
    op.create_index("ix_staff_events_by_at", "staff_events", ["by_id", "at"])
    op.create_index("ix_staff_events_area_at", "staff_events", ["area", "at"])
    op.create_index(op.f("ix_staff_events_press"), "staff_events", ["press"])
    for table in ("booking_events", "activity_events"):
        op.add_column(table, sa.Column("press", sa.String(length=16), nullable=True))
        op.create_index(op.f(f"ix_{table}_press"), table, ["press"])
    op.create_index("ix_activity_events_at", "activity_events", ["at", "id"])
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_activity_events_at", "activity_events")
    for table in ("activity_events", "booking_events"):
        op.drop_index(op.f(f"ix_{table}_press"), table)
        op.drop_column(table, "press")
    op.drop_table("staff_events")  # its triggers go with it; what they call does not
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION staff_events_append_only()")
