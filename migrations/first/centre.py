"""The centre itself, its calendar, and the forms that were sent once."""

from sqlalchemy import Boolean, Date, Integer, String, Text, false

from migrations.first.columns import Moment, check, in_key, index, key, one_of, required, table, unique

table(
    "calendar_days",
    in_key("on_date", Date),
    required("kind", one_of("calendar_day_kind", "holiday working ordinary")),
    required("name", String(80)),
    required("name_en", String(80)),
)

table(
    "centre_facts",
    key(),
    required("name", String(80)),
    required("name_en", String(120)),
    required("address", String(200)),
    required("address_en", String(200)),
    required("desk_phone", String(40)),
    required("desk_hours", String(120)),
    required("desk_hours_en", String(120)),
    required("welcome", Text),
    required("welcome_en", Text),
    required("zone_name", String(64)),
    required("language_list", String(40)),
    required("holiday_country", String(2)),
    required("confirm_days", Integer, server_default="3"),
    required("provisional_bookings", Boolean, server_default=false()),
    required("keep_signed_in", Boolean, server_default=false()),
    check("one_row", "id = 1"),
)

table(
    "sent_forms",
    key(),
    required("fingerprint", String(64)),
    required("sent_at", Moment),
    required("leads_to", String(300)),
    unique("fingerprint"),
    index("ix_sent_forms_sent_at", "sent_at"),
)
