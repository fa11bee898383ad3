"""What the audit trail calls what staff did, and each thing they changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from center.activities.models import ActivityChange
from center.afterschool.words import CHECK_KINDS, DUTY_ROLES, HALVES, TERM_MODES, TERM_STATES
from center.allocation.words import CRITERIA
from center.allocation.words import STATES as ROUND_STATES
from center.audit.field_words import FIELDS
from center.incubator.agreements.words import SEAT_KINDS
from center.incubator.partners.words import KIND_NAMES as PARTNER_KINDS
from center.incubator.stages.words import OVER_HOURS
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

AREAS: dict[Area, Any] = {
    Area.ACCOUNTS: _l("Accounts and people"),
    Area.AFTER_SCHOOL: _l("After-school programme"),
    Area.ALLOCATION: _l("Room times of the terms"),
    Area.CLOSURES: _l("Closures"),
    Area.DEVICES: _l("Devices"),
    Area.FEEDBACK: _l("Feedback and complaints"),
    Area.INCUBATOR: _l("Incubator"),
    Area.ORGANISATIONS: _l("Organisations"),
    Area.ROLES: _l("Roles"),
    Area.ROOMS: _l("Rooms"),
    Area.RULES: _l("Rules"),
    Area.SETTINGS: _l("Settings"),
}

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
CHOICES: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("calendar_days", "counts_as"): dict(enumerate(WEEKDAYS)),
    ("school_hours", "weekday"): dict(enumerate(WEEKDAYS)),
    ("term_days", "counts_as"): dict(enumerate(WEEKDAYS)),
    ("terms", "mode"): TERM_MODES,
    ("terms", "state"): TERM_STATES,
    ("calendar_days", "kind"): KINDS_OF_DAYS,
    ("partners", "kind"): PARTNER_KINDS,
    ("sale_days", "state"): DAY_STATES,
    ("incubator_rules", "over_hours"): OVER_HOURS,
    ("incubator_seats", "kind"): SEAT_KINDS,
    ("yearly_targets", "counted"): COUNTED_NAMES,
    ("allocation_rounds", "state"): {key: words for key, (words, _tone) in ROUND_STATES.items()},
    ("round_criteria", "criterion"): {key: words for key, (words, _hint) in CRITERIA.items()},
    ("weekly_times", "weekday"): dict(enumerate(WEEKDAYS)),
    ("care_duties", "half"): HALVES,
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
