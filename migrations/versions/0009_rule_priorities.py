"""In which order reasons for priority count is published with the rules of each term; until now one held for all."""

import sqlalchemy as sa
from alembic import op

revision = "0009_rule_priorities"
down_revision = "0008_one_word_for_conflicts"
branch_labels = None
depends_on = None

# In the order that held for every term.
REASONS = ("left_behind", "hardship", "new_employment", "sibling", "both_work")
SQLITE = """
CREATE TRIGGER rule_priorities_no_update BEFORE UPDATE ON rule_priorities
BEGIN SELECT RAISE(ABORT, 'rule_priorities_append_only'); END;

CREATE TRIGGER rule_priorities_no_delete BEFORE DELETE ON rule_priorities
BEGIN SELECT RAISE(ABORT, 'rule_priorities_append_only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION rule_priorities_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('rule_priorities_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER rule_priorities_append_only BEFORE UPDATE OR DELETE ON rule_priorities
FOR EACH ROW EXECUTE FUNCTION rule_priorities_append_only();

CREATE TRIGGER rule_priorities_no_truncate BEFORE TRUNCATE ON rule_priorities
FOR EACH STATEMENT EXECUTE FUNCTION rule_priorities_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "rule_priorities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rules_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                *sorted(REASONS), name="rule_priority", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.CheckConstraint("position > 0", name=op.f("ck_rule_priorities_position")),
        sa.ForeignKeyConstraint(["rules_id"], ["term_rules.id"], name=op.f("fk_rule_priorities_rules_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_priorities")),
        sa.UniqueConstraint("rules_id", "position", name=op.f("uq_rule_priorities_rules_id_position")),
        sa.UniqueConstraint("rules_id", "reason", name=op.f("uq_rule_priorities_rules_id_reason")),
    )  # fmt: skip
    fill = sa.text(
        "INSERT INTO rule_priorities (rules_id, position, reason) SELECT id, :position, :reason FROM term_rules"
    )
    for position, reason in enumerate(REASONS, start=1):
        op.execute(fill.bindparams(position=position, reason=reason))
    for statement in _guards().split(";\n\n"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("rule_priorities")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION rule_priorities_append_only()")


def _guards() -> str:
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
