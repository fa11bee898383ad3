"""What staff set about booking: for what and for whom rooms are, quotas, priority, approval."""

from sqlalchemy import Boolean, Date, Integer, String, Time

from migrations.first.columns import check, in_key, index, key, one_of, optional, required, table, to, unique

table(
    "people_groups",
    key(),
    required("name", String(40)),
    required("name_en", String(60)),
    unique("name"),
)

table(
    "purposes",
    key(),
    required("name", String(40)),
    required("name_en", String(60)),
    required("rule", one_of("purpose_rule", "allowed approval not_allowed")),
    required("position", Integer),
    required("is_retired", Boolean),
    unique("name"),
)

table(
    "room_groups",
    key(),
    required("name", String(40)),
    required("name_en", String(60)),
    unique("name"),
)

table(
    "approval_hours",
    key(),
    required("room_id", to("rooms", ondelete="CASCADE")),
    required("weekdays", Integer),
    required("opens", Time),
    required("closes", Time),
    check("weekdays", "weekdays BETWEEN 1 AND 255"),
    index("ix_approval_hours_room_id", "room_id"),
)

table(
    "priority_windows",
    key(),
    required("room_id", to("rooms", ondelete="CASCADE")),
    optional("group_id", to("people_groups")),
    required("name", String(40)),
    required("name_en", String(60)),
    required("weekdays", Integer),
    required("opens", Time),
    required("closes", Time),
    optional("release_days", Integer),
    optional("starts_on", Date),
    optional("ends_on", Date),
    check("dates", "starts_on IS NULL OR ends_on IS NULL OR ends_on >= starts_on"),
    check("release_days", "release_days IS NULL OR release_days >= 0"),
    check("weekdays", "weekdays BETWEEN 1 AND 255"),
    index("ix_priority_windows_group_id", "group_id"),
    index("ix_priority_windows_room_id", "room_id"),
)

table(
    "quotas",
    key(),
    required("whose", one_of("quota_whose", "everybody household organisation person")),
    required("per", one_of("quota_period", "day month week")),
    optional("most_bookings", Integer),
    optional("most_minutes", Integer),
    required("weekdays", Integer),
    optional("opens", Time),
    optional("closes", Time),
    optional("room_id", to("rooms", ondelete="CASCADE")),
    optional("room_group_id", to("room_groups")),
    check("hours", "(opens IS NULL) = (closes IS NULL)"),
    check("most", "most_bookings IS NOT NULL OR most_minutes IS NOT NULL"),
    check("most_bookings", "most_bookings IS NULL OR most_bookings >= 0"),
    check("most_minutes", "most_minutes IS NULL OR most_minutes >= 0"),
    check("place", "room_id IS NULL OR room_group_id IS NULL"),
    check("weekdays", "weekdays BETWEEN 1 AND 255"),
    index("ix_quotas_room_group_id", "room_group_id"),
    index("ix_quotas_room_id", "room_id"),
)

table(
    "room_audiences",
    in_key("room_id", to("rooms", ondelete="CASCADE")),
    in_key("group_id", to("people_groups", ondelete="CASCADE")),
)

table(
    "room_group_rooms",
    in_key("group_id", to("room_groups", ondelete="CASCADE")),
    in_key("room_id", to("rooms", ondelete="CASCADE")),
    index("ix_room_group_rooms_room_id", "room_id"),
)

table(
    "room_purposes",
    in_key("room_id", to("rooms", ondelete="CASCADE")),
    in_key("purpose_id", to("purposes", ondelete="CASCADE")),
    required("rule", one_of("room_purpose_rule", "allowed approval not_allowed")),
)

table(
    "people_group_members",
    key(),
    required("group_id", to("people_groups", ondelete="CASCADE")),
    optional("person_id", to("people", ondelete="CASCADE")),
    optional("organisation_id", to("organisations", ondelete="CASCADE")),
    check("one", "(person_id IS NULL) <> (organisation_id IS NULL)"),
    unique("group_id", "organisation_id"),
    unique("group_id", "person_id"),
    index("ix_people_group_members_organisation_id", "organisation_id"),
    index("ix_people_group_members_person_id", "person_id"),
)
