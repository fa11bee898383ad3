"""What the audit trail calls what staff did, and each thing they changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.activities.models import ActivityChange
from center.afterschool.words import CHECK_KINDS, DUTY_ROLES, TERM_MODES, TERM_STATES
from center.allocation.words import CRITERIA
from center.allocation.words import STATES as ROUND_STATES
from center.incubator.agreements.words import SEAT_KINDS
from center.incubator.partners.words import KIND_NAMES as PARTNER_KINDS
from center.kernel.acts import Act, Area
from center.kernel.i18n import LANGUAGE_NAMES, format_moment, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.notices.examples import said_with_labels
from center.notices.kinds import title_of
from center.organisations.words import KIND_NAMES, LEGAL_FORM_NAMES, MEMBER_ROLE_NAMES, ORIGIN_NAMES, STAGE_NAMES
from center.people.rules import ROLE_NAMES
from center.premises.words import KINDS_OF_DAYS
from center.rooms.labels import APPROVAL, FEATURES, NOISE, PERIODS, PURPOSE_RULES, WEEKDAYS, WHOSE
from center.rooms.rule_models import weekday_set
from center.troupes.works.words import DAY_STATES
from center.troupes.yearly.words import COUNTED_NAMES

ACTS: Mapping[str, Any] = {act: act.words for act in Act}
ACTIVITIES: dict[ActivityChange, Any] = {
    ActivityChange.CANCELLED: _l("Called off"),
    ActivityChange.CREATED: _l("Written"),
    ActivityChange.DECISION_UNDONE: _l("Decision taken back"),
    ActivityChange.EDITED: _l("Changed"),
    ActivityChange.HELD: _l("Took place"),
    ActivityChange.PUBLISHED: _l("Published"),
    ActivityChange.RETURNED: _l("Sent back"),
    ActivityChange.SESSION_ADDED: _l("Date added"),
    ActivityChange.SESSION_CANCELLED: _l("Date called off"),
    ActivityChange.SESSION_HELD: _l("Date took place"),
    ActivityChange.SESSION_MOVED: _l("Date moved"),
    ActivityChange.SUBMITTED: _l("Sent in for review"),
    ActivityChange.WITHDRAWN: _l("Taken back"),
}
FIELDS: dict[str, Any] = {
    "activity_id": _l("Activity"),
    "closes_at": _l("Wishes until"),
    "criterion": _l("Criterion"),
    "minutes": _l("For how many minutes"),
    "opens_at": _l("Wishes from"),
    "published_at": _l("Published"),
    "starts": _l("From"),
    "weight": _l("Weight"),
    "alarm_minutes": _l("After how many minutes a missing child is an alarm"),
    "alone_age": _l("From which age a child may go home alone"),
    "calendar_says": _l("By the calendar"),
    "children_per_adult": _l("At most how many children for each adult"),
    "closed_at": _l("Closed"),
    "closed_by_id": _l("Closed by"),
    "counts_as": _l("Counts as"),
    "cut_off": _l("Until when families change a day themselves"),
    "days": _l("How many days"),
    "ended_on": _l("Ended on"),
    "founders": _l("Founders"),
    "members": _l("Members"),
    "number": _l("Number"),
    "offers": _l("What it offers"),
    "offers_en": _l("What it offers, in English"),
    "premises": _l("Where it meets"),
    "why": _l("Reason"),
    "is_listed": _l("Named on public pages"),
    "finishes": _l("School ends at"),
    "first_on": _l("First day"),
    "guards": _l("Guards"),
    "last_on": _l("Last day"),
    "lunch_from": _l("Lunch from"),
    "lunch_until": _l("Lunch until"),
    "mode": _l("Kind"),
    "needs_first_aid": _l("Whoever is responsible or teaches needs a first aid course"),
    "opened_at": _l("List opened"),
    "opened_by_id": _l("List opened by"),
    "phone": _l("Phone"),
    "responsible": _l("Of those responsible"),
    "school_id": _l("School"),
    "session_id": _l("Date"),
    "sibling_age": _l("From which age a brother or sister may take a child home"),
    "state": _l("State"),
    "teachers": _l("Class teachers"),
    "term_id": _l("Term"),
    "volunteers": _l("Volunteers"),
    "way_minutes": _l("Minutes from school to the centre"),
    "access_note": _l("What the room lacks, and what helps"),
    "access_note_en": _l("What the room lacks, in English"),
    "companion_places": _l("Companion places"),
    "about": _l("About it"),
    "about_en": _l("About it in English"),
    "address": _l("Address"),
    "address_en": _l("Address in English"),
    "approval": _l("Does the desk approve bookings?"),
    "approval_from_people": _l("Approval from how many people on"),
    "body": _l("Text"),
    "buffer_minutes": _l("Time for clearing up after each use, in minutes"),
    "cancel_minutes": _l("Until how long before its start a booking can be cancelled, in minutes"),
    "capacity": _l("How many people it holds"),
    "class_id": _l("Class"),
    "closes": _l("Closes"),
    "code": _l("Code"),
    "confirm_days": _l("Within how many days the desk confirms a new account"),
    "confirmed_at": _l("Confirmed"),
    "contact": _l("Contact"),
    "decided_at": _l("Decided"),
    "decided_by_id": _l("Decided by"),
    "desk_hours": _l("Hours of the front desk"),
    "desk_hours_en": _l("Hours of the front desk in English"),
    "desk_phone": _l("Phone of the front desk"),
    "disabled_at": _l("Closed"),
    "disabled_reason": _l("Why it was closed"),
    "ends_at": _l("Until"),
    "ends_on": _l("Last day"),
    "exception_id": _l("Day"),
    "expire_minutes": _l("How long before its start a request that nobody decided is over, in minutes"),
    "feature": _l("Access"),
    "floor": _l("Floor"),
    "granted_at": _l("Given"),
    "granted_by_id": _l("Given by"),
    "grid_id": _l("Grid"),
    "group_id": _l("Group"),
    "holiday_country": _l("Country or region whose public holidays count"),
    "horizon_days": _l("How many days ahead residents can book"),
    "is_confidential": _l("What happens here is confidential"),
    "is_on": _l("In use"),
    "is_owner": _l("Owns the list of the day"),
    "is_retired": _l("No longer offered"),
    "kind": _l("Kind"),
    "language": _l("Language"),
    "language_list": _l("Languages"),
    "legal_form": _l("Legal form"),
    "lift_reason": _l("Why it was lifted"),
    "lifted_at": _l("Lifted"),
    "lifted_by_id": _l("Lifted by"),
    "limit_days": _l("For how many days booking is limited"),
    "live_limit": _l("Most bookings of a resident at a time"),
    "made_on": _l("Made on"),
    "max_minutes": _l("Longest booking of a resident, in minutes"),
    "min_minutes": _l("Shortest booking, in minutes"),
    "min_people": _l("Fewest people"),
    "submitted_days": _l("Working days: sent in"),
    "returned_days": _l("Working days: to be completed"),
    "screening_days": _l("Working days: first check"),
    "review_days": _l("Working days: review"),
    "published_days": _l("Working days: made known"),
    "signing_days": _l("Working days: agreement"),
    "mid_review_days": _l("Working days: mid-term review"),
    "report_days": _l("Working days: report for the mid-term review"),
    "withdrawing_days": _l("Working days: hand-over on leaving"),
    "reconsidered_days": _l("Working days: another look"),
    "over_hours": _l("Rooms beyond the agreed hours"),
    "missed_visits": _l("How many missed visits propose a limit"),
    "most_bookings": _l("Most bookings"),
    "most_minutes": _l("Most minutes"),
    "name": _l("Name"),
    "name_en": _l("Name in English"),
    "noise": _l("Noise"),
    "notice": _l("What to know when using it"),
    "notice_en": _l("What to know when using it, in English"),
    "notice_minutes": _l("How long before its start a booking must be made, in minutes"),
    "offer_minutes": _l("How long an offered time is held, in minutes"),
    "on_date": _l("Date"),
    "opens": _l("Opens"),
    "org_horizon_days": _l("How many days ahead organisations can book"),
    "org_live_limit": _l("Most bookings of an organisation at a time"),
    "org_max_minutes": _l("Longest booking of an organisation, in minutes"),
    "org_series_limit": _l("Most series of an organisation at a time"),
    "organisation_id": _l("Organisation"),
    "organisations_may_book": _l("Organisations may book it"),
    "origin": _l("Origin"),
    "parent_id": _l("Part of"),
    "per": _l("In"),
    "person_id": _l("Person"),
    "position": _l("Place in lists"),
    "provisional_bookings": _l("New accounts may book before the desk has confirmed them"),
    "keep_signed_in": _l("Residents may stay signed in for 30 days on their own phone"),
    "publishes_directly": _l("It publishes activities without review"),
    "counted": _l("What is counted"),
    "least": _l("At least"),
    "source": _l("Which rule says so"),
    "purpose": _l("What for"),
    "purpose_id": _l("Kind of use"),
    "reason": _l("Reason"),
    "reason_en": _l("Reason in English"),
    "release_days": _l("Given free how many days before"),
    "release_minutes": _l(
        "How long after its start a room that nobody has claimed at the desk is given to others, in minutes"
    ),
    "residents_may_book": _l("Residents may book it"),
    "role": _l("Role"),
    "room_group_id": _l("Group of rooms"),
    "room_id": _l("Room"),
    "rooms": _l("Rooms"),
    "rule": _l("Rule"),
    "series_weeks": _l("Longest series, in weeks"),
    "set_up_minutes": _l("Further time for clearing up where a booking wants the room set up, in minutes"),
    "slug": _l("Address"),
    "stage": _l("Stage in the incubator"),
    "starts_at": _l("From"),
    "starts_on": _l("First day"),
    "step_minutes": _l("Bookings start every … minutes"),
    "subject": _l("Subject"),
    "revoked_at": _l("Taken back"),
    "revoked_by_id": _l("Taken back by"),
    "url": _l("Where it goes"),
    "valid_until": _l("Valid until"),
    "weekday": _l("Day of the week"),
    "weekdays": _l("Days of the week"),
    "welcome": _l("Welcome on the home page"),
    "welcome_en": _l("Welcome in English"),
    "wheelchair_places": _l("Wheelchair places"),
    "whose": _l("Whose use is added up"),
    "wish_limit": _l("Most times a person waits for"),
    "within_days": _l("Within how many days"),
    "zone_name": _l("Time zone"),
}
CHOICES: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("calendar_days", "counts_as"): dict(enumerate(WEEKDAYS)),
    ("school_hours", "weekday"): dict(enumerate(WEEKDAYS)),
    ("term_days", "counts_as"): dict(enumerate(WEEKDAYS)),
    ("terms", "mode"): TERM_MODES,
    ("terms", "state"): TERM_STATES,
    ("calendar_days", "kind"): KINDS_OF_DAYS,
    ("partners", "kind"): PARTNER_KINDS,
    ("sale_days", "state"): DAY_STATES,
    ("incubator_seats", "kind"): SEAT_KINDS,
    ("yearly_targets", "counted"): COUNTED_NAMES,
    ("allocation_rounds", "state"): {key: words for key, (words, _tone) in ROUND_STATES.items()},
    ("round_criteria", "criterion"): {key: words for key, (words, _hint) in CRITERIA.items()},
    ("weekly_times", "weekday"): dict(enumerate(WEEKDAYS)),
    ("care_duties", "role"): DUTY_ROLES,
    ("memberships", "role"): MEMBER_ROLE_NAMES,
    ("opening_hours", "weekday"): dict(enumerate(WEEKDAYS)),
    ("organisations", "kind"): KIND_NAMES,
    ("organisations", "legal_form"): LEGAL_FORM_NAMES,
    ("organisations", "origin"): ORIGIN_NAMES,
    ("organisations", "stage"): STAGE_NAMES,
    ("outgoing_addresses", "purpose"): {"email": _l("E-mail to people"), "group": _l("Chat group of the staff")},
    ("own_words", "language"): LANGUAGE_NAMES,
    ("purposes", "rule"): PURPOSE_RULES,
    ("quotas", "per"): PERIODS,
    ("quotas", "whose"): WHOSE,
    ("role_grants", "role"): ROLE_NAMES,
    ("room_features", "feature"): {key: words for key, (words, _icon) in FEATURES.items()},
    ("room_purposes", "rule"): PURPOSE_RULES,
    ("rooms", "approval"): APPROVAL,
    ("staff_checks", "kind"): CHECK_KINDS,
    ("rooms", "noise"): {key: words for key, (words, _icon) in NOISE.items()},
}


def subject_of(event: Any) -> str:
    """What a change was about, as it was called then."""
    if event.area == Area.ROLES:
        return str(CHOICES["role_grants", "role"].get(event.subject, event.subject))
    if event.act == Act.OWN_WORDS_CHANGED:
        code, _dot, tongue = event.subject.partition(" · ")
        return " · ".join(filter(None, (str(title_of(code)), LANGUAGE_NAMES.get(tongue, tongue))))
    if event.area == Area.CLOSURES and not event.subject:
        return _("The whole centre")
    return in_language(event.subject, event.subject_en)


def changes_of(event: Any, names: Mapping[int, str]) -> list[str]:
    """What was changed, a line each: "Places: 30 → 25". `names` are the people's who are in it, by number."""
    lines = []
    for change in event.changes:
        parts = [_line(change, name, was, now_is, names) for name, (was, now_is) in change["fields"].items()]
        if change["how"] == "changed":
            lines += parts
        else:
            sign = "+ " if change["how"] == "added" else "− "
            lines.append(sign + " · ".join(parts))
    return lines


def _line(change: Mapping[str, Any], name: str, was: Any, now_is: Any, names: Mapping[int, str]) -> str:
    label = str(FIELDS.get(name, name))
    before, after = (_value(change["of"], name, value, names) for value in (was, now_is))
    if change["how"] == "added":
        return _("%(what)s: %(value)s", what=label, value=after)
    if change["how"] == "removed":
        return _("%(what)s: %(value)s", what=label, value=before)
    return _("%(what)s: %(was)s → %(now_is)s", what=label, was=before, now_is=after)


def _value(table: str, name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, dict):
        return names.get(value["person"], _("somebody"))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "、".join(map(str, value))
    if table == "own_words" and name in {"kind", "subject", "body"}:
        return str(title_of(value)) if name == "kind" else said_with_labels(value)
    if name == "weekdays":
        return "、".join(str(WEEKDAYS[day]) for day in sorted(weekday_set(value)))
    if name.endswith("_at"):
        return format_moment(datetime.fromisoformat(value))
    return str(CHOICES.get((table, name), {}).get(value, value))
