"""Presence: who came, who did not and what was decided; offers of time that was freed, and who waits for it."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("room_uses", sa.Column("held_until", UtcDateTime(), nullable=True))
    _settings()
    _missed_visits()
    _limits()
    _wishes()


def downgrade() -> None:
    op.drop_index(op.f("ix_welfare_calls_person_id"), table_name="welfare_calls")
    op.drop_index("ix_welfare_calls_done_opened", table_name="welfare_calls")
    op.drop_table("welfare_calls")
    op.drop_index("ix_slot_wishes_state_offer_ends", table_name="slot_wishes")
    op.drop_index("ix_slot_wishes_room_state_starts", table_name="slot_wishes")
    op.drop_index("ix_slot_wishes_person_state", table_name="slot_wishes")
    op.drop_table("slot_wishes")
    op.drop_index("ix_no_shows_person_missed", table_name="no_shows")
    op.drop_index("ix_no_shows_missed", table_name="no_shows")
    op.drop_table("no_shows")
    op.drop_index("ix_booking_limits_person_decided", table_name="booking_limits")
    op.drop_table("booking_limits")
    op.drop_table("presence_settings")
    op.drop_column("room_uses", "held_until")


def _settings() -> None:
    op.create_table(
        "presence_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("missed_visits", sa.Integer(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("limit_days", sa.Integer(), nullable=False),
        sa.Column("wish_limit", sa.Integer(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_presence_settings_one_row")),
        sa.CheckConstraint(
            "missed_visits > 0 AND within_days > 0 AND limit_days > 0", name=op.f("ck_presence_settings_missed")
        ),
        sa.CheckConstraint("wish_limit > 0 AND offer_minutes > 0", name=op.f("ck_presence_settings_offers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_presence_settings")),
    )


def _missed_visits() -> None:
    op.create_table(
        "no_shows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "meaning",
            sa.Enum(
                "counts",
                "organisation",
                "welfare",
                name="meaning",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("missed_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("excused_at", UtcDateTime(), nullable=True),
        sa.Column("excused_by_id", sa.Integer(), nullable=True),
        sa.Column("excuse", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(excused_at IS NULL) = (excused_by_id IS NULL)", name=op.f("ck_no_shows_excused")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_no_shows_booking_id")),
        sa.ForeignKeyConstraint(["excused_by_id"], ["people.id"], name=op.f("fk_no_shows_excused_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_no_shows_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_no_shows_recorded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_no_shows")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_no_shows_booking_id")),
    )
    op.create_index("ix_no_shows_missed", "no_shows", ["missed_at"], unique=False)
    op.create_index("ix_no_shows_person_missed", "no_shows", ["person_id", "missed_at"], unique=False)
    op.create_table(
        "welfare_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.Column("found", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name=op.f("ck_welfare_calls_done")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_welfare_calls_booking_id")),
        sa.ForeignKeyConstraint(["done_by_id"], ["people.id"], name=op.f("fk_welfare_calls_done_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_welfare_calls_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_calls")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_welfare_calls_booking_id")),
    )
    op.create_index("ix_welfare_calls_done_opened", "welfare_calls", ["done_at", "opened_at"], unique=False)
    op.create_index(op.f("ix_welfare_calls_person_id"), "welfare_calls", ["person_id"], unique=False)


def _limits() -> None:
    op.create_table(
        "booking_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_at", UtcDateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lift_reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("ends_at IS NOT NULL OR lifted_at IS NULL", name=op.f("ck_booking_limits_lifted")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_booking_limits_decided_by_id")),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["people.id"], name=op.f("fk_booking_limits_lifted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_booking_limits_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_limits")),
    )
    op.create_index("ix_booking_limits_person_decided", "booking_limits", ["person_id", "decided_at"], unique=False)


def _wishes() -> None:
    op.create_table(
        "slot_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "desk", "online", "phone", name="wish_channel", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "accepted",
                "declined",
                "expired",
                "lapsed",
                "offered",
                "waiting",
                "withdrawn",
                name="wish_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("set_up", sa.String(length=300), nullable=False),
        sa.Column("needs", sa.String(length=200), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=True),
        sa.Column("offer_ends_at", UtcDateTime(), nullable=True),
        sa.Column("clear_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("use_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'accepted') = (booking_id IS NOT NULL)", name=op.f("ck_slot_wishes_accepted")),
        sa.CheckConstraint(
            "state <> 'offered' OR (use_id IS NOT NULL AND offer_ends_at IS NOT NULL)",
            name=op.f("ck_slot_wishes_offer"),
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slot_wishes_span")),
        sa.CheckConstraint("people > 0", name=op.f("ck_slot_wishes_people")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_slot_wishes_asked_by_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_slot_wishes_booking_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_slot_wishes_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_slot_wishes_person_id")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purposes.id"], name=op.f("fk_slot_wishes_purpose_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_slot_wishes_room_id")),
        sa.ForeignKeyConstraint(["use_id"], ["room_uses.id"], name=op.f("fk_slot_wishes_use_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_wishes")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_slot_wishes_booking_id")),
        sa.UniqueConstraint("use_id", name=op.f("uq_slot_wishes_use_id")),
    )
    op.create_index("ix_slot_wishes_person_state", "slot_wishes", ["person_id", "state"], unique=False)
    op.create_index("ix_slot_wishes_room_state_starts", "slot_wishes", ["room_id", "state", "starts_at"], unique=False)
    op.create_index("ix_slot_wishes_state_offer_ends", "slot_wishes", ["state", "offer_ends_at"], unique=False)
