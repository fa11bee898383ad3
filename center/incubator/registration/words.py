"""What the states of the register are called."""

from center.incubator.registration.rules import Quarter, Validity
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l

STANDING_NAMES = {
    Validity.ENDED: _l("Taken off the register"),
    Validity.LAPSED: _l("Lapsed"),
    Validity.RENEW: _l("To be renewed"),
    Validity.VALID: _l("Valid"),
}
STANDING_TONES = {
    Validity.ENDED: "quiet",
    Validity.LAPSED: "stop",
    Validity.RENEW: "wait",
    Validity.VALID: "ok",
}


def quarter_name(quarter: Quarter) -> str:
    """A quarter as it is said."""
    return _("Quarter %(number)d of %(year)d", number=quarter.number, year=quarter.year)
