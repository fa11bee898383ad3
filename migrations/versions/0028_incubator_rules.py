"""The centre's own numbers for the incubator: working days of each stage, and what hours beyond an agreement mean."""

import sqlalchemy as sa
from alembic import op

revision = "0028_incubator_rules"
down_revision = "0027_papers"
branch_labels = None
depends_on = None

DAYS = (
    *("submitted_days", "returned_days", "screening_days", "review_days", "published_days", "signing_days"),
    *("mid_review_days", "report_days", "withdrawing_days", "reconsidered_days"),
)


def upgrade() -> None:
    over_hours = sa.Enum("asks", "refused", name="over_hours", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "incubator_rules",
        sa.Column("id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in DAYS),
        sa.Column("over_hours", over_hours, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_incubator_rules_one_row")),
        *(sa.CheckConstraint(f"{name} BETWEEN 1 AND 60", name=op.f(f"ck_incubator_rules_{name}")) for name in DAYS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_rules")),
    )


def downgrade() -> None:
    op.drop_table("incubator_rules")
