"""Several accounts of one phone are told apart by eight bits of a keyed hash of each password."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("password_tag", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("accounts", "password_tag")
