"""Evidence of what an organisation did: photographs, spending that nobody alters, packs, and who fetched them."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0024_evidence"
down_revision = "0023_allocation"
branch_labels = None
depends_on = None

# What an entry says stays as it is, and an entry that was struck stays struck; that a pack was fetched stays, too.
SQLITE = """
CREATE TRIGGER spending_entries_stay
BEFORE UPDATE OF id, organisation_id, spent_on, what, payee, fen, receipt_kind, receipt_size, receipt_digest, receipt,
  added_at ON spending_entries
BEGIN SELECT RAISE(ABORT, 'spending_entries_stay'); END;

CREATE TRIGGER spending_entries_struck BEFORE UPDATE OF struck_at, struck_reason ON spending_entries
WHEN OLD.struck_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'spending_entries_stay'); END;

CREATE TRIGGER spending_entries_no_delete BEFORE DELETE ON spending_entries
BEGIN SELECT RAISE(ABORT, 'spending_entries_stay'); END;

CREATE TRIGGER evidence_downloads_stay BEFORE UPDATE OF id, pack_id, at ON evidence_downloads
BEGIN SELECT RAISE(ABORT, 'evidence_downloads_stay'); END;

CREATE TRIGGER evidence_downloads_no_delete BEFORE DELETE ON evidence_downloads
BEGIN SELECT RAISE(ABORT, 'evidence_downloads_stay'); END;
"""
POSTGRESQL = """
CREATE FUNCTION spending_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('spending_entries_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER spending_entries_stay
BEFORE UPDATE OF id, organisation_id, spent_on, what, payee, fen, receipt_kind, receipt_size, receipt_digest, receipt,
  added_at ON spending_entries
FOR EACH ROW EXECUTE FUNCTION spending_entries_stay();

CREATE TRIGGER spending_entries_struck BEFORE UPDATE OF struck_at, struck_reason ON spending_entries
FOR EACH ROW WHEN (OLD.struck_at IS NOT NULL) EXECUTE FUNCTION spending_entries_stay();

CREATE TRIGGER spending_entries_no_delete BEFORE DELETE ON spending_entries
FOR EACH ROW EXECUTE FUNCTION spending_entries_stay();

CREATE FUNCTION evidence_downloads_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('evidence_downloads_stay');
  RETURN NULL;
END $$;

CREATE TRIGGER evidence_downloads_stay BEFORE UPDATE OF id, pack_id, at ON evidence_downloads
FOR EACH ROW EXECUTE FUNCTION evidence_downloads_stay();

CREATE TRIGGER evidence_downloads_no_delete BEFORE DELETE ON evidence_downloads
FOR EACH ROW EXECUTE FUNCTION evidence_downloads_stay();
"""
TABLES = ("evidence_downloads", "evidence_packs", "evidence_pictures", "spending_entries")
FUNCTIONS = ("spending_entries_stay", "evidence_downloads_stay")


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
        "evidence_packs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("self_evaluation", sa.Text(), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "expired",
                "failed",
                "making",
                "ready",
                "waiting",
                name="pack_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("maker", sa.String(length=32), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("file", sa.String(length=60), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(state = 'making') = (leased_until IS NOT NULL)", name=op.f("ck_evidence_packs_lease")),
        sa.CheckConstraint("(state = 'ready') = (file <> '')", name=op.f("ck_evidence_packs_file")),
        sa.CheckConstraint(
            "(state IN ('ready', 'expired')) = (made_at IS NOT NULL)", name=op.f("ck_evidence_packs_made")
        ),
        sa.CheckConstraint("done >= 0 AND done <= total", name=op.f("ck_evidence_packs_progress")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_evidence_packs_days")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_evidence_packs_asked_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_evidence_packs_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_packs")),
    )
    op.create_index(op.f("ix_evidence_packs_asked_by_id"), "evidence_packs", ["asked_by_id"], unique=False)
    op.create_index("ix_evidence_packs_organisation", "evidence_packs", ["organisation_id", "id"], unique=False)
    op.create_index("ix_evidence_packs_state", "evidence_packs", ["state", "expires_at", "id"], unique=False)
    op.create_index(
        "uq_evidence_packs_under_way",
        "evidence_packs",
        ["organisation_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('making', 'waiting')"),
        postgresql_where=sa.text("state IN ('making', 'waiting')"),
    )
    op.create_table(
        "spending_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("payee", sa.String(length=120), nullable=False),
        sa.Column("fen", sa.BigInteger(), nullable=False),
        sa.Column(
            "receipt_kind",
            sa.Enum("jpeg", "pdf", name="receipt_kind", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("receipt_size", sa.Integer(), nullable=False),
        sa.Column("receipt_digest", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("struck_at", UtcDateTime(), nullable=True),
        sa.Column("struck_by_id", sa.Integer(), nullable=True),
        sa.Column("struck_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(receipt IS NULL) = (receipt_digest = '')", name=op.f("ck_spending_entries_digest")),
        sa.CheckConstraint(
            "struck_at IS NULL OR trim(struck_reason) <> ''", name=op.f("ck_spending_entries_struck_reason")
        ),
        sa.CheckConstraint("(receipt IS NULL) = (receipt_kind IS NULL)", name=op.f("ck_spending_entries_receipt")),
        sa.CheckConstraint("(struck_at IS NULL) = (struck_by_id IS NULL)", name=op.f("ck_spending_entries_struck")),
        sa.CheckConstraint("fen > 0", name=op.f("ck_spending_entries_fen")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_spending_entries_added_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_spending_entries_organisation_id")
        ),
        sa.ForeignKeyConstraint(["struck_by_id"], ["people.id"], name=op.f("fk_spending_entries_struck_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spending_entries")),
    )
    op.create_index(op.f("ix_spending_entries_added_by_id"), "spending_entries", ["added_by_id"], unique=False)
    op.create_index(
        "ix_spending_entries_organisation_day", "spending_entries", ["organisation_id", "spent_on", "id"], unique=False
    )
    op.create_index(op.f("ix_spending_entries_struck_by_id"), "spending_entries", ["struck_by_id"], unique=False)
    op.create_table(
        "evidence_downloads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_evidence_downloads_by_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["evidence_packs.id"], name=op.f("fk_evidence_downloads_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_downloads")),
    )
    op.create_index(op.f("ix_evidence_downloads_by_id"), "evidence_downloads", ["by_id"], unique=False)
    op.create_index(op.f("ix_evidence_downloads_pack_id"), "evidence_downloads", ["pack_id"], unique=False)
    op.create_table(
        "evidence_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0 AND size > 0", name=op.f("ck_evidence_pictures_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_evidence_pictures_added_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_evidence_pictures_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_pictures")),
        sa.UniqueConstraint("name", name=op.f("uq_evidence_pictures_name")),
        sa.UniqueConstraint("session_id", "digest", name=op.f("uq_evidence_pictures_session_id_digest")),
    )
    op.create_index(op.f("ix_evidence_pictures_added_by_id"), "evidence_pictures", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_evidence_pictures_session_id"), "evidence_pictures", ["session_id"], unique=False)
