"""Which press told what; whether somebody's helpers hear of their things as well."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notices", sa.Column("press", sa.String(16), nullable=True))
    op.create_index(op.f("ix_notices_press"), "notices", ["press"])
    op.add_column(
        "contact_preferences", sa.Column("tells_helpers", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    op.drop_column("contact_preferences", "tells_helpers")
    op.drop_index(op.f("ix_notices_press"), table_name="notices")
    op.drop_column("notices", "press")
