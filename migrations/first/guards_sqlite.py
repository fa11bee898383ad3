"""What the tables refuse on SQLite, trigger by trigger. A table that is rebuilt loses its triggers: make them again."""

LEDGER_OF_ROOM_TIME = """
CREATE TRIGGER occupancies_no_overlap_insert BEFORE INSERT ON occupancies
WHEN (SELECT starts_at FROM occupancies WHERE room_id = NEW.room_id AND clear_at > NEW.starts_at
      ORDER BY clear_at LIMIT 1) < NEW.clear_at
BEGIN SELECT RAISE(ABORT, 'occupancies_no_overlap'); END;

CREATE TRIGGER occupancies_no_overlap_update BEFORE UPDATE ON occupancies
WHEN (SELECT starts_at FROM occupancies WHERE room_id = NEW.room_id AND clear_at > NEW.starts_at AND id <> OLD.id
      ORDER BY clear_at LIMIT 1) < NEW.clear_at
BEGIN SELECT RAISE(ABORT, 'occupancies_no_overlap'); END;

CREATE TRIGGER occupancies_one_day_insert BEFORE INSERT ON occupancies
WHEN julianday(NEW.clear_at) - julianday(NEW.starts_at) > 25.01 / 24
BEGIN SELECT RAISE(ABORT, 'occupancies_one_day'); END;

CREATE TRIGGER occupancies_one_day_update BEFORE UPDATE ON occupancies
WHEN julianday(NEW.clear_at) - julianday(NEW.starts_at) > 25.01 / 24
BEGIN SELECT RAISE(ABORT, 'occupancies_one_day'); END;

CREATE TRIGGER occupancies_on_parts_insert BEFORE INSERT ON occupancies
WHEN EXISTS (SELECT 1 FROM rooms WHERE parent_id = NEW.room_id)
BEGIN SELECT RAISE(ABORT, 'occupancies_on_parts'); END;

CREATE TRIGGER occupancies_on_parts_update BEFORE UPDATE ON occupancies
WHEN EXISTS (SELECT 1 FROM rooms WHERE parent_id = NEW.room_id)
BEGIN SELECT RAISE(ABORT, 'occupancies_on_parts'); END;

CREATE TRIGGER rooms_parts_insert BEFORE INSERT ON rooms
WHEN NEW.parent_id IS NOT NULL AND (
  EXISTS (SELECT 1 FROM occupancies WHERE room_id = NEW.parent_id)
  OR EXISTS (SELECT 1 FROM rooms WHERE id = NEW.parent_id AND parent_id IS NOT NULL))
BEGIN SELECT RAISE(ABORT, 'rooms_parts'); END;

CREATE TRIGGER rooms_parts_update BEFORE UPDATE OF parent_id ON rooms
WHEN NEW.parent_id IS NOT NULL AND (
  EXISTS (SELECT 1 FROM occupancies WHERE room_id = NEW.parent_id)
  OR EXISTS (SELECT 1 FROM rooms WHERE id = NEW.parent_id AND parent_id IS NOT NULL)
  OR EXISTS (SELECT 1 FROM rooms WHERE parent_id = NEW.id))
BEGIN SELECT RAISE(ABORT, 'rooms_parts'); END;
"""

# `is_doubled`: sessions that were at the same time before this was refused, until somebody moves or cancels one.
SESSIONS = """
CREATE TRIGGER sessions_no_overlap_insert BEFORE INSERT ON sessions
WHEN NEW.state <> 'cancelled' AND NOT NEW.is_doubled AND EXISTS (
  SELECT 1 FROM sessions WHERE activity_id = NEW.activity_id AND state <> 'cancelled' AND NOT is_doubled
  AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'sessions_no_overlap'); END;

CREATE TRIGGER sessions_no_overlap_update
BEFORE UPDATE OF activity_id, state, is_doubled, starts_at, ends_at ON sessions
WHEN NEW.state <> 'cancelled' AND NOT NEW.is_doubled AND EXISTS (
  SELECT 1 FROM sessions WHERE activity_id = NEW.activity_id AND id <> OLD.id AND state <> 'cancelled'
  AND NOT is_doubled AND starts_at < NEW.ends_at AND ends_at > NEW.starts_at)
BEGIN SELECT RAISE(ABORT, 'sessions_no_overlap'); END;
"""

# An end is written to a place once; a lottery is drawn once, with the seed that was announced.
ONCE = """
CREATE TRIGGER places_held_no_update BEFORE UPDATE ON places_held
WHEN OLD.until_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.sign_up_id <> OLD.sign_up_id OR NEW.from_at <> OLD.from_at
BEGIN SELECT RAISE(ABORT, 'places_held_once'); END;

CREATE TRIGGER places_held_no_delete BEFORE DELETE ON places_held
BEGIN SELECT RAISE(ABORT, 'places_held_once'); END;

CREATE TRIGGER draws_no_update
BEFORE UPDATE OF id, roster_id, seed, drawn_at, by_id, entries, places, others_wait ON draws
WHEN OLD.drawn_at IS NOT NULL OR NEW.seed <> OLD.seed OR NEW.roster_id <> OLD.roster_id
BEGIN SELECT RAISE(ABORT, 'draws_once'); END;

CREATE TRIGGER draws_no_delete BEFORE DELETE ON draws
BEGIN SELECT RAISE(ABORT, 'draws_once'); END;
"""

HISTORY = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END;

CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table}_append_only'); END;
"""
HISTORIES = ("activity_events", "draw_pools", "lots", "roster_events")

# Nobody alters or removes a row of these. Its words may become empty, and nothing else, where its person is erased.
HISTORIES_OF_PEOPLE = """
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

CREATE TRIGGER booking_events_no_delete BEFORE DELETE ON booking_events
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

CREATE TRIGGER sign_up_events_no_delete BEFORE DELETE ON sign_up_events
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

CREATE TRIGGER staff_events_no_delete BEFORE DELETE ON staff_events
BEGIN SELECT RAISE(ABORT, 'staff_events_append_only'); END;
"""

# Who looked is kept for half a year: a row goes once a much younger one is there.
ACCESS_LOG = """
CREATE TRIGGER access_events_no_update BEFORE UPDATE ON access_events
WHEN NOT (
  NEW.subject = '' AND NEW.id IS OLD.id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.by_id IS OLD.by_id
  AND NEW.person_id IS OLD.person_id AND NEW.purpose IS OLD.purpose AND NEW.endpoint IS OLD.endpoint
  AND NEW.object_id IS OLD.object_id AND NEW.address IS OLD.address AND NEW.press IS OLD.press
  AND EXISTS (SELECT 1 FROM people p WHERE p.id = OLD.person_id AND p.erased_at IS NOT NULL)
)
BEGIN SELECT RAISE(ABORT, 'access_events_append_only'); END;

CREATE TRIGGER access_events_no_delete BEFORE DELETE ON access_events
WHEN NOT EXISTS (SELECT 1 FROM access_events WHERE at >= datetime(OLD.at, '+183 days'))
BEGIN SELECT RAISE(ABORT, 'access_events_append_only'); END;
"""

GUARDS = (
    LEDGER_OF_ROOM_TIME,
    SESSIONS,
    ONCE,
    *(HISTORY.format(table=each) for each in HISTORIES),
    HISTORIES_OF_PEOPLE,
    ACCESS_LOG,
)
