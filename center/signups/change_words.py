"""What the changes of a sign-up are called, for whoever reads what was done for them."""

from center.kernel.i18n import lazy_gettext as _l
from center.signups.models.history import SignUpChange

CHANGE_NAMES = {
    SignUpChange.APPROVED: _l("Given a place"),
    SignUpChange.CANCELLED: _l("Cancelled"),
    SignUpChange.CONFIRMED: _l("Signed up"),
    SignUpChange.DECISION_UNDONE: _l("Decision taken back"),
    SignUpChange.DECLINED: _l("Declined"),
    SignUpChange.DRAWN: _l("Drawn by lot"),
    SignUpChange.EDITED: _l("Changed"),
    SignUpChange.OFFER_ACCEPTED: _l("Took the offered place"),
    SignUpChange.OFFER_EXPIRED: _l("Ran out unanswered"),
    SignUpChange.OFFER_TURNED_DOWN: _l("Did without the offered place"),
    SignUpChange.OFFERED: _l("Offered a place"),
    SignUpChange.PROMOTED: _l("Moved up from the waiting list"),
    SignUpChange.QUEUED: _l("Put on the waiting list"),
    SignUpChange.REQUESTED: _l("Asked for a place"),
    SignUpChange.SESSION_CANCELLED: _l("Called off"),
    SignUpChange.TRANSFERRED: _l("Handed on"),
}
