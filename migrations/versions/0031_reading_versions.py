"""A version of each kind of rows that public pages show, so that what was read of them need not be read again."""

import sqlalchemy as sa
from alembic import op

revision = "0031_reading_versions"
down_revision = "0030_session_swaps"
branch_labels = None
depends_on = None

KINDS = {
    "settings": (
        *("approval_hours", "booking_windows", "calendar_days", "centre_facts", "exception_spans", "hours_exceptions"),
        *("opening_hours", "people_groups", "priority_windows", "purposes", "quotas", "room_audiences"),
        *("room_equipment", "room_features", "room_group_rooms", "room_groups", "room_purposes", "rooms"),
    ),
    "uses": ("bookings", "closures", "occupancies", "room_uses"),
    "activities": ("activities", "activity_kinds", "activity_photos", "sessions"),
    "places": ("pools", "rosters", "sign_ups"),
    "organisations": ("organisations",),
}
ACTS = ("INSERT", "UPDATE", "DELETE")
# A number that was never there before, so that one that was taken back is not met again with something else behind it.
# Whoever changes rows takes the number of a row that nobody else holds just now, so that two never wait for each other.
POSTGRESQL = """
CREATE FUNCTION note_reading_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine integer;
  fresh bigint := floor(random() * 9e15);
BEGIN
  SELECT id INTO mine FROM reading_versions WHERE kind = TG_ARGV[0] ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED;
  IF mine IS NULL THEN
    INSERT INTO reading_versions (kind, version) VALUES (TG_ARGV[0], fresh);
  ELSE
    UPDATE reading_versions SET version = fresh WHERE id = mine;
  END IF;
  RETURN NULL;
END $$
"""


def upgrade() -> None:
    op.create_table(
        "reading_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_versions")),
    )
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(POSTGRESQL)
    fresh = "random()" if is_sqlite else "floor(random() * 9e15)"  # this may be a backup of other rows
    for kind in KINDS:
        op.execute(f"INSERT INTO reading_versions (kind, version) VALUES ('{kind}', {fresh})")  # noqa: S608
    for kind, tables in KINDS.items():
        for table in tables:
            if not is_sqlite:
                op.execute(
                    f"CREATE TRIGGER {table}_reading_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION note_reading_change('{kind}')"
                )
                continue
            for act in ACTS:
                op.execute(
                    f"CREATE TRIGGER {table}_reading_version_{act.lower()} AFTER {act} ON {table} BEGIN\n"
                    f"UPDATE reading_versions SET version = random() WHERE kind = '{kind}';\nEND"
                )


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in (table for tables in KINDS.values() for table in tables):
        if not is_sqlite:
            op.execute(f"DROP TRIGGER {table}_reading_version ON {table}")
            continue
        for act in ACTS:
            op.execute(f"DROP TRIGGER {table}_reading_version_{act.lower()}")
    if not is_sqlite:
        op.execute("DROP FUNCTION note_reading_change()")
    op.drop_table("reading_versions")
