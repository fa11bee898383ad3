"""A register that nobody has taken yet: somebody said beforehand that they cannot come, which opens it in no name."""

import re
from importlib import import_module

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0007_leave_ahead"
down_revision = "0006_search"
branch_labels = None
depends_on = None

OPENED = "(opened_at IS NULL) = (opened_by_id IS NULL)"
CLOSED_OPENED = "closed_at IS NULL OR opened_at IS NOT NULL"
# Once opened, by whom and when stays so; what was said beforehand alone can still be opened by whoever takes the roll.
SQLITE = """
CREATE TRIGGER registers_forward BEFORE UPDATE ON registers
WHEN NEW.session_id <> OLD.session_id
  OR (OLD.opened_at IS NOT NULL AND (NEW.opened_at IS NOT OLD.opened_at OR NEW.opened_by_id IS NOT OLD.opened_by_id))
  OR (OLD.state <> 'open' AND (NEW.state = 'open' OR NEW.closed_at <> OLD.closed_at
      OR NEW.closed_by_id <> OLD.closed_by_id OR (OLD.state = 'amended' AND NEW.state <> 'amended')))
BEGIN SELECT RAISE(ABORT, 'registers_forward'); END
"""
POSTGRESQL = """
CREATE OR REPLACE FUNCTION registers_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.session_id = OLD.session_id AND (OLD.opened_at IS NULL OR (NEW.opened_at IS NOT DISTINCT FROM OLD.opened_at
            AND NEW.opened_by_id IS NOT DISTINCT FROM OLD.opened_by_id))
       AND (OLD.state = 'open' OR (NEW.state <> 'open' AND NEW.closed_at = OLD.closed_at
            AND NEW.closed_by_id = OLD.closed_by_id AND (OLD.state = 'closed' OR NEW.state = 'amended'))) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('registers_forward');
  RETURN NULL;
END $$
"""
# Registers so far that were opened by nothing but somebody's word that they cannot come.
SAID_BEFORE = """
UPDATE registers SET opened_at = NULL, opened_by_id = NULL
WHERE state = 'open' AND EXISTS (SELECT 1 FROM attendance_events WHERE session_id = registers.session_id)
  AND NOT EXISTS (SELECT 1 FROM attendance_events WHERE session_id = registers.session_id
    AND (how <> 'sign_up' OR verb NOT IN ('on_leave', 'undone')))
"""
OPENED_BY_THEM = """
UPDATE registers SET
  opened_at = (SELECT min(recorded_at) FROM attendance_events WHERE session_id = registers.session_id),
  opened_by_id = (SELECT min(by_id) FROM attendance_events WHERE session_id = registers.session_id)
WHERE opened_at IS NULL
"""


def upgrade() -> None:
    guard = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    _change(guard, before_guarding=SAID_BEFORE, is_optional=True)


def downgrade() -> None:
    guards = import_module("migrations.versions.0003_attendance")
    if op.get_bind().dialect.name == "sqlite":
        [guard] = re.findall(r"CREATE TRIGGER registers_forward .*?END;", guards.SQLITE, re.S)
    else:
        [guard] = re.findall(r"CREATE FUNCTION registers_forward\(\).*?END \$\$;", guards.POSTGRESQL, re.S)
        guard = guard.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
    op.execute(OPENED_BY_THEM)
    _change(guard, is_optional=False)


def _change(guard: str, *, is_optional: bool, before_guarding: str = "") -> None:
    """Let the columns be empty or not; on SQLite the table is made anew, and what guards it and its kin after it."""
    kept = _taken_away() if op.get_bind().dialect.name == "sqlite" else []
    with op.batch_alter_table("registers") as batch:
        batch.alter_column("opened_at", existing_type=UtcDateTime(), nullable=is_optional)
        batch.alter_column("opened_by_id", existing_type=sa.Integer(), nullable=is_optional)
        if is_optional:
            batch.create_check_constraint(op.f("ck_registers_opened"), OPENED)
            batch.create_check_constraint(op.f("ck_registers_closed_opened"), CLOSED_OPENED)
        else:
            batch.drop_constraint(op.f("ck_registers_closed_opened"), type_="check")
            batch.drop_constraint(op.f("ck_registers_opened"), type_="check")
    if before_guarding and op.get_bind().dialect.name == "sqlite":
        op.execute(before_guarding)
    op.execute(guard)
    if before_guarding and op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE registers DISABLE TRIGGER registers_forward")
        op.execute(before_guarding)
        op.execute("ALTER TABLE registers ENABLE TRIGGER registers_forward")
    for each in kept:
        op.execute(each)


def _taken_away() -> list[str]:
    """The triggers that speak of registers, dropped: SQLite renames no table of which another's trigger speaks."""
    found = op.get_bind().execute(
        sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%registers%' ORDER BY name")
    )
    triggers = [tuple(row) for row in found]
    for name, _sql in triggers:
        op.execute(f"DROP TRIGGER {name}")
    return [sql for name, sql in triggers if name != "registers_forward"]
