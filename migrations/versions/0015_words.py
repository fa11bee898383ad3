"""Words: the centre's own words for messages, and codes by which a helper is named in another's account."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_words",
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_own_words_changed_by_id")),
        sa.PrimaryKeyConstraint("kind", "language", name=op.f("pk_own_words")),
    )
    op.create_table(
        "helper_codes",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_helper_codes_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_helper_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_helper_codes_code_hash")),
    )


def downgrade() -> None:
    op.drop_table("helper_codes")
    op.drop_table("own_words")
