"""Sessions of activities change places as bookings do: each side of a pair is one of both."""

import sqlalchemy as sa
from alembic import op

from center.kernel.guards_aside import guards_aside

revision = "0030_session_swaps"
down_revision = "0029_ended_troupes"
branch_labels = None
depends_on = None

TABLE = "room_swap_pairs"
SIDES = ("from", "to")


def upgrade() -> None:
    with guards_aside(TABLE), op.batch_alter_table(TABLE) as batch:
        for side in SIDES:
            batch.alter_column(f"{side}_booking_id", existing_type=sa.Integer(), nullable=True)
            batch.add_column(sa.Column(f"{side}_session_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_room_swap_pairs_{side}_session_id"), "sessions", [f"{side}_session_id"], ["id"]
            )
            one = f"({side}_booking_id IS NULL) <> ({side}_session_id IS NULL)"
            batch.create_check_constraint(op.f(f"ck_room_swap_pairs_{side}"), one)
    for side in SIDES:
        op.create_index(op.f(f"ix_room_swap_pairs_{side}_session_id"), TABLE, [f"{side}_session_id"], unique=False)


def downgrade() -> None:
    """Swaps in which a session took part are forgotten: there is no place for them before this."""
    pairs = "SELECT swap_id FROM room_swap_pairs WHERE from_session_id IS NOT NULL OR to_session_id IS NOT NULL"
    op.execute(f"CREATE TEMPORARY TABLE of_sessions AS {pairs}")
    op.execute("DELETE FROM room_swap_pairs WHERE swap_id IN (SELECT swap_id FROM of_sessions)")
    op.execute("DELETE FROM room_swaps WHERE id IN (SELECT swap_id FROM of_sessions)")
    op.execute("DROP TABLE of_sessions")
    for side in SIDES:
        op.drop_index(op.f(f"ix_room_swap_pairs_{side}_session_id"), TABLE)
    with guards_aside(TABLE), op.batch_alter_table(TABLE) as batch:
        for side in SIDES:
            batch.drop_constraint(op.f(f"ck_room_swap_pairs_{side}"), type_="check")
            batch.drop_constraint(op.f(f"fk_room_swap_pairs_{side}_session_id"), type_="foreignkey")
            batch.drop_column(f"{side}_session_id")
            batch.alter_column(f"{side}_booking_id", existing_type=sa.Integer(), nullable=False)
