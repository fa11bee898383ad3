"""Reviews of organisations, what is made known of them, and the letters that say decisions."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0018_reviews"
down_revision = "0017_performances"
branch_labels = None
depends_on = None

TABLES = (
    "incubation_letters", "objections", "publications", "score_points", "review_scores", "panel_seats",
    "incubation_reviews", "reviewers", "criteria", "criteria_versions",
)  # fmt: skip
# A result after a review stands on three signed sheets that count, in a round whose minutes are written.
SQLITE = """
CREATE TRIGGER criteria_versions_whole BEFORE UPDATE ON criteria_versions
WHEN NOT (OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.id IS OLD.id AND NEW.number IS OLD.number
  AND (SELECT sum(c.weight) FROM criteria c WHERE c.version_id = OLD.id) = 100)
BEGIN SELECT RAISE(ABORT, 'criteria_versions_whole'); END;

CREATE TRIGGER criteria_versions_no_delete BEFORE DELETE ON criteria_versions
BEGIN SELECT RAISE(ABORT, 'criteria_versions_whole'); END;

CREATE TRIGGER criteria_stay_insert BEFORE INSERT ON criteria
WHEN EXISTS (SELECT 1 FROM criteria_versions v WHERE v.id = NEW.version_id AND v.published_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'criteria_stay'); END;

CREATE TRIGGER criteria_stay_update BEFORE UPDATE ON criteria
BEGIN SELECT RAISE(ABORT, 'criteria_stay'); END;

CREATE TRIGGER criteria_stay_delete BEFORE DELETE ON criteria
BEGIN SELECT RAISE(ABORT, 'criteria_stay'); END;

CREATE TRIGGER incubation_reviews_stay BEFORE UPDATE ON incubation_reviews
WHEN OLD.minutes_at IS NOT NULL OR NEW.id IS NOT OLD.id OR NEW.incubation_id IS NOT OLD.incubation_id
  OR NEW.round IS NOT OLD.round OR NEW.version_id IS NOT OLD.version_id OR NEW.how IS NOT OLD.how
  OR NEW.seed IS NOT OLD.seed OR NEW.pool IS NOT OLD.pool
BEGIN SELECT RAISE(ABORT, 'incubation_reviews_stay'); END;

CREATE TRIGGER panel_seats_free BEFORE INSERT ON panel_seats
WHEN NOT NEW.is_free
BEGIN SELECT RAISE(ABORT, 'panel_seats_free'); END;

CREATE TRIGGER panel_seats_no_delete BEFORE DELETE ON panel_seats
BEGIN SELECT RAISE(ABORT, 'panel_seats_stay'); END;

CREATE TRIGGER review_scores_open BEFORE INSERT ON review_scores
WHEN NOT NEW.is_free OR NEW.signed_at IS NOT NULL
  OR EXISTS (SELECT 1 FROM incubation_reviews r WHERE r.id = NEW.review_id AND r.minutes_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'review_scores_open'); END;

CREATE TRIGGER review_scores_signed BEFORE UPDATE ON review_scores
WHEN NEW.id IS NOT OLD.id OR NEW.review_id IS NOT OLD.review_id OR NEW.person_id IS NOT OLD.person_id
  OR NEW.is_free > OLD.is_free
  OR (OLD.signed_at IS NOT NULL
    AND NOT (NEW.signed_at IS OLD.signed_at AND NEW.is_for IS OLD.is_for AND NEW.remark IS OLD.remark))
  OR (NEW.signed_at IS NOT OLD.signed_at AND (NOT NEW.is_free
    OR EXISTS (SELECT 1 FROM incubation_reviews r WHERE r.id = OLD.review_id AND r.minutes_at IS NOT NULL)
    OR EXISTS (SELECT 1 FROM criteria c JOIN incubation_reviews r ON r.version_id = c.version_id
      WHERE r.id = OLD.review_id
      AND NOT EXISTS (SELECT 1 FROM score_points p WHERE p.score_id = OLD.id AND p.criterion_id = c.id))))
BEGIN SELECT RAISE(ABORT, 'review_scores_signed'); END;

CREATE TRIGGER review_scores_no_delete BEFORE DELETE ON review_scores
BEGIN SELECT RAISE(ABORT, 'review_scores_signed'); END;

CREATE TRIGGER score_points_insert BEFORE INSERT ON score_points
WHEN EXISTS (SELECT 1 FROM review_scores s WHERE s.id = NEW.score_id AND s.signed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'score_points_signed'); END;

CREATE TRIGGER score_points_update BEFORE UPDATE ON score_points
WHEN EXISTS (SELECT 1 FROM review_scores s WHERE s.id IN (OLD.score_id, NEW.score_id) AND s.signed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'score_points_signed'); END;

CREATE TRIGGER score_points_delete BEFORE DELETE ON score_points
WHEN EXISTS (SELECT 1 FROM review_scores s WHERE s.id = OLD.score_id AND s.signed_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'score_points_signed'); END;

CREATE TRIGGER incubation_decisions_panel BEFORE INSERT ON incubation_decisions
WHEN NEW.from_stage = 'review' AND NEW.to_stage IN ('published', 'refused')
  AND (SELECT count(*) FROM review_scores s WHERE s.signed_at IS NOT NULL AND s.is_free AND s.review_id =
    (SELECT r.id FROM incubation_reviews r WHERE r.incubation_id = NEW.incubation_id AND r.minutes_at IS NOT NULL
      AND r.round = (SELECT max(l.round) FROM incubation_reviews l WHERE l.incubation_id = NEW.incubation_id))) < 3
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_panel'); END;

CREATE TRIGGER incubation_decisions_published BEFORE INSERT ON incubation_decisions
WHEN NEW.from_stage = 'published' AND NEW.to_stage = 'signing' AND (
  NOT EXISTS (SELECT 1 FROM publications p WHERE p.incubation_id = NEW.incubation_id AND p.ends_at <= NEW.at
    AND p.round = (SELECT max(l.round) FROM publications l WHERE l.incubation_id = NEW.incubation_id))
  OR EXISTS (SELECT 1 FROM objections o JOIN publications p ON p.id = o.publication_id
    WHERE p.incubation_id = NEW.incubation_id AND o.answered_at IS NULL))
BEGIN SELECT RAISE(ABORT, 'incubation_decisions_published'); END;

CREATE TRIGGER publications_no_update BEFORE UPDATE ON publications
BEGIN SELECT RAISE(ABORT, 'publications_append_only'); END;

CREATE TRIGGER publications_no_delete BEFORE DELETE ON publications
BEGIN SELECT RAISE(ABORT, 'publications_append_only'); END;

CREATE TRIGGER objections_in_time BEFORE INSERT ON objections
WHEN NOT EXISTS (SELECT 1 FROM publications p JOIN incubations i ON i.id = p.incubation_id
  WHERE p.id = NEW.publication_id AND i.stage = 'published' AND NEW.at >= p.starts_at AND NEW.at < p.ends_at)
BEGIN SELECT RAISE(ABORT, 'objections_in_time'); END;

CREATE TRIGGER objections_answered_once BEFORE UPDATE ON objections
WHEN OLD.answered_at IS NOT NULL
  AND NOT (NEW.answered_at IS OLD.answered_at AND NEW.answer IS OLD.answer AND NEW.is_upheld IS OLD.is_upheld)
BEGIN SELECT RAISE(ABORT, 'objections_answered_once'); END;

CREATE TRIGGER objections_no_delete BEFORE DELETE ON objections
BEGIN SELECT RAISE(ABORT, 'objections_answered_once'); END;

CREATE TRIGGER incubation_letters_no_update BEFORE UPDATE ON incubation_letters
BEGIN SELECT RAISE(ABORT, 'incubation_letters_append_only'); END;

CREATE TRIGGER incubation_letters_no_delete BEFORE DELETE ON incubation_letters
BEGIN SELECT RAISE(ABORT, 'incubation_letters_append_only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION criteria_versions_whole() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.published_at IS NULL AND NEW.published_at IS NOT NULL AND NEW.id = OLD.id AND NEW.number = OLD.number
       AND (SELECT sum(c.weight) FROM criteria c WHERE c.version_id = OLD.id) = 100 THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('criteria_versions_whole');
  RETURN NULL;
END $$;

CREATE TRIGGER criteria_versions_whole BEFORE UPDATE OR DELETE ON criteria_versions
FOR EACH ROW EXECUTE FUNCTION criteria_versions_whole();

CREATE FUNCTION criteria_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM 1 FROM criteria_versions v WHERE v.id = NEW.version_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM criteria_versions v WHERE v.id = NEW.version_id AND v.published_at IS NOT NULL) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('criteria_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER criteria_stay BEFORE INSERT OR UPDATE OR DELETE ON criteria
FOR EACH ROW EXECUTE FUNCTION criteria_stay();

CREATE FUNCTION incubation_reviews_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.minutes_at IS NULL AND (NEW.id, NEW.incubation_id, NEW.round, NEW.version_id, NEW.how, NEW.seed, NEW.pool)
     = (OLD.id, OLD.incubation_id, OLD.round, OLD.version_id, OLD.how, OLD.seed, OLD.pool) THEN
    RETURN NEW;
  END IF;
  PERFORM attendance_refuses('incubation_reviews_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_reviews_stay BEFORE UPDATE ON incubation_reviews
FOR EACH ROW EXECUTE FUNCTION incubation_reviews_stay();

CREATE FUNCTION panel_seats_free() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT NEW.is_free THEN
    PERFORM attendance_refuses('panel_seats_free');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER panel_seats_free BEFORE INSERT ON panel_seats
FOR EACH ROW EXECUTE FUNCTION panel_seats_free();

CREATE FUNCTION panel_seats_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('panel_seats_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER panel_seats_no_delete BEFORE DELETE ON panel_seats
FOR EACH ROW EXECUTE FUNCTION panel_seats_stay();

CREATE FUNCTION review_scores_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM incubation_reviews r WHERE r.id = NEW.review_id FOR SHARE;
  IF NOT NEW.is_free OR NEW.signed_at IS NOT NULL
     OR EXISTS (SELECT 1 FROM incubation_reviews r WHERE r.id = NEW.review_id AND r.minutes_at IS NOT NULL) THEN
    PERFORM attendance_refuses('review_scores_open');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER review_scores_open BEFORE INSERT ON review_scores
FOR EACH ROW EXECUTE FUNCTION review_scores_open();

CREATE FUNCTION review_scores_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM attendance_refuses('review_scores_signed');
  END IF;
  IF NEW.signed_at IS DISTINCT FROM OLD.signed_at THEN
    PERFORM 1 FROM incubation_reviews r WHERE r.id = OLD.review_id FOR SHARE;
  END IF;
  IF (NEW.id, NEW.review_id, NEW.person_id) <> (OLD.id, OLD.review_id, OLD.person_id)
    OR (NEW.is_free AND NOT OLD.is_free)
    OR (OLD.signed_at IS NOT NULL
      AND (NEW.signed_at, NEW.is_for, NEW.remark) IS DISTINCT FROM (OLD.signed_at, OLD.is_for, OLD.remark))
    OR (NEW.signed_at IS DISTINCT FROM OLD.signed_at AND (NOT NEW.is_free
      OR EXISTS (SELECT 1 FROM incubation_reviews r WHERE r.id = OLD.review_id AND r.minutes_at IS NOT NULL)
      OR EXISTS (SELECT 1 FROM criteria c JOIN incubation_reviews r ON r.version_id = c.version_id
        WHERE r.id = OLD.review_id
        AND NOT EXISTS (SELECT 1 FROM score_points p WHERE p.score_id = OLD.id AND p.criterion_id = c.id)))) THEN
    PERFORM attendance_refuses('review_scores_signed');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER review_scores_signed BEFORE UPDATE OR DELETE ON review_scores
FOR EACH ROW EXECUTE FUNCTION review_scores_signed();

CREATE FUNCTION score_points_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  sheet integer := CASE WHEN TG_OP = 'DELETE' THEN OLD.score_id ELSE NEW.score_id END;
BEGIN
  PERFORM 1 FROM review_scores s WHERE s.id = sheet FOR SHARE;
  IF EXISTS (SELECT 1 FROM review_scores s WHERE s.id = sheet AND s.signed_at IS NOT NULL)
    OR (TG_OP = 'UPDATE' AND EXISTS
      (SELECT 1 FROM review_scores s WHERE s.id = OLD.score_id AND s.signed_at IS NOT NULL)) THEN
    PERFORM attendance_refuses('score_points_signed');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER score_points_signed BEFORE INSERT OR UPDATE OR DELETE ON score_points
FOR EACH ROW EXECUTE FUNCTION score_points_signed();

CREATE FUNCTION incubation_decisions_panel() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  latest integer;
BEGIN
  IF NEW.from_stage = 'review' AND NEW.to_stage IN ('published', 'refused') THEN
    SELECT r.id INTO latest FROM incubation_reviews r WHERE r.incubation_id = NEW.incubation_id
      AND r.minutes_at IS NOT NULL
      AND r.round = (SELECT max(l.round) FROM incubation_reviews l WHERE l.incubation_id = NEW.incubation_id);
    PERFORM 1 FROM review_scores s WHERE s.review_id = latest FOR SHARE;
    IF latest IS NULL OR (SELECT count(*) FROM review_scores s
        WHERE s.review_id = latest AND s.signed_at IS NOT NULL AND s.is_free) < 3 THEN
      PERFORM attendance_refuses('incubation_decisions_panel');
    END IF;
  END IF;
  IF NEW.from_stage = 'published' AND NEW.to_stage = 'signing' AND (
    NOT EXISTS (SELECT 1 FROM publications p WHERE p.incubation_id = NEW.incubation_id AND p.ends_at <= NEW.at
      AND p.round = (SELECT max(l.round) FROM publications l WHERE l.incubation_id = NEW.incubation_id))
    OR EXISTS (SELECT 1 FROM objections o JOIN publications p ON p.id = o.publication_id
      WHERE p.incubation_id = NEW.incubation_id AND o.answered_at IS NULL)) THEN
    PERFORM attendance_refuses('incubation_decisions_published');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_decisions_panel BEFORE INSERT ON incubation_decisions
FOR EACH ROW EXECUTE FUNCTION incubation_decisions_panel();

CREATE FUNCTION publications_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('publications_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER publications_append_only BEFORE UPDATE OR DELETE ON publications
FOR EACH ROW EXECUTE FUNCTION publications_append_only();

CREATE FUNCTION objections_in_time() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM incubations i JOIN publications p ON p.incubation_id = i.id WHERE p.id = NEW.publication_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM publications p JOIN incubations i ON i.id = p.incubation_id
      WHERE p.id = NEW.publication_id AND i.stage = 'published' AND NEW.at >= p.starts_at AND NEW.at < p.ends_at) THEN
    PERFORM attendance_refuses('objections_in_time');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER objections_in_time BEFORE INSERT ON objections
FOR EACH ROW EXECUTE FUNCTION objections_in_time();

CREATE FUNCTION objections_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.answered_at IS NULL OR (NEW.answered_at, NEW.answer, NEW.is_upheld)
       IS NOT DISTINCT FROM (OLD.answered_at, OLD.answer, OLD.is_upheld) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('objections_answered_once');
  RETURN NULL;
END $$;

CREATE TRIGGER objections_answered_once BEFORE UPDATE OR DELETE ON objections
FOR EACH ROW EXECUTE FUNCTION objections_answered_once();

CREATE FUNCTION incubation_letters_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('incubation_letters_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER incubation_letters_append_only BEFORE UPDATE OR DELETE ON incubation_letters
FOR EACH ROW EXECUTE FUNCTION incubation_letters_append_only();
"""


def upgrade() -> None:
    _criteria()
    _panels()
    _scores()
    _publications()
    for statement in re.split(
        r";\n\n(?=CREATE)", {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    ):
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if is_sqlite:
        op.execute("DROP TRIGGER incubation_decisions_published")
    op.execute("DROP TRIGGER incubation_decisions_panel" + ("" if is_sqlite else " ON incubation_decisions"))
    for table in TABLES:
        op.drop_table(table)
    if not is_sqlite:
        for name in re.findall(r"CREATE FUNCTION (\w+)", POSTGRESQL):
            op.execute(f"DROP FUNCTION {name}()")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _criteria() -> None:
    op.create_table(
        "criteria_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_criteria_versions_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria_versions")),
        sa.UniqueConstraint("number", name=op.f("uq_criteria_versions_number")),
    )
    op.create_table(
        "criteria",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), server_default="", nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_criteria_weight")),
        sa.ForeignKeyConstraint(["version_id"], ["criteria_versions.id"], name=op.f("fk_criteria_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criteria")),
        sa.UniqueConstraint("version_id", "position", name=op.f("uq_criteria_version_id_position")),
    )
    op.create_table(
        "reviewers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=80), server_default="", nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_reviewers_dates")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_reviewers_added_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_reviewers_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reviewers")),
    )
    op.create_index(op.f("ix_reviewers_person_id"), "reviewers", ["person_id"], unique=False)
    op.create_index(
        "uq_reviewers_live",
        "reviewers",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )


def _panels() -> None:
    op.create_table(
        "incubation_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("how", _one_of("panel_way", ("drawn", "named")), nullable=False),
        sa.Column("seed", sa.String(length=64), server_default="", nullable=False),
        sa.Column("pool", sa.Text(), server_default="", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Text(), server_default="", nullable=False),
        sa.Column("minutes_at", UtcDateTime(), nullable=True),
        sa.Column("minutes_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(how = 'drawn') = (seed <> '')", name=op.f("ck_incubation_reviews_seed")),
        sa.CheckConstraint(
            "(minutes_at IS NULL) = (minutes_by_id IS NULL)", name=op.f("ck_incubation_reviews_minutes")
        ),
        sa.ForeignKeyConstraint(
            ["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_reviews_incubation_id")
        ),
        sa.ForeignKeyConstraint(["minutes_by_id"], ["people.id"], name=op.f("fk_incubation_reviews_minutes_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_incubation_reviews_opened_by_id")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["criteria_versions.id"], name=op.f("fk_incubation_reviews_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubation_reviews")),
        sa.UniqueConstraint("id", "incubation_id", name=op.f("uq_incubation_reviews_id_incubation_id")),
        sa.UniqueConstraint("incubation_id", "round", name=op.f("uq_incubation_reviews_incubation_id_round")),
    )
    op.create_table(
        "panel_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seated_at", UtcDateTime(), nullable=False),
        sa.Column("declared_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["incubation_id", "person_id", "is_free"],
            ["eligibilities.incubation_id", "eligibilities.person_id", "eligibilities.is_free"],
            name="fk_panel_seats_free",
            onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_panel_seats_person_id")),
        sa.ForeignKeyConstraint(
            ["review_id", "incubation_id"],
            ["incubation_reviews.id", "incubation_reviews.incubation_id"],
            name="fk_panel_seats_review",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_panel_seats")),
        sa.UniqueConstraint(
            "review_id", "person_id", "is_free", name=op.f("uq_panel_seats_review_id_person_id_is_free")
        ),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_panel_seats_review_id_person_id")),
    )
    op.create_index(op.f("ix_panel_seats_person_id"), "panel_seats", ["person_id"], unique=False)


def _scores() -> None:
    op.create_table(
        "review_scores",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("is_for", sa.Boolean(), nullable=True),
        sa.Column("remark", sa.Text(), server_default="", nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.Column("signed_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_review_scores_person_id")),
        sa.ForeignKeyConstraint(
            ["review_id", "person_id", "is_free"],
            ["panel_seats.review_id", "panel_seats.person_id", "panel_seats.is_free"],
            name="fk_review_scores_seat",
            onupdate="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_scores")),
        sa.UniqueConstraint("review_id", "person_id", name=op.f("uq_review_scores_review_id_person_id")),
    )
    op.create_index(op.f("ix_review_scores_person_id"), "review_scores", ["person_id"], unique=False)
    op.create_table(
        "score_points",
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("criterion_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("points BETWEEN 0 AND 10", name=op.f("ck_score_points_points")),
        sa.ForeignKeyConstraint(["criterion_id"], ["criteria.id"], name=op.f("fk_score_points_criterion_id")),
        sa.ForeignKeyConstraint(["score_id"], ["review_scores.id"], name=op.f("fk_score_points_score_id")),
        sa.PrimaryKeyConstraint("score_id", "criterion_id", name=op.f("pk_score_points")),
    )


def _publications() -> None:
    op.create_table(
        "publications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_publications_dates")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_publications_by_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["incubation_decisions.id"], name=op.f("fk_publications_decision_id")),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_publications_incubation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_publications_decision_id")),
        sa.UniqueConstraint("incubation_id", "round", name=op.f("uq_publications_incubation_id_round")),
    )
    op.create_index("ix_publications_ends_at", "publications", ["ends_at"], unique=False)
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("way", _one_of("objection_way", ("desk", "site")), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("paper", sa.String(length=60), server_default="", nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f("ck_objections_answered")),
        sa.CheckConstraint("(answered_at IS NULL) = (is_upheld IS NULL)", name=op.f("ck_objections_upheld")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_objections_answered_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_objections_person_id")),
        sa.ForeignKeyConstraint(["publication_id"], ["publications.id"], name=op.f("fk_objections_publication_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_objections_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
        sa.UniqueConstraint("number", name=op.f("uq_objections_number")),
    )
    op.create_index(op.f("ix_objections_person_id"), "objections", ["person_id"], unique=False)
    op.create_index(op.f("ix_objections_publication_id"), "objections", ["publication_id"], unique=False)
    op.create_table(
        "incubation_letters",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("addressee", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["incubation_decisions.id"], name=op.f("fk_incubation_letters_decision_id")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_incubation_letters")),
    )
