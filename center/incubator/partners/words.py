"""What partners and periods are called."""

from center.incubator.models.partners import PartnerKind
from center.incubator.partners.rules import Period
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

KIND_NAMES = {
    PartnerKind.UNIT: _l("Member units"),
    PartnerKind.TEAM: _l("Teams of departments"),
}
ONE_OF = {
    PartnerKind.UNIT: _l("Member unit"),
    PartnerKind.TEAM: _l("Team of a department"),
}


def period_name(period: Period) -> str:
    """A period as it is said."""
    if period.half == 1:
        return _("First half of %(year)d", year=period.year)
    if period.half == 2:
        return _("Second half of %(year)d", year=period.year)
    return _("Year %(year)d", year=period.year)
