"""Costumes and props of the troupes: what there is, and who has it when."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0019_lending"
down_revision = "0018_reviews"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER loan_lines_no_overlap_insert BEFORE INSERT ON loan_lines
WHEN NEW.unit_id IS NOT NULL AND NEW.state IN ('reserved', 'out') AND EXISTS (
  SELECT 1 FROM loan_lines WHERE unit_id = NEW.unit_id AND state IN ('reserved', 'out')
  AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'loan_lines_no_overlap'); END;

CREATE TRIGGER loan_lines_no_overlap_update BEFORE UPDATE ON loan_lines
WHEN NEW.unit_id IS NOT NULL AND NEW.state IN ('reserved', 'out') AND EXISTS (
  SELECT 1 FROM loan_lines WHERE unit_id = NEW.unit_id AND id <> OLD.id AND state IN ('reserved', 'out')
  AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'loan_lines_no_overlap'); END;

CREATE TRIGGER loan_lines_enough_insert AFTER INSERT ON loan_lines
WHEN NEW.unit_id IS NULL AND NEW.state IN ('reserved', 'out') AND (EXISTS (
  SELECT 1 FROM loan_lines p WHERE p.thing_id = NEW.thing_id AND p.unit_id IS NULL
  AND p.state IN ('reserved', 'out') AND p.starts_at < NEW.ends_at AND p.ends_at > NEW.starts_at
  AND (SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = NEW.thing_id AND o.unit_id IS NULL
    AND o.state IN ('reserved', 'out') AND o.starts_at <= p.starts_at AND o.ends_at > p.starts_at)
    > (SELECT quantity FROM things WHERE id = NEW.thing_id))
  OR (SELECT coalesce(sum(o.quantity), 0) FROM loan_lines o WHERE o.thing_id = NEW.thing_id
    AND o.unit_id IS NULL AND o.state = 'out') > (SELECT quantity FROM things WHERE id = NEW.thing_id))
BEGIN SELECT RAISE(ABORT, 'loan_lines_enough'); END;

CREATE TRIGGER loan_lines_enough_update AFTER UPDATE ON loan_lines
WHEN NEW.unit_id IS NULL AND NEW.state IN ('reserved', 'out') AND (EXISTS (
  SELECT 1 FROM loan_lines p WHERE p.thing_id = NEW.thing_id AND p.unit_id IS NULL
  AND p.state IN ('reserved', 'out') AND p.starts_at < NEW.ends_at AND p.ends_at > NEW.starts_at
  AND (SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = NEW.thing_id AND o.unit_id IS NULL
    AND o.state IN ('reserved', 'out') AND o.starts_at <= p.starts_at AND o.ends_at > p.starts_at)
    > (SELECT quantity FROM things WHERE id = NEW.thing_id))
  OR (SELECT coalesce(sum(o.quantity), 0) FROM loan_lines o WHERE o.thing_id = NEW.thing_id
    AND o.unit_id IS NULL AND o.state = 'out') > (SELECT quantity FROM things WHERE id = NEW.thing_id))
BEGIN SELECT RAISE(ABORT, 'loan_lines_enough'); END;

CREATE TRIGGER loan_lines_fit_insert BEFORE INSERT ON loan_lines
WHEN NEW.state NOT IN ('reserved', 'out') OR (NEW.unit_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM thing_units WHERE id = NEW.unit_id AND state = 'fit'))
BEGIN SELECT RAISE(ABORT, 'loan_lines_fit'); END;

CREATE TRIGGER loan_lines_forward BEFORE UPDATE ON loan_lines
WHEN NEW.loan_id <> OLD.loan_id OR NEW.thing_id <> OLD.thing_id OR NEW.unit_id IS NOT OLD.unit_id
  OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
    ('reserved>out', 'reserved>cancelled', 'out>returned', 'out>damaged', 'out>lost'))
BEGIN SELECT RAISE(ABORT, 'loan_lines_forward'); END;

CREATE TRIGGER loan_lines_no_delete BEFORE DELETE ON loan_lines
BEGIN SELECT RAISE(ABORT, 'loan_lines_no_delete'); END;

CREATE TRIGGER thing_units_promised BEFORE UPDATE OF state ON thing_units
WHEN NEW.state <> 'fit' AND EXISTS (
  SELECT 1 FROM loan_lines WHERE unit_id = NEW.id AND state IN ('reserved', 'out'))
BEGIN SELECT RAISE(ABORT, 'thing_units_promised'); END;

CREATE TRIGGER things_promised BEFORE UPDATE OF quantity ON things
WHEN NEW.quantity < OLD.quantity AND (EXISTS (
  SELECT 1 FROM loan_lines p WHERE p.thing_id = NEW.id AND p.unit_id IS NULL AND p.state IN ('reserved', 'out')
  AND (SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = NEW.id AND o.unit_id IS NULL
    AND o.state IN ('reserved', 'out') AND o.starts_at <= p.starts_at AND o.ends_at > p.starts_at) > NEW.quantity)
  OR (SELECT coalesce(sum(o.quantity), 0) FROM loan_lines o WHERE o.thing_id = NEW.id
    AND o.unit_id IS NULL AND o.state = 'out') > NEW.quantity)
BEGIN SELECT RAISE(ABORT, 'things_promised'); END;

CREATE TRIGGER thing_events_no_update BEFORE UPDATE ON thing_events
BEGIN SELECT RAISE(ABORT, 'thing_events_append_only'); END;

CREATE TRIGGER thing_events_no_delete BEFORE DELETE ON thing_events
BEGIN SELECT RAISE(ABORT, 'thing_events_append_only'); END;
"""
POSTGRESQL = """
ALTER TABLE loan_lines ADD CONSTRAINT loan_lines_no_overlap EXCLUDE USING gist (
  int4range(unit_id, unit_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (unit_id IS NOT NULL AND state IN ('reserved', 'out'));

CREATE FUNCTION pieces_promised(of_thing integer) RETURNS bigint LANGUAGE sql AS $$
  SELECT coalesce(greatest(
    (SELECT max((SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = of_thing AND o.unit_id IS NULL
        AND o.state IN ('reserved', 'out') AND o.starts_at <= p.starts_at AND o.ends_at > p.starts_at))
      FROM loan_lines p WHERE p.thing_id = of_thing AND p.unit_id IS NULL AND p.state IN ('reserved', 'out')),
    (SELECT sum(o.quantity) FROM loan_lines o WHERE o.thing_id = of_thing AND o.unit_id IS NULL
      AND o.state = 'out')), 0)
$$;

CREATE FUNCTION loan_lines_enough() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  there_are integer;
BEGIN
  SELECT quantity INTO there_are FROM things WHERE id = NEW.thing_id FOR NO KEY UPDATE;
  IF pieces_promised(NEW.thing_id) > there_are THEN
    PERFORM attendance_refuses('loan_lines_enough');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER loan_lines_enough AFTER INSERT OR UPDATE ON loan_lines
FOR EACH ROW WHEN (NEW.unit_id IS NULL AND NEW.state IN ('reserved', 'out')) EXECUTE FUNCTION loan_lines_enough();

CREATE FUNCTION loan_lines_fit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state NOT IN ('reserved', 'out') THEN
    PERFORM attendance_refuses('loan_lines_fit');
  END IF;
  IF NEW.unit_id IS NOT NULL THEN
    PERFORM 1 FROM thing_units WHERE id = NEW.unit_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM thing_units WHERE id = NEW.unit_id AND state = 'fit') THEN
      PERFORM attendance_refuses('loan_lines_fit');
    END IF;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER loan_lines_fit BEFORE INSERT ON loan_lines
FOR EACH ROW EXECUTE FUNCTION loan_lines_fit();

CREATE FUNCTION loan_lines_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.loan_id <> OLD.loan_id OR NEW.thing_id <> OLD.thing_id OR NEW.unit_id IS DISTINCT FROM OLD.unit_id
    OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN
      ('reserved>out', 'reserved>cancelled', 'out>returned', 'out>damaged', 'out>lost')) THEN
    PERFORM attendance_refuses('loan_lines_forward');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER loan_lines_forward BEFORE UPDATE ON loan_lines
FOR EACH ROW EXECUTE FUNCTION loan_lines_forward();

CREATE FUNCTION loan_lines_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('loan_lines_no_delete');
  RETURN NULL;
END $$;

CREATE TRIGGER loan_lines_no_delete BEFORE DELETE ON loan_lines
FOR EACH ROW EXECUTE FUNCTION loan_lines_no_delete();

CREATE FUNCTION thing_units_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state <> 'fit' AND EXISTS (
      SELECT 1 FROM loan_lines WHERE unit_id = NEW.id AND state IN ('reserved', 'out')) THEN
    PERFORM attendance_refuses('thing_units_promised');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER thing_units_promised BEFORE UPDATE OF state ON thing_units
FOR EACH ROW EXECUTE FUNCTION thing_units_promised();

CREATE FUNCTION things_promised() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.quantity < OLD.quantity AND pieces_promised(NEW.id) > NEW.quantity THEN
    PERFORM attendance_refuses('things_promised');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER things_promised BEFORE UPDATE OF quantity ON things
FOR EACH ROW EXECUTE FUNCTION things_promised();

CREATE FUNCTION thing_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('thing_events_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER thing_events_append_only BEFORE UPDATE OR DELETE ON thing_events
FOR EACH ROW EXECUTE FUNCTION thing_events_append_only();

CREATE TRIGGER thing_events_no_truncate BEFORE TRUNCATE ON thing_events
FOR EACH STATEMENT EXECUTE FUNCTION thing_events_append_only();
"""
FUNCTIONS = (
    *("things_promised()", "thing_units_promised()", "thing_events_append_only()", "loan_lines_no_delete()"),
    *("loan_lines_forward()", "loan_lines_fit()", "loan_lines_enough()", "pieces_promised(integer)"),
)
TABLES = ("thing_events", "damage_photos", "loan_lines", "loans", "thing_units", "things")


def upgrade() -> None:
    _things()
    _loans()
    for each in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name].strip().split("\n\n"):
        op.execute(each)


def downgrade() -> None:
    for each in TABLES:
        op.drop_table(each)
    if op.get_bind().dialect.name == "postgresql":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}")


def _things() -> None:
    op.create_table(
        "things",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "costume",
                "instrument",
                "other",
                "prop",
                name="thing_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("kept_at", sa.String(length=80), nullable=False),
        sa.Column("is_numbered", sa.Boolean(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("NOT is_numbered OR quantity + damaged + lost = 0", name=op.f("ck_things_numbered")),
        sa.CheckConstraint("damaged >= 0", name=op.f("ck_things_damaged")),
        sa.CheckConstraint("lost >= 0", name=op.f("ck_things_lost")),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_things_quantity")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_things_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_things")),
        sa.UniqueConstraint("troupe_id", "name", name="uq_things_troupe_id_name"),
    )
    op.create_table(
        "thing_units",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "damaged",
                "fit",
                "lost",
                "retired",
                name="unit_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["thing_id"], ["things.id"], name=op.f("fk_thing_units_thing_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing_units")),
        sa.UniqueConstraint("id", "thing_id", name="uq_thing_units_id_thing_id"),
        sa.UniqueConstraint("thing_id", "label", name="uq_thing_units_thing_id_label"),
    )
    op.create_table(
        "thing_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            sa.Enum(
                "added",
                "damaged",
                "found",
                "lost",
                "removed",
                "repaired",
                name="stock_change",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("count > 0", name=op.f("ck_thing_events_count")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_thing_events_by_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["things.id"], name=op.f("fk_thing_events_thing_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["thing_units.id"], name=op.f("fk_thing_events_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thing_events")),
    )
    op.create_index("ix_thing_events_thing_at", "thing_events", ["thing_id", "at"], unique=False)


def _loans() -> None:
    op.create_table(
        "loans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("purpose", sa.String(length=120), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_loans_borrower")),
        sa.CheckConstraint("due_at > starts_at", name=op.f("ck_loans_times")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_loans_made_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_loans_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_loans_person_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_loans_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loans")),
        sa.UniqueConstraint("number", name=op.f("uq_loans_number")),
    )
    op.create_index(op.f("ix_loans_organisation_id"), "loans", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_loans_person_id"), "loans", ["person_id"], unique=False)
    op.create_index("ix_loans_troupe_id_due", "loans", ["troupe_id", "due_at"], unique=False)
    op.create_table(
        "loan_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("loan_id", sa.Integer(), nullable=False),
        sa.Column("thing_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "cancelled",
                "damaged",
                "lost",
                "out",
                "reserved",
                "returned",
                name="loan_line_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("out_at", UtcDateTime(), nullable=True),
        sa.Column("out_by_id", sa.Integer(), nullable=True),
        sa.Column("back_at", UtcDateTime(), nullable=True),
        sa.Column("back_by_id", sa.Integer(), nullable=True),
        sa.Column("damaged", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("reminded_at", UtcDateTime(), nullable=True),
        sa.Column("told_late_at", UtcDateTime(), nullable=True),
        sa.Column("told_of_show_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state IN ('reserved', 'cancelled')) = (out_at IS NULL)", name=op.f("ck_loan_lines_out")),
        sa.CheckConstraint(
            "(state IN ('returned', 'damaged', 'lost')) = (back_at IS NOT NULL)", name=op.f("ck_loan_lines_back")
        ),
        sa.CheckConstraint("(back_at IS NULL) = (back_by_id IS NULL)", name=op.f("ck_loan_lines_back_by")),
        sa.CheckConstraint("(out_at IS NULL) = (out_by_id IS NULL)", name=op.f("ck_loan_lines_out_by")),
        sa.CheckConstraint(
            "damaged >= 0 AND lost >= 0 AND damaged + lost <= quantity", name=op.f("ck_loan_lines_came_back")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_loan_lines_times")),
        sa.CheckConstraint("quantity > 0 AND (unit_id IS NULL OR quantity = 1)", name=op.f("ck_loan_lines_quantity")),
        sa.ForeignKeyConstraint(["back_by_id"], ["people.id"], name=op.f("fk_loan_lines_back_by_id")),
        sa.ForeignKeyConstraint(["loan_id"], ["loans.id"], name=op.f("fk_loan_lines_loan_id")),
        sa.ForeignKeyConstraint(["out_by_id"], ["people.id"], name=op.f("fk_loan_lines_out_by_id")),
        sa.ForeignKeyConstraint(["thing_id"], ["things.id"], name=op.f("fk_loan_lines_thing_id")),
        sa.ForeignKeyConstraint(
            ["unit_id", "thing_id"], ["thing_units.id", "thing_units.thing_id"], name="fk_loan_lines_unit"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_loan_lines")),
    )
    op.create_index(op.f("ix_loan_lines_loan_id"), "loan_lines", ["loan_id"], unique=False)
    op.create_index("ix_loan_lines_state_ends", "loan_lines", ["state", "ends_at"], unique=False)
    op.create_index("ix_loan_lines_thing_ends", "loan_lines", ["thing_id", "ends_at"], unique=False)
    op.create_index("ix_loan_lines_unit_ends", "loan_lines", ["unit_id", "ends_at"], unique=False)
    op.create_index(
        "uq_loan_lines_out",
        "loan_lines",
        ["unit_id"],
        unique=True,
        sqlite_where=sa.text("unit_id IS NOT NULL AND state = 'out'"),
        postgresql_where=sa.text("unit_id IS NOT NULL AND state = 'out'"),
    )
    op.create_table(
        "damage_photos",
        sa.Column("line_id", sa.Integer(), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_damage_photos_by_id")),
        sa.ForeignKeyConstraint(["line_id"], ["loan_lines.id"], name=op.f("fk_damage_photos_line_id")),
        sa.PrimaryKeyConstraint("line_id", name=op.f("pk_damage_photos")),
    )
