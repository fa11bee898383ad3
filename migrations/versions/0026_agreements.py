"""Agreements of the incubator with seats, lockers and keys; mid-term reviews, capability cards, leaving in order."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0026_agreements"
down_revision = "0025_rehearsals"
branch_labels = None
depends_on = None

LEFT = """EXISTS (SELECT 1 FROM bookings b WHERE b.organisation_id = i.organisation_id AND b.ends_at > NEW.at
    AND (b.status = 'confirmed' OR (b.status = 'requested' AND coalesce(b.expires_at, b.starts_at) > NEW.at)))
  OR EXISTS (SELECT 1 FROM sessions s JOIN activities a ON a.id = s.activity_id
    WHERE a.organisation_id = i.organisation_id AND s.state = 'scheduled' AND s.ends_at > NEW.at
    AND a.state NOT IN ('cancelled', 'held'))
  OR EXISTS (SELECT 1 FROM seat_lettings l JOIN incubation_agreements g ON g.id = l.agreement_id
    WHERE g.incubation_id = i.id AND l.given_back_on IS NULL)
  OR EXISTS (SELECT 1 FROM incubation_keys k WHERE k.incubation_id = i.id AND k.returned_on IS NULL)"""
LEAVES = "NEW.from_stage = 'withdrawing' AND NEW.to_stage = 'withdrawn'"
OF_INCUBATION = "SELECT 1 FROM incubations i WHERE i.id = NEW.incubation_id"
IN_TERM = """EXISTS (SELECT 1 FROM incubation_agreements g WHERE g.id = NEW.agreement_id
  AND NEW.starts_on >= g.starts_on AND NEW.ends_on <= g.ends_on)"""
LET_OUTSIDE = """EXISTS (SELECT 1 FROM seat_lettings l WHERE l.agreement_id = NEW.id
  AND (l.starts_on < NEW.starts_on OR l.ends_on > NEW.ends_on))"""
SAME_SEAT = """EXISTS (SELECT 1 FROM seat_lettings l WHERE l.seat_id = NEW.seat_id AND l.id IS NOT NEW.id
  AND l.starts_on <= NEW.ends_on AND l.ends_on >= NEW.starts_on)"""
SAME_TERM = """EXISTS (SELECT 1 FROM incubation_agreements g WHERE g.incubation_id = NEW.incubation_id
  AND g.id IS NOT NEW.id AND g.starts_on <= NEW.ends_on AND g.ends_on >= NEW.starts_on)"""
# Of each guard on SQLite: when it looks, at which table, and what it refuses.
SQLITE = {
    "seat_lettings_in_term_insert": ("BEFORE INSERT ON seat_lettings", f"NOT {IN_TERM}", "seat_lettings_in_term"),
    "seat_lettings_in_term_update": ("BEFORE UPDATE ON seat_lettings", f"NOT {IN_TERM}", "seat_lettings_in_term"),
    "seat_lettings_once_insert": ("BEFORE INSERT ON seat_lettings", SAME_SEAT, "seat_lettings_once"),
    "seat_lettings_once_update": ("BEFORE UPDATE ON seat_lettings", SAME_SEAT, "seat_lettings_once"),
    "incubation_agreements_once_insert": (
        "BEFORE INSERT ON incubation_agreements", SAME_TERM, "incubation_agreements_once",
    ),
    "incubation_agreements_once_update": (
        "BEFORE UPDATE ON incubation_agreements", SAME_TERM, "incubation_agreements_once",
    ),
    "incubation_agreements_let": ("BEFORE UPDATE ON incubation_agreements", LET_OUTSIDE, "seat_lettings_in_term"),
    "incubation_decisions_left": (
        "BEFORE INSERT ON incubation_decisions",
        f"{LEAVES} AND EXISTS ({OF_INCUBATION} AND ({LEFT}))",
        "incubation_decisions_left",
    ),
    "hand_over_acts_no_update": ("BEFORE UPDATE ON hand_over_acts", "1", "hand_over_acts_append_only"),
    "hand_over_acts_no_delete": ("BEFORE DELETE ON hand_over_acts", "1", "hand_over_acts_append_only"),
}  # fmt: skip
FUNCTIONS = (
    "seat_lettings_in_term",
    "incubation_agreements_let",
    "incubation_decisions_left",
    "hand_over_acts_append_only",
)
POSTGRESQL = f"""
ALTER TABLE seat_lettings ADD CONSTRAINT seat_lettings_once EXCLUDE USING gist (
  int4range(seat_id, seat_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&);

ALTER TABLE incubation_agreements ADD CONSTRAINT incubation_agreements_once EXCLUDE USING gist (
  int4range(incubation_id, incubation_id, '[]') WITH &&, daterange(starts_on, ends_on, '[]') WITH &&);

CREATE FUNCTION seat_lettings_in_term() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM incubation_agreements g WHERE g.id = NEW.agreement_id FOR SHARE;
  IF NOT {IN_TERM} THEN
    PERFORM attendance_refuses('seat_lettings_in_term');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER seat_lettings_in_term BEFORE INSERT OR UPDATE ON seat_lettings
FOR EACH ROW EXECUTE FUNCTION seat_lettings_in_term();

CREATE FUNCTION incubation_agreements_let() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {LET_OUTSIDE} THEN
    PERFORM attendance_refuses('seat_lettings_in_term');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_agreements_let BEFORE UPDATE ON incubation_agreements
FOR EACH ROW EXECUTE FUNCTION incubation_agreements_let();

CREATE FUNCTION incubation_decisions_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {LEAVES} AND EXISTS (SELECT 1 FROM incubations i WHERE i.id = NEW.incubation_id AND ({LEFT})) THEN
    PERFORM attendance_refuses('incubation_decisions_left');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER incubation_decisions_left BEFORE INSERT ON incubation_decisions
FOR EACH ROW EXECUTE FUNCTION incubation_decisions_left();

CREATE FUNCTION hand_over_acts_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM attendance_refuses('hand_over_acts_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER hand_over_acts_append_only BEFORE UPDATE OR DELETE ON hand_over_acts
FOR EACH ROW EXECUTE FUNCTION hand_over_acts_append_only();

CREATE TRIGGER hand_over_acts_no_truncate BEFORE TRUNCATE ON hand_over_acts
FOR EACH STATEMENT EXECUTE FUNCTION hand_over_acts_append_only();
"""  # noqa: S608


def upgrade() -> None:
    op.create_table(
        "incubator_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("locker", "seat", name="seat_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubator_seats")),
        sa.UniqueConstraint("code", name=op.f("uq_incubator_seats_code")),
    )
    op.create_table(
        "capability_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("entry", "exit", name="card_moment", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("money", sa.Text(), nullable=False),
        sa.Column("projects", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_capability_cards_incubation_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["people.id"], name=op.f("fk_capability_cards_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_capability_cards")),
        sa.UniqueConstraint("incubation_id", "moment", name=op.f("uq_capability_cards_incubation_id_moment")),
    )
    op.create_table(
        "hand_over_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "activity",
                "booking",
                "key",
                "seat",
                "series",
                name="left_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "cancelled",
                "handed",
                "returned",
                name="hand_over_way",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("to_organisation_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(way = 'handed') = (to_organisation_id IS NOT NULL)", name=op.f("ck_hand_over_acts_handed")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_hand_over_acts_by_id")),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_hand_over_acts_incubation_id")),
        sa.ForeignKeyConstraint(
            ["to_organisation_id"], ["organisations.id"], name=op.f("fk_hand_over_acts_to_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_over_acts")),
    )
    op.create_index("ix_hand_over_acts_incubation", "hand_over_acts", ["incubation_id", "id"], unique=False)
    op.create_table(
        "incubation_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("given_by_id", sa.Integer(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(returned_on IS NULL) = (taken_by_id IS NULL)", name=op.f("ck_incubation_keys_returned")),
        sa.CheckConstraint("returned_on IS NULL OR returned_on >= given_on", name=op.f("ck_incubation_keys_dates")),
        sa.ForeignKeyConstraint(["given_by_id"], ["people.id"], name=op.f("fk_incubation_keys_given_by_id")),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_keys_incubation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_incubation_keys_person_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], ["people.id"], name=op.f("fk_incubation_keys_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubation_keys")),
    )
    op.create_index("ix_incubation_keys_incubation", "incubation_keys", ["incubation_id", "id"], unique=False)
    op.create_index(op.f("ix_incubation_keys_person_id"), "incubation_keys", ["person_id"], unique=False)
    op.create_table(
        "mid_reviews",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("report", sa.Text(), nullable=False),
        sa.Column("report_by_id", sa.Integer(), nullable=True),
        sa.Column("report_at", UtcDateTime(), nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("opinion_by_id", sa.Integer(), nullable=True),
        sa.Column("opinion_at", UtcDateTime(), nullable=True),
        sa.Column(
            "check_way",
            sa.Enum("call", "visit", name="check_way", native_enum=False, create_constraint=True, length=32),
            nullable=True,
        ),
        sa.Column("check_words", sa.Text(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "result",
            sa.Enum(
                "extended",
                "goes_on",
                "graduates",
                "leaves",
                name="mid_result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(opinion_at IS NULL) = (trim(opinion) = '')", name=op.f("ck_mid_reviews_opinion")),
        sa.CheckConstraint("(report_at IS NULL) = (trim(report) = '')", name=op.f("ck_mid_reviews_report")),
        sa.CheckConstraint("(checked_on IS NULL) = (check_way IS NULL)", name=op.f("ck_mid_reviews_check")),
        sa.CheckConstraint("(closed_at IS NULL) = (result IS NULL)", name=op.f("ck_mid_reviews_result")),
        sa.CheckConstraint(
            "checked_on IS NULL OR opinion_at IS NOT NULL", name=op.f("ck_mid_reviews_check_after_opinion")
        ),
        sa.CheckConstraint(
            "closed_at IS NULL OR checked_on IS NOT NULL", name=op.f("ck_mid_reviews_result_after_check")
        ),
        sa.CheckConstraint(
            "opinion_at IS NULL OR report_at IS NOT NULL", name=op.f("ck_mid_reviews_opinion_after_report")
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["people.id"], name=op.f("fk_mid_reviews_checked_by_id")),
        sa.ForeignKeyConstraint(["incubation_id"], ["incubations.id"], name=op.f("fk_mid_reviews_incubation_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_mid_reviews_opened_by_id")),
        sa.ForeignKeyConstraint(["opinion_by_id"], ["people.id"], name=op.f("fk_mid_reviews_opinion_by_id")),
        sa.ForeignKeyConstraint(["report_by_id"], ["people.id"], name=op.f("fk_mid_reviews_report_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mid_reviews")),
    )
    op.create_index(op.f("ix_mid_reviews_incubation_id"), "mid_reviews", ["incubation_id"], unique=False)
    op.create_index(
        "uq_mid_reviews_open",
        "mid_reviews",
        ["incubation_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "incubation_agreements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("incubation_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("room_hours", sa.Integer(), nullable=False),
        sa.Column("is_extension", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("NOT is_extension OR trim(reason) <> ''", name=op.f("ck_incubation_agreements_reason")),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_incubation_agreements_dates")),
        sa.CheckConstraint("room_hours >= 0", name=op.f("ck_incubation_agreements_room_hours")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["incubation_documents.id"], name=op.f("fk_incubation_agreements_document_id")
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_incubation_agreements_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["incubation_id"], ["incubations.id"], name=op.f("fk_incubation_agreements_incubation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incubation_agreements")),
    )
    op.create_index("ix_incubation_agreements_until", "incubation_agreements", ["ends_on"], unique=False)
    op.create_index(
        "ix_incubation_agreements_term", "incubation_agreements", ["incubation_id", "starts_on"], unique=False
    )
    op.create_table(
        "seat_lettings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("let_by_id", sa.Integer(), nullable=False),
        sa.Column("let_at", UtcDateTime(), nullable=False),
        sa.Column("given_back_on", sa.Date(), nullable=True),
        sa.Column("taken_back_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(given_back_on IS NULL) = (taken_back_by_id IS NULL)", name=op.f("ck_seat_lettings_given_back")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_seat_lettings_dates")),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["incubation_agreements.id"], name=op.f("fk_seat_lettings_agreement_id")
        ),
        sa.ForeignKeyConstraint(["let_by_id"], ["people.id"], name=op.f("fk_seat_lettings_let_by_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["incubator_seats.id"], name=op.f("fk_seat_lettings_seat_id")),
        sa.ForeignKeyConstraint(["taken_back_by_id"], ["people.id"], name=op.f("fk_seat_lettings_taken_back_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_lettings")),
    )
    op.create_index("ix_seat_lettings_agreement", "seat_lettings", ["agreement_id", "seat_id"], unique=False)
    op.create_index("ix_seat_lettings_seat", "seat_lettings", ["seat_id", "ends_on"], unique=False)

    if op.get_bind().dialect.name == "sqlite":
        for name, (when, condition, refused) in SQLITE.items():
            op.execute(f"CREATE TRIGGER {name} {when}\nWHEN {condition}\nBEGIN SELECT RAISE(ABORT, '{refused}'); END")
        return
    for statement in re.split(r";\n\n", POSTGRESQL):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute("DROP TRIGGER incubation_decisions_left" + ("" if is_sqlite else " ON incubation_decisions"))
    op.drop_table("seat_lettings")
    op.drop_table("incubation_agreements")
    op.drop_table("mid_reviews")
    op.drop_table("incubation_keys")
    op.drop_table("hand_over_acts")
    op.drop_table("capability_cards")
    op.drop_table("incubator_seats")
    if not is_sqlite:
        for name in FUNCTIONS:
            op.execute(f"DROP FUNCTION {name}()")
