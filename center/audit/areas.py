"""What the audit trail calls the areas of what staff did."""

from typing import Any

from center.kernel.acts import Area
from center.kernel.i18n import lazy_gettext as _l

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
