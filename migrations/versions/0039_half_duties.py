"""On a whole day in the holidays somebody may be on duty for a half of it; who is so far is there all day.

The column holds its own check, so that SQLite makes no table anew and what guards duties stays as it is.
"""

from alembic import op

revision = "0039_half_duties"
down_revision = "0038_words_on_children"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE care_duties ADD COLUMN half VARCHAR(32)"
        " CONSTRAINT ck_care_duties_duty_half CHECK (half IN ('afternoon', 'morning'))"
    )


def downgrade() -> None:
    """Whoever was there for a half is there all day."""
    op.execute("ALTER TABLE care_duties DROP COLUMN half")
