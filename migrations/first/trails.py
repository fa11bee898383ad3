"""What staff changed, and who looked at what."""

from sqlalchemy import Integer, String, Text

from migrations.first.columns import Moment, index, key, one_of, optional, required, table, to

table(
    "staff_events",
    key(),
    required("at", Moment),
    optional("by_id", Integer),
    required("act", String(40)),
    required("area", String(20)),
    required("subject", String(200)),
    required("subject_en", String(200)),
    optional("person_id", Integer),
    optional("room_id", to("rooms")),
    required("reason", String(200)),
    required("details", Text),
    optional("press", String(16)),
    index("ix_staff_events_area_at", "area", "at"),
    index("ix_staff_events_at", "at", "id"),
    index("ix_staff_events_by_at", "by_id", "at"),
    index("ix_staff_events_press", "press"),
)

table(
    "access_events",
    key(),
    required("at", Moment),
    required(
        "kind",
        one_of(
            "kind",
            "care child door export person phone roll code_failed denied signed_in signed_out sign_in_failed",
        ),
    ),
    optional("by_id", Integer),
    optional("person_id", Integer),
    required("subject", String(200)),
    required("purpose", String(40)),
    required("endpoint", String(60)),
    required("object_id", String(80)),
    required("address", String(16)),
    required("press", String(16)),
    index("ix_access_events_at", "at", "id"),
    index("ix_access_events_by_at", "by_id", "at"),
    index("ix_access_events_person_at", "person_id", "at"),
    index("ix_access_events_press", "press"),
)
