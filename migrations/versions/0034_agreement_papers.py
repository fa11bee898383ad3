"""The papers on which agreements are signed: of the same organisation, agreements indeed, and taken away by nobody."""

import sqlalchemy as sa
from alembic import op

revision = "0034_agreement_papers"
down_revision = "0033_leaving"
branch_labels = None
depends_on = None

FITS = (
    "EXISTS (SELECT 1 FROM incubation_documents d JOIN incubation_agreements a ON a.incubation_id = d.incubation_id"
    " WHERE d.id = NEW.document_id AND a.id = NEW.agreement_id AND d.kind = 'agreement')"
)
SQLITE = (
    "CREATE TRIGGER agreement_papers_fit BEFORE INSERT ON agreement_papers"
    f" WHEN NOT {FITS} BEGIN SELECT RAISE(ABORT, 'agreement_papers_fit'); END",
    "CREATE TRIGGER agreement_papers_no_update BEFORE UPDATE ON agreement_papers"
    " BEGIN SELECT RAISE(ABORT, 'agreement_papers_stay'); END",
    "CREATE TRIGGER agreement_papers_no_delete BEFORE DELETE ON agreement_papers"
    " BEGIN SELECT RAISE(ABORT, 'agreement_papers_stay'); END",
)
POSTGRESQL = (
    f"""
CREATE FUNCTION agreement_papers_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT {FITS} THEN
    PERFORM attendance_refuses('agreement_papers_fit');
  END IF;
  RETURN NEW;
END $$
""",
    "CREATE TRIGGER agreement_papers_fit BEFORE INSERT ON agreement_papers"
    " FOR EACH ROW EXECUTE FUNCTION agreement_papers_fit()",
    """
CREATE FUNCTION agreement_papers_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('agreement_papers_stay');
  RETURN NULL;
END $$
""",
    "CREATE TRIGGER agreement_papers_stay BEFORE UPDATE OR DELETE ON agreement_papers"
    " FOR EACH ROW EXECUTE FUNCTION agreement_papers_stay()",
)


def upgrade() -> None:
    op.create_table(
        "agreement_papers",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["incubation_agreements.id"], name=op.f("fk_agreement_papers_agreement_id")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["incubation_documents.id"], name=op.f("fk_agreement_papers_document_id")
        ),
        sa.PrimaryKeyConstraint("agreement_id", "document_id", name=op.f("pk_agreement_papers")),
    )
    op.create_index(op.f("ix_agreement_papers_document_id"), "agreement_papers", ["document_id"])
    op.execute(
        "INSERT INTO agreement_papers (agreement_id, document_id)"
        " SELECT id, document_id FROM incubation_agreements WHERE document_id IS NOT NULL"
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("agreement_papers")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION agreement_papers_fit()")
        op.execute("DROP FUNCTION agreement_papers_stay()")
