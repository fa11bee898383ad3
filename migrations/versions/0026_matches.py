"""Matches of new accounts with people known already, which can be undone; by when accounts are confirmed."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("people", sa.Column("is_double", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("centre_facts", sa.Column("confirm_days", sa.Integer(), nullable=False, server_default="3"))
    op.add_column(
        "centre_facts", sa.Column("provisional_bookings", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table(
        "account_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("double_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("matched_at", UtcDateTime(), nullable=False),
        sa.Column("matched_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{table}.id"], name=op.f(f"fk_account_matches_{column}"), ondelete=ondelete
            )
            for column, table, ondelete in (
                ("account_id", "accounts", "CASCADE"),
                ("double_id", "people", "CASCADE"),
                ("person_id", "people", "CASCADE"),
                ("matched_by_id", "people", None),
                ("undone_by_id", "people", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_matches")),
    )
    for column in ("account_id", "matched_at", "person_id"):
        op.create_index(op.f(f"ix_account_matches_{column}"), "account_matches", [column])


def downgrade() -> None:
    op.drop_table("account_matches")
    op.drop_column("centre_facts", "provisional_bookings")
    op.drop_column("centre_facts", "confirm_days")
    op.drop_column("people", "is_double")
