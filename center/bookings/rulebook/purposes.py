"""The kinds of use that people choose from when they book a room."""

from center.bookings.rulebook.quota_facts import kin
from center.bookings.rulebook.rule_facts import load_purposes, purpose_in
from center.kernel.i18n import gettext as _
from center.kernel.i18n import in_language
from center.rooms.models import Room
from center.rooms.rule_models import PurposeRule


def kinds_of_use(room: Room) -> list[tuple[int, str]]:
    """What can be chosen for this room, in order, each saying what becomes of it here; none where there is no list."""
    purposes, own = load_purposes(sorted(kin(room)))
    offered = []
    for purpose in purposes:
        if not purpose.is_retired:
            name, rule = in_language(purpose.name, purpose.name_en), purpose_in(room, purpose, own).rule
            offered.append((purpose.id, _with_rule(name, rule)))
    return offered


def _with_rule(name: str, rule: PurposeRule) -> str:
    if rule is PurposeRule.NOT_ALLOWED:
        return _("%(purpose)s (not allowed in this room)", purpose=name)
    if rule is PurposeRule.APPROVAL:
        return _("%(purpose)s (the desk must approve)", purpose=name)
    return name
