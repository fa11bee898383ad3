"""People, where they live, who acts for whom, what they may do, and who was erased."""

from sqlalchemy import Boolean, Date, Integer, String, Text, false

from migrations.first.columns import (
    Moment,
    check,
    code_point,
    in_key,
    index,
    key,
    one_of,
    optional,
    required,
    table,
    to,
    unique,
)

table(
    "grids",
    key(),
    required("name", String(40)),
    unique("name"),
)

table(
    "buildings",
    key(),
    required("code", String(20)),
    required("position", Integer),
    optional("grid_id", to("grids")),
    unique("code"),
    index("ix_buildings_grid_id", "grid_id"),
)

table(
    "people",
    key(),
    required("name", code_point(60)),
    required("plain_name", code_point(60), server_default=""),
    required("sort_key", code_point(200)),
    required("initials", code_point(60)),
    optional("phone", String(20)),
    optional("phone_tail", String(4)),
    required("phone_is_relatives", Boolean),
    optional("email", String(254)),
    optional("building_id", to("buildings")),
    required("unit", String(10)),
    required("door", code_point(10)),
    optional("birth_year", Integer),
    optional("door_verified_at", Moment),
    optional("door_verified_by_id", Integer),
    required("lives_alone", Boolean),
    required("created_at", Moment),
    required("is_double", Boolean, server_default=false()),
    optional("erased_at", Moment),
    check("birth_year", "birth_year IS NULL OR birth_year BETWEEN 1900 AND 2100"),
    check(
        "erased",
        "erased_at IS NULL OR (name = '' AND plain_name = '' AND sort_key = '' AND initials = ''"
        " AND phone IS NULL AND phone_tail IS NULL AND email IS NULL AND building_id IS NULL AND unit = ''"
        " AND door = '' AND birth_year IS NULL AND NOT lives_alone)",
    ),
    index("ix_people_door", "building_id", "unit", "door"),
    index("ix_people_initials", "initials"),
    index("ix_people_name", "name", "id"),
    index("ix_people_phone", "phone"),
    index("ix_people_phone_tail", "phone_tail"),
    index("ix_people_plain_name", "plain_name", "id"),
    index("ix_people_sort_key", "sort_key", "id"),
)

table(
    "delegations",
    key(),
    required("person_id", to("people", ondelete="CASCADE")),
    required("delegate_id", to("people", ondelete="CASCADE")),
    required("scope", one_of("delegation_scope", "everything sign_ups")),
    required("starts_on", Date),
    required("ends_on", Date),
    required("consent", one_of("consent", "at_the_desk at_their_door by_phone in_writing own_account")),
    required("consent_note", String(200)),
    required("recorded_by_id", to("people")),
    required("recorded_at", Moment),
    optional("revoked_at", Moment),
    optional("revoked_by_id", to("people")),
    check("dates", "ends_on >= starts_on"),
    check("not_oneself", "person_id <> delegate_id"),
    index("ix_delegations_delegate", "delegate_id", "ends_on", "person_id"),
    index("ix_delegations_person", "person_id", "ends_on", "id"),
)

table(
    "guardianships",
    key(),
    required("child_id", to("people", ondelete="CASCADE")),
    required("guardian_id", to("people", ondelete="CASCADE")),
    required("starts_on", Date),
    optional("ends_on", Date),
    check("not_oneself", "child_id <> guardian_id"),
    unique("child_id", "guardian_id"),
    index("ix_guardianships_guardian_id", "guardian_id"),
)

table(
    "helper_codes",
    in_key("person_id", to("people", ondelete="CASCADE")),
    required("code_hash", String(64)),
    required("made_at", Moment),
    required("expires_at", Moment),
    unique("code_hash"),
)

table(
    "role_grants",
    key(),
    required("person_id", to("people", ondelete="CASCADE")),
    required("role", one_of("role", "auditor clerk director grid_worker resident tutor")),
    optional("grid_id", to("grids")),
    required("starts_on", Date),
    optional("ends_on", Date),
    optional("granted_by_id", to("people")),
    check("dates", "ends_on IS NULL OR ends_on >= starts_on"),
    index("ix_role_grants_person_id", "person_id"),
)

table(
    "erasures",
    in_key("person_id", to("people"), autoincrement=False),
    required("person_since", Moment),
    required("erased_at", Moment),
    optional("by_id", Integer),
    required("kept", Text),
)
