"""Organisations on their way through the incubator: decisions that move them, papers, interests."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0016_incubations"
down_revision = "0015_troupes"
branch_labels = None
depends_on = None

STAGES = (
    "draft", "submitted", "returned", "screening", "review", "published", "signing", "incubating", "mid_review",
    "extended", "graduated", "withdrawing", "withdrawn", "refused", "reconsidered",
)  # fmt: skip
BY_APPLICANT = (
    ("draft", "submitted"), ("returned", "submitted"), ("draft", "withdrawn"), ("submitted", "withdrawn"),
    ("returned", "withdrawn"), ("screening", "withdrawn"), ("review", "withdrawn"), ("published", "withdrawn"),
    ("signing", "withdrawn"), ("refused", "reconsidered"),
)  # fmt: skip
BY_STAFF = (
    ("submitted", "screening"), ("submitted", "returned"), ("screening", "returned"), ("screening", "review"),
    ("screening", "refused"), ("returned", "refused"), ("review", "published"), ("review", "refused"),
    ("published", "review"), ("published", "signing"), ("signing", "incubating"), ("signing", "refused"),
    ("incubating", "mid_review"), ("incubating", "extended"), ("incubating", "graduated"),
    ("incubating", "withdrawing"), ("mid_review", "incubating"), ("mid_review", "extended"),
    ("mid_review", "graduated"), ("mid_review", "withdrawing"), ("extended", "mid_review"),
    ("extended", "graduated"), ("extended", "withdrawing"), ("withdrawing", "withdrawn"),
    ("withdrawing", "incubating"), ("reconsidered", "screening"), ("reconsidered", "review"),
    ("reconsidered", "refused"),
)  # fmt: skip
# Whatever sends an organisation back, away or on for longer says why.
SAY_WHY = {"returned", "refused", "extended", "withdrawing", "reconsidered"}
SAY_WHY_ALSO = {("published", "review"), ("withdrawing", "incubating")}

# Free of interests is who has declared none that counts on the day, and belonged to it neither then nor lately.
BOUND = """EXISTS (SELECT 1 FROM declared_interests d JOIN incubations i ON i.organisation_id = d.organisation_id
      WHERE i.id = NEW.incubation_id AND d.person_id = NEW.person_id
      AND (d.counts_until IS NULL OR d.counts_until >= NEW.since_on))
    OR EXISTS (SELECT 1 FROM memberships m JOIN incubations i ON i.organisation_id = m.organisation_id
      WHERE i.id = NEW.incubation_id AND m.person_id = NEW.person_id
      AND (m.ends_on IS NULL OR m.ends_on >= {lately}))"""
# Only that somebody is no longer free comes afterwards, with their eligibility.
SAME_DECISION = """(NEW.id, NEW.incubation_id, NEW.step, NEW.from_stage, NEW.to_stage, NEW.by_id, NEW.at, NEW.reason,
      NEW.document_id, NEW.document_sha256, NEW.letter_year, NEW.letter_number, NEW.next_owner_id, NEW.next_due_on)
    IS NOT DISTINCT FROM
    (OLD.id, OLD.incubation_id, OLD.step, OLD.from_stage, OLD.to_stage, OLD.by_id, OLD.at, OLD.reason,
      OLD.document_id, OLD.document_sha256, OLD.letter_year, OLD.letter_number, OLD.next_owner_id, OLD.next_due_on)"""
SQLITE = """
CREATE TRIGGER incubations_first BEFORE INSERT ON incubations
WHEN NEW.stage <> 'draft' OR NEW.step <> 0
BEGIN SELECT RAISE(ABORT, 'incubations_first'); END;

CREATE TRIGGER incubations_by_decision BEFORE UPDATE ON incubations
WHEN (NEW.stage IS NOT OLD.stage OR NEW.step IS NOT OLD.step) AND NOT EXISTS (SELECT 1 FROM incubation_decisions d
  WHERE d.incubation_id = OLD.id AND d.step = NEW.step AND NEW.step = OLD.step + 1
  AND d.from_stage = OLD.stage AND d.to_stage = NEW.stage)
BEGIN SELECT RAISE(ABORT, 'incubations_by_decision'); END;

CREATE TRIGGER incubation_decisions_next BEFORE INSERT ON incubation_decisions
WHEN NOT EXISTS (SELECT 1 FROM incubations i
  WHERE i.id = NEW.incubation_id AND i.stage = NEW.from_stage AND i.step + 1 = NEW.step)
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_next'); END;

CREATE TRIGGER incubation_decisions_free BEFORE INSERT ON incubation_decisions
WHEN NEW.by_is_free IS NOT 1 AND EXISTS (SELECT 1 FROM incubation_transitions t
  WHERE t.from_stage = NEW.from_stage AND t.to_stage = NEW.to_stage AND t.needs_free)
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_free'); END;

CREATE TRIGGER incubation_decisions_reason BEFORE INSERT ON incubation_decisions
WHEN trim(NEW.reason) = '' AND EXISTS (SELECT 1 FROM incubation_transitions t
  WHERE t.from_stage = NEW.from_stage AND t.to_stage = NEW.to_stage AND t.needs_reason)
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_reason'); END;

CREATE TRIGGER incubation_decisions_moves AFTER INSERT ON incubation_decisions
BEGIN
  UPDATE incubations SET stage = NEW.to_stage, step = NEW.step, owner_id = NEW.next_owner_id, due_on = NEW.next_due_on
  WHERE id = NEW.incubation_id;
END;

CREATE TRIGGER incubation_decisions_no_update BEFORE UPDATE ON incubation_decisions
WHEN NOT (OLD.by_is_free IS 1 AND NEW.by_is_free IS 0
  AND @same)
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_append_only'); END;

CREATE TRIGGER incubation_decisions_no_delete BEFORE DELETE ON incubation_decisions
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_append_only'); END;

CREATE TRIGGER incubation_decision_papers_no_update BEFORE UPDATE ON incubation_decision_papers
BEGIN SELECT RAISE(ABORT, 'incubation_decision_papers_append_only'); END;

CREATE TRIGGER incubation_decision_papers_no_delete BEFORE DELETE ON incubation_decision_papers
BEGIN SELECT RAISE(ABORT, 'incubation_decision_papers_append_only'); END;

CREATE TRIGGER incubation_documents_open BEFORE INSERT ON incubation_documents
WHEN NOT NEW.by_staff AND EXISTS (SELECT 1 FROM incubations i WHERE i.id = NEW.incubation_id
  AND i.stage IN ('submitted', 'screening', 'review', 'published', 'reconsidered'))
BEGIN SELECT RAISE(ABORT, 'incubation_documents_open'); END;

CREATE TRIGGER incubation_documents_no_update BEFORE UPDATE ON incubation_documents
BEGIN SELECT RAISE(ABORT, 'incubation_documents_append_only'); END;

CREATE TRIGGER incubation_documents_no_delete BEFORE DELETE ON incubation_documents
BEGIN SELECT RAISE(ABORT, 'incubation_documents_append_only'); END;

CREATE TRIGGER incubation_applications_open BEFORE UPDATE ON incubation_applications
WHEN EXISTS (SELECT 1 FROM incubations i WHERE i.id = OLD.incubation_id AND i.stage NOT IN ('draft', 'returned'))
BEGIN SELECT RAISE(ABORT, 'incubation_applications_open'); END;

CREATE TRIGGER declared_interests_bind AFTER INSERT ON declared_interests
WHEN NEW.counts_until IS NULL OR NEW.counts_until >= NEW.declared_on
BEGIN
  UPDATE eligibilities SET is_free = 0 WHERE person_id = NEW.person_id AND is_free
  AND incubation_id IN (SELECT i.id FROM incubations i WHERE i.organisation_id = NEW.organisation_id);
END;

CREATE TRIGGER declared_interests_no_update BEFORE UPDATE ON declared_interests
WHEN NOT (NEW.id IS OLD.id AND NEW.person_id IS OLD.person_id AND NEW.organisation_id IS OLD.organisation_id
  AND NEW.kind IS OLD.kind AND NEW.counts_until IS OLD.counts_until AND NEW.declared_at IS OLD.declared_at)
BEGIN SELECT RAISE(ABORT, 'declared_interests_append_only'); END;

CREATE TRIGGER declared_interests_no_delete BEFORE DELETE ON declared_interests
BEGIN SELECT RAISE(ABORT, 'declared_interests_append_only'); END;

CREATE TRIGGER memberships_bind AFTER INSERT ON memberships
BEGIN
  UPDATE eligibilities SET is_free = 0 WHERE person_id = NEW.person_id AND is_free
  AND incubation_id IN (SELECT i.id FROM incubations i WHERE i.organisation_id = NEW.organisation_id);
END;

CREATE TRIGGER eligibilities_true BEFORE INSERT ON eligibilities
WHEN NEW.is_free AND (@bound)
BEGIN SELECT RAISE(ABORT, 'eligibilities_true'); END;

CREATE TRIGGER eligibilities_once_bound BEFORE UPDATE ON eligibilities
WHEN NOT (NEW.incubation_id IS OLD.incubation_id AND NEW.person_id IS OLD.person_id AND OLD.is_free AND NOT NEW.is_free)
BEGIN SELECT RAISE(ABORT, 'eligibilities_once_bound'); END;
"""
POSTGRESQL = """
CREATE FUNCTION incubations_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.stage <> 'draft' OR NEW.step <> 0 THEN
    PERFORM attendance_refuses('incubations_first');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubations_first BEFORE INSERT ON incubations
FOR EACH ROW EXECUTE FUNCTION incubations_first();

CREATE FUNCTION incubations_by_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.stage, NEW.step) IS DISTINCT FROM (OLD.stage, OLD.step) AND NOT EXISTS (SELECT 1 FROM incubation_decisions d
      WHERE d.incubation_id = OLD.id AND d.step = NEW.step AND NEW.step = OLD.step + 1
      AND d.from_stage = OLD.stage AND d.to_stage = NEW.stage) THEN
    PERFORM attendance_refuses('incubations_by_decision');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubations_by_decision BEFORE UPDATE ON incubations
FOR EACH ROW EXECUTE FUNCTION incubations_by_decision();

CREATE FUNCTION incubation_decisions_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM incubations i
      WHERE i.id = NEW.incubation_id AND i.stage = NEW.from_stage AND i.step + 1 = NEW.step) THEN
    PERFORM attendance_refuses('incubation_decisions_next');
  END IF;
  IF NEW.by_is_free IS NOT TRUE AND EXISTS (SELECT 1 FROM incubation_transitions t
      WHERE t.from_stage = NEW.from_stage AND t.to_stage = NEW.to_stage AND t.needs_free) THEN
    PERFORM attendance_refuses('incubation_decisions_free');
  END IF;
  IF trim(NEW.reason) = '' AND EXISTS (SELECT 1 FROM incubation_transitions t
      WHERE t.from_stage = NEW.from_stage AND t.to_stage = NEW.to_stage AND t.needs_reason) THEN
    PERFORM attendance_refuses('incubation_decisions_reason');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_decisions_next BEFORE INSERT ON incubation_decisions
FOR EACH ROW EXECUTE FUNCTION incubation_decisions_next();

CREATE FUNCTION incubation_decisions_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE incubations SET stage = NEW.to_stage, step = NEW.step, owner_id = NEW.next_owner_id, due_on = NEW.next_due_on
  WHERE id = NEW.incubation_id;
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_decisions_moves AFTER INSERT ON incubation_decisions
FOR EACH ROW EXECUTE FUNCTION incubation_decisions_moves();

CREATE FUNCTION incubation_decisions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.by_is_free AND NEW.by_is_free IS FALSE
      AND @same THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('incubation_decisions_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_decisions_append_only BEFORE UPDATE OR DELETE ON incubation_decisions
FOR EACH ROW EXECUTE FUNCTION incubation_decisions_append_only();

CREATE TRIGGER incubation_decisions_no_truncate BEFORE TRUNCATE ON incubation_decisions
FOR EACH STATEMENT EXECUTE FUNCTION incubation_decisions_append_only();

CREATE FUNCTION incubation_decision_papers_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('incubation_decision_papers_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_decision_papers_append_only BEFORE UPDATE OR DELETE ON incubation_decision_papers
FOR EACH ROW EXECUTE FUNCTION incubation_decision_papers_append_only();

CREATE FUNCTION incubation_documents_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now_at text;
BEGIN
  SELECT i.stage INTO now_at FROM incubations i WHERE i.id = NEW.incubation_id FOR SHARE;
  IF NOT NEW.by_staff AND now_at IN ('submitted', 'screening', 'review', 'published', 'reconsidered') THEN
    PERFORM attendance_refuses('incubation_documents_open');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_documents_open BEFORE INSERT ON incubation_documents
FOR EACH ROW EXECUTE FUNCTION incubation_documents_open();

CREATE FUNCTION incubation_documents_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('incubation_documents_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_documents_append_only BEFORE UPDATE OR DELETE ON incubation_documents
FOR EACH ROW EXECUTE FUNCTION incubation_documents_append_only();

CREATE FUNCTION incubation_applications_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  now_at text;
BEGIN
  SELECT i.stage INTO now_at FROM incubations i WHERE i.id = OLD.incubation_id FOR SHARE;
  IF now_at NOT IN ('draft', 'returned') THEN
    PERFORM attendance_refuses('incubation_applications_open');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_applications_open BEFORE UPDATE ON incubation_applications
FOR EACH ROW EXECUTE FUNCTION incubation_applications_open();

CREATE FUNCTION interests_in_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM people p WHERE p.id = NEW.person_id FOR NO KEY UPDATE;
  RETURN NEW;
END $$;

CREATE TRIGGER declared_interests_in_turn BEFORE INSERT ON declared_interests
FOR EACH ROW EXECUTE FUNCTION interests_in_turn();

CREATE TRIGGER memberships_in_turn BEFORE INSERT ON memberships
FOR EACH ROW EXECUTE FUNCTION interests_in_turn();

CREATE FUNCTION interests_bind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE eligibilities SET is_free = false WHERE person_id = NEW.person_id AND is_free
  AND incubation_id IN (SELECT i.id FROM incubations i WHERE i.organisation_id = NEW.organisation_id);
  RETURN NULL;
END $$;

CREATE TRIGGER declared_interests_bind AFTER INSERT ON declared_interests
FOR EACH ROW WHEN (NEW.counts_until IS NULL OR NEW.counts_until >= NEW.declared_on) EXECUTE FUNCTION interests_bind();

CREATE TRIGGER memberships_bind AFTER INSERT ON memberships
FOR EACH ROW EXECUTE FUNCTION interests_bind();

CREATE FUNCTION declared_interests_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.id, NEW.person_id, NEW.organisation_id, NEW.kind, NEW.counts_until, NEW.declared_at) IS NOT DISTINCT FROM
      (OLD.id, OLD.person_id, OLD.organisation_id, OLD.kind, OLD.counts_until, OLD.declared_at) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('declared_interests_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER declared_interests_append_only BEFORE UPDATE OR DELETE ON declared_interests
FOR EACH ROW EXECUTE FUNCTION declared_interests_append_only();

CREATE FUNCTION eligibilities_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM people p WHERE p.id = NEW.person_id FOR NO KEY UPDATE;
  IF NEW.is_free AND (@bound) THEN
    PERFORM attendance_refuses('eligibilities_true');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER eligibilities_true BEFORE INSERT ON eligibilities
FOR EACH ROW EXECUTE FUNCTION eligibilities_true();

CREATE FUNCTION eligibilities_once_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.incubation_id = OLD.incubation_id AND NEW.person_id = OLD.person_id AND OLD.is_free AND NOT NEW.is_free THEN
    RETURN NEW;
  END IF;
  PERFORM attendance_refuses('eligibilities_once_bound');
  RETURN NULL;
END $$;

CREATE TRIGGER eligibilities_once_bound BEFORE UPDATE ON eligibilities
FOR EACH ROW EXECUTE FUNCTION eligibilities_once_bound();
"""
LATELY = {"sqlite": "date(NEW.since_on, '-3 years')", "postgresql": "NEW.since_on - INTERVAL '3 years'"}


def upgrade() -> None:
    op.add_column("organisations", sa.Column("is_listed", sa.Boolean(), server_default=sa.true(), nullable=False))
    _stages()
    _interests()
    _papers()
    _decisions()
    op.bulk_insert(
        sa.table(
            "incubation_transitions",
            *(sa.column(name, sa.String()) for name in ("from_stage", "to_stage")),
            *(sa.column(name, sa.Boolean()) for name in ("by_applicant", "needs_free", "needs_reason")),
        ),
        [
            {
                "from_stage": came,
                "to_stage": goes,
                "by_applicant": (came, goes) in BY_APPLICANT,
                "needs_free": (came, goes) in BY_STAFF,
                "needs_reason": goes in SAY_WHY or (came, goes) in SAY_WHY_ALSO,
            }
            for came, goes in (*BY_APPLICANT, *BY_STAFF)
        ],
    )
    name = op.get_bind().dialect.name
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[name].replace("@same", SAME_DECISION)
    if name == "sqlite":  # which compares rows by IS
        guards = guards.replace("IS NOT DISTINCT FROM", "IS")
    for statement in re.split(r";\n\n(?=CREATE)", guards.replace("@bound", BOUND.format(lately=LATELY[name]))):
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for name in ("memberships_bind",) if is_sqlite else ("memberships_bind", "memberships_in_turn"):
        op.execute(f"DROP TRIGGER {name}" + ("" if is_sqlite else " ON memberships"))
    for table in (
        *("incubation_decision_papers", "incubation_decisions", "incubation_documents", "eligibilities"),
        *("declared_interests", "incubation_applications", "incubations", "letter_counts", "incubation_transitions"),
    ):
        op.drop_table(table)
    if not is_sqlite:
        for name in re.findall(r"CREATE FUNCTION (\w+)", POSTGRESQL):
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("organisations", "is_listed")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _stages() -> None:
    op.create_table(
        "incubation_transitions",
        sa.Column("from_stage", _one_of("incubation_transition_from", STAGES), nullable=False),
        sa.Column("to_stage", _one_of("incubation_transition_to", STAGES), nullable=False),
        sa.Column("by_applicant", sa.Boolean(), nullable=False),
        sa.Column("needs_free", sa.Boolean(), nullable=False),
        sa.Column("needs_reason", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("from_stage", "to_stage", name=op.f("pk_incubation_transitions")),
    )
    op.create_table(
        "letter_counts",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_letter_counts")),
    )
    op.create_table(
        "incubations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("stage", _one_of("incubation_stage", STAGES), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("form", _one_of("incubation_form", ("real", "virtual")), nullable=False),
        sa.Column("applicant_id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("step >= 0", name=op.f("ck_incubations_step")),
        sa.ForeignKeyConstraint(["applicant_id"], ["people.id"], name=op.f("fk_incubations_applicant_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_incubations_organisation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_incubations_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubations")),
        sa.UniqueConstraint("number", name=op.f("uq_incubations_number")),
    )
    op.create_index(op.f("ix_incubations_applicant_id"), "incubations", ["applicant_id"], unique=False)
    op.create_index(op.f("ix_incubations_organisation_id"), "incubations", ["organisation_id"], unique=False)
    op.create_index("ix_incubations_stage", "incubations", ["stage", "due_on"], unique=False)
    op.create_index(
        "uq_incubations_live",
        "incubations",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("stage NOT IN ('graduated', 'withdrawn', 'refused')"),
        postgresql_where=sa.text("stage NOT IN ('graduated', 'withdrawn', 'refused')"),
    )
    op.create_table(
        "incubation_applications",
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.Text(), server_default="", nullable=False),
        sa.Column("serves", sa.Text(), server_default="", nullable=False),
        sa.Column("plan", sa.Text(), server_default="", nullable=False),
        sa.Column("money", sa.Text(), server_default="", nullable=False),
        sa.Column("premises", sa.String(length=200), server_default="", nullable=False),
        sa.Column("founders", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("room_hours", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "founders >= 0 AND members >= 0 AND seats >= 0 AND room_hours >= 0",
            name=op.f("ck_incubation_applications_numbers"),
        ),
        sa.ForeignKeyConstraint(
            ["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_applications_incubation_id")
        ),
        sa.PrimaryKeyConstraint("incubation_id", name=op.f("pk_incubation_applications")),
    )


def _interests() -> None:
    op.create_table(
        "declared_interests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind", _one_of("interest_kind", ("family", "founder", "funded", "member")), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("counts_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=False),
        sa.Column("declared_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "until IS NULL OR since IS NULL OR until >= since", name=op.f("ck_declared_interests_dates")
        ),
        sa.ForeignKeyConstraint(["declared_by_id"], ["people.id"], name=op.f("fk_declared_interests_declared_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_declared_interests_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_declared_interests_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_interests")),
    )
    op.create_index(op.f("ix_declared_interests_person_id"), "declared_interests", ["person_id"], unique=False)
    op.create_index("ix_declared_interests_whose", "declared_interests", ["organisation_id", "person_id"], unique=False)
    op.create_table(
        "eligibilities",
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_eligibilities_incubation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_eligibilities_person_id")),
        sa.PrimaryKeyConstraint("incubation_id", "person_id", name=op.f("pk_eligibilities")),
        sa.UniqueConstraint(
            "incubation_id", "person_id", "is_free", name=op.f("uq_eligibilities_incubation_id_person_id_is_free")
        ),
    )
    op.create_index(op.f("ix_eligibilities_person_id"), "eligibilities", ["person_id"], unique=False)


def _papers() -> None:
    op.create_table(
        "incubation_documents",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _one_of(
                "incubation_document_kind",
                (
                    "agreement",
                    "application_form",
                    "charter",
                    "hand_over",
                    "member_roll",
                    "minutes",
                    "other",
                    "plan",
                    "premises",
                    "registration",
                    "report",
                ),
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_staff", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_incubation_documents_sha256")),
        sa.CheckConstraint("size > 0", name=op.f("ck_incubation_documents_size")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_incubation_documents_by_id")),
        sa.ForeignKeyConstraint(
            ["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_documents_incubation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubation_documents")),
        sa.UniqueConstraint(
            "incubation_id", "kind", "version", name=op.f("uq_incubation_documents_incubation_id_kind_version")
        ),
    )
    op.create_index(op.f("ix_incubation_documents_by_id"), "incubation_documents", ["by_id"], unique=False)


def _decisions() -> None:
    op.create_table(
        "incubation_decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("from_stage", _one_of("incubation_decision_from", STAGES), nullable=False),
        sa.Column("to_stage", _one_of("incubation_decision_to", STAGES), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("by_is_free", sa.Boolean(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("document_sha256", sa.String(length=64), server_default="", nullable=False),
        sa.Column("letter_year", sa.Integer(), nullable=True),
        sa.Column("letter_number", sa.Integer(), nullable=True),
        sa.Column("next_owner_id", sa.Integer(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(document_id IS NULL) = (document_sha256 = '')", name=op.f("ck_incubation_decisions_document")
        ),
        sa.CheckConstraint(
            "(letter_year IS NULL) = (letter_number IS NULL)", name=op.f("ck_incubation_decisions_letter")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_incubation_decisions_by_id")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["incubation_documents.id"], name=op.f("fk_incubation_decisions_document_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_stage", "to_stage"],
            ["incubation_transitions.from_stage", "incubation_transitions.to_stage"],
            name="fk_incubation_decisions_allowed",
        ),
        sa.ForeignKeyConstraint(
            ["incubation_id", "by_id", "by_is_free"],
            ["eligibilities.incubation_id", "eligibilities.person_id", "eligibilities.is_free"],
            name="fk_incubation_decisions_free",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_decisions_incubation_id")
        ),
        sa.ForeignKeyConstraint(["next_owner_id"], ["people.id"], name=op.f("fk_incubation_decisions_next_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubation_decisions")),
        sa.UniqueConstraint("incubation_id", "step", name=op.f("uq_incubation_decisions_incubation_id_step")),
        sa.UniqueConstraint(
            "letter_year", "letter_number", name=op.f("uq_incubation_decisions_letter_year_letter_number")
        ),
    )
    op.create_index(op.f("ix_incubation_decisions_by_id"), "incubation_decisions", ["by_id"], unique=False)
    op.create_table(
        "incubation_decision_papers",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["incubation_decisions.id"], name=op.f("fk_incubation_decision_papers_decision_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["incubation_documents.id"], name=op.f("fk_incubation_decision_papers_document_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", "document_id", name=op.f("pk_incubation_decision_papers")),
    )
