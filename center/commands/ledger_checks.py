"""Whether the ledgers of room time and of places are true: what `center doctor` asks the database about them."""

from sqlalchemy import bindparam, text

from center.commands.place_checks import QUESTIONS as OF_PLACES
from center.commands.place_checks import missing_place_holds
from center.kernel import clock
from center.kernel.db import UtcDateTime, db

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
# Names for what several questions speak of: the parts of each room, and who says that it has time at a place.
NAMES = """
WITH leaves AS (
  SELECT r.id AS whole, r.id AS part FROM rooms r WHERE NOT EXISTS (SELECT 1 FROM rooms p WHERE p.parent_id = r.id)
  UNION ALL SELECT parent_id AS whole, id AS part FROM rooms WHERE parent_id IS NOT NULL
), owners AS (
  SELECT use_id, room_id, starts_at, clear_at FROM bookings
  UNION ALL SELECT use_id, room_id, starts_at, clear_at FROM slot_wishes WHERE state = 'offered'
)
"""
LIVE_WITHOUT = """
SELECT count(DISTINCT b.id) FROM bookings b JOIN leaves ON leaves.whole = b.room_id
WHERE b.status IN ('requested', 'confirmed')
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id AND o.room_id = leaves.part)
"""
OTHER_TIMES = """
SELECT count(DISTINCT owners.use_id) FROM owners JOIN (
  SELECT use_id, min(starts_at) AS starts_at, max(clear_at) AS clear_at FROM occupancies GROUP BY use_id, room_id
) AS taken ON taken.use_id = owners.use_id
WHERE taken.starts_at <> owners.starts_at OR taken.clear_at <> owners.clear_at
"""
OTHER_ROOMS = """
SELECT count(DISTINCT owners.use_id) FROM owners JOIN occupancies o ON o.use_id = owners.use_id
WHERE NOT EXISTS (SELECT 1 FROM leaves WHERE leaves.whole = owners.room_id AND leaves.part = o.room_id)
"""
ENDED_WITH = """
SELECT count(*) FROM bookings b WHERE b.status NOT IN ('requested', 'confirmed')
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = b.use_id)
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
# An offer that ran out has its rows until somebody needs its time, or until it is tidied away.
OFFERS_WITHOUT = """
SELECT count(DISTINCT w.id) FROM slot_wishes w JOIN leaves ON leaves.whole = w.room_id
WHERE w.state = 'offered' AND w.offer_ends_at > :now
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = w.use_id AND o.room_id = leaves.part)
"""
# Whoever has it: a booking that was kept, or another closure. What is past may lie before a room came into use.
CLOSURES_OPEN = """
SELECT count(DISTINCT closed.id) FROM (
  SELECT c.id, leaves.part, c.starts_at, c.ends_at FROM closures c
  JOIN leaves ON c.room_id IS NULL OR c.room_id = leaves.whole
  JOIN rooms r ON r.id = leaves.part AND NOT r.is_retired
  WHERE c.lifted_at IS NULL AND c.ends_at > :now
) AS closed
WHERE (closed.starts_at >= :now AND NOT EXISTS (
    SELECT 1 FROM occupancies o
    WHERE o.room_id = closed.part AND o.starts_at <= closed.starts_at AND o.clear_at > closed.starts_at))
  OR (closed.starts_at < :now AND NOT EXISTS (
    SELECT 1 FROM occupancies o WHERE o.room_id = closed.part AND o.starts_at <= :now AND o.clear_at > :now))
  OR EXISTS (
    SELECT 1 FROM occupancies o
    WHERE o.room_id = closed.part AND o.clear_at > closed.starts_at AND o.clear_at > :now
      AND o.clear_at < closed.ends_at AND NOT EXISTS (
        SELECT 1 FROM occupancies n
        WHERE n.room_id = o.room_id AND n.starts_at <= o.clear_at AND n.clear_at > o.clear_at))
"""
QUESTIONS = {
    "{n} rows overlap the next one of their part": OVERLAPS,
    "{n} rows lie on a room that has parts": ON_WHOLES,
    "{n} live bookings have no row in a part of their room": LIVE_WITHOUT,
    "{n} bookings or offers have rows at another time than their own": OTHER_TIMES,
    "{n} bookings or offers have rows in another room than their own": OTHER_ROOMS,
    "{n} bookings that are over and done with still have rows": ENDED_WITH,
    "{n} lifted closures still have rows after they were lifted": LIFTED_WITH,
    "{n} rows belong to nothing": NOBODYS,
}
QUESTIONS_OF_NOW = {
    "{n} offers that can be accepted hold no time in a part of their room": OFFERS_WITHOUT,
    "{n} closures leave some of their time free": CLOSURES_OPEN,
}


def ledger_findings() -> list[str]:
    """What is wrong with the ledgers, in words; nothing when they are true."""
    counted = [(says, db.session.scalar(text(NAMES + question)) or 0) for says, question in QUESTIONS.items()]
    counted += [(says, db.session.scalar(text(question)) or 0) for says, question in OF_PLACES.items()]
    now = bindparam("now", clock.now(), type_=UtcDateTime)
    for says, question in QUESTIONS_OF_NOW.items():
        counted.append((says, db.session.scalar(text(NAMES + question).bindparams(now)) or 0))
    return [says.format(n=f"{n:,}") for says, n in counted if n]


def missing_holds() -> list[str]:
    """The triggers and constraints of the ledgers that the database lacks."""
    if db.engine.dialect.name == "sqlite":
        there = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        return sorted(SQLITE_HOLDS - set(there)) + missing_place_holds()
    there = db.session.scalars(
        text(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'occupancies'::regclass UNION ALL "
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
        )
    ).all()
    return sorted(POSTGRESQL_HOLDS - set(there)) + missing_place_holds()
