"""Closures know which event of a calendar file they came from."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closures", sa.Column("file_uid", sa.String(length=255), nullable=True))
    op.add_column("closures", sa.Column("file_recurrence", sa.String(length=20), nullable=False, server_default=""))
    op.add_column("closures", sa.Column("file_sequence", sa.Integer(), nullable=False, server_default="0"))
    op.create_index(op.f("ix_closures_file_uid"), "closures", ["file_uid"])


def downgrade() -> None:
    op.drop_index(op.f("ix_closures_file_uid"), "closures")
    for name in ("file_sequence", "file_recurrence", "file_uid"):
        op.drop_column("closures", name)
