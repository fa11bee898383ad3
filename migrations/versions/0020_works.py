"""Works of the studio, the days on which they may be sold, what was sold; and what a year is to have."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0020_works"
down_revision = "0019_lending"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER sale_days_new BEFORE INSERT ON sale_days
WHEN NEW.state <> 'requested' OR NEW.decided_by_id IS NOT NULL OR NEW.published_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'sale_days_forward'); END;

CREATE TRIGGER sale_days_forward BEFORE UPDATE ON sale_days
WHEN NEW.troupe_id <> OLD.troupe_id
  OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('requested>approved', 'requested>declined',
    'requested>withdrawn', 'approved>requested', 'approved>withdrawn', 'declined>requested'))
  OR (OLD.state <> 'requested' AND (NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at))
  OR (OLD.published_at IS NOT NULL AND NEW.published_at IS NOT OLD.published_at)
BEGIN SELECT RAISE(ABORT, 'sale_days_forward'); END;

CREATE TRIGGER sale_days_emptied BEFORE UPDATE OF state ON sale_days
WHEN NEW.state <> 'approved' AND EXISTS (
  SELECT 1 FROM works WHERE sale_day_id = NEW.id AND state IN ('on_sale', 'reserved', 'sold'))
BEGIN SELECT RAISE(ABORT, 'sale_days_emptied'); END;

CREATE TRIGGER works_new BEFORE INSERT ON works
WHEN NEW.state <> 'registered'
BEGIN SELECT RAISE(ABORT, 'works_forward'); END;

CREATE TRIGGER works_forward BEFORE UPDATE ON works
WHEN NEW.troupe_id <> OLD.troupe_id OR NEW.number <> OLD.number
  OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('registered>pending',
    'registered>withdrawn', 'pending>on_sale', 'pending>registered', 'pending>withdrawn', 'on_sale>pending',
    'on_sale>registered', 'on_sale>reserved', 'on_sale>sold', 'on_sale>withdrawn', 'reserved>on_sale',
    'reserved>sold', 'sold>on_sale', 'withdrawn>registered'))
  OR (OLD.state NOT IN ('registered', 'pending') AND (NEW.price_fen <> OLD.price_fen
    OR NEW.maker_fen <> OLD.maker_fen OR NEW.charity_fen <> OLD.charity_fen OR NEW.maker_id <> OLD.maker_id))
  OR (OLD.state IN ('on_sale', 'reserved', 'sold') AND NEW.state IN ('on_sale', 'reserved', 'sold')
    AND NEW.sale_day_id IS NOT OLD.sale_day_id)
BEGIN SELECT RAISE(ABORT, 'works_forward'); END;

CREATE TRIGGER works_approved BEFORE UPDATE ON works
WHEN NEW.state IN ('on_sale', 'reserved', 'sold')
  AND NOT EXISTS (SELECT 1 FROM sale_days WHERE id = NEW.sale_day_id AND state = 'approved')
BEGIN SELECT RAISE(ABORT, 'works_approved'); END;

CREATE TRIGGER works_sold BEFORE UPDATE OF state ON works
WHEN (NEW.state = 'sold') <> EXISTS (SELECT 1 FROM sales WHERE work_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'works_sold'); END;

CREATE TRIGGER works_no_delete BEFORE DELETE ON works
WHEN OLD.state <> 'registered'
BEGIN SELECT RAISE(ABORT, 'works_no_delete'); END;

CREATE TRIGGER sales_right BEFORE INSERT ON sales
WHEN NOT EXISTS (SELECT 1 FROM works w JOIN sale_days d ON d.id = w.sale_day_id
  WHERE w.id = NEW.work_id AND w.state IN ('on_sale', 'reserved') AND d.id = NEW.sale_day_id
  AND d.state = 'approved' AND d.published_at IS NULL AND NEW.at >= d.starts_at AND NEW.at <= d.ends_at
  AND w.price_fen = NEW.price_fen AND w.maker_fen = NEW.maker_fen AND w.charity_fen = NEW.charity_fen)
BEGIN SELECT RAISE(ABORT, 'sales_right'); END;

CREATE TRIGGER sales_no_update BEFORE UPDATE ON sales
BEGIN SELECT RAISE(ABORT, 'sales_final'); END;

CREATE TRIGGER sales_final BEFORE DELETE ON sales
WHEN EXISTS (SELECT 1 FROM sale_days WHERE id = OLD.sale_day_id AND published_at IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'sales_final'); END;
"""
POSTGRESQL = """
CREATE FUNCTION sale_days_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' OR NEW.decided_by_id IS NOT NULL OR NEW.published_at IS NOT NULL THEN
      PERFORM attendance_refuses('sale_days_forward');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.troupe_id <> OLD.troupe_id
    OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('requested>approved', 'requested>declined',
      'requested>withdrawn', 'approved>requested', 'approved>withdrawn', 'declined>requested'))
    OR (OLD.state <> 'requested' AND (NEW.starts_at <> OLD.starts_at OR NEW.ends_at <> OLD.ends_at))
    OR (OLD.published_at IS NOT NULL AND NEW.published_at IS DISTINCT FROM OLD.published_at) THEN
    PERFORM attendance_refuses('sale_days_forward');
  END IF;
  IF NEW.state <> 'approved' AND EXISTS (
      SELECT 1 FROM works WHERE sale_day_id = NEW.id AND state IN ('on_sale', 'reserved', 'sold')) THEN
    PERFORM attendance_refuses('sale_days_emptied');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER sale_days_forward BEFORE INSERT OR UPDATE ON sale_days
FOR EACH ROW EXECUTE FUNCTION sale_days_forward();

CREATE FUNCTION works_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'registered' THEN
      PERFORM attendance_refuses('works_forward');
    END IF;
    RETURN NEW;
  END IF;
  IF NEW.troupe_id <> OLD.troupe_id OR NEW.number <> OLD.number
    OR (NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('registered>pending',
      'registered>withdrawn', 'pending>on_sale', 'pending>registered', 'pending>withdrawn', 'on_sale>pending',
      'on_sale>registered', 'on_sale>reserved', 'on_sale>sold', 'on_sale>withdrawn', 'reserved>on_sale',
      'reserved>sold', 'sold>on_sale', 'withdrawn>registered'))
    OR (OLD.state NOT IN ('registered', 'pending') AND (NEW.price_fen <> OLD.price_fen
      OR NEW.maker_fen <> OLD.maker_fen OR NEW.charity_fen <> OLD.charity_fen OR NEW.maker_id <> OLD.maker_id))
    OR (OLD.state IN ('on_sale', 'reserved', 'sold') AND NEW.state IN ('on_sale', 'reserved', 'sold')
      AND NEW.sale_day_id IS DISTINCT FROM OLD.sale_day_id) THEN
    PERFORM attendance_refuses('works_forward');
  END IF;
  IF NEW.state IN ('on_sale', 'reserved', 'sold') THEN
    PERFORM 1 FROM sale_days WHERE id = NEW.sale_day_id FOR SHARE;
    IF NOT EXISTS (SELECT 1 FROM sale_days WHERE id = NEW.sale_day_id AND state = 'approved') THEN
      PERFORM attendance_refuses('works_approved');
    END IF;
  END IF;
  IF (NEW.state = 'sold') <> EXISTS (SELECT 1 FROM sales WHERE work_id = NEW.id) THEN
    PERFORM attendance_refuses('works_sold');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER works_forward BEFORE INSERT OR UPDATE ON works
FOR EACH ROW EXECUTE FUNCTION works_forward();

CREATE FUNCTION works_no_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'registered' THEN
    PERFORM attendance_refuses('works_no_delete');
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER works_no_delete BEFORE DELETE ON works
FOR EACH ROW EXECUTE FUNCTION works_no_delete();

CREATE FUNCTION sales_right() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM sale_days WHERE id = NEW.sale_day_id FOR SHARE;
  IF NOT EXISTS (SELECT 1 FROM works w JOIN sale_days d ON d.id = w.sale_day_id
      WHERE w.id = NEW.work_id AND w.state IN ('on_sale', 'reserved') AND d.id = NEW.sale_day_id
      AND d.state = 'approved' AND d.published_at IS NULL AND NEW.at >= d.starts_at AND NEW.at <= d.ends_at
      AND w.price_fen = NEW.price_fen AND w.maker_fen = NEW.maker_fen AND w.charity_fen = NEW.charity_fen) THEN
    PERFORM attendance_refuses('sales_right');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER sales_right BEFORE INSERT ON sales
FOR EACH ROW EXECUTE FUNCTION sales_right();

CREATE FUNCTION sales_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    PERFORM attendance_refuses('sales_final');
  END IF;
  PERFORM 1 FROM sale_days WHERE id = OLD.sale_day_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM sale_days WHERE id = OLD.sale_day_id AND published_at IS NOT NULL) THEN
    PERFORM attendance_refuses('sales_final');
  END IF;
  RETURN OLD;
END $$;

CREATE TRIGGER sales_final BEFORE UPDATE OR DELETE ON sales
FOR EACH ROW EXECUTE FUNCTION sales_final();
"""
FUNCTIONS = ("sales_final()", "sales_right()", "works_no_delete()", "works_forward()", "sale_days_forward()")
TABLES = ("yearly_targets", "sales", "work_photos", "works", "sale_days")


def upgrade() -> None:
    _works()
    for each in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name].strip().split("\n\n"):
        op.execute(each)


def downgrade() -> None:
    for each in TABLES:
        op.drop_table(each)
    if op.get_bind().dialect.name == "postgresql":
        for each in FUNCTIONS:
            op.execute(f"DROP FUNCTION {each}")


def _works() -> None:
    op.create_table(
        "sale_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=200), nullable=False),
        sa.Column("purpose_en", sa.String(length=300), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "approved",
                "declined",
                "requested",
                "withdrawn",
                name="sale_day_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("requested_by_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("published_at IS NULL OR state = 'approved'", name=op.f("ck_sale_days_published")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'declined') OR decided_by_id IS NOT NULL", name=op.f("ck_sale_days_decided")
        ),
        sa.CheckConstraint("(decided_by_id IS NULL) = (decided_at IS NULL)", name=op.f("ck_sale_days_decided_at")),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> requested_by_id", name=op.f("ck_sale_days_not_oneself")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_sale_days_times")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_sale_days_decided_by_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["people.id"], name=op.f("fk_sale_days_requested_by_id")),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_sale_days_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sale_days")),
        sa.UniqueConstraint("id", "troupe_id", name="uq_sale_days_id_troupe_id"),
    )
    op.create_index("ix_sale_days_state_starts", "sale_days", ["state", "starts_at"], unique=False)
    op.create_index("ix_sale_days_troupe_starts", "sale_days", ["troupe_id", "starts_at"], unique=False)
    op.create_table(
        "works",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("troupe_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("title_en", sa.String(length=100), nullable=False),
        sa.Column("maker_id", sa.Integer(), nullable=False),
        sa.Column("maker_shown", sa.String(length=40), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("maker_fen", sa.Integer(), nullable=False),
        sa.Column("charity_fen", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "on_sale",
                "pending",
                "registered",
                "reserved",
                "sold",
                "withdrawn",
                name="work_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sale_day_id", sa.Integer(), nullable=True),
        sa.Column("reserved_until", UtcDateTime(), nullable=True),
        sa.Column("reserved_for", sa.String(length=40), nullable=False),
        sa.Column("registered_by_id", sa.Integer(), nullable=False),
        sa.Column("registered_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(state = 'reserved') = (reserved_until IS NOT NULL)", name=op.f("ck_works_reserved")),
        sa.CheckConstraint("reserved_for = '' OR state = 'reserved'", name=op.f("ck_works_reserved_for")),
        sa.CheckConstraint(
            "state IN ('registered', 'withdrawn') OR sale_day_id IS NOT NULL", name=op.f("ck_works_sale_day")
        ),
        sa.CheckConstraint("maker_fen + charity_fen = price_fen", name=op.f("ck_works_shares")),
        sa.CheckConstraint("price_fen > 0 AND maker_fen >= 0 AND charity_fen >= 0", name=op.f("ck_works_price")),
        sa.ForeignKeyConstraint(["maker_id"], ["people.id"], name=op.f("fk_works_maker_id")),
        sa.ForeignKeyConstraint(["registered_by_id"], ["people.id"], name=op.f("fk_works_registered_by_id")),
        sa.ForeignKeyConstraint(
            ["sale_day_id", "troupe_id"], ["sale_days.id", "sale_days.troupe_id"], name="fk_works_sale_day"
        ),
        sa.ForeignKeyConstraint(["troupe_id"], ["troupes.id"], name=op.f("fk_works_troupe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_works")),
        sa.UniqueConstraint("troupe_id", "number", name="uq_works_troupe_id_number"),
    )
    op.create_index(op.f("ix_works_maker_id"), "works", ["maker_id"], unique=False)
    op.create_index("ix_works_sale_day_id", "works", ["sale_day_id"], unique=False)
    op.create_index("ix_works_state_reserved_until", "works", ["state", "reserved_until"], unique=False)
    op.create_table(
        "work_photos",
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("alt", sa.String(length=200), nullable=False),
        sa.Column("alt_en", sa.String(length=300), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("large", sa.LargeBinary(), nullable=False),
        sa.Column("small", sa.LargeBinary(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_work_photos_size")),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_work_photos_added_by_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_work_photos_work_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("work_id", name=op.f("pk_work_photos")),
        sa.UniqueConstraint("name", name=op.f("uq_work_photos_name")),
    )
    op.create_table(
        "sales",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work_id", sa.Integer(), nullable=False),
        sa.Column("sale_day_id", sa.Integer(), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("maker_fen", sa.Integer(), nullable=False),
        sa.Column("charity_fen", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("maker_fen + charity_fen = price_fen", name=op.f("ck_sales_shares")),
        sa.CheckConstraint("price_fen > 0 AND maker_fen >= 0 AND charity_fen >= 0", name=op.f("ck_sales_price")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_sales_by_id")),
        sa.ForeignKeyConstraint(["sale_day_id"], ["sale_days.id"], name=op.f("fk_sales_sale_day_id")),
        sa.ForeignKeyConstraint(["work_id"], ["works.id"], name=op.f("fk_sales_work_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sales")),
    )
    op.create_index("ix_sales_sale_day_id", "sales", ["sale_day_id"], unique=False)
    op.create_index("uq_sales_work", "sales", ["work_id"], unique=True)
    op.create_table(
        "yearly_targets",
        sa.Column(
            "counted",
            sa.Enum(
                "activities",
                "brand_events",
                "hours",
                "members",
                "photographs",
                name="yearly_counted",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.CheckConstraint("least BETWEEN 0 AND 10000", name=op.f("ck_yearly_targets_least")),
        sa.PrimaryKeyConstraint("counted", name=op.f("pk_yearly_targets")),
    )
