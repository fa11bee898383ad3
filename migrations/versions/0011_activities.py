"""Activities and their sessions, rosters with pools of places, sign-ups and their history, who may act for whom."""

import re

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime, code_point_text

SQLITE = """
CREATE TRIGGER activity_events_no_update BEFORE UPDATE ON activity_events
BEGIN SELECT RAISE(ABORT, 'activity_events_append_only'); END;

CREATE TRIGGER activity_events_no_delete BEFORE DELETE ON activity_events
BEGIN SELECT RAISE(ABORT, 'activity_events_append_only'); END;

CREATE TRIGGER sign_up_events_no_update BEFORE UPDATE ON sign_up_events
BEGIN SELECT RAISE(ABORT, 'sign_up_events_append_only'); END;

CREATE TRIGGER sign_up_events_no_delete BEFORE DELETE ON sign_up_events
BEGIN SELECT RAISE(ABORT, 'sign_up_events_append_only'); END;
"""

POSTGRESQL = """
CREATE FUNCTION activity_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'activity_events_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'activity_events_append_only';
END $$;

CREATE TRIGGER activity_events_append_only BEFORE UPDATE OR DELETE ON activity_events
FOR EACH ROW EXECUTE FUNCTION activity_events_append_only();

CREATE TRIGGER activity_events_no_truncate BEFORE TRUNCATE ON activity_events
FOR EACH STATEMENT EXECUTE FUNCTION activity_events_append_only();

CREATE FUNCTION sign_up_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'sign_up_events_append_only'
    USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_up_events_append_only';
END $$;

CREATE TRIGGER sign_up_events_append_only BEFORE UPDATE OR DELETE ON sign_up_events
FOR EACH ROW EXECUTE FUNCTION sign_up_events_append_only();

CREATE TRIGGER sign_up_events_no_truncate BEFORE TRUNCATE ON sign_up_events
FOR EACH STATEMENT EXECUTE FUNCTION sign_up_events_append_only();
"""

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "activity_kinds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_kinds")),
        sa.UniqueConstraint("name", name=op.f("uq_activity_kinds_name")),
    )
    op.create_table(
        "activities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("kind_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("title_en", sa.String(length=120), nullable=False),
        sa.Column("sort_key", code_point_text(400), nullable=False),
        sa.Column("summary", sa.String(length=200), nullable=False),
        sa.Column("summary_en", sa.String(length=300), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_en", sa.Text(), nullable=False),
        sa.Column("bring", sa.String(length=300), nullable=False),
        sa.Column("fee", sa.String(length=80), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("place_en", sa.String(length=160), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("is_step_free", sa.Boolean(), nullable=False),
        sa.Column("is_narrated", sa.Boolean(), nullable=False),
        sa.Column("has_sign_language", sa.Boolean(), nullable=False),
        sa.Column("has_companion_seats", sa.Boolean(), nullable=False),
        sa.Column("has_pick_up", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            _choice("activity_state", "cancelled", "draft", "held", "published", "returned", "submitted"),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("submitted_at", UtcDateTime(), nullable=True),
        sa.Column("published_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("age_from IS NULL OR age_from BETWEEN 0 AND 120", name=op.f("ck_activities_age_from")),
        sa.CheckConstraint("age_from IS NULL OR age_to IS NULL OR age_to >= age_from", name=op.f("ck_activities_ages")),
        sa.CheckConstraint("age_to IS NULL OR age_to BETWEEN 0 AND 120", name=op.f("ck_activities_age_to")),
        sa.CheckConstraint("expected > 0", name=op.f("ck_activities_expected")),
        sa.ForeignKeyConstraint(["created_by_id"], ["people.id"], name=op.f("fk_activities_created_by_id")),
        sa.ForeignKeyConstraint(["kind_id"], ["activity_kinds.id"], name=op.f("fk_activities_kind_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisations.id"], name=op.f("fk_activities_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activities")),
        sa.UniqueConstraint("slug", name=op.f("uq_activities_slug")),
    )
    op.create_index(op.f("ix_activities_kind_id"), "activities", ["kind_id"])
    op.create_index("ix_activities_organisation_state", "activities", ["organisation_id", "state", "id"])
    op.create_index("ix_activities_state_changed", "activities", ["state", "changed_at", "id"])
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=False),
        sa.Column("scope", _choice("delegation_scope", "everything", "sign_ups"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "consent",
            _choice("consent", "at_the_desk", "at_their_door", "by_phone", "in_writing", "own_account"),
            nullable=False,
        ),
        sa.Column("consent_note", sa.String(length=200), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_delegations_dates")),
        sa.CheckConstraint("person_id <> delegate_id", name=op.f("ck_delegations_not_oneself")),
        sa.ForeignKeyConstraint(
            ["delegate_id"], ["people.id"], name=op.f("fk_delegations_delegate_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_delegations_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["people.id"], name=op.f("fk_delegations_recorded_by_id")),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["people.id"], name=op.f("fk_delegations_revoked_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index("ix_delegations_delegate", "delegations", ["delegate_id", "ends_on", "person_id"])
    op.create_index("ix_delegations_person", "delegations", ["person_id", "ends_on", "id"])
    op.create_table(
        "sessions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("use_id", sa.Integer(), nullable=True),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("topic", sa.String(length=120), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("was_starts_at", UtcDateTime(), nullable=True),
        sa.Column("state", _choice("session_state", "cancelled", "held", "scheduled"), nullable=False),
        sa.Column("cancel_reason", sa.String(length=200), nullable=False),
        sa.Column("cancelled_at", UtcDateTime(), nullable=True),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.CheckConstraint("(room_id IS NULL) = (use_id IS NULL)", name=op.f("ck_sessions_room_use")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_sessions_span")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_sessions_activity_id")),
        sa.ForeignKeyConstraint(["room_id"], ["rooms.id"], name=op.f("fk_sessions_room_id")),
        sa.ForeignKeyConstraint(["use_id"], ["room_uses.id"], name=op.f("fk_sessions_use_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("use_id", name=op.f("uq_sessions_use_id")),
    )
    op.create_index("ix_sessions_activity_starts", "sessions", ["activity_id", "starts_at", "id"])
    op.create_index("ix_sessions_room_starts", "sessions", ["room_id", "starts_at"])
    op.create_index("ix_sessions_state_starts", "sessions", ["state", "starts_at", "id"])
    op.create_table(
        "activity_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            _choice(
                "activity_change",
                "cancelled",
                "created",
                "edited",
                "held",
                "published",
                "returned",
                "session_added",
                "session_cancelled",
                "session_held",
                "session_moved",
                "submitted",
                "withdrawn",
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("was_room_id", sa.Integer(), nullable=True),
        sa.Column("was_starts_at", UtcDateTime(), nullable=True),
        sa.Column("was_ends_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_events_activity_id")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_activity_events_by_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_activity_events_session_id")),
        sa.ForeignKeyConstraint(["was_room_id"], ["rooms.id"], name=op.f("fk_activity_events_was_room_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_events")),
    )
    op.create_index("ix_activity_events_activity_at", "activity_events", ["activity_id", "at", "id"])
    op.create_index(op.f("ix_activity_events_session_id"), "activity_events", ["session_id"])
    op.create_table(
        "rosters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("audience", _choice("roster_audience", "participants", "volunteers"), nullable=False),
        sa.Column(
            "mode",
            _choice("roster_mode", "approval", "first_come", "lottery", "members_only", "walk_in"),
            nullable=False,
        ),
        sa.Column("opens_at", UtcDateTime(), nullable=True),
        sa.Column("closes_at", UtcDateTime(), nullable=True),
        sa.Column("cancel_minutes", sa.Integer(), nullable=False),
        sa.Column("release_minutes", sa.Integer(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("has_waiting_list", sa.Boolean(), nullable=False),
        sa.Column("min_age", sa.Integer(), nullable=True),
        sa.Column("max_age", sa.Integer(), nullable=True),
        sa.Column("guardian_below", sa.Integer(), nullable=True),
        sa.Column("residents_only", sa.Boolean(), nullable=False),
        sa.Column("access_need_only", sa.Boolean(), nullable=False),
        sa.Column("members_of_id", sa.Integer(), nullable=True),
        sa.Column("last_order", sa.Integer(), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint(
            "cancel_minutes >= 0 AND release_minutes >= 0 AND offer_minutes > 0", name=op.f("ck_rosters_minutes")
        ),
        sa.CheckConstraint("min_age IS NULL OR max_age IS NULL OR max_age >= min_age", name=op.f("ck_rosters_ages")),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR closes_at > opens_at", name=op.f("ck_rosters_window")
        ),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_rosters_activity_id")),
        sa.ForeignKeyConstraint(["members_of_id"], ["organisations.id"], name=op.f("fk_rosters_members_of_id")),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name=op.f("fk_rosters_session_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rosters")),
        sa.UniqueConstraint("session_id", "audience", name=op.f("uq_rosters_session_id_audience")),
    )
    op.create_index("ix_rosters_activity", "rosters", ["activity_id", "session_id"])
    op.create_index(
        "uq_rosters_of_activity",
        "rosters",
        ["activity_id", "audience"],
        unique=True,
        sqlite_where=sa.text("session_id IS NULL"),
        postgresql_where=sa.text("session_id IS NULL"),
    )
    op.create_table(
        "pools",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            _choice("pool_kind", "building", "companion", "desk", "elders", "general", "grid", "named", "wheelchair"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("building_id", sa.Integer(), nullable=True),
        sa.Column("grid_id", sa.Integer(), nullable=True),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("(kind = 'building') = (building_id IS NOT NULL)", name=op.f("ck_pools_building")),
        sa.CheckConstraint("(kind = 'grid') = (grid_id IS NOT NULL)", name=op.f("ck_pools_grid")),
        sa.CheckConstraint("taken >= 0 AND taken <= capacity", name=op.f("ck_pools_taken")),
        sa.ForeignKeyConstraint(["building_id"], ["buildings.id"], name=op.f("fk_pools_building_id")),
        sa.ForeignKeyConstraint(["grid_id"], ["grids.id"], name=op.f("fk_pools_grid_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_pools_roster_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pools")),
    )
    op.create_index("ix_pools_roster", "pools", ["roster_id", "position", "id"])
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("kind", _choice("question_kind", "choice", "short_text", "yes_no"), nullable=False),
        sa.Column("words", sa.String(length=120), nullable=False),
        sa.Column("words_en", sa.String(length=160), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_questions_roster_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_roster_id"), "questions", ["roster_id"])
    op.create_table(
        "sign_up_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column("request_key", sa.String(length=36), nullable=False),
        sa.Column("stays_together", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_sign_up_groups_roster_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_sign_up_groups_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_groups")),
        sa.UniqueConstraint("signed_by_id", "request_key", name=op.f("uq_sign_up_groups_signed_by_id_request_key")),
    )
    op.create_index(op.f("ix_sign_up_groups_roster_id"), "sign_up_groups", ["roster_id"])
    op.create_table(
        "sign_ups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("roster_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.Column("companion_pool_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            _choice(
                "sign_up_state",
                "cancelled",
                "confirmed",
                "declined",
                "expired",
                "offered",
                "requested",
                "turned_down",
                "waiting",
            ),
            nullable=False,
        ),
        sa.Column("queue_order", sa.Integer(), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground", _choice("sign_up_ground", "delegation", "guardian", "household", "self", "staff"), nullable=False
        ),
        sa.Column("channel", _choice("sign_up_channel", "desk", "online", "phone", "walk_in"), nullable=False),
        sa.Column("uses_wheelchair", sa.Boolean(), nullable=False),
        sa.Column("wants_companion", sa.Boolean(), nullable=False),
        sa.Column("wants_pick_up", sa.Boolean(), nullable=False),
        sa.Column("has_access_need", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=False),
        sa.Column("offered_at", UtcDateTime(), nullable=True),
        sa.Column("offer_expires_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(state = 'offered') <= (offer_expires_at IS NOT NULL)", name=op.f("ck_sign_ups_offer")),
        sa.CheckConstraint(
            "(state IN ('confirmed', 'offered')) = (pool_id IS NOT NULL)", name=op.f("ck_sign_ups_place")
        ),
        sa.CheckConstraint(
            "companion_pool_id IS NULL OR pool_id IS NOT NULL", name=op.f("ck_sign_ups_companion_place")
        ),
        sa.ForeignKeyConstraint(["companion_pool_id"], ["pools.id"], name=op.f("fk_sign_ups_companion_pool_id")),
        sa.ForeignKeyConstraint(["group_id"], ["sign_up_groups.id"], name=op.f("fk_sign_ups_group_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_ups_person_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_sign_ups_pool_id")),
        sa.ForeignKeyConstraint(["roster_id"], ["rosters.id"], name=op.f("fk_sign_ups_roster_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["people.id"], name=op.f("fk_sign_ups_signed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_ups")),
        sa.UniqueConstraint("reference", name=op.f("uq_sign_ups_reference")),
    )
    op.create_index(op.f("ix_sign_ups_companion_pool_id"), "sign_ups", ["companion_pool_id"])
    op.create_index(op.f("ix_sign_ups_group_id"), "sign_ups", ["group_id"])
    op.create_index("ix_sign_ups_offers", "sign_ups", ["state", "offer_expires_at"])
    op.create_index("ix_sign_ups_person", "sign_ups", ["person_id", "state"])
    op.create_index(op.f("ix_sign_ups_pool_id"), "sign_ups", ["pool_id"])
    op.create_index("ix_sign_ups_roster_state", "sign_ups", ["roster_id", "state", "queue_order"])
    op.create_index(
        "uq_sign_ups_live",
        "sign_ups",
        ["roster_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('confirmed', 'offered', 'requested', 'waiting')"),
        postgresql_where=sa.text("state IN ('confirmed', 'offered', 'requested', 'waiting')"),
    )
    op.create_table(
        "answers",
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("says", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["question_id"], ["questions.id"], name=op.f("fk_answers_question_id")),
        sa.ForeignKeyConstraint(
            ["sign_up_id"], ["sign_ups.id"], name=op.f("fk_answers_sign_up_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("sign_up_id", "question_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "sign_up_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sign_up_id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column(
            "what",
            _choice(
                "sign_up_change",
                "approved",
                "cancelled",
                "confirmed",
                "declined",
                "drawn",
                "edited",
                "offer_accepted",
                "offer_expired",
                "offer_turned_down",
                "offered",
                "promoted",
                "queued",
                "requested",
                "session_cancelled",
                "transferred",
            ),
            nullable=False,
        ),
        sa.Column("channel", _choice("sign_up_event_channel", "desk", "online", "phone", "walk_in"), nullable=True),
        sa.Column("pool_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_sign_up_events_by_id")),
        sa.ForeignKeyConstraint(["pool_id"], ["pools.id"], name=op.f("fk_sign_up_events_pool_id")),
        sa.ForeignKeyConstraint(["sign_up_id"], ["sign_ups.id"], name=op.f("fk_sign_up_events_sign_up_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_up_events")),
    )
    op.create_index("ix_sign_up_events_by_at", "sign_up_events", ["by_id", "at"])
    op.create_index(op.f("ix_sign_up_events_sign_up_id"), "sign_up_events", ["sign_up_id"])
    op.add_column(
        "organisations", sa.Column("publishes_directly", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("room_uses", sa.Column("label", sa.String(length=200), nullable=False, server_default=""))
    op.add_column("room_uses", sa.Column("label_en", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("room_uses", sa.Column("ends_at", UtcDateTime(), nullable=True))
    statements = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    for statement in re.split(r"\n\n(?=CREATE)", statements.strip()):
        op.execute(statement)


def downgrade() -> None:
    op.drop_column("room_uses", "ends_at")
    op.drop_column("room_uses", "label_en")
    op.drop_column("room_uses", "label")
    op.drop_column("organisations", "publishes_directly")
    op.drop_table("sign_up_events")
    op.drop_table("answers")
    op.drop_table("sign_ups")
    op.drop_table("sign_up_groups")
    op.drop_table("questions")
    op.drop_table("pools")
    op.drop_table("rosters")
    op.drop_table("activity_events")
    op.drop_table("sessions")
    op.drop_table("delegations")
    op.drop_table("activities")
    op.drop_table("activity_kinds")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION activity_events_append_only()")
        op.execute("DROP FUNCTION sign_up_events_append_only()")


def _choice(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
