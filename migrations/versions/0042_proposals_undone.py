"""What stood before a change was accepted, and a photo that was sent back, are kept while that can be taken back."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

TABLE, NAME = "activity_proposals", "ck_activity_proposals_kept"
KEPT = "kept_until IS NOT NULL OR (before IS NULL AND (large IS NULL OR state = 'waiting'))"


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("before", sa.Text(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":  # a constraint of the column needs no table built anew
        op.execute(f"ALTER TABLE {TABLE} ADD COLUMN kept_until DATETIME CONSTRAINT {NAME} CHECK ({KEPT})")
    else:
        op.add_column(TABLE, sa.Column("kept_until", UtcDateTime(), nullable=True))
        op.create_check_constraint(op.f(NAME), TABLE, KEPT)
    op.create_index("ix_activity_proposals_kept_until", TABLE, ["kept_until"])


def downgrade() -> None:
    op.drop_index("ix_activity_proposals_kept_until", TABLE)
    op.execute(f"UPDATE {TABLE} SET large = NULL, small = NULL WHERE state <> 'waiting'")  # noqa: S608
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f(NAME), TABLE, type_="check")
    op.drop_column(TABLE, "kept_until")
    op.drop_column(TABLE, "before")
