"""What people ask about their own data stands beside what they ask at their door."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

BEFORE = ("call", "cannot_come", "other", "pick_up")
AFTER = ("call", "cannot_come", "correction", "erasure", "other", "pick_up")
COLUMNS = "id, delivery_id, what, note, asked_at, asked_by_id, answer, settled_at, settled_by_id"
COPY = f"INSERT INTO notice_asks ({COLUMNS}) SELECT {COLUMNS} FROM notice_asks_old WHERE delivery_id IS NOT NULL"  # noqa: S608
ABOUT_DATA = "(person_id IS NULL) = (what NOT IN ('correction', 'erasure'))"
WHOSE = "(person_id IS NULL) <> (delivery_id IS NULL)"
ERASURE_WAITS = sa.text("what = 'erasure' AND settled_at IS NULL")

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(AFTER)
    else:
        op.alter_column("notice_asks", "delivery_id", nullable=True)
        for column in _new_columns():
            op.add_column("notice_asks", column)
        key = op.f("fk_notice_asks_person_id")
        op.create_foreign_key(key, "notice_asks", "people", ["person_id"], ["id"], ondelete="CASCADE")
        _allow(AFTER)
        op.create_check_constraint(op.f("ck_notice_asks_whose"), "notice_asks", WHOSE)
        op.create_check_constraint(op.f("ck_notice_asks_about_data"), "notice_asks", ABOUT_DATA)
    op.create_index(op.f("ix_notice_asks_person_id"), "notice_asks", ["person_id"])
    op.create_index(
        "uq_notice_asks_erasure",
        "notice_asks",
        ["person_id"],
        unique=True,
        sqlite_where=ERASURE_WAITS,
        postgresql_where=ERASURE_WAITS,
    )


def downgrade() -> None:
    op.drop_index("uq_notice_asks_erasure", table_name="notice_asks")
    op.drop_index(op.f("ix_notice_asks_person_id"), table_name="notice_asks")
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(BEFORE)
        return
    op.execute("DELETE FROM notice_asks WHERE delivery_id IS NULL")
    op.drop_constraint(op.f("ck_notice_asks_about_data"), "notice_asks", type_="check")
    op.drop_constraint(op.f("ck_notice_asks_whose"), "notice_asks", type_="check")
    _allow(BEFORE)
    op.drop_column("notice_asks", "person_id")
    op.drop_column("notice_asks", "is_refused")
    op.alter_column("notice_asks", "delivery_id", nullable=False)


def _new_columns() -> list[sa.Column[object]]:
    return [
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_refused", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]


def _allow(kinds: tuple[str, ...]) -> None:
    op.drop_constraint(op.f("ck_notice_asks_asked_for"), "notice_asks", type_="check")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_check_constraint(op.f("ck_notice_asks_asked_for"), "notice_asks", f"what IN ({listed})")


def _rebuild(kinds: tuple[str, ...]) -> None:
    is_new = kinds == AFTER
    op.drop_index("ix_notice_asks_settled", table_name="notice_asks")
    op.rename_table("notice_asks", "notice_asks_old")
    choice = sa.Enum(*kinds, name="asked_for", native_enum=False, create_constraint=True, length=32)
    more: list[sa.schema.SchemaItem] = list(_new_columns()) if is_new else []
    if is_new:
        more.append(
            sa.ForeignKeyConstraint(
                ["person_id"], ["people.id"], name=op.f("fk_notice_asks_person_id"), ondelete="CASCADE"
            )
        )
        more.append(sa.CheckConstraint(WHOSE, name=op.f("ck_notice_asks_whose")))
        more.append(sa.CheckConstraint(ABOUT_DATA, name=op.f("ck_notice_asks_about_data")))
    op.create_table(
        "notice_asks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=is_new),
        sa.Column("what", choice, nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(length=300), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        *more,
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by_id IS NULL)", name=op.f("ck_notice_asks_settled")),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["notice_deliveries.id"], name=op.f("fk_notice_asks_delivery_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_notice_asks_asked_by_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_notice_asks_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_asks")),
        sa.UniqueConstraint("delivery_id", name=op.f("uq_notice_asks_delivery_id")),
    )
    op.execute(COPY)
    op.drop_table("notice_asks_old")
    op.create_index("ix_notice_asks_settled", "notice_asks", ["settled_at", "asked_at", "id"])
