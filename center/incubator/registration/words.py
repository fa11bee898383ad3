"""What the states of the register are called."""

from center.incubator.registration.rules import Quarter, Standing
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

STANDING_NAMES = {
    Standing.ENDED: _l("Taken off the register"),
    Standing.LAPSED: _l("Lapsed"),
    Standing.RENEW: _l("To be renewed"),
    Standing.VALID: _l("Valid"),
}
STANDING_TONES = {
    Standing.ENDED: "quiet",
    Standing.LAPSED: "stop",
    Standing.RENEW: "wait",
    Standing.VALID: "ok",
}


def quarter_name(quarter: Quarter) -> str:
    """A quarter as it is said."""
    return _("Quarter %(number)d of %(year)d", number=quarter.number, year=quarter.year)
