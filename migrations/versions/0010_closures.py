"""Closures in depth: a form sent twice makes one closure, and calendars hear of each change of it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("closures", sa.Column("request_key", sa.String(length=36), nullable=True))
    op.add_column("closures", sa.Column("sequence", sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE closures SET sequence = 1 WHERE lifted_at IS NOT NULL")
    op.create_index("ix_closures_ends_at", "closures", ["ends_at"])
    op.create_index("uq_closures_request_key", "closures", ["request_key"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_closures_request_key", table_name="closures")
    op.drop_index("ix_closures_ends_at", table_name="closures")
    op.drop_column("closures", "sequence")
    op.drop_column("closures", "request_key")
