"""The public face of activities: what they are found by, and their cover photos."""

import sqlalchemy as sa
from alembic import op

from center.activities.titles import search_key
from center.kernel.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

ACTIVITIES = sa.table(
    "activities",
    sa.column("id", sa.Integer),
    *(sa.column(name, sa.Text) for name in ("title", "title_en", "summary", "summary_en", "search_key")),
)


def upgrade() -> None:
    op.add_column("activities", sa.Column("search_key", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_activities_published", "activities", ["published_at", "id"])
    _say_what_they_are_found_by()
    op.create_table(
        "activity_photos",
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("alt_en", sa.String(length=300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_activity_photos_size")),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["activities.id"], name=op.f("fk_activity_photos_activity_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_activity_photos_added_by_id")),
        sa.PrimaryKeyConstraint("activity_id", name=op.f("pk_activity_photos")),
        sa.UniqueConstraint("name", name=op.f("uq_activity_photos_name")),
    )


def downgrade() -> None:
    op.drop_table("activity_photos")
    op.drop_index("ix_activities_published", table_name="activities")
    op.drop_column("activities", "search_key")


def _say_what_they_are_found_by() -> None:
    connection = op.get_bind()
    columns = (ACTIVITIES.c.title, ACTIVITIES.c.title_en, ACTIVITIES.c.summary, ACTIVITIES.c.summary_en)
    known = connection.execute(sa.select(ACTIVITIES.c.id, *columns)).all()
    if known:
        keyed = sa.update(ACTIVITIES).where(ACTIVITIES.c.id == sa.bindparam("of"))
        values = [{"of": activity_id, "key": search_key(*words)} for activity_id, *words in known]
        connection.execute(keyed.values(search_key=sa.bindparam("key")), values)
