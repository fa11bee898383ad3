"""Calendars: secret addresses of persons' calendars, when closures changed, and bookings of a room by time.

Nothing is rebuilt, so that no trigger of the ledger is lost on SQLite.
"""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_calendar_links_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_links")),
        sa.UniqueConstraint("person_id", name=op.f("uq_calendar_links_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_links_token_hash")),
    )
    op.create_index("ix_bookings_room_starts", "bookings", ["room_id", "starts_at"])
    op.add_column("closures", sa.Column("changed_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("closures", "changed_at")
    op.drop_index("ix_bookings_room_starts", table_name="bookings")
    op.drop_table("calendar_links")
