"""Rounds of allocation with what organisations wish and got, and swaps of room times between them."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0023_allocation"
down_revision = "0022_filings"
branch_labels = None
depends_on = None

# What was published stays as it was: what counts and what is offered from the opening on, who got what from the result
# on. A swap that has ended stays so, but for one that is taken back.
SQLITE = """
CREATE TRIGGER allocation_rounds_final BEFORE UPDATE ON allocation_rounds
WHEN OLD.state IN ('published', 'withdrawn') OR NEW.seed IS NOT OLD.seed
BEGIN SELECT RAISE(ABORT, 'allocation_rounds_final'); END;

CREATE TRIGGER allocation_rounds_no_delete BEFORE DELETE ON allocation_rounds
WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'allocation_rounds_final'); END;

CREATE TRIGGER weekly_times_fixed_insert BEFORE INSERT ON weekly_times
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = NEW.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'weekly_times_fixed'); END;

CREATE TRIGGER weekly_times_fixed_update BEFORE UPDATE ON weekly_times
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = NEW.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'weekly_times_fixed'); END;

CREATE TRIGGER weekly_times_fixed_delete BEFORE DELETE ON weekly_times
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = OLD.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'weekly_times_fixed'); END;

CREATE TRIGGER round_criteria_fixed_insert BEFORE INSERT ON round_criteria
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = NEW.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'round_criteria_fixed'); END;

CREATE TRIGGER round_criteria_fixed_update BEFORE UPDATE ON round_criteria
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = NEW.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'round_criteria_fixed'); END;

CREATE TRIGGER round_criteria_fixed_delete BEFORE DELETE ON round_criteria
WHEN EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = OLD.round_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'round_criteria_fixed'); END;

CREATE TRIGGER allocation_awards_final_insert BEFORE INSERT ON allocation_awards
WHEN EXISTS (SELECT 1 FROM allocation_rounds r
  WHERE r.id = NEW.round_id AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'allocation_awards_final'); END;

CREATE TRIGGER allocation_awards_final_update BEFORE UPDATE ON allocation_awards
WHEN EXISTS (SELECT 1 FROM allocation_rounds r
  WHERE r.id = NEW.round_id AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'allocation_awards_final'); END;

CREATE TRIGGER allocation_awards_final_delete BEFORE DELETE ON allocation_awards
WHEN EXISTS (SELECT 1 FROM allocation_rounds r
  WHERE r.id = OLD.round_id AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'allocation_awards_final'); END;

CREATE TRIGGER term_wish_choices_final_insert BEFORE INSERT ON term_wish_choices
WHEN EXISTS (SELECT 1 FROM term_wishes w JOIN allocation_rounds r ON r.id = w.round_id
  WHERE w.id = NEW.wish_id AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'term_wish_choices_final'); END;

CREATE TRIGGER term_wish_choices_final_update BEFORE UPDATE ON term_wish_choices
WHEN EXISTS (SELECT 1 FROM term_wishes w JOIN allocation_rounds r ON r.id = w.round_id
  WHERE w.id IN (OLD.wish_id, NEW.wish_id) AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'term_wish_choices_final'); END;

CREATE TRIGGER term_wish_choices_final_delete BEFORE DELETE ON term_wish_choices
WHEN EXISTS (SELECT 1 FROM term_wishes w JOIN allocation_rounds r ON r.id = w.round_id
  WHERE w.id = OLD.wish_id AND r.state IN ('published', 'withdrawn'))
BEGIN SELECT RAISE(ABORT, 'term_wish_choices_final'); END;

CREATE TRIGGER allocation_adjustments_no_update BEFORE UPDATE ON allocation_adjustments
BEGIN SELECT RAISE(ABORT, 'allocation_adjustments_append_only'); END;

CREATE TRIGGER allocation_adjustments_no_delete BEFORE DELETE ON allocation_adjustments
BEGIN SELECT RAISE(ABORT, 'allocation_adjustments_append_only'); END;

CREATE TRIGGER room_swaps_final BEFORE UPDATE OF state ON room_swaps
WHEN NOT (OLD.state IN ('proposed', 'waiting') OR (OLD.state = 'done' AND NEW.state = 'taken_back')
  OR OLD.state = NEW.state)
BEGIN SELECT RAISE(ABORT, 'room_swaps_final'); END;
"""
POSTGRESQL = """
CREATE FUNCTION allocation_rounds_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      PERFORM attendance_refuses('allocation_rounds_final');
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state IN ('published', 'withdrawn') OR NEW.seed <> OLD.seed THEN
    PERFORM attendance_refuses('allocation_rounds_final');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER allocation_rounds_final BEFORE UPDATE OR DELETE ON allocation_rounds
FOR EACH ROW EXECUTE FUNCTION allocation_rounds_final();

CREATE FUNCTION allocation_only_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what_round integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    what_round := OLD.round_id;
  ELSE
    what_round := NEW.round_id;
  END IF;
  IF EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = what_round AND r.state <> 'draft') THEN
    PERFORM attendance_refuses(TG_TABLE_NAME || '_fixed');
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER weekly_times_fixed BEFORE INSERT OR UPDATE OR DELETE ON weekly_times
FOR EACH ROW EXECUTE FUNCTION allocation_only_in_draft();

CREATE TRIGGER round_criteria_fixed BEFORE INSERT OR UPDATE OR DELETE ON round_criteria
FOR EACH ROW EXECUTE FUNCTION allocation_only_in_draft();

CREATE FUNCTION allocation_awards_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what_round integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    what_round := OLD.round_id;
  ELSE
    what_round := NEW.round_id;
  END IF;
  IF EXISTS (SELECT 1 FROM allocation_rounds r WHERE r.id = what_round AND r.state IN ('published', 'withdrawn')) THEN
    PERFORM attendance_refuses('allocation_awards_final');
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER allocation_awards_final BEFORE INSERT OR UPDATE OR DELETE ON allocation_awards
FOR EACH ROW EXECUTE FUNCTION allocation_awards_final();

CREATE FUNCTION term_wish_choices_final() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  what_wish integer;
BEGIN
  IF TG_OP = 'DELETE' THEN
    what_wish := OLD.wish_id;
  ELSE
    what_wish := NEW.wish_id;
  END IF;
  IF EXISTS (SELECT 1 FROM term_wishes w JOIN allocation_rounds r ON r.id = w.round_id
             WHERE w.id = what_wish AND r.state IN ('published', 'withdrawn')) THEN
    PERFORM attendance_refuses('term_wish_choices_final');
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER term_wish_choices_final BEFORE INSERT OR UPDATE OR DELETE ON term_wish_choices
FOR EACH ROW EXECUTE FUNCTION term_wish_choices_final();

CREATE FUNCTION allocation_adjustments_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('allocation_adjustments_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER allocation_adjustments_append_only BEFORE UPDATE OR DELETE ON allocation_adjustments
FOR EACH ROW EXECUTE FUNCTION allocation_adjustments_append_only();

CREATE FUNCTION room_swaps_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT (OLD.state IN ('proposed', 'waiting') OR (OLD.state = 'done' AND NEW.state = 'taken_back')
          OR OLD.state = NEW.state) THEN
    PERFORM attendance_refuses('room_swaps_final');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER room_swaps_final BEFORE UPDATE OF state ON room_swaps
FOR EACH ROW EXECUTE FUNCTION room_swaps_final();
"""
FUNCTIONS = (
    "allocation_rounds_final",
    "allocation_only_in_draft",
    "allocation_awards_final",
    "term_wish_choices_final",
    "allocation_adjustments_append_only",
    "room_swaps_final",
)
TABLES = (
    "allocation_rounds",
    "room_swaps",
    "round_criteria",
    "term_wishes",
    "weekly_times",
    "allocation_adjustments",
    "allocation_awards",
    "room_swap_pairs",
    "term_wish_choices",
)


def upgrade() -> None:
    op.create_table(
        "allocation_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("opens_at", UtcDateTime(), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "matched",
                "open",
                "published",
                "withdrawn",
                name="allocation_round_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("matched_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)", name=op.f("ck_allocation_rounds_published")
        ),
        sa.CheckConstraint("closes_at > opens_at", name=op.f("ck_allocation_rounds_window")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("ck_allocation_rounds_term")),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_allocation_rounds_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_rounds")),
        sa.UniqueConstraint("slug", name=op.f("uq_allocation_rounds_slug")),
    )
    op.create_table(
        "room_swaps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "done",
                "expired",
                "proposed",
                "refused",
                "taken_back",
                "waiting",
                "withdrawn",
                name="swap_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("from_organisation_id", sa.Integer(), nullable=False),
        sa.Column("to_organisation_id", sa.Integer(), nullable=False),
        sa.Column("from_series_id", sa.Integer(), nullable=True),
        sa.Column("to_series_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("state <> 'refused' OR length(reason) > 0", name=op.f("ck_room_swaps_reason")),
        sa.CheckConstraint(
            "state NOT IN ('done', 'taken_back') OR done_at IS NOT NULL", name=op.f("ck_room_swaps_done")
        ),
        sa.CheckConstraint("(from_series_id IS NULL) = (to_series_id IS NULL)", name=op.f("ck_room_swaps_series")),
        sa.CheckConstraint("from_organisation_id <> to_organisation_id", name=op.f("ck_room_swaps_two")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["people.id"], name=op.f("fk_room_swaps_answered_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_room_swaps_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["from_organisation_id"], ["organisations.id"], name=op.f("fk_room_swaps_from_organisation_id")
        ),
        sa.ForeignKeyConstraint(["from_series_id"], ["booking_series.id"], name=op.f("fk_room_swaps_from_series_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["people.id"], name=op.f("fk_room_swaps_proposed_by_id")),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisations.id"], name=op.f("fk_room_swaps_to_organisation_id")
        ),
        sa.ForeignKeyConstraint(["to_series_id"], ["booking_series.id"], name=op.f("fk_room_swaps_to_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_swaps")),
        sa.UniqueConstraint("reference", name=op.f("uq_room_swaps_reference")),
    )
    op.create_index(op.f("ix_room_swaps_from_organisation_id"), "room_swaps", ["from_organisation_id"], unique=False)
    op.create_index(op.f("ix_room_swaps_from_series_id"), "room_swaps", ["from_series_id"], unique=False)
    op.create_index("ix_room_swaps_state_expires", "room_swaps", ["state", "expires_at"], unique=False)
    op.create_index(op.f("ix_room_swaps_to_organisation_id"), "room_swaps", ["to_organisation_id"], unique=False)
    op.create_index(op.f("ix_room_swaps_to_series_id"), "room_swaps", ["to_series_id"], unique=False)
    op.create_table(
        "round_criteria",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column(
            "criterion",
            sa.Enum(
                "charity",
                "equipment",
                "kept",
                "less_last_term",
                "people",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f("ck_round_criteria_weight")),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_round_criteria_round_id")),
        sa.PrimaryKeyConstraint("round_id", "criterion", name=op.f("pk_round_criteria")),
    )
    op.create_table(
        "term_wishes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=80), nullable=False),
        sa.Column("purpose_id", sa.Integer(), nullable=True),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("needs", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("people > 0", name=op.f("ck_term_wishes_people")),
        sa.CheckConstraint("position > 0", name=op.f("ck_term_wishes_position")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_term_wishes_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_term_wishes_person_id")),
        sa.ForeignKeyConstraint(["purpose_id"], ["purposes.id"], name=op.f("fk_term_wishes_purpose_id")),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_term_wishes_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_wishes")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_term_wishes_id_round_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_term_wishes_reference")),
    )
    op.create_index(op.f("ix_term_wishes_organisation_id"), "term_wishes", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_term_wishes_person_id"), "term_wishes", ["person_id"], unique=False)
    op.create_index(
        "uq_term_wishes_position",
        "term_wishes",
        ["round_id", "organisation_id", "position"],
        unique=True,
        sqlite_where=sa.text("withdrawn_at IS NULL"),
        postgresql_where=sa.text("withdrawn_at IS NULL"),
    )
    op.create_table(
        "weekly_times",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 15 AND 720", name=op.f("ck_weekly_times_minutes")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_weekly_times_weekday")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_weekly_times_room_id")),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_weekly_times_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weekly_times")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_weekly_times_id_round_id")),
        sa.UniqueConstraint(
            "round_id", "room_id", "weekday", "starts", name=op.f("uq_weekly_times_round_id_room_id_weekday_starts")
        ),
    )
    op.create_index(op.f("ix_weekly_times_room_id"), "weekly_times", ["room_id"], unique=False)
    op.create_table(
        "allocation_adjustments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("from_time_id", sa.Integer(), nullable=True),
        sa.Column("to_time_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_allocation_adjustments_reason")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_allocation_adjustments_by_id")),
        sa.ForeignKeyConstraint(
            ["from_time_id"], ["weekly_times.id"], name=op.f("fk_allocation_adjustments_from_time_id")
        ),
        sa.ForeignKeyConstraint(
            ["round_id"], ["allocation_rounds.id"], name=op.f("fk_allocation_adjustments_round_id")
        ),
        sa.ForeignKeyConstraint(["to_time_id"], ["weekly_times.id"], name=op.f("fk_allocation_adjustments_to_time_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["term_wishes.id"], name=op.f("fk_allocation_adjustments_wish_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_adjustments")),
    )
    op.create_index(op.f("ix_allocation_adjustments_round_id"), "allocation_adjustments", ["round_id"], unique=False)
    op.create_index(op.f("ix_allocation_adjustments_wish_id"), "allocation_adjustments", ["wish_id"], unique=False)
    op.create_table(
        "allocation_awards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("time_id", sa.Integer(), nullable=False),
        sa.Column("is_adjusted", sa.Boolean(), nullable=False),
        sa.Column("series_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["allocation_rounds.id"], name=op.f("fk_allocation_awards_round_id")),
        sa.ForeignKeyConstraint(["series_id"], ["booking_series.id"], name=op.f("fk_allocation_awards_series_id")),
        sa.ForeignKeyConstraint(
            ["time_id", "round_id"], ["weekly_times.id", "weekly_times.round_id"], name="fk_awards_time"
        ),
        sa.ForeignKeyConstraint(
            ["wish_id", "round_id"], ["term_wishes.id", "term_wishes.round_id"], name="fk_awards_wish"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation_awards")),
        sa.UniqueConstraint("series_id", name=op.f("uq_allocation_awards_series_id")),
        sa.UniqueConstraint("time_id", name=op.f("uq_allocation_awards_time_id")),
        sa.UniqueConstraint("wish_id", name=op.f("uq_allocation_awards_wish_id")),
    )
    op.create_index(op.f("ix_allocation_awards_round_id"), "allocation_awards", ["round_id"], unique=False)
    op.create_table(
        "room_swap_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("swap_id", sa.Integer(), nullable=False),
        sa.Column("from_booking_id", sa.Integer(), nullable=False),
        sa.Column("to_booking_id", sa.Integer(), nullable=False),
        sa.Column("from_room_id", sa.Integer(), nullable=False),
        sa.Column("from_starts_at", UtcDateTime(), nullable=False),
        sa.Column("from_ends_at", UtcDateTime(), nullable=False),
        sa.Column("to_room_id", sa.Integer(), nullable=False),
        sa.Column("to_starts_at", UtcDateTime(), nullable=False),
        sa.Column("to_ends_at", UtcDateTime(), nullable=False),
        sa.Column("from_seen", sa.Integer(), nullable=False),
        sa.Column("to_seen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["from_booking_id"], ["bookings.id"], name=op.f("fk_room_swap_pairs_from_booking_id")),
        sa.ForeignKeyConstraint(["from_room_id"], ["rooms.id"], name=op.f("fk_room_swap_pairs_from_room_id")),
        sa.ForeignKeyConstraint(["swap_id"], ["room_swaps.id"], name=op.f("fk_room_swap_pairs_swap_id")),
        sa.ForeignKeyConstraint(["to_booking_id"], ["bookings.id"], name=op.f("fk_room_swap_pairs_to_booking_id")),
        sa.ForeignKeyConstraint(["to_room_id"], ["rooms.id"], name=op.f("fk_room_swap_pairs_to_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_swap_pairs")),
    )
    op.create_index(op.f("ix_room_swap_pairs_from_booking_id"), "room_swap_pairs", ["from_booking_id"], unique=False)
    op.create_index(op.f("ix_room_swap_pairs_swap_id"), "room_swap_pairs", ["swap_id"], unique=False)
    op.create_index(op.f("ix_room_swap_pairs_to_booking_id"), "room_swap_pairs", ["to_booking_id"], unique=False)
    op.create_table(
        "term_wish_choices",
        sa.Column("wish_id", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("time_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=True),
        sa.Column("shares", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["time_id"], ["weekly_times.id"], name=op.f("fk_term_wish_choices_time_id")),
        sa.ForeignKeyConstraint(["wish_id"], ["term_wishes.id"], name=op.f("fk_term_wish_choices_wish_id")),
        sa.PrimaryKeyConstraint("wish_id", "rank", name=op.f("pk_term_wish_choices")),
        sa.UniqueConstraint("wish_id", "time_id", name=op.f("uq_term_wish_choices_wish_id_time_id")),
    )
    op.create_index(op.f("ix_term_wish_choices_time_id"), "term_wish_choices", ["time_id"], unique=False)
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE)", guards):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
