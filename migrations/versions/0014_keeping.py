"""Periods that the director sets, holds, counts without names; ledgers let go what a proof covers and nothing else."""

import re
from importlib import import_module

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0014_keeping"
down_revision = "0013_guardian_words"
branch_labels = None
depends_on = None

# What a row that goes is pointed at by is found by these.
POINTING = (
    ("care_alarms", "change_id"),
    ("care_alarms", "event_id"),
    ("custody_events", "collector_id"),
    ("custody_events", "consent_id"),
    ("guardian_words", "collector_id"),
    ("guardian_words", "consent_id"),
    ("plan_changes", "collector_id"),
    ("plan_changes", "consent_id"),
    ("ways_home", "consent_id"),
)
LEDGERS = (
    *("care_alarms", "child_consents", "collectors", "custody", "enrolment_events", "guardian_words"),
    *("incidents", "plan_changes"),
)
ERASED = "EXISTS (SELECT 1 FROM people e WHERE e.id = {child} AND e.erased_at IS NOT NULL)"
LEFT = """NOT EXISTS (SELECT 1 FROM enrolments n JOIN terms t ON t.id = n.term_id WHERE n.child_id = {child}
    AND t.last_on >= p.older_than AND (n.ended_at IS NULL OR n.ended_at >= p.older_than))"""
COVERED = "EXISTS (SELECT 1 FROM deletion_proofs p WHERE p.kind = '{kind}' AND p.why = 'time' AND {over})"
NEEDED = """EXISTS (SELECT 1 FROM legal_holds h WHERE h.child_id = {child} AND h.lifted_at IS NULL)
  OR EXISTS (SELECT 1 FROM guardian_disputes d WHERE d.child_id = {child} AND d.settled_at IS NULL)"""
NEEDED_OR_INCIDENT = "{needed}\n  OR EXISTS (SELECT 1 FROM incidents i WHERE i.child_id = {{child}})"
WITH_INCIDENT = NEEDED_OR_INCIDENT.format(needed=NEEDED)
WITH_US = "EXISTS (SELECT 1 FROM custody c WHERE c.id = OLD.custody_id AND c.holder IN ('room', 'on_the_way'))"
WITH_STEPS = "EXISTS (SELECT 1 FROM incident_steps s WHERE s.incident_id = OLD.id)"
ENDED = "OLD.ended_at IS NOT NULL AND OLD.on_date < p.older_than"
OF_EVENT = "(SELECT v.child_id FROM custody_events v WHERE v.id = OLD.event_id)"
OF_ENROLMENT = "(SELECT m.child_id FROM enrolments m WHERE m.id = OLD.enrolment_id)"
OF_COLLECTOR = "(SELECT k.child_id FROM collectors k WHERE k.id = OLD.collector_id)"
OF_ALARM = "(SELECT a.child_id FROM care_alarms a WHERE a.id = OLD.alarm_id)"
OF_INCIDENT = "(SELECT j.child_id FROM incidents j WHERE j.id = OLD.incident_id)"
CLOSED = """EXISTS (SELECT 1 FROM incident_steps s WHERE s.incident_id = OLD.incident_id AND s.stage = 'closed'
    AND s.at < p.older_than)"""
# Of each table: the proof that covers a row, whose row it is, and what keeps it all the same.
LET_GO = {
    "alarm_rings": (
        "care_alarms",
        "EXISTS (SELECT 1 FROM care_alarms a WHERE a.id = OLD.alarm_id AND a.ended_at IS NOT NULL"
        " AND a.on_date < p.older_than)",
        OF_ALARM,
        WITH_INCIDENT,
    ),
    "bar_decisions": ("custody", LEFT, OF_EVENT, WITH_INCIDENT),
    "care_alarms": ("care_alarms", ENDED, "OLD.child_id", WITH_INCIDENT),
    "child_consents": ("child_consents", LEFT + " AND OLD.at < p.older_than", "OLD.child_id", WITH_INCIDENT),
    "collector_agreements": ("collectors", LEFT + " AND OLD.at < p.older_than", OF_COLLECTOR, WITH_INCIDENT),
    "custody": ("custody", LEFT + " AND OLD.since_at < p.older_than", "OLD.child_id", WITH_INCIDENT),
    "custody_events": ("custody", LEFT + " AND OLD.on_date < p.older_than", "OLD.child_id", WITH_INCIDENT),
    "enrolment_events": ("enrolment_events", LEFT, OF_ENROLMENT, WITH_INCIDENT),
    "guardian_words": ("guardian_words", LEFT + " AND OLD.at < p.older_than", "OLD.child_id", WITH_INCIDENT),
    "holdings": ("custody", LEFT, "OLD.child_id", f"{WITH_INCIDENT}\n  OR {WITH_US}"),
    "incident_steps": ("incidents", CLOSED, OF_INCIDENT, NEEDED),
    "incidents": ("incidents", "OLD.on_date < p.older_than", "OLD.child_id", f"{NEEDED}\n  OR {WITH_STEPS}"),
    "plan_changes": ("plan_changes", "OLD.on_date < p.older_than", OF_ENROLMENT, WITH_INCIDENT),
}  # fmt: skip
GUARDED = {"collector_agreements": "0012_collector_photos", "guardian_words": "0013_guardian_words"}
ALSO_ERASED = ("incident_steps", "incidents")  # of whom is erased they go at once
# Three years, of which the last is the day on which it goes; the centre's date may be a day after the database's.
TOO_EARLY = "NEW.why = 'time' AND NEW.kind IN (" + ", ".join(f"'{each}'" for each in LEDGERS) + ")"
SQLITE_FLOOR = f"""
CREATE TRIGGER deletion_proofs_floor BEFORE INSERT ON deletion_proofs
WHEN {TOO_EARLY}
  AND (NEW.older_than IS NULL OR julianday(date(NEW.at)) - julianday(NEW.older_than) < 1093)
BEGIN SELECT RAISE(ABORT, 'deletion_proofs_floor'); END
"""
POSTGRESQL_FLOOR = (
    f"""
CREATE FUNCTION deletion_proofs_floor() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {TOO_EARLY} AND (NEW.older_than IS NULL OR NEW.at::date - NEW.older_than < 1093) THEN
    PERFORM attendance_refuses('deletion_proofs_floor');
  END IF;
  RETURN NEW;
END $$
""",
    """
CREATE TRIGGER deletion_proofs_floor BEFORE INSERT ON deletion_proofs
FOR EACH ROW EXECUTE FUNCTION deletion_proofs_floor()
""",
)


def upgrade() -> None:
    _make_tables()
    op.add_column("deletion_proofs", sa.Column("period_days", sa.Integer(), nullable=True))
    op.add_column("deletion_proofs", sa.Column("digest", sa.String(length=64), server_default="", nullable=False))
    op.create_index("ix_deletion_proofs_kind", "deletion_proofs", ["kind", "older_than"], unique=False)
    for table, column in POINTING:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in LET_GO:
        for statement in _on_sqlite(table) if is_sqlite else _on_postgresql(table):
            op.execute(statement)
    for statement in (SQLITE_FLOOR,) if is_sqlite else POSTGRESQL_FLOOR:
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER deletion_proofs_floor" + ("" if is_sqlite else " ON deletion_proofs"))
    for table in LET_GO:
        guards = import_module(f"migrations.versions.{GUARDED.get(table, '0005_afterschool')}")
        if is_sqlite:
            op.execute(f"DROP TRIGGER {table}_no_delete")
            [guard] = re.findall(rf"CREATE TRIGGER {table}_no_delete .*?END;", guards.SQLITE, re.S)
            op.execute(guard)
            continue
        op.execute(f"DROP TRIGGER {table}_no_delete ON {table}")
        op.execute(f"DROP FUNCTION {table}_let_go()")
        name = _guard_of(table)
        op.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
        [guard] = re.findall(rf"CREATE TRIGGER {name} BEFORE (?!TRUNCATE).*?;", guards.POSTGRESQL, re.S)
        op.execute(guard)
    if not is_sqlite:
        op.execute("DROP FUNCTION deletion_proofs_floor()")
    for table, column in POINTING:
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    op.drop_index("ix_deletion_proofs_kind", table_name="deletion_proofs")
    op.drop_column("deletion_proofs", "digest")
    op.drop_column("deletion_proofs", "period_days")
    for table in ("care_counts", "retention_periods", "legal_holds"):
        op.drop_table(table)


def _condition(table: str) -> str:
    """When a row of a table may go."""
    kind, over, child, needed = LET_GO[table]
    covered = COVERED.format(kind=kind, over=over.format(child=child))
    condition = f"{covered}\n  AND NOT ({needed.format(child=child)})"
    return f"{ERASED.format(child=child)}\n  OR {condition}" if table in ALSO_ERASED else condition


def _on_sqlite(table: str) -> list[str]:
    refused = "holdings_last" if table == "holdings" else f"{table}_append_only"
    return [
        f"DROP TRIGGER {table}_no_delete",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}\nWHEN NOT ({_condition(table)})\n"
        f"BEGIN SELECT RAISE(ABORT, '{refused}'); END",
    ]


def _on_postgresql(table: str) -> list[str]:
    """The guard of altering stays as it is; deleting has one of its own."""
    name = _guard_of(table)
    refused = "holdings_last" if table == "holdings" else f"{table}_append_only"
    columns = " OF id, event_id, is_allowed, by_id, at" if table == "bar_decisions" else ""
    alters = [
        f"CREATE TRIGGER {name} BEFORE UPDATE{columns} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    ] * (table != "holdings")  # fmt: skip
    return [
        f"DROP TRIGGER {name} ON {table}",
        *alters,
        f"CREATE FUNCTION {table}_let_go() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n"
        f"  IF {_condition(table)} THEN\n    RETURN OLD;\n  END IF;\n"
        f"  PERFORM attendance_refuses('{refused}');\n  RETURN NULL;\nEND $$",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_let_go()",
    ]


def _guard_of(table: str) -> str:
    """The trigger on PostgreSQL that guarded deleting until now."""
    return "holdings_no_delete" if table == "holdings" else f"{table}_append_only"


def _make_tables() -> None:
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(lifted_at IS NULL) = (lifted_by_id IS NULL)", name=op.f("ck_legal_holds_lifted")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_legal_holds_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["people.id"], name=op.f("fk_legal_holds_child_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_legal_holds_lifted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_open",
        "legal_holds",
        ["child_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "retention_periods",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days > 0", name=op.f("ck_retention_periods_days")),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_retention_periods")),
    )
    op.create_table(
        "care_counts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("term_id", sa.Integer(), nullable=True),
        sa.Column("how_many", sa.Integer(), nullable=False),
        sa.CheckConstraint("how_many > 0", name=op.f("ck_care_counts_how_many")),
        sa.ForeignKeyConstraint(["term_id"], ["terms.id"], name=op.f("fk_care_counts_term_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_counts")),
    )
    op.create_index("ix_care_counts_what", "care_counts", ["what", "year"], unique=False)
    op.create_index(op.f("ix_care_counts_term_id"), "care_counts", ["term_id"], unique=False)
