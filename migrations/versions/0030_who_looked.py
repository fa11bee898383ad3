"""Who looked at what is sensitive, and what happened at the site's doors."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

KINDS = (
    "care",
    "child",
    "door",
    "export",
    "person",
    "phone",
    "roll",
    "code_failed",
    "denied",
    "signed_in",
    "signed_out",
    "sign_in_failed",
)

SQLITE = """
CREATE TRIGGER access_events_no_update BEFORE UPDATE ON access_events
BEGIN SELECT RAISE(ABORT, 'access_events_append_only'); END;

CREATE TRIGGER access_events_no_delete BEFORE DELETE ON access_events
WHEN NOT EXISTS (SELECT 1 FROM access_events WHERE at >= datetime(OLD.at, '+183 days'))
BEGIN SELECT RAISE(ABORT, 'access_events_append_only'); END;
"""

POSTGRESQL = """
CREATE FUNCTION access_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM access_events WHERE at >= OLD.at + INTERVAL '183 days') THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'access_events_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'access_events_append_only';
END $$;

CREATE TRIGGER access_events_append_only BEFORE UPDATE OR DELETE ON access_events
FOR EACH ROW EXECUTE FUNCTION access_events_append_only();

CREATE TRIGGER access_events_no_truncate BEFORE TRUNCATE ON access_events
FOR EACH STATEMENT EXECUTE FUNCTION access_events_append_only();
"""

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "access_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.String(length=60), nullable=False),
        sa.Column("object_id", sa.String(length=80), nullable=False),
        sa.Column("address", sa.String(length=16), nullable=False),
        sa.Column("press", sa.String(length=16), nullable=False),
        sa.CheckConstraint(f"kind IN {KINDS}", name=op.f("ck_access_events_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_events")),
    )
    op.create_index("ix_access_events_at", "access_events", ["at", "id"])
    op.create_index("ix_access_events_by_at", "access_events", ["by_id", "at"])
    op.create_index("ix_access_events_person_at", "access_events", ["person_id", "at"])
    op.create_index(op.f("ix_access_events_press"), "access_events", ["press"])
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("access_events")  # its triggers go with it; what they call does not
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION access_events_append_only()")
