"""Requests in depth: what a booking needs of its room, when the room was made ready, and answers to what staff ask."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

FEATURES = (
    "accessible_toilet", "braille_signs", "guide_dogs", "handrails", "hearing_loop", "large_print", "lift", "step_free",
)  # fmt: skip

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in _bookings():
        op.add_column("bookings", column)
    op.execute("UPDATE bookings SET expires_at = starts_at WHERE status = 'requested' AND expires_at IS NULL")
    op.create_table(
        "booking_needs",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(*FEATURES, name="booking_need", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_booking_needs_booking_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("booking_id", "need", name=op.f("pk_booking_needs")),
    )
    op.create_table(
        "rooms_ready",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.Column("done_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["bookings.id"], name=op.f("fk_rooms_ready_booking_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_rooms_ready_done_by_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_rooms_ready")),
    )


def downgrade() -> None:
    op.drop_table("rooms_ready")
    op.drop_table("booking_needs")
    for column in _bookings():
        op.drop_column("bookings", column.name)


def _bookings() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("change_answer", sa.String(length=200), nullable=False, server_default=""),
        sa.Column("change_answered_at", UtcDateTime(), nullable=True),
        sa.Column("moved_by_staff_at", UtcDateTime(), nullable=True),
        sa.Column("move_agreed_at", UtcDateTime(), nullable=True),
    )
