"""Bookings in depth: what a booking wants of its room, when it was claimed, and more kinds of change in its history.

Only the history is rebuilt on SQLite, and gets its triggers again.
"""

import re
from typing import Any

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

BEFORE = ("approved", "cancelled", "confirmed", "declined", "expired", "released", "requested")
AFTER = (
    *BEFORE, "change_asked", "check_in_undone", "checked_in", "edited", "kept", "moved", "no_show", "overridden",
)  # fmt: skip

SQLITE = """
CREATE TRIGGER booking_events_no_update BEFORE UPDATE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;

CREATE TRIGGER booking_events_no_delete BEFORE DELETE ON booking_events
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;
"""

COPY = """
INSERT INTO booking_events (id, booking_id, at, by_id, what, channel, reason)
SELECT id, booking_id, at, by_id, what, channel, reason FROM booking_events_old WHERE what IN :kinds
"""

INDEXES = {
    "ix_booking_events_booking_id": ["booking_id"],
    "ix_booking_events_at": ["at", "id"],
    "ix_booking_events_by_at": ["by_id", "at"],
}

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _bookings():
        op.add_column("bookings", column)
    for column in _rooms():
        op.add_column("rooms", column)
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_history(AFTER, with_places=True)
        return
    _allow_changes(AFTER)
    for column in _events():
        op.add_column("booking_events", column)
    op.create_foreign_key("fk_booking_events_was_room_id", "booking_events", "rooms", ["was_room_id"], ["id"])


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild_history(BEFORE, with_places=False)
    else:
        op.execute("ALTER TABLE booking_events DISABLE TRIGGER booking_events_append_only")
        op.execute(_with_kinds("DELETE FROM booking_events WHERE what NOT IN :kinds", BEFORE))
        op.execute("ALTER TABLE booking_events ENABLE TRIGGER booking_events_append_only")
        _allow_changes(BEFORE)
        for column in _events():
            op.drop_column("booking_events", column.name)
    for column in _rooms():
        op.drop_column("rooms", column.name)
    for column in _bookings():
        op.drop_column("bookings", column.name)


def _allow_changes(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_booking_events_booking_change"), "booking_events", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_booking_events_booking_change"), "booking_events", f"what IN ({listed})")


def _rebuild_history(kinds: tuple[str, ...], *, with_places: bool) -> None:
    for index in INDEXES:
        op.drop_index(index, table_name="booking_events")
    op.rename_table("booking_events", "booking_events_old")
    places = list(_events()) if with_places else []
    keys = [sa.ForeignKeyConstraint(["was_room_id"], ["rooms.id"], name=op.f("fk_booking_events_was_room_id"))]
    op.create_table(
        "booking_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", _choice(kinds, "booking_change"), nullable=False),
        sa.Column("channel", _choice(("desk", "online", "phone"), "booking_event_channel"), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        *places,
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_booking_events_booking_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_booking_events_by_id")),
        *(keys if with_places else []),
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


def _bookings() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("set_up", sa.String(length=300), nullable=False, server_default=""),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("change_wanted", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("change_wanted_at", UtcDateTime(), nullable=True),
        sa.Column("checked_in_at", UtcDateTime(), nullable=True),
    )


def _rooms() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("expire_minutes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("release_minutes", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("set_up_minutes", sa.Integer(), nullable=False, server_default="0"),
    )


def _events() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("was_room_id", sa.Integer(), nullable=True),
        sa.Column("was_starts_at", UtcDateTime(), nullable=True),
        sa.Column("was_ends_at", UtcDateTime(), nullable=True),
    )
