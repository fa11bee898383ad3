"""Forms that made something are known; no two sessions of one activity are at the same time.

Sessions that overlapped before stay as they are, marked `is_doubled`, until somebody moves or cancels one. Nothing is
rebuilt, so that no trigger is lost on SQLite.
"""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

SQLITE = """
CREATE TRIGGER sessions_no_overlap_insert BEFORE INSERT ON sessions
WHEN NEW.state <> 'cancelled' AND NOT NEW.is_doubled AND EXISTS (
  SELECT 1 FROM sessions WHERE activity_id = NEW.activity_id AND state <> 'cancelled' AND NOT is_doubled
  AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'sessions_no_overlap'); END;

CREATE TRIGGER sessions_no_overlap_update
BEFORE UPDATE OF activity_id, state, is_doubled, starts_at, ends_at ON sessions
WHEN NEW.state <> 'cancelled' AND NOT NEW.is_doubled AND EXISTS (
  SELECT 1 FROM sessions WHERE activity_id = NEW.activity_id AND id <> OLD.id AND state <> 'cancelled'
  AND NOT is_doubled AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'sessions_no_overlap'); END;
"""

POSTGRESQL = """
ALTER TABLE sessions ADD CONSTRAINT sessions_no_overlap EXCLUDE USING gist (
  int4range(activity_id, activity_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (state <> 'cancelled' AND NOT is_doubled);
"""

DOUBLED = """
UPDATE sessions SET is_doubled = {true} WHERE state <> 'cancelled' AND EXISTS (
  SELECT 1 FROM sessions AS other WHERE other.activity_id = sessions.activity_id AND other.id < sessions.id
  AND other.state <> 'cancelled' AND other.starts_at < sessions.ends_at AND other.ends_at > sessions.starts_at
)
"""

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sent_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("leads_to", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_forms")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_sent_forms_fingerprint")),
    )
    op.create_index(op.f("ix_sent_forms_sent_at"), "sent_forms", ["sent_at"])
    op.add_column("sessions", sa.Column("is_doubled", sa.Boolean(), server_default=sa.false(), nullable=False))
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(DOUBLED.format(true="true" if is_postgresql else "1"))
    for statement in re.split(r"\n\n(?=CREATE|ALTER)", (POSTGRESQL if is_postgresql else SQLITE).strip()):
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE sessions DROP CONSTRAINT sessions_no_overlap")
    else:
        for name in ("insert", "update"):
            op.execute(f"DROP TRIGGER sessions_no_overlap_{name}")
    op.drop_column("sessions", "is_doubled")
    op.drop_index(op.f("ix_sent_forms_sent_at"), table_name="sent_forms")
    op.drop_table("sent_forms")
