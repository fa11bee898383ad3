"""Whoever lives alone and does not come to a session of an activity is asked how they are, as of a booking."""

import sqlalchemy as sa
from alembic import op

revision = "0004_welfare"
down_revision = "0003_attendance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("welfare_calls") as batch:
        batch.alter_column("booking_id", existing_type=sa.Integer(), nullable=True)
        batch.add_column(sa.Column("session_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_welfare_calls_session_id"), "sessions", ["session_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_welfare_calls_session_id_person_id"), ["session_id", "person_id"])
        batch.create_check_constraint(op.f("ck_welfare_calls_missed"), "(booking_id IS NULL) <> (session_id IS NULL)")


def downgrade() -> None:
    op.execute("DELETE FROM welfare_calls WHERE booking_id IS NULL")
    with op.batch_alter_table("welfare_calls") as batch:
        batch.drop_constraint(op.f("ck_welfare_calls_missed"), type_="check")
        batch.drop_constraint(op.f("uq_welfare_calls_session_id_person_id"), type_="unique")
        batch.drop_constraint(op.f("fk_welfare_calls_session_id"), type_="foreignkey")
        batch.drop_column("session_id")
        batch.alter_column("booking_id", existing_type=sa.Integer(), nullable=False)
