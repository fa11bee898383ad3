"""Whether the ledger of places is true, and what holds it: the other half of what `center doctor` asks."""

from sqlalchemy import text

from center.kernel.db import db

KEPT = ("activity_events", "draw_pools", "lots", "roster_events", "sign_up_events")  # as it was written, for good
ENDED_ONCE = "places_held"
TRIGGERS = {
    "sqlite": frozenset(f"{kept}_no_{what}" for kept in (*KEPT, "draws", ENDED_ONCE) for what in ("delete", "update")),
    "postgresql": frozenset(f"{kept}_{what}" for kept in (*KEPT, ENDED_ONCE) for what in ("append_only", "no_truncate"))
    | {"draws_once", "draws_no_truncate"},
}
CHECKS = frozenset(
    {
        "ck_places_held_until",
        "ck_pools_taken",
        "ck_sign_ups_companion_place",
        "ck_sign_ups_offer",
        "ck_sign_ups_place",
    }
)
UNIQUE = frozenset(
    {
        "uq_draws_roster_id",
        "uq_lots_sign_up_id",
        "uq_places_held_now",
        "uq_sign_up_groups_signed_by_id_request_key",
        "uq_sign_ups_live",
    }
)

HELD = "('confirmed', 'offered')"
OTHER_COUNT = f"""
SELECT count(*) FROM pools p WHERE p.taken <>
  (SELECT count(*) FROM sign_ups s WHERE s.pool_id = p.id AND s.state IN {HELD})
  + (SELECT count(*) FROM sign_ups s WHERE s.companion_pool_id = p.id AND s.state IN {HELD})
"""  # noqa: S608  (the states stand here)
OVERSOLD = "SELECT count(*) FROM pools WHERE taken > capacity OR taken < 0"
WITHOUT_PLACE = f"SELECT count(*) FROM sign_ups WHERE (state IN {HELD}) <> (pool_id IS NOT NULL)"  # noqa: S608
ELSEWHERE = """
SELECT count(*) FROM sign_ups s JOIN pools p ON p.id IN (s.pool_id, s.companion_pool_id)
WHERE p.roster_id <> s.roster_id
"""
TWICE = """
SELECT count(*) FROM (
  SELECT 1 FROM sign_ups WHERE state IN ('confirmed', 'offered', 'requested', 'waiting')
  GROUP BY roster_id, person_id HAVING count(*) > 1
) AS doubled
"""
OF_CALLED_OFF = f"""
SELECT count(*) FROM sign_ups s JOIN rosters r ON r.id = s.roster_id JOIN sessions e ON e.id = r.session_id
WHERE e.state = 'cancelled' AND s.state IN {HELD}
"""  # noqa: S608
SESSIONS_WITHOUT = """
SELECT count(*) FROM sessions e WHERE e.state = 'scheduled' AND e.use_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = e.use_id)
"""
SESSIONS_WITH = """
SELECT count(*) FROM sessions e WHERE e.state = 'cancelled'
  AND EXISTS (SELECT 1 FROM occupancies o WHERE o.use_id = e.use_id)
"""
SESSIONS_AT_OTHER_TIMES = """
SELECT count(*) FROM sessions e JOIN (
  SELECT use_id, min(starts_at) AS starts_at, max(clear_at) AS clear_at FROM occupancies GROUP BY use_id
) AS taken ON taken.use_id = e.use_id WHERE taken.starts_at <> e.starts_at OR taken.clear_at < e.ends_at
"""
NOBODYS_SESSION = """
SELECT count(*) FROM occupancies o JOIN room_uses u ON u.id = o.use_id
WHERE u.kind = 'session' AND NOT EXISTS (SELECT 1 FROM sessions e WHERE e.use_id = u.id)
"""
NOT_AS_DRAWN = """
SELECT count(*) FROM draws d WHERE d.drawn_at IS NOT NULL
  AND d.entries <> (SELECT count(*) FROM lots l WHERE l.draw_id = d.id)
"""
NOT_AS_HELD = """
SELECT count(*) FROM sign_ups s WHERE (s.state = 'confirmed')
  <> EXISTS (SELECT 1 FROM places_held h WHERE h.sign_up_id = s.id AND h.until_at IS NULL)
"""
QUESTIONS = {
    "{n} pools count other places than their sign-ups have": OTHER_COUNT,
    "{n} pools have more places taken than there are": OVERSOLD,
    "{n} sign-ups have a place without naming it, or name one without having it": WITHOUT_PLACE,
    "{n} sign-ups have a place on another roster": ELSEWHERE,
    "{n} people are on a roster twice": TWICE,
    "{n} sign-ups have a place without a word since when, or the other way round": NOT_AS_HELD,
    "{n} lotteries count other lots than were drawn": NOT_AS_DRAWN,
    "{n} sign-ups have a place in a session that was called off": OF_CALLED_OFF,
    "{n} sessions have no row for their room": SESSIONS_WITHOUT,
    "{n} cancelled sessions still have rows": SESSIONS_WITH,
    "{n} sessions have rows at another time than their own": SESSIONS_AT_OTHER_TIMES,
    "{n} rows belong to no session": NOBODYS_SESSION,
}


def missing_place_holds() -> list[str]:
    """The constraints, indexes and triggers of the ledger of places that the database lacks."""
    engine = db.engine.dialect.name
    wanted = TRIGGERS[engine] | CHECKS | UNIQUE
    return sorted(wanted - (_there_on_sqlite() if engine == "sqlite" else _there_on_postgresql()))


def _there_on_sqlite() -> set[str]:
    rows = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    names = {row.name for row in rows}
    return names | {name for name in CHECKS | UNIQUE if any(f"CONSTRAINT {name} " in row.sql for row in rows)}


def _there_on_postgresql() -> set[str]:
    found = text(
        "SELECT conname FROM pg_constraint WHERE convalidated UNION ALL "
        "SELECT indexname FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%' UNION ALL "
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    return set(db.session.scalars(found))
