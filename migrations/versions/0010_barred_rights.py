"""What a bar takes from a guardian beyond collecting, each by its paper."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0010_barred_rights"
down_revision = "0009_rule_priorities"
branch_labels = None
depends_on = None

RIGHT = sa.Enum("decisions", "whereabouts", name="barred_right", native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table(
        "barred_rights",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bar_id", sa.Integer(), nullable=False),
        sa.Column("what", RIGHT, nullable=False),
        sa.Column("document", sa.String(length=120), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("given_back_at", UtcDateTime(), nullable=True),
        sa.Column("given_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("trim(document) <> ''", name=op.f("ck_barred_rights_document")),
        sa.CheckConstraint(
            "(given_back_at IS NULL) = (given_back_by_id IS NULL)", name=op.f("ck_barred_rights_given_back")
        ),
        sa.ForeignKeyConstraint(
            ["bar_id"], ["collection_bars.id"], name=op.f("fk_barred_rights_bar_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_barred_rights_by_id")),
        sa.ForeignKeyConstraint(["given_back_by_id"], ["people.id"], name=op.f("fk_barred_rights_given_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_barred_rights")),
    )
    op.create_index(
        "uq_barred_rights_live",
        "barred_rights",
        ["bar_id", "what"],
        unique=True,
        sqlite_where=sa.text("given_back_at IS NULL"),
        postgresql_where=sa.text("given_back_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("barred_rights")
