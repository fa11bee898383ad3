"""Rooms, when they are open, and the ledger of their time."""

from sqlalchemy import Boolean, Date, Integer, String, Text, Time

from migrations.first.columns import Moment, check, in_key, index, key, one_of, optional, required, table, to, unique

table(
    "room_uses",
    key(),
    required("kind", one_of("use_kind", "afterschool booking closure hold rehearsal session")),
    required("label", String(200), server_default=""),
    required("label_en", String(300), server_default=""),
    optional("ends_at", Moment),
    optional("held_until", Moment),
)

table(
    "rooms",
    key(),
    required("code", String(12)),
    required("name", String(60)),
    required("name_en", String(80)),
    required("about", Text),
    required("about_en", Text),
    required("notice", Text),
    required("notice_en", Text),
    required("floor", Integer),
    required("position", Integer),
    required("capacity", Integer),
    required("wheelchair_places", Integer),
    required("companion_places", Integer, server_default="0"),
    required("access_note", Text, server_default=""),
    required("access_note_en", Text, server_default=""),
    required("noise", one_of("noise", "loud medium quiet")),
    required("is_confidential", Boolean),
    required("is_retired", Boolean),
    optional("parent_id", to("rooms")),
    required("residents_may_book", Boolean),
    required("organisations_may_book", Boolean),
    required("approval", one_of("approval", "always from_people never")),
    required("approval_from_people", Integer),
    required("min_people", Integer),
    required("min_minutes", Integer),
    required("max_minutes", Integer),
    required("org_max_minutes", Integer),
    required("step_minutes", Integer),
    required("buffer_minutes", Integer),
    required("notice_minutes", Integer),
    required("horizon_days", Integer),
    required("org_horizon_days", Integer),
    required("live_limit", Integer),
    required("org_live_limit", Integer),
    required("cancel_minutes", Integer),
    required("expire_minutes", Integer, server_default="0"),
    required("release_minutes", Integer, server_default="0"),
    required("series_weeks", Integer, server_default="20"),
    required("org_series_limit", Integer, server_default="1"),
    required("set_up_minutes", Integer, server_default="0"),
    check("buffer", "buffer_minutes BETWEEN 0 AND 240"),
    check("capacity", "capacity > 0"),
    check("duration", "min_minutes > 0 AND max_minutes >= min_minutes"),
    check("not_own_part", "parent_id IS NULL OR parent_id <> id"),
    check("org_duration", "org_max_minutes >= min_minutes"),
    check("step", "step_minutes IN (5, 10, 15, 20, 30, 60)"),
    unique("code"),
    index("ix_rooms_parent_id", "parent_id"),
)

table(
    "booking_windows",
    key(),
    required("room_id", to("rooms", ondelete="CASCADE")),
    required("opens", Time),
    required("closes", Time),
    required("reason", String(80)),
    required("reason_en", String(120)),
    index("ix_booking_windows_room_id", "room_id"),
)

table(
    "closures",
    key(),
    required("use_id", to("room_uses")),
    optional("room_id", to("rooms")),
    required("starts_at", Moment),
    required("ends_at", Moment),
    required("reason", String(80)),
    required("reason_en", String(120)),
    optional("lifted_at", Moment),
    optional("changed_at", Moment),
    required("sequence", Integer, server_default="0"),
    optional("request_key", String(36)),
    optional("file_uid", String(255)),
    required("file_recurrence", String(20), server_default=""),
    required("file_sequence", Integer, server_default="0"),
    check("span", "ends_at > starts_at"),
    unique("use_id"),
    index("ix_closures_ends_at", "ends_at"),
    index("ix_closures_file_uid", "file_uid"),
    index("ix_closures_room_id", "room_id"),
    index("uq_closures_request_key", "request_key", unique=True),
)

table(
    "hours_exceptions",
    key(),
    optional("room_id", to("rooms", ondelete="CASCADE")),
    required("on_date", Date),
    required("reason", String(80)),
    required("reason_en", String(120)),
    unique("room_id", "on_date"),
    index("ix_hours_exceptions_on_date", "on_date"),
    index("ix_hours_exceptions_room_id", "room_id"),
    index("uq_hours_exceptions_centre_on_date", "on_date", unique=True, where="room_id IS NULL"),
)

table(
    "occupancies",
    key(),
    required("use_id", to("room_uses", ondelete="CASCADE")),
    required("room_id", to("rooms")),
    required("starts_at", Moment),
    required("clear_at", Moment),
    check("span", "clear_at > starts_at"),
    index("ix_occupancies_room_clear", "room_id", "clear_at", "starts_at"),
    index("ix_occupancies_use_id", "use_id"),
)

table(
    "opening_hours",
    key(),
    required("room_id", to("rooms", ondelete="CASCADE")),
    required("weekday", Integer),
    required("opens", Time),
    required("closes", Time),
    check("weekday", "weekday BETWEEN 0 AND 7"),
    index("ix_opening_hours_room_id", "room_id"),
)

table(
    "room_equipment",
    key(),
    required("room_id", to("rooms", ondelete="CASCADE")),
    required("name", String(80)),
    required("name_en", String(80)),
    required("position", Integer),
    index("ix_room_equipment_room_id", "room_id"),
)

table(
    "room_features",
    in_key("room_id", to("rooms", ondelete="CASCADE")),
    in_key(
        "feature",
        one_of(
            "access_feature",
            "accessible_toilet braille_signs guide_dogs handrails hearing_loop large_print lift step_free",
        ),
    ),
)

table(
    "exception_spans",
    key(),
    required("exception_id", to("hours_exceptions", ondelete="CASCADE")),
    required("opens", Time),
    required("closes", Time),
    index("ix_exception_spans_exception_id", "exception_id"),
)
