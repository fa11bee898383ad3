"""Messages: what was told to whom, by which way, and what came back."""

from sqlalchemy import Boolean, Integer, String, Text, false

from migrations.first.columns import Moment, check, in_key, index, key, one_of, optional, required, table, to, unique

table(
    "contact_preferences",
    in_key("person_id", to("people", ondelete="CASCADE")),
    required("preferred", one_of("preferred_way", "automatic call email inbox slip")),
    optional("locale", String(8)),
    optional("withdrawn_at", Moment),
    required("tells_helpers", Boolean, server_default=false()),
    required("changed_at", Moment),
    optional("changed_by_id", to("people")),
)

table(
    "emails_to_verify",
    in_key("person_id", to("people", ondelete="CASCADE")),
    required("address", String(254)),
    required("asked_at", Moment),
)

table(
    "notices",
    key(),
    required("key", String(160)),
    optional("person_id", to("people", ondelete="CASCADE")),
    required("kind", String(60)),
    required("about", String(80)),
    required("locale", String(8)),
    required("subject", String(200)),
    required("body", Text),
    required("gist", Text, server_default=""),
    required("path", String(300)),
    required("recorded_at", Moment),
    optional("read_at", Moment),
    optional("press", String(16)),
    unique("key"),
    index("ix_notices_about_kind", "about", "kind", "recorded_at"),
    index("ix_notices_person_read", "person_id", "read_at"),
    index("ix_notices_person_recorded", "person_id", "recorded_at", "id"),
    index("ix_notices_press", "press"),
)

table(
    "outgoing_addresses",
    key(),
    required("purpose", one_of("outgoing_purpose", "email group")),
    required("name", String(60)),
    required("url", Text),
    required("is_on", Boolean),
    required("changed_at", Moment),
    optional("changed_by_id", to("people")),
)

table(
    "own_words",
    in_key("kind", String(60)),
    in_key("language", String(8)),
    required("subject", String(200)),
    required("body", Text),
    required("changed_at", Moment),
    optional("changed_by_id", to("people")),
)

table(
    "notice_deliveries",
    key(),
    required("notice_id", to("notices", ondelete="CASCADE")),
    required("way", one_of("delivery_way", "call email group in_person slip visit")),
    required("address", String(254)),
    optional("outgoing_id", to("outgoing_addresses", ondelete="SET NULL")),
    required("message_id", String(120)),
    required("state", one_of("delivery_state", "done_by_hand dropped due failed handing_over sent")),
    required("attempts", Integer),
    required("due_at", Moment),
    optional("drop_at", Moment),
    optional("leased_until", Moment),
    required("last_error", String(200)),
    optional("settled_at", Moment),
    optional("settled_by_id", to("people")),
    check("attempts", "attempts >= 0"),
    check("lease", "(state = 'handing_over') = (leased_until IS NOT NULL)"),
    unique("message_id"),
    index("ix_notice_deliveries_notice_id", "notice_id"),
    index("ix_notice_deliveries_state_due", "state", "way", "due_at", "id"),
)

table(
    "notice_topics",
    in_key("notice_id", to("notices", ondelete="CASCADE")),
    in_key("about", String(80)),
    index("ix_notice_topics_about", "about", "notice_id"),
)

table(
    "notice_asks",
    key(),
    optional("delivery_id", to("notice_deliveries", ondelete="CASCADE")),
    optional("person_id", to("people", ondelete="CASCADE")),
    required("what", one_of("asked_for", "call cannot_come correction erasure other pick_up")),
    required("note", String(300)),
    required("asked_at", Moment),
    required("asked_by_id", to("people")),
    required("is_refused", Boolean, server_default=false()),
    required("answer", String(300)),
    optional("settled_at", Moment),
    optional("settled_by_id", to("people")),
    check("about_data", "(person_id IS NULL) = (what NOT IN ('correction', 'erasure'))"),
    check("settled", "(settled_at IS NULL) = (settled_by_id IS NULL)"),
    check("whose", "(person_id IS NULL) <> (delivery_id IS NULL)"),
    unique("delivery_id"),
    index("ix_notice_asks_person_id", "person_id"),
    index("ix_notice_asks_settled", "settled_at", "asked_at", "id"),
    index("uq_notice_asks_erasure", "person_id", unique=True, where="what = 'erasure' AND settled_at IS NULL"),
)
