"""Troupes: members and how they stand, offices, hand-over sheets, repertoire and who knows it, files, seasons."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0015_troupes"
down_revision = "0014_keeping"
branch_labels = None
depends_on = None

STEPS = (
    ">applied", "applied>trial", "applied>active", "applied>left", "trial>active", "trial>left", "active>resting",
    "resting>active", "active>left", "resting>left",
)  # fmt: skip
STEP = "coalesce(was, '') || '>' || became IN (" + ", ".join(f"'{each}'" for each in STEPS) + ")"
# A member's state and dates are written from what happened, and from nothing else.
WRITES = """UPDATE troupe_members SET state = NEW.became,
    left_on = CASE WHEN NEW.became = 'left' THEN NEW.on_date END,
    joined_on = CASE WHEN NEW.became = 'active' AND joined_on IS NULL THEN NEW.on_date ELSE joined_on END
  WHERE id = NEW.member_id"""
STEP_IS_RIGHT = """CASE WHEN NEW.was IS NULL THEN m.state = 'applied' AND NOT EXISTS
      (SELECT 1 FROM troupe_member_events e WHERE e.member_id = m.id)
    ELSE m.state = NEW.was AND EXISTS (SELECT 1 FROM troupe_member_events e WHERE e.member_id = m.id) END"""
HOLDS_OFFICE = "SELECT 1 FROM troupe_offices o WHERE o.member_id = NEW.member_id AND o.ends_on IS NULL"
LAST_EVENT = """SELECT 1 FROM troupe_member_events e WHERE e.member_id = NEW.id AND e.became = NEW.state
      AND e.was = OLD.state AND e.id = (SELECT max(l.id) FROM troupe_member_events l WHERE l.member_id = NEW.id)"""
IS_IN = "SELECT 1 FROM troupe_members m WHERE m.id = NEW.member_id AND m.state IN ('active', 'resting')"
ERASED = """SELECT 1 FROM troupe_members m JOIN people p ON p.id = m.person_id
      WHERE m.id = OLD.member_id AND p.erased_at IS NOT NULL"""
LEADERS_MEET = """SELECT 1 FROM troupe_offices o WHERE o.troupe_id = NEW.troupe_id AND o.office = 'leader'
      AND o.id IS NOT NEW.id AND o.starts_on <= coalesce(NEW.ends_on, '9999-12-31')
      AND coalesce(o.ends_on, '9999-12-31') >= NEW.starts_on"""
SQLITE = f"""
CREATE TRIGGER troupe_members_first BEFORE INSERT ON troupe_members
WHEN NEW.state <> 'applied' OR NEW.joined_on IS NOT NULL OR NEW.left_on IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'troupe_members_step'); END;

CREATE TRIGGER troupe_members_step BEFORE UPDATE OF state, joined_on, left_on ON troupe_members
WHEN (NEW.state IS NOT OLD.state OR NEW.joined_on IS NOT OLD.joined_on OR NEW.left_on IS NOT OLD.left_on)
  AND (NEW.state IS OLD.state OR NOT EXISTS ({LAST_EVENT}))
BEGIN SELECT RAISE(ABORT, 'troupe_members_step'); END;

CREATE TRIGGER troupe_members_no_delete BEFORE DELETE ON troupe_members
BEGIN SELECT RAISE(ABORT, 'troupe_members_no_delete'); END;

CREATE TRIGGER troupe_member_events_step BEFORE INSERT ON troupe_member_events
WHEN NOT EXISTS (SELECT 1 FROM troupe_members m WHERE m.id = NEW.member_id AND {STEP_IS_RIGHT})
BEGIN SELECT RAISE(ABORT, 'troupe_member_events_step'); END;

CREATE TRIGGER troupe_member_events_office BEFORE INSERT ON troupe_member_events
WHEN NEW.became = 'left' AND EXISTS ({HOLDS_OFFICE})
BEGIN SELECT RAISE(ABORT, 'troupe_offices_left'); END;

CREATE TRIGGER troupe_member_events_write AFTER INSERT ON troupe_member_events WHEN NEW.was IS NOT NULL
BEGIN {WRITES}; END;

CREATE TRIGGER troupe_member_events_no_update BEFORE UPDATE ON troupe_member_events
WHEN NOT (NEW.reason = '' AND NEW.id IS OLD.id AND NEW.member_id IS OLD.member_id AND NEW.was IS OLD.was
  AND NEW.became IS OLD.became AND NEW.on_date IS OLD.on_date AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at
  AND EXISTS ({ERASED}))
BEGIN SELECT RAISE(ABORT, 'troupe_member_events_append_only'); END;

CREATE TRIGGER troupe_member_events_no_delete BEFORE DELETE ON troupe_member_events
BEGIN SELECT RAISE(ABORT, 'troupe_member_events_append_only'); END;

CREATE TRIGGER troupe_offices_member BEFORE INSERT ON troupe_offices
WHEN NEW.ends_on IS NULL AND NOT EXISTS ({IS_IN})
BEGIN SELECT RAISE(ABORT, 'troupe_offices_left'); END;

CREATE TRIGGER troupe_offices_member_later BEFORE UPDATE ON troupe_offices
WHEN NEW.ends_on IS NULL AND NOT EXISTS ({IS_IN})
BEGIN SELECT RAISE(ABORT, 'troupe_offices_left'); END;

CREATE TRIGGER troupe_offices_one_leader BEFORE INSERT ON troupe_offices
WHEN NEW.office = 'leader' AND EXISTS ({LEADERS_MEET})
BEGIN SELECT RAISE(ABORT, 'troupe_offices_one_leader'); END;

CREATE TRIGGER troupe_offices_one_leader_later BEFORE UPDATE ON troupe_offices
WHEN NEW.office = 'leader' AND EXISTS ({LEADERS_MEET})
BEGIN SELECT RAISE(ABORT, 'troupe_offices_one_leader'); END;
"""  # noqa: S608
POSTGRESQL = f"""
CREATE FUNCTION troupe_members_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM attendance_refuses('troupe_members_no_delete');
  ELSIF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'applied' OR NEW.joined_on IS NOT NULL OR NEW.left_on IS NOT NULL THEN
      PERFORM attendance_refuses('troupe_members_step');
    END IF;
  ELSIF (NEW.state, NEW.joined_on, NEW.left_on) IS DISTINCT FROM (OLD.state, OLD.joined_on, OLD.left_on)
    AND (NEW.state = OLD.state OR NOT EXISTS ({LAST_EVENT})) THEN
      PERFORM attendance_refuses('troupe_members_step');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER troupe_members_step BEFORE INSERT OR UPDATE OR DELETE ON troupe_members
FOR EACH ROW EXECUTE FUNCTION troupe_members_step();

CREATE FUNCTION troupe_member_events_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM troupe_members WHERE id = NEW.member_id FOR UPDATE;
  IF NOT EXISTS (SELECT 1 FROM troupe_members m WHERE m.id = NEW.member_id AND {STEP_IS_RIGHT}) THEN
    PERFORM attendance_refuses('troupe_member_events_step');
  END IF;
  IF NEW.became = 'left' AND EXISTS ({HOLDS_OFFICE}) THEN
    PERFORM attendance_refuses('troupe_offices_left');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER troupe_member_events_step BEFORE INSERT ON troupe_member_events
FOR EACH ROW EXECUTE FUNCTION troupe_member_events_step();

CREATE FUNCTION troupe_member_events_write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.was IS NOT NULL THEN
    {WRITES};
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER troupe_member_events_write AFTER INSERT ON troupe_member_events
FOR EACH ROW EXECUTE FUNCTION troupe_member_events_write();

CREATE FUNCTION troupe_member_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.reason = '' AND (NEW.id, NEW.member_id, NEW.was, NEW.became, NEW.on_date, NEW.by_id, NEW.at)
       IS NOT DISTINCT FROM (OLD.id, OLD.member_id, OLD.was, OLD.became, OLD.on_date, OLD.by_id, OLD.at)
       AND EXISTS ({ERASED}) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('troupe_member_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER troupe_member_events_append_only BEFORE UPDATE OR DELETE ON troupe_member_events
FOR EACH ROW EXECUTE FUNCTION troupe_member_events_append_only();

CREATE TRIGGER troupe_member_events_no_truncate BEFORE TRUNCATE ON troupe_member_events
FOR EACH STATEMENT EXECUTE FUNCTION troupe_member_events_append_only();

CREATE FUNCTION troupe_offices_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM troupe_members WHERE id = NEW.member_id FOR UPDATE;
  IF NEW.ends_on IS NULL AND NOT EXISTS ({IS_IN}) THEN
    PERFORM attendance_refuses('troupe_offices_left');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER troupe_offices_member BEFORE INSERT OR UPDATE ON troupe_offices
FOR EACH ROW EXECUTE FUNCTION troupe_offices_member();

ALTER TABLE troupe_offices ADD CONSTRAINT troupe_offices_one_leader EXCLUDE USING gist (
  int4range(troupe_id, troupe_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&) WHERE (office = 'leader');
"""  # noqa: S608
TABLES = (
    "season_pieces",
    "season_members",
    "seasons",
    "piece_files",
    "piece_knowledge",
    "piece_parts",
    "pieces",
    "troupe_handovers",
    "troupe_offices",
    "troupe_member_events",
    "troupe_member_parts",
    "troupe_members",
    "troupe_parts",
    "troupes",
)
FUNCTIONS = (
    "troupe_members_step",
    "troupe_member_events_step",
    "troupe_member_events_write",
    "troupe_member_events_append_only",
    "troupe_offices_member",
)


def upgrade() -> None:
    _troupes()
    _members()
    _offices()
    _pieces()
    _knowledge()
    _seasons()
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r";\n\n(?=CREATE|ALTER)", guards.strip()):
        op.execute(statement)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}()")


def _troupes() -> None:
    op.create_table(
        "troupes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column(
            "sort_key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "choir",
                "dance",
                "drum",
                "other",
                "paper_cut",
                "red_culture",
                name="troupe_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.Column("joining", sa.String(length=300), nullable=False),
        sa.Column("joining_en", sa.String(length=400), nullable=False),
        sa.Column("is_open_to_join", sa.Boolean(), nullable=False),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_troupes_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupes")),
        sa.UniqueConstraint("name", name=op.f("uq_troupes_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_troupes_slug")),
    )
    op.create_index(op.f("ix_troupes_organisation_id"), "troupes", ["organisation_id"], unique=False)
    op.create_table(
        "troupe_parts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "instrument", "role", "voice", name="part_kind", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_troupe_parts_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_parts")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_troupe_parts_id_troupe_id")),
        sa.UniqueConstraint("troupe_id", "name", name=op.f("uq_troupe_parts_troupe_id_name")),
    )


def _members() -> None:
    op.create_table(
        "troupe_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "active",
                "applied",
                "left",
                "resting",
                "trial",
                name="member_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("trial_until", sa.Date(), nullable=True),
        sa.Column("back_on", sa.Date(), nullable=True),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("is_by_lead", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(state = 'left') = (left_on IS NOT NULL)", name=op.f("ck_troupe_members_left")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_troupe_members_person_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_troupe_members_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_members")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_troupe_members_id_troupe_id")),
    )
    op.create_index(op.f("ix_troupe_members_person_id"), "troupe_members", ["person_id"], unique=False)
    op.create_index(op.f("ix_troupe_members_troupe_id"), "troupe_members", ["troupe_id"], unique=False)
    op.create_index(
        "uq_troupe_members_live",
        "troupe_members",
        ["troupe_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state <> 'left'"),
        postgresql_where=sa.text("state <> 'left'"),
    )
    op.create_table(
        "troupe_member_parts",
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_troupe_member_parts_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["part_id", "troupe_id"],
            ["troupe_parts.id", "troupe_parts.troupe_id"],
            name=op.f("fk_troupe_member_parts_part_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("member_id", "part_id", name=op.f("pk_troupe_member_parts")),
    )
    op.create_index(op.f("ix_troupe_member_parts_part_id"), "troupe_member_parts", ["part_id"], unique=False)
    op.create_index(
        "uq_troupe_member_parts_main",
        "troupe_member_parts",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("is_main"),
        postgresql_where=sa.text("is_main"),
    )
    op.create_table(
        "troupe_member_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "was",
            sa.Enum(
                "active",
                "applied",
                "left",
                "resting",
                "trial",
                name="member_was",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "became",
            sa.Enum(
                "active",
                "applied",
                "left",
                "resting",
                "trial",
                name="member_became",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            STEP,
            name=op.f("ck_troupe_member_events_step"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_troupe_member_events_by_id")),
        sa.ForeignKeyConstraint(["member_id"], ["troupe_members.id"], name=op.f("fk_troupe_member_events_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_member_events")),
    )
    op.create_index("ix_troupe_member_events_member", "troupe_member_events", ["member_id", "id"], unique=False)


def _offices() -> None:
    op.create_table(
        "troupe_offices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column(
            "office",
            sa.Enum("deputy", "leader", name="troupe_office", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("named_by_id", sa.Integer(), nullable=False),
        sa.Column("named_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_troupe_offices_dates")),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_troupe_offices_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["named_by_id"], ["people.id"], name=op.f("fk_troupe_offices_named_by_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_troupe_offices_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_offices")),
    )
    op.create_index(op.f("ix_troupe_offices_member_id"), "troupe_offices", ["member_id"], unique=False)
    op.create_index(op.f("ix_troupe_offices_troupe_id"), "troupe_offices", ["troupe_id"], unique=False)
    op.create_index(
        "uq_troupe_offices_leader",
        "troupe_offices",
        ["troupe_id"],
        unique=True,
        sqlite_where=sa.text("office = 'leader' AND ends_on IS NULL"),
        postgresql_where=sa.text("office = 'leader' AND ends_on IS NULL"),
    )
    op.create_index(
        "uq_troupe_offices_live",
        "troupe_offices",
        ["member_id"],
        unique=True,
        sqlite_where=sa.text("ends_on IS NULL"),
        postgresql_where=sa.text("ends_on IS NULL"),
    )
    op.create_table(
        "troupe_handovers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=True),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("keys", sa.String(length=300), nullable=False),
        sa.Column("notes", sa.String(length=500), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["from_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_troupe_handovers_from_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_troupe_handovers_made_by_id")),
        sa.ForeignKeyConstraint(
            ["to_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_troupe_handovers_to_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_troupe_handovers_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_troupe_handovers")),
    )
    op.create_index("ix_troupe_handovers_troupe", "troupe_handovers", ["troupe_id", "id"], unique=False)


def _pieces() -> None:
    op.create_table(
        "pieces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "dance",
                "drum",
                "instrumental",
                "opera",
                "other",
                "paper_cut",
                "recitation",
                "song",
                name="piece_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("seconds BETWEEN 1 AND 10800", name=op.f("ck_pieces_seconds")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_pieces_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pieces")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_pieces_id_troupe_id")),
        sa.UniqueConstraint("troupe_id", "title", name=op.f("uq_pieces_troupe_id_title")),
    )
    op.create_table(
        "piece_parts",
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.CheckConstraint("heads BETWEEN 1 AND 200", name=op.f("ck_piece_parts_heads")),
        sa.ForeignKeyConstraint(
            ["part_id", "troupe_id"],
            ["troupe_parts.id", "troupe_parts.troupe_id"],
            name=op.f("fk_piece_parts_part_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["piece_id", "troupe_id"], ["pieces.id", "pieces.troupe_id"], name=op.f("fk_piece_parts_piece_id_troupe_id")
        ),
        sa.PrimaryKeyConstraint("piece_id", "part_id", name=op.f("pk_piece_parts")),
    )
    op.create_index(op.f("ix_piece_parts_part_id"), "piece_parts", ["part_id"], unique=False)


def _knowledge() -> None:
    op.create_table(
        "piece_knowledge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "knows",
                "learning",
                "not_yet",
                name="knowledge_level",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("is_by_lead", sa.Boolean(), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=False),
        sa.Column("said_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_piece_knowledge_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["part_id", "troupe_id"],
            ["troupe_parts.id", "troupe_parts.troupe_id"],
            name=op.f("fk_piece_knowledge_part_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["piece_id", "troupe_id"],
            ["pieces.id", "pieces.troupe_id"],
            name=op.f("fk_piece_knowledge_piece_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_piece_knowledge_said_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_knowledge")),
        sa.UniqueConstraint(
            "piece_id", "part_id", "member_id", name=op.f("uq_piece_knowledge_piece_id_part_id_member_id")
        ),
    )
    op.create_index(op.f("ix_piece_knowledge_member_id"), "piece_knowledge", ["member_id"], unique=False)
    op.create_index(op.f("ix_piece_knowledge_part_id"), "piece_knowledge", ["part_id"], unique=False)
    op.create_table(
        "piece_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("recording", "score", name="piece_file_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_piece_files_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_piece_files_added_by_id")),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_piece_files_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_files")),
        sa.UniqueConstraint("piece_id", "sha256", name=op.f("uq_piece_files_piece_id_sha256")),
    )


def _seasons() -> None:
    op.create_table(
        "seasons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=True),
        sa.Column("notes", sa.String(length=500), nullable=False),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_seasons_dates")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_seasons_activity_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_seasons_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seasons")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_seasons_activity_id")),
        sa.UniqueConstraint("id", "troupe_id", name=op.f("uq_seasons_id_troupe_id")),
        sa.UniqueConstraint("troupe_id", "name", name=op.f("uq_seasons_troupe_id_name")),
    )
    op.create_table(
        "season_members",
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id", "troupe_id"],
            ["troupe_members.id", "troupe_members.troupe_id"],
            name=op.f("fk_season_members_member_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["season_id", "troupe_id"],
            ["seasons.id", "seasons.troupe_id"],
            name=op.f("fk_season_members_season_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("season_id", "member_id", name=op.f("pk_season_members")),
    )
    op.create_index(op.f("ix_season_members_member_id"), "season_members", ["member_id"], unique=False)
    op.create_table(
        "season_pieces",
        sa.Column("season_id", sa.Integer(), nullable=False),
        sa.Column("piece_id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["piece_id", "troupe_id"],
            ["pieces.id", "pieces.troupe_id"],
            name=op.f("fk_season_pieces_piece_id_troupe_id"),
        ),
        sa.ForeignKeyConstraint(
            ["season_id", "troupe_id"],
            ["seasons.id", "seasons.troupe_id"],
            name=op.f("fk_season_pieces_season_id_troupe_id"),
        ),
        sa.PrimaryKeyConstraint("season_id", "piece_id", name=op.f("pk_season_pieces")),
    )
    op.create_index(op.f("ix_season_pieces_piece_id"), "season_pieces", ["piece_id"], unique=False)
