"""What staff change is in the audit trail: whatever writes it, whichever page it is pressed on, in words that stay."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from center.audit.field_words import FIELDS
from center.audit.words import ACTS, AREAS
from center.kernel import clock
from center.kernel.access import access_of
from center.kernel.acts import Act, Area
from center.kernel.config import ROOT
from center.kernel.db import Base, db, transaction
from center.kernel.trail import HIDDEN, UNTOLD, StaffEvent, Trailed, UntoldChange, note
from center.notices.actions import add_address
from center.notices.models import Purpose
from center.rooms import actions as room_actions
from center.rooms import closures, rulebook_actions
from center.rooms.models import Room
from center.rooms.rule_models import RoomGroup
from center.rooms.rules import RoomFacts
from tests.builders import at, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.world import rules

# Where else it is written what a page with a staff permission does, or why nothing needs to be written.
ITS_OWN = "the history of the booking, sign-up or activity"
DELIVERIES = "the delivery keeps who did it"
EVENTS = "the events of the register, which nobody alters"
CUSTODY = "the ledger of custody, which nobody alters"
NOTHING = "it changes nothing"
PAGES: dict[str, Act | str] = {
    **dict.fromkeys(
        [
            "bookings.approve",
            "bookings.ask",
            "bookings.check_in",
            "bookings.decide",
            "bookings.decide_about_series",
            "bookings.decline",
            "bookings.excuse",
            "bookings.mark_missed",
            "bookings.move",
            "bookings.undo_check_in",
            "bookings.call",
            "bookings.ready",
            "bookings.take_back",
            "desk.arrived_at_session",
            "desk.household_at_session",
            "desk.on_leave_from_session",
            "desk.sign_up_one_more",
            "desk.sign_up_with",
            "desk.undo_at_session",
            "desk.undo_booking",
            "desk.undo_sign_up",
            "posting.accept_change",
            "posting.publish_reviewed",
            "posting.review_change",
            "posting.review_one",
            "posting.take_back_review",
            "posting.undo_change",
            "signups.does_without",
            "signups.leave_for",
            "signups.take_for",
            "signups.takes_it",
        ],
        ITS_OWN,
    ),
    **dict.fromkeys(
        [
            "notices.asks",
            "notices.not_met",
            "notices.not_told_after_all",
            "notices.settle_ask",
            "notices.told_at_the_door",
            "notices.could_not_reach",
            "notices.give_up",
            "notices.put_back",
            "notices.tick_off",
            "notices.send_email_code_to",
            "notices.try_again",
        ],
        DELIVERIES,
    ),
    **dict.fromkeys(["notices.try_out", "rooms.import_closures", "desk.sign_up_for"], NOTHING),
    **dict.fromkeys(["desk.check_in_import", "desk.review_event", "desk.walk_in"], EVENTS),
    "feedback.complaint": Act.COMPLAINT_ANSWERED,
    "feedback.enter": "nothing says when an answer was given, or by whom it was typed in",
    "feedback.enter_complaint": Act.COMPLAINT_ENTERED,
    "people.reset_second_factor": Act.SECOND_FACTOR_RESET,
    "bookings.decide_limit": Act.BOOKING_LIMITED,
    "bookings.lift_limit": Act.BOOKING_LIMIT_LIFTED,
    "bookings.presence_settings": Act.PRESENCE_SETTINGS_CHANGED,
    "desk.begin_mid_term": Act.MID_REVIEW_MOVED,
    "desk.capability_card": Act.CAPABILITY_WRITTEN,
    "desk.enter_agreement": Act.AGREEMENT_ENTERED,
    "desk.finish_leaving": Act.INCUBATION_MOVED,
    "desk.give_key": Act.KEY_GIVEN,
    "desk.let_seat": Act.SEAT_LET,
    "desk.mid_term_review": Act.MID_REVIEW_MOVED,
    "desk.sign_agreement": Act.AGREEMENT_SIGNED,
    "desk.link_service_day": Act.SERVICE_DAY_LINKED,
    "desk.see_to": Act.HANDED_OVER,
    "desk.take_key_back": Act.KEY_TAKEN,
    "desk.take_seat_back": Act.SEAT_TAKEN_BACK,
    "incubation.retire_seat": Act.SEATS_CHANGED,
    "incubation.seats": Act.SEATS_CHANGED,
    "desk.edit_partner": Act.PARTNER_EDITED,
    "desk.end_registration": Act.REGISTRATION_ENDED,
    "desk.enter_incubation_paper": "the paper keeps who put it in, and nobody alters it",
    "desk.answer_objection": Act.OBJECTION_ANSWERED,
    "desk.decide_incubation": "the decision, which nobody alters",
    "desk.enter_objection": Act.OBJECTION_ENTERED,
    "desk.fill_panel": Act.PANEL_SEATED,
    "desk.hand_incubation": Act.INCUBATION_HANDED,
    "desk.own_interest": Act.INTEREST_RECORDED,
    "desk.seat_panel": Act.PANEL_SEATED,
    "desk.take_incubation": Act.INCUBATION_HANDED,
    "desk.write_minutes": Act.MINUTES_WRITTEN,
    "incubation.edit_rules": Act.INCUBATOR_RULES_CHANGED,
    "incubation.edit_criteria": Act.CRITERIA_PUBLISHED,
    "incubation.end_reviewer": Act.REVIEWER_ENDED,
    "incubation.reviewers": Act.REVIEWER_ADDED,
    "desk.filing": Act.FILING_RETURNED,
    "desk.new_partner": Act.PARTNER_ENTERED,
    "desk.partner": "the day of service keeps who wrote it",
    "desk.registration": Act.REGISTRATION_ENTERED,
    "desk.see_filing": Act.FILING_SEEN,
    **dict.fromkeys(["desk.service_day", "desk.strike_turn"], "the day of service keeps who wrote it"),
    "desk.card": Act.CARD_ISSUED,
    "desk.certificate_of_hours": "the certificate keeps who made it",
    "desk.delegations": Act.DELEGATION_GRANTED,
    "desk.edit_person": Act.PERSON_EDITED,
    "desk.approve_sale_day": Act.SALE_DAY_APPROVED,
    "desk.decline_sale_day": Act.SALE_DAY_DECLINED,
    "desk.end_card": Act.CARD_ENDED,
    "desk.end_guardian": Act.GUARDIAN_ENDED,
    "desk.name_guardian": Act.GUARDIAN_NAMED,
    "desk.new_device": Act.DEVICE_ANNOUNCED,
    "desk.new_person": Act.PERSON_ADDED,
    "desk.renew_device_code": Act.DEVICE_ANNOUNCED,
    "desk.revoke_delegation": Act.DELEGATION_REVOKED,
    "desk.revoke_device": Act.DEVICE_REVOKED,
    "classroom.child_day": CUSTODY,
    "classroom.day": CUSTODY,
    "classroom.take_items": CUSTODY,
    "classroom.day_checks": "room checks and head counts, which nobody alters; opening and closing is noted",
    "classroom.day_notes": "the note keeps who wrote it",
    "classroom.paper_day": CUSTODY,
    "classroom.walk": CUSTODY,
    "classroom.acknowledge": "the change keeps who said that they know it",
    "classroom.call": "the change keeps who wrote it down",
    **dict.fromkeys(["classroom.alarm", "classroom.ring", "classroom.take_alarm"], "the alarm keeps who answered it"),
    **dict.fromkeys(["classroom.incident", "classroom.write_incident"], "the incident keeps who wrote what"),
    "classroom.accesses": Act.CHILD_ACCESS_GRANTED,
    "classroom.revoke_access": Act.CHILD_ACCESS_REVOKED,
    "classroom.keeping": Act.DISPUTE_NOTED,
    "classroom.settle_dispute": Act.DISPUTE_SETTLED,
    "classroom.holds": Act.LEGAL_HOLD_SET,
    "classroom.let_go_hold": Act.LEGAL_HOLD_LIFTED,
    "classroom.retention_period": Act.RETENTION_SET,
    "classroom.grant_deletion": Act.CHILD_DELETION_DECIDED,
    "classroom.refuse_deletion": Act.CHILD_DELETION_DECIDED,
    "classroom.bars": Act.COLLECTION_BARRED,
    "classroom.lift_bar": Act.COLLECTION_BAR_LIFTED,
    "classroom.bar_rights": Act.COLLECTION_BAR_RIGHTS,
    "classroom.revoke_collector": Act.COLLECTOR_REVOKED,
    "classroom.verify_collector": Act.COLLECTOR_VERIFIED,
    "desk.write_down_collector_photo": Act.COLLECTOR_PHOTO_ANSWERED,
    "desk.after_school_call": "the change keeps who wrote it down",
    **dict.fromkeys(
        [
            "desk.caller_collectors",
            "desk.caller_consent",
            "desk.caller_leave",
            "desk.caller_order",
            "desk.caller_pause",
            "desk.caller_photo",
            "desk.caller_reasons",
            "desk.caller_resume",
            "desk.caller_school",
            "desk.caller_week",
        ],
        "the guardian's word keeps who wrote it down",
    ),
    "desk.caller_revoke_collector": Act.COLLECTOR_REVOKED,
    "classroom.cancel_term_day": Act.TERM_DAY_CANCELLED,
    "classroom.checks_of": Act.STAFF_CHECK_RECORDED,
    "classroom.edit_class": Act.CARE_CLASS_CHANGED,
    "classroom.edit_school": Act.SCHOOL_CHANGED,
    "classroom.edit_term": Act.TERM_CHANGED,
    "classroom.end_term": Act.TERM_ENDED,
    "classroom.follow_calendar": Act.TERM_DAY_ADDED,
    "classroom.keep_term_day": Act.TERM_DAY_KEPT,
    "classroom.move_term_day": Act.TERM_DAY_MOVED,
    "allocation.adjust": Act.ALLOCATION_ADJUSTED,
    "allocation.approve_swap": Act.SWAP_DECIDED,
    "allocation.decline_swap": Act.SWAP_DECIDED,
    "allocation.edit_round": Act.ALLOCATION_CHANGED,
    "allocation.new_round": Act.ALLOCATION_MADE,
    "allocation.open_round": Act.ALLOCATION_OPENED,
    "allocation.publish": Act.ALLOCATION_PUBLISHED,
    "allocation.remove_time": Act.ALLOCATION_CHANGED,
    "allocation.times": Act.ALLOCATION_CHANGED,
    "allocation.weights": Act.ALLOCATION_CHANGED,
    "allocation.withdraw_round": Act.ALLOCATION_WITHDRAWN,
    "allocation.work_out": Act.ALLOCATION_MATCHED,
    "classroom.new_class": Act.CARE_CLASS_CHANGED,
    "classroom.new_school": Act.SCHOOL_CHANGED,
    "classroom.new_school_day": Act.SCHOOL_EXCEPTION_SET,
    "classroom.new_term": Act.TERM_MADE,
    "classroom.new_term_day": Act.TERM_DAY_ADDED,
    "classroom.open_enrolment": Act.TERM_OPENED,
    "classroom.plan_term_days": Act.TERM_DAYS_TAKEN,
    "classroom.remove_class": Act.CARE_CLASS_CHANGED,
    "classroom.remove_school_day": Act.SCHOOL_EXCEPTION_SET,
    "classroom.school_hours": Act.SCHOOL_HOURS_SET,
    "classroom.term_rules": Act.TERM_RULES_PUBLISHED,
    "classroom.duty_of_day": Act.DUTY_SET,
    "classroom.name_owner": Act.DUTY_OWNER_NAMED,
    "classroom.repeat_duty": Act.DUTY_SET,
    "classroom.come_on_duty": "the log of staffing, which nobody alters",
    "classroom.go_from_duty": "the log of staffing, which nobody alters",
    "classroom.revoke_check": Act.STAFF_CHECK_REVOKED,
    "classroom.take_off_duty": Act.DUTY_ENDED,
    **dict.fromkeys(
        [
            "classroom.decide_priority",
            "classroom.end_place",
            "classroom.refuse_enrolment",
            "classroom.set_class",
            "desk.enrol_from_paper",
        ],
        "the events of the enrolment, which nobody alters",
    ),
    "classroom.write_down_health": "the entry keeps whose word it is; the guardians hear of it",
    "classroom.publish_consent_text": "the version of the text, which nobody alters",
    "desk.show_phone": Act.PHONE_SHOWN,
    "notices.decide_ask": Act.CORRECTION_MADE,
    "notices.write_down_ask": Act.DATA_ASKED,
    "notices.contact_of": Act.CONTACT_CHANGED,
    "notices.edit_address": Act.OUTGOING_ADDRESS_CHANGED,
    "notices.edit_words": Act.OWN_WORDS_CHANGED,
    "notices.give_up_words": Act.OWN_WORDS_CHANGED,
    "notices.new_address": Act.OUTGOING_ADDRESS_CHANGED,
    "notices.remove_address": Act.OUTGOING_ADDRESS_CHANGED,
    "notices.verify_email_of": Act.CONTACT_CHANGED,
    "notices.set_consent_of": Act.CONSENT_CHANGED,
    "organisations.edit": Act.ORGANISATION_EDITED,
    "organisations.end_membership": Act.MEMBER_ENDED,
    "organisations.members": Act.MEMBER_ADDED,
    "organisations.new": Act.ORGANISATION_CREATED,
    "people.close_account": Act.ACCOUNT_CLOSED,
    "people.confirm_account": Act.ACCOUNT_CONFIRMED,
    "people.door_is_untrue": Act.DOOR_UNTRUE,
    "people.erase": Act.PERSON_ERASED,
    "people.end_role": Act.ROLE_ENDED,
    "people.issue_claim_code": Act.CLAIM_CODE_ISSUED,
    "people.merge_account": Act.ACCOUNT_MATCHED,
    "people.open_account_again": Act.ACCOUNT_OPENED_AGAIN,
    "people.refuse_account": Act.ACCOUNT_REFUSED,
    "people.roles": Act.ROLE_GRANTED,
    "people.undo_match": Act.MATCH_UNDONE,
    "people.verify_door": Act.DOOR_VERIFIED,
    "posting.edit_kind": Act.ACTIVITY_KIND_CHANGED,
    "posting.edit_kinds": Act.ACTIVITY_KIND_CHANGED,
    "posting.enter_usual_kinds": Act.ACTIVITY_KIND_CHANGED,
    "posting.retire_kind": Act.ACTIVITY_KIND_CHANGED,
    "premises.clear_day": Act.CALENDAR_DAY_CLEARED,
    "premises.edit_facts": Act.CENTRE_FACTS_CHANGED,
    "premises.set_day": Act.CALENDAR_DAY_SET,
    "rooms.add_group_member": Act.PEOPLE_GROUP_JOINED,
    "rooms.confirm_import": Act.ROOM_CLOSED,
    "rooms.copy_rules": Act.ROOM_RULES_CHANGED,
    "rooms.edit_approval_hours": Act.RULE_SET,
    "rooms.edit_audience": Act.ROOM_AUDIENCE_SET,
    "rooms.edit_closure": Act.CLOSURE_CHANGED,
    "rooms.edit_equipment": Act.ROOM_EQUIPPED,
    "rooms.edit_facts": Act.ROOM_FACTS_CHANGED,
    "rooms.edit_hours": Act.ROOM_HOURS_SET,
    "rooms.edit_kept_hours": Act.RULE_SET,
    "rooms.edit_parts": Act.ROOM_DIVIDED,
    "rooms.edit_people_group": Act.RULE_SET,
    "rooms.edit_purpose": Act.RULE_SET,
    "rooms.edit_purposes": Act.ROOM_PURPOSES_SET,
    "rooms.edit_quota": Act.RULE_SET,
    "rooms.edit_room_group": Act.RULE_SET,
    "rooms.edit_rules": Act.ROOM_RULES_CHANGED,
    "rooms.edit_windows": Act.ROOM_WINDOWS_SET,
    "rooms.join_parts": Act.ROOM_JOINED,
    "rooms.lift_closure": Act.CLOSURE_LIFTED,
    "rooms.new": Act.ROOM_OPENED,
    "rooms.new_approval_hours": Act.RULE_SET,
    "rooms.new_closure": Act.ROOM_CLOSED,
    "rooms.new_exception": Act.HOURS_EXCEPTION_ADDED,
    "rooms.new_kept_hours": Act.RULE_SET,
    "rooms.new_people_group": Act.RULE_SET,
    "rooms.new_purpose": Act.RULE_SET,
    "rooms.new_quota": Act.RULE_SET,
    "rooms.new_room_group": Act.RULE_SET,
    "rooms.remove_approval_hours": Act.RULE_REMOVED,
    "rooms.remove_exception": Act.HOURS_EXCEPTION_REMOVED,
    "rooms.remove_group_member": Act.PEOPLE_GROUP_LEFT,
    "rooms.remove_kept_hours": Act.RULE_REMOVED,
    "rooms.remove_people_group": Act.RULE_REMOVED,
    "rooms.remove_purpose": Act.RULE_REMOVED,
    "rooms.remove_quota": Act.RULE_REMOVED,
    "rooms.remove_room_group": Act.RULE_REMOVED,
    "rooms.retire": Act.ROOM_RETIRED,
    "rooms.unretire": Act.ROOM_UNRETIRED,
    "desk.undo_sale_day": Act.SALE_DAY_UNDONE,
    "troupes.yearly_target": Act.YEARLY_TARGET_SET,
}
# Tables that staff write and that have a history of their own, or that people write themselves.
NOT_TRAILED = [
    *("performances", "performance_events", "programmes", "programme_items", "programme_performers", "appearances"),
    *("performance_replies", "rehearsal_pieces", "reply_links", "stage_names"),
    *("criteria", "criteria_versions", "declared_interests", "eligibilities", "incubation_applications"),
    *("incubation_decision_papers", "incubation_decisions", "incubation_documents", "incubation_letters"),
    *("incubation_reviews", "incubation_transitions", "incubations", "letter_counts", "objections", "panel_seats"),
    *("publications", "review_scores", "reviewers", "score_points"),
    *("activity_filings", "activity_summaries", "filing_dates", "filing_reminders"),
    *(
        "agreement_papers",
        "capability_cards",
        "hand_over_acts",
        "incubation_agreements",
        "incubation_keys",
        "mid_reviews",
        "seat_lettings",
    ),
    *("quarter_reminders", "quarter_reports", "service_days", "service_turns"),
    "reading_versions",
    "allocation_adjustments",
    "allocation_awards",
    "room_swap_pairs",
    "room_swaps",
    "term_wish_choices",
    "term_wishes",
    "access_events",
    "account_matches",
    "activities",
    "activity_events",
    "activity_photos",
    "activity_proposals",
    "admissions",
    "alarm_rings",
    "amendments",
    "answers",
    "attendance_events",
    "attendance_reviews",
    "attendances",
    "bar_decisions",
    "barred_rights",
    "booking_events",
    "booking_needs",
    "booking_series",
    "bookings",
    "buildings",
    "calendar_links",
    "call_orders",
    "cards",
    "care_alarms",
    "care_counts",
    "child_consents",
    "child_photos",
    "claim_codes",
    "collection_bars",
    "collector_agreements",
    "collector_photos",
    "collectors",
    "complaints",
    "consent_texts",
    "contact_preferences",
    "custody",
    "custody_events",
    "date_poll_answers",
    "date_poll_options",
    "date_polls",
    "day_notes",
    "delegations",
    "deletion_asks",
    "deletion_proofs",
    "devices",
    "drafts",
    "draw_pools",
    "draws",
    "drivers",
    "emails_to_verify",
    "enrolment_events",
    "enrolments",
    "erasures",
    "evidence_downloads",
    "evidence_packs",
    "evidence_pictures",
    "feedback_answers",
    "feedback_rounds",
    "feedback_tickets",
    "grids",
    "guardian_disputes",
    "guardian_words",
    "guardianships",
    "head_counts",
    "health_notes",
    "helper_codes",
    "holdings",
    "hour_certificate_shifts",
    "hour_certificates",
    "incident_steps",
    "incidents",
    "legal_holds",
    "lots",
    "no_shows",
    "notice_asks",
    "notice_deliveries",
    "notice_topics",
    "notices",
    "occupancies",
    "passkey_challenges",
    "passkeys",
    "people",
    "pick_up_codes",
    "piece_files",
    "piece_knowledge",
    "piece_parts",
    "pieces",
    "places_held",
    "plan_changes",
    "pools",
    "priority_claims",
    "questions",
    "recovery_codes",
    "registers",
    "rehearsals",
    "room_checks",
    "room_group_rooms",
    "room_uses",
    "rooms_ready",
    "roster_events",
    "rosters",
    "rule_paragraphs",
    "rule_priorities",
    "school_changes",
    "season_members",
    "season_pieces",
    "seasons",
    "second_factors",
    "sent_forms",
    "series_dates",
    "sessions",
    "sheet_photos",
    "sign_in_attempts",
    "sign_up_events",
    "sign_up_groups",
    "sign_ups",
    "slot_wishes",
    "spending_entries",
    "staff_events",
    "staffing_events",
    "term_rules",
    *("damage_photos", "loan_lines", "loan_undoings", "loans", "thing_events", "thing_units", "things"),
    *("sales", "work_photos", "works"),
    "troupe_endings",
    "troupe_handovers",
    "troupe_member_events",
    "troupe_member_parts",
    "troupe_members",
    "troupe_offices",
    "troupe_parts",
    "troupes",
    "undecided_events",
    "user_sessions",
    "volunteer_shifts",
    "ways_home",
    "welfare_calls",
]


@contextmanager
def pressed(app: Flask) -> Iterator[None]:
    """Inside a request, as if somebody had pressed a button."""
    with app.test_request_context("/"):
        app.preprocess_request()
        yield


def events() -> list[StaffEvent]:
    """The trail, in order."""
    return list(db.session.scalars(select(StaffEvent).order_by(StaffEvent.id)))


@ONE_ENGINE
def test_every_page_of_staff_that_writes_says_which_trail_it_leaves(app: Flask) -> None:
    found = {
        rule.endpoint
        for rule in rules(app)
        if "POST" in (rule.methods or ())
        and (access := access_of(app.view_functions[rule.endpoint])) is not None
        and access.permission is not None
    }
    assert found == set(PAGES)


@ONE_ENGINE
def test_every_act_is_written_somewhere_and_has_words(app: Flask) -> None:
    written = set(
        re.findall(
            r"Act\.([A-Z_]+)",
            "".join(
                file.read_text()
                for file in (ROOT / "center").rglob("*.py")
                if file not in {ROOT / "center/kernel/acts.py", ROOT / "center/audit/words.py"}
            ),
        )
    )
    assert written == {act.name for act in Act}
    assert set(ACTS) == set(Act)
    assert set(AREAS) == set(Area)


@ONE_ENGINE
def test_every_table_is_trailed_or_known_not_to_be(app: Flask) -> None:
    trailed = {str(mapper.local_table) for mapper in Base.registry.mappers if issubclass(mapper.class_, Trailed)}
    assert trailed & set(NOT_TRAILED) == set()
    unknown = set(Base.metadata.tables) - trailed - set(NOT_TRAILED)
    assert unknown == set(), "a new table is Trailed, or named above with the others"


@ONE_ENGINE
def test_everything_that_can_change_has_a_name_for_people(app: Flask) -> None:
    columns = {
        column.key
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Trailed)
        for column in mapper.column_attrs
        if column.key not in UNTOLD and (not mapper.class_.trail_only or column.key in mapper.class_.trail_only)
    }
    assert columns - set(FIELDS) == set()


@ONE_ENGINE
def test_a_change_is_kept_as_it_was_and_as_it_is(app: Flask) -> None:
    room, director = make_room(name="绘画室", capacity=30), make_person()
    facts = RoomFacts(**{name: getattr(room, name) for name in RoomFacts.__dataclass_fields__})
    with transaction():
        room_actions.change_facts(room, replace(facts, capacity=25), by=director)
    [event] = events()
    assert (event.act, event.by_id, event.room_id, event.subject) == (
        Act.ROOM_FACTS_CHANGED,
        director.id,
        room.id,
        "绘画室",
    )
    assert event.changes == [{"of": "rooms", "how": "changed", "fields": {"capacity": [30, 25]}}]


@ONE_ENGINE
def test_a_closure_its_change_and_its_lifting_are_kept(app: Flask) -> None:
    room, by = make_room(), make_person()
    with transaction():
        closure = closures.close(
            room, starts_at=at(9), ends_at=at(12), reason="维修", reason_en="", by=by, now=clock.now()
        )
    with transaction():
        longer = closures.ClosureFacts(starts_at=at(9), ends_at=at(15), reason="维修")
        closures.change(closure, longer, by=by, now=clock.now())
    with transaction():
        closures.lift(closure, by=by, now=clock.now())
    made, changed, lifted = events()
    assert [made.act, changed.act, lifted.act] == [Act.ROOM_CLOSED, Act.CLOSURE_CHANGED, Act.CLOSURE_LIFTED]
    assert {each.reason for each in (made, changed, lifted)} == {"维修"}
    assert list(changed.changes[0]["fields"]) == ["ends_at"]


def test_what_a_group_holds_is_told_by_name_and_a_rule_that_goes_keeps_its_words(app: Flask) -> None:
    first, second, by = make_room(name="甲"), make_room(name="乙"), make_person()
    with transaction():
        rulebook_actions.set_room_group(None, {"name": "大房间", "name_en": ""}, [first.id], by=by)
    group = db.session.scalars(select(RoomGroup)).one()
    with transaction():
        rulebook_actions.set_room_group(group, {"name": "大房间", "name_en": ""}, [first.id, second.id], by=by)
    with transaction():
        rulebook_actions.remove(group, by=by)
    _made, widened, removed = events()
    assert widened.changes[0]["fields"]["rooms"] == [["甲"], ["乙", "甲"]]
    assert (removed.act, removed.subject) == (Act.RULE_REMOVED, "大房间")


@ONE_ENGINE
def test_a_secret_is_not_told(app: Flask) -> None:
    secret = "mailtos://somebody:verysecret@mail.example.org"
    by = make_person()
    with transaction():
        add_address(Purpose.EMAIL, name="邮件", url=secret, is_on=True, by=by, now=clock.now())
    [event] = events()
    assert "verysecret" not in event.details
    assert event.changes[0]["fields"]["url"] == [None, HIDDEN]


@ONE_ENGINE
def test_a_request_that_changes_a_rule_and_says_nothing_is_refused(app: Flask) -> None:
    room = make_room(capacity=30)
    with pressed(app), pytest.raises(UntoldChange, match="rooms"), transaction():
        room.capacity = 25
        db.session.flush()
    db.session.rollback()
    assert db.session.get_one(Room, room.id, populate_existing=True).capacity == 30


def test_nor_may_a_statement_change_it_silently(app: Flask) -> None:
    make_room(capacity=30)
    with pressed(app), pytest.raises(UntoldChange, match="rooms"), transaction() as session:
        session.execute(update(Room).values(capacity=25))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_events SET by_id = NULL",
        "DELETE FROM staff_events",
        "INSERT OR REPLACE INTO staff_events (id, at, act, area, subject, subject_en, reason, details) "
        "SELECT id, at, act, area, 'x', '', '', '[]' FROM staff_events",
        "TRUNCATE staff_events",
    ],
)
def test_the_database_refuses_to_rewrite_the_trail(app: Flask, statement: str) -> None:
    engine = db.engine.dialect.name
    if ("REPLACE" in statement and engine != "sqlite") or ("TRUNCATE" in statement and engine != "postgresql"):
        return  # the other engine has no such words
    with transaction():
        note(Act.CENTRE_FACTS_CHANGED, "甲", by=None)
    with pytest.raises(IntegrityError, match="staff_events_append_only"), transaction() as session:
        session.execute(text(statement))
    assert [event.subject for event in events()] == ["甲"]


def test_who_registers_leaves_an_entry_of_their_own(app: Flask, client: FlaskClient) -> None:
    sent: dict[str, Any] = {"name": "王小明", "phone": "19900000042", "password": "qing-shan-2026"}
    answer = client.post("/register", data=sent)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    [event] = events()
    assert (event.act, event.by_id) == (Act.ACCOUNT_OPENED, event.person_id)
