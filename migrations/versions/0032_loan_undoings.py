"""What came back of a loan can be undone for ten minutes: written down first, and held by the ledger."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0032_loan_undoings"
down_revision = "0031_reading_versions"
branch_labels = None
depends_on = None

FORWARD = """OLD.state || '>' || NEW.state NOT IN
    ('reserved>out', 'reserved>cancelled', 'out>returned', 'out>damaged', 'out>lost')"""
UNDONE = """NEW.state = 'out' AND EXISTS (
    SELECT 1 FROM loan_undoings u WHERE u.line_id = OLD.id AND u.back_at = OLD.back_at)"""
CAME_BACK = """EXISTS (SELECT 1 FROM loan_lines l WHERE l.id = NEW.line_id AND l.back_at = NEW.back_at
    AND l.state IN ('returned', 'damaged', 'lost'))"""
SOON = {
    "sqlite": "julianday(NEW.undone_at) >= julianday(NEW.back_at)"
    " AND (julianday(NEW.undone_at) - julianday(NEW.back_at)) * 1440 < 10",
    "postgresql": "NEW.undone_at >= NEW.back_at AND NEW.undone_at < NEW.back_at + interval '10 minutes'",
}
SAME = "NEW.loan_id <> OLD.loan_id OR NEW.thing_id <> OLD.thing_id"


def _sqlite_forward(unless: str) -> str:
    return f"""CREATE TRIGGER loan_lines_forward BEFORE UPDATE ON loan_lines
WHEN {SAME} OR NEW.unit_id IS NOT OLD.unit_id
  OR (NEW.state <> OLD.state AND {FORWARD}{unless})
BEGIN SELECT RAISE(ABORT, 'loan_lines_forward'); END"""


def _postgresql_forward(unless: str) -> str:
    return f"""CREATE OR REPLACE FUNCTION loan_lines_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {SAME} OR NEW.unit_id IS DISTINCT FROM OLD.unit_id
    OR (NEW.state <> OLD.state AND {FORWARD}{unless}) THEN
    PERFORM attendance_refuses('loan_lines_forward');
  END IF;
  RETURN NEW;
END $$"""


SQLITE = f"""
CREATE TRIGGER loan_undoings_soon BEFORE INSERT ON loan_undoings
WHEN NOT ({CAME_BACK}) OR NOT ({SOON["sqlite"]})
BEGIN SELECT RAISE(ABORT, 'loan_undoings_soon'); END;

CREATE TRIGGER loan_undoings_no_update BEFORE UPDATE ON loan_undoings
BEGIN SELECT RAISE(ABORT, 'loan_undoings_append_only'); END;

CREATE TRIGGER loan_undoings_no_delete BEFORE DELETE ON loan_undoings
BEGIN SELECT RAISE(ABORT, 'loan_undoings_append_only'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION loan_undoings_soon() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT ({CAME_BACK}) OR NOT ({SOON["postgresql"]}) THEN
    PERFORM attendance_refuses('loan_undoings_soon');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER loan_undoings_soon BEFORE INSERT ON loan_undoings
FOR EACH ROW EXECUTE FUNCTION loan_undoings_soon();

CREATE FUNCTION loan_undoings_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('loan_undoings_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER loan_undoings_append_only BEFORE UPDATE OR DELETE ON loan_undoings
FOR EACH ROW EXECUTE FUNCTION loan_undoings_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "loan_undoings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("back_at", UtcDateTime(), nullable=False),
        sa.Column("back_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=False),
        sa.Column("undone_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_loan_undoings_line_id")),
        sa.ForeignKeyConstraint(["back_by_id"], ["people.id"], name=op.f("fk_loan_undoings_back_by_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["people.id"], name=op.f("fk_loan_undoings_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_undoings")),
        sa.UniqueConstraint("line_id", "back_at", name=op.f("uq_loan_undoings_line_id_back_at")),
    )
    _let_forward(f" AND NOT ({UNDONE})")
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE)", guards):
        op.execute(statement)


def downgrade() -> None:
    _let_forward("")
    op.drop_table("loan_undoings")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION loan_undoings_soon()")
        op.execute("DROP FUNCTION loan_undoings_append_only()")


def _let_forward(unless: str) -> None:
    """Which steps a line may take: forward only, unless an undoing was written down."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_postgresql_forward(unless))
        return
    op.execute("DROP TRIGGER loan_lines_forward")
    op.execute(_sqlite_forward(unless))
