"""Performances of troupes: programmes in versions, who plays what, when somebody is on a stage, answers, rehearsals."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0017_performances"
down_revision = "0016_incubations"
branch_labels = None
depends_on = None

STATES = ("cancelled", "cast_set", "performed", "pieces_set", "preparing", "published")
STEPS = (
    ">preparing", "preparing>pieces_set", "pieces_set>preparing", "pieces_set>cast_set", "cast_set>pieces_set",
    "cast_set>published", "published>performed", "preparing>cancelled", "pieces_set>cancelled", "cast_set>cancelled",
    "published>cancelled",
)  # fmt: skip
STEP = "coalesce(was, '') || '>' || became IN (" + ", ".join(f"'{each}'" for each in STEPS) + ")"
ALLOWED = (
    "(allowed_seconds IS NULL) = (allowed_by_id IS NULL) AND (allowed_seconds IS NULL) = (allowed_at IS NULL)"
    " AND (allowed_seconds IS NULL OR trim(allowed_why) <> '')"
)
GUARDED = ("programme_items", "programme_performers")
STEP_IS_RIGHT = """CASE WHEN NEW.was IS NULL THEN p.state = 'preparing' AND NOT EXISTS
      (SELECT 1 FROM performance_events e WHERE e.performance_id = p.id)
    ELSE p.state = NEW.was AND EXISTS (SELECT 1 FROM performance_events e WHERE e.performance_id = p.id) END
    AND (NEW.became <> 'published' OR EXISTS
      (SELECT 1 FROM programmes g WHERE g.performance_id = p.id AND g.published_at IS NOT NULL))"""
LAST_EVENT = """SELECT 1 FROM performance_events e WHERE e.performance_id = NEW.id AND e.became = NEW.state
      AND e.was = OLD.state
      AND e.id = (SELECT max(l.id) FROM performance_events l WHERE l.performance_id = NEW.id)"""
# After the last piece nothing is changed any more.
LENGTH = """SELECT coalesce(sum(i.seconds), 0) + coalesce(sum(CASE WHEN EXISTS (SELECT 1 FROM programme_items n
      WHERE n.programme_id = i.programme_id AND n.position > i.position) THEN i.change_seconds ELSE 0 END), 0)
    FROM programme_items i WHERE i.programme_id = """
IS_PUBLISHED = "SELECT 1 FROM programmes g WHERE g.published_at IS NOT NULL AND g.id = "
IS_TOO_LONG = f"""NEW.published_at IS NOT NULL AND ({LENGTH}NEW.id) > coalesce(NEW.allowed_seconds, 0)
  AND ({LENGTH}NEW.id) > (SELECT p.slot_seconds FROM performances p WHERE p.id = NEW.performance_id)"""  # noqa: S608
SLOT_TOO_SHORT = f"""SELECT 1 FROM programmes g WHERE g.performance_id = NEW.id AND g.published_at IS NOT NULL
    AND g.number = (SELECT max(l.number) FROM programmes l WHERE l.performance_id = NEW.id
                    AND l.published_at IS NOT NULL)
    AND ({LENGTH}g.id) > coalesce(g.allowed_seconds, 0) AND ({LENGTH}g.id) > NEW.slot_seconds"""  # noqa: S608
ELSEWHERE = """SELECT 1 FROM appearances a WHERE a.person_id = NEW.person_id AND a.session_id <> NEW.session_id
    AND a.is_live AND a.starts_at < NEW.ends_at AND a.ends_at > NEW.starts_at"""
OF_SESSION = """SELECT 1 FROM sessions s WHERE s.id = NEW.session_id AND s.starts_at = NEW.starts_at
    AND s.ends_at = NEW.ends_at"""
IS_LIVE = """SELECT 1 FROM appearances a WHERE a.session_id = NEW.session_id AND a.person_id = NEW.person_id
    AND a.is_live"""
SQLITE = (
    f"""
CREATE TRIGGER performances_first BEFORE INSERT ON performances WHEN NEW.state <> 'preparing'
BEGIN SELECT RAISE(ABORT, 'performances_step'); END;

CREATE TRIGGER performances_step BEFORE UPDATE OF state ON performances
WHEN NEW.state <> OLD.state AND NOT EXISTS ({LAST_EVENT})
BEGIN SELECT RAISE(ABORT, 'performances_step'); END;

CREATE TRIGGER performances_no_delete BEFORE DELETE ON performances
BEGIN SELECT RAISE(ABORT, 'performances_no_delete'); END;

CREATE TRIGGER performances_slot BEFORE UPDATE OF slot_seconds ON performances
WHEN EXISTS ({SLOT_TOO_SHORT})
BEGIN SELECT RAISE(ABORT, 'programmes_fit'); END;

CREATE TRIGGER performance_events_step BEFORE INSERT ON performance_events
WHEN NOT EXISTS (SELECT 1 FROM performances p WHERE p.id = NEW.performance_id AND {STEP_IS_RIGHT})
BEGIN SELECT RAISE(ABORT, 'performance_events_step'); END;

CREATE TRIGGER performance_events_write AFTER INSERT ON performance_events WHEN NEW.was IS NOT NULL
BEGIN UPDATE performances SET state = NEW.became WHERE id = NEW.performance_id; END;

CREATE TRIGGER performance_events_no_update BEFORE UPDATE ON performance_events
BEGIN SELECT RAISE(ABORT, 'performance_events_append_only'); END;

CREATE TRIGGER performance_events_no_delete BEFORE DELETE ON performance_events
BEGIN SELECT RAISE(ABORT, 'performance_events_append_only'); END;

CREATE TRIGGER programmes_first BEFORE INSERT ON programmes WHEN NEW.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'programmes_published'); END;

CREATE TRIGGER programmes_published BEFORE UPDATE ON programmes WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'programmes_published'); END;

CREATE TRIGGER programmes_no_delete BEFORE DELETE ON programmes WHEN OLD.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'programmes_published'); END;

CREATE TRIGGER programmes_fit BEFORE UPDATE ON programmes WHEN {IS_TOO_LONG}
BEGIN SELECT RAISE(ABORT, 'programmes_fit'); END;

CREATE TRIGGER appearances_one_stage BEFORE INSERT ON appearances WHEN NEW.is_live AND EXISTS ({ELSEWHERE})
BEGIN SELECT RAISE(ABORT, 'appearances_one_stage'); END;

CREATE TRIGGER appearances_one_stage_later BEFORE UPDATE ON appearances WHEN NEW.is_live AND EXISTS ({ELSEWHERE})
BEGIN SELECT RAISE(ABORT, 'appearances_one_stage'); END;

CREATE TRIGGER appearances_of_session BEFORE INSERT ON appearances WHEN NOT EXISTS ({OF_SESSION})
BEGIN SELECT RAISE(ABORT, 'appearances_of_session'); END;

CREATE TRIGGER appearances_of_session_later BEFORE UPDATE ON appearances
WHEN NEW.is_live AND NOT EXISTS ({OF_SESSION})
BEGIN SELECT RAISE(ABORT, 'appearances_of_session'); END;

CREATE TRIGGER programme_performers_live BEFORE INSERT ON programme_performers WHEN NOT EXISTS ({IS_LIVE})
BEGIN SELECT RAISE(ABORT, 'programme_performers_live'); END;
"""  # noqa: S608
    + "".join(
        f"""
CREATE TRIGGER {table}_published_{how.lower()} BEFORE {how} ON {table}
WHEN EXISTS ({IS_PUBLISHED}{row}.programme_id)
BEGIN SELECT RAISE(ABORT, 'programmes_published'); END;
"""
        for table in GUARDED
        for how, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD"))
    )
)
POSTGRESQL = f"""
CREATE FUNCTION performances_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM attendance_refuses('performances_no_delete');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'preparing' THEN
      PERFORM attendance_refuses('performances_step');
    END IF;
  ELSIF NEW.state <> OLD.state AND NOT EXISTS ({LAST_EVENT}) THEN
    PERFORM attendance_refuses('performances_step');
  ELSIF NEW.slot_seconds < OLD.slot_seconds AND EXISTS ({SLOT_TOO_SHORT}) THEN
    PERFORM attendance_refuses('programmes_fit');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER performances_step BEFORE INSERT OR UPDATE OR DELETE ON performances
FOR EACH ROW EXECUTE FUNCTION performances_step();

CREATE FUNCTION performance_events_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM performances WHERE id = NEW.performance_id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM performances p WHERE p.id = NEW.performance_id AND {STEP_IS_RIGHT}) THEN
    PERFORM attendance_refuses('performance_events_step');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER performance_events_step BEFORE INSERT ON performance_events
FOR EACH ROW EXECUTE FUNCTION performance_events_step();

CREATE FUNCTION performance_events_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.was IS NOT NULL THEN
    UPDATE performances SET state = NEW.became WHERE id = NEW.performance_id;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER performance_events_write AFTER INSERT ON performance_events
FOR EACH ROW EXECUTE FUNCTION performance_events_write();

CREATE FUNCTION performance_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('performance_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER performance_events_append_only BEFORE UPDATE OR DELETE ON performance_events
FOR EACH ROW EXECUTE FUNCTION performance_events_append_only();

CREATE TRIGGER performance_events_no_truncate BEFORE TRUNCATE ON performance_events
FOR EACH STATEMENT EXECUTE FUNCTION performance_events_append_only();

CREATE FUNCTION programmes_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.published_at IS NOT NULL THEN
      PERFORM attendance_refuses('programmes_published');
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.published_at IS NOT NULL THEN
    PERFORM attendance_refuses('programmes_published');
  END IF;
  IF TG_OP = 'DELETE' THEN
    RETURN OLD;
  END IF;
  IF NEW.published_at IS NOT NULL THEN
    PERFORM 1 FROM performances WHERE id = NEW.performance_id FOR SHARE;
    IF {IS_TOO_LONG} THEN
      PERFORM attendance_refuses('programmes_fit');
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER programmes_published BEFORE INSERT OR UPDATE OR DELETE ON programmes
FOR EACH ROW EXECUTE FUNCTION programmes_published();

CREATE FUNCTION programme_parts_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  one integer := CASE WHEN TG_OP = 'INSERT' THEN NEW.programme_id ELSE OLD.programme_id END;
BEGIN
  PERFORM 1 FROM programmes WHERE id = one FOR SHARE;
  IF EXISTS ({IS_PUBLISHED}one) THEN
    PERFORM attendance_refuses('programmes_published');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER programme_items_published BEFORE INSERT OR UPDATE OR DELETE ON programme_items
FOR EACH ROW EXECUTE FUNCTION programme_parts_published();

CREATE TRIGGER programme_performers_published BEFORE INSERT OR UPDATE OR DELETE ON programme_performers
FOR EACH ROW EXECUTE FUNCTION programme_parts_published();

CREATE FUNCTION programme_performers_live() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM appearances WHERE session_id = NEW.session_id AND person_id = NEW.person_id FOR SHARE;
  IF NOT EXISTS ({IS_LIVE}) THEN
    PERFORM attendance_refuses('programme_performers_live');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER programme_performers_live BEFORE INSERT ON programme_performers
FOR EACH ROW EXECUTE FUNCTION programme_performers_live();

ALTER TABLE appearances ADD CONSTRAINT appearances_one_stage EXCLUDE USING gist (
  int4range(person_id, person_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (is_live);

CREATE FUNCTION appearances_of_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP = 'INSERT' OR NEW.is_live) AND NOT EXISTS ({OF_SESSION}) THEN
    PERFORM attendance_refuses('appearances_of_session');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER appearances_of_session BEFORE INSERT OR UPDATE ON appearances
FOR EACH ROW EXECUTE FUNCTION appearances_of_session();
"""  # noqa: S608
FUNCTIONS = (
    "performances_step", "performance_events_step", "performance_events_write", "performance_events_append_only",
    "programmes_published", "programme_parts_published", "programme_performers_live", "appearances_of_session",
)  # fmt: skip
TABLES = (
    "performances",
    "performance_events",
    "programmes",
    "programme_items",
    "appearances",
    "programme_performers",
    "rehearsal_pieces",
    "performance_replies",
    "reply_links",
    "stage_names",
)


def upgrade() -> None:
    op.create_table(
        "performances",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("season_id", sa.Integer(), nullable=True),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", _one_of("performance_state", STATES), nullable=False),
        sa.Column("call_at", UtcDateTime(), nullable=False),
        sa.Column("slot_seconds", sa.Integer(), nullable=False),
        sa.Column("change_seconds", sa.Integer(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=True),
        sa.Column("reply_until", sa.Date(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("change_seconds BETWEEN 0 AND 3600", name=op.f("ck_performances_change")),
        sa.CheckConstraint("slot_seconds BETWEEN 60 AND 43200", name=op.f("ck_performances_slot")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_performances_made_by_id")),
        sa.ForeignKeyConstraint(
            ["season_id", "troupe_id"],
            ["seasons.id", "seasons.troupe_id"],
            name=op.f("fk_performances_season_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_performances_session_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_performances_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performances")),
        sa.UniqueConstraint("id", "session_id", name=op.f("uq_performances_id_session_id")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_performances_id_troupe_id")),
        sa.UniqueConstraint("session_id", "troupe_id", name=op.f("uq_performances_session_id_troupe_id")),
    )
    op.create_index(
        "ix_performances_state_replies", "performances", ["state", "reminded_at", "reply_until"], unique=False
    )
    op.create_index("ix_performances_troupe", "performances", ["troupe_id", "id"], unique=False)
    op.create_table(
        "performance_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("was", _one_of("performance_was", STATES), nullable=True),
        sa.Column("became", _one_of("performance_became", STATES), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(STEP, name=op.f("ck_performance_events_step")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_performance_events_by_id")),
        sa.ForeignKeyConstraint(
            ["performance_id"], ["performances.id"], name=op.f("fk_performance_events_performance_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_events")),
    )
    op.create_index("ix_performance_events_performance", "performance_events", ["performance_id", "id"], unique=False)
    op.create_table(
        "programmes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("published_by_id", sa.Integer(), nullable=True),
        sa.Column("allowed_seconds", sa.Integer(), nullable=True),
        sa.Column("allowed_by_id", sa.Integer(), nullable=True),
        sa.Column("allowed_at", UtcDateTime(), nullable=True),
        sa.Column("allowed_why", sa.String(length=200), nullable=False),
        sa.CheckConstraint(ALLOWED, name=op.f("ck_programmes_allowed")),
        sa.CheckConstraint("(published_at IS NULL) = (published_by_id IS NULL)", name=op.f("ck_programmes_published")),
        sa.ForeignKeyConstraint(["allowed_by_id"], ["people.id"], name=op.f("fk_programmes_allowed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_programmes_made_by_id")),
        sa.ForeignKeyConstraint(
            ["performance_id", "troupe_id"],
            ["performances.id", "performances.troupe_id"],
            name=op.f("fk_programmes_performance_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["people.id"], name=op.f("fk_programmes_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programmes")),
        sa.UniqueConstraint("id", "performance_id", name=op.f("uq_programmes_id_performance_id")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_programmes_id_troupe_id")),
        sa.UniqueConstraint("performance_id", "number", name=op.f("uq_programmes_performance_id_number")),
    )
    op.create_index(
        "uq_programmes_draft",
        "programmes",
        ["performance_id"],
        unique=True,
        sqlite_where=sa.text("published_at IS NULL"),
        postgresql_where=sa.text("published_at IS NULL"),
    )
    op.create_table(
        "programme_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("follows", sa.Integer(), nullable=True),
        sa.Column("piece_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("change_seconds", sa.Integer(), nullable=False),
        sa.Column("call_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("piece_id IS NOT NULL OR trim(title) <> ''", name=op.f("ck_programme_items_what")),
        sa.CheckConstraint("change_seconds BETWEEN 0 AND 3600", name=op.f("ck_programme_items_change")),
        sa.CheckConstraint(
            "position >= 1 AND coalesce(follows, 0) = position - 1", name=op.f("ck_programme_items_follows")
        ),
        sa.CheckConstraint("seconds BETWEEN 1 AND 10800", name=op.f("ck_programme_items_seconds")),
        sa.ForeignKeyConstraint(
            ["piece_id", "troupe_id"],
            ["pieces.id", "pieces.troupe_id"],
            name=op.f("fk_programme_items_piece_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "follows"],
            ["programme_items.programme_id", "programme_items.position"],
            name="fk_programme_items_no_gap",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "troupe_id"],
            ["programmes.id", "programmes.troupe_id"],
            name=op.f("fk_programme_items_programme_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_items")),
        sa.UniqueConstraint("id", "programme_id", name=op.f("uq_programme_items_id_programme_id")),
        sa.UniqueConstraint("programme_id", "piece_id", name=op.f("uq_programme_items_programme_id_piece_id")),
        sa.UniqueConstraint("programme_id", "position", name=op.f("uq_programme_items_programme_id_position")),
    )
    op.create_table(
        "appearances",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("is_live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appearances_span")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_appearances_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_appearances_session_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_appearances")),
    )
    op.create_index("ix_appearances_person", "appearances", ["person_id", "starts_at"], unique=False)
    op.create_table(
        "programme_performers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=True),
        sa.Column("is_stand_in", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id", "programme_id"],
            ["programme_items.id", "programme_items.programme_id"],
            name=op.f("fk_programme_performers_item_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_programme_performers_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["part_id", "troupe_id"],
            ["troupe_parts.id", "troupe_parts.troupe_id"],
            name=op.f("fk_programme_performers_part_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["performance_id", "session_id"],
            ["performances.id", "performances.session_id"],
            name=op.f("fk_programme_performers_performance_id_session_id"),
        ),
        sa.ForeignKeyConstraint(
            ["programme_id", "performance_id"],
            ["programmes.id", "programmes.performance_id"],
            name=op.f("fk_programme_performers_programme_id_performance_id"),
        ),
        sa.ForeignKeyConstraint(
            ["session_id", "person_id"],
            ["appearances.session_id", "appearances.person_id"],
            name=op.f("fk_programme_performers_session_id_person_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_performers")),
        sa.UniqueConstraint("item_id", "member_id", name=op.f("uq_programme_performers_item_id_member_id")),
    )
    op.create_index(
        "ix_programme_performers_member", "programme_performers", ["member_id", "performance_id"], unique=False
    )
    op.create_index("ix_programme_performers_person", "programme_performers", ["person_id", "session_id"], unique=False)
    op.create_index(
        op.f("ix_programme_performers_programme_id"), "programme_performers", ["programme_id"], unique=False
    )
    op.create_table(
        "rehearsal_pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 5 AND 480", name=op.f("ck_rehearsal_pieces_minutes")),
        sa.CheckConstraint("position >= 1", name=op.f("ck_rehearsal_pieces_position")),
        sa.ForeignKeyConstraint(
            ["performance_id", "troupe_id"],
            ["performances.id", "performances.troupe_id"],
            name=op.f("fk_rehearsal_pieces_performance_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["piece_id", "troupe_id"],
            ["pieces.id", "pieces.troupe_id"],
            name=op.f("fk_rehearsal_pieces_piece_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_rehearsal_pieces_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsal_pieces")),
        sa.UniqueConstraint(
            "performance_id",
            "session_id",
            "piece_id",
            name=op.f("uq_rehearsal_pieces_performance_id_session_id_piece_id"),
        ),
    )
    op.create_index(
        "uq_rehearsal_pieces_position", "rehearsal_pieces", ["performance_id", "session_id", "position"], unique=True
    )
    op.create_table(
        "performance_replies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("answer", _one_of("reply_answer", ("coming", "not_coming", "unsure")), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("how", _one_of("reply_how", ("account", "lead", "link")), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("of_starts_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(how = 'link') = (by_id IS NULL)", name=op.f("ck_performance_replies_by")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_performance_replies_by_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_performance_replies_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["performance_id", "troupe_id"],
            ["performances.id", "performances.troupe_id"],
            name=op.f("fk_performance_replies_performance_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_performance_replies")),
        sa.UniqueConstraint(
            "performance_id", "member_id", name=op.f("uq_performance_replies_performance_id_member_id")
        ),
    )
    op.create_index("ix_performance_replies_member", "performance_replies", ["member_id"], unique=False)
    op.create_table(
        "reply_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("performance_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_reply_links_made_by_id")),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_reply_links_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["performance_id", "troupe_id"],
            ["performances.id", "performances.troupe_id"],
            name=op.f("fk_reply_links_performance_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_reply_links_digest")),
    )
    op.create_index("ix_reply_links_member", "reply_links", ["member_id"], unique=False)
    op.create_index(
        "uq_reply_links_live",
        "reply_links",
        ["performance_id", "member_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "stage_names",
        sa.Column("member_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("trim(name) <> ''", name=op.f("ck_stage_names_name")),
        sa.ForeignKeyConstraint(["member_id"], ["troupe_members.id"], name=op.f("fk_stage_names_member_id")),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_stage_names_said_by_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_stage_names")),
    )
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE|ALTER)", guards):
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}()")


def _one_of(name: str, values: tuple[str, ...]) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
