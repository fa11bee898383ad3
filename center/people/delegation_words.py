"""What the scopes of a permission to act, and the ways of agreeing to one, are called."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Consent, DelegationScope

SCOPES = {
    DelegationScope.EVERYTHING: _l("May do everything for them"),
    DelegationScope.SIGN_UPS: _l("May sign them up for activities, cancel, and answer offers"),
}
CONSENTS = {
    Consent.AT_THE_DESK: _l("They said so at the desk"),
    Consent.AT_THEIR_DOOR: _l("They said so at their door"),
    Consent.BY_PHONE: _l("They said so on the phone"),
    Consent.IN_WRITING: _l("They gave it in writing"),
    Consent.OWN_ACCOUNT: _l("They did it themselves in their account"),
}
# The same, said to the person whose permission it is.
OWN_SCOPES = {
    DelegationScope.EVERYTHING: _l("May do everything for me"),
    DelegationScope.SIGN_UPS: _l("May sign me up for activities, cancel, and answer offers"),
}
OWN_CONSENTS = {
    Consent.AT_THE_DESK: _l("I said so at the desk"),
    Consent.AT_THEIR_DOOR: _l("I said so at my door"),
    Consent.BY_PHONE: _l("I said so on the phone"),
    Consent.IN_WRITING: _l("I gave it in writing"),
    Consent.OWN_ACCOUNT: _l("I did it in my account"),
}
