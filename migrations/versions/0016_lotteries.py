"""Lotteries with their seed and every lot, what was changed of rosters, and rosters that nobody is wanted on any more.

What was drawn and what was changed stays as it was written: the database refuses anything else.
"""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

SQLITE = """
CREATE TRIGGER draws_no_update
BEFORE UPDATE OF id, roster_id, seed, drawn_at, by_id, entries, places, others_wait ON draws
WHEN OLD.drawn_at IS NOT NULL OR NEW.seed <> OLD.seed OR NEW.roster_id <> OLD.roster_id
BEGIN SELECT RAISE(ABORT, 'draws_once'); END;

CREATE TRIGGER draws_no_delete BEFORE DELETE ON draws
BEGIN SELECT RAISE(ABORT, 'draws_once'); END;

CREATE TRIGGER draw_pools_no_update BEFORE UPDATE ON draw_pools
BEGIN SELECT RAISE(ABORT, 'draw_pools_append_only'); END;

CREATE TRIGGER draw_pools_no_delete BEFORE DELETE ON draw_pools
BEGIN SELECT RAISE(ABORT, 'draw_pools_append_only'); END;

CREATE TRIGGER lots_no_update BEFORE UPDATE ON lots
BEGIN SELECT RAISE(ABORT, 'lots_append_only'); END;

CREATE TRIGGER lots_no_delete BEFORE DELETE ON lots
BEGIN SELECT RAISE(ABORT, 'lots_append_only'); END;

CREATE TRIGGER roster_events_no_update BEFORE UPDATE ON roster_events
BEGIN SELECT RAISE(ABORT, 'roster_events_append_only'); END;

CREATE TRIGGER roster_events_no_delete BEFORE DELETE ON roster_events
BEGIN SELECT RAISE(ABORT, 'roster_events_append_only'); END;
"""

POSTGRESQL = """
CREATE FUNCTION draws_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.drawn_at IS NULL AND NEW.seed = OLD.seed AND NEW.roster_id = OLD.roster_id THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'draws_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'draws_once';
END $$;

CREATE TRIGGER draws_once
BEFORE UPDATE OF id, roster_id, seed, drawn_at, by_id, entries, places, others_wait OR DELETE ON draws
FOR EACH ROW EXECUTE FUNCTION draws_once();

CREATE TRIGGER draws_no_truncate BEFORE TRUNCATE ON draws
FOR EACH STATEMENT EXECUTE FUNCTION draws_once();

CREATE FUNCTION draws_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%_append_only', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

CREATE TRIGGER draw_pools_append_only BEFORE UPDATE OR DELETE ON draw_pools
FOR EACH ROW EXECUTE FUNCTION draws_append_only();

CREATE TRIGGER draw_pools_no_truncate BEFORE TRUNCATE ON draw_pools
FOR EACH STATEMENT EXECUTE FUNCTION draws_append_only();

CREATE TRIGGER lots_append_only BEFORE UPDATE OR DELETE ON lots
FOR EACH ROW EXECUTE FUNCTION draws_append_only();

CREATE TRIGGER lots_no_truncate BEFORE TRUNCATE ON lots
FOR EACH STATEMENT EXECUTE FUNCTION draws_append_only();

CREATE TRIGGER roster_events_append_only BEFORE UPDATE OR DELETE ON roster_events
FOR EACH ROW EXECUTE FUNCTION draws_append_only();

CREATE TRIGGER roster_events_no_truncate BEFORE TRUNCATE ON roster_events
FOR EACH STATEMENT EXECUTE FUNCTION draws_append_only();
"""
CHANGES = ("capacity_changed", "drawn", "edited", "pool_added", "removed", "wanted_again")

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rosters", sa.Column("removed_at", UtcDateTime(), nullable=True))
    op.create_table(
        "draws",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("drawn_at", UtcDateTime(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("entries", sa.Integer(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("others_wait", sa.Boolean(), nullable=False),
        sa.Column("told_to", sa.Integer(), nullable=False),
        sa.CheckConstraint("(drawn_at IS NULL) = (entries IS NULL)", name=op.f("ck_draws_entries")),
        sa.CheckConstraint("(drawn_at IS NULL) = (places IS NULL)", name=op.f("ck_draws_places")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_draws_by_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_draws_roster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draws")),
        sa.UniqueConstraint("roster_id", name=op.f("uq_draws_roster_id")),
    )
    op.create_table(
        "draw_pools",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("is_beside", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_draw_pools_draw_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_draw_pools_pool_id")),
        sa.PrimaryKeyConstraint("draw_id", "pool_id", name=op.f("pk_draw_pools")),
    )
    op.create_table(
        "lots",
        sa.Column("draw_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=12), nullable=False),
        sa.Column("fits", sa.String(length=200), nullable=False),
        sa.Column("wants_companion", sa.Boolean(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["draw_id"], ["draws.id"], name=op.f("fk_lots_draw_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_lots_pool_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_lots_sign_up_id")),
        sa.PrimaryKeyConstraint("draw_id", "rank", name=op.f("pk_lots")),
        sa.UniqueConstraint("sign_up_id", name=op.f("uq_lots_sign_up_id")),
    )
    op.create_table(
        "roster_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            sa.Enum(*CHANGES, name="roster_change", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("details", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_roster_events_by_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_roster_events_roster_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_events")),
    )
    op.create_index("ix_roster_events_roster_at", "roster_events", ["roster_id", "at", "id"])
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    for table in ("roster_events", "lots", "draw_pools", "draws"):
        op.drop_table(table)
    op.drop_column("rosters", "removed_at")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION draws_once()")
        op.execute("DROP FUNCTION draws_append_only()")
