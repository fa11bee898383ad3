"""Notices say in a line what changed, may be about several people's things, and what one did oneself is no news."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RECEIPTS = (
    "activity.submitted",
    "booking.cancelled",
    "booking.confirmed",
    "booking.moved",
    "booking.requested",
    "notices.test",
    "series.booked",
    "series.changed",
    "series.requested",
    "sign_up.cancelled",
    "sign_up.confirmed",
    "sign_up.entered",
    "sign_up.queued",
    "sign_up.requested",
)


def upgrade() -> None:
    op.add_column("notices", sa.Column("gist", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "notice_topics",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice_id"],
            ["notices.id"],
            name=op.f("fk_notice_topics_notice_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("notice_id", "about", name=op.f("pk_notice_topics")),
    )
    op.create_index("ix_notice_topics_about", "notice_topics", ["about", "notice_id"])
    notices = sa.table("notices", sa.column("kind", sa.String()), sa.column("read_at"), sa.column("recorded_at"))
    op.execute(
        notices.update()
        .where(notices.c.kind.in_(RECEIPTS), notices.c.read_at.is_(None))
        .values(read_at=notices.c.recorded_at)
    )


def downgrade() -> None:
    op.drop_index("ix_notice_topics_about", "notice_topics")
    op.drop_table("notice_topics")
    op.drop_column("notices", "gist")
