"""An e-mail address is used once it is proved. Nothing proves those that are there: they wait for a code."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "emails_to_verify",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_emails_to_verify_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_emails_to_verify")),
    )
    op.execute(
        "INSERT INTO emails_to_verify (person_id, address, asked_at)"
        " SELECT id, email, created_at FROM people WHERE email IS NOT NULL AND email <> ''"
    )
    op.execute("UPDATE people SET email = NULL WHERE email IS NOT NULL")


def downgrade() -> None:
    op.execute(
        "UPDATE people SET email = (SELECT address FROM emails_to_verify WHERE person_id = people.id)"
        " WHERE email IS NULL"
    )
    op.drop_table("emails_to_verify")
