"""What staff can do beside bookings, by what it is about: the names under which the audit trail keeps it."""

import enum


class Area(enum.StrEnum):
    """What a change by staff is about."""

    ACCOUNTS = "accounts"
    CLOSURES = "closures"
    ORGANISATIONS = "organisations"
    ROLES = "roles"
    ROOMS = "rooms"
    RULES = "rules"
    SETTINGS = "settings"


class Act(enum.StrEnum):
    """What staff did, and what it is about."""

    area: Area

    def __new__(cls, name: str, area: Area) -> "Act":
        """An act is known by its name; its area goes along."""
        act = str.__new__(cls, name)
        act._value_, act.area = name, area
        return act

    ACCOUNT_CLOSED = "account_closed", Area.ACCOUNTS
    ACCOUNT_CONFIRMED = "account_confirmed", Area.ACCOUNTS
    ACCOUNT_MATCHED = "account_matched", Area.ACCOUNTS
    ACCOUNT_OPENED = "account_opened", Area.ACCOUNTS
    ACCOUNT_OPENED_AGAIN = "account_opened_again", Area.ACCOUNTS
    ACCOUNT_REFUSED = "account_refused", Area.ACCOUNTS
    BOOKING_LIMITED = "booking_limited", Area.ACCOUNTS
    BOOKING_LIMIT_DISMISSED = "booking_limit_dismissed", Area.ACCOUNTS
    BOOKING_LIMIT_LIFTED = "booking_limit_lifted", Area.ACCOUNTS
    CLAIM_CODE_ISSUED = "claim_code_issued", Area.ACCOUNTS
    CLAIM_CODE_USED = "claim_code_used", Area.ACCOUNTS
    CONSENT_CHANGED = "consent_changed", Area.ACCOUNTS
    CONTACT_CHANGED = "contact_changed", Area.ACCOUNTS
    CORRECTION_MADE = "correction_made", Area.ACCOUNTS
    CORRECTION_REFUSED = "correction_refused", Area.ACCOUNTS
    DATA_ASKED = "data_asked", Area.ACCOUNTS
    DELEGATION_GRANTED = "delegation_granted", Area.ACCOUNTS
    DELEGATION_REVOKED = "delegation_revoked", Area.ACCOUNTS
    DOOR_LEFT_OPEN = "door_left_open", Area.ACCOUNTS
    DOOR_UNTRUE = "door_untrue", Area.ACCOUNTS
    DOOR_VERIFIED = "door_verified", Area.ACCOUNTS
    ERASURE_REFUSED = "erasure_refused", Area.ACCOUNTS
    GUARDIAN_ENDED = "guardian_ended", Area.ACCOUNTS
    GUARDIAN_NAMED = "guardian_named", Area.ACCOUNTS
    MATCH_UNDONE = "match_undone", Area.ACCOUNTS
    PASSKEY_ADDED = "passkey_added", Area.ACCOUNTS
    PASSKEY_REMOVED = "passkey_removed", Area.ACCOUNTS
    PERSON_ADDED = "person_added", Area.ACCOUNTS
    PERSON_EDITED = "person_edited", Area.ACCOUNTS
    PERSON_ERASED = "person_erased", Area.ACCOUNTS
    PHONE_SHOWN = "phone_shown", Area.ACCOUNTS
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed", Area.ACCOUNTS
    RECOVERY_CODE_USED = "recovery_code_used", Area.ACCOUNTS
    SECOND_FACTOR_RESET = "second_factor_reset", Area.ACCOUNTS
    SECOND_FACTOR_SET_UP = "second_factor_set_up", Area.ACCOUNTS

    CLOSURE_CHANGED = "closure_changed", Area.CLOSURES
    CLOSURE_LIFTED = "closure_lifted", Area.CLOSURES
    ROOM_CLOSED = "room_closed", Area.CLOSURES

    MEMBER_ADDED = "member_added", Area.ORGANISATIONS
    MEMBER_ENDED = "member_ended", Area.ORGANISATIONS
    ORGANISATION_CREATED = "organisation_created", Area.ORGANISATIONS
    ORGANISATION_EDITED = "organisation_edited", Area.ORGANISATIONS

    ROLE_ENDED = "role_ended", Area.ROLES
    ROLE_GRANTED = "role_granted", Area.ROLES

    HOURS_EXCEPTION_ADDED = "hours_exception_added", Area.ROOMS
    HOURS_EXCEPTION_REMOVED = "hours_exception_removed", Area.ROOMS
    ROOM_DIVIDED = "room_divided", Area.ROOMS
    ROOM_EQUIPPED = "room_equipped", Area.ROOMS
    ROOM_FACTS_CHANGED = "room_facts_changed", Area.ROOMS
    ROOM_HOURS_SET = "room_hours_set", Area.ROOMS
    ROOM_JOINED = "room_joined", Area.ROOMS
    ROOM_OPENED = "room_opened", Area.ROOMS
    ROOM_RETIRED = "room_retired", Area.ROOMS
    ROOM_UNRETIRED = "room_unretired", Area.ROOMS
    ROOM_WINDOWS_SET = "room_windows_set", Area.ROOMS

    PEOPLE_GROUP_JOINED = "people_group_joined", Area.RULES
    PEOPLE_GROUP_LEFT = "people_group_left", Area.RULES
    ROOM_AUDIENCE_SET = "room_audience_set", Area.RULES
    ROOM_PURPOSES_SET = "room_purposes_set", Area.RULES
    ROOM_RULES_CHANGED = "room_rules_changed", Area.RULES
    RULE_REMOVED = "rule_removed", Area.RULES
    RULE_SET = "rule_set", Area.RULES

    ACTIVITY_KIND_CHANGED = "activity_kind_changed", Area.SETTINGS
    CALENDAR_DAY_CLEARED = "calendar_day_cleared", Area.SETTINGS
    CALENDAR_DAY_SET = "calendar_day_set", Area.SETTINGS
    CENTRE_FACTS_CHANGED = "centre_facts_changed", Area.SETTINGS
    OUTGOING_ADDRESS_CHANGED = "outgoing_address_changed", Area.SETTINGS
    OWN_WORDS_CHANGED = "own_words_changed", Area.SETTINGS
    PRESENCE_SETTINGS_CHANGED = "presence_settings_changed", Area.SETTINGS
