"""The histories of activities and sign-ups say that a decision was taken back, and where a sign-up stood before one.

Only the histories are rebuilt on SQLite, and get their triggers again.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

ACTIVITY = (
    "cancelled", "created", "edited", "held", "published", "returned", "session_added", "session_cancelled",
    "session_held", "session_moved", "submitted", "withdrawn",
)  # fmt: skip
SIGN_UP = (
    "approved", "cancelled", "confirmed", "declined", "drawn", "edited", "offer_accepted", "offer_expired",
    "offer_turned_down", "offered", "promoted", "queued", "requested", "session_cancelled", "transferred",
)  # fmt: skip
UNDONE = "decision_undone"
STATES = ("cancelled", "confirmed", "declined", "expired", "offered", "requested", "turned_down", "waiting")

KINDS = {"activity_events": ("activity_change", ACTIVITY), "sign_up_events": ("sign_up_change", SIGN_UP)}
REFERS = {
    "activity_events": {
        "activity_id": "activities", "by_id": "people", "session_id": "sessions", "was_room_id": "rooms",
    },
    "sign_up_events": {"by_id": "people", "pool_id": "pools", "sign_up_id": "sign_ups"},
}  # fmt: skip
INDEXES = {
    "activity_events": {
        "ix_activity_events_activity_at": ["activity_id", "at", "id"],
        "ix_activity_events_at": ["at", "id"],
        "ix_activity_events_press": ["press"],
        "ix_activity_events_session_id": ["session_id"],
    },
    "sign_up_events": {
        "ix_sign_up_events_by_at": ["by_id", "at"],
        "ix_sign_up_events_sign_up_id": ["sign_up_id"],
    },
}

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, (_name, kinds) in KINDS.items():
            _rebuild(table, (*kinds, UNDONE), with_was=True)
        return
    for table, (name, kinds) in KINDS.items():
        _allow(table, name, (*kinds, UNDONE))
    op.add_column("sign_up_events", sa.Column("was", _choice(STATES, "sign_up_was"), nullable=True))


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, (_name, kinds) in KINDS.items():
            _rebuild(table, kinds, with_was=False)
        return
    op.drop_column("sign_up_events", "was")
    for table, (name, kinds) in KINDS.items():
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        op.execute(f"DELETE FROM {table} WHERE what = '{UNDONE}'")  # noqa: S608
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")
        _allow(table, name, kinds)


def _allow(table: str, name: str, kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, f"what IN ({listed})")


def _rebuild(table: str, kinds: tuple[str, ...], *, with_was: bool) -> None:
    for index in INDEXES[table]:
        op.drop_index(index, table_name=table)
    op.rename_table(table, f"{table}_old")
    columns = _activity_columns(kinds) if table == "activity_events" else _sign_up_columns(kinds)
    kept = ", ".join(each.name for each in columns)
    if with_was and table == "sign_up_events":
        columns.append(sa.Column("was", _choice(STATES, "sign_up_was"), nullable=True))
    op.create_table(
        table,
        *columns,
        *(
            sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))
            for column, target in REFERS[table].items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.execute(f"INSERT INTO {table} ({kept}) SELECT {kept} FROM {table}_old WHERE what IN ({listed})")  # noqa: S608
    op.drop_table(f"{table}_old")
    for index, indexed in INDEXES[table].items():
        op.create_index(index, table, indexed)
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}\n"
            f"BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END"
        )


def _activity_columns(kinds: tuple[str, ...]) -> list[sa.Column[Any]]:
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", _choice(kinds, "activity_change"), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("was_room_id", sa.Integer(), nullable=True),
        sa.Column("was_starts_at", UtcDateTime(), nullable=True),
        sa.Column("was_ends_at", UtcDateTime(), nullable=True),
        sa.Column("press", sa.String(length=16), nullable=True),
    ]


def _sign_up_columns(kinds: tuple[str, ...]) -> list[sa.Column[Any]]:
    channels = ("desk", "online", "phone", "walk_in")
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("what", _choice(kinds, "sign_up_change"), nullable=False),
        sa.Column("channel", _choice(channels, "sign_up_event_channel"), nullable=True),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
    ]


def _choice(values: tuple[str, ...], name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
