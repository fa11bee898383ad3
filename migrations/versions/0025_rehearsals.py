"""Rehearsals as they were planned, with those that were skipped; and polls for a date, which end once and for all."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0025_rehearsals"
down_revision = "0024_evidence"
branch_labels = None
depends_on = None

TABLES = ("rehearsals", "date_polls", "date_poll_options", "date_poll_answers")
IS_OPEN = "SELECT 1 FROM date_polls p WHERE p.id = NEW.poll_id AND p.state = 'open' AND NEW.at < p.closes_at"
IS_OPTION = "SELECT 1 FROM date_poll_options o WHERE o.id = NEW.option_id AND o.poll_id = NEW.id"
SQLITE = f"""
CREATE TRIGGER date_poll_answers_open BEFORE INSERT ON date_poll_answers WHEN NOT EXISTS ({IS_OPEN})
BEGIN SELECT RAISE(ABORT, 'date_poll_answers_open'); END;

CREATE TRIGGER date_poll_answers_open_later BEFORE UPDATE OF vote ON date_poll_answers WHEN NOT EXISTS ({IS_OPEN})
BEGIN SELECT RAISE(ABORT, 'date_poll_answers_open'); END;

CREATE TRIGGER date_polls_ended BEFORE UPDATE OF state, option_id ON date_polls
WHEN OLD.state <> 'open' OR (NEW.option_id IS NOT NULL AND NOT EXISTS ({IS_OPTION}))
BEGIN SELECT RAISE(ABORT, 'date_polls_ended'); END;
"""
POSTGRESQL = f"""
CREATE FUNCTION date_poll_answers_open() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM date_polls WHERE id = NEW.poll_id FOR SHARE;
  IF NOT EXISTS ({IS_OPEN}) THEN
    PERFORM attendance_refuses('date_poll_answers_open');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER date_poll_answers_open BEFORE INSERT OR UPDATE OF vote ON date_poll_answers
FOR EACH ROW EXECUTE FUNCTION date_poll_answers_open();

CREATE FUNCTION date_polls_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open' OR (NEW.option_id IS NOT NULL AND NOT EXISTS ({IS_OPTION})) THEN
    PERFORM attendance_refuses('date_polls_ended');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER date_polls_ended BEFORE UPDATE OF state, option_id ON date_polls
FOR EACH ROW EXECUTE FUNCTION date_polls_ended();
"""
FUNCTIONS = ("date_poll_answers_open", "date_polls_ended")


def upgrade() -> None:
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("skipped", _one_of("rehearsal_skipped", "chosen", "closed", "holiday", "rule", "taken")),
        sa.Column("makes_up_for_id", sa.Integer(), nullable=True),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_rehearsals_span")),
        sa.CheckConstraint("(session_id IS NULL) = (skipped IS NOT NULL)", name=op.f("ck_rehearsals_skipped")),
        sa.CheckConstraint("makes_up_for_id IS NULL OR makes_up_for_id <> id", name=op.f("ck_rehearsals_makes_up")),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_rehearsals_season_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_rehearsals_room_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_rehearsals_session_id")),
        sa.ForeignKeyConstraint(["planned_by_id"], ["people.id"], name=op.f("fk_rehearsals_planned_by_id")),
        sa.ForeignKeyConstraint(
            ["makes_up_for_id", "season_id"],
            ["rehearsals.id", "rehearsals.season_id"],
            name=op.f("fk_rehearsals_makes_up_for_id_season_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
        sa.UniqueConstraint("season_id", "starts_at", name=op.f("uq_rehearsals_season_id_starts_at")),
        sa.UniqueConstraint("session_id", name=op.f("uq_rehearsals_session_id")),
        sa.UniqueConstraint("id", "season_id", name=op.f("uq_rehearsals_id_season_id")),
    )
    op.create_index("ix_rehearsals_makes_up_for", "rehearsals", ["makes_up_for_id"], unique=False)
    _create_polls()
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE)", guards):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}()")


def _create_polls() -> None:
    op.create_table(
        "date_polls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("state", _one_of("poll_state", "called_off", "decided", "open"), nullable=False),
        sa.Column("closes_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'decided') = (session_id IS NOT NULL)", name=op.f("ck_date_polls_decided")),
        sa.CheckConstraint("(state = 'decided') = (option_id IS NOT NULL)", name=op.f("ck_date_polls_option")),
        sa.ForeignKeyConstraint(["season_id"], ["seasons.id"], name=op.f("fk_date_polls_season_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_date_polls_made_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_date_polls_session_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["people.id"], name=op.f("fk_date_polls_ended_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_polls")),
        sa.UniqueConstraint("session_id", name=op.f("uq_date_polls_session_id")),
        sa.UniqueConstraint("made_by_id", "request_key", name=op.f("uq_date_polls_made_by_id_request_key")),
    )
    op.create_index("ix_date_polls_season", "date_polls", ["season_id", "id"], unique=False)
    op.create_table(
        "date_poll_options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_date_poll_options_span")),
        sa.ForeignKeyConstraint(["poll_id"], ["date_polls.id"], name=op.f("fk_date_poll_options_poll_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_date_poll_options_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_poll_options")),
        sa.UniqueConstraint(
            "poll_id", "starts_at", "room_id", name=op.f("uq_date_poll_options_poll_id_starts_at_room_id")
        ),
        sa.UniqueConstraint("id", "poll_id", name=op.f("uq_date_poll_options_id_poll_id")),
    )
    op.create_table(
        "date_poll_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll_id", sa.Integer(), nullable=False),
        sa.Column("option_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("vote", _one_of("poll_vote", "maybe", "no", "yes"), nullable=False),
        sa.Column("how", _one_of("poll_how", "account", "lead", "link"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(how = 'link') = (by_id IS NULL)", name=op.f("ck_date_poll_answers_by")),
        sa.ForeignKeyConstraint(
            ["option_id", "poll_id"],
            ["date_poll_options.id", "date_poll_options.poll_id"],
            name=op.f("fk_date_poll_answers_option_id_poll_id"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["troupe_members.id"], name=op.f("fk_date_poll_answers_member_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_date_poll_answers_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_date_poll_answers")),
        sa.UniqueConstraint("option_id", "member_id", name=op.f("uq_date_poll_answers_option_id_member_id")),
    )
    op.create_index("ix_date_poll_answers_poll", "date_poll_answers", ["poll_id"], unique=False)
    op.create_index("ix_date_poll_answers_member", "date_poll_answers", ["member_id"], unique=False)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
