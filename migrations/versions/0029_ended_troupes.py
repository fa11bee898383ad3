"""Troupes that end: by whom and why, taken back, and that nothing begins in one that has ended."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0029_ended_troupes"
down_revision = "0028_incubator_rules"
branch_labels = None
depends_on = None

# What begins in a troupe, and so in none that has ended.
BEGINS = ("loans", "performances", "seasons", "troupe_members")
ENDED = "EXISTS (SELECT 1 FROM troupes t WHERE t.id = NEW.troupe_id AND t.ended_on IS NOT NULL)"
OPEN = """EXISTS (SELECT 1 FROM loan_lines l JOIN loans o ON o.id = l.loan_id
    WHERE o.troupe_id = NEW.id AND l.state IN ('reserved', 'out'))
  OR EXISTS (SELECT 1 FROM performances p
    WHERE p.troupe_id = NEW.id AND p.state IN ('preparing', 'pieces_set', 'cast_set', 'published'))"""
SQLITE = f"""
CREATE TRIGGER troupes_ended BEFORE UPDATE OF ended_on ON troupes
WHEN NEW.ended_on IS NOT NULL AND OLD.ended_on IS NULL AND ({OPEN})
BEGIN SELECT RAISE(ABORT, 'troupes_ended'); END;
""" + "".join(
    f"""
CREATE TRIGGER {table}_troupe_ended BEFORE INSERT ON {table} WHEN {ENDED}
BEGIN SELECT RAISE(ABORT, 'troupe_ended'); END;
"""
    for table in BEGINS
)
POSTGRESQL = f"""
CREATE FUNCTION troupes_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.ended_on IS NOT NULL AND OLD.ended_on IS NULL AND ({OPEN}) THEN
    PERFORM attendance_refuses('troupes_ended');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER troupes_ended BEFORE UPDATE OF ended_on ON troupes
FOR EACH ROW EXECUTE FUNCTION troupes_ended();

CREATE FUNCTION troupe_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM troupes WHERE id = NEW.troupe_id FOR SHARE;
  IF {ENDED} THEN
    PERFORM attendance_refuses('troupe_ended');
  END IF;
  RETURN NEW;
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_troupe_ended BEFORE INSERT ON {table}
FOR EACH ROW EXECUTE FUNCTION troupe_ended();
"""
    for table in BEGINS
)


def upgrade() -> None:
    op.create_table(
        "troupe_endings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("back_by_id", sa.Integer(), nullable=True),
        sa.Column("back_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name=op.f("ck_troupe_endings_back")),
        sa.CheckConstraint("trim(reason) <> ''", name=op.f("ck_troupe_endings_reason")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_troupe_endings_troupe_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_troupe_endings_by_id")),
        sa.ForeignKeyConstraint(["back_by_id"], ["people.id"], name=op.f("fk_troupe_endings_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_endings")),
    )
    op.create_index(
        "uq_troupe_endings_live",
        "troupe_endings",
        ["troupe_id"],
        unique=True,
        sqlite_where=sa.text("back_at IS NULL"),
        postgresql_where=sa.text("back_at IS NULL"),
    )
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE)", guards):
        op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name, table in (("troupes_ended", "troupes"), *((f"{each}_troupe_ended", each) for each in BEGINS)):
        op.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if is_postgresql else ""))
    if is_postgresql:
        op.execute("DROP FUNCTION troupes_ended()")
        op.execute("DROP FUNCTION troupe_ended()")
    op.drop_table("troupe_endings")
