"""Presence, and offers of time that was freed."""

import sqlalchemy as sa
from alembic import op

from center.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("room_uses", sa.Column("held_until", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("room_uses", "held_until")
