"""A person can be erased: nothing is left on the record, and words in the histories about them can be emptied, once.

A history still lets nobody alter or remove a row. What it lets happen is that the words of a row become empty, and
nothing else, where the person it is about is erased. The triggers speak of `people`, `bookings` and `sign_ups`: a later
migration that rebuilds one of these on SQLite takes the triggers away first and makes them again.
"""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

NOTHING_LEFT = (
    "erased_at IS NULL OR (name = '' AND plain_name = '' AND sort_key = '' AND initials = '' AND phone IS NULL"
    " AND phone_tail IS NULL AND email IS NULL AND building_id IS NULL AND unit = '' AND door = ''"
    " AND birth_year IS NULL AND NOT lives_alone)"
)

SQLITE = """
CREATE TRIGGER booking_events_no_update BEFORE UPDATE ON booking_events
WHEN NOT (
  NEW.reason = '' AND NEW.id IS OLD.id AND NEW.booking_id IS OLD.booking_id AND NEW.at IS OLD.at
  AND NEW.by_id IS OLD.by_id AND NEW.what IS OLD.what AND NEW.channel IS OLD.channel
  AND NEW.was_room_id IS OLD.was_room_id AND NEW.was_starts_at IS OLD.was_starts_at
  AND NEW.was_ends_at IS OLD.was_ends_at AND NEW.press IS OLD.press
  AND EXISTS (
    SELECT 1 FROM bookings b JOIN people p ON p.id = b.person_id
    WHERE b.id = OLD.booking_id AND b.organisation_id IS NULL AND p.erased_at IS NOT NULL
  )
)
BEGIN SELECT RAISE(ABORT, 'booking_events_append_only'); END;

CREATE TRIGGER sign_up_events_no_update BEFORE UPDATE ON sign_up_events
WHEN NOT (
  NEW.reason = '' AND NEW.id IS OLD.id AND NEW.sign_up_id IS OLD.sign_up_id AND NEW.at IS OLD.at
  AND NEW.by_id IS OLD.by_id AND NEW.what IS OLD.what AND NEW.channel IS OLD.channel AND NEW.pool_id IS OLD.pool_id
  AND NEW.was IS OLD.was
  AND EXISTS (
    SELECT 1 FROM sign_ups s JOIN people p ON p.id = s.person_id
    WHERE s.id = OLD.sign_up_id AND p.erased_at IS NOT NULL
  )
)
BEGIN SELECT RAISE(ABORT, 'sign_up_events_append_only'); END;

CREATE TRIGGER staff_events_no_update BEFORE UPDATE ON staff_events
WHEN NOT (
  NEW.reason = '' AND (NEW.details IS OLD.details OR NEW.details = '[]') AND NEW.id IS OLD.id AND NEW.at IS OLD.at
  AND NEW.by_id IS OLD.by_id AND NEW.act IS OLD.act AND NEW.area IS OLD.area AND NEW.subject IS OLD.subject
  AND NEW.subject_en IS OLD.subject_en AND NEW.person_id IS OLD.person_id AND NEW.room_id IS OLD.room_id
  AND NEW.press IS OLD.press
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'staff_events_append_only'); END;

CREATE TRIGGER access_events_no_update BEFORE UPDATE ON access_events
WHEN NOT (
  NEW.subject = '' AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.by_id IS OLD.by_id
  AND NEW.person_id IS OLD.person_id AND NEW.purpose IS OLD.purpose AND NEW.endpoint IS OLD.endpoint
  AND NEW.object_id IS OLD.object_id AND NEW.address IS OLD.address AND NEW.press IS OLD.press
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'access_events_append_only'); END;
"""

WAS = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END;
"""

# On PostgreSQL the triggers stay and what they call is another: what may become empty, and about whom the row is.
FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{may_go}
  IF TG_OP = 'UPDATE' THEN
    IF {emptied} AND to_jsonb(NEW) - {columns} = to_jsonb(OLD) - {columns} AND EXISTS ({erased}) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION '{table}_append_only' USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_append_only';
END $$;
"""
FUNCTION_WAS = """
CREATE OR REPLACE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{may_go}
  RAISE EXCEPTION '{table}_append_only' USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_append_only';
END $$;
"""
# Who looked is kept for half a year: a row goes once a much younger one is there.
MAY_GO = """
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM access_events WHERE at >= OLD.at + INTERVAL '183 days') THEN
      RETURN OLD;
    END IF;
  END IF;"""
ERASED = "SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL"
REASON = {"emptied": "NEW.reason = ''", "columns": "ARRAY['reason']"}
HISTORIES = {
    "booking_events": REASON
    | {
        "erased": "SELECT 1 FROM bookings b JOIN people p ON p.id = b.person_id "
        "WHERE b.id = OLD.booking_id AND b.organisation_id IS NULL AND p.erased_at IS NOT NULL"
    },
    "sign_up_events": REASON
    | {
        "erased": "SELECT 1 FROM sign_ups s JOIN people p ON p.id = s.person_id "
        "WHERE s.id = OLD.sign_up_id AND p.erased_at IS NOT NULL"
    },
    "staff_events": {
        "emptied": "NEW.reason = '' AND (NEW.details = OLD.details OR NEW.details = '[]')",
        "columns": "ARRAY['reason', 'details']",
        "erased": ERASED,
    },
    "access_events": {"emptied": "NEW.subject = ''", "columns": "ARRAY['subject']", "erased": ERASED},
}

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    moment = "DATETIME" if is_sqlite else "TIMESTAMP WITH TIME ZONE"
    # Written with its check, so that the table and what hangs on it need not be rebuilt on SQLite.
    op.execute(f"ALTER TABLE people ADD COLUMN erased_at {moment} CONSTRAINT ck_people_erased CHECK ({NOTHING_LEFT})")
    op.create_table(
        "erasures",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_since", UtcDateTime(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_erasures_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_erasures")),
    )
    if is_sqlite:
        for table in HISTORIES:
            op.execute(f"DROP TRIGGER {table}_no_update")
        for statement in re.split(r"\n\n(?=CREATE)", SQLITE.strip()):
            op.execute(statement)
        return
    for table, words in HISTORIES.items():
        op.execute(FUNCTION.format(table=table, may_go=_may_go(table), **words))


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in HISTORIES:
        if is_sqlite:
            op.execute(f"DROP TRIGGER {table}_no_update")
            op.execute(WAS.format(table=table))
        else:
            op.execute(FUNCTION_WAS.format(table=table, may_go=_may_go(table)))
    op.drop_table("erasures")
    op.execute("ALTER TABLE people DROP COLUMN erased_at")


def _may_go(table: str) -> str:
    return MAY_GO if table == "access_events" else ""
