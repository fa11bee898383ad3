"""Who had a place when, and the first date from which a roster's times are counted.

What was held stays held: the database lets an end be written to a place once, and nothing be taken away.
"""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

SQLITE = """
CREATE TRIGGER places_held_no_update BEFORE UPDATE ON places_held
WHEN OLD.until_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.sign_up_id <> OLD.sign_up_id OR NEW.from_at <> OLD.from_at
BEGIN SELECT RAISE(ABORT, 'places_held_once'); END;

CREATE TRIGGER places_held_no_delete BEFORE DELETE ON places_held
BEGIN SELECT RAISE(ABORT, 'places_held_once'); END;
"""

POSTGRESQL = """
CREATE FUNCTION places_held_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until_at IS NULL AND NEW.id = OLD.id AND NEW.sign_up_id = OLD.sign_up_id
     AND NEW.from_at = OLD.from_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'places_held_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'places_held_once';
END $$;

CREATE TRIGGER places_held_append_only BEFORE UPDATE OR DELETE ON places_held
FOR EACH ROW EXECUTE FUNCTION places_held_once();

CREATE TRIGGER places_held_no_truncate BEFORE TRUNCATE ON places_held
FOR EACH STATEMENT EXECUTE FUNCTION places_held_once();
"""

# From the history of each sign-up: since when it had a place, and when it lost it.
WHO_HELD = """
INSERT INTO places_held (sign_up_id, from_at, until_at)
SELECT s.id, coalesce(got.at, s.made_at), CASE
    WHEN s.state = 'confirmed' THEN NULL
    ELSE coalesce((
      SELECT max(e.at) FROM sign_up_events e WHERE e.sign_up_id = s.id AND e.at >= got.at
        AND e.what IN ('cancelled', 'queued', 'session_cancelled', 'transferred')
    ), got.at) END
FROM sign_ups s LEFT JOIN (
  SELECT sign_up_id, min(at) AS at FROM sign_up_events
  WHERE what IN ('approved', 'confirmed', 'drawn', 'offer_accepted', 'promoted')
    OR (what = 'transferred' AND pool_id IS NOT NULL)
  GROUP BY sign_up_id
) AS got ON got.sign_up_id = s.id
WHERE s.state = 'confirmed' OR got.at IS NOT NULL
"""

FIRST_DATES = """
UPDATE rosters SET first_at = (
  SELECT min(e.starts_at) FROM sessions e WHERE e.activity_id = rosters.activity_id AND e.cancelled_at IS NULL
    AND (rosters.session_id IS NULL OR rosters.session_id = e.id)
)
"""

MOVES = """
UPDATE sessions SET moved_at = (
  SELECT max(e.at) FROM activity_events e WHERE e.session_id = sessions.id AND e.what = 'session_moved'
) WHERE was_starts_at IS NOT NULL
"""

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rosters", sa.Column("first_at", UtcDateTime(), nullable=True))
    op.add_column("sessions", sa.Column("moved_at", UtcDateTime(), nullable=True))
    op.create_table(
        "places_held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("from_at", UtcDateTime(), nullable=False),
        sa.Column("until_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("until_at IS NULL OR until_at >= from_at", name=op.f("ck_places_held_until")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_places_held_sign_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places_held")),
    )
    op.create_index("ix_places_held_sign_up", "places_held", ["sign_up_id", "from_at"])
    still = {"sqlite_where": sa.text("until_at IS NULL"), "postgresql_where": sa.text("until_at IS NULL")}
    op.create_index("uq_places_held_now", "places_held", ["sign_up_id"], unique=True, **still)
    for statement in (WHO_HELD, FIRST_DATES, MOVES):
        op.execute(statement)
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("places_held")
    op.drop_column("sessions", "moved_at")
    op.drop_column("rosters", "first_at")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION places_held_once()")
