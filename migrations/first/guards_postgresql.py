"""What the tables refuse on PostgreSQL beside their checks: exclusions, and triggers with what they call."""

LEDGER_OF_ROOM_TIME = """
ALTER TABLE occupancies ADD CONSTRAINT occupancies_no_overlap EXCLUDE USING gist (
  int4range(room_id, room_id, '[]') WITH &&, tstzrange(starts_at, clear_at, '[)') WITH &&);

ALTER TABLE occupancies ADD CONSTRAINT occupancies_one_day CHECK (clear_at - starts_at <= interval '25 hours');

CREATE FUNCTION occupancies_on_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM rooms WHERE id = NEW.room_id FOR KEY SHARE;
  IF EXISTS (SELECT 1 FROM rooms WHERE parent_id = NEW.room_id) THEN
    RAISE EXCEPTION 'occupancies_on_parts' USING ERRCODE = 'check_violation', CONSTRAINT = 'occupancies_on_parts';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER occupancies_on_parts BEFORE INSERT OR UPDATE OF room_id ON occupancies
FOR EACH ROW EXECUTE FUNCTION occupancies_on_parts();

CREATE FUNCTION rooms_parts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM 1 FROM rooms WHERE id = NEW.parent_id FOR UPDATE;
  IF EXISTS (SELECT 1 FROM occupancies WHERE room_id = NEW.parent_id)
     OR EXISTS (SELECT 1 FROM rooms WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
     OR EXISTS (SELECT 1 FROM rooms WHERE parent_id = NEW.id) THEN
    RAISE EXCEPTION 'rooms_parts' USING ERRCODE = 'check_violation', CONSTRAINT = 'rooms_parts';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER rooms_parts BEFORE INSERT OR UPDATE OF parent_id ON rooms
FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION rooms_parts();
"""

# `is_doubled`: sessions that were at the same time before this was refused, until somebody moves or cancels one.
SESSIONS = """
ALTER TABLE sessions ADD CONSTRAINT sessions_no_overlap EXCLUDE USING gist (
  int4range(activity_id, activity_id, '[]') WITH &&, tstzrange(starts_at, ends_at) WITH &&
) WHERE (state <> 'cancelled' AND NOT is_doubled);
"""

# An end is written to a place once; a lottery is drawn once, with the seed that was announced.
ONCE = """
CREATE FUNCTION places_held_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.until_at IS NULL AND NEW.id = OLD.id AND NEW.sign_up_id = OLD.sign_up_id
     AND NEW.from_at = OLD.from_at THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'places_held_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'places_held_once';
END $$;

CREATE TRIGGER places_held_append_only BEFORE UPDATE OR DELETE ON places_held
FOR EACH ROW EXECUTE FUNCTION places_held_once();

CREATE TRIGGER places_held_no_truncate BEFORE TRUNCATE ON places_held
FOR EACH STATEMENT EXECUTE FUNCTION places_held_once();

CREATE FUNCTION draws_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.drawn_at IS NULL AND NEW.seed = OLD.seed AND NEW.roster_id = OLD.roster_id THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'draws_once' USING ERRCODE = 'check_violation', CONSTRAINT = 'draws_once';
END $$;

CREATE TRIGGER draws_once
BEFORE UPDATE OF id, roster_id, seed, drawn_at, by_id, entries, places, others_wait OR DELETE ON draws
FOR EACH ROW EXECUTE FUNCTION draws_once();

CREATE TRIGGER draws_no_truncate BEFORE TRUNCATE ON draws
FOR EACH STATEMENT EXECUTE FUNCTION draws_once();

CREATE FUNCTION draws_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%_append_only', TG_TABLE_NAME
    USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
"""

TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION {function}();

CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION {function}();
"""
OF_DRAWS = ("draw_pools", "lots", "roster_events")

# Nobody alters or removes a row of these. Its words may become empty, and nothing else, where its person is erased.
HISTORY = """
CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN{may_go}{may_empty}
  RAISE EXCEPTION '{table}_append_only' USING ERRCODE = 'check_violation', CONSTRAINT = '{table}_append_only';
END $$;
"""
MAY_EMPTY = """
  IF TG_OP = 'UPDATE' THEN
    IF {emptied} AND to_jsonb(NEW) - {columns} = to_jsonb(OLD) - {columns} AND EXISTS ({erased}) THEN
      RETURN NEW;
    END IF;
  END IF;"""
# Who looked is kept for half a year: a row goes once a much younger one is there.
MAY_GO = """
  IF TG_OP = 'DELETE' THEN
    IF EXISTS (SELECT 1 FROM access_events WHERE at >= OLD.at + INTERVAL '183 days') THEN
      RETURN OLD;
    END IF;
  END IF;"""
ERASED = "SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL"
REASON = {"emptied": "NEW.reason = ''", "columns": "ARRAY['reason']"}
HISTORIES_OF_PEOPLE = {
    "booking_events": {
        **REASON,
        "erased": "SELECT 1 FROM bookings b JOIN people p ON p.id = b.person_id "
        "WHERE b.id = OLD.booking_id AND b.organisation_id IS NULL AND p.erased_at IS NOT NULL",
    },
    "sign_up_events": {
        **REASON,
        "erased": "SELECT 1 FROM sign_ups s JOIN people p ON p.id = s.person_id "
        "WHERE s.id = OLD.sign_up_id AND p.erased_at IS NOT NULL",
    },
    "staff_events": {
        "emptied": "NEW.reason = '' AND (NEW.details = OLD.details OR NEW.details = '[]')",
        "columns": "ARRAY['reason', 'details']",
        "erased": ERASED,
    },
    "access_events": {"emptied": "NEW.subject = ''", "columns": "ARRAY['subject']", "erased": ERASED},
}


def _history(table: str, **words: str) -> str:
    function = HISTORY.format(
        table=table,
        may_go=MAY_GO if table == "access_events" else "",
        may_empty=MAY_EMPTY.format(**words) if words else "",
    )
    return function + TRIGGERS.format(table=table, function=f"{table}_append_only")


GUARDS = (
    LEDGER_OF_ROOM_TIME,
    SESSIONS,
    ONCE,
    *(TRIGGERS.format(table=each, function="draws_append_only") for each in OF_DRAWS),
    _history("activity_events"),
    *(_history(table, **words) for table, words in HISTORIES_OF_PEOPLE.items()),
)
