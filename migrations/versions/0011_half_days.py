"""For which part of a whole day a child comes; and who on duty knows of a school that ends otherwise today."""

import re
from importlib import import_module

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0011_half_days"
down_revision = "0010_barred_rights"
branch_labels = None
depends_on = None

STAYS = "'afternoon', 'afternoon_lunch', 'morning', 'morning_lunch', 'whole', 'whole_no_lunch'"
TABLES = {"ways_home": "NOT NULL DEFAULT 'whole'", "plan_changes": ""}


def upgrade() -> None:
    for table, more in TABLES.items():
        held = f"CONSTRAINT ck_{table}_stay CHECK (stay IN ({STAYS}))"
        op.execute(f"ALTER TABLE {table} ADD COLUMN stay VARCHAR(32) {more} {held}")
    _guard_changes(with_stay=True)
    op.create_table(
        "school_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("finishes", sa.Time(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", UtcDateTime(), nullable=True),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(acknowledged_at IS NULL) = (acknowledged_by_id IS NULL)", name=op.f("ck_school_changes_acknowledged")
        ),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["people.id"], name=op.f("fk_school_changes_acknowledged_by_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_school_changes_by_id")),
        sa.ForeignKeyConstraint(["day_id"], ["term_days.id"], name=op.f("fk_school_changes_day_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_changes_school_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_school_changes")),
    )
    op.create_index("ix_school_changes_day", "school_changes", ["day_id", "id"])


def downgrade() -> None:
    op.drop_table("school_changes")
    _guard_changes(with_stay=False)
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} DROP COLUMN stay")


def _guard_changes(*, with_stay: bool) -> None:
    """What was said of a day is altered by nobody: nor, with it, for which part of the day a child comes."""
    guards = import_module("migrations.versions.0005_afterschool")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER plan_changes_no_update")
        [guard] = re.findall(r"CREATE TRIGGER plan_changes_no_update .*?END;", guards.SQLITE, re.S)
        same = "NEW.leaves IS OLD.leaves", "NEW.stay IS OLD.stay"
    else:
        [guard] = re.findall(r"CREATE FUNCTION plan_changes_append_only\(\).*?END \$\$;", guards.POSTGRESQL, re.S)
        guard = guard.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        same = "NEW.leaves IS NOT DISTINCT FROM OLD.leaves", "NEW.stay IS NOT DISTINCT FROM OLD.stay"
    guard = " ".join(guard.split())
    op.execute(guard.replace(same[0], " AND ".join(same)) if with_stay else guard)
