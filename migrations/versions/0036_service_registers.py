"""The register of an activity can say whom a partner's day of service reached."""

import sqlalchemy as sa
from alembic import op

revision = "0036_service_registers"
down_revision = "0035_filing_dates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("service_days") as batch:
        batch.add_column(sa.Column("session_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_service_days_session_id"), "sessions", ["session_id"], ["id"])
    op.create_index(op.f("ix_service_days_session_id"), "service_days", ["session_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_service_days_session_id"), "service_days")
    with op.batch_alter_table("service_days") as batch:
        batch.drop_constraint(op.f("fk_service_days_session_id"), type_="foreignkey")
        batch.drop_column("session_id")
