"""Residents may stay signed in on a phone of their own, where the centre lets them."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user_sessions", sa.Column("is_kept", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("centre_facts", sa.Column("keep_signed_in", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("centre_facts", "keep_signed_in")
    op.drop_column("user_sessions", "is_kept")
