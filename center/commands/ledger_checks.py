"""Whether the ledger of room time is true: what `center doctor` asks the database about it."""

from sqlalchemy import text

from center.db import db

SQLITE_HOLDS = frozenset(
    f"{name}_{when}"
    for name in ("occupancies_no_overlap", "occupancies_on_parts", "occupancies_one_day", "rooms_parts")
    for when in ("insert", "update")
) | {"booking_events_no_delete", "booking_events_no_update"}
POSTGRESQL_HOLDS = frozenset(
    {"occupancies_no_overlap", "occupancies_on_parts", "occupancies_one_day", "rooms_parts"}
) | {
    "booking_events_append_only",
    "booking_events_no_truncate",
}

OVERLAPS = """
SELECT count(*) FROM (
  SELECT clear_at, lead(starts_at) OVER (PARTITION BY room_id ORDER BY starts_at, id) AS next_start FROM occupancies
) AS neighbours WHERE next_start < clear_at
"""
ON_WHOLES = "SELECT count(*) FROM occupancies o WHERE EXISTS (SELECT 1 FROM rooms r WHERE r.parent_id = o.room_id)"
LIVE_WITHOUT = """
SELECT count(*) FROM bookings b WHERE b.status IN ('requested', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id)
"""
OTHER_TIMES = """
SELECT count(*) FROM bookings b JOIN (
  SELECT use_id, min(starts_at) AS starts_at, max(clear_at) AS clear_at FROM occupancies GROUP BY use_id
) AS taken ON taken.use_id = b.use_id WHERE taken.starts_at <> b.starts_at OR taken.clear_at <> b.clear_at
"""
ENDED_WITH = """
SELECT count(*) FROM bookings b WHERE b.status NOT IN ('requested', 'confirmed')
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id)
"""
CLOSURES_WITHOUT = """
SELECT count(*) FROM closures c WHERE c.lifted_at IS NULL AND NOT EXISTS (
  SELECT 1 FROM occupancies o WHERE o.starts_at < c.ends_at AND o.clear_at > c.starts_at
    AND (c.room_id IS NULL OR o.room_id = c.room_id OR o.room_id IN (SELECT id FROM rooms WHERE parent_id = c.room_id))
)
"""
LIFTED_WITH = """
SELECT count(*) FROM closures c WHERE c.lifted_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = c.use_id AND o.clear_at > c.lifted_at)
"""
NOBODYS = """
SELECT count(*) FROM occupancies o JOIN room_uses u ON u.id = o.use_id
WHERE (u.kind = 'booking' AND NOT EXISTS (SELECT 1 FROM bookings b WHERE b.use_id = u.id))
   OR (u.kind = 'closure' AND NOT EXISTS (SELECT 1 FROM closures c WHERE c.use_id = u.id))
   OR (u.kind = 'hold' AND NOT EXISTS (SELECT 1 FROM slot_wishes w WHERE w.use_id = u.id AND w.state = 'offered'))
"""
QUESTIONS = {
    "{n} rows overlap the next one of their part": OVERLAPS,
    "{n} rows lie on a room that has parts": ON_WHOLES,
    "{n} live bookings have no row": LIVE_WITHOUT,
    "{n} bookings have rows at another time than their own": OTHER_TIMES,
    "{n} bookings that are over and done with still have rows": ENDED_WITH,
    "{n} closures leave all of their time free": CLOSURES_WITHOUT,
    "{n} lifted closures still have rows after they were lifted": LIFTED_WITH,
    "{n} rows belong to nothing": NOBODYS,
}


def ledger_findings() -> list[str]:
    """What is wrong with the ledger, in words; nothing when it is true."""
    counted = [(says, db.session.scalar(text(question)) or 0) for says, question in QUESTIONS.items()]
    return [says.format(n=f"{n:,}") for says, n in counted if n]


def missing_holds() -> list[str]:
    """The triggers and constraints of the ledger that the database lacks."""
    if db.engine.dialect.name == "sqlite":
        there = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        return sorted(SQLITE_HOLDS - set(there))
    there = db.session.scalars(
        text(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'occupancies'::regclass UNION ALL "
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    ).all()
    return sorted(POSTGRESQL_HOLDS - set(there))
