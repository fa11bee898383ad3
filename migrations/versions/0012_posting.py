"""Posting activities: more roles of members, how to reach an organisation, and a form sent twice makes one activity.

Memberships are rebuilt on SQLite, where a CHECK cannot be changed.
"""

import sqlalchemy as sa
from alembic import op

BEFORE = ("lead", "member")
AFTER = ("check_in", "editor", "lead", "member")
INDEXES = {"ix_memberships_organisation_id": ["organisation_id"], "ix_memberships_person_id": ["person_id"]}
CHECK = "ck_memberships_member_role"

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("organisations", sa.Column("contact", sa.String(length=120), nullable=False, server_default=""))
    op.add_column("activities", sa.Column("request_key", sa.String(length=36), nullable=True))
    op.create_index("uq_activities_request_key", "activities", ["created_by_id", "request_key"], unique=True)
    _allow_roles(AFTER)


def downgrade() -> None:
    op.execute("UPDATE memberships SET role = 'member' WHERE role IN ('check_in', 'editor')")
    _allow_roles(BEFORE)
    op.drop_index("uq_activities_request_key", table_name="activities")
    op.drop_column("activities", "request_key")
    op.drop_column("organisations", "contact")


def _allow_roles(roles: tuple[str, ...]) -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(roles)
        return
    op.drop_constraint(op.f(CHECK), "memberships", type_="check")
    listed = ", ".join(f"'{role}'" for role in roles)
    op.create_check_constraint(op.f(CHECK), "memberships", f"role IN ({listed})")


def _rebuild(roles: tuple[str, ...]) -> None:
    for index in INDEXES:
        op.drop_index(index, table_name="memberships")
    op.rename_table("memberships", "memberships_old")
    role = sa.Enum(*roles, name="member_role", native_enum=False, create_constraint=True, length=32)
    op.create_table(
        "memberships",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", role, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_memberships_dates")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_memberships_organisation_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_memberships_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_memberships")),
    )
    op.execute(
        "INSERT INTO memberships (id, organisation_id, person_id, role, starts_on, ends_on) "
        "SELECT id, organisation_id, person_id, role, starts_on, ends_on FROM memberships_old"
    )
    op.drop_table("memberships_old")
    for index, names in INDEXES.items():
        op.create_index(index, "memberships", names)
