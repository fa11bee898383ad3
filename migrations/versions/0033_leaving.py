"""Whoever leaves uses no room after a moment: the database refuses bookings, sessions and activities that end later.

It asks nothing of a booking or a session that only ends, and nothing of a draft without dates.
"""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0033_leaving"
down_revision = "0032_loan_undoings"
branch_labels = None
depends_on = None

LATE = "EXISTS (SELECT 1 FROM organisations o WHERE o.id = NEW.organisation_id AND o.uses_until < NEW.ends_at)"
OF_ACTIVITY = (
    "EXISTS (SELECT 1 FROM activities a JOIN organisations o ON o.id = a.organisation_id"
    " WHERE a.id = NEW.activity_id AND o.uses_until < NEW.ends_at)"
)
AHEAD = (
    "EXISTS (SELECT 1 FROM sessions s JOIN organisations o ON o.id = NEW.organisation_id"
    " WHERE s.activity_id = NEW.id AND s.state = 'scheduled' AND o.uses_until < s.ends_at)"
)
BOOKED = f"NEW.status IN ('confirmed', 'requested') AND {LATE}"
HELD = f"NEW.state = 'scheduled' AND {OF_ACTIVITY}"
GUARDS = (
    ("bookings", "INSERT", "bookings_leaving_new", BOOKED),
    ("bookings", "UPDATE OF organisation_id, ends_at, status", "bookings_leaving_moved", BOOKED),
    ("sessions", "INSERT", "sessions_leaving_new", HELD),
    ("sessions", "UPDATE OF activity_id, ends_at, state", "sessions_leaving_moved", HELD),
    ("activities", "UPDATE OF organisation_id", "activities_leaving_handed", AHEAD),
)
FUNCTION = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {when} THEN
    PERFORM attendance_refuses('organisation_leaves');
  END IF;
  RETURN NEW;
END $$
"""
TRIGGER = "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
SQLITE = """
CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when}
BEGIN SELECT RAISE(ABORT, 'organisation_leaves'); END
"""


def upgrade() -> None:
    op.add_column("organisations", sa.Column("uses_until", UtcDateTime(), nullable=True))
    _fill_in()
    for table, event, name, when in GUARDS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(SQLITE.format(name=name, event=event, table=table, when=when))
        else:
            op.execute(FUNCTION.format(name=name, when=when))
            op.execute(TRIGGER.format(name=name, event=event, table=table))


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table, _event, name, _when in GUARDS:
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {table}"))
        if not is_sqlite:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("organisations", "uses_until")


def _fill_in() -> None:
    """Whoever has left by a decision uses rooms until that; whoever leaves, as long as what is there may stay."""
    op.execute(
        "UPDATE organisations SET uses_until = (SELECT max(d.at) FROM incubation_decisions d"
        " JOIN incubations i ON i.id = d.incubation_id"
        " WHERE i.organisation_id = organisations.id AND i.stage = 'withdrawn' AND d.to_stage = 'withdrawn')"
        " WHERE NOT EXISTS (SELECT 1 FROM incubations i WHERE i.organisation_id = organisations.id"
        " AND i.stage <> 'withdrawn')"
    )
