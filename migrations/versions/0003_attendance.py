"""Who came: registers, a row a person, the events beneath; cards, devices, volunteers' shifts, photos of sheets."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime

revision = "0003_attendance"
down_revision = "0002_drafts"
branch_labels = None
depends_on = None

# A closed register is put right by an amendment only; nobody is absent while it is open; an event stays as it is.
SQLITE = """
CREATE TRIGGER registers_forward BEFORE UPDATE ON registers
WHEN NEW.session_id <> OLD.session_id OR NEW.opened_at <> OLD.opened_at OR NEW.opened_by_id <> OLD.opened_by_id
  OR (OLD.state <> 'open' AND (NEW.state = 'open' OR NEW.closed_at <> OLD.closed_at
      OR NEW.closed_by_id <> OLD.closed_by_id OR (OLD.state = 'amended' AND NEW.state <> 'amended')))
BEGIN SELECT RAISE(ABORT, 'registers_forward'); END;

CREATE TRIGGER registers_no_delete BEFORE DELETE ON registers
BEGIN SELECT RAISE(ABORT, 'registers_forward'); END;

CREATE TRIGGER attendances_open_insert BEFORE INSERT ON attendances
WHEN CASE (SELECT state FROM registers WHERE session_id = NEW.session_id)
  WHEN 'open' THEN NEW.status = 'absent' ELSE NEW.amendment_id IS NULL END
BEGIN SELECT RAISE(ABORT, 'attendances_open'); END;

CREATE TRIGGER attendances_open_update BEFORE UPDATE ON attendances
WHEN NEW.session_id <> OLD.session_id OR NEW.person_id <> OLD.person_id
  OR CASE (SELECT state FROM registers WHERE session_id = OLD.session_id)
    WHEN 'open' THEN NEW.status = 'absent'
    ELSE (NEW.amendment_id IS NULL OR NEW.amendment_id IS OLD.amendment_id)
      AND NOT (OLD.status = 'expected' AND NEW.status = 'absent') END
BEGIN SELECT RAISE(ABORT, 'attendances_open'); END;

CREATE TRIGGER attendances_open_delete BEFORE DELETE ON attendances
WHEN (SELECT state FROM registers WHERE session_id = OLD.session_id) <> 'open'
BEGIN SELECT RAISE(ABORT, 'attendances_open'); END;

CREATE TRIGGER attendances_of_amendment_insert BEFORE INSERT ON attendances
WHEN NEW.amendment_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM amendments WHERE id = NEW.amendment_id AND session_id = NEW.session_id
  AND person_id = NEW.person_id AND now_is = NEW.status)
BEGIN SELECT RAISE(ABORT, 'attendances_of_amendment'); END;

CREATE TRIGGER attendances_of_amendment_update BEFORE UPDATE ON attendances
WHEN NEW.amendment_id IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM amendments WHERE id = NEW.amendment_id AND session_id = NEW.session_id
  AND person_id = NEW.person_id AND now_is = NEW.status)
BEGIN SELECT RAISE(ABORT, 'attendances_of_amendment'); END;

CREATE TRIGGER amendments_reason BEFORE INSERT ON amendments
WHEN trim(NEW.reason) = ''
BEGIN SELECT RAISE(ABORT, 'amendments_reason'); END;

CREATE TRIGGER admissions_reason BEFORE INSERT ON admissions
WHEN trim(NEW.reason) = '' AND NEW.kind = 'over_capacity'
BEGIN SELECT RAISE(ABORT, 'admissions_reason'); END;

CREATE TRIGGER attendance_events_revoked BEFORE INSERT ON attendance_events
WHEN NEW.device_id IS NOT NULL AND NEW.outcome = 'accepted' AND EXISTS (
  SELECT 1 FROM devices WHERE id = NEW.device_id AND (paired_at IS NULL OR revoked_at <= NEW.at))
BEGIN SELECT RAISE(ABORT, 'attendance_events_revoked'); END;

CREATE TRIGGER amendments_no_update BEFORE UPDATE ON amendments
WHEN NOT (
  NEW.reason = '' AND NEW.id IS OLD.id AND NEW.session_id IS OLD.session_id AND NEW.person_id IS OLD.person_id
  AND NEW.was IS OLD.was AND NEW.was_arrived_at IS OLD.was_arrived_at AND NEW.was_left_at IS OLD.was_left_at
  AND NEW.now_is IS OLD.now_is AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'amendments_append_only'); END;

CREATE TRIGGER amendments_no_delete BEFORE DELETE ON amendments
BEGIN SELECT RAISE(ABORT, 'amendments_append_only'); END;

CREATE TRIGGER admissions_no_update BEFORE UPDATE ON admissions
WHEN NOT (
  NEW.reason = '' AND NEW.id IS OLD.id AND NEW.session_id IS OLD.session_id AND NEW.person_id IS OLD.person_id
  AND NEW.kind IS OLD.kind AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'admissions_append_only'); END;

CREATE TRIGGER admissions_no_delete BEFORE DELETE ON admissions
BEGIN SELECT RAISE(ABORT, 'admissions_append_only'); END;

CREATE TRIGGER attendance_events_no_update BEFORE UPDATE ON attendance_events
BEGIN SELECT RAISE(ABORT, 'attendance_events_append_only'); END;

CREATE TRIGGER attendance_events_no_delete BEFORE DELETE ON attendance_events
BEGIN SELECT RAISE(ABORT, 'attendance_events_append_only'); END;

CREATE TRIGGER attendance_events_undecided AFTER INSERT ON attendance_events
WHEN NEW.outcome = 'needs_review'
BEGIN INSERT INTO undecided_events (event_id, session_id) VALUES (NEW.id, NEW.session_id); END;

CREATE TRIGGER attendance_reviews_decided AFTER INSERT ON attendance_reviews
BEGIN DELETE FROM undecided_events WHERE event_id = NEW.event_id; END;

CREATE TRIGGER attendance_reviews_no_update BEFORE UPDATE ON attendance_reviews
WHEN NOT (
  NEW.reason = '' AND NEW.event_id IS OLD.event_id AND NEW.is_adopted IS OLD.is_adopted
  AND NEW.person_id IS OLD.person_id AND NEW.by_id IS OLD.by_id AND NEW.at IS OLD.at
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'attendance_reviews_append_only'); END;

CREATE TRIGGER attendance_reviews_no_delete BEFORE DELETE ON attendance_reviews
BEGIN SELECT RAISE(ABORT, 'attendance_reviews_append_only'); END;

CREATE TRIGGER volunteer_shifts_certified_insert BEFORE INSERT ON volunteer_shifts
WHEN NEW.state = 'certified' AND (
  EXISTS (SELECT 1 FROM volunteer_shifts WHERE person_id = NEW.person_id AND state = 'certified'
    AND in_at < NEW.out_at AND out_at > NEW.in_at)
  OR (NEW.reviewed_by_id IS NULL AND 24 * (julianday(NEW.out_at) - julianday(NEW.in_at) + (
    SELECT coalesce(sum(julianday(out_at) - julianday(in_at)), 0) FROM volunteer_shifts
    WHERE person_id = NEW.person_id AND state = 'certified' AND day = NEW.day)) > 8.001))
BEGIN SELECT RAISE(ABORT, 'volunteer_shifts_certified'); END;

CREATE TRIGGER volunteer_shifts_certified_update BEFORE UPDATE ON volunteer_shifts
WHEN NEW.state = 'certified' AND OLD.state <> 'certified' AND (
  EXISTS (SELECT 1 FROM volunteer_shifts WHERE person_id = NEW.person_id AND state = 'certified' AND id <> OLD.id
    AND in_at < NEW.out_at AND out_at > NEW.in_at)
  OR (NEW.reviewed_by_id IS NULL AND 24 * (julianday(NEW.out_at) - julianday(NEW.in_at) + (
    SELECT coalesce(sum(julianday(out_at) - julianday(in_at)), 0) FROM volunteer_shifts
    WHERE person_id = NEW.person_id AND state = 'certified' AND day = NEW.day AND id <> OLD.id)) > 8.001))
BEGIN SELECT RAISE(ABORT, 'volunteer_shifts_certified'); END;

CREATE TRIGGER volunteer_shifts_certified_stays BEFORE UPDATE ON volunteer_shifts
WHEN OLD.state = 'certified' AND (NEW.state NOT IN ('certified', 'replaced') OR NEW.in_at <> OLD.in_at
  OR NEW.out_at <> OLD.out_at OR NEW.day <> OLD.day OR NEW.person_id <> OLD.person_id
  OR NEW.session_id <> OLD.session_id OR NEW.certified_by_id <> OLD.certified_by_id
  OR NEW.reviewed_by_id IS NOT OLD.reviewed_by_id)
BEGIN SELECT RAISE(ABORT, 'volunteer_shifts_certified'); END;

CREATE TRIGGER volunteer_shifts_no_delete BEFORE DELETE ON volunteer_shifts
BEGIN SELECT RAISE(ABORT, 'volunteer_shifts_certified'); END;

CREATE TRIGGER hour_certificates_no_update BEFORE UPDATE ON hour_certificates
BEGIN SELECT RAISE(ABORT, 'hour_certificates_append_only'); END;

CREATE TRIGGER hour_certificates_no_delete BEFORE DELETE ON hour_certificates
BEGIN SELECT RAISE(ABORT, 'hour_certificates_append_only'); END;

CREATE TRIGGER hour_certificate_shifts_no_update BEFORE UPDATE ON hour_certificate_shifts
BEGIN SELECT RAISE(ABORT, 'hour_certificate_shifts_append_only'); END;

CREATE TRIGGER hour_certificate_shifts_no_delete BEFORE DELETE ON hour_certificate_shifts
BEGIN SELECT RAISE(ABORT, 'hour_certificate_shifts_append_only'); END;
"""
POSTGRESQL = """
CREATE FUNCTION attendance_refuses(what text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = what;
END $$;

CREATE FUNCTION registers_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.session_id = OLD.session_id AND NEW.opened_at = OLD.opened_at AND NEW.opened_by_id = OLD.opened_by_id
       AND (OLD.state = 'open' OR (NEW.state <> 'open' AND NEW.closed_at = OLD.closed_at
            AND NEW.closed_by_id = OLD.closed_by_id AND (OLD.state = 'closed' OR NEW.state = 'amended'))) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('registers_forward');
  RETURN NULL;
END $$;

CREATE TRIGGER registers_forward BEFORE UPDATE OR DELETE ON registers
FOR EACH ROW EXECUTE FUNCTION registers_forward();

CREATE TRIGGER registers_no_truncate BEFORE TRUNCATE ON registers
FOR EACH STATEMENT EXECUTE FUNCTION registers_forward();

CREATE FUNCTION attendances_open() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_register text;
BEGIN
  IF TG_OP = 'DELETE' THEN
    SELECT state INTO of_register FROM registers WHERE session_id = OLD.session_id FOR SHARE;
    IF of_register = 'open' THEN RETURN OLD; END IF;
    PERFORM attendance_refuses('attendances_open');
  END IF;
  SELECT state INTO of_register FROM registers WHERE session_id = NEW.session_id FOR SHARE;
  IF TG_OP = 'UPDATE' AND (NEW.session_id <> OLD.session_id OR NEW.person_id <> OLD.person_id) THEN
    PERFORM attendance_refuses('attendances_open');
  END IF;
  IF of_register = 'open' AND NEW.status = 'absent' THEN
    PERFORM attendance_refuses('attendances_open');
  END IF;
  IF of_register <> 'open' AND TG_OP = 'INSERT' AND NEW.amendment_id IS NULL THEN
    PERFORM attendance_refuses('attendances_open');
  END IF;
  IF of_register <> 'open' AND TG_OP = 'UPDATE' THEN
    IF (NEW.amendment_id IS NULL OR NEW.amendment_id IS NOT DISTINCT FROM OLD.amendment_id)
       AND NOT (OLD.status = 'expected' AND NEW.status = 'absent') THEN
      PERFORM attendance_refuses('attendances_open');
    END IF;
  END IF;
  IF NEW.amendment_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM amendments WHERE id = NEW.amendment_id AND session_id = NEW.session_id
    AND person_id = NEW.person_id AND now_is = NEW.status) THEN
    PERFORM attendance_refuses('attendances_of_amendment');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER attendances_open BEFORE INSERT OR UPDATE OR DELETE ON attendances
FOR EACH ROW EXECUTE FUNCTION attendances_open();

CREATE FUNCTION attendance_reasons() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF trim(NEW.reason) = '' AND (TG_TABLE_NAME = 'amendments' OR to_jsonb(NEW) ->> 'kind' = 'over_capacity') THEN
    PERFORM attendance_refuses(TG_TABLE_NAME || '_reason');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER amendments_reason BEFORE INSERT ON amendments
FOR EACH ROW EXECUTE FUNCTION attendance_reasons();

CREATE TRIGGER admissions_reason BEFORE INSERT ON admissions
FOR EACH ROW EXECUTE FUNCTION attendance_reasons();

CREATE FUNCTION attendance_events_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM devices WHERE id = NEW.device_id FOR SHARE;
  IF EXISTS (SELECT 1 FROM devices WHERE id = NEW.device_id AND (paired_at IS NULL OR revoked_at <= NEW.at)) THEN
    PERFORM attendance_refuses('attendance_events_revoked');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER attendance_events_revoked BEFORE INSERT ON attendance_events
FOR EACH ROW WHEN (NEW.device_id IS NOT NULL AND NEW.outcome = 'accepted')
EXECUTE FUNCTION attendance_events_revoked();

CREATE FUNCTION attendance_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME <> 'attendance_events' THEN
    IF to_jsonb(NEW) ->> 'reason' = '' AND to_jsonb(NEW) - 'reason' = to_jsonb(OLD) - 'reason' AND EXISTS (
      SELECT 1 FROM people p WHERE p.id = (to_jsonb(OLD) ->> 'person_id')::integer AND p.erased_at IS NOT NULL) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses(TG_TABLE_NAME || '_append_only');
  RETURN NULL;
END $$;

CREATE TRIGGER amendments_append_only BEFORE UPDATE OR DELETE ON amendments
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER amendments_no_truncate BEFORE TRUNCATE ON amendments
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER admissions_append_only BEFORE UPDATE OR DELETE ON admissions
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER admissions_no_truncate BEFORE TRUNCATE ON admissions
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER attendance_events_append_only BEFORE UPDATE OR DELETE ON attendance_events
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER attendance_events_no_truncate BEFORE TRUNCATE ON attendance_events
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();

CREATE FUNCTION attendance_events_undecided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO undecided_events (event_id, session_id) VALUES (NEW.id, NEW.session_id);
  RETURN NULL;
END $$;

CREATE TRIGGER attendance_events_undecided AFTER INSERT ON attendance_events
FOR EACH ROW WHEN (NEW.outcome = 'needs_review') EXECUTE FUNCTION attendance_events_undecided();

CREATE FUNCTION attendance_reviews_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM undecided_events WHERE event_id = NEW.event_id;
  RETURN NULL;
END $$;

CREATE TRIGGER attendance_reviews_decided AFTER INSERT ON attendance_reviews
FOR EACH ROW EXECUTE FUNCTION attendance_reviews_decided();

CREATE TRIGGER attendance_reviews_append_only BEFORE UPDATE OR DELETE ON attendance_reviews
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER attendance_reviews_no_truncate BEFORE TRUNCATE ON attendance_reviews
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();

ALTER TABLE volunteer_shifts ADD CONSTRAINT volunteer_shifts_certified EXCLUDE USING gist (
  int4range(person_id, person_id, '[]') WITH &&, tstzrange(in_at, out_at) WITH &&) WHERE (state = 'certified');

CREATE FUNCTION volunteer_shifts_long() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.state = 'certified' THEN RETURN NEW; END IF;
  PERFORM 1 FROM people WHERE id = NEW.person_id FOR NO KEY UPDATE;
  IF NEW.reviewed_by_id IS NULL AND NEW.out_at - NEW.in_at + (
    SELECT coalesce(sum(out_at - in_at), interval '0') FROM volunteer_shifts
    WHERE person_id = NEW.person_id AND state = 'certified' AND day = NEW.day AND id <> NEW.id
  ) > interval '8 hours' THEN
    PERFORM attendance_refuses('volunteer_shifts_long');
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER volunteer_shifts_long BEFORE INSERT OR UPDATE ON volunteer_shifts
FOR EACH ROW WHEN (NEW.state = 'certified') EXECUTE FUNCTION volunteer_shifts_long();

CREATE FUNCTION volunteer_shifts_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.state <> 'certified' OR (NEW.state IN ('certified', 'replaced') AND NEW.in_at = OLD.in_at
       AND NEW.out_at = OLD.out_at AND NEW.day = OLD.day AND NEW.person_id = OLD.person_id
       AND NEW.session_id = OLD.session_id AND NEW.certified_by_id = OLD.certified_by_id
       AND NEW.reviewed_by_id IS NOT DISTINCT FROM OLD.reviewed_by_id) THEN
      RETURN NEW;
    END IF;
  END IF;
  PERFORM attendance_refuses('volunteer_shifts_certified');
  RETURN NULL;
END $$;

CREATE TRIGGER volunteer_shifts_stay BEFORE UPDATE OR DELETE ON volunteer_shifts
FOR EACH ROW EXECUTE FUNCTION volunteer_shifts_stay();

CREATE TRIGGER volunteer_shifts_no_truncate BEFORE TRUNCATE ON volunteer_shifts
FOR EACH STATEMENT EXECUTE FUNCTION volunteer_shifts_stay();

CREATE TRIGGER hour_certificates_append_only BEFORE UPDATE OR DELETE ON hour_certificates
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER hour_certificates_no_truncate BEFORE TRUNCATE ON hour_certificates
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER hour_certificate_shifts_append_only BEFORE UPDATE OR DELETE ON hour_certificate_shifts
FOR EACH ROW EXECUTE FUNCTION attendance_append_only();

CREATE TRIGGER hour_certificate_shifts_no_truncate BEFORE TRUNCATE ON hour_certificate_shifts
FOR EACH STATEMENT EXECUTE FUNCTION attendance_append_only();
"""


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_cards_revoked")),
        sa.ForeignKeyConstraint(["issued_by_id"], ["people.id"], name=op.f("fk_cards_issued_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_cards_person_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_cards_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_cards_code_hash")),
    )
    op.create_index(op.f("ix_cards_person_id"), "cards", ["person_id"], unique=False)
    op.create_index(
        "uq_cards_live",
        "cards",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "admissions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "cancelled",
                "no_roster",
                "one_date",
                "over_capacity",
                name="admitted",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_admissions_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_admissions_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_admissions_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admissions")),
    )
    op.create_index(op.f("ix_admissions_person_id"), "admissions", ["person_id"], unique=False)
    op.create_index("ix_admissions_session", "admissions", ["session_id", "person_id"], unique=False)
    op.create_table(
        "devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column(
            "duty",
            sa.Enum(
                "entrance", "room", "session", name="device_duty", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("code_expires_at", UtcDateTime(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("paired_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("wiped_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(duty = 'room') = (room_id IS NOT NULL)", name=op.f("ck_devices_room")),
        sa.CheckConstraint("(duty = 'session') = (session_id IS NOT NULL)", name=op.f("ck_devices_session")),
        sa.CheckConstraint("(paired_at IS NULL) = (token_hash IS NULL)", name=op.f("ck_devices_paired")),
        sa.CheckConstraint("(revoked_at IS NULL) = (revoked_by_id IS NULL)", name=op.f("ck_devices_revoked")),
        sa.CheckConstraint("wiped_at IS NULL OR revoked_at IS NOT NULL", name=op.f("ck_devices_wiped")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_devices_made_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_devices_revoked_by_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_devices_room_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_devices_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_devices")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_devices_code_hash")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_devices_token_hash")),
    )
    op.create_index(
        "ix_devices_live",
        "devices",
        ["expires_at"],
        unique=False,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_index(op.f("ix_devices_made_by_id"), "devices", ["made_by_id"], unique=False)
    op.create_index(op.f("ix_devices_room_id"), "devices", ["room_id"], unique=False)
    op.create_index(op.f("ix_devices_session_id"), "devices", ["session_id"], unique=False)
    op.create_table(
        "registers",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "amended", "closed", "open", name="register_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("opened_at", UtcDateTime(), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("remark", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name=op.f("ck_registers_closed")),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name=op.f("ck_registers_signed")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["people.id"], name=op.f("fk_registers_closed_by_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["people.id"], name=op.f("fk_registers_opened_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_registers_session_id")),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_registers")),
    )
    op.create_index("ix_registers_state", "registers", ["state", "session_id"], unique=False)
    op.create_table(
        "volunteer_shifts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "certified",
                "done",
                "forgotten",
                "open",
                "replaced",
                "refused",
                "undone",
                name="shift_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("in_at", UtcDateTime(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("out_at", UtcDateTime(), nullable=True),
        sa.Column("out_by_id", sa.Integer(), nullable=True),
        sa.Column("out_said_at", UtcDateTime(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("certified_by_id", sa.Integer(), nullable=True),
        sa.Column("certified_at", UtcDateTime(), nullable=True),
        sa.Column("refused_by_id", sa.Integer(), nullable=True),
        sa.Column("refused_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'certified') <= (certified_by_id IS NOT NULL)", name=op.f("ck_volunteer_shifts_certified")
        ),
        sa.CheckConstraint(
            "state NOT IN ('open', 'forgotten', 'undone') OR out_at IS NULL", name=op.f("ck_volunteer_shifts_open")
        ),
        sa.CheckConstraint("(out_at IS NULL) = (out_by_id IS NULL)", name=op.f("ck_volunteer_shifts_out_by")),
        sa.CheckConstraint("(out_at IS NULL) = (out_said_at IS NULL)", name=op.f("ck_volunteer_shifts_out_said")),
        sa.CheckConstraint(
            "(refused_by_id IS NULL) = (refused_at IS NULL)", name=op.f("ck_volunteer_shifts_refused_at")
        ),
        sa.CheckConstraint("state <> 'refused' OR refused_by_id IS NOT NULL", name=op.f("ck_volunteer_shifts_refused")),
        sa.CheckConstraint(
            "refused_by_id IS NULL OR refused_by_id <> person_id",
            name=op.f("ck_volunteer_shifts_not_refused_by_oneself"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('done', 'certified') OR out_at IS NOT NULL", name=op.f("ck_volunteer_shifts_done")
        ),
        sa.CheckConstraint(
            "(certified_by_id IS NULL) = (certified_at IS NULL)", name=op.f("ck_volunteer_shifts_certified_at")
        ),
        sa.CheckConstraint(
            "certified_by_id IS NULL OR certified_by_id <> person_id", name=op.f("ck_volunteer_shifts_not_oneself")
        ),
        sa.CheckConstraint("out_at IS NULL OR out_at > in_at", name=op.f("ck_volunteer_shifts_times")),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> certified_by_id", name=op.f("ck_volunteer_shifts_second")
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> person_id",
            name=op.f("ck_volunteer_shifts_not_reviewed_by_oneself"),
        ),
        sa.ForeignKeyConstraint(["certified_by_id"], ["people.id"], name=op.f("fk_volunteer_shifts_certified_by_id")),
        sa.ForeignKeyConstraint(["out_by_id"], ["people.id"], name=op.f("fk_volunteer_shifts_out_by_id")),
        sa.ForeignKeyConstraint(["refused_by_id"], ["people.id"], name=op.f("fk_volunteer_shifts_refused_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_volunteer_shifts_person_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_volunteer_shifts_recorded_by_id")),
        sa.ForeignKeyConstraint(["replaces_id"], ["volunteer_shifts.id"], name=op.f("fk_volunteer_shifts_replaces_id")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["people.id"], name=op.f("fk_volunteer_shifts_reviewed_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_volunteer_shifts_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer_shifts")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_volunteer_shifts_replaces_id")),
    )
    op.create_index("ix_volunteer_shifts_person", "volunteer_shifts", ["person_id", "in_at"], unique=False)
    op.create_index("ix_volunteer_shifts_session", "volunteer_shifts", ["session_id", "person_id"], unique=False)
    op.create_index("ix_volunteer_shifts_state", "volunteer_shifts", ["state", "in_at", "id"], unique=False)
    op.create_index(
        "uq_volunteer_shifts_open",
        "volunteer_shifts",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "hour_certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_hour_certificates_days")),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_hour_certificates_minutes")),
        sa.ForeignKeyConstraint(["made_by_id"], ["people.id"], name=op.f("fk_hour_certificates_made_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_hour_certificates_organisation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_hour_certificates_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hour_certificates")),
        sa.UniqueConstraint("number", name=op.f("uq_hour_certificates_number")),
    )
    op.create_index("ix_hour_certificates_person", "hour_certificates", ["person_id", "id"], unique=False)
    op.create_table(
        "hour_certificate_shifts",
        sa.Column("certificate_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("shift_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["hour_certificates.id"], name=op.f("fk_hour_certificate_shifts_certificate_id")
        ),
        sa.ForeignKeyConstraint(
            ["shift_id"], ["volunteer_shifts.id"], name=op.f("fk_hour_certificate_shifts_shift_id")
        ),
        sa.PrimaryKeyConstraint("certificate_id", "shift_id", name=op.f("pk_hour_certificate_shifts")),
    )
    op.create_index(op.f("ix_hour_certificate_shifts_shift_id"), "hour_certificate_shifts", ["shift_id"], unique=False)
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "was",
            sa.Enum(
                "absent",
                "expected",
                "late",
                "left",
                "on_leave",
                "present",
                name="amended_from",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("was_arrived_at", UtcDateTime(), nullable=True),
        sa.Column("was_left_at", UtcDateTime(), nullable=True),
        sa.Column(
            "now_is",
            sa.Enum(
                "absent",
                "expected",
                "late",
                "left",
                "on_leave",
                "present",
                name="amended_to",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_amendments_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_amendments_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["registers.session_id"], name=op.f("fk_amendments_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    op.create_index(op.f("ix_amendments_person_id"), "amendments", ["person_id"], unique=False)
    op.create_index("ix_amendments_session", "amendments", ["session_id", "person_id", "id"], unique=False)
    op.create_table(
        "attendance_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column(
            "verb",
            sa.Enum(
                "arrived",
                "left",
                "on_leave",
                "undone",
                name="attendance_verb",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "how",
            sa.Enum(
                "card",
                "desk",
                "household",
                "kiosk",
                "paper",
                "review",
                "roll",
                "sign_up",
                "walk_in",
                name="attendance_event_how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "accepted",
                "duplicate",
                "needs_review",
                "refused",
                name="attendance_outcome",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "why",
            sa.Enum(
                "cancelled",
                "clock",
                "closed",
                "full",
                "leave",
                "not_allowed",
                "not_here",
                "not_signed_up",
                "old_card",
                "over",
                "replayed",
                "revoked",
                "too_early",
                "unknown",
                "volunteer",
                "wrong_session",
                name="attendance_why",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("device_at", UtcDateTime(), nullable=True),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("nonce", sa.String(length=36), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column(
            "was",
            sa.Enum(
                "absent",
                "expected",
                "late",
                "left",
                "on_leave",
                "present",
                name="attendance_was",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("was_arrived_at", UtcDateTime(), nullable=True),
        sa.Column("was_left_at", UtcDateTime(), nullable=True),
        sa.Column("undoes_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("undoes_id IS NULL OR verb = 'undone'", name=op.f("ck_attendance_events_undone")),
        sa.CheckConstraint(
            "verb <> 'undone' OR undoes_id IS NOT NULL OR outcome IN ('needs_review', 'refused')",
            name=op.f("ck_attendance_events_undoes"),
        ),
        sa.CheckConstraint(
            "outcome NOT IN ('needs_review', 'refused') OR why IS NOT NULL", name=op.f("ck_attendance_events_why")
        ),
        sa.CheckConstraint(
            "person_id IS NOT NULL OR outcome IN ('needs_review', 'refused')", name=op.f("ck_attendance_events_person")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_attendance_events_by_id")),
        sa.ForeignKeyConstraint(["device_id"], ["devices.id"], name=op.f("fk_attendance_events_device_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_events_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_attendance_events_session_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["attendance_events.id"], name=op.f("fk_attendance_events_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_events")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_attendance_events_undoes_id")),
    )
    op.create_index("uq_attendance_events_nonce", "attendance_events", ["nonce"], unique=True)
    op.create_index("ix_attendance_events_by_recorded", "attendance_events", ["by_id", "recorded_at"], unique=False)
    op.create_index(op.f("ix_attendance_events_device_id"), "attendance_events", ["device_id"], unique=False)
    op.create_index(op.f("ix_attendance_events_person_id"), "attendance_events", ["person_id"], unique=False)
    op.create_index(
        "ix_attendance_events_session", "attendance_events", ["session_id", "person_id", "id"], unique=False
    )
    op.create_table(
        "undecided_events",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["attendance_events.id"], name=op.f("fk_undecided_events_event_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_undecided_events_session_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_undecided_events")),
    )
    op.create_index("ix_undecided_events_session", "undecided_events", ["session_id", "event_id"], unique=False)
    op.create_table(
        "sheet_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.Column("removed_at", UtcDateTime(), nullable=True),
        sa.Column("removed_by_id", sa.Integer(), nullable=True),
        sa.Column("removed_reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["added_by_id"], ["people.id"], name=op.f("fk_sheet_photos_added_by_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["people.id"], name=op.f("fk_sheet_photos_removed_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["registers.session_id"], name=op.f("fk_sheet_photos_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_photos")),
        sa.UniqueConstraint("name", name=op.f("uq_sheet_photos_name")),
    )
    op.create_index(op.f("ix_sheet_photos_added_by_id"), "sheet_photos", ["added_by_id"], unique=False)
    op.create_index(op.f("ix_sheet_photos_session_id"), "sheet_photos", ["session_id"], unique=False)
    op.create_table(
        "attendance_reviews",
        sa.Column("event_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("is_adopted", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_attendance_reviews_by_id")),
        sa.ForeignKeyConstraint(["event_id"], ["attendance_events.id"], name=op.f("fk_attendance_reviews_event_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendance_reviews_person_id")),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_attendance_reviews")),
    )
    op.create_index(op.f("ix_attendance_reviews_person_id"), "attendance_reviews", ["person_id"], unique=False)
    op.create_table(
        "attendances",
        sa.Column("session_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "absent",
                "expected",
                "late",
                "left",
                "on_leave",
                "present",
                name="attendance_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("arrived_at", UtcDateTime(), nullable=True),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.Column("came_late", sa.Boolean(), nullable=False),
        sa.Column("is_walk_in", sa.Boolean(), nullable=False),
        sa.Column(
            "how",
            sa.Enum(
                "card",
                "desk",
                "household",
                "kiosk",
                "paper",
                "review",
                "roll",
                "sign_up",
                "walk_in",
                name="attendance_how",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("sign_up_id", sa.Integer(), nullable=True),
        sa.Column("admission_id", sa.Integer(), nullable=True),
        sa.Column("amendment_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(status = 'left') = (left_at IS NOT NULL)", name=op.f("ck_attendances_left")),
        sa.CheckConstraint(
            "(status IN ('present', 'late', 'left')) = (arrived_at IS NOT NULL)", name=op.f("ck_attendances_arrived")
        ),
        sa.CheckConstraint("status <> 'late' OR came_late", name=op.f("ck_attendances_late")),
        sa.CheckConstraint(
            "arrived_at IS NULL OR sign_up_id IS NOT NULL OR admission_id IS NOT NULL",
            name=op.f("ck_attendances_place"),
        ),
        sa.CheckConstraint("left_at IS NULL OR left_at >= arrived_at", name=op.f("ck_attendances_times")),
        sa.ForeignKeyConstraint(["admission_id"], ["admissions.id"], name=op.f("fk_attendances_admission_id")),
        sa.ForeignKeyConstraint(["amendment_id"], ["amendments.id"], name=op.f("fk_attendances_amendment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_attendances_person_id")),
        sa.ForeignKeyConstraint(["session_id"], ["registers.session_id"], name=op.f("fk_attendances_session_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_attendances_sign_up_id")),
        sa.PrimaryKeyConstraint("session_id", "person_id", name=op.f("pk_attendances")),
        sa.UniqueConstraint("admission_id", name=op.f("uq_attendances_admission_id")),
        sa.UniqueConstraint("amendment_id", name=op.f("uq_attendances_amendment_id")),
    )
    op.create_index(
        "ix_attendances_here",
        "attendances",
        ["session_id"],
        unique=False,
        sqlite_where=sa.text("status IN ('present', 'late')"),
        postgresql_where=sa.text("status IN ('present', 'late')"),
    )
    op.create_index("ix_attendances_person", "attendances", ["person_id", "session_id"], unique=False)
    op.create_index(op.f("ix_attendances_sign_up_id"), "attendances", ["sign_up_id"], unique=False)
    guards = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[op.get_bind().dialect.name]
    for statement in re.split(r"\n\n(?=CREATE|ALTER)", guards.strip()):
        op.execute(statement)


def downgrade() -> None:
    for table in [
        "attendances",
        "attendance_reviews",
        "sheet_photos",
        "undecided_events",
        "attendance_events",
        "amendments",
        "hour_certificate_shifts",
        "hour_certificates",
        "volunteer_shifts",
        "registers",
        "devices",
        "admissions",
        "cards",
    ]:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for name, args in re.findall(r"CREATE FUNCTION (\w+)\((.*?)\)", POSTGRESQL):
            op.execute(f"DROP FUNCTION {name}({args.replace('what ', '')})")
