"""Photos of those who collect, and what they answered when they were asked; the columns that no photo used go."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime
from center.kernel.guards_aside import guards_aside

revision = "0012_collector_photos"
down_revision = "0011_half_days"
branch_labels = None
depends_on = None

PURPOSE = "ck_consent_texts_consent_purpose"
PURPOSES = "'care', 'health', 'photos', 'walking_alone'"
# What somebody answered is altered by nobody but that it ends once, and what it let in is deleted first.
SQLITE = """
CREATE TRIGGER collector_agreements_no_update BEFORE UPDATE ON collector_agreements
WHEN NOT (OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND NEW.id IS OLD.id
  AND NEW.collector_id IS OLD.collector_id AND NEW.text_id IS OLD.text_id AND NEW.is_given IS OLD.is_given
  AND NEW.by_id IS OLD.by_id AND NEW.recorded_by_id IS OLD.recorded_by_id AND NEW.means IS OLD.means
  AND NEW.at IS OLD.at AND NOT EXISTS (SELECT 1 FROM collector_photos f WHERE f.agreement_id = OLD.id))
BEGIN SELECT RAISE(ABORT, 'collector_agreements_append_only'); END;

CREATE TRIGGER collector_agreements_no_delete BEFORE DELETE ON collector_agreements
BEGIN SELECT RAISE(ABORT, 'collector_agreements_append_only'); END;

CREATE TRIGGER collector_agreements_text BEFORE INSERT ON collector_agreements
WHEN NOT EXISTS (SELECT 1 FROM consent_texts t WHERE t.id = NEW.text_id AND t.purpose = 'collector_photo')
BEGIN SELECT RAISE(ABORT, 'collector_agreements_text'); END;

CREATE TRIGGER collector_photos_agreed_insert BEFORE INSERT ON collector_photos
WHEN NOT EXISTS (SELECT 1 FROM collector_agreements a WHERE a.id = NEW.agreement_id
  AND a.collector_id = NEW.collector_id AND a.is_given AND a.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'collector_photos_agreed'); END;

CREATE TRIGGER collector_photos_agreed_update BEFORE UPDATE ON collector_photos
WHEN NOT EXISTS (SELECT 1 FROM collector_agreements a WHERE a.id = NEW.agreement_id
  AND a.collector_id = NEW.collector_id AND a.is_given AND a.revoked_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'collector_photos_agreed'); END;
"""
POSTGRESQL = """
CREATE FUNCTION collector_agreements_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.revoked_at IS NULL AND NEW.revoked_at IS NOT NULL AND NEW.id = OLD.id
       AND NEW.collector_id = OLD.collector_id AND NEW.text_id = OLD.text_id AND NEW.is_given = OLD.is_given
       AND NEW.by_id = OLD.by_id AND NEW.recorded_by_id = OLD.recorded_by_id AND NEW.means = OLD.means
       AND NEW.at = OLD.at AND NOT EXISTS (SELECT 1 FROM collector_photos f WHERE f.agreement_id = OLD.id) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('collector_agreements_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER collector_agreements_append_only BEFORE UPDATE OR DELETE ON collector_agreements
FOR EACH ROW EXECUTE FUNCTION collector_agreements_append_only();

CREATE TRIGGER collector_agreements_no_truncate BEFORE TRUNCATE ON collector_agreements
FOR EACH STATEMENT EXECUTE FUNCTION collector_agreements_append_only();

CREATE FUNCTION collector_agreements_text() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM consent_texts t WHERE t.id = NEW.text_id AND t.purpose = 'collector_photo') THEN
    PERFORM attendance_refuses('collector_agreements_text');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER collector_agreements_text BEFORE INSERT ON collector_agreements
FOR EACH ROW EXECUTE FUNCTION collector_agreements_text();

CREATE FUNCTION collector_photos_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM collector_agreements WHERE id = NEW.agreement_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM collector_agreements a WHERE a.id = NEW.agreement_id
      AND a.collector_id = NEW.collector_id AND a.is_given AND a.revoked_at IS NULL) THEN
    PERFORM attendance_refuses('collector_photos_agreed');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER collector_photos_agreed BEFORE INSERT OR UPDATE ON collector_photos
FOR EACH ROW EXECUTE FUNCTION collector_photos_agreed();
"""
FUNCTIONS = ("collector_photos_agreed", "collector_agreements_text", "collector_agreements_append_only")


def upgrade() -> None:
    op.drop_column("collectors", "photo_agreed_at")
    op.drop_column("collectors", "photo_file")
    op.create_index(op.f("ix_collectors_ends_on"), "collectors", ["ends_on"])
    _let_texts_be_for(f"'care', 'collector_photo', {PURPOSES.partition(', ')[2]}")
    _agreements()
    _photos()
    for each in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name].strip().split("\n\n"):
        op.execute(each)


def downgrade() -> None:
    """What was agreed to by whoever collects is forgotten: there is no place for it before this."""
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table("collector_photos")
    op.drop_table("collector_agreements")
    if not is_sqlite:
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}()")
        op.execute("ALTER TABLE consent_texts DISABLE TRIGGER consent_texts_append_only")
    with guards_aside("consent_texts"):
        op.execute("DELETE FROM consent_texts WHERE purpose = 'collector_photo'")
    if not is_sqlite:
        op.execute("ALTER TABLE consent_texts ENABLE TRIGGER consent_texts_append_only")
    _let_texts_be_for(PURPOSES)
    op.drop_index(op.f("ix_collectors_ends_on"), "collectors")
    op.add_column("collectors", sa.Column("photo_file", sa.String(length=80), nullable=False, server_default=""))
    op.add_column("collectors", sa.Column("photo_agreed_at", UtcDateTime(), nullable=True))
    with guards_aside("collectors"), op.batch_alter_table("collectors") as batch:
        batch.alter_column("photo_file", existing_type=sa.String(length=80), server_default=None)


def _let_texts_be_for(purposes: str) -> None:
    with guards_aside("consent_texts"), op.batch_alter_table("consent_texts") as batch:
        batch.drop_constraint(op.f(PURPOSE), type_="check")
        batch.create_check_constraint(op.f(PURPOSE), f"purpose IN ({purposes})")


def _agreements() -> None:
    op.create_table(
        "collector_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("text_id", sa.Integer(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "account",
                "paper",
                name="collector_agreement_means",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_collector_agreements_revoked")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_collector_agreements_by_id")),
        sa.ForeignKeyConstraint(["collector_id"], ["collectors.id"], name=op.f("fk_collector_agreements_collector_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_collector_agreements_recorded_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_collector_agreements_revoked_by_id")),
        sa.ForeignKeyConstraint(["text_id"], ["consent_texts.id"], name=op.f("fk_collector_agreements_text_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector_agreements")),
    )
    op.create_index(op.f("ix_collector_agreements_collector_id"), "collector_agreements", ["collector_id"])
    op.create_index(
        "uq_collector_agreements_live",
        "collector_agreements",
        ["collector_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )


def _photos() -> None:
    op.create_table(
        "collector_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("collector_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["collector_agreements.id"], name=op.f("fk_collector_photos_agreement_id")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_collector_photos_by_id")),
        sa.ForeignKeyConstraint(["collector_id"], ["collectors.id"], name=op.f("fk_collector_photos_collector_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_collector_photos")),
        sa.UniqueConstraint("collector_id", name=op.f("uq_collector_photos_collector_id")),
    )
    op.create_index(op.f("ix_collector_photos_agreement_id"), "collector_photos", ["agreement_id"])
