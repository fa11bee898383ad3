"""Whether the ledgers are true (room time, places, attendance, hours, custody): what `center doctor` asks of them.

The questions stand in `ledger_checks.sql`; what the database itself holds them true by is named here.
"""

from pathlib import Path

from sqlalchemy import bindparam, text

from center.kernel import clock
from center.kernel.db import UtcDateTime, db

QUESTION = "\n--: "
OF_ROOM_TIME = ("occupancies_no_overlap", "occupancies_on_parts", "occupancies_one_day", "rooms_parts")
KEPT = ("activity_events", "draw_pools", "lots", "roster_events", "sign_up_events")  # as it was written, for good
KEPT_BY_PEOPLE = ("admissions", "amendments", "attendance_events", "attendance_reviews")
ENDED_ONCE = "places_held"
AT_DOORS = ("attendance_events_revoked", "attendance_events_undecided", "attendance_reviews_decided")
OF_ATTENDANCE = {
    "sqlite": {
        *(f"attendances_open_{when}" for when in ("insert", "update", "delete")),
        *(f"attendances_of_amendment_{when}" for when in ("insert", "update")),
        *(f"registers_{what}" for what in ("forward", "no_delete")),
        *AT_DOORS,
    },
    "postgresql": {"attendances_open", "registers_forward", "registers_no_truncate", *AT_DOORS},
}
OF_HOURS = {
    "sqlite": {f"volunteer_shifts_{what}" for what in ("certified_insert", "certified_update", "certified_stays")}
    | {"volunteer_shifts_no_delete"},
    "postgresql": {f"volunteer_shifts_{what}" for what in ("certified", "long", "no_truncate", "stay")},
}
CERTIFICATES = ("hour_certificates", "hour_certificate_shifts")
CUSTODY_KEPT = (
    *("alarm_rings", "care_alarms", "child_consents", "collector_agreements", "consent_texts", "custody"),
    *("custody_events", "deletion_proofs", "guardian_words"),
    *("enrolment_events", "head_counts", "incident_steps", "incidents", "plan_changes", "room_checks"),
    *("rule_paragraphs", "staffing_events", "term_rules"),
)
OF_CHILDREN = (
    *(
        "child_consents_text",
        "collection_bars_forward",
        "collector_agreements_text",
        "custody_chain",
        "custody_events_hold",
        "custody_follow",
        "deletion_proofs_floor",
    ),
    *("enrolments_stay", "holdings_no_delete", "pick_up_codes_once", "plan_changes_alone", "term_days_close"),
)
ON_WRITING = (
    *("care_duties_checked", "child_photos_consent", "collector_photos_agreed", "health_notes_consent"),
    *("holdings_last", "ways_home_alone"),
)
LET_GO_BY_PROOF = (
    *("alarm_rings", "bar_decisions", "care_alarms", "child_consents", "collector_agreements", "custody"),
    *("custody_events", "enrolment_events", "guardian_words", "incident_steps", "incidents", "plan_changes"),
)
OF_CUSTODY = {
    "sqlite": {*OF_CHILDREN, *(f"{name}_{when}" for name in ON_WRITING for when in ("insert", "update"))},
    "postgresql": {
        *(*OF_CHILDREN, *ON_WRITING, "holdings_no_truncate"),
        *(f"{name}_no_delete" for name in LET_GO_BY_PROOF),
    },
}
OF_LENDING = {
    "sqlite": {
        *(f"loan_lines_{what}_{when}" for what in ("enough", "no_overlap") for when in ("insert", "update")),
        *(f"loan_lines_{what}" for what in ("fit_insert", "forward", "no_delete")),
        *("thing_units_promised", "things_promised"),
    },
    "postgresql": {
        *(f"loan_lines_{what}" for what in ("enough", "fit", "forward", "no_delete", "no_overlap")),
        *("thing_units_promised", "things_promised"),
    },
}
OF_WORKS = {
    "sqlite": {
        *(f"sale_days_{what}" for what in ("emptied", "forward", "new")),
        *(f"works_{what}" for what in ("approved", "forward", "new", "no_delete", "sold")),
        *(f"sales_{what}" for what in ("final", "no_update", "right")),
    },
    "postgresql": {"sale_days_forward", "works_forward", "works_no_delete", "sales_final", "sales_right"},
}
OF_PERFORMANCES = {
    "sqlite": {
        *(f"appearances_{what}{when}" for what in ("of_session", "one_stage") for when in ("", "_later")),
        *(f"performance_events_{what}" for what in ("step", "write")),
        *(f"performances_{what}" for what in ("first", "no_delete", "slot", "step")),
        *(f"programmes_{what}" for what in ("first", "fit", "no_delete", "published")),
        *(
            f"programme_{what}_published_{how}"
            for what in ("items", "performers")
            for how in ("insert", "update", "delete")
        ),
        "programme_performers_live",
    },
    "postgresql": {
        *("appearances_of_session", "appearances_one_stage", "performances_step", "programme_items_published"),
        *("performance_events_step", "performance_events_write", "programme_performers_live"),
        *("programme_performers_published", "programmes_published"),
    },
}
OF_LEAVING = (  # whoever has left uses no room
    *(f"{what}_leaving_{when}" for what in ("bookings", "sessions") for when in ("moved", "new")),
    "activities_leaving_handed",
)
OF_THE_HOUSE = {  # seats and terms of organisations in the incubator, and how they leave
    "sqlite": {
        *(f"seat_lettings_{what}_{when}" for what in ("in_term", "once") for when in ("insert", "update")),
        *(f"incubation_agreements_{what}" for what in ("let", "once_insert", "once_update")),
        *OF_LEAVING,
        *("agreement_papers_fit", "incubation_decisions_left"),
    },
    "postgresql": {
        *("seat_lettings_in_term", "seat_lettings_once", "incubation_agreements_let", "incubation_agreements_once"),
        *OF_LEAVING,
        *("agreement_papers_fit", "incubation_decisions_left"),
    },
}
OTHERS_KEPT = ("booking_events", "hand_over_acts", "performance_events", "thing_events")
APPENDED = (
    *(*KEPT, *KEPT_BY_PEOPLE, *CERTIFICATES, *CUSTODY_KEPT, *OTHERS_KEPT),
    ENDED_ONCE,
)
TRIGGERS = {
    "sqlite": {f"{name}_{when}" for name in OF_ROOM_TIME for when in ("insert", "update")}
    | {f"{kept}_no_{what}" for kept in (*APPENDED, "draws") for what in ("delete", "update")}
    | OF_ATTENDANCE["sqlite"]
    | OF_HOURS["sqlite"]
    | OF_CUSTODY["sqlite"]
    | OF_LENDING["sqlite"]
    | OF_WORKS["sqlite"]
    | OF_PERFORMANCES["sqlite"]
    | OF_THE_HOUSE["sqlite"],
    "postgresql": {*OF_ROOM_TIME, "draws_once", "draws_no_truncate"}
    | {f"{kept}_{what}" for kept in APPENDED for what in ("append_only", "no_truncate")}
    | OF_ATTENDANCE["postgresql"]
    | OF_HOURS["postgresql"]
    | OF_CUSTODY["postgresql"]
    | OF_LENDING["postgresql"]
    | OF_WORKS["postgresql"]
    | OF_PERFORMANCES["postgresql"]
    | OF_THE_HOUSE["postgresql"],
}
CONSTRAINTS = {
    *(f"ck_custody_events_{name}" for name in ("checked", "child_agreed", "collector", "guardian", "rung", "second")),
    "uq_custody_events_nonce",
    "uq_custody_first",
    "uq_custody_next",
    "uq_enrolments_term_id_child_id",
    "uq_child_consents_live",
    *(f"ck_attendances_{name}" for name in ("arrived", "late", "left", "place", "times")),
    "pk_attendances",
    "uq_attendance_events_nonce",
    "uq_attendance_events_undoes_id",
    "uq_cards_live",
    "uq_volunteer_shifts_open",
    *(f"ck_volunteer_shifts_{name}" for name in ("certified", "not_oneself", "second", "times")),
    "ck_places_held_until",
    "ck_pools_taken",
    "ck_sign_ups_companion_place",
    "ck_sign_ups_offer",
    "ck_sign_ups_place",
    "uq_draws_roster_id",
    "uq_lots_sign_up_id",
    "uq_places_held_now",
    "uq_sign_up_groups_signed_by_id_request_key",
    "uq_sign_ups_live",
    *("ck_loan_lines_quantity", "ck_things_quantity", "uq_loan_lines_out"),
    *("ck_programme_items_follows", "ck_programmes_allowed", "fk_programme_items_no_gap", "uq_programmes_draft"),
    *("ck_sales_shares", "ck_works_shares", "uq_sales_work"),
}


def ledger_findings() -> list[str]:
    """What is wrong with the ledgers, in words; nothing when they are true."""
    before, *questions = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8").split(QUESTION)
    now = bindparam("now", clock.now(), type_=UtcDateTime)
    findings = []
    for question in questions:
        says, _line, sql = question.partition("\n")
        statement = text(f"{before}\n{sql}")
        count = db.session.scalar(statement.bindparams(now) if ":now" in sql else statement) or 0
        if count:
            findings.append(says.format(n=f"{count:,}"))
    return findings


def missing_holds() -> list[str]:
    """The triggers, constraints and indexes that hold the ledgers true and that the database lacks."""
    engine = db.engine.dialect.name
    there = _there_on_sqlite() if engine == "sqlite" else _there_on_postgresql()
    return sorted((TRIGGERS[engine] | CONSTRAINTS) - there)


def _there_on_sqlite() -> set[str]:
    rows = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    names = {row.name for row in rows}
    return names | {name for name in CONSTRAINTS if any(f"CONSTRAINT {name} " in row.sql for row in rows)}


def _there_on_postgresql() -> set[str]:
    found = text(
        "SELECT conname FROM pg_constraint WHERE convalidated UNION ALL "
        "SELECT indexname FROM pg_indexes WHERE indexdef LIKE 'CREATE UNIQUE%' UNION ALL "
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    return set(db.session.scalars(found))
