"""Places of activities, who signed up for them, and lotteries."""

from sqlalchemy import Boolean, Integer, String, Text

from migrations.first.columns import Moment, check, in_key, index, key, one_of, optional, required, table, to, unique

table(
    "drivers",
    key(),
    required("session_id", to("sessions")),
    required("person_id", to("people")),
    required("named_by_id", to("people")),
    required("named_at", Moment),
    unique("session_id", "person_id"),
    index("ix_drivers_person_id", "person_id"),
)

table(
    "rosters",
    key(),
    required("activity_id", to("activities")),
    optional("session_id", to("sessions")),
    required("audience", one_of("roster_audience", "participants volunteers")),
    required("mode", one_of("roster_mode", "approval first_come lottery members_only walk_in")),
    optional("opens_at", Moment),
    optional("closes_at", Moment),
    required("cancel_minutes", Integer),
    required("release_minutes", Integer),
    required("offer_minutes", Integer),
    required("has_waiting_list", Boolean),
    optional("min_age", Integer),
    optional("max_age", Integer),
    optional("guardian_below", Integer),
    required("residents_only", Boolean),
    required("access_need_only", Boolean),
    optional("members_of_id", to("organisations")),
    optional("first_at", Moment),
    required("last_order", Integer),
    optional("released_at", Moment),
    optional("removed_at", Moment),
    check("ages", "min_age IS NULL OR max_age IS NULL OR max_age >= min_age"),
    check("minutes", "cancel_minutes >= 0 AND release_minutes >= 0 AND offer_minutes > 0"),
    check("window", "opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at"),
    unique("session_id", "audience"),
    index("ix_rosters_activity", "activity_id", "session_id"),
    index("uq_rosters_of_activity", "activity_id", "audience", unique=True, where="session_id IS NULL"),
)

table(
    "pools",
    key(),
    required("roster_id", to("rosters", ondelete="CASCADE")),
    required("kind", one_of("pool_kind", "building companion desk elders general grid named wheelchair")),
    required("name", String(40)),
    required("name_en", String(60)),
    optional("building_id", to("buildings")),
    optional("grid_id", to("grids")),
    required("capacity", Integer),
    required("taken", Integer),
    required("position", Integer),
    check("building", "(kind = 'building') = (building_id IS NOT NULL)"),
    check("grid", "(kind = 'grid') = (grid_id IS NOT NULL)"),
    check("taken", "taken >= 0 AND taken <= capacity"),
    index("ix_pools_roster", "roster_id", "position", "id"),
)

table(
    "questions",
    key(),
    required("roster_id", to("rosters", ondelete="CASCADE")),
    required("kind", one_of("question_kind", "choice short_text yes_no")),
    required("words", String(120)),
    required("words_en", String(160)),
    required("choices", Text),
    required("is_required", Boolean),
    required("position", Integer),
    optional("retired_at", Moment),
    index("ix_questions_roster_id", "roster_id"),
)

table(
    "sign_up_groups",
    key(),
    required("roster_id", to("rosters")),
    required("signed_by_id", to("people")),
    required("request_key", String(36)),
    required("stays_together", Boolean),
    required("made_at", Moment),
    unique("signed_by_id", "request_key"),
    index("ix_sign_up_groups_roster_id", "roster_id"),
)

table(
    "sign_ups",
    key(),
    required("reference", String(12)),
    required("roster_id", to("rosters")),
    required("person_id", to("people")),
    required("group_id", to("sign_up_groups")),
    optional("pool_id", to("pools")),
    optional("companion_pool_id", to("pools")),
    required(
        "state",
        one_of(
            "sign_up_state",
            "cancelled confirmed declined expired offered requested turned_down waiting",
        ),
    ),
    required("queue_order", Integer),
    required("signed_by_id", to("people")),
    required("ground", one_of("sign_up_ground", "delegation guardian household self staff")),
    required("channel", one_of("sign_up_channel", "desk online phone walk_in")),
    required("uses_wheelchair", Boolean),
    required("wants_companion", Boolean),
    required("wants_pick_up", Boolean),
    required("has_access_need", Boolean),
    required("note", String(200)),
    required("made_at", Moment),
    required("changed_at", Moment),
    optional("offered_at", Moment),
    optional("offer_expires_at", Moment),
    check("companion_place", "companion_pool_id IS NULL OR pool_id IS NOT NULL"),
    check("offer", "(state = 'offered') <= (offer_expires_at IS NOT NULL)"),
    check("place", "(state IN ('confirmed', 'offered')) = (pool_id IS NOT NULL)"),
    unique("reference"),
    index("ix_sign_ups_companion_pool_id", "companion_pool_id"),
    index("ix_sign_ups_group_id", "group_id"),
    index("ix_sign_ups_offers", "state", "offer_expires_at", where="state = 'offered'"),
    index("ix_sign_ups_person", "person_id", "state"),
    index("ix_sign_ups_pool_id", "pool_id"),
    index("ix_sign_ups_requested", "roster_id", where="state = 'requested'"),
    index("ix_sign_ups_roster_state", "roster_id", "state", "queue_order"),
    index(
        "uq_sign_ups_live",
        "roster_id",
        "person_id",
        unique=True,
        where="state IN ('confirmed', 'offered', 'requested', 'waiting')",
    ),
)

table(
    "answers",
    in_key("sign_up_id", to("sign_ups", ondelete="CASCADE")),
    in_key("question_id", to("questions")),
    required("says", String(500)),
)

table(
    "sign_up_events",
    key(),
    required("sign_up_id", to("sign_ups")),
    required("at", Moment),
    optional("by_id", to("people")),
    required(
        "what",
        one_of(
            "sign_up_change",
            "approved cancelled confirmed decision_undone declined drawn edited offer_accepted offer_expired "
            "offer_turned_down offered promoted queued requested session_cancelled transferred",
        ),
    ),
    optional("channel", one_of("sign_up_event_channel", "desk online phone walk_in")),
    optional("pool_id", to("pools")),
    required("reason", String(200)),
    optional(
        "was",
        one_of(
            "sign_up_was",
            "cancelled confirmed declined expired offered requested turned_down waiting",
        ),
    ),
    index("ix_sign_up_events_by_at", "by_id", "at"),
    index("ix_sign_up_events_sign_up_id", "sign_up_id"),
)

table(
    "roster_events",
    key(),
    required("roster_id", to("rosters")),
    required("at", Moment),
    optional("by_id", to("people")),
    required("what", one_of("roster_change", "capacity_changed drawn edited pool_added removed wanted_again")),
    required("details", Text),
    index("ix_roster_events_roster_at", "roster_id", "at", "id"),
)

table(
    "places_held",
    key(),
    required("sign_up_id", to("sign_ups")),
    required("from_at", Moment),
    optional("until_at", Moment),
    check("until", "until_at IS NULL OR until_at >= from_at"),
    index("ix_places_held_sign_up", "sign_up_id", "from_at"),
    index("uq_places_held_now", "sign_up_id", unique=True, where="until_at IS NULL"),
)

table(
    "draws",
    key(),
    required("roster_id", to("rosters")),
    required("seed", String(32)),
    optional("drawn_at", Moment),
    optional("by_id", to("people")),
    optional("entries", Integer),
    optional("places", Integer),
    required("others_wait", Boolean),
    required("told_to", Integer),
    check("entries", "(drawn_at IS NULL) = (entries IS NULL)"),
    check("places", "(drawn_at IS NULL) = (places IS NULL)"),
    unique("roster_id"),
    index("ix_draws_untold", "drawn_at", where="told_to < entries"),
)

table(
    "draw_pools",
    in_key("draw_id", to("draws")),
    in_key("pool_id", to("pools")),
    required("places", Integer),
    required("is_beside", Boolean),
)

table(
    "lots",
    in_key("draw_id", to("draws")),
    in_key("rank", Integer, autoincrement=False),
    required("sign_up_id", to("sign_ups")),
    required("reference", String(12)),
    required("unit", String(12)),
    required("fits", String(200)),
    required("wants_companion", Boolean),
    optional("pool_id", to("pools")),
    unique("sign_up_id"),
)
