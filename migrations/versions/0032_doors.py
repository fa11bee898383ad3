"""Which doors the desk has verified: what accounts said of themselves counts as not verified until it has."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("door_verified_at", UtcDateTime(), nullable=True))
    op.add_column("people", sa.Column("door_verified_by_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE people SET door_verified_at = created_at WHERE building_id IS NOT NULL AND door <> '' "
        "AND NOT EXISTS (SELECT 1 FROM accounts WHERE accounts.person_id = people.id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("people") as batch:
        batch.drop_column("door_verified_by_id")
        batch.drop_column("door_verified_at")
