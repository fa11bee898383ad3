"""Requests for a place are found over all activities, however many sign-ups are over."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

REQUESTED = sa.text("state = 'requested'")


def upgrade() -> None:
    op.create_index(
        "ix_sign_ups_requested", "sign_ups", ["roster_id"], sqlite_where=REQUESTED, postgresql_where=REQUESTED
    )


def downgrade() -> None:
    op.drop_index("ix_sign_ups_requested", "sign_ups")
