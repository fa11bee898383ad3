"""What organisations that may not publish by themselves want a public activity to say, until staff have read it."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    op.create_table(
        "activity_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("target", sa.String(length=80), nullable=False),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('photo', 'question', 'words')", name=op.f("ck_activity_proposals_kind")),
        sa.CheckConstraint(
            "state IN ('accepted', 'replaced', 'returned', 'waiting')", name=op.f("ck_activity_proposals_state")
        ),
        sa.CheckConstraint("(large IS NULL) = (small IS NULL)", name=op.f("ck_activity_proposals_picture")),
        sa.CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name=op.f("ck_activity_proposals_decided")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_proposals_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_activity_proposals_proposed_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_activity_proposals_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_proposals")),
    )
    op.create_index(op.f("ix_activity_proposals_activity_id"), "activity_proposals", ["activity_id"])
    op.create_index("ix_activity_proposals_state_at", "activity_proposals", ["state", "proposed_at", "id"])
    op.create_index(
        "uq_activity_proposals_waiting",
        "activity_proposals",
        ["activity_id", "kind", "target"],
        unique=True,
        sqlite_where=WAITING,
        postgresql_where=WAITING,
    )


def downgrade() -> None:
    op.drop_table("activity_proposals")
