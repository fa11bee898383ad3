"""What somebody has answered so far in a form of several pages, until it is sent or given up."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0002_drafts"
down_revision = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("leads_to", sa.String(length=300), nullable=False),
        sa.Column("kept_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_drafts_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("account_id", "form", "key", name=op.f("uq_drafts_account_id_form_key")),
    )
    op.create_index(op.f("ix_drafts_kept_at"), "drafts", ["kept_at"])


def downgrade() -> None:
    op.drop_table("drafts")
