"""One more kind of change in the history of bookings: whoever decided took it back at once.

Only the history is rebuilt on SQLite, and gets its triggers again.
"""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

BEFORE = (
    "approved", "cancelled", "change_asked", "check_in_undone", "checked_in", "confirmed", "declined", "edited",
    "expired", "kept", "moved", "no_show", "overridden", "released", "requested",
)  # fmt: skip
AFTER = (*BEFORE, "decision_undone")

SQLITE = """
CREATE TRIGGER booking_events_no_update BEFORE UPDATE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;

CREATE TRIGGER booking_events_no_delete BEFORE DELETE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;
"""

COLUMNS = "id, booking_id, at, by_id, what, channel, reason, was_room_id, was_starts_at, was_ends_at, press"
COPY = f"""
INSERT INTO booking_events ({COLUMNS}) SELECT {COLUMNS} FROM booking_events_old WHERE what IN :kinds
"""  # noqa: S608

INDEXES = {
    "ix_booking_events_booking_id": ["booking_id"],
    "ix_booking_events_at": ["at", "id"],
    "ix_booking_events_by_at": ["by_id", "at"],
    "ix_booking_events_press": ["press"],
}

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_history(AFTER)
    else:
        _allow_changes(AFTER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_history(BEFORE)
        return
    op.execute("ALTER TABLE booking_events DISABLE TRIGGER booking_events_append_only")
    op.execute(_with_kinds("DELETE FROM booking_events WHERE what NOT IN :kinds", BEFORE))
    op.execute("ALTER TABLE booking_events ENABLE TRIGGER booking_events_append_only")
    _allow_changes(BEFORE)


def _allow_changes(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_booking_events_booking_change"), "booking_events", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_booking_events_booking_change"), "booking_events", f"what IN ({listed})")


def _rebuild_history(kinds: tuple[str, ...]) -> None:
    for index in INDEXES:
        op.drop_index(index, table_name="booking_events")
    op.rename_table("booking_events", "booking_events_old")
    op.create_table(
        "booking_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", _choice(kinds, "booking_change"), nullable=False),
        sa.Column("channel", _choice(("desk", "online", "phone"), "booking_event_channel"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("was_room_id", sa.Integer(), nullable=True),
        sa.Column("was_starts_at", UtcDateTime(), nullable=True),
        sa.Column("was_ends_at", UtcDateTime(), nullable=True),
        sa.Column("press", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_events_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_booking_events_by_id")),
        sa.ForeignKeyConstraint(["was_room_id"], ["rooms.id"], name=op.f("fk_booking_events_was_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_events")),
    )
    op.execute(_with_kinds(COPY, kinds))
    op.drop_table("booking_events_old")
    for index, columns in INDEXES.items():
        op.create_index(index, "booking_events", columns)
    for statement in re.split(r"\n\n(?=CREATE)", SQLITE.strip()):
        op.execute(statement)


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _with_kinds(statement: str, kinds: tuple[str, ...]) -> sa.TextClause:
    return sa.text(statement).bindparams(sa.bindparam("kinds", kinds, expanding=True))
