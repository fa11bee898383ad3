"""Filings and summaries of activities, the register of organisations, and partners with their days of service."""

import sqlalchemy as sa
from alembic import op

from center.kernel.db import UtcDateTime, code_point_text

revision = "0022_filings"
down_revision = "0021_feedback"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("team", "unit", name="partner_kind", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("sort_key", code_point_text(200), nullable=False),
        sa.Column("contact", sa.String(length=120), nullable=False),
        sa.Column("offers", sa.String(length=300), nullable=False),
        sa.Column("offers_en", sa.String(length=400), nullable=False),
        sa.Column("is_retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("name", name=op.f("uq_partners_name")),
    )
    op.create_table(
        "quarter_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quarter_reminders_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_reminders")),
        sa.UniqueConstraint(
            "organisation_id", "year", "quarter", name=op.f("uq_quarter_reminders_organisation_id_year_quarter")
        ),
    )
    op.create_table(
        "quarter_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("activities", sa.Integer(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("sent_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "members >= 0 AND activities >= 0 AND sessions >= 0", name=op.f("ck_quarter_reports_counts")
        ),
        sa.CheckConstraint("quarter BETWEEN 1 AND 4", name=op.f("ck_quarter_reports_quarter")),
        sa.CheckConstraint("visits >= 0 AND people >= 0 AND minutes >= 0", name=op.f("ck_quarter_reports_people")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_quarter_reports_organisation_id")
        ),
        sa.ForeignKeyConstraint(["sent_by_id"], ["people.id"], name=op.f("fk_quarter_reports_sent_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarter_reports")),
        sa.UniqueConstraint(
            "organisation_id", "year", "quarter", name=op.f("uq_quarter_reports_organisation_id_year_quarter")
        ),
    )
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=False),
        sa.Column("founders", sa.Integer(), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("premises", sa.String(length=200), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=False),
        sa.Column("entered_at", UtcDateTime(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=200), nullable=False),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("(ended_on IS NULL) = (trim(why) = '')", name=op.f("ck_registrations_ended")),
        sa.CheckConstraint("founders >= 2", name=op.f("ck_registrations_founders")),
        sa.CheckConstraint("members >= 10", name=op.f("ck_registrations_members")),
        sa.CheckConstraint("valid_until >= starts_on", name=op.f("ck_registrations_dates")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["people.id"], name=op.f("fk_registrations_entered_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisations.id"], name=op.f("fk_registrations_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registrations")),
        sa.UniqueConstraint("number", name=op.f("uq_registrations_number")),
        sa.UniqueConstraint("organisation_id", "starts_on", name=op.f("uq_registrations_organisation_id_starts_on")),
    )
    op.create_index("ix_registrations_until", "registrations", ["valid_until", "organisation_id"], unique=False)
    op.create_table(
        "service_days",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("reached", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("reached >= 0", name=op.f("ck_service_days_reached")),
        sa.ForeignKeyConstraint(["partner_id"], ["partners.id"], name=op.f("fk_service_days_partner_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["people.id"], name=op.f("fk_service_days_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_days")),
        sa.UniqueConstraint("partner_id", "on_date", "what", name=op.f("uq_service_days_partner_id_on_date_what")),
    )
    op.create_index("ix_service_days_on", "service_days", ["on_date", "id"], unique=False)
    op.create_index("ix_service_days_partner_on", "service_days", ["partner_id", "on_date", "id"], unique=False)
    op.create_table(
        "activity_filings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("answers", sa.String(length=120), nullable=False),
        sa.Column("safety_plan", sa.Text(), nullable=False),
        sa.Column("late_because", sa.String(length=200), nullable=False),
        sa.Column("filed_by_id", sa.Integer(), nullable=False),
        sa.Column("filed_at", UtcDateTime(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "filed", "returned", "seen", name="filing_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(state = 'filed') = (decided_at IS NULL)", name=op.f("ck_activity_filings_decided")),
        sa.CheckConstraint("people < 50 OR trim(safety_plan) <> ''", name=op.f("ck_activity_filings_safety_plan")),
        sa.CheckConstraint("state <> 'returned' OR trim(reason) <> ''", name=op.f("ck_activity_filings_reason")),
        sa.CheckConstraint("people > 0", name=op.f("ck_activity_filings_people")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_filings_activity_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["people.id"], name=op.f("fk_activity_filings_decided_by_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["people.id"], name=op.f("fk_activity_filings_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_filings")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_filings_activity_id")),
    )
    op.create_index("ix_activity_filings_state", "activity_filings", ["state", "filed_at"], unique=False)
    op.create_table(
        "activity_summaries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("to_do_better", sa.Text(), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.Column("written_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("sessions >= 0 AND visits >= 0 AND people >= 0", name=op.f("ck_activity_summaries_counts")),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_activity_summaries_activity_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["people.id"], name=op.f("fk_activity_summaries_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_summaries")),
        sa.UniqueConstraint("activity_id", name=op.f("uq_activity_summaries_activity_id")),
    )
    op.create_table(
        "filing_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "filing",
                "filing_late",
                "summary",
                "summary_late",
                name="filing_step",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["activity_id"], ["activities.id"], name=op.f("fk_filing_reminders_activity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filing_reminders")),
        sa.UniqueConstraint("activity_id", "step", name=op.f("uq_filing_reminders_activity_id_step")),
    )
    op.create_table(
        "service_turns",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 720", name=op.f("ck_service_turns_minutes")),
        sa.ForeignKeyConstraint(["day_id"], ["service_days.id"], name=op.f("fk_service_turns_day_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_service_turns_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_turns")),
        sa.UniqueConstraint("day_id", "person_id", name=op.f("uq_service_turns_day_id_person_id")),
    )
    op.create_index("ix_service_turns_person", "service_turns", ["person_id", "day_id"], unique=False)


def downgrade() -> None:
    op.drop_table("service_turns")
    op.drop_table("filing_reminders")
    op.drop_table("activity_summaries")
    op.drop_table("activity_filings")
    op.drop_table("service_days")
    op.drop_table("registrations")
    op.drop_table("quarter_reports")
    op.drop_table("quarter_reminders")
    op.drop_table("partners")
