"""What staff can do beside bookings, by what it is about: the names under which the trail keeps it, and their words."""

import enum
from typing import Any

from center.kernel.i18n import lazy_gettext as _l


class Area(enum.StrEnum):
    """What a change by staff is about."""

    ACCOUNTS = "accounts"
    AFTER_SCHOOL = "after_school"
    ALLOCATION = "allocation"
    CLOSURES = "closures"
    DEVICES = "devices"
    FEEDBACK = "feedback"
    INCUBATOR = "incubator"
    ORGANISATIONS = "organisations"
    ROLES = "roles"
    ROOMS = "rooms"
    RULES = "rules"
    SETTINGS = "settings"


class Act(enum.StrEnum):
    """What staff did, what it is about, and what it is called."""

    area: Area
    words: Any

    def __new__(cls, name: str, area: Area, words: Any) -> "Act":
        """An act is known by its name; the others go along."""
        act = str.__new__(cls, name)
        act._value_, act.area, act.words = name, area, words
        return act

    ACCOUNT_CLOSED = "account_closed", Area.ACCOUNTS, _l("Closed an account")
    ACCOUNT_CONFIRMED = "account_confirmed", Area.ACCOUNTS, _l("Confirmed an account")
    ACCOUNT_MATCHED = "account_matched", Area.ACCOUNTS, _l("Matched an account with a person known already")
    ACCOUNT_OPENED = "account_opened", Area.ACCOUNTS, _l("Opened an account")
    ACCOUNT_OPENED_AGAIN = "account_opened_again", Area.ACCOUNTS, _l("Opened an account again")
    ACCOUNT_REFUSED = "account_refused", Area.ACCOUNTS, _l("Refused an account")
    BOOKING_LIMITED = "booking_limited", Area.ACCOUNTS, _l("Limited booking to the desk")
    BOOKING_LIMIT_DISMISSED = "booking_limit_dismissed", Area.ACCOUNTS, _l("Decided against a limit")
    BOOKING_LIMIT_LIFTED = "booking_limit_lifted", Area.ACCOUNTS, _l("Lifted a limit")
    CARD_ENDED = "card_ended", Area.ACCOUNTS, _l("Ended a card")
    CARD_ISSUED = "card_issued", Area.ACCOUNTS, _l("Printed a card")
    CLAIM_CODE_ISSUED = "claim_code_issued", Area.ACCOUNTS, _l("Printed a code for an account")
    CLAIM_CODE_USED = "claim_code_used", Area.ACCOUNTS, _l("Used a printed code")
    CONSENT_CHANGED = "consent_changed", Area.ACCOUNTS, _l("Changed whether they want messages")
    CONTACT_CHANGED = "contact_changed", Area.ACCOUNTS, _l("Changed how they are reached")
    CORRECTION_MADE = "correction_made", Area.ACCOUNTS, _l("Corrected what somebody said is wrong")
    CORRECTION_REFUSED = "correction_refused", Area.ACCOUNTS, _l("Did not correct what somebody said is wrong")
    DATA_ASKED = "data_asked", Area.ACCOUNTS, _l("Wrote down what somebody asks about their data")
    DELEGATION_GRANTED = "delegation_granted", Area.ACCOUNTS, _l("Wrote down who may act for them")
    DELEGATION_REVOKED = "delegation_revoked", Area.ACCOUNTS, _l("Ended that somebody may act for them")
    DOOR_LEFT_OPEN = "door_left_open", Area.ACCOUNTS, _l("Left open where they live")
    DOOR_UNTRUE = "door_untrue", Area.ACCOUNTS, _l("Said that they do not live there")
    DOOR_VERIFIED = "door_verified", Area.ACCOUNTS, _l("Verified where they live")
    ERASURE_REFUSED = "erasure_refused", Area.ACCOUNTS, _l("Refused to erase a person")
    GUARDIAN_ENDED = "guardian_ended", Area.ACCOUNTS, _l("Ended that somebody is a child's guardian")
    GUARDIAN_NAMED = "guardian_named", Area.ACCOUNTS, _l("Wrote down a child's guardian")
    MATCH_UNDONE = "match_undone", Area.ACCOUNTS, _l("Undid the matching of an account")
    PASSKEY_ADDED = "passkey_added", Area.ACCOUNTS, _l("Added a passkey")
    PASSKEY_REMOVED = "passkey_removed", Area.ACCOUNTS, _l("Took away a passkey")
    PERSON_ADDED = "person_added", Area.ACCOUNTS, _l("Wrote down a person")
    PERSON_EDITED = "person_edited", Area.ACCOUNTS, _l("Corrected a person's record")
    PERSON_ERASED = "person_erased", Area.ACCOUNTS, _l("Erased a person")
    PHONE_SHOWN = "phone_shown", Area.ACCOUNTS, _l("Looked at a whole phone number")
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed", Area.ACCOUNTS, _l("Made new printed codes")
    RECOVERY_CODE_USED = "recovery_code_used", Area.ACCOUNTS, _l("Used a printed code")
    SECOND_FACTOR_RESET = "second_factor_reset", Area.ACCOUNTS, _l("Reset a second factor")
    SECOND_FACTOR_SET_UP = "second_factor_set_up", Area.ACCOUNTS, _l("Set up a second factor")

    CRITERIA_PUBLISHED = "criteria_published", Area.INCUBATOR, _l("Published criteria of reviews")
    INCUBATION_HANDED = "incubation_handed", Area.INCUBATOR, _l("Said who has an organisation's application")
    INCUBATION_MOVED = "incubation_moved", Area.INCUBATOR, _l("Decided about an organisation")
    INTEREST_RECORDED = "interest_recorded", Area.INCUBATOR, _l("Wrote down an interest in an organisation")
    MINUTES_WRITTEN = "minutes_written", Area.INCUBATOR, _l("Wrote the minutes of a panel")
    OBJECTION_ANSWERED = "objection_answered", Area.INCUBATOR, _l("Answered an objection")
    OBJECTION_ENTERED = "objection_entered", Area.INCUBATOR, _l("Entered an objection from paper")
    PANEL_SEATED = "panel_seated", Area.INCUBATOR, _l("Put together a panel")
    REVIEWER_ADDED = "reviewer_added", Area.INCUBATOR, _l("Added a reviewer to the pool")
    REVIEWER_ENDED = "reviewer_ended", Area.INCUBATOR, _l("Took a reviewer out of the pool")

    CHILD_ACCESS_GRANTED = (
        "child_access_granted",
        Area.AFTER_SCHOOL,
        _l("Let somebody see children's records for a time"),
    )
    CHILD_ACCESS_REVOKED = "child_access_revoked", Area.AFTER_SCHOOL, _l("Ended that somebody sees children's records")
    CHILD_DELETION_DECIDED = "child_deletion_decided", Area.AFTER_SCHOOL, _l("Decided about deleting a child's records")
    LEGAL_HOLD_LIFTED = "legal_hold_lifted", Area.AFTER_SCHOOL, _l("Let a child's records go on time again")
    LEGAL_HOLD_SET = "legal_hold_set", Area.AFTER_SCHOOL, _l("Kept a child's records beyond their time")
    RETENTION_SET = "retention_set", Area.AFTER_SCHOOL, _l("Set how long something is kept of children")
    DISPUTE_NOTED = "dispute_noted", Area.AFTER_SCHOOL, _l("Noted that guardians disagree")
    DISPUTE_SETTLED = "dispute_settled", Area.AFTER_SCHOOL, _l("Noted that guardians agree again")
    COLLECTION_BARRED = "collection_barred", Area.AFTER_SCHOOL, _l("Wrote down who may not collect a child")
    COLLECTION_BAR_LIFTED = (
        "collection_bar_lifted",
        Area.AFTER_SCHOOL,
        _l("Lifted that somebody may not collect a child"),
    )
    COLLECTION_BAR_RIGHTS = (
        "collection_bar_rights",
        Area.AFTER_SCHOOL,
        _l("Decided what else a bar takes from a guardian"),
    )
    COLLECTOR_PHOTO_ANSWERED = (
        "collector_photo_answered",
        Area.AFTER_SCHOOL,
        _l("Wrote down whether a photo of a collector may be kept"),
    )
    COLLECTOR_REVOKED = "collector_revoked", Area.AFTER_SCHOOL, _l("Took somebody off a child's list of collectors")
    COLLECTOR_VERIFIED = "collector_verified", Area.AFTER_SCHOOL, _l("Checked who may collect a child")
    DUTY_ENDED = "duty_ended", Area.AFTER_SCHOOL, _l("Took somebody off duty")
    DUTY_OWNER_NAMED = "duty_owner_named", Area.AFTER_SCHOOL, _l("Said who owns the list of a day")
    DUTY_SET = "duty_set", Area.AFTER_SCHOOL, _l("Put somebody on duty")
    STAFF_CHECK_RECORDED = "staff_check_recorded", Area.AFTER_SCHOOL, _l("Recorded a check")
    STAFF_CHECK_REVOKED = "staff_check_revoked", Area.AFTER_SCHOOL, _l("Took back a check")
    CARE_CLASS_CHANGED = "care_class_changed", Area.AFTER_SCHOOL, _l("Changed a class")
    DAY_CLOSED = "day_closed", Area.AFTER_SCHOOL, _l("Closed a day")
    DAY_OPENED = "day_opened", Area.AFTER_SCHOOL, _l("Opened the list of a day")
    DAY_OPENED_AGAIN = "day_opened_again", Area.AFTER_SCHOOL, _l("Opened a closed day again")
    SCHOOL_CHANGED = "school_changed", Area.AFTER_SCHOOL, _l("Changed a school")
    SCHOOL_EXCEPTION_SET = "school_exception_set", Area.AFTER_SCHOOL, _l("Said that a school ends otherwise on a day")
    SCHOOL_HOURS_SET = "school_hours_set", Area.AFTER_SCHOOL, _l("Said when a school ends")
    TERM_CHANGED = "term_changed", Area.AFTER_SCHOOL, _l("Changed a term")
    TERM_DAYS_TAKEN = "term_days_taken", Area.AFTER_SCHOOL, _l("Took the room's time for all days of a term")
    TERM_DAY_ADDED = "term_day_added", Area.AFTER_SCHOOL, _l("Added a day to a term")
    TERM_DAY_CANCELLED = "term_day_cancelled", Area.AFTER_SCHOOL, _l("Called off a day of a term")
    TERM_DAY_KEPT = "term_day_kept", Area.AFTER_SCHOOL, _l("Left a day of a term as it is")
    TERM_DAY_MOVED = "term_day_moved", Area.AFTER_SCHOOL, _l("Moved a day of a term")
    TERM_ENDED = "term_ended", Area.AFTER_SCHOOL, _l("Ended a term")
    TERM_MADE = "term_made", Area.AFTER_SCHOOL, _l("Made a term")
    TERM_OPENED = "term_opened", Area.AFTER_SCHOOL, _l("Opened enrolment of a term")
    TERM_RULES_PUBLISHED = "term_rules_published", Area.AFTER_SCHOOL, _l("Published the rules of a term")

    ALLOCATION_ADJUSTED = "allocation_adjusted", Area.ALLOCATION, _l("Gave a wish another time")
    ALLOCATION_CHANGED = "allocation_changed", Area.ALLOCATION, _l("Changed a round of allocation")
    ALLOCATION_MADE = "allocation_made", Area.ALLOCATION, _l("Made a round of allocation")
    ALLOCATION_MATCHED = "allocation_matched", Area.ALLOCATION, _l("Worked out the result of a round")
    ALLOCATION_OPENED = "allocation_opened", Area.ALLOCATION, _l("Opened a round for wishes")
    ALLOCATION_PUBLISHED = "allocation_published", Area.ALLOCATION, _l("Published the result of a round")
    ALLOCATION_WITHDRAWN = "allocation_withdrawn", Area.ALLOCATION, _l("Withdrew a round of allocation")
    SWAP_DECIDED = "swap_decided", Area.ALLOCATION, _l("Decided about a swap of room times")

    CLOSURE_CHANGED = "closure_changed", Area.CLOSURES, _l("Changed a closure")
    CLOSURE_LIFTED = "closure_lifted", Area.CLOSURES, _l("Lifted a closure")
    ROOM_CLOSED = "room_closed", Area.CLOSURES, _l("Made a closure")

    DEVICE_ANNOUNCED = "device_announced", Area.DEVICES, _l("Gave out a code for a device")
    DEVICE_PAIRED = "device_paired", Area.DEVICES, _l("Paired a device")
    DEVICE_REVOKED = "device_revoked", Area.DEVICES, _l("Revoked a device")

    COMPLAINT_ANSWERED = "complaint_answered", Area.FEEDBACK, _l("Answered a complaint")
    COMPLAINT_ENTERED = "complaint_entered", Area.FEEDBACK, _l("Entered a complaint from paper")

    AGREEMENT_ENTERED = "agreement_entered", Area.ORGANISATIONS, _l("Entered an agreement with an organisation")
    CAPABILITY_WRITTEN = "capability_written", Area.ORGANISATIONS, _l("Wrote what an organisation can do")
    FILING_RETURNED = "filing_returned", Area.ORGANISATIONS, _l("Returned the filing of an activity")
    FILING_SEEN = "filing_seen", Area.ORGANISATIONS, _l("Looked at the filing of an activity")
    AGREEMENT_SIGNED = "agreement_signed", Area.ORGANISATIONS, _l("Kept a signed agreement")
    SERVICE_DAY_LINKED = "service_day_linked", Area.ORGANISATIONS, _l("Linked a partner's day to a register")
    HANDED_OVER = "handed_over", Area.ORGANISATIONS, _l("Saw to something of an organisation that leaves")
    KEY_GIVEN = "key_given", Area.ORGANISATIONS, _l("Gave out a key")
    KEY_TAKEN = "key_taken", Area.ORGANISATIONS, _l("Took a key back")
    MID_REVIEW_MOVED = "mid_review_moved", Area.ORGANISATIONS, _l("Wrote on a mid-term review")
    SEATS_CHANGED = "seats_changed", Area.ORGANISATIONS, _l("Changed the seats and lockers")
    SEAT_LET = "seat_let", Area.ORGANISATIONS, _l("Let a seat or a locker")
    SEAT_TAKEN_BACK = "seat_taken_back", Area.ORGANISATIONS, _l("Took a seat or a locker back")
    MEMBER_ADDED = "member_added", Area.ORGANISATIONS, _l("Added a member")
    MEMBER_ENDED = "member_ended", Area.ORGANISATIONS, _l("Ended a membership")
    PARTNER_EDITED = "partner_edited", Area.ORGANISATIONS, _l("Changed a partner")
    PARTNER_ENTERED = "partner_entered", Area.ORGANISATIONS, _l("Entered a partner")
    REGISTRATION_ENDED = "registration_ended", Area.ORGANISATIONS, _l("Took an organisation off the register")
    REGISTRATION_ENTERED = "registration_entered", Area.ORGANISATIONS, _l("Entered an organisation in the register")
    REGISTRATION_RENEWED = "registration_renewed", Area.ORGANISATIONS, _l("Renewed an entry in the register")
    ORGANISATION_CREATED = "organisation_created", Area.ORGANISATIONS, _l("Entered an organisation")
    ORGANISATION_EDITED = "organisation_edited", Area.ORGANISATIONS, _l("Changed an organisation")

    SALE_DAY_APPROVED = "sale_day_approved", Area.ORGANISATIONS, _l("Approved a sale day")
    SALE_DAY_CALLED_OFF = "sale_day_called_off", Area.ORGANISATIONS, _l("Called off a sale day")
    SALE_DAY_DECLINED = "sale_day_declined", Area.ORGANISATIONS, _l("Declined a sale day")
    SALE_DAY_PUBLISHED = "sale_day_published", Area.ORGANISATIONS, _l("Published what a sale day came to")
    SALE_DAY_REQUESTED = "sale_day_requested", Area.ORGANISATIONS, _l("Asked for a sale day")
    SALE_DAY_UNDONE = "sale_day_undone", Area.ORGANISATIONS, _l("Took back a decision on a sale day")

    ROLE_ENDED = "role_ended", Area.ROLES, _l("Ended a role")
    ROLE_GRANTED = "role_granted", Area.ROLES, _l("Gave a role")

    HOURS_EXCEPTION_ADDED = "hours_exception_added", Area.ROOMS, _l("Set other hours for a day")
    HOURS_EXCEPTION_REMOVED = "hours_exception_removed", Area.ROOMS, _l("Took back other hours of a day")
    ROOM_DIVIDED = "room_divided", Area.ROOMS, _l("Divided a room")
    ROOM_EQUIPPED = "room_equipped", Area.ROOMS, _l("Changed a room's equipment and access")
    ROOM_FACTS_CHANGED = "room_facts_changed", Area.ROOMS, _l("Changed a room")
    ROOM_HOURS_SET = "room_hours_set", Area.ROOMS, _l("Changed a room's hours")
    ROOM_JOINED = "room_joined", Area.ROOMS, _l("Made one room of its parts")
    ROOM_OPENED = "room_opened", Area.ROOMS, _l("Entered a room")
    ROOM_RETIRED = "room_retired", Area.ROOMS, _l("Retired a room")
    ROOM_UNRETIRED = "room_unretired", Area.ROOMS, _l("Put a room back into use")
    ROOM_WINDOWS_SET = "room_windows_set", Area.ROOMS, _l("Changed a room's fixed windows")

    PEOPLE_GROUP_JOINED = "people_group_joined", Area.RULES, _l("Added somebody to a group")
    PEOPLE_GROUP_LEFT = "people_group_left", Area.RULES, _l("Took somebody from a group")
    ROOM_AUDIENCE_SET = "room_audience_set", Area.RULES, _l("Changed for whom a room is")
    ROOM_PURPOSES_SET = "room_purposes_set", Area.RULES, _l("Changed the kinds of use of a room")
    ROOM_RULES_CHANGED = "room_rules_changed", Area.RULES, _l("Changed a room's booking rules")
    RULE_REMOVED = "rule_removed", Area.RULES, _l("Removed a rule")
    RULE_SET = "rule_set", Area.RULES, _l("Set a rule")

    ACTIVITY_KIND_CHANGED = "activity_kind_changed", Area.SETTINGS, _l("Changed the kinds of activities")
    CALENDAR_DAY_CLEARED = "calendar_day_cleared", Area.SETTINGS, _l("Took back what was said of a day")
    CALENDAR_DAY_SET = "calendar_day_set", Area.SETTINGS, _l("Said what a day is")
    CENTRE_FACTS_CHANGED = "centre_facts_changed", Area.SETTINGS, _l("Changed the centre's settings")
    INCUBATOR_RULES_CHANGED = "incubator_rules_changed", Area.SETTINGS, _l("Changed the days of the incubator")
    OUTGOING_ADDRESS_CHANGED = "outgoing_address_changed", Area.SETTINGS, _l("Changed how messages go out")
    OWN_WORDS_CHANGED = "own_words_changed", Area.SETTINGS, _l("Changed the words of a message")
    PRESENCE_SETTINGS_CHANGED = "presence_settings_changed", Area.SETTINGS, _l("Changed the rules for missed visits")
    YEARLY_TARGET_SET = "yearly_target_set", Area.SETTINGS, _l("Set what troupes are to have done in a year")
