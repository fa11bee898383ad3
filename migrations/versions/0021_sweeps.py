"""Indexes by which what is due is found without reading what is over."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OFFERED = sa.text("state = 'offered'")
UNTOLD = sa.text("told_to < entries")


def upgrade() -> None:
    op.create_index("ix_sessions_state_ends", "sessions", ["state", "ends_at", "activity_id"])
    op.create_index("ix_draws_untold", "draws", ["drawn_at"], sqlite_where=UNTOLD, postgresql_where=UNTOLD)
    op.drop_index("ix_sign_ups_offers", "sign_ups")
    where = {"sqlite_where": OFFERED, "postgresql_where": OFFERED}
    op.create_index("ix_sign_ups_offers", "sign_ups", ["state", "offer_expires_at"], **where)


def downgrade() -> None:
    op.drop_index("ix_sign_ups_offers", "sign_ups")
    op.create_index("ix_sign_ups_offers", "sign_ups", ["state", "offer_expires_at"])
    op.drop_index("ix_draws_untold", "draws")
    op.drop_index("ix_sessions_state_ends", "sessions")
