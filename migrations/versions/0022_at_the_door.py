"""Telling in person and at the door, and what people ask for there."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

BEFORE = ("call", "email", "group", "slip")
WAYS = ("call", "email", "group", "in_person", "slip", "visit")
ASKED_FOR = ("call", "cannot_come", "other", "pick_up")


def upgrade() -> None:
    _ways(BEFORE, WAYS)
    op.create_table(
        "notice_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("what", _choice(*ASKED_FOR, name="asked_for"), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_notice_asks_settled")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["notice_deliveries.id"], name=op.f("fk_notice_asks_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_notice_asks_asked_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_notice_asks_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_asks")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_notice_asks_delivery_id")),
    )
    op.create_index("ix_notice_asks_settled", "notice_asks", ["settled_at", "asked_at", "id"])


def downgrade() -> None:
    op.drop_table("notice_asks")
    op.execute("DELETE FROM notice_deliveries WHERE way IN ('in_person', 'visit')")
    _ways(WAYS, BEFORE)


def _ways(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    """Let deliveries go by these ways. No trigger stands on their table, and nothing else refers to it yet."""
    constraint = op.f("ck_notice_deliveries_delivery_way")
    with op.batch_alter_table("notice_deliveries", schema=None) as batch_op:
        batch_op.drop_constraint(constraint, type_="check")
        batch_op.create_check_constraint(constraint, sa.column("way").in_(after))


def _choice(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
