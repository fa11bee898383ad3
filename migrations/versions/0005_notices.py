"""Notices, their deliveries, contact preferences and outgoing addresses."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_notices()
    _create_outgoing_addresses()
    _create_deliveries()
    _create_contact_preferences()


def downgrade() -> None:
    for table in ("contact_preferences", "notice_deliveries", "outgoing_addresses", "notices"):
        op.drop_table(table)


def _create_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("about", sa.String(length=80), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_notices_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index("ix_notices_person_recorded", "notices", ["person_id", "recorded_at", "id"])
    op.create_index("ix_notices_person_read", "notices", ["person_id", "read_at"])
    op.create_index("ix_notices_about_kind", "notices", ["about", "kind", "recorded_at"])


def _create_outgoing_addresses() -> None:
    op.create_table(
        "outgoing_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("purpose", _choice("email", "group", name="outgoing_purpose"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_outgoing_addresses_changed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_addresses")),
    )


def _create_deliveries() -> None:
    states = ("done_by_hand", "dropped", "due", "failed", "handing_over", "sent")
    op.create_table(
        "notice_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("way", _choice("call", "email", "group", "slip", name="delivery_way"), nullable=False),
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("outgoing_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("state", _choice(*states, name="delivery_state"), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("drop_at", UtcDateTime(), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("last_error", sa.String(length=200), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_notice_deliveries_attempts")),
        sa.CheckConstraint(
            "(state = 'handing_over') = (leased_until IS NOT NULL)", name=op.f("ck_notice_deliveries_lease")
        ),
        sa.ForeignKeyConstraint(
            ["notice_id"], ["notices.id"], name=op.f("fk_notice_deliveries_notice_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["outgoing_id"],
            ["outgoing_addresses.id"],
            name=op.f("fk_notice_deliveries_outgoing_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_notice_deliveries_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_notice_deliveries_message_id")),
    )
    op.create_index("ix_notice_deliveries_notice_id", "notice_deliveries", ["notice_id"])
    op.create_index("ix_notice_deliveries_state_due", "notice_deliveries", ["state", "way", "due_at", "id"])


def _create_contact_preferences() -> None:
    ways = ("automatic", "call", "email", "inbox", "slip")
    op.create_table(
        "contact_preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("preferred", _choice(*ways, name="preferred_way"), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=True),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contact_preferences_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["changed_by_id"], ["people.id"], name=op.f("fk_contact_preferences_changed_by_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact_preferences")),
    )


def _choice(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
