"""Wishes: questions that are no longer asked, and who picks people up for a session."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("questions", sa.Column("retired_at", UtcDateTime(), nullable=True))
    op.create_table(
        "drivers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_drivers_session_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drivers_person_id")),
        sa.ForeignKeyConstraint(["named_by_id"], ["people.id"], name=op.f("fk_drivers_named_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drivers")),
        sa.UniqueConstraint("session_id", "person_id", name=op.f("uq_drivers_session_id_person_id")),
    )
    op.create_index("ix_drivers_person_id", "drivers", ["person_id"])


def downgrade() -> None:
    op.drop_index("ix_drivers_person_id", table_name="drivers")
    op.drop_table("drivers")
    op.drop_column("questions", "retired_at")
