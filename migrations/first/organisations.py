"""Organisations and their members."""

from sqlalchemy import Boolean, Date, String, Text, false

from migrations.first.columns import check, code_point, index, key, one_of, optional, required, table, to, unique

table(
    "organisations",
    key(),
    required("slug", String(40)),
    required("name", String(80)),
    required("name_en", String(120)),
    required("sort_key", code_point(200)),
    required("about", Text),
    required("about_en", Text),
    required(
        "kind",
        one_of(
            "organisation_kind",
            "centre charity community_affairs culture_sports department living_services",
        ),
    ),
    optional("origin", one_of("organisation_origin", "incubated introduced")),
    optional("stage", one_of("organisation_stage", "applied extended graduated incubating mid_review withdrawn")),
    optional("legal_form", one_of("organisation_legal_form", "filed registered")),
    required("contact", String(120), server_default=""),
    required("publishes_directly", Boolean, server_default=false()),
    unique("name"),
    unique("slug"),
)

table(
    "memberships",
    key(),
    required("organisation_id", to("organisations", ondelete="CASCADE")),
    required("person_id", to("people", ondelete="CASCADE")),
    required("role", one_of("member_role", "check_in editor lead member")),
    required("starts_on", Date),
    optional("ends_on", Date),
    check("dates", "ends_on IS NULL OR ends_on >= starts_on"),
    index("ix_memberships_organisation_id", "organisation_id"),
    index("ix_memberships_person_id", "person_id"),
)
