"""Rooms say how many companions fit beside wheelchairs, and what they lack."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("companion_places", sa.Integer(), nullable=False, server_default="0"))
    for name in ("access_note", "access_note_en"):
        op.add_column("rooms", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    for name in ("access_note_en", "access_note", "companion_places"):
        op.drop_column("rooms", name)
