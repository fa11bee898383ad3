"""Series of bookings: their rules, their dates, and two settings of rooms that bound them."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rooms", sa.Column("series_weeks", sa.Integer(), nullable=False, server_default="20"))
    op.add_column("rooms", sa.Column("org_series_limit", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "booking_series",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=False),
        sa.Column("channel", _choice("desk", "online", "phone", name="series_channel"), nullable=False),
        sa.Column("frequency", _choice("fortnightly", "monthly", "weekly", name="series_frequency"), nullable=False),
        sa.Column("weekdays", sa.String(length=13), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("times", sa.Integer(), nullable=True),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("split_from_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("minutes > 0 AND people > 0", name=op.f("ck_booking_series_size")),
        sa.CheckConstraint("until_on IS NOT NULL OR times IS NOT NULL", name=op.f("ck_booking_series_ends")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_booking_series_room_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_booking_series_person_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_booking_series_organisation_id")
        ),
        sa.ForeignKeyConstraint(["booked_by_id"], ["people.id"], name=op.f("fk_booking_series_booked_by_id")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purposes.id"], name=op.f("fk_booking_series_purpose_id")),
        sa.ForeignKeyConstraint(["split_from_id"], ["booking_series.id"], name=op.f("fk_booking_series_split_from_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_series")),
        sa.UniqueConstraint("reference", name=op.f("uq_booking_series_reference")),
        sa.UniqueConstraint("booked_by_id", "request_key", name=op.f("uq_booking_series_booked_by_id_request_key")),
    )
    op.create_index("ix_booking_series_room_organisation", "booking_series", ["room_id", "organisation_id"])
    for column in ("person_id", "organisation_id", "split_from_id"):
        op.create_index(op.f(f"ix_booking_series_{column}"), "booking_series", [column])
    op.create_table(
        "series_dates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["series_id"], ["booking_series.id"], name=op.f("fk_series_dates_series_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_series_dates_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series_dates")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_series_dates_booking_id")),
        sa.UniqueConstraint("series_id", "on_date", name=op.f("uq_series_dates_series_id_on_date")),
    )
    op.create_index("ix_series_dates_on_date", "series_dates", ["on_date"])


def downgrade() -> None:
    op.drop_table("series_dates")
    op.drop_table("booking_series")
    op.drop_column("rooms", "org_series_limit")
    op.drop_column("rooms", "series_weeks")


def _choice(*values: str, name: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
