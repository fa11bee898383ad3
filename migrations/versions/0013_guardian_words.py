"""What a guardian without an account says to staff is kept: whose word it is, and how it was made sure of."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0013_guardian_words"
down_revision = "0012_collector_photos"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER guardian_words_no_update BEFORE UPDATE ON guardian_words
WHEN NOT (NEW.paper IN ('', '–') AND NEW.rang_from IN ('', '–') AND NEW.rang_back IN ('', '–') AND NEW.id IS OLD.id
  AND NEW.child_id IS OLD.child_id AND NEW.what IS OLD.what AND NEW.enrolment_id IS OLD.enrolment_id
  AND NEW.consent_id IS OLD.consent_id AND NEW.collector_id IS OLD.collector_id AND NEW.guardian_id IS OLD.guardian_id
  AND NEW.recorded_by_id IS OLD.recorded_by_id AND NEW.at IS OLD.at AND NEW.how IS OLD.how
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'guardian_words_append_only'); END;

CREATE TRIGGER guardian_words_no_delete BEFORE DELETE ON guardian_words
BEGIN SELECT RAISE(ABORT, 'guardian_words_append_only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION guardian_words_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.paper IN ('', '–') AND NEW.rang_from IN ('', '–') AND NEW.rang_back IN ('', '–')
       AND (NEW.id, NEW.child_id, NEW.what, NEW.enrolment_id, NEW.consent_id, NEW.collector_id, NEW.guardian_id,
            NEW.recorded_by_id, NEW.at, NEW.how)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.child_id, OLD.what, OLD.enrolment_id, OLD.consent_id, OLD.collector_id, OLD.guardian_id,
            OLD.recorded_by_id, OLD.at, OLD.how)
       AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.child_id AND p.erased_at IS NOT NULL) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('guardian_words_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER guardian_words_append_only BEFORE UPDATE OR DELETE ON guardian_words
FOR EACH ROW EXECUTE FUNCTION guardian_words_append_only();

CREATE TRIGGER guardian_words_no_truncate BEFORE TRUNCATE ON guardian_words
FOR EACH STATEMENT EXECUTE FUNCTION guardian_words_append_only();
"""
WHAT = (
    "collector_named", "collector_revoked", "consent_given", "consent_revoked", "left", "order", "paused",
    "reason_named", "reason_withdrawn", "resumed", "week",
)  # fmt: skip
LEADS_TO = (
    ("child_id", "people"), ("enrolment_id", "enrolments"), ("consent_id", "child_consents"),
    ("collector_id", "collectors"), ("guardian_id", "people"), ("recorded_by_id", "people"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "guardian_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("child_id", sa.Integer(), nullable=False),
        sa.Column("what", _one_of("guardian_word_what", WHAT), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=True),
        sa.Column("consent_id", sa.Integer(), nullable=True),
        sa.Column("collector_id", sa.Integer(), nullable=True),
        sa.Column("guardian_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("how", _one_of("guardian_word_how", ("in_person", "paper", "phone")), nullable=False),
        sa.Column("paper", sa.String(length=60), nullable=False),
        sa.Column("rang_from", sa.String(length=20), nullable=False),
        sa.Column("rang_back", sa.String(length=20), nullable=False),
        sa.CheckConstraint("how <> 'phone' OR rang_back <> ''", name=op.f("ck_guardian_words_phone")),
        sa.CheckConstraint("how <> 'paper' OR paper <> ''", name=op.f("ck_guardian_words_paper")),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_guardian_words_{column}"))
            for column, table in LEADS_TO
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian_words")),
    )
    op.create_index("ix_guardian_words_child", "guardian_words", ["child_id", "id"])
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE)", guards):
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("guardian_words")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION guardian_words_append_only()")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
