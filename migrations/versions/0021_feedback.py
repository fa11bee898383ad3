"""Feedback after a session, of which nothing leads to whoever gave it without a name; and complaints."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0021_feedback"
down_revision = "0020_works"
branch_labels = None
depends_on = None

# A ticket is spent once and stays so, until its round is closed: then nobody knows any more who answered. A session has
# no more answers than tickets that were spent on it, and none once its round is closed.
SQLITE = """
CREATE TRIGGER feedback_tickets_spent BEFORE UPDATE OF is_spent, session_id, number ON feedback_tickets
WHEN NEW.session_id IS NOT OLD.session_id OR NEW.number IS NOT OLD.number
  OR (EXISTS (SELECT 1 FROM feedback_rounds r WHERE r.session_id = OLD.session_id AND r.closed_at IS NOT NULL)
    AND NEW.is_spent IS NOT NULL)
  OR (NOT EXISTS (SELECT 1 FROM feedback_rounds r WHERE r.session_id = OLD.session_id AND r.closed_at IS NOT NULL)
    AND (NEW.is_spent IS NULL OR (OLD.is_spent AND NOT NEW.is_spent)))
BEGIN SELECT RAISE(ABORT, 'feedback_tickets_spent'); END;

CREATE TRIGGER feedback_answers_spent BEFORE INSERT ON feedback_answers
WHEN EXISTS (SELECT 1 FROM feedback_rounds r WHERE r.session_id = NEW.session_id AND r.closed_at IS NOT NULL)
  OR (SELECT count(*) FROM feedback_answers a WHERE a.session_id = NEW.session_id)
    >= (SELECT count(*) FROM feedback_tickets t WHERE t.session_id = NEW.session_id AND t.is_spent)
BEGIN SELECT RAISE(ABORT, 'feedback_answers_spent'); END;

CREATE TRIGGER feedback_answers_stay BEFORE UPDATE OF key, session_id, liking, following ON feedback_answers
BEGIN SELECT RAISE(ABORT, 'feedback_answers_stay'); END;

CREATE TRIGGER complaints_stay BEFORE UPDATE OF answer, answered_at, answered_by_id, organisation_id ON complaints
WHEN OLD.answered_at IS NOT NULL AND (NEW.answered_at IS NOT OLD.answered_at OR NEW.answer IS NOT OLD.answer)
  OR NEW.organisation_id IS NOT OLD.organisation_id
BEGIN SELECT RAISE(ABORT, 'complaints_stay'); END;
"""
POSTGRESQL = """
CREATE FUNCTION feedback_tickets_spent() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_closed boolean;
BEGIN
  SELECT closed_at IS NOT NULL INTO is_closed FROM feedback_rounds WHERE session_id = OLD.session_id;
  IF NEW.session_id <> OLD.session_id OR NEW.number <> OLD.number OR (is_closed AND NEW.is_spent IS NOT NULL)
     OR (NOT is_closed AND (NEW.is_spent IS NULL OR (OLD.is_spent AND NOT NEW.is_spent))) THEN
    PERFORM attendance_refuses('feedback_tickets_spent');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER feedback_tickets_spent BEFORE UPDATE OF is_spent, session_id, number ON feedback_tickets
FOR EACH ROW EXECUTE FUNCTION feedback_tickets_spent();

CREATE FUNCTION feedback_answers_spent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM feedback_rounds r WHERE r.session_id = NEW.session_id AND r.closed_at IS NOT NULL)
     OR (SELECT count(*) FROM feedback_answers a WHERE a.session_id = NEW.session_id)
       >= (SELECT count(*) FROM feedback_tickets t WHERE t.session_id = NEW.session_id AND t.is_spent) THEN
    PERFORM attendance_refuses('feedback_answers_spent');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER feedback_answers_spent BEFORE INSERT ON feedback_answers
FOR EACH ROW EXECUTE FUNCTION feedback_answers_spent();

CREATE FUNCTION feedback_answers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('feedback_answers_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER feedback_answers_stay BEFORE UPDATE OF key, session_id, liking, following ON feedback_answers
FOR EACH ROW EXECUTE FUNCTION feedback_answers_stay();

CREATE FUNCTION complaints_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.organisation_id <> OLD.organisation_id
     OR (OLD.answered_at IS NOT NULL
         AND (NEW.answered_at IS DISTINCT FROM OLD.answered_at OR NEW.answer <> OLD.answer)) THEN
    PERFORM attendance_refuses('complaints_stay');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER complaints_stay BEFORE UPDATE OF answer, answered_at, answered_by_id, organisation_id ON complaints
FOR EACH ROW EXECUTE FUNCTION complaints_stay();
"""
TABLES = ("feedback_tickets", "feedback_answers", "feedback_rounds", "complaints")
FUNCTIONS = ("feedback_tickets_spent", "feedback_answers_spent", "feedback_answers_stay", "complaints_stay")


def upgrade() -> None:
    _make_tables()
    for each in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name].strip().split("\n\n"):
        op.execute(each)


def downgrade() -> None:
    for each in TABLES:
        op.drop_table(each)
    if op.get_bind().dialect.name != "sqlite":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}()")


def _make_tables() -> None:
    op.create_table(
        "complaints",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f("ck_complaints_answer")),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_complaints_answered")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_complaints_answered_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_complaints_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_complaints_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_complaints_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
        sa.UniqueConstraint("number", name=op.f("uq_complaints_number")),
    )
    op.create_index(op.f("ix_complaints_answered_by_id"), "complaints", ["answered_by_id"], unique=False)
    op.create_index(op.f("ix_complaints_organisation_id"), "complaints", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_complaints_person_id"), "complaints", ["person_id"], unique=False)
    op.create_index("ix_complaints_sent", "complaints", ["sent_on", "id"], unique=False)
    op.create_index(op.f("ix_complaints_session_id"), "complaints", ["session_id"], unique=False)
    op.create_table(
        "feedback_rounds",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_feedback_rounds_times")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_feedback_rounds_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_feedback_rounds")),
    )
    op.create_index(
        "ix_feedback_rounds_open",
        "feedback_rounds",
        ["closes_at", "session_id"],
        unique=False,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "feedback_answers",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column(
            "liking",
            sa.Enum(
                "very_good",
                "good",
                "so_so",
                "not_good",
                name="feedback_liking",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "following",
            sa.Enum(
                "yes", "partly", "no", name="feedback_following", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feedback_answers_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["feedback_rounds.session_id"], name=op.f("fk_feedback_answers_session_id")
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_feedback_answers")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_feedback_answers_person_id"), "feedback_answers", ["person_id"], unique=False)
    op.create_index("ix_feedback_answers_session", "feedback_answers", ["session_id", "is_counted"], unique=False)
    op.create_table(
        "feedback_tickets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("is_spent", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_feedback_tickets_person_id")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["feedback_rounds.session_id"], name=op.f("fk_feedback_tickets_session_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_feedback_tickets_number")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_feedback_tickets_session_id_person_id")),
    )
    op.create_index(op.f("ix_feedback_tickets_person_id"), "feedback_tickets", ["person_id"], unique=False)
    op.create_index(op.f("ix_feedback_tickets_session_id"), "feedback_tickets", ["session_id"], unique=False)
