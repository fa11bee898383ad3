"""Rules in depth: quotas, purposes, groups of rooms and of people, hours kept for some, hours without approval."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_people_groups_name")),
    )
    op.create_table(
        "purposes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "allowed",
                "approval",
                "not_allowed",
                name="purpose_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purposes")),
        sa.UniqueConstraint("name", name=op.f("uq_purposes_name")),
    )
    op.create_table(
        "room_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_groups")),
        sa.UniqueConstraint("name", name=op.f("uq_room_groups_name")),
    )
    op.create_table(
        "approval_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 255", name=op.f("ck_approval_hours_weekdays")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_approval_hours_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_hours")),
    )
    with op.batch_alter_table("approval_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_hours_room_id"), ["room_id"], unique=False)

    op.create_table(
        "priority_windows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=False),
        sa.Column("closes", sa.Time(), nullable=False),
        sa.Column("release_days", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("release_days IS NULL OR release_days >= 0", name=op.f("ck_priority_windows_release_days")),
        sa.CheckConstraint(
            "starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_priority_windows_dates")
        ),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 255", name=op.f("ck_priority_windows_weekdays")),
        sa.ForeignKeyConstraint(["group_id"], ["people_groups.id"], name=op.f("fk_priority_windows_group_id")),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_priority_windows_room_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_priority_windows")),
    )
    with op.batch_alter_table("priority_windows", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_priority_windows_group_id"), ["group_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_priority_windows_room_id"), ["room_id"], unique=False)

    op.create_table(
        "quotas",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "whose",
            sa.Enum(
                "everybody",
                "household",
                "organisation",
                "person",
                name="quota_whose",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "per",
            sa.Enum("day", "month", "week", name="quota_period", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("most_bookings", sa.Integer(), nullable=True),
        sa.Column("most_minutes", sa.Integer(), nullable=True),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("opens", sa.Time(), nullable=True),
        sa.Column("closes", sa.Time(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("room_group_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(opens IS NULL) = (closes IS NULL)", name=op.f("ck_quotas_hours")),
        sa.CheckConstraint("most_bookings IS NOT NULL OR most_minutes IS NOT NULL", name=op.f("ck_quotas_most")),
        sa.CheckConstraint("most_bookings IS NULL OR most_bookings >= 0", name=op.f("ck_quotas_most_bookings")),
        sa.CheckConstraint("most_minutes IS NULL OR most_minutes >= 0", name=op.f("ck_quotas_most_minutes")),
        sa.CheckConstraint("room_id IS NULL OR room_group_id IS NULL", name=op.f("ck_quotas_place")),
        sa.CheckConstraint("weekdays BETWEEN 1 AND 255", name=op.f("ck_quotas_weekdays")),
        sa.ForeignKeyConstraint(["room_group_id"], ["room_groups.id"], name=op.f("fk_quotas_room_group_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_quotas_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotas")),
    )
    with op.batch_alter_table("quotas", schema=None) as batch_op:
        batch_op.create_index("ix_quotas_room_group_id", ["room_group_id"], unique=False)
        batch_op.create_index("ix_quotas_room_id", ["room_id"], unique=False)

    op.create_table(
        "room_audiences",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["people_groups.id"], name=op.f("fk_room_audiences_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_audiences_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "group_id", name=op.f("pk_room_audiences")),
    )
    op.create_table(
        "room_group_rooms",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["room_groups.id"], name=op.f("fk_room_group_rooms_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_room_group_rooms_room_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "room_id", name=op.f("pk_room_group_rooms")),
    )
    with op.batch_alter_table("room_group_rooms", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_group_rooms_room_id"), ["room_id"], unique=False)

    op.create_table(
        "room_purposes",
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=False),
        sa.Column(
            "rule",
            sa.Enum(
                "allowed",
                "approval",
                "not_allowed",
                name="room_purpose_rule",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["purpose_id"], ["purposes.id"], name=op.f("fk_room_purposes_purpose_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_room_purposes_room_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("room_id", "purpose_id", name=op.f("pk_room_purposes")),
    )
    op.create_table(
        "people_group_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(person_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_people_group_members_one")
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["people_groups.id"], name=op.f("fk_people_group_members_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisations.id"],
            name=op.f("fk_people_group_members_organisation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_people_group_members_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people_group_members")),
        sa.UniqueConstraint(
            "group_id", "organisation_id", name=op.f("uq_people_group_members_group_id_organisation_id")
        ),
        sa.UniqueConstraint("group_id", "person_id", name=op.f("uq_people_group_members_group_id_person_id")),
    )
    with op.batch_alter_table("people_group_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_people_group_members_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_people_group_members_person_id"), ["person_id"], unique=False)

    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_bookings_purpose_id"), ["purpose_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_bookings_purpose_id"), "purposes", ["purpose_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_bookings_purpose_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_bookings_purpose_id"))
        batch_op.drop_column("purpose_id")
    op.drop_table("people_group_members")
    op.drop_table("room_purposes")
    op.drop_table("room_group_rooms")
    op.drop_table("room_audiences")
    op.drop_table("quotas")
    op.drop_table("priority_windows")
    op.drop_table("approval_hours")
    op.drop_table("room_groups")
    op.drop_table("purposes")
    op.drop_table("people_groups")
